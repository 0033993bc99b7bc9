/**
 * What the services see of a circle: its folded state, a way to write, and news of what changed. `circles/` opens the
 * circles of a profile; the log file and the journal are `storage/`, the remotes `exchange/`. What exchange needs beyond
 * this (reading changes, keys, creating and joining) is `ExchangeCircle(s)` in exchange/circle-port.ts: implement it here.
 */
import type { Author } from '../../../shared/contract/common.ts';
import type { ChangeHash, CircleId, Json, RecordId, ReplicaId } from '../../../shared/ids.ts';
import type { Fold } from '../../../shared/records/fold.ts';
import type { StoredChange } from '../../../shared/records/change.ts';
import type { IntendedOp } from '../../../shared/records/writer.ts';

export type { IntendedOp };

export interface CircleNews {
  readonly circle: CircleId;
  readonly records: readonly RecordId[];
  readonly origin: 'own' | 'partner';
  /** Values were dropped from the log: whoever keeps copies drops them too. */
  readonly erased?: boolean;
}

/**
 * Small values fsynced before a `put` resolves, one per key, surviving a crash; what stands here is not yet in the log.
 */
export interface Journal {
  /** Replaces (or, with null, drops) the values of these keys, atomically as a group. */
  put(entries: readonly { readonly key: string; readonly value: Json | null }[]): Promise<void>;
  entries(): ReadonlyMap<string, Json>;
}

export interface BlobStore {
  /** Keeps bytes under the SHA-256 (hex) of their content; sealed on the remote. */
  put(bytes: Uint8Array): Promise<string>;
  /** Null when the bytes are not on this machine (yet). */
  get(hash: string): Promise<Uint8Array | null>;
  has(hash: string): Promise<boolean>;
  /** Removes them for good, and what was set aside of them; nothing there is no error. */
  remove(hash: string): Promise<void>;
}

export interface Circle {
  readonly id: CircleId;
  readonly personal: boolean;
  readonly replica: ReplicaId;
  /** My person record in this circle. */
  readonly person: RecordId;
  readonly fold: Fold;
  readonly journal: Journal;
  readonly blobs: BlobStore;
  name(): string;
  newId(): RecordId;
  /**
   * Writes one change: signed chain, fsynced, folded, announced. Ops the writer may not make fail with `not-allowed` and
   * nothing is written. A full disk fails with `disk-full` and leaves the log as it was.
   */
  write(ops: readonly IntendedOp[]): Promise<ChangeHash>;
  /** Takes in verified changes of others; fsynced before it resolves. Known ones are skipped. */
  receive(changes: readonly StoredChange[]): Promise<{ readonly added: number }>;
  /** Who a replica's versions are attributed to. */
  authorOf(replica: ReplicaId): Author;
  onChanged(listener: (news: CircleNews) => void): () => void;
}

export interface Circles {
  all(): readonly Circle[];
  /** Fails with `not-found`. */
  get(id: CircleId): Circle;
  personal(): Circle;
  /** The circle that holds a record, if any. */
  holding(record: RecordId): Circle | undefined;
  onChanged(listener: (news: CircleNews) => void): () => void;
  /** Runs before an exchange and before closing: the drafts service empties its journal into the log here. */
  beforeExchange(hook: (circle: Circle) => Promise<void>): () => void;
}
