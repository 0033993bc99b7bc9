/** Describes a channel, tries it out, and connects a circle to it: a folder, WebDAV, an S3-compatible store or a hub. */
import { PlugZap } from 'lucide-react';
import { useId, useState, type FormEvent } from 'react';
import type { ChannelKindName, ChannelRequest, ChannelView } from '../../shared/contract/channels.ts';
import type { CircleView } from '../../shared/contract/circles.ts';
import { useClient } from '../app/client.ts';
import { useCommand } from '../app/commands.ts';
import { ErrorNotice } from '../app/ErrorNotice.tsx';
import { FolderField, type PickedFolder } from '../app/FolderPicker.tsx';
import { useText } from '../app/i18n.tsx';
import { toast } from '../app/toasts.ts';
import { Button } from '../ui/Button.tsx';
import { Notice } from '../ui/Surface.tsx';
import { Segments } from '../ui/Switch.tsx';
import { TextField } from '../ui/TextField.tsx';
import { emptyFields, fieldsOf, requestOf, type ChannelFields, type FieldName } from './channel-fields.ts';
import { channelIcons } from './looks.ts';

const kinds: readonly ChannelKindName[] = ['folder', 'webdav', 's3', 'hub'];

export function ConnectForm({
  circle,
  replaces,
  onClose,
}: {
  readonly circle: CircleView;
  /** The channel that the new one takes the place of: a new password, a moved server. */
  readonly replaces: ChannelView | null;
  readonly onClose: () => void;
}) {
  const { t } = useText();
  const client = useClient();
  const heading = useId();
  const [kind, setKind] = useState<ChannelKindName>(replaces?.kind ?? 'folder');
  const [folder, setFolder] = useState<PickedFolder | null>(null);
  const [fields, setFields] = useState<ChannelFields>(() => emptyFields(replaces));
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState<'testing' | 'connecting' | null>(null);
  const [found, setFound] = useState<{ readonly place: string; readonly found: string } | null>(null);
  const [error, setError] = useState<unknown>(null);
  useCommand({ id: 'exchange.connect.close', title: t('app.cancel'), key: 'Escape', hidden: true, run: onClose });

  const request = requestOf(kind, fields, folder?.grant ?? null);
  const act = (doing: 'testing' | 'connecting', run: (channel: ChannelRequest) => Promise<void>): void => {
    setTried(true);
    setError(null);
    setFound(null);
    if (!request) return;
    setBusy(doing);
    run(request)
      .catch(setError)
      .finally(() => setBusy(null));
  };
  const test = (): void =>
    act('testing', async (channel) => setFound(await client.circles.testChannel({ circle: circle.id, channel })));
  const connect = (event: FormEvent): void => {
    event.preventDefault();
    act('connecting', async (channel) => {
      await client.circles.connect({ circle: circle.id, channel, ...(replaces ? { replaces: replaces.id } : {}) });
      toast({ text: t('exchange.connected', { name: circle.name }) });
      onClose();
    });
  };
  const change = (name: FieldName) => (value: string) => {
    setFound(null);
    setFields((before) => ({ ...before, [name]: value }));
  };
  return (
    <form className="exchange-connect" onSubmit={connect} aria-labelledby={heading} noValidate>
      <h4 id={heading}>
        {replaces ? t('exchange.connect.replace', { place: replaces.place }) : t('exchange.connect.title')}
      </h4>
      <Segments
        label={t('exchange.connect.kind')}
        value={kind}
        onChange={(next) => {
          setKind(next);
          setFound(null);
          setError(null);
        }}
        options={kinds.map((id) => ({ id, label: t(`exchange.kind.${id}`), icon: channelIcons[id] }))}
      />
      <p className="wb-hint">{t(`exchange.connect.explained.${kind}`)}</p>
      {kind === 'folder' ? (
        <FolderField
          label={t('exchange.folder')}
          hint={t('exchange.folder.hint.connect')}
          folder={folder}
          onPick={setFolder}
          {...(tried && !folder ? { error: t('exchange.field.missing') } : {})}
        />
      ) : (
        <div className="exchange-connect-fields">
          {fieldsOf(kind).map(({ name, secret, optional, placeholder, hint }) => (
            <TextField
              key={name}
              label={t(`exchange.field.${name}`)}
              value={fields[name]}
              onChange={change(name)}
              type={secret ? 'password' : name === 'url' || name === 'endpoint' ? 'url' : 'text'}
              autoComplete="off"
              spellCheck="false"
              dir="ltr"
              isRequired={!optional}
              {...(hint ? { hint: t(hint) } : {})}
              {...(placeholder ? { placeholder } : {})}
              {...(tried && !optional && fields[name].trim() === '' ? { error: t('exchange.field.missing') } : {})}
            />
          ))}
        </div>
      )}
      {kind !== 'folder' &&
      tried &&
      !request &&
      fieldsOf(kind).every((each) => each.optional || fields[each.name] !== '') ? (
        <p className="wb-field-error" role="alert">
          {t('exchange.field.address')}
        </p>
      ) : null}
      {/^http:\/\//i.test(fields.url) && kind !== 'folder' && kind !== 's3' ? (
        <Notice tone="warn">{t('exchange.connect.plain')}</Notice>
      ) : null}
      {found ? (
        <div role="status">
          <Notice tone={found.found === 'circle' ? 'warn' : 'good'}>
            {t(`exchange.connect.found.${found.found as 'empty' | 'other-files' | 'circle' | 'this-circle'}`, {
              place: found.place,
            })}
          </Notice>
        </div>
      ) : null}
      {error ? <ErrorNotice error={error} /> : null}
      <div className="exchange-actions">
        <Button type="submit" variant="primary" isDisabled={busy !== null}>
          {busy === 'connecting' ? t('exchange.connect.connecting') : t('exchange.connect.do')}
        </Button>
        {kind === 'folder' ? null : (
          <Button icon={PlugZap} onPress={test} isDisabled={busy !== null}>
            {busy === 'testing' ? t('exchange.connect.testing') : t('exchange.connect.test')}
          </Button>
        )}
        <Button onPress={onClose}>{t('app.cancel')}</Button>
      </div>
    </form>
  );
}
