/**
 * Who was given the key of an epoch, who may be given it, and whom it was meant to shut out, as the records here say it.
 * What is missing may never come, so each question is answered by the record of the epoch itself where that can be.
 * Rules RC59 of shared/records/SPEC.md, SY80, SY84 and SY85 of shared/sync/SPEC.md.
 */
import type { ReplicaId } from '../../../shared/ids.ts';
import type { EpochState, Fold } from '../../../shared/records/fold.ts';
import type { Opening } from '../../../shared/records/judgement.ts';
import { isOpening } from '../../../shared/records/values.ts';
import { firstEpoch } from '../../../shared/sync/manifest.ts';

/** Whether a device was given the key of an epoch. */
export function wasGiven(fold: Fold, replica: ReplicaId, epoch: number): boolean {
  if (epoch === firstEpoch) return true;
  const record = fold.epochs().find(({ number }) => number === epoch);
  return record?.keys.has(replica) === true || joinedWith(fold, replica).has(epoch);
}

/** The epochs whose keys a device has shown to have by its card. */
function joinedWith(fold: Fold, replica: ReplicaId): ReadonlySet<number> {
  const shown = fold.statements('device', 'admitted').filter((version) => version.replica === replica);
  return new Set(shown.flatMap(({ value }) => (value as { readonly epoch?: number } | null | undefined)?.epoch ?? []));
}

/** A device with the earlier ones that it carries on: their keys are on the same disk. */
export function lineageOf(fold: Fold, replica: ReplicaId): ReadonlySet<ReplicaId> {
  const found = new Set([replica]);
  for (const each of found) {
    for (const { replica: by, value } of fold.statements('device', 'proof')) {
      const earlier = (value as { readonly replica?: ReplicaId } | null | undefined)?.replica;
      if (by === each && earlier !== undefined) found.add(earlier);
    }
  }
  return found;
}

/**
 * How many removed devices were given the key of an epoch or may still be, by somebody who has heard of their removal as
 * little as whoever opened it had.
 */
export function exposureOf(fold: Fold, epoch: number): number {
  const removed = new Set(fold.removals().map(({ replica }) => replica));
  if (removed.size === 0) return 0;
  const opening = fold.epochs().find(({ number }) => number === epoch);
  const shutOut = opening?.removed && new Set(opening.removed);
  return [...removed].filter((each) => wasGiven(fold, each, epoch) || shutOut?.has(each) === false).length;
}

/**
 * Whether anybody who holds the key of an epoch may give it to a device that takes part: whoever opened it said whom it
 * shuts out. Of an epoch that says nothing of that nobody else can know.
 */
export function isOpenTo(fold: Fold, { removed }: Pick<Opening, 'removed'>, replica: ReplicaId): boolean {
  if (removed === undefined) return false;
  const lineage = lineageOf(fold, replica);
  return !removed.some((each) => lineage.has(each));
}

/**
 * The epochs that a device lacks on the way to `newest`, that one first: each key stands in a change that is sealed with the
 * key before, so that it needs them all, back to one that it joined with or that everybody has. What an earlier device that
 * it carries on was given is on its disk, too.
 */
export function lackedBy(fold: Fold, replica: ReplicaId, newest: EpochState): EpochState[] {
  const openings = new Map(fold.epochs().map((epoch) => [epoch.number, epoch]));
  const lineage = lineageOf(fold, replica);
  const joined = new Set([...lineage].flatMap((each) => [...joinedWith(fold, each)]));
  const isLacked = ({ number, keys }: EpochState): boolean =>
    number === newest.number ? !keys.has(replica) : ![...lineage].some((each) => keys.has(each));
  const lacking: EpochState[] = [];
  const passed = new Set<number>([firstEpoch]);
  for (let at: EpochState | undefined = newest; at && !passed.has(at.number); at = openings.get(at.parent)) {
    if (joined.has(at.number)) break;
    passed.add(at.number);
    if (isLacked(at)) lacking.push(at);
  }
  return lacking;
}

/**
 * Whether an epoch may have been opened because somebody was removed who has the key in question (SY84): one that its record
 * shuts out; or, where that does not say, one whom an epoch before it knew. So it may where one of the records is not here.
 */
export function leftOutSome(fold: Fold, epoch: number, hasKey: (replica: ReplicaId) => boolean): boolean {
  if (epoch === firstEpoch) return false;
  const openings = new Map(
    fold
      .statements('epoch', 'opened')
      .filter(({ value }) => isOpening(value))
      .map(({ value }) => value as unknown as Opening)
      .map((opening) => [opening.number, opening]),
  );
  const opened = openings.get(epoch);
  if (!opened) return true;
  if (opened.removed !== undefined) return opened.removed.some(hasKey);
  const known = new Set(opened.known);
  const passed = new Set([firstEpoch]);
  for (let at = opened.parent; !passed.has(at);) {
    const before = openings.get(at);
    if (!before || before.known.some((each) => !known.has(each) && hasKey(each))) return true;
    passed.add(at);
    at = before.parent;
  }
  return false;
}
