/**
 * What each side of a merge reads. A side is what one person had on the page: a text that stands, everything that it was
 * built on (a change is seen whole), and all else as it was at the base.
 */
import type { BlockId } from '../drafting/block.ts';
import type { VersionId } from '../ids.ts';
import type { Version } from '../records/fold.ts';
import { blockText } from './block-text.ts';
import type { LineageBase } from './lineage-base.ts';
import { wordsOf, type LineageIndex } from './lineage-index.ts';
import type { Atom } from './word-lineage.ts';

/** A block's words from here on. */
export interface Boundary {
  readonly key: string;
  readonly kind: 'boundary';
  readonly block: BlockId;
}
export type Piece = Atom | Boundary;

export interface Side {
  /** The texts on the page that this side shows. */
  readonly versions: readonly VersionId[];
  readonly pieces: readonly Piece[];
  readonly past: Past;
  /** Words that stood when the side was written, or were written by it, and that it does not hold. */
  readonly gone: ReadonlySet<number>;
}

export interface Sides {
  readonly base: readonly Piece[];
  readonly sides: readonly Side[];
  /** Somebody brought back a block whose words another one holds: only a person can say which is meant. */
  readonly isBroughtBack: boolean;
}

/** Versions written since the base that one person had seen. */
export type Past = ReadonlySet<VersionId>;

/** Null when what somebody saw cannot be told from what is here. */
export function sidesOf(index: LineageIndex, base: LineageBase): Sides | null {
  const ends = base.ends.map((end) => ({ end, past: pastOf(index, base, end) }));
  const last = ends.filter(
    ({ end, past }) => past.size > 0 && !ends.some((other) => other.end !== end && isWithin(end, past, other)),
  );
  const grown = last.map(({ past }) => {
    let own = past;
    for (const other of last) {
      const both = new Set([...own, ...other.past]);
      if ([...other.past].some((id) => own.has(id)) && stateOf(index, base, both) !== null) own = both;
    }
    return own;
  });
  const order = orderOf(index, base);
  const isKept = (block: BlockId): boolean => base.versions.get(block) !== null;
  const frame = order.filter(isKept);
  const sides: Side[] = [];
  for (const past of distinct(grown)) {
    const state = stateOf(index, base, past);
    if (state === null) return null;
    sides.push(sideOf(index, base, past, state, frame));
  }
  // A text still as it was at the base is a side when another took it in and somebody wants it where it was.
  const untouched = ends.filter(({ end, past }) => past.size === 0 && isTakenIn(index, base, end.record));
  if (untouched.length > 0) {
    const side = sideOf(index, base, new Set(), stateOf(index, base, new Set())!, frame);
    sides.push({ ...side, versions: untouched.map(({ end }) => end.id) });
  }
  return {
    base: frame.flatMap((block) => piecesOf(index, block, base.versions.get(block)!)),
    sides,
    isBroughtBack: untouched.some(({ end }) => index.fold.record(end.record)!.removedBy.length === 0),
  };
}

/** Of two ends that saw each other (equal values written apart are one), the first stays. */
function isWithin(end: Version, past: Past, other: { readonly end: Version; readonly past: Past }): boolean {
  return other.past.has(end.id) && (!past.has(other.end.id) || other.end.id < end.id);
}

function isTakenIn(index: LineageIndex, { since }: LineageBase, block: BlockId): boolean {
  return [...since].some((id) => index.sources(index.version(id)!).some((source) => source.record === block));
}

function pastOf(index: LineageIndex, { versions, since }: LineageBase, end: Version): Past {
  const past = new Set<VersionId>();
  const add = (version: Version): void => {
    if (versions.has(version.record) && since.has(version.id)) past.add(version.id);
  };
  add(end);
  for (const id of past) {
    const version = index.version(id)!;
    index.parents(version).forEach(add);
    index.sources(version).forEach(add);
    index.sameChange(version).forEach(add);
  }
  return past;
}

/** Which version of each block is read; null when a past has several of one block, or would show a word twice. */
function stateOf(index: LineageIndex, base: LineageBase, past: Past): Map<BlockId, VersionId> | null {
  const state = new Map<BlockId, VersionId>();
  for (const [block, version] of base.versions) if (version !== null) state.set(block, version);
  const last = new Set(past);
  for (const id of past) for (const parent of index.parents(index.version(id)!)) last.delete(parent.id);
  const seen = new Set<BlockId>();
  for (const id of last) {
    const { record } = index.version(id)!;
    if (seen.has(record)) return null;
    seen.add(record);
    state.set(record, id);
  }
  for (const [block, version] of state) {
    if (isGone(index, block, version, past)) state.delete(block);
  }
  const words = [...state.values()].flatMap((version) => wordsOf(index, version));
  return new Set(words).size === words.length ? state : null;
}

/** Taken in by another, or removed with its words. */
function isGone(index: LineageIndex, block: BlockId, shown: VersionId, past: Past): boolean {
  for (const id of past) {
    const version = index.version(id)!;
    const { joined = [], moved = [] } = blockText(version.value);
    for (const piece of [...joined, ...moved]) {
      if (piece.block !== block || version.record === block) continue;
      if (!index.ancestry([piece.version]).has(shown)) continue;
      const isReleased = [...past].some(
        (later) =>
          blockText(index.version(later)!.value).released?.includes(block) === true && index.ancestry([later]).has(id),
      );
      if (!isReleased) return true;
    }
  }
  return index.fold.record(block)?.removed === true && index.joinsOf(block).length === 0;
}

function sideOf(
  index: LineageIndex,
  base: LineageBase,
  past: Past,
  state: ReadonlyMap<BlockId, VersionId>,
  frame: readonly BlockId[],
): Side {
  const shown = walk(index, past, frame, new Set(frame));
  const order = [...shown, ...[...state.keys()].filter((block) => !shown.includes(block)).sort()];
  const pieces = order.flatMap((block) => (state.has(block) ? piecesOf(index, block, state.get(block)!) : []));
  const held = new Set(pieces.flatMap((piece) => (piece.kind === 'boundary' ? [] : [piece.id])));
  const stood = [...past, ...[...base.versions.values()].flatMap((id) => (id === null ? [] : [id]))];
  return {
    versions: base.ends.flatMap((end) => (past.has(end.id) ? [end.id] : [])),
    pieces,
    past,
    gone: new Set(stood.flatMap((id) => wordsOf(index, id)).filter((word) => !held.has(word))),
  };
}

/** All blocks, those taken in and split off behind those that did it. */
function orderOf(index: LineageIndex, base: LineageBase): BlockId[] {
  const taken = new Set([...base.since].flatMap((id) => linksOf(index.version(id)!)));
  const blocks = [...base.versions.keys()].sort();
  return walk(index, base.since, [...blocks.filter((block) => !taken.has(block)), ...blocks], new Set());
}

/** The blocks of `first` in this order, each followed by what was made of it; those in `placed` only where they stand. */
function walk(index: LineageIndex, past: Past, first: readonly BlockId[], placed: ReadonlySet<BlockId>): BlockId[] {
  const order = new Set<BlockId>();
  const seen = new Set<BlockId>();
  const visit = (block: BlockId, isFirst: boolean): void => {
    if (seen.has(block) || (!isFirst && placed.has(block))) return;
    seen.add(block);
    order.add(block);
    const own = [...past].map((id) => index.version(id)!).filter((version) => version.record === block);
    const depth = new Map(own.map((version) => [version.id, index.ancestry([version.id]).size]));
    own.sort((a, b) => depth.get(b.id)! - depth.get(a.id)! || (a.id < b.id ? -1 : 1));
    for (const version of own) for (const next of linksOf(version)) visit(next, false);
  };
  for (const block of first) visit(block, true);
  return [...order];
}

/** The blocks that a version took in or gave its end to. */
function linksOf(version: Version): BlockId[] {
  const { tail, joined = [] } = blockText(version.value);
  return [...joined.map((piece) => piece.block), ...(tail === undefined ? [] : [tail])];
}

function distinct(pasts: readonly Past[]): Past[] {
  return [...new Map(pasts.map((past) => [[...past].sort().join(' '), past])).values()];
}

export function piecesOf(index: LineageIndex, block: BlockId, version: VersionId): Piece[] {
  return [{ key: '', kind: 'boundary', block }, ...index.atoms(version)];
}
