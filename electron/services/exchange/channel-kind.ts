/**
 * What a kind of channel has to bring: how a place is found or made for a circle, and how the store there is opened. One
 * kind for each technology, listed in channel-kinds.ts; connections.ts does the rest alike for all.
 */
import type { AbortSignalLike } from '../../../shared/contract/contract.ts';
import { z } from '../../../shared/contract/schema.ts';
import type { CircleId, ReplicaId } from '../../../shared/ids.ts';
import type { Engine } from '../../../shared/sync/object-format.ts';
import type { RemoteStore } from '../../../shared/sync/remote-store.ts';
import type { Signer } from '../../../shared/sync/sealing-crypto.ts';
import type { OpenedCircle } from '../circles/open-circle.ts';

const common = { id: z.string() };

/** A channel as `circle.json` keeps it. Secrets are in the secret store, under `channel/<id>`. */
export const channelConfig = z.discriminatedUnion('kind', [
  z.object({ ...common, kind: z.literal('folder'), path: z.string() }),
  z.object({ ...common, kind: z.literal('webdav'), url: z.string(), user: z.string() }),
  z.object({
    ...common,
    kind: z.literal('s3'),
    endpoint: z.string(),
    region: z.string(),
    bucket: z.string(),
    prefix: z.string(),
    accessKey: z.string(),
  }),
  z.object({ ...common, kind: z.literal('hub'), url: z.string() }),
]);
export type ChannelConfig = z.output<typeof channelConfig>;
export type KindName = ChannelConfig['kind'];
export type ConfigOf<K extends KindName> = Extract<ChannelConfig, { kind: K }>;
type WithoutId<C> = C extends ChannelConfig ? Omit<C, 'id'> : never;
export type ConfigDraft = WithoutId<ChannelConfig>;

/** What a person asked for, with the grant of a folder turned into its path. */
export type ChannelWish =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'webdav'; readonly url: string; readonly user: string; readonly password: string }
  | {
      readonly kind: 's3';
      readonly endpoint: string;
      readonly region: string;
      readonly bucket: string;
      readonly prefix: string;
      readonly accessKey: string;
      readonly secretKey: string;
    }
  | { readonly kind: 'hub'; readonly url: string; readonly token: string };
export type WishOf<K extends KindName> = Extract<ChannelWish, { kind: K }>;

/** What the application lends to every kind. */
export interface ChannelPorts {
  readonly engine: Engine;
  readonly random: (lengthBytes: number) => Uint8Array;
  readonly clock: { now(): number; after(delayMs: number, run: () => void): () => void };
  /** A folder in the profile's cache for parts of large objects that were cut; it can be deleted at any time. */
  readonly partsFolder: string;
  readonly fetch: typeof globalThis.fetch;
}

export interface SettleRequest<K extends KindName> {
  readonly wish: WishOf<K>;
  /** Null when the circle is yet to be founded. */
  readonly circle: { readonly id: CircleId; readonly name: string } | null;
  /** `join`: the circle must be there already. `found`: no circle may be there. `either`: whichever is the case. */
  readonly purpose: 'join' | 'found' | 'either';
  /** What matters comes another way: a place that is away now and needs no looking at is taken as it is called. */
  readonly unseen?: boolean;
  readonly signal?: AbortSignalLike;
}

export interface SettledPlace {
  readonly config: ConfigDraft;
  /** What goes into the secret store, null for nothing. */
  readonly secret: Readonly<Record<string, string>> | null;
  /** Whether the place is new, and the object `circle` is to be put there. */
  readonly isNew: boolean;
}

export interface OpenRequest<K extends KindName> {
  readonly config: ConfigOf<K>;
  /** As `settle` gave it; empty where it was lost. */
  readonly secret: Readonly<Record<string, string>>;
  readonly circle: OpenedCircle;
  /** Told of bytes as they go over the network, both ways. */
  readonly onTraffic: (bytes: { readonly sent: number; readonly received: number }) => void;
}

/**
 * Something may have been put; a hint may be wrong, and none may come. `heads` names all that was put where the store tells
 * so; without it only a listing can tell.
 */
export type OnHint = (heads?: readonly string[]) => void;

export interface ChannelWatch {
  /** After an exchange that reached the store: watches if it does not yet. */
  refresh(): void;
  /** The store is away. */
  forget(): void;
  /** Whether hints can be relied on for now, so that asking now and then is enough. */
  isLive(): boolean;
  dispose(): void;
}

export interface OpenedChannel {
  readonly store: RemoteStore;
  /** Where the kind can tell of news. */
  readonly watch?: (onHint: OnHint) => ChannelWatch;
  /** After an exchange that worked. */
  readonly afterExchange?: () => Promise<void>;
  readonly dispose?: () => void;
}

export interface ChannelKind<K extends KindName> {
  readonly kind: K;
  /** Whether it goes over a network: counts for low-data mode, and waits longer from one failure to the next. */
  readonly overNetwork: boolean;
  /** How often it is asked for news when nothing tells of them. */
  readonly pollMs: number;
  /** Reaches the place, tries it out, and says how it is to be kept. Fails, and then nothing was changed there. */
  settle(request: SettleRequest<K>, ports: ChannelPorts): Promise<SettledPlace>;
  /** What is there, for `testChannel`. */
  look(
    request: Omit<SettleRequest<K>, 'purpose'>,
    ports: ChannelPorts,
  ): Promise<{ readonly place: string; readonly found: 'empty' | 'other-files' | 'circle' | 'this-circle' }>;
  open(request: OpenRequest<K>, ports: ChannelPorts): OpenedChannel;
  /** What an invitation carries of the way here, never a person's own password; null for nothing (a folder). */
  invite(
    config: ConfigOf<K>,
    circle: OpenedCircle,
    ports: ChannelPorts,
  ): Promise<Readonly<Record<string, string>> | null>;
  /** As `invite`, for a device whose keys are known: where a place lets devices in, that one and no other. */
  inviteDevice?(
    config: ConfigOf<K>,
    circle: OpenedCircle,
    device: ReplicaId,
    ports: ChannelPorts,
  ): Promise<Readonly<Record<string, string>> | null>;
  /** Sees to it that a device whose key is here is not let in (any more). */
  turnAway?(config: ConfigOf<K>, circle: OpenedCircle, device: Signer, ports: ChannelPorts): Promise<void>;
  /** The other way round; null when the settings are not of this kind. */
  wishFrom(settings: Readonly<Record<string, string>>): WishOf<K> | null;
}
