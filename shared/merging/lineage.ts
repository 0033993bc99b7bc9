/**
 * Merging texts that were split and joined meanwhile. The blocks that exchanged words are laid side by side as one
 * sequence in which the boundaries between blocks are tokens of their own: a split inserts a boundary, a join deletes
 * one, and typing changes words. Base and sides are such sequences; edits apart combine, edits that touch are a conflict,
 * and a boundary in the result says which words go to which block. What is offered is counted before it is offered: a
 * combination in which a word would stand twice or nowhere is a conflict.
 */
import type { BlockId } from '../drafting/block.ts';
import type { InlineContent } from '../drafting/inline.ts';
import type { VersionId } from '../ids.ts';
import { combine, combinedTokens, type Region } from './edits.ts';
import { lineageBase, type LineageBase, type NoBase } from './lineage-base.ts';
import { isWord, type LineageIndex } from './lineage-index.ts';
import { piecesOf, sidesOf, type Past, type Piece, type Side, type Sides } from './lineage-sides.ts';
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
  const from = lineageBase(index, block);
  if (from === null) return null;
  const found = from.versions === null ? null : sidesOf(index, from);
  if (from.versions === null || found === null) return withoutBase(index, from);
  if (found.sides.length === 0) return null;
  const { base, sides } = keyed(found);
  const mentioned = [...base, ...sides.flatMap((side) => side.pieces)].flatMap(blockOf);
  const concerned = [...new Set([...mentioned, ...from.ends.map((end) => end.record)])];
  const settled = (pieces: readonly Piece[], past: Past): Settlement =>
    settlementOf(index, pieces, { concerned, ends: from.ends, past });
  const regions = combine(
    base,
    sides.map((side) => side.pieces),
    isSpace,
  );
  const shown = distinct(sides.map(({ versions, pieces, past }) => ({ versions, settlement: settled(pieces, past) })));
  const isConflict = found.isBroughtBack || regions.some((region) => region.kind === 'conflict');
  if (isConflict || !holdsEachOnce(base, sides, regions)) {
    return { kind: 'conflict', base: assignmentsOf(base), sides: shown };
  }
  const settlement = settled(combinedTokens(regions), new Set(sides.flatMap((side) => [...side.past])));
  // Everything reads so already: the words were moved on when something else was settled.
  return settlement.ops.length === 0 ? null : { kind: 'combined', sides: shown, ...settlement };
}

/** Whether the combination holds every word that no side took out, as often as it was written, and every block once. */
function holdsEachOnce(base: readonly Piece[], sides: readonly Side[], regions: readonly Region<Piece>[]): boolean {
  const combined = combinedTokens(regions);
  const blocks = combined.flatMap(blockOf);
  if (new Set(blocks).size !== blocks.length) return false;
  const expected = new Map<number, string>();
  for (const pieces of [base, ...sides.map((side) => side.pieces)]) {
    for (const piece of pieces) if (piece.kind !== 'boundary' && isWord(piece)) expected.set(piece.id, piece.key);
  }
  for (const side of sides) for (const word of side.gone) expected.delete(word);
  const most = counted([...expected.values()]);
  const stands = counted(combined.flatMap((piece) => (piece.kind !== 'boundary' && isWord(piece) ? [piece.key] : [])));
  // The same words put in at the same spot by several are kept once, though each wrote them.
  const agreed = counted(
    regions.flatMap((region) =>
      region.kind === 'edit'
        ? region.sides
            .slice(1)
            .flatMap(() => region.tokens.filter((piece) => piece.kind !== 'boundary').map((piece) => piece.key))
        : [],
    ),
  );
  return [...new Set([...most.keys(), ...stands.keys()])].every((key) => {
    const missing = (most.get(key) ?? 0) - (stands.get(key) ?? 0);
    return missing >= 0 && missing <= (agreed.get(key) ?? 0);
  });
}

function counted(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
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
function keyed({ base, sides }: Sides): Pick<Sides, 'base' | 'sides'> {
  const inBase = new Set(base.flatMap(blockOf));
  const named = (pieces: readonly Piece[]): Piece[] =>
    pieces.map((piece) =>
      piece.kind === 'boundary'
        ? { ...piece, key: `boundary ${inBase.has(piece.block) ? piece.block : 'new'}` }
        : piece,
    );
  return { base: named(base), sides: sides.map((side) => ({ ...side, pieces: named(side.pieces) })) };
}

function blockOf(piece: Piece): readonly BlockId[] {
  return piece.kind === 'boundary' ? [piece.block] : [];
}

/** No common ancestor: for every text the way in which it stands whole, and the others without the words it has. */
function withoutBase(index: LineageIndex, { ends }: LineageBase | NoBase): LineageMerge {
  const concerned = [...new Set(ends.map((end) => end.record))];
  const sides = ends.map((end): LineageSide => {
    const held = new Set<number>();
    const shown = new Set<BlockId>();
    const versions: VersionId[] = [];
    const pieces: Piece[] = [];
    for (const other of [end, ...ends]) {
      if (shown.has(other.record)) continue;
      const own = piecesOf(index, other.record, other.id);
      const left = own.filter((piece) => piece.kind === 'boundary' || !held.has(piece.id));
      const isEmptied = left.length < own.length && !left.some((piece) => piece.kind !== 'boundary' && isWord(piece));
      shown.add(other.record);
      for (const piece of left) if (piece.kind !== 'boundary' && isWord(piece)) held.add(piece.id);
      if (isEmptied) continue;
      versions.push(other.id);
      pieces.push(...left);
    }
    return { versions, settlement: settlementOf(index, pieces, { concerned, ends, past: new Set() }) };
  });
  return { kind: 'conflict', base: null, sides: distinct(sides) };
}
