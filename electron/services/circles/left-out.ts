/**
 * Which epochs may have been opened because somebody was removed, of whose removal nothing else is here (SY84). What is
 * missing may never come: the keys of all other epochs are passed on meanwhile.
 */
import type { ReplicaId } from '../../../shared/ids.ts';
import type { Fold } from '../../../shared/records/fold.ts';
import { isOpening } from '../../../shared/records/values.ts';
import { firstEpoch } from '../../../shared/sync/manifest.ts';

/**
 * Whether an epoch was opened without a device that an epoch before it knew and that has the key in question: it may have
 * been removed. So it may where one of the records is not here.
 */
export function leftOutSome(fold: Fold, epoch: number, hasKey: (replica: ReplicaId) => boolean): boolean {
  if (epoch === firstEpoch) return false;
  const openings = new Map(
    fold
      .statements('epoch', 'opened')
      .filter(({ value }) => isOpening(value))
      .map(({ value }) => value as { number: number; parent: number; known: readonly ReplicaId[] })
      .map((opening) => [opening.number, opening]),
  );
  const opened = openings.get(epoch);
  if (!opened) return true;
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
