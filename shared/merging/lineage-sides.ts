/**
 * What each side of a merge reads: the base sequence with one head in place, followed by what was split off on the way to
 * it and without what it took in.
 */
import type { BlockId } from '../drafting/block.ts';
import type { VersionId } from '../ids.ts';
import type { Version } from '../records/fold.ts';
import { blockText } from './block-text.ts';
import { between, liveHeads, type Entry } from './lineage-base.ts';
import type { LineageIndex } from './lineage-index.ts';
import { tokensOf, type Token } from './tokens.ts';

/** A block's words from here on; `blocks` lists who begins here (several when two split at one spot). */
export interface Boundary {
  readonly key: string;
  readonly kind: 'boundary';
  readonly blocks: readonly BlockId[];
}
export type Piece = Token | Boundary;

export interface Reading {
  readonly versions: readonly VersionId[];
  readonly pieces: readonly Piece[];
  /** Blocks whose words are in these, taken in by joining. */
  readonly taken: ReadonlySet<BlockId>;
}

/** `holder`: the block whose head this side shows, and with it the words that block took in. */
export interface Side extends Reading {
  readonly holder: BlockId;
}

/** One side per head: the base sequence with one block's head, its tails and what it took in, in place. */
export function sidesOf(index: LineageIndex, entries: readonly Entry[]): Side[] {
  const bases = new Map(entries.map((entry) => [entry.block, entry.base]));
  const present = holders(index, entries);
  const sides: Side[] = [];
  for (const entry of entries) {
    for (const head of liveHeads(index, entry, present)) {
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

/** The entries, and what was taken in by them and took in others itself. */
function holders(index: LineageIndex, entries: readonly Entry[]): ReadonlySet<BlockId> {
  const present = new Set(entries.map((entry) => entry.block));
  for (const block of present) for (const taken of index.takenBy(block, index.versions(block))) present.add(taken);
  return present;
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
  return withTails(index, block, path, bases, [start], new Set([block]))[0]!.pieces;
}

/**
 * A head followed by the blocks split off on the way to it; several readings where such a block has several heads.
 * `within`: the blocks in whose reading this one stands. One of them may have been split off what this one took in, and
 * stands there already: without that knowledge the reading would go round for ever.
 */
export function expand(
  index: LineageIndex,
  block: BlockId,
  head: Version,
  bases: ReadonlyMap<BlockId, VersionId>,
  within: ReadonlySet<BlockId> = new Set(),
): Reading[] {
  const path = between(index, block, bases.get(block) ?? null, head.id);
  const taken = takenOnTheWay(index, block, path, bases);
  const start: Reading = { versions: [head.id], pieces: piecesOf(block, head), taken };
  return withTails(index, block, path, bases, [start], new Set([...within, block]));
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
  within: ReadonlySet<BlockId>,
): Reading[] {
  const joins = joinsOnTheWay(index, block, path, bases);
  let extended = [...readings];
  for (const version of [...path].reverse()) {
    const { tail } = blockText(version.value);
    if (tail !== undefined && !within.has(tail)) {
      const tails = standing(index, tail).flatMap((head) => expand(index, tail, head, bases, within));
      extended = extended.flatMap((reading) => {
        const fitting = reading.taken.has(tail) ? [] : tails;
        return fitting.length === 0 ? reading : fitting.map((own) => joinReadings(reading, own));
      });
    }
    for (const join of joins) {
      if (join.at === version.id) extended = withTails(index, join.joined, join.path, bases, extended, within);
    }
  }
  return extended;
}

/** What a block split off reads: its heads; as it was taken in, if another took it in; nothing when it was removed. */
function standing(index: LineageIndex, block: BlockId): readonly Version[] {
  if (index.fold.record(block)?.removed !== true) return index.heads(block);
  return index.joinsOf(block).flatMap((join) => index.version(block, join.version) ?? []);
}

function joinReadings(first: Reading, second: Reading): Reading {
  return {
    versions: [...first.versions, ...second.versions],
    pieces: [...first.pieces, ...second.pieces],
    taken: new Set([...first.taken, ...second.taken]),
  };
}

export function sequence(index: LineageIndex, entries: readonly Entry[]): Piece[] {
  return entries.flatMap(({ block, base }) => piecesOf(block, index.version(block, base)!));
}

export function piecesOf(block: BlockId, version: Version): Piece[] {
  return [{ key: '', kind: 'boundary', blocks: [block] }, ...tokensOf(blockText(version.value).content)];
}
