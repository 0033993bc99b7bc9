/**
 * Blocks that somebody took in without having seen what another made of them. Such texts need not share a word any more
 * (the only one may have been replaced), and are to be settled together all the same.
 */
import type { BlockId } from '../drafting/block.ts';
import type { VersionId } from '../ids.ts';
import type { Fold, Version } from '../records/fold.ts';
import { blockText } from './block-text.ts';

/** `by`, in its version `at`, took in the words of a block as they stood in `version`. */
export interface Join {
  readonly by: BlockId;
  readonly at: VersionId;
  readonly version: VersionId;
}

export interface StandingJoin extends Join {
  /** Who has the words now: the block that took them in, or those that took that one in. */
  readonly holders: readonly BlockId[];
}

export interface TakenApart {
  readonly block: BlockId;
  readonly joins: readonly StandingJoin[];
}

export interface JoinSource {
  readonly fold: Fold;
  readonly joins: ReadonlyMap<BlockId, readonly Join[]>;
  versionsOf(block: BlockId): readonly Version[];
  standing(block: BlockId): readonly Version[];
  related(block: BlockId): readonly BlockId[];
  descent(of: VersionId): ReadonlySet<VersionId>;
}

/** Blocks that stand although they were taken in, and those that several have, as far as nobody gave them back. */
export function takenApartIn(source: JoinSource): TakenApart[] {
  return [...source.joins].flatMap(([block, all]): TakenApart[] => {
    const state = source.fold.record(block);
    if (state === null || state.removedBy.length === 0) return [];
    const isHere = (join: Join): boolean => source.versionsOf(block).some((version) => version.id === join.version);
    const joins = all
      .filter((join) => isHere(join) && !isReleased(source, block, join))
      .map((join) => ({ ...join, holders: holdersOf(source, join) }))
      .filter((join) => join.holders.length > 0);
    if (!state.removed) return joins.length > 0 ? [{ block, joins }] : [];
    // Of takers that were taken in themselves, only the words they still show are compared.
    const standing = joins.filter((join) => source.standing(join.by).length > 0);
    return new Set(standing.map((join) => join.by)).size > 1 ? [{ block, joins: standing }] : [];
  });
}

function holdersOf({ standing, related, descent }: JoinSource, { by, at }: Join): BlockId[] {
  if (standing(by).length > 0) return standing(by).some((head) => descent(head.id).has(at)) ? [by] : [];
  return related(by).filter((block) => standing(block).some((head) => descent(head.id).has(at)));
}

/** Whoever has the words now may have given them back, not only who took them in. */
function isReleased({ versionsOf, related, descent }: JoinSource, block: BlockId, { at }: Join): boolean {
  return related(block)
    .flatMap((each) => versionsOf(each))
    .some((version) => blockText(version.value).released?.includes(block) === true && descent(version.id).has(at));
}
