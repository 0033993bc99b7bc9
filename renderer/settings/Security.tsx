/** How the profile is protected: passphrase, recovery sheet, backup, a second device. */
import { ArchiveRestore, KeyRound, LockKeyhole, MonitorSmartphone, ScrollText } from 'lucide-react';
import { useState, type FormEvent, type ReactNode } from 'react';
import type { ProtectionStatus } from '../../shared/contract/protection.ts';
import { useClient } from '../app/client.ts';
import { useCommand } from '../app/commands.ts';
import { ErrorNotice } from '../app/ErrorNotice.tsx';
import { startDownload } from '../app/files.ts';
import { useText } from '../app/i18n.tsx';
import { useNewPassphrase } from '../app/NewPassphrase.tsx';
import { toast, toastError } from '../app/toasts.ts';
import { useLoaded } from '../app/use-loaded.ts';
import { useLongWork, type LongWork } from '../app/use-long-work.ts';
import { Button } from '../ui/Button.tsx';
import { Notice, Progress } from '../ui/Surface.tsx';
import { TextField } from '../ui/TextField.tsx';
import { DeviceCode } from './DeviceCode.tsx';
import { Part } from './Part.tsx';
import { RecoverySheet } from './RecoverySheet.tsx';

type Form = 'none' | 'set' | 'remove' | 'sheet' | 'backup' | 'device';

export function Security() {
  const { t } = useText();
  const client = useClient();
  const status = useLoaded((service) => service.protection.status({}), []);
  const [form, setForm] = useState<Form>('none');
  const [sheet, setSheet] = useState<string | null>(null);
  const by = status.data?.by ?? null;
  const lock = (): void => void client.protection.lock({}).catch(toastError);
  useCommand(by === 'passphrase' ? { id: 'security.lock', title: t('lock.now'), run: lock } : null);
  if (status.error) return <ErrorNotice error={status.error} onRetry={status.reload} />;
  if (status.data === null || by === null) return null;
  const done = (text: string, next: ProtectionStatus): void => {
    setForm('none');
    status.set(next);
    toast({ text });
  };
  const close = (): void => setForm('none');
  const now = status.data;
  return (
    <>
      <Part title={t('security.title')}>
        <Notice tone={by === 'nothing' ? 'warn' : 'good'}>{t(`security.by.${by}`)}</Notice>
        {form === 'set' ? <SetPassphrase now={now} onDone={done} onClose={close} /> : null}
        {form === 'remove' ? <RemovePassphrase onDone={done} onClose={close} /> : null}
        {form === 'none' || form === 'backup' || form === 'device' || form === 'sheet' ? (
          <div className="settings-actions">
            <Button icon={KeyRound} onPress={() => setForm('set')}>
              {t(by === 'passphrase' ? 'security.change' : 'security.set')}
            </Button>
            {by === 'passphrase' ? (
              <>
                <Button onPress={() => setForm('remove')}>{t('security.remove')}</Button>
                <Button icon={LockKeyhole} onPress={lock}>
                  {t('lock.now')}
                </Button>
              </>
            ) : null}
          </div>
        ) : null}
        {by === 'nothing' ? null : (
          <div className="settings-field">
            {sheet === null && !now.hasRecoveryKey ? <Notice tone="warn">{t('security.nosheet')}</Notice> : null}
            <p className="wb-hint">{t('security.sheet.hint')}</p>
            {sheet !== null ? (
              <RecoverySheet recoveryKey={sheet} onClose={() => setSheet(null)} />
            ) : form === 'sheet' ? (
              <MakeSheet
                now={now}
                onMade={(key) => {
                  setForm('none');
                  setSheet(key);
                  status.reload();
                }}
                onClose={close}
              />
            ) : (
              <div>
                <Button icon={ScrollText} onPress={() => setForm('sheet')}>
                  {t('security.sheet.make')}
                </Button>
              </div>
            )}
          </div>
        )}
      </Part>
      <Part title={t('backup.title')}>
        <p className="wb-hint">{t('backup.hint')}</p>
        {form === 'backup' ? (
          <WriteBackup now={now} onClose={close} />
        ) : (
          <div>
            <Button icon={ArchiveRestore} onPress={() => setForm('backup')}>
              {t('backup.write')}
            </Button>
          </div>
        )}
      </Part>
      <Part title={t('device.title')}>
        <p className="wb-hint">{t('device.hint')}</p>
        {form === 'device' ? (
          <DeviceCode onClose={close} />
        ) : (
          <div>
            <Button icon={MonitorSmartphone} onPress={() => setForm('device')}>
              {t('device.show')}
            </Button>
          </div>
        )}
      </Part>
    </>
  );
}

/** A small form that does one thing, says that it works, and shows what failed. */
function ActForm({
  submit,
  act,
  onClose,
  children,
}: {
  readonly submit: string;
  /** Null: something is missing, which the fields say. */
  readonly act: (watch: LongWork) => Promise<unknown> | null;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const { t, bytes } = useText();
  const { busy, error, progress, run, stop } = useLongWork();
  const submitted = (event: FormEvent): void => {
    event.preventDefault();
    run(act);
  };
  return (
    <form className="settings-person" onSubmit={submitted} noValidate>
      {children}
      {progress ? (
        <Progress
          label={t('security.progress', { done: bytes(progress.done), total: bytes(progress.total) })}
          {...progress}
        />
      ) : null}
      {error ? <ErrorNotice error={error} /> : null}
      <div className="settings-actions">
        <Button type="submit" variant="primary" isDisabled={busy}>
          {busy ? t('security.working') : submit}
        </Button>
        <Button onPress={busy ? stop : onClose}>{t('app.cancel')}</Button>
      </div>
    </form>
  );
}

/** The passphrase of now, asked where there is one. */
function useCurrent(now: Pick<ProtectionStatus, 'by'>): { readonly value: string | null; readonly field: ReactNode } {
  const { t } = useText();
  const [value, setValue] = useState('');
  if (now.by !== 'passphrase') return { value: null, field: null };
  const field = (
    <TextField
      label={t('security.current')}
      type="password"
      autoComplete="current-password"
      autoFocus
      value={value}
      onChange={setValue}
    />
  );
  return { value, field };
}

interface DoneProps {
  readonly onDone: (text: string, next: ProtectionStatus) => void;
  readonly onClose: () => void;
}

function SetPassphrase({ now, onDone, onClose }: DoneProps & { readonly now: ProtectionStatus }) {
  const { t } = useText();
  const client = useClient();
  const current = useCurrent(now);
  const next = useNewPassphrase();
  const isChange = now.by === 'passphrase';
  const act = (): Promise<unknown> | null => {
    next.check();
    if (next.value === null) return null;
    return client.protection
      .setPassphrase({ current: current.value, passphrase: next.value })
      .then((status) => onDone(t(isChange ? 'security.change.done' : 'security.set.done'), status));
  };
  return (
    <ActForm submit={t(isChange ? 'security.change.do' : 'security.set.do')} act={act} onClose={onClose}>
      {current.field}
      {next.fields}
    </ActForm>
  );
}

function RemovePassphrase({ onDone, onClose }: DoneProps) {
  const { t } = useText();
  const client = useClient();
  const current = useCurrent({ by: 'passphrase' });
  const act = (): Promise<unknown> =>
    client.protection
      .removePassphrase({ current: current.value })
      .then((status) => onDone(t('security.remove.done'), status));
  return (
    <ActForm submit={t('security.remove.do')} act={act} onClose={onClose}>
      <p className="wb-hint">{t('security.remove.lead')}</p>
      {current.field}
    </ActForm>
  );
}

function MakeSheet({
  now,
  onMade,
  onClose,
}: {
  readonly now: ProtectionStatus;
  readonly onMade: (recoveryKey: string) => void;
  readonly onClose: () => void;
}) {
  const { t } = useText();
  const client = useClient();
  const current = useCurrent(now);
  const act = (): Promise<unknown> =>
    client.protection.makeRecoveryKey({ current: current.value }).then(({ recoveryKey }) => onMade(recoveryKey));
  return (
    <ActForm submit={t('security.sheet.do')} act={act} onClose={onClose}>
      {current.field}
    </ActForm>
  );
}

function WriteBackup({ now, onClose }: { readonly now: ProtectionStatus; readonly onClose: () => void }) {
  const { t, bytes } = useText();
  const client = useClient();
  const opens = now.by === 'passphrase';
  const next = useNewPassphrase(t('backup.passphrase'), t('backup.passphrase.hint'));
  const act = (watch: LongWork): Promise<unknown> | null => {
    next.check();
    if (!opens && next.value === null) return null;
    const given = opens || next.value === null ? {} : { passphrase: next.value };
    return client.protection.backup(given, watch).then(async ({ file, name, sizeBytes }) => {
      const saved = await client.files.save({ file }, watch);
      if (saved.downloadPath) startDownload(saved.downloadPath, name);
      else if (!saved.saved) return;
      toast({ text: t('backup.done', { size: bytes(sizeBytes) }) });
      onClose();
    });
  };
  return (
    <ActForm submit={t('backup.do')} act={act} onClose={onClose}>
      {opens ? <p className="wb-hint">{t('backup.opens')}</p> : next.fields}
    </ActForm>
  );
}
