/** The agenda, also while the session runs: what was said under an item stays under it, whatever becomes of the item. */
import { useState } from 'react';
import type { AgendaItemView, SessionView } from '../../../shared/contract/room/session.ts';
import type { RoomChange } from '../../../shared/contract/room/changes.ts';
import type { DocumentId, RecordId } from '../../../shared/ids.ts';
import { useClient } from '../../app/client.ts';
import { useText } from '../../app/i18n.tsx';
import { toastError } from '../../app/toasts.ts';
import { Button } from '../../ui/Button.tsx';
import { MoreMenu, type MenuAction } from '../../ui/Menu.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useDone } from '../done.ts';
import type { SessionData } from '../session-data.ts';
import { AgendaItemForm, type ItemFields } from './AgendaItemForm.tsx';
import { DocumentChoice } from './DocumentChoice.tsx';

/** Which row is worked on: an item, or the gap after it. */
interface Working {
  readonly item: RecordId;
  readonly how: 'change' | 'insert';
}

export function Agenda({ data }: { readonly data: SessionData }) {
  const { t, list } = useText();
  const done = useDone(data);
  const { agenda, formerItems } = data.view.head;
  const [working, setWorking] = useState<Working | null>(null);

  function move(item: AgendaItemView, to: number): void {
    const others = agenda.filter(({ id }) => id !== item.id);
    const from = agenda.findIndex(({ id }) => id === item.id);
    const change = (at: number, heads: AgendaItemView['heads']): RoomChange => {
      return { op: 'moveItem', item: item.id, after: others[at - 1]?.id ?? null, heads: heads['place'] ?? [] };
    };
    void done(t('room.prepare.agenda.moved', { number: item.number }), [change(to, item.heads)], (now) => {
      const moved = itemOf(now, item.id);
      return moved === undefined ? [] : [change(from, moved.heads)];
    });
  }

  function take(item: AgendaItemView): void {
    void done(
      t('room.prepare.agenda.taken', { number: item.number }),
      [{ op: 'remove', record: item.id, allHeads: item.allHeads }],
      () => [{ op: 'restore', record: item.id }],
    );
  }

  function keep(item: AgendaItemView, fields: ItemFields): void {
    setWorking(null);
    const { number, title, document } = item;
    void done(
      t('room.prepare.agenda.renamed', { number: fields.number }),
      [{ op: 'changeItem', item: item.id, fields, heads: item.heads }],
      (now) => {
        const heads = itemOf(now, item.id)?.heads;
        return heads === undefined
          ? []
          : [{ op: 'changeItem', item: item.id, fields: { number, title, document }, heads }];
      },
    );
  }

  function insert(after: AgendaItemView, { number, title }: ItemFields): void {
    setWorking(null);
    const before = new Set(data.newest().head.agenda.map(({ id }) => id));
    void done(
      t('room.prepare.agenda.inserted', { number }),
      [{ op: 'addItems', items: [{ number, title }], after: after.id }],
      (now) =>
        now.head.agenda
          .filter(({ id, ...made }) => !before.has(id) && made.number === number && made.title === title)
          .map(({ id, allHeads }) => ({ op: 'remove', record: id, allHeads })),
    );
  }

  const actionsOf = (item: AgendaItemView, index: number): readonly MenuAction[] => [
    {
      id: 'rename',
      label: t('room.prepare.agenda.rename'),
      run: () => setWorking({ item: item.id, how: 'change' }),
    },
    {
      id: 'insert',
      label: t('room.prepare.agenda.insert'),
      run: () => setWorking({ item: item.id, how: 'insert' }),
    },
    {
      id: 'up',
      label: t('room.prepare.agenda.moveUp'),
      isDisabled: index === 0,
      run: () => move(item, index - 1),
    },
    {
      id: 'down',
      label: t('room.prepare.agenda.moveDown'),
      isDisabled: index === agenda.length - 1,
      run: () => move(item, index + 1),
    },
    { id: 'take', label: t('room.prepare.agenda.take'), danger: true, separated: true, run: () => take(item) },
  ];

  return (
    <section>
      <h2>{t('room.prepare.agenda')}</h2>
      {agenda.length === 0 ? <p className="room-quiet">{t('room.prepare.agenda.none')}</p> : null}
      <ol className="room-agenda">
        {agenda.map((item, index) => (
          <li key={item.id}>
            {working?.item === item.id && working.how === 'change' ? (
              <AgendaItemForm
                item={item}
                texts={data.view.head.texts}
                onKeep={(fields) => keep(item, fields)}
                onClose={() => setWorking(null)}
              />
            ) : (
              <div className="room-agenda-row">
                <b>{item.number}</b>
                <span>
                  <bdi>{item.title}</bdi>
                </span>
                <ItemText item={item} data={data} />
                <MoreMenu
                  label={t('room.prepare.agenda.work', { number: item.number })}
                  actions={actionsOf(item, index)}
                />
              </div>
            )}
            {working?.item === item.id && working.how === 'insert' ? (
              <AgendaItemForm
                item={null}
                texts={[]}
                onKeep={(fields) => insert(item, fields)}
                onClose={() => setWorking(null)}
              />
            ) : null}
          </li>
        ))}
      </ol>
      {formerItems.length > 0 ? (
        <p className="room-quiet">
          {t('room.prepare.agenda.former', {
            items: list(formerItems.map(({ number, title }) => `${number} ${title}`.trim())),
          })}
        </p>
      ) : null}
      <Paste data={data} />
    </section>
  );
}

const itemOf = ({ head }: SessionView, id: RecordId): AgendaItemView | undefined =>
  head.agenda.find((item) => item.id === id);

function ItemText({ item, data }: { readonly item: AgendaItemView; readonly data: SessionData }) {
  if (item.document === null) return null;
  const text = data.view.head.texts.find(({ document }) => document === item.document);
  return (
    <span className="room-quiet" dir="auto">
      {text?.title ?? ''}
    </span>
  );
}

function Paste({ data }: { readonly data: SessionData }) {
  const { t } = useText();
  const client = useClient();
  const [pasted, setPasted] = useState('');
  const add = async (input: { text?: string; document?: DocumentId }): Promise<void> => {
    const { items } = await client.room.readAgenda(input);
    if (items.length === 0) return;
    await data.change({ op: 'addItems', items, after: data.newest().head.agenda.at(-1)?.id ?? null });
    setPasted('');
  };
  return (
    <>
      <TextField label={t('room.prepare.agenda.paste')} lines={4} value={pasted} onChange={setPasted} />
      <div className="room-buttons">
        <Button isDisabled={pasted.trim() === ''} onPress={() => void add({ text: pasted }).catch(toastError)}>
          {t('room.prepare.agenda.read')}
        </Button>
      </div>
      <DocumentChoice
        label={t('room.prepare.agenda.document')}
        onChoose={({ id }) => void add({ document: id }).catch(toastError)}
      />
    </>
  );
}
