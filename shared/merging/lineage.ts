/**
 * Merging texts that were split and joined meanwhile. The blocks that exchanged words are laid side by side as one
 * sequence in which the boundaries between blocks are tokens of their own: a split inserts a boundary, a join deletes
 * one, and typing changes words. Base and sides are such sequences; edits apart combine, edits that touch are a conflict,
 * and a boundary in the result says which words go to which block.
 */
import type { BlockId } from '../drafting/block.ts';
import type { InlineContent } from '../drafting/inline.ts';
import type { VersionId } from '../ids.ts';
import { combine, combinedTokens } from './edits.ts';
import { collect, tailsOf, type Entry } from './lineage-base.ts';
import { holdersOf, type LineageIndex } from './lineage-index.ts';
import { expand, sequence, sidesOf, type Piece } from './lineage-sides.ts';
import { assignmentsOf, settlementOf, type Settlement } from './settlement.ts';

export type { Settlement, SettlingOp } from './settlement.ts';

const isSpace = (piece: Piece): boolean => piece.kind === 'space';

/** One way the texts stand now. `versions` are those it shows. */
export interface LineageSide {
  readonly versions: readonly VersionId[];
  readonly settlement: Settlement;
}

export type LineageMerge =
  | ({ readonly kind: 'combined'; readonly sides: readonly LineageSide[] } & Settlement)
  /** `base` is null when there is no one common ancestor. A person takes one of the sides or writes a new text. */
  | {
      readonly kind: 'conflict';
      readonly base: readonly { readonly block: BlockId; readonly content: InlineContent }[] | null;
      readonly sides: readonly LineageSide[];
    };

/**
 * What to offer for a block whose text was rewritten apart, or which was joined to another and changed apart. Null when
 * there is nothing to settle about its words.
 */
export function mergeLineage(index: LineageIndex, block: BlockId): LineageMerge | null {
  const roots = new Set(holdersOf(index, block));
  const collected: Entry[] = [];
  for (const root of roots) {
    if (!collect(index, root, collected, tailsOf(index, collected))) return withoutBase(index, [...roots]);
    // Who else took in one of these blocks has its words too, and is settled together with them.
    for (const entry of collected) for (const holder of holdersOf(index, entry.block)) roots.add(holder);
    for (const tail of tailsOf(index, collected)) {
      if (index.joinsOf(tail).length > 0) for (const holder of holdersOf(index, tail)) roots.add(holder);
    }
  }
  const tails = tailsOf(index, collected);
  const entries = collected.filter((entry) => !tails.has(entry.block));
  if (entries.length === 0) return null;
  const sides = sidesOf(index, entries);
  if (sides.length === 0) return null;
  const inBase = new Set(entries.map((entry) => entry.block));
  const marked = sides.map((side) => ({ ...side, pieces: side.pieces.map((piece) => keyed(piece, inBase)) }));
  const base = sequence(index, entries).map((piece) => keyed(piece, inBase));
  const regions = combine(
    base,
    marked.map((side) => side.pieces),
    isSpace,
  );
  const concerned = [...new Set([...base, ...marked.flatMap((side) => side.pieces)].flatMap(blocksOf))];
  const shown = marked.map((side) => ({
    versions: side.versions,
    settlement: settlementOf(index, side.pieces, concerned, side.holder),
  }));
  if (regions.some((region) => region.kind === 'conflict')) {
    return { kind: 'conflict', base: assignmentsOf(base), sides: distinct(shown) };
  }
  const settlement = settlementOf(index, combinedTokens(regions), concerned, null);
  // Everything reads so already: the words were moved on when something else was settled.
  return settlement.ops.length === 0 ? null : { kind: 'combined', sides: distinct(shown), ...settlement };
}

/** Sides that would leave the same texts are one. */
function distinct(sides: readonly LineageSide[]): LineageSide[] {
  const byText = new Map<string, LineageSide>();
  for (const side of sides) {
    const text = JSON.stringify([side.settlement.assignments, side.settlement.removals]);
    const same = byText.get(text);
    byText.set(text, same === undefined ? side : { ...same, versions: [...same.versions, ...side.versions] });
  }
  return [...byText.values()];
}

/** Boundaries of the base are each their own; new ones are alike, so that two splits at one spot are one. */
function keyed(piece: Piece, inBase: ReadonlySet<BlockId>): Piece {
  if (piece.kind !== 'boundary') return piece;
  const block = piece.blocks[0]!;
  return { ...piece, key: `boundary ${inBase.has(block) ? block : 'new'}` };
}

function blocksOf(piece: Piece): readonly BlockId[] {
  return piece.kind === 'boundary' ? piece.blocks : [];
}

/** No common ancestor: every head stands by itself, and a person chooses. */
function withoutBase(index: LineageIndex, roots: readonly BlockId[]): LineageMerge {
  const sides: LineageSide[] = [];
  for (const block of roots) {
    for (const head of index.heads(block)) {
      for (const side of expand(index, block, head, new Map([[block, head.id]]))) {
        sides.push({ versions: side.versions, settlement: settlementOf(index, side.pieces, [block], block) });
      }
    }
  }
  return { kind: 'conflict', base: null, sides: distinct(sides) };
}
