/** Other ways into a new profile than giving a name: a backup, or a code from one's first device. */
import { ArchiveRestore, MonitorSmartphone } from 'lucide-react';
import { useState, type FormEvent, type ReactNode } from 'react';
import { WorkbenchError } from '../../shared/contract/errors.ts';
import { Button } from '../ui/Button.tsx';
import { LinkButton } from '../ui/LinkButton.tsx';
import { Progress } from '../ui/Surface.tsx';
import { TextField } from '../ui/TextField.tsx';
import { useClient } from './client.ts';
import { ErrorNotice } from './ErrorNotice.tsx';
import { pickFilesInPage, uploadFile } from './files.ts';
import { useText } from './i18n.tsx';
import { ReadCode } from './QrCode.tsx';
import { toastError } from './toasts.ts';
import { useLongWork, type LongWork } from './use-long-work.ts';

export type Way = 'restore' | 'device';

export function Arrivals({
  way,
  onWay,
  onArrived,
}: {
  readonly way: Way | null;
  readonly onWay: (way: Way | null) => void;
  readonly onArrived: () => void;
}) {
  const { t } = useText();
  const close = (): void => onWay(null);
  if (way === 'restore') return <Restore onArrived={onArrived} onClose={close} />;
  if (way === 'device') return <JoinAsDevice onArrived={onArrived} onClose={close} />;
  return (
    <section className="app-arrivals" aria-label={t('first.other')}>
      <LinkButton className="app-choice" onPress={() => onWay('device')}>
        <MonitorSmartphone size={19} aria-hidden />
        <span>
          <strong>{t('device.join')}</strong>
          <span>{t('device.join.detail')}</span>
        </span>
      </LinkButton>
      <LinkButton className="app-choice" onPress={() => onWay('restore')}>
        <ArchiveRestore size={19} aria-hidden />
        <span>
          <strong>{t('backup.restore')}</strong>
          <span>{t('backup.restore.detail')}</span>
        </span>
      </LinkButton>
    </section>
  );
}

function ArrivalForm({
  title,
  lead,
  submit,
  act,
  isReady,
  onArrived,
  onClose,
  children,
}: {
  readonly title: string;
  readonly lead: string;
  readonly submit: string;
  readonly act: (watch: LongWork) => Promise<unknown>;
  readonly isReady: boolean;
  readonly onArrived: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const { t, bytes } = useText();
  const { busy, error, progress, run, stop } = useLongWork();
  const submitted = (event: FormEvent): void => {
    event.preventDefault();
    if (isReady) run((watch) => act(watch).then(onArrived));
  };
  return (
    <form onSubmit={submitted} noValidate aria-label={title}>
      <h1>{title}</h1>
      <p className="app-first-lead">{lead}</p>
      {children}
      {progress ? (
        <Progress
          label={
            progress.total > 0
              ? t('security.progress', { done: bytes(progress.done), total: bytes(progress.total) })
              : t('security.opening')
          }
          {...progress}
        />
      ) : null}
      {error ? <ErrorNotice error={error} /> : null}
      <div className="app-first-actions">
        <Button type="submit" variant="primary" isDisabled={busy || !isReady}>
          {busy ? t('security.working') : submit}
        </Button>
        <Button onPress={busy ? stop : onClose}>{t('app.cancel')}</Button>
      </div>
    </form>
  );
}

interface WayProps {
  readonly onArrived: () => void;
  readonly onClose: () => void;
}

/** From the shell's dialog, which reads a file of any size, or from the browser's. */
type ChosenBackup = File | { readonly name: string; readonly grant: string };

function Restore({ onArrived, onClose }: WayProps) {
  const { t } = useText();
  const client = useClient();
  const [file, setFile] = useState<ChosenBackup | null>(null);
  const [secret, setSecret] = useState('');
  const choose = async (): Promise<void> => {
    const { unavailable, files } = await client.files.pickFiles({ purpose: 'import' });
    const [picked] = unavailable ? await pickFilesInPage('.dwbackup') : files;
    setFile(picked ?? null);
  };
  const act = async (watch: LongWork): Promise<void> => {
    watch.onProgress({ done: 0, total: 0, what: '' });
    const grant = file instanceof File ? await uploadFile(file, watch.signal) : file!.grant;
    try {
      await client.protection.restore({ file: grant, passphrase: secret }, watch);
    } catch (error) {
      // One field for both: what is no passphrase of it may be the key from the sheet.
      const isOther = error instanceof WorkbenchError && ['passphrase-wrong', 'profile-locked'].includes(error.code);
      if (!isOther || secret.replaceAll(/[\s-]/gu, '').length !== 40) throw error;
      await client.protection.restore({ file: grant, recoveryKey: secret }, watch);
    }
  };
  return (
    <ArrivalForm
      title={t('backup.restore')}
      lead={t('backup.restore.detail')}
      submit={t('backup.restore.do')}
      act={act}
      isReady={file !== null && secret !== ''}
      onArrived={onArrived}
      onClose={onClose}
    >
      <div className="wb-field">
        <span className="wb-label">{t('backup.file')}</span>
        <div className="app-folder-field">
          <Button onPress={() => void choose().catch(toastError)} autoFocus>
            {t('backup.file.choose')}
          </Button>
          <bdi className={file ? 'app-folder-name' : 'wb-quiet'}>{file?.name ?? t('backup.file.none')}</bdi>
        </div>
      </div>
      <TextField label={t('backup.secret')} type="password" value={secret} onChange={setSecret} />
    </ArrivalForm>
  );
}

function JoinAsDevice({ onArrived, onClose }: WayProps) {
  const { t } = useText();
  const client = useClient();
  const [code, setCode] = useState('');
  const [passphrase, setPassphrase] = useState('');
  return (
    <ArrivalForm
      title={t('device.join')}
      lead={t('device.join.detail')}
      submit={t('device.join.do')}
      act={() => client.companions.join({ code, ...(passphrase === '' ? {} : { passphrase }) })}
      isReady={code.trim() !== ''}
      onArrived={onArrived}
      onClose={onClose}
    >
      <TextField
        label={t('device.code')}
        hint={t('device.join.paste')}
        lines={5}
        mono
        autoFocus
        spellCheck="false"
        value={code}
        onChange={setCode}
      />
      <ReadCode onRead={setCode} />
      <TextField
        label={t('device.join.passphrase')}
        hint={t('device.join.passphrase.hint')}
        type="password"
        autoComplete="off"
        value={passphrase}
        onChange={setPassphrase}
      />
    </ArrivalForm>
  );
}
