/** What a person fills in to describe a channel of each kind, and the request that it makes. */
import {
  channelRequest,
  type ChannelKindName,
  type ChannelRequest,
  type ChannelView,
} from '../../shared/contract/channels.ts';
import type { MessageId } from '../../shared/i18n/messages.ts';

export const fieldNames = [
  'url',
  'user',
  'password',
  'endpoint',
  'region',
  'bucket',
  'prefix',
  'accessKey',
  'secretKey',
  'token',
] as const;
export type FieldName = (typeof fieldNames)[number];
export type ChannelFields = Readonly<Record<FieldName, string>>;

export interface Field {
  readonly name: FieldName;
  readonly secret?: boolean;
  readonly optional?: boolean;
  /** An address that shows the form; not translated. */
  readonly placeholder?: string;
  readonly hint?: MessageId;
}

const fields: Readonly<Record<Exclude<ChannelKindName, 'folder'>, readonly Field[]>> = {
  webdav: [
    { name: 'url', placeholder: 'https://cloud.example.org/remote.php/dav/files/NAME/FOLDER' },
    { name: 'user', optional: true },
    { name: 'password', secret: true, optional: true },
  ],
  s3: [
    { name: 'endpoint', placeholder: 'https://s3.example.org' },
    { name: 'region', placeholder: 'eu-central-1', optional: true, hint: 'exchange.field.optional' },
    { name: 'bucket' },
    { name: 'prefix', optional: true, hint: 'exchange.field.optional' },
    { name: 'accessKey' },
    { name: 'secretKey', secret: true },
  ],
  hub: [
    { name: 'url', placeholder: 'https://hub.example.org' },
    { name: 'token', optional: true, hint: 'exchange.field.token.hint' },
  ],
};

export function fieldsOf(kind: ChannelKindName): readonly Field[] {
  return kind === 'folder' ? [] : fields[kind];
}

/** Nothing filled in, but the address of the channel that is to be replaced. */
export function emptyFields(replaces: Pick<ChannelView, 'kind' | 'place'> | null): ChannelFields {
  const empty = Object.fromEntries(fieldNames.map((name) => [name, ''])) as Record<FieldName, string>;
  const isAddress = replaces !== null && /^https?:\/\//i.test(replaces.place);
  return isAddress && replaces.kind !== 's3' ? { ...empty, url: replaces.place } : empty;
}

/** Null while something is missing, or an address is none. */
export function requestOf(kind: ChannelKindName, filled: ChannelFields, folder: string | null): ChannelRequest | null {
  const wanted = kind === 'folder' ? { kind, folder } : { kind, ...filled };
  if (fieldsOf(kind).some(({ name, optional }) => !optional && filled[name].trim() === '')) return null;
  const parsed = channelRequest.safeParse(wanted);
  return parsed.success ? parsed.data : null;
}
