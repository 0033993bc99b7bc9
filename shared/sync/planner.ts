/**
 * What to do next, given what is here, what the remote lists, and what this profile has put there. Pure: exchange.ts
 * carries the steps out and asks again until there are none. Rules SY50 to SY58 of SPEC.md.
 *
 * `shared/sync/` holds the object format (object-name.ts, object-format.ts, payload.ts), what objects say
 * (segment-codec.ts, manifest.ts, circle-object.ts, invitation.ts), how segments merge (packing.ts), the port to a remote
 * (remote-store.ts) and this planner. No network, no disk, no clock. SPEC.md has the rules, numbered.
 */
import type { ChangeHash, ReplicaId } from '../ids.ts';
import { firstEpoch, nameOfSegment, type LiveSegment, type Manifest } from './manifest.ts';
import { parseObjectName } from './object-name.ts';
import { pack } from './packing.ts';

/** What this profile has put of one chain of one of its replicas. */
export interface PublishedBranch {
  readonly replica: ReplicaId;
  readonly tip: ChangeHash;
  readonly seq: number;
  /** Null when it was never put, or is known to be gone. */
  readonly head: string | null;
  readonly segments: readonly LiveSegment[];
  /** Objects of ours that nothing refers to any more: to be removed once the head stands. */
  readonly obsolete: readonly string[];
}

/** One of our chains, as it is in the log, beside what was put of it. `chain` is its last change. */
export interface OwnChain {
  readonly chain: ChangeHash;
  readonly replica: ReplicaId;
  /** Whether this is the replica that now writes; earlier ones come last. */
  readonly current: boolean;
  readonly published: PublishedBranch | null;
  /** The next changes to put, at most a megabyte or so; null when everything was put. */
  readonly unsent: { readonly to: number; readonly sizeBytes: number; readonly epoch?: number } | null;
}

/** A head that was verified and opened. */
export interface OpenedHead {
  readonly name: string;
  readonly replica: ReplicaId;
  readonly manifest: Manifest;
}

export interface PlanView {
  readonly ownReplicas: ReadonlySet<ReplicaId>;
  readonly chains: readonly OwnChain[];
  /** Names of all heads on the remote. */
  readonly listedHeads: readonly string[];
  /** Heads opened in this run, by name. */
  readonly opened: ReadonlyMap<string, OpenedHead>;
  /** Heads whose changes were all taken in before, by name. */
  readonly taken: ReadonlySet<string>;
  /** Objects tried in this run: what could not be had, or did not bring what was hoped for, is left for the next one. */
  readonly tried: ReadonlySet<string>;
  /** Own objects that a check found missing or damaged. */
  readonly damaged: ReadonlySet<string>;
  readonly has: (change: ChangeHash) => boolean;
  /** The highest number held of a replica's changes, 0 for none. */
  readonly heldTo: (replica: ReplicaId) => number;
  /** Numbers of changes of a replica that are known to be missing below others that are here. */
  readonly missingBelow: (replica: ReplicaId) => readonly number[];
  /** Numbers of the ends of a replica's chain that are here, those below a gap among them. */
  readonly endsOf: (replica: ReplicaId) => readonly number[];
  /** Content hashes of originals: here and not yet put; named and not yet here. */
  readonly blobsToPut: readonly string[];
  readonly blobsToGet: readonly string[];
  readonly receiptDue: boolean;
  /** Others who may change the key: their heads are looked at before anything of ours is sealed. */
  readonly administrators?: ReadonlySet<ReplicaId>;
  /** Replicas whose changes are wanted before those of others: they write in what is open on screen. */
  readonly first?: ReadonlySet<ReplicaId>;
}

export type Step =
  /** Put changes `from` to `to` as one segment, which then stands between `before` and `after`. */
  | {
      readonly do: 'putSegment';
      readonly chain: ChangeHash;
      readonly from: number;
      readonly to: number;
      /** The epoch it is sealed in. */
      readonly epoch: number;
      readonly before: readonly LiveSegment[];
      readonly after: readonly LiveSegment[];
      /** Names of segments that this one makes obsolete. */
      readonly replaces: readonly string[];
    }
  | { readonly do: 'putHead'; readonly chain: ChangeHash }
  | { readonly do: 'removeObsolete'; readonly chain: ChangeHash }
  | { readonly do: 'getHead'; readonly name: string }
  | { readonly do: 'getSegment'; readonly name: string; readonly head: string }
  | { readonly do: 'putBlob'; readonly content: string }
  | { readonly do: 'getBlob'; readonly content: string }
  | { readonly do: 'putReceipt' };

/**
 * The steps that can be taken now, in order: heads under our own name that we do not know (somebody may be using a copy
 * of this profile) or whose changes our own log has lost in part, own unsent work, the others' heads, their segments,
 * earlier replicas of ours, originals, a receipt. Only the first kind that has anything to do is returned, because
 * carrying it out changes what follows.
 */
export function planExchange(view: PlanView): readonly Step[] {
  const phases = [ownHeads, administratorsHeads, currentChain, otherHeads, segments, earlierChains, blobs, receipt];
  for (const phase of phases) {
    const steps = phase(view);
    if (steps.length > 0) return steps;
  }
  return [];
}

function ownHeads(view: PlanView): Step[] {
  const known = new Set(view.chains.map((chain) => chain.published?.head));
  return unknownHeads(view)
    .filter(({ name, replica }) => {
      return view.ownReplicas.has(replica) && (!known.has(name) || view.missingBelow(replica).length > 0);
    })
    .map(getHead);
}

function administratorsHeads(view: PlanView): Step[] {
  const isDue = view.chains.some(({ unsent }) => unsent !== null);
  if (!isDue) return [];
  return unknownHeads(view)
    .filter(({ replica }) => view.administrators?.has(replica) === true)
    .map(getHead);
}

function otherHeads(view: PlanView): Step[] {
  return unknownHeads(view)
    .filter(({ replica }) => !view.ownReplicas.has(replica))
    .map(getHead);
}

function getHead({ name }: { readonly name: string }): Step {
  return { do: 'getHead', name };
}

function unknownHeads(view: PlanView): { name: string; replica: ReplicaId }[] {
  const unknown: { name: string; replica: ReplicaId }[] = [];
  for (const name of view.listedHeads) {
    const parsed = parseObjectName(name);
    if (parsed?.kind !== 'head') continue;
    if (view.taken.has(name) || view.opened.has(name) || view.tried.has(name)) continue;
    unknown.push({ name, replica: parsed.replica });
  }
  return unknown;
}

function currentChain(view: PlanView): Step[] {
  return view.chains.filter((chain) => chain.current).flatMap((chain) => publish(chain, view));
}

function earlierChains(view: PlanView): Step[] {
  return view.chains.filter((chain) => !chain.current).flatMap((chain) => publish(chain, view));
}

/** The larger object first, then the head that names it, and only then what both make superfluous is removed. */
function publish({ chain, replica, published, unsent }: OwnChain, view: PlanView): Step[] {
  const live = published?.segments ?? [];
  const mend = live.findIndex((segment) => view.damaged.has(nameOfSegment(replica, segment)));
  if (mend >= 0) {
    const { from, to, epoch = firstEpoch } = live[mend]!;
    const replaces = [nameOfSegment(replica, live[mend]!)];
    const [before, after] = [live.slice(0, mend), live.slice(mend + 1)];
    return [{ do: 'putSegment', chain, from, to, epoch, before, after, replaces }];
  }
  if (unsent) {
    const { epoch = firstEpoch } = unsent;
    const { keep, absorb } = pack(live, unsent.sizeBytes, epoch);
    const from = (keep.at(-1)?.to ?? 0) + 1;
    const replaces = absorb.map((segment) => nameOfSegment(replica, segment));
    return [
      { do: 'putSegment', chain, from, to: unsent.to, epoch, before: keep, after: [], replaces },
      { do: 'putHead', chain },
      { do: 'removeObsolete', chain },
    ];
  }
  if (!published) return [];
  const headGone = published.head === null || view.damaged.has(published.head);
  const steps: Step[] = headGone ? [{ do: 'putHead', chain }] : [];
  if (headGone || published.obsolete.length > 0) steps.push({ do: 'removeObsolete', chain });
  return steps;
}

/**
 * For each opened head whose tip is not here: its last segment, every segment with later changes than are held, and those
 * that fill a gap. What is held of a chain that went two ways may belong to the other way; then the last segment leaves a
 * gap, and the next plan asks for the one before it.
 */
function segments(view: PlanView): Step[] {
  const wanted = new Map<string, Step>();
  const isFirst = ({ replica }: OpenedHead): boolean => view.first?.has(replica) ?? false;
  const opened = [...view.opened.values()];
  for (const { name: head, replica, manifest } of [
    ...opened.filter(isFirst),
    ...opened.filter((each) => !isFirst(each)),
  ]) {
    const missing = view.missingBelow(replica);
    const lacksTip = !view.has(manifest.tip);
    if (!lacksTip && missing.length === 0) continue;
    const heldTo = view.heldTo(replica);
    const ends = view.endsOf(replica);
    // What is missing may be lost for good: what stands below it is asked for as well, unless it is here.
    const isBelow = ({ to }: LiveSegment): boolean =>
      missing.some((seq) => to < seq && !ends.some((end) => to <= end && end < seq));
    for (const [index, segment] of manifest.segments.entries()) {
      const isLast = index === manifest.segments.length - 1;
      const wantsIt =
        (lacksTip && (isLast || segment.to > heldTo)) ||
        missing.some((seq) => segment.from <= seq && seq <= segment.to) ||
        isBelow(segment);
      const name = nameOfSegment(replica, segment);
      if (wantsIt && !view.tried.has(name)) wanted.set(name, { do: 'getSegment', name, head });
    }
  }
  return [...wanted.values()];
}

function blobs(view: PlanView): Step[] {
  return [
    ...view.blobsToPut.map((content): Step => ({ do: 'putBlob', content })),
    ...view.blobsToGet.map((content): Step => ({ do: 'getBlob', content })),
  ];
}

function receipt(view: PlanView): Step[] {
  return view.receiptDue ? [{ do: 'putReceipt' }] : [];
}

/** A receipt goes out at most once in this time, and only when something arrived since the last. */
export const receiptIntervalMs = 60 * 60 * 1000;

/**
 * Replicas of which the remote shows less than it showed before: each with the highest number seen and the highest listed
 * (0: no head at all). An older state of the remote, or one half carried over; never a reason to remove anything.
 */
export function olderThanSeen(
  listedHeads: readonly string[],
  seen: ReadonlyMap<ReplicaId, number>,
): readonly { readonly replica: ReplicaId; readonly seen: number; readonly listed: number }[] {
  const listed = new Map<ReplicaId, number>();
  for (const name of listedHeads) {
    const parsed = parseObjectName(name);
    if (parsed?.kind === 'head') listed.set(parsed.replica, Math.max(parsed.seq, listed.get(parsed.replica) ?? 0));
  }
  return [...seen]
    .map(([replica, highest]) => ({ replica, seen: highest, listed: listed.get(replica) ?? 0 }))
    .filter((each) => each.listed < each.seen);
}
