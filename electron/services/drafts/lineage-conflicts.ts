/**
 * Conflicts of texts that were split and joined meanwhile (shared/merging/lineage.ts), as they are shown on live blocks.
 * Costs a walk over a draft's versions, so it is made only while something in the draft needs it.
 */
import type { RecordId } from '../../../shared/ids.ts';
import type { Fold } from '../../../shared/records/fold.ts';
import type { Inline, InlineContent } from '../../../shared/drafting/inline.ts';
import { normaliseInline } from '../../../shared/drafting/inline.ts';
import { createLineageIndex, unsettledBlocks } from '../../../shared/merging/lineage-index.ts';
import { mergeLineage, type LineageMerge, type Settlement } from '../../../shared/merging/lineage.ts';
import { readableInline } from './fields.ts';

export interface LineageConflict {
  readonly merge: LineageMerge;
  /** The ways differ in how the words are divided into blocks: all words concerned are shown, and settled, on this one. */
  readonly isWhole: boolean;
  /** Every block that has or had some of the words. */
  readonly concerned: readonly RecordId[];
  /** What one way of settling would leave, as it is shown on the block: its own words, or all words concerned. */
  show(settlement: Pick<Settlement, 'assignments'>): InlineContent;
}

export interface LineageConflicts {
  /** Live blocks on which a conflict is shown. */
  readonly blocks: ReadonlySet<RecordId>;
  of(block: RecordId): LineageConflict | null;
}

export const noLineageConflicts: LineageConflicts = { blocks: new Set(), of: () => null };

export function lineageConflictsOf(fold: Fold, draft: RecordId): LineageConflicts {
  const index = createLineageIndex(fold, draft);
  const found = new Map<RecordId, LineageConflict>();
  for (const block of unsettledBlocks(index)) {
    const merge = mergeLineage(index, block);
    if (merge !== null && merge.sides.length > 1) found.set(block, conflictOn(block, merge));
  }
  return { blocks: new Set(found.keys()), of: (block) => found.get(block) ?? null };
}

function conflictOn(block: RecordId, merge: LineageMerge): LineageConflict {
  const rest = merge.sides.map(({ settlement }) =>
    JSON.stringify(settlement.assignments.map((each) => (each.block === block ? each.block : each))),
  );
  const isEverywhere = merge.sides.every(({ settlement }) =>
    settlement.assignments.some((each) => each.block === block),
  );
  const isWhole = !isEverywhere || new Set(rest).size > 1;
  const concerned = merge.sides.flatMap(({ settlement }) => [
    ...settlement.assignments.map((each) => each.block),
    ...settlement.removals,
  ]);
  const show: LineageConflict['show'] = ({ assignments }) => {
    const own = assignments.find((each) => each.block === block);
    if (!isWhole && own !== undefined) return readableInline(own.content);
    const lineBreak: Inline = { t: 'break' };
    const all = assignments.flatMap(({ content }, at) => (at === 0 ? content : [lineBreak, ...content]));
    return readableInline(normaliseInline(all));
  };
  return { merge, isWhole, concerned: [...new Set(concerned)], show };
}

/** The live blocks that have this one's words by a join which still stands, although the block stands too. */
export function takenInBy(fold: Fold, draft: RecordId, block: RecordId): RecordId[] {
  const joins = createLineageIndex(fold, draft)
    .takenApart()
    .find((each) => each.block === block)?.joins;
  const holders = (joins ?? []).flatMap((join) => join.holders);
  return [...new Set(holders)].filter((by) => by !== block && fold.record(by)?.removed === false);
}
