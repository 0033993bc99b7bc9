/** Making a circle and joining one. */
import { Package } from 'lucide-react';
import { useEffect, useId, useState, type FormEvent, type ReactNode } from 'react';
import type { CircleView, circlesContract } from '../../shared/contract/circles.ts';
import type { z } from '../../shared/contract/schema.ts';
import { WorkbenchError } from '../../shared/contract/errors.ts';
import { useClient } from '../app/client.ts';
import { describeError, ErrorNotice } from '../app/ErrorNotice.tsx';
import { pickFilesInPage, uploadFile } from '../app/files.ts';
import { FolderField, type PickedFolder } from '../app/FolderPicker.tsx';
import { useText } from '../app/i18n.tsx';
import { ReadCode } from '../app/QrCode.tsx';
import { Button } from '../ui/Button.tsx';
import { Notice } from '../ui/Surface.tsx';
import { TextField } from '../ui/TextField.tsx';

function FormCard({
  title,
  submit,
  busy,
  error,
  onSubmit,
  onClose,
  children,
}: {
  readonly title: string;
  readonly submit: string;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const { t } = useText();
  const heading = useId();
  const send = (event: FormEvent): void => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form className="wb-card exchange-form" onSubmit={send} aria-labelledby={heading} noValidate>
      <h2 id={heading}>{title}</h2>
      {children}
      {error ? <ErrorNotice error={error} /> : null}
      <div className="exchange-actions">
        <Button type="submit" variant="primary" isDisabled={busy}>
          {submit}
        </Button>
        <Button onPress={onClose}>{t('app.cancel')}</Button>
      </div>
    </form>
  );
}

export function CreateCircle({
  onCreated,
  onClose,
}: {
  readonly onCreated: (circle: CircleView) => void;
  readonly onClose: () => void;
}) {
  const { t } = useText();
  const client = useClient();
  const [name, setName] = useState('');
  const [folder, setFolder] = useState<PickedFolder | null>(null);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const create = (): void => {
    setTried(true);
    if (name.trim() === '') return;
    setBusy(true);
    setError(null);
    client.circles
      .create({ name, ...(folder ? { folder: folder.grant } : {}) })
      .then(onCreated, setError)
      .finally(() => setBusy(false));
  };
  return (
    <FormCard
      title={t('exchange.create.title')}
      submit={t('exchange.create.do')}
      busy={busy}
      error={error}
      onSubmit={create}
      onClose={onClose}
    >
      <TextField
        label={t('exchange.name')}
        placeholder={t('exchange.name.placeholder')}
        value={name}
        onChange={setName}
        autoFocus
        isRequired
        {...(tried && name.trim() === '' ? { error: t('exchange.name.missing') } : {})}
      />
      <FolderField
        label={t('exchange.folder')}
        hint={t('exchange.folder.hint.create')}
        folder={folder}
        onPick={setFolder}
      />
    </FormCard>
  );
}

/** Asks for the bundles that came with an invitation. */
function BundleField({
  files,
  onPick,
}: {
  readonly files: readonly File[];
  readonly onPick: (files: readonly File[]) => void;
}) {
  const { t } = useText();
  const pick = (): void => {
    void pickFilesInPage('.dwbundle').then((picked) => picked.length > 0 && onPick(picked));
  };
  return (
    <div className="wb-field">
      <span className="wb-label">{t('exchange.bundle.field')}</span>
      <div className="app-folder-field">
        <Button icon={Package} onPress={pick}>
          {t('exchange.bundle.choose')}
        </Button>
        <bdi className={files.length > 0 ? 'app-folder-name' : 'wb-quiet'}>
          {files.length > 0 ? files.map((file) => file.name).join(', ') : t('exchange.bundle.none')}
        </bdi>
      </div>
      <span className="wb-hint">{t('exchange.bundle.field.hint')}</span>
    </div>
  );
}

function isPassphraseError(error: unknown): boolean {
  return error instanceof WorkbenchError && ['passphrase-needed', 'passphrase-wrong'].includes(error.code);
}

type Inspected = z.output<typeof circlesContract.operations.inspectInvitation.output>;

/** What a pasted invitation says; asked anew when the text changes. */
function useInspected(invitation: string, passphrase: string): { says: Inspected | null; error: unknown } {
  const client = useClient();
  const [state, setState] = useState<{ says: Inspected | null; error: unknown }>({ says: null, error: null });
  useEffect(() => {
    let wanted = true;
    setState({ says: null, error: null });
    if (invitation === '') return undefined;
    client.circles.inspectInvitation({ invitation, ...(passphrase === '' ? {} : { passphrase }) }).then(
      (says) => wanted && setState({ says, error: null }),
      (error: unknown) => wanted && setState({ says: null, error }),
    );
    return () => {
      wanted = false;
    };
  }, [client, invitation, passphrase]);
  return state;
}

export function JoinCircle({
  onJoined,
  onClose,
}: {
  readonly onJoined: (circle: CircleView) => void;
  readonly onClose: () => void;
}) {
  const text = useText();
  const { t } = text;
  const client = useClient();
  const [invitation, setInvitation] = useState('');
  const [folder, setFolder] = useState<PickedFolder | null>(null);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [bundles, setBundles] = useState<readonly File[]>([]);
  const [passphrase, setPassphrase] = useState('');
  // Every key pressed would be a third of a second of computing: it is tried when the field is left.
  const [tryPassphrase, setTryPassphrase] = useState('');
  const inspected = useInspected(invitation.trim(), tryPassphrase);
  const isWrapped = isPassphraseError(inspected.error);
  const [account, setAccount] = useState({ user: '', password: '' });
  /** A way that asks who comes; another one chosen here takes its place. */
  const asking = folder ? undefined : inspected.says?.channels.find(({ kind }) => kind === 'webdav' || kind === 's3');
  const join = (): void => {
    setTried(true);
    if (invitation.trim() === '' || (inspected.error && !isWrapped)) return;
    setBusy(true);
    setError(null);
    const ask = async (): Promise<CircleView> => {
      const granted = await Promise.all(bundles.map((file) => uploadFile(file)));
      return client.circles.join({
        invitation: invitation.trim(),
        ...(passphrase === '' ? {} : { passphrase }),
        ...(folder ? { folder: folder.grant } : {}),
        ...(asking ? { account } : {}),
        ...(granted.length > 0 ? { bundles: granted } : {}),
      });
    };
    ask()
      .then(onJoined, setError)
      .finally(() => setBusy(false));
  };
  const invitationError =
    inspected.error && !isWrapped
      ? describeError(text, inspected.error)
      : tried && invitation.trim() === ''
        ? t('exchange.invitation.missing')
        : null;
  return (
    <FormCard
      title={t('exchange.join.title')}
      submit={t('exchange.join.do')}
      busy={busy}
      error={error}
      onSubmit={join}
      onClose={onClose}
    >
      <TextField
        label={t('exchange.invitation')}
        placeholder={t('exchange.invitation.paste')}
        value={invitation}
        onChange={setInvitation}
        lines={3}
        mono
        autoFocus
        isRequired
        spellCheck="false"
        {...(invitationError ? { error: invitationError } : {})}
      />
      <ReadCode onRead={setInvitation} />
      {isWrapped || passphrase !== '' ? (
        <TextField
          label={t('exchange.invitation.passphrase')}
          type="password"
          autoComplete="off"
          value={passphrase}
          onChange={setPassphrase}
          onBlur={() => setTryPassphrase(passphrase)}
          {...(inspected.error && tryPassphrase !== '' ? { error: describeError(text, inspected.error) } : {})}
        />
      ) : null}
      {inspected.says ? (
        <Notice tone="accent">
          {t('exchange.invitation.says', { name: inspected.says.name, by: inspected.says.by })}
        </Notice>
      ) : null}
      {asking ? (
        <>
          <p className="wb-hint">{t('exchange.join.account', { place: asking.place })}</p>
          <TextField
            label={t(asking.kind === 's3' ? 'exchange.field.accessKey' : 'exchange.field.user')}
            value={account.user}
            onChange={(user) => setAccount((before) => ({ ...before, user }))}
            autoComplete="off"
            spellCheck="false"
            dir="ltr"
          />
          <TextField
            label={t(asking.kind === 's3' ? 'exchange.field.secretKey' : 'exchange.field.password')}
            type="password"
            value={account.password}
            onChange={(password) => setAccount((before) => ({ ...before, password }))}
            autoComplete="off"
            dir="ltr"
          />
        </>
      ) : null}
      <FolderField
        label={t('exchange.folder')}
        hint={t('exchange.folder.hint.join')}
        folder={folder}
        onPick={setFolder}
      />
      <BundleField files={bundles} onPick={setBundles} />
    </FormCard>
  );
}
