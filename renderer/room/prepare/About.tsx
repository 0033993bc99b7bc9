/** What a session is called, where it is, in which time zone and language. */
import { useState } from 'react';
import type { RoomChange } from '../../../shared/contract/room/changes.ts';
import { unLanguages, type UnLanguage } from '../../../shared/i18n/messages.ts';
import { useText } from '../../app/i18n.tsx';
import { toast, toastError } from '../../app/toasts.ts';
import { Select } from '../../ui/Select.tsx';
import { TextField } from '../../ui/TextField.tsx';
import type { SessionData } from '../session-data.ts';

const aboutFields = ['title', 'body', 'place', 'chair', 'interpreters', 'timeZone'] as const;

export function About({ data }: { readonly data: SessionData }) {
  const { t } = useText();
  const { head } = data.view;
  const valueOf = (field: (typeof aboutFields)[number]): string =>
    field === 'chair' || field === 'interpreters' ? head[field] : head.summary[field];
  const [typed, setTyped] = useState<Readonly<Partial<Record<string, string>>>>({});
  const set = (fields: Extract<RoomChange, { op: 'setHeader' }>['fields']): Promise<void> =>
    data.change({
      op: 'setHeader',
      fields,
      heads: Object.fromEntries(Object.keys(fields).map((field) => [field, head.heads[field] ?? []])),
    });
  const keep = (): void => {
    if (Object.keys(typed).length === 0) return;
    set(typed).then(() => {
      setTyped({});
      toast({ text: t('room.prepare.saved') });
    }, toastError);
  };
  return (
    <section>
      <h2>{t('room.prepare.about')}</h2>
      {aboutFields.map((field) => (
        <TextField
          key={field}
          label={t(`room.field.${field}`)}
          value={typed[field] ?? valueOf(field)}
          onChange={(value) => setTyped((before) => ({ ...before, [field]: value }))}
          onBlur={keep}
          {...(field === 'timeZone' ? { hint: t('room.field.timeZone.hint') } : {})}
        />
      ))}
      <Select<UnLanguage>
        label={t('room.field.language')}
        value={head.summary.language}
        options={unLanguages.map(({ code, name }) => ({ id: code, label: name, lang: code }))}
        onChange={(language) => void set({ language }).catch(toastError)}
      />
    </section>
  );
}
