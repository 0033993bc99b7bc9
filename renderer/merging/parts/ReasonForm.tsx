/** Asks for the reason of setting aside, which the delegation will read. Reasons given before are one press away. */
import { useState, type FormEvent } from 'react';
import { useCommand } from '../../app/commands.ts';
import { useText } from '../../app/i18n.tsx';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Surface.tsx';
import { TextField } from '../../ui/TextField.tsx';

/** Of this window, newest first. */
const given: string[] = [];
const most = 5;

export function ReasonForm({
  count,
  onReason,
  onClose,
}: {
  /** Of passages. */
  readonly count: number;
  /** Resolves with whether it was done. */
  readonly onReason: (reason: string) => Promise<boolean>;
  readonly onClose: () => void;
}) {
  const { t } = useText();
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const suggestions = [
    ...given,
    t('merging.reason.repeats'),
    t('merging.reason.outside'),
    t('merging.reason.national'),
  ];
  useCommand({
    id: 'merging.reason.close',
    title: t('app.cancel'),
    key: 'Escape',
    hidden: true,
    whileTyping: true,
    run: onClose,
  });
  const setAside = (words: string): void => {
    if (words.trim() === '') return;
    setBusy(true);
    void onReason(words.trim()).then((done) => {
      setBusy(false);
      if (!done) return;
      given.splice(0, given.length, ...[...new Set([words.trim(), ...given])].slice(0, most));
    });
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setAside(reason);
  };
  return (
    <form className="merge-form-reason" onSubmit={submit} aria-label={t('merging.act.setAside')}>
      <div className="merge-form-row">
        <TextField
          label={t('merging.reason', { count })}
          hint={t('merging.reason.hint')}
          value={reason}
          onChange={setReason}
          autoFocus
        />
        <Button type="submit" variant="primary" isDisabled={busy || reason.trim() === ''}>
          {t('merging.reason.do')}
        </Button>
        <Button onPress={onClose}>{t('app.cancel')}</Button>
      </div>
      <div className="merge-actions">
        {[...new Set(suggestions)].map((one) => (
          <Chip key={one} onPress={() => setAside(one)}>
            {one}
          </Chip>
        ))}
      </div>
    </form>
  );
}
