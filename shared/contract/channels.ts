/**
 * The channels of a circle: where its objects are exchanged. A circle has any number of them, each with a state of its
 * own; with none it lives on bundles. What a channel needs to be opened (passwords, keys, tokens) goes in with `connect`
 * and never comes out again.
 */
import { instant } from './common.ts';
import { errorCodes } from './errors.ts';
import { grant } from './files.ts';
import { z } from './schema.ts';

export const channelId = z.string().regex(/^[a-z0-9]{1,16}$/);
export const channelKind = z.enum(['folder', 'webdav', 's3', 'hub']);
export type ChannelKindName = z.output<typeof channelKind>;

const address = z
  .string()
  .trim()
  .regex(/^https?:\/\/\S+$/i);

/** A channel as a person describes it. */
export const channelRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('folder'), folder: grant }),
  /**
   * `url` is the address of a folder on a WebDAV server, as the server's own help gives it (for Nextcloud
   * `https://…/remote.php/dav/files/NAME/FOLDER`). Without `user` the server is asked as anybody.
   */
  z.object({ kind: z.literal('webdav'), url: address, user: z.string(), password: z.string() }),
  /** `prefix` is the folder within the bucket, empty for all of it. */
  z.object({
    kind: z.literal('s3'),
    endpoint: address,
    region: z.string().trim(),
    bucket: z.string().trim().min(1),
    prefix: z.string().trim(),
    accessKey: z.string().trim(),
    secretKey: z.string().trim(),
  }),
  /** `token`: a single-use invitation to the hub, where it needs one. */
  z.object({ kind: z.literal('hub'), url: address, token: z.string().trim().default('') }),
]);
export type ChannelRequest = z.output<typeof channelRequest>;

export const channelState = z.enum([
  /** Everything of ours is there and everything found there is here. */
  'in-step',
  'exchanging',
  /** Something of ours has not been put yet; the next exchange comes soon. */
  'unsent',
  /** Not reached the last time: see `reason` and `nextTryAt`. Nothing for a person to do but wait or look at the network. */
  'away',
  /** More than the chosen size is waiting in low-data mode: see `asks`, and `allow`. */
  'waiting-for-permission',
  /** The circle is paused. */
  'paused',
  /** Reached, and something stands in the way that waiting alone will not mend: see `reason`. */
  'trouble',
]);
export type ChannelState = z.output<typeof channelState>;

/** Of one exchange under way. */
export const channelProgress = z.object({
  doing: z.enum(['looking', 'sending', 'receiving']),
  /** Objects. */
  done: z.number(),
  total: z.number(),
  /** Of those objects whose size is known before: a lower bound. */
  doneBytes: z.number(),
  totalBytes: z.number(),
  startedAt: instant,
  /** Reckoned from the rate so far; null while nothing can be said. */
  secondsLeft: z.number().nullable(),
});
export type ChannelProgress = z.output<typeof channelProgress>;

export const channelView = z.object({
  id: channelId,
  kind: channelKind,
  /** The place in words for display: a path, an address. Never a secret. */
  place: z.string(),
  state: channelState,
  /** Why it is `away` or in `trouble`. `data.page` has the beginning of what answered instead, as text, where something did. */
  reason: z
    .object({
      code: z.enum(errorCodes),
      message: z.string(),
      data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    })
    .nullable(),
  /** When it is tried by itself; null while it is exchanging, paused, or nothing happens by itself. */
  nextTryAt: instant.nullable(),
  /** How often it failed since it last worked. */
  failures: z.number(),
  lastExchange: instant.nullable(),
  awaySince: instant.nullable(),
  unsentChanges: z.number(),
  unsentBytes: z.number(),
  progress: channelProgress.nullable(),
  /** What waits for permission in low-data mode. `allow` lets so much pass. */
  asks: z.object({ sendBytes: z.number(), receiveBytes: z.number() }).nullable(),
  /** The server tells of news at once; otherwise it is asked every so often. */
  pushes: z.boolean(),
  /** Bytes over the network since the program started, both ways. Zero for folders. */
  sentBytes: z.number(),
  receivedBytes: z.number(),
});
export type ChannelView = z.output<typeof channelView>;
