/**
 * The port to a remote: a dumb store of immutable objects, by name. Every implementation passes the contract suite in
 * test/contract/remote-store-suite.ts. Rules SY30 to SY34 of SPEC.md.
 *
 * Failures are WorkbenchErrors: one of `awayCodes` (try later; `data.retryAfterMs` where the store said when),
 * `destination-not-writable`, `disk-full`, `channel-refused` (it does not let us in), `channel-unsuitable` (it is no such
 * store), `cancelled`. A name that is not there is no failure.
 */
import type { AbortSignalLike } from '../contract/contract.ts';
import type { ErrorCode } from '../contract/errors.ts';
import type { Prefix } from './object-name.ts';

/** Failures that pass by themselves: the store was not reached, or something else answered for it. */
export const awayCodes: ReadonlySet<string> = new Set<ErrorCode>([
  'folder-unreachable',
  'network-unreachable',
  'network-captive',
]);

export interface ListedObject {
  /**
   * The whole name, prefix included. Not always a name of the format: what a sync tool renamed is listed as it is
   * called, and `get` finds it under that.
   */
  readonly name: string;
  /** As the store says; not to be trusted for more than noticing that an object is too short. */
  readonly sizeBytes: number;
}

export interface StoreCapabilities {
  /** Reading everything again to check it costs nothing worth saving (a folder, unlike a server). */
  readonly cheapReads: boolean;
  /** How many objects it may be asked for at the same time, so that a long way costs its delay once; one when not given. */
  readonly parallelReads?: number;
  /** Whether large originals are put in parts (SY19): what is sent over a link that may break. */
  readonly inParts?: boolean;
}

export interface RemoteStore {
  readonly capabilities: StoreCapabilities;
  /** In words for display: a path, an address. Never a secret. */
  describe(): string;
  /** All objects under a prefix, in no particular order, possibly late. Empty when there are none. */
  list(prefix: Prefix, signal?: AbortSignalLike): Promise<readonly ListedObject[]>;
  /** Null when there is none, which may only mean that it has not arrived yet. */
  get(name: string, signal?: AbortSignalLike): Promise<Uint8Array | null>;
  /**
   * All of it or nothing, durable before it resolves. `present`: something stands under that name already, whole or not,
   * and was left alone. Fails with RangeError at a name that is not one of the format.
   */
  putIfAbsent(name: string, bytes: Uint8Array, signal?: AbortSignalLike): Promise<'stored' | 'present'>;
  /**
   * Only for objects of one's own, and to replace a damaged one. A name that is not there is no error. A store that knows
   * its devices keeps what a removed one has put: then it fails with `data.kept`.
   */
  removeOwn(name: string): Promise<void>;
}
