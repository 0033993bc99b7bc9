/**
 * Merging texts that were split and joined meanwhile. The blocks that exchanged words are laid side by side as one
 * sequence in which the boundaries between blocks are tokens of their own: a split inserts a boundary, a join deletes
 * one, and typing changes words. Base and sides are such sequences; edits apart combine, edits that touch are a conflict,
 * and a boundary in the result says which words go to which block.
 */
import type { BlockId } from '../drafting/block.ts';
import { sameInline, type InlineContent } from '../drafting/inline.ts';
import type { Json, RecordId, VersionId } from '../ids.ts';
import type { Version } from '../records/fold.ts';
import { removalOver } from '../records/writer.ts';
import { blockText, type BlockText } from './block-text.ts';
import { combine, combinedTokens } from './edits.ts';
import { holdersOf, type LineageIndex } from './lineage-index.ts';
import { contentOf, tokensOf, type Token } from './tokens.ts';

/** A block's words from here on; `blocks` lists who begins here (several when two split at one spot). */
interface Boundary {
  readonly key: string;
  readonly kind: 'boundary';
  readonly blocks: readonly BlockId[];
}
type Piece = Token | Boundary;

const isSpace = (piece: Piece): boolean => piece.kind === 'space';

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

/** A block in the sequence, at the version from which the sides went apart. */
interface Entry {
  readonly block: BlockId;
  readonly base: VersionId;
}

interface Reading {
  readonly versions: readonly VersionId[];
  readonly pieces: readonly Piece[];
  /** Blocks whose words are in these, taken in by joining. */
  readonly taken: ReadonlySet<BlockId>;
}

/** `holder`: the block whose head this side shows, and with it the words that block took in. */
interface Side extends Reading {
  readonly holder: BlockId;
}

/**
 * What to offer for a block whose text was rewritten apart, or which was joined to another and changed apart. Null when
 * there is nothing to settle about its words.
 */
export function mergeLineage(index: LineageIndex, block: BlockId): LineageMerge | null {
  const roots = new Set(holdersOf(index, block));
  const collected: Entry[] = [];
  for (const root of roots) {
    if (!collect(index, root, collected)) return withoutBase(index, [...roots]);
    // Who else took in one of these blocks has its words too, and is settled together with them.
    for (const entry of collected) for (const holder of holdersOf(index, entry.block)) roots.add(holder);
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
  return { kind: 'combined', sides: distinct(shown), ...settlementOf(index, combinedTokens(regions), concerned, null) };
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

/** Whether something of a joined block is unsettled: it still stands, is in two places, or took in a block that is open. */
function isOpen(index: LineageIndex, block: BlockId, seen: ReadonlySet<BlockId> = new Set()): boolean {
  if (seen.has(block)) return false;
  if (index.fold.record(block)?.removed !== true) return true;
  if (holdersOf(index, block).length > 1) return true;
  const further = new Set([...seen, block]);
  return [...index.takenBy(block, index.versions(block))].some((taken) => isOpen(index, taken, further));
}

/**
 * The version of `block` from which everything open went apart: the nearest common ancestor of its heads, of what joins
 * took in of it, and of what open joins by it built on. Undefined when it has no text, null when there is no single one.
 */
function baseOf(index: LineageIndex, block: BlockId): VersionId | null | undefined {
  const ends: VersionId[] = index.heads(block).map((head) => head.id);
  if (ends.length === 0) return undefined;
  const standing = index.ancestry(block, ends);
  ends.push(...takenVersions(index, block));
  for (const joined of index.blocks) {
    if (!isOpen(index, joined)) continue;
    for (const join of index.joinsOf(joined)) {
      if (join.by !== block || !standing.has(join.at)) continue;
      const before = index.version(block, join.at)!.over.filter((id) => index.version(block, id) !== undefined);
      if (before.length === 0) return null;
      ends.push(...before);
    }
  }
  if (index.fold.field(block, 'text')!.incomplete) return null;
  let common: VersionId[] | undefined;
  for (const end of ends) {
    const ancestors = index.ancestry(block, [end]);
    common = common === undefined ? [...ancestors] : common.filter((id) => ancestors.has(id));
  }
  const nearest = new Set(common);
  for (const id of common!) for (const over of index.version(block, id)!.over) nearest.delete(over);
  if (nearest.size !== 1) return null;
  const base = index.version(block, [...nearest][0]!)!;
  return base.erased ? null : base.id;
}

/** The versions in which others took the block in, as far as they are here. */
function takenVersions(index: LineageIndex, block: BlockId): VersionId[] {
  return index
    .joinsOf(block)
    .map((join) => join.version)
    .filter((id) => index.version(block, id) !== undefined);
}

/**
 * Adds the block and, after it, the blocks that later versions of it, or of what was split off it, took in. False when one
 * has no single base.
 */
function collect(index: LineageIndex, block: BlockId, entries: Entry[]): boolean {
  if (entries.some((known) => known.block === block)) return true;
  const base = baseOf(index, block);
  if (base === null) return false;
  if (base === undefined) return true;
  entries.push({ block, base });
  const tails = tailsOf(index, [{ block, base }]);
  const paths = [[block, base] as const, ...[...tails].map((tail) => [tail, null] as const)];
  for (const [by, from] of paths) {
    const path = index.heads(by).flatMap((head) => between(index, by, from, head.id));
    for (const joined of index.takenBy(by, path)) {
      // A block that was split off after the base is not in the base, even when it was taken in again.
      if (!tails.has(joined) && !collect(index, joined, entries)) return false;
    }
  }
  return true;
}

/** Heads that say something neither the base nor what others took in of the block says. */
function liveHeads(index: LineageIndex, { block, base }: Entry): Version[] {
  if (index.fold.record(block)?.removed === true) return [];
  const before = index.ancestry(block, [base, ...takenVersions(index, block)]);
  return index.heads(block).filter((head) => !before.has(head.id));
}

/** The versions from `base` (left out) to `head`, predecessors first. */
function between(index: LineageIndex, block: BlockId, base: VersionId | null, head: VersionId): Version[] {
  const before = base === null ? new Set<VersionId>() : index.ancestry(block, [base]);
  const upTo = index.ancestry(block, [head]);
  return index.versions(block).filter((version) => upTo.has(version.id) && !before.has(version.id));
}

/** One side per head: the base sequence with one block's head, its tails and what it took in, in place. */
function sidesOf(index: LineageIndex, entries: readonly Entry[]): Side[] {
  const bases = new Map(entries.map((entry) => [entry.block, entry.base]));
  const sides: Side[] = [];
  for (const entry of entries) {
    for (const head of liveHeads(index, entry)) {
      for (const own of expand(index, entry.block, head, bases)) {
        const pieces = entries.flatMap((other): readonly Piece[] => {
          if (other.block === entry.block) return own.pieces;
          return own.taken.has(other.block) ? [] : besides(index, other, own.taken, bases);
        });
        sides.push({ ...own, pieces, holder: entry.block });
      }
    }
  }
  return sides;
}

/**
 * A block as a side leaves it: as at the base; or, where the side took in what was split off it, as after that split, for
 * the words cannot be in both.
 */
function besides(
  index: LineageIndex,
  { block, base }: Entry,
  taken: ReadonlySet<BlockId>,
  bases: ReadonlyMap<BlockId, VersionId>,
): readonly Piece[] {
  const splits = index.versions(block).filter((version) => {
    const { tail } = blockText(version.value);
    return tail !== undefined && taken.has(tail) && !index.ancestry(block, [base]).has(version.id);
  });
  const last = splits.at(-1);
  if (last === undefined) return piecesOf(block, index.version(block, base)!);
  const path = between(index, block, base, last.id);
  const all = new Set([...taken, ...takenOnTheWay(index, block, path, bases)]);
  const start: Reading = { versions: [], pieces: piecesOf(block, last), taken: all };
  return withTails(index, block, path, bases, [start])[0]!.pieces;
}

/** A head followed by the blocks split off on the way to it; several readings where such a block has several heads. */
function expand(index: LineageIndex, block: BlockId, head: Version, bases: ReadonlyMap<BlockId, VersionId>): Reading[] {
  const path = between(index, block, bases.get(block) ?? null, head.id);
  const taken = takenOnTheWay(index, block, path, bases);
  const start: Reading = { versions: [head.id], pieces: piecesOf(block, head), taken };
  return withTails(index, block, path, bases, [start]);
}

/** What these versions took in, and what that had taken in before. */
function takenOnTheWay(
  index: LineageIndex,
  block: BlockId,
  path: readonly Version[],
  bases: ReadonlyMap<BlockId, VersionId>,
): Set<BlockId> {
  const taken = new Set<BlockId>();
  for (const { joined, path: before } of joinsOnTheWay(index, block, path, bases)) {
    taken.add(joined);
    for (const earlier of takenOnTheWay(index, joined, before, bases)) taken.add(earlier);
  }
  return taken;
}

/** The joins that these versions made, each with the versions of the block taken in up to then. */
function joinsOnTheWay(
  index: LineageIndex,
  block: BlockId,
  path: readonly Version[],
  bases: ReadonlyMap<BlockId, VersionId>,
): { readonly at: VersionId; readonly joined: BlockId; readonly path: readonly Version[] }[] {
  return path.flatMap((version) =>
    [...index.takenBy(block, [version])].flatMap((joined) => {
      const join = index.joinsOf(joined).find((each) => each.by === block && each.at === version.id)!;
      return { at: version.id, joined, path: between(index, joined, bases.get(joined) ?? null, join.version) };
    }),
  );
}

/** Sets behind each reading the blocks split off in `path`, and those split off what was taken in: the latest first. */
function withTails(
  index: LineageIndex,
  block: BlockId,
  path: readonly Version[],
  bases: ReadonlyMap<BlockId, VersionId>,
  readings: readonly Reading[],
): Reading[] {
  const joins = joinsOnTheWay(index, block, path, bases);
  let extended = [...readings];
  for (const version of [...path].reverse()) {
    const { tail } = blockText(version.value);
    if (tail !== undefined && index.fold.record(tail)?.removed !== true) {
      const tails = index.heads(tail).flatMap((head) => expand(index, tail, head, bases));
      extended = extended.flatMap((reading) => {
        const fitting = reading.taken.has(tail) ? [] : tails;
        return fitting.length === 0 ? reading : fitting.map((own) => joinReadings(reading, own));
      });
    }
    for (const join of joins) {
      if (join.at === version.id) extended = withTails(index, join.joined, join.path, bases, extended);
    }
  }
  return extended;
}

function joinReadings(first: Reading, second: Reading): Reading {
  return {
    versions: [...first.versions, ...second.versions],
    pieces: [...first.pieces, ...second.pieces],
    taken: new Set([...first.taken, ...second.taken]),
  };
}

/** Blocks split off in versions that the sides build on: part of what they were split off, not of the base. */
function tailsOf(index: LineageIndex, entries: readonly Entry[]): Set<BlockId> {
  const tails = new Set<BlockId>();
  const visit = (block: BlockId, base: VersionId | null): void => {
    for (const head of index.heads(block)) {
      for (const version of between(index, block, base, head.id)) {
        const { tail } = blockText(version.value);
        if (tail === undefined || tails.has(tail)) continue;
        tails.add(tail);
        visit(tail, null);
      }
    }
  };
  for (const { block, base } of entries) visit(block, base);
  return tails;
}

function sequence(index: LineageIndex, entries: readonly Entry[]): Piece[] {
  return entries.flatMap(({ block, base }) => piecesOf(block, index.version(block, base)!));
}

function piecesOf(block: BlockId, version: Version): Piece[] {
  return [{ key: '', kind: 'boundary', blocks: [block] }, ...tokensOf(blockText(version.value).content)];
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

function assignmentsOf(pieces: readonly Piece[]): { block: BlockId; content: InlineContent }[] {
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
function settlementOf(
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
