/** A new merge: in which circle, over which questions, whose text is expected, and whether it takes in what has arrived. */
import { useState, type FormEvent } from 'react';
import { draftTemplates, type DraftTemplate } from '../../shared/contract/drafts.ts';
import type { CircleId, RecordId } from '../../shared/ids.ts';
import { unLanguages, type UnLanguage } from '../../shared/i18n/messages.ts';
import { useClient } from '../app/client.ts';
import { ErrorNotice } from '../app/ErrorNotice.tsx';
import { useText } from '../app/i18n.tsx';
import { useProfile } from '../app/profile.tsx';
import { toast, toastError } from '../app/toasts.ts';
import { useLoaded } from '../app/use-loaded.ts';
import { go } from '../app/view-state.ts';
import { Button } from '../ui/Button.tsx';
import { Select } from '../ui/Select.tsx';
import { Card } from '../ui/Surface.tsx';
import { TextField } from '../ui/TextField.tsx';
import { namesOf } from './parts/names.ts';

interface NewMergeProps {
  /** Takes in at once what was submitted to the circle. */
  readonly withArrived: boolean;
  readonly onClose: () => void;
}

export function NewMerge({ withArrived, onClose }: NewMergeProps) {
  const { t, language } = useText();
  const client = useClient();
  const { settings } = useProfile();
  const circles = useLoaded(async (service) => (await service.circles.list({})).circles, []);
  const [title, setTitle] = useState(t('merging.new.title.first'));
  const [chosen, setChosen] = useState<CircleId | null>(null);
  const [template, setTemplate] = useState<DraftTemplate>('eleven-questions');
  const [textLanguage, setTextLanguage] = useState<UnLanguage>(language);
  const [expected, setExpected] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const all = circles.data ?? [];
  // Where the submissions are: a shared circle before the personal one.
  const circle =
    chosen ??
    all.find((one) => one.id === settings.defaultCircle)?.id ??
    all.find((one) => !one.personal)?.id ??
    all[0]?.id ??
    null;
  const takeArrived = async (merge: RecordId): Promise<void> => {
    const { waiting } = await client.merging.open({ merge });
    if (waiting.length === 0) return;
    const { entries } = await client.merging.addSubmissions({ merge, submissions: waiting.map((one) => one.id) });
    toast({ text: t('merging.waiting.taken', { count: entries.length }) });
  };
  const make = (event: FormEvent): void => {
    event.preventDefault();
    if (circle === null || title.trim() === '') return;
    setBusy(true);
    setError(null);
    client.merging
      .create({ circle, title, template, language: textLanguage, expected: namesOf(expected) })
      .then(async ({ id }) => {
        go({ view: 'merge', merge: id, tab: 'grid', place: null });
        if (withArrived) await takeArrived(id).catch(toastError);
      }, setError)
      .finally(() => setBusy(false));
  };
  return (
    <Card label={t('merging.new')}>
      <form className="merge-form" onSubmit={make} noValidate>
        <h2>{t('merging.new')}</h2>
        <TextField
          label={t('merging.new.title')}
          value={title}
          onChange={setTitle}
          autoFocus
          isRequired
          {...(title.trim() === '' ? { error: t('merging.new.title.missing') } : {})}
        />
        <div className="merge-form-row">
          <Select
            label={t('merging.new.template')}
            value={template}
            onChange={setTemplate}
            options={draftTemplates.toReversed().map((id) => ({ id, label: t(`merging.template.${id}`) }))}
          />
          <Select
            label={t('merging.new.language')}
            value={textLanguage}
            onChange={setTextLanguage}
            options={unLanguages.map(({ code, name }) => ({ id: code, label: name, lang: code }))}
          />
        </div>
        {circle === null ? null : (
          <Select
            label={t('merging.new.circle')}
            hint={t('merging.new.circle.hint')}
            value={circle as string}
            onChange={(id) => setChosen(id as CircleId)}
            options={all.map((one) => ({
              id: one.id as string,
              label: one.personal ? t('merging.new.circle.personal') : one.name,
            }))}
          />
        )}
        <TextField
          label={t('merging.expected')}
          hint={t('merging.expected.hint')}
          lines={3}
          value={expected}
          onChange={setExpected}
        />
        {error ? <ErrorNotice error={error} /> : null}
        <div className="merge-actions">
          <Button type="submit" variant="primary" isDisabled={busy || circle === null || title.trim() === ''}>
            {t('merging.new.make')}
          </Button>
          <Button onPress={onClose}>{t('app.cancel')}</Button>
        </div>
      </form>
    </Card>
  );
}
