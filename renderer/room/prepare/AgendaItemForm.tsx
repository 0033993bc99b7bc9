/** Number, title and text of an agenda item, in the row where it stands. */
import { useState } from 'react';
import type { AgendaItemView, SessionHead } from '../../../shared/contract/room/session.ts';
import type { DocumentId } from '../../../shared/ids.ts';
import { useText } from '../../app/i18n.tsx';
import { Button } from '../../ui/Button.tsx';
import { Select } from '../../ui/Select.tsx';
import { TextField } from '../../ui/TextField.tsx';

export type ItemFields = Pick<AgendaItemView, 'number' | 'title' | 'document'>;

export function AgendaItemForm({
  item,
  texts,
  onKeep,
  onClose,
}: {
  /** Null for one that is made. */
  readonly item: AgendaItemView | null;
  /** The session's texts, of which one may belong to the item. */
  readonly texts: SessionHead['texts'];
  readonly onKeep: (fields: ItemFields) => void;
  readonly onClose: () => void;
}) {
  const { t } = useText();
  const [number, setNumber] = useState(item?.number ?? '');
  const [title, setTitle] = useState(item?.title ?? '');
  const [document, setDocument] = useState<DocumentId | null>(item?.document ?? null);
  const isEmpty = number.trim() === '' && title.trim() === '';
  return (
    <form
      className="room-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isEmpty) onKeep({ number: number.trim(), title: title.trim(), document });
      }}
      onKeyDownCapture={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
    >
      <TextField label={t('room.prepare.agenda.number')} value={number} onChange={setNumber} autoFocus />
      <TextField label={t('room.prepare.agenda.title')} value={title} onChange={setTitle} />
      {texts.length > 0 ? (
        <Select
          label={t('room.prepare.agenda.text')}
          value={document ?? 'none'}
          onChange={(chosen) => setDocument(chosen === 'none' ? null : (chosen as DocumentId))}
          options={[
            { id: 'none', label: t('room.prepare.agenda.text.none') },
            ...texts.map((text) => ({ id: text.document as string, label: text.title })),
          ]}
        />
      ) : null}
      <div className="room-buttons">
        <Button type="submit" size="small" variant="primary" isDisabled={isEmpty}>
          {t('room.prepare.keep')}
        </Button>
        <Button size="small" variant="quiet" onPress={onClose}>
          {t('app.cancel')}
        </Button>
      </div>
    </form>
  );
}
