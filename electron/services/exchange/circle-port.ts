/**
 * What exchange needs of a circle beyond what other services see, and of the circles of a profile. `circles/` implements
 * these; everything in `exchange/` works against them, so that it can be tested without a profile.
 */
import type { ChangeHash, CircleId, ReplicaId } from '../../../shared/ids.ts';
import type { StoredChange } from '../../../shared/records/change.ts';
import type { CircleKeys, Signer } from '../../../shared/sync/sealing-crypto.ts';
import type { Circle, Circles } from '../circles/circle.ts';

export interface ExchangeCircle extends Circle {
  /** A change of this circle as it is kept in the log. Fails with `not-found`, or `storage-damaged`. */
  readChange(hash: ChangeHash): Promise<StoredChange>;
  /** The circle's key in each epoch this profile knows. */
  readonly keys: CircleKeys;
  /**
   * Takes over keys that came sealed for this device; an administrator's device also opens an epoch where one is due after
   * a removal. Runs before an exchange.
   */
  tendKeys(): Promise<void>;
  /** The epoch in which a change of ours is to be sealed: what gives a key goes to those who have only the one before. */
  sealedIn(change: StoredChange): number;
  /** Removes from this machine what `write` and `receive` remove by themselves: originals that owners have erased (RC63). */
  dropErasedOriginals(): Promise<void>;
  /** How many were removed since the profile was opened: then what is remembered of which are here holds no longer. */
  removedOriginals(): number;
  /** Whether an original that an erasure of this circle names is gone from this machine, or kept for another reason. */
  isOriginalErased(content: string): boolean;
  /** Every replica whose signing key this profile holds, earlier ones included. */
  signers(): readonly Signer[];
  /**
   * Carries on under a new replica (design: a profile found on another machine, restored from a backup, or whose
   * published head is not in its log). Its first change names the last hash held, and proves whom it continues. Both
   * branches of the old replica stay valid. Does nothing when `replica` is not the one now writing.
   */
  startNewReplica(replica: ReplicaId): Promise<void>;
  /** Remembers the newest own change that a remote was given: should the log lose it, the next opening will know. */
  notePublished(hash: ChangeHash): Promise<void>;
}

/** What one needs to take part in a circle: the content of an invitation. */
export interface CircleAccess {
  readonly circle: CircleId;
  readonly name: string;
  readonly founder: ReplicaId;
  readonly epoch: number;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

export interface ExchangeCircles extends Circles {
  all(): readonly ExchangeCircle[];
  get(id: CircleId): ExchangeCircle;
  personal(): ExchangeCircle;
  /** A new shared circle with this profile's person as its founder; a random key, epoch 1. */
  create(request: { readonly name: string }): Promise<ExchangeCircle>;
  /** Takes part in somebody else's circle: writes this profile's device and person there. Fails with `circle-exists`. */
  join(access: CircleAccess): Promise<ExchangeCircle>;
  /** Runs the hooks registered by `beforeExchange`: what is in journals becomes changes. */
  prepareExchange(circle: Circle): Promise<void>;
}
