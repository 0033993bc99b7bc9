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
  /** Which block's lineage is shown on which live block. */
  const subjects = new Map<RecordId, RecordId>();
  for (const block of unsettledBlocks(index)) {
    if (fold.record(block)?.removed !== true) subjects.set(block, block);
    // Taken in by two apart: the words stand in both.
    else for (const join of index.joinsOf(block)) if (!subjects.has(join.by)) subjects.set(join.by, block);
  }
  const found = new Map<RecordId, LineageConflict>();
  for (const [block, subject] of subjects) {
    const merge = mergeLineage(index, subject);
    if (merge !== null && merge.sides.length > 1)
      found.set(block, { merge, show: (way) => shownOn(block, merge, way) });
  }
  return { blocks: new Set(found.keys()), of: (block) => found.get(block) ?? null };
}

/**
 * The block's own words where the ways differ in nothing else; otherwise all of them one after the other, because what is
 * to be chosen between is then how the words are divided as well.
 */
function shownOn(block: RecordId, merge: LineageMerge, way: Pick<Settlement, 'assignments'>): InlineContent {
  const rest = merge.sides.map(({ settlement }) =>
    JSON.stringify(settlement.assignments.map((each) => (each.block === block ? each.block : each))),
  );
  const own = way.assignments.find((each) => each.block === block);
  if (own !== undefined && new Set(rest).size === 1) return readableInline(own.content);
  const lineBreak: Inline = { t: 'break' };
  const all = way.assignments.flatMap(({ content }, at) => (at === 0 ? content : [lineBreak, ...content]));
  return readableInline(normaliseInline(all));
}
