/** What has to be written so that blocks hold what a merge, or one side of it, says. */
import type { BlockId } from '../drafting/block.ts';
import { sameInline, type InlineContent } from '../drafting/inline.ts';
import type { Json, RecordId, VersionId } from '../ids.ts';
import type { Version } from '../records/fold.ts';
import { removalOver } from '../records/writer.ts';
import { blockText, type BlockText, type Moved } from './block-text.ts';
import type { LineageIndex } from './lineage-index.ts';
import type { Piece } from './lineage-sides.ts';
import { contentOf } from './tokens.ts';
import type { Atom } from './word-lineage.ts';

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

/** What is settled. */
export interface Settled {
  /** All blocks of base and sides; those that the result does not mention are removed. */
  readonly concerned: readonly BlockId[];
  /** The texts on the page, from which words may go to other blocks. */
  readonly ends: readonly Version[];
  /** The versions that the result is made of: joins made by others are taken back. */
  readonly past: ReadonlySet<VersionId>;
}

interface Part {
  readonly block: BlockId;
  readonly content: InlineContent;
  readonly atoms: readonly Atom[];
}

export function assignmentsOf(pieces: readonly Piece[]): { block: BlockId; content: InlineContent }[] {
  return partsOf(pieces).map(({ block, content }) => ({ block, content }));
}

function partsOf(pieces: readonly Piece[]): Part[] {
  const found: { block: BlockId; atoms: Atom[] }[] = [];
  for (const piece of pieces) {
    if (piece.kind === 'boundary') found.push({ block: piece.block, atoms: [] });
    else found.at(-1)!.atoms.push(piece);
  }
  return found.map(({ block, atoms }) => ({ block, atoms, content: contentOf(atoms) }));
}

export function settlementOf(
  index: LineageIndex,
  pieces: readonly Piece[],
  { concerned, ends, past }: Settled,
): Settlement {
  const parts = partsOf(pieces);
  const kept = new Set(parts.map((part) => part.block));
  const removals = concerned.filter((block) => !kept.has(block));
  const given = releasedBy(index, parts, concerned, past);
  const ops: SettlingOp[] = [];
  for (const part of parts) {
    const released = given.get(part.block) ?? [];
    ops.push(...keepingOps(index, part, ends, released));
  }
  for (const block of removals) {
    if (index.fold.record(block)?.removed === true) continue;
    ops.push({ record: block, type: 'block', field: 'removed', over: removalOver(index.fold, block), value: true });
  }
  return { assignments: parts.map(({ block, content }) => ({ block, content })), removals, ops };
}

/** Of several that took in one block apart, one stays the block's taker; which blocks the others give back. */
function releasedBy(
  index: LineageIndex,
  parts: readonly Part[],
  concerned: readonly BlockId[],
  past: ReadonlySet<VersionId>,
): ReadonlyMap<BlockId, readonly BlockId[]> {
  const released = new Map<BlockId, readonly BlockId[]>();
  const kept = new Map(parts.map((part) => [part.block, new Set(part.atoms.map((atom) => atom.id))]));
  for (const { block, joins } of index.takenApart()) {
    if (!concerned.includes(block)) continue;
    const takers = kept.has(block)
      ? []
      : joins
          .filter((join) => past.has(join.at))
          .flatMap(({ holders, version }) =>
            holders.filter((each) => kept.has(each)).map((holder) => ({ holder, version })),
          );
    const holds = takers.find(({ holder, version }) =>
      index.atoms(version).some((atom) => kept.get(holder)!.has(atom.id)),
    );
    const taker = (holds ?? takers[0])?.holder;
    for (const holder of new Set(joins.flatMap((join) => join.holders))) {
      if (holder !== taker && kept.has(holder)) released.set(holder, [...(released.get(holder) ?? []), block]);
    }
  }
  return released;
}

function keepingOps(
  index: LineageIndex,
  { block, content, atoms }: Part,
  ends: readonly Version[],
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
  const moved = movedTo(index, block, atoms, ends);
  const text: BlockText = {
    content,
    ...(released.length > 0 ? { released } : {}),
    ...(moved.length > 0 ? { moved } : {}),
  };
  const over = heads.map((head) => head.id);
  ops.push({ record: block, type: 'block', field: 'text', over, value: text as unknown as Json });
  return ops;
}

/** The texts of other blocks that hold words which this one is to have and has not. */
function movedTo(index: LineageIndex, block: BlockId, atoms: readonly Atom[], ends: readonly Version[]): Moved[] {
  const own = new Set(index.heads(block).flatMap((head) => index.atoms(head.id).map((atom) => atom.id)));
  const foreign = new Set(atoms.flatMap((atom) => (own.has(atom.id) ? [] : [atom.id])));
  return ends
    .filter((end) => end.record !== block && index.atoms(end.id).some((atom) => foreign.has(atom.id)))
    .map((end) => ({ block: end.record, version: end.id }));
}
