/** What has to be written so that blocks hold what a merge, or one side of it, says. */
import type { BlockId } from '../drafting/block.ts';
import { sameInline, type InlineContent } from '../drafting/inline.ts';
import type { Json, RecordId, VersionId } from '../ids.ts';
import { removalOver } from '../records/writer.ts';
import { blockText, type BlockText } from './block-text.ts';
import type { LineageIndex } from './lineage-index.ts';
import type { Piece } from './lineage-sides.ts';
import { contentOf, type Token } from './tokens.ts';

/** One field to be written to settle; the shape of the writer's IntendedOp. */
export interface SettlingOp {
  readonly record: RecordId;
  readonly type: 'block';
  readonly field: 'text' | 'removed';
  readonly over: readonly VersionId[];
  readonly value: Json;
}

/** What becomes of the blocks concerned: in reading order, which words each holds, and which go. */
export interface Settlement {
  readonly assignments: readonly { readonly block: BlockId; readonly content: InlineContent }[];
  readonly removals: readonly BlockId[];
  /** Everything to be written, in one change. Blocks whose places disagree with the reading order stay where they are. */
  readonly ops: readonly SettlingOp[];
}

export function assignmentsOf(pieces: readonly Piece[]): { block: BlockId; content: InlineContent }[] {
  const found: { block: BlockId; tokens: Token[] }[] = [];
  for (const piece of pieces) {
    if (piece.kind === 'boundary') found.push({ block: piece.blocks[0]!, tokens: [] });
    else found.at(-1)!.tokens.push(piece);
  }
  return found.map(({ block, tokens }) => ({ block, content: contentOf(tokens) }));
}

/**
 * `concerned`: all blocks of base and sides; those that the result does not mention are removed. `holder`: the block that
 * has what it took in, the others giving it back; null when the result has all that was taken in.
 */
export function settlementOf(
  index: LineageIndex,
  pieces: readonly Piece[],
  concerned: readonly BlockId[],
  holder: BlockId | null,
): Settlement {
  const assignments = assignmentsOf(pieces);
  const kept = new Set(assignments.map((assignment) => assignment.block));
  const removals = concerned.filter((block) => !kept.has(block));
  const ops: SettlingOp[] = [];
  for (const { block, content } of assignments) {
    const released = concerned.filter((joined) => {
      const joiners = index.joinsOf(joined).flatMap((join) => (kept.has(join.by) ? [join.by] : []));
      return joiners.includes(block) && (kept.has(joined) || block !== (holder ?? joiners[0]));
    });
    ops.push(...keepingOps(index, block, content, released));
  }
  for (const block of removals) {
    if (index.fold.record(block)?.removed === true) continue;
    ops.push({ record: block, type: 'block', field: 'removed', over: removalOver(index.fold, block), value: true });
  }
  return { assignments, removals, ops };
}

function keepingOps(
  index: LineageIndex,
  block: BlockId,
  content: InlineContent,
  released: readonly BlockId[],
): SettlingOp[] {
  const ops: SettlingOp[] = [];
  const state = index.fold.record(block);
  if (state !== null && state.removedBy.length > 0) {
    const over = state.fields.get('removed')!.heads.map((head) => head.id);
    ops.push({ record: block, type: 'block', field: 'removed', over, value: null });
  }
  const heads = index.heads(block);
  const shows = heads.length === 1 && sameInline(blockText(heads[0]!.value).content, content);
  if (shows && released.length === 0) return ops;
  const text: BlockText = released.length > 0 ? { content, released } : { content };
  const over = heads.map((head) => head.id);
  ops.push({ record: block, type: 'block', field: 'text', over, value: text as unknown as Json });
  return ops;
}
