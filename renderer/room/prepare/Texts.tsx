/** The texts under discussion, with their versions. */
import { useState } from 'react';
import { useText } from '../../app/i18n.tsx';
import { toastError } from '../../app/toasts.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/TextField.tsx';
import type { SessionData } from '../session-data.ts';
import { DocumentChoice } from './DocumentChoice.tsx';

export function Texts({ data }: { readonly data: SessionData }) {
  const { t } = useText();
  const { texts, heads } = data.view.head;
  const headsOf = (document: string) => heads[`text:${document}`] ?? [];
  return (
    <section>
      <h2>{t('room.prepare.texts')}</h2>
      {texts.length === 0 ? <p className="room-quiet">{t('room.prepare.texts.none')}</p> : null}
      {texts.map(({ document, title, version, order, missing }) => (
        <div key={document} className="room-text-row">
          <b dir="auto">{title}</b>
          {missing ? <span data-tone="warn">{t('room.prepare.texts.missing')}</span> : null}
          <Version
            value={version}
            onKeep={(next) =>
              void data
                .change({ op: 'setText', document, text: { title, version: next, order }, heads: headsOf(document) })
                .catch(toastError)
            }
          />
          <Button
            size="small"
            variant="quiet"
            aria-label={t('room.prepare.texts.remove', { title })}
            onPress={() =>
              void data.change({ op: 'setText', document, text: null, heads: headsOf(document) }).catch(toastError)
            }
          >
            ×
          </Button>
        </div>
      ))}
      <DocumentChoice
        label={t('room.prepare.texts.add')}
        onChoose={({ id, title }) =>
          void data
            .change({
              op: 'setText',
              document: id,
              text: { title, version: '', order: texts.length },
              heads: headsOf(id),
            })
            .catch(toastError)
        }
      />
    </section>
  );
}

function Version({ value, onKeep }: { readonly value: string; readonly onKeep: (value: string) => void }) {
  const { t } = useText();
  const [typed, setTyped] = useState(value);
  return (
    <TextField
      label={t('room.prepare.texts.version')}
      value={typed}
      onChange={setTyped}
      onBlur={() => (typed === value ? undefined : onKeep(typed))}
    />
  );
}
