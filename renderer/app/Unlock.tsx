/** The page of a locked profile: the passphrase, or the recovery key and a new passphrase. */
import { LockKeyhole } from 'lucide-react';
import { useState, type FormEvent, type ReactNode } from 'react';
import type { ProtectionStatus } from '../../shared/contract/protection.ts';
import { Button } from '../ui/Button.tsx';
import { TextField } from '../ui/TextField.tsx';
import { useClient } from './client.ts';
import { describeError } from './ErrorNotice.tsx';
import { useText } from './i18n.tsx';
import { useNewPassphrase } from './NewPassphrase.tsx';

export function Unlock({ status, onOpened }: { readonly status: ProtectionStatus; readonly onOpened: () => void }) {
  const { t } = useText();
  const hasPassphrase = status.by === 'passphrase';
  const [recovering, setRecovering] = useState(!hasPassphrase && status.hasRecoveryKey);
  return (
    <main className="app-first">
      <div className="app-first-card">
        <LockKeyhole className="app-lock-mark" size={40} strokeWidth={1.5} aria-hidden />
        <h1>{t('lock.title')}</h1>
        <p className="app-first-lead">
          {t(!hasPassphrase ? 'lock.lead.system' : recovering ? 'lock.lead.recover' : 'lock.lead')}
        </p>
        {recovering ? <Recover onOpened={onOpened} /> : hasPassphrase ? <ByPassphrase onOpened={onOpened} /> : null}
        {hasPassphrase && status.hasRecoveryKey ? (
          <div className="app-lock-other">
            <Button variant="quiet" onPress={() => setRecovering(!recovering)}>
              {t(recovering ? 'lock.back' : 'lock.forgotten')}
            </Button>
          </div>
        ) : null}
      </div>
    </main>
  );
}

function LockForm({
  busy,
  label,
  onSubmit,
  children,
}: {
  readonly busy: boolean;
  readonly label: string;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}) {
  const { t } = useText();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!busy) onSubmit();
  };
  return (
    <form onSubmit={submit} noValidate>
      {children}
      <div className="app-first-actions">
        <Button type="submit" variant="primary" isDisabled={busy}>
          {busy ? t('lock.unlocking') : label}
        </Button>
      </div>
    </form>
  );
}

function ByPassphrase({ onOpened }: { readonly onOpened: () => void }) {
  const text = useText();
  const { t } = text;
  const client = useClient();
  const [passphrase, setPassphrase] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const unlock = (): void => {
    if (passphrase === '') return;
    setBusy(true);
    setError(null);
    client.protection
      .unlock({ passphrase })
      .then(onOpened, setError)
      .finally(() => setBusy(false));
  };
  return (
    <LockForm busy={busy} label={t('lock.unlock')} onSubmit={unlock}>
      <TextField
        label={t('lock.passphrase')}
        type="password"
        autoComplete="current-password"
        autoFocus
        value={passphrase}
        onChange={setPassphrase}
        {...(error ? { error: describeError(text, error) } : {})}
      />
    </LockForm>
  );
}

function Recover({ onOpened }: { readonly onOpened: () => void }) {
  const text = useText();
  const { t } = text;
  const client = useClient();
  const [recoveryKey, setRecoveryKey] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [missing, setMissing] = useState(false);
  const next = useNewPassphrase();
  const recover = (): void => {
    next.check();
    setMissing(recoveryKey.trim() === '');
    if (recoveryKey.trim() === '' || next.value === null) return;
    setBusy(true);
    setError(null);
    client.protection
      .recover({ recoveryKey, passphrase: next.value })
      .then(onOpened, setError)
      .finally(() => setBusy(false));
  };
  return (
    <LockForm busy={busy} label={t('lock.recover')} onSubmit={recover}>
      <TextField
        label={t('lock.recovery')}
        hint={t('lock.recovery.hint')}
        mono
        autoFocus
        spellCheck="false"
        value={recoveryKey}
        onChange={(value) => {
          setRecoveryKey(value);
          setMissing(false);
        }}
        {...(missing ? { error: t('lock.recovery.missing') } : error ? { error: describeError(text, error) } : {})}
      />
      {next.fields}
    </LockForm>
  );
}
