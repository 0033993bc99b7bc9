/** The kinds of channels there are. A new one is a file with a `ChannelKind`, a line here, and its form in the contract. */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { ChannelKind, KindName } from './channel-kind.ts';
import { folderKind } from './folder-kind.ts';
import { hubKind } from './hub-kind.ts';
import { s3Kind } from './s3-kind.ts';
import { webdavKind } from './webdav-kind.ts';

type Kinds = { readonly [K in KindName]?: ChannelKind<K> };

const kinds: Kinds = { folder: folderKind, webdav: webdavKind, s3: s3Kind, hub: hubKind };

/** Null for a kind of a newer version. */
export function knownKind(name: string): ChannelKind<KindName> | null {
  return ((kinds as Record<string, unknown>)[name] as ChannelKind<KindName> | undefined) ?? null;
}

/** Fails with `invalid-state` for a kind that this program does not have. */
export function kindNamed<K extends KindName>(name: K): ChannelKind<K> {
  const kind = kinds[name] as ChannelKind<K> | undefined;
  if (kind) return kind;
  throw new WorkbenchError('invalid-state', `This version of the program cannot exchange through ${name} yet.`);
}
