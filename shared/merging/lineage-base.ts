/**
 * From where texts went apart: which blocks have to be looked at together, and at which version of each. The sequence of
 * these is the base of a merge (lineage.ts).
 */
import type { BlockId } from '../drafting/block.ts';
import type { VersionId } from '../ids.ts';
import type { Version } from '../records/fold.ts';
import { blockText } from './block-text.ts';
import type { LineageIndex } from './lineage-index.ts';

/** A block in the sequence, at the version from which the sides went apart. */
export interface Entry {
  readonly block: BlockId;
  readonly base: VersionId;
}

/** Whether something of a joined block is unsettled: it stands, was taken in twice, or took in a block that is open. */
function isOpen(index: LineageIndex, block: BlockId, seen: ReadonlySet<BlockId> = new Set()): boolean {
  if (seen.has(block)) return false;
  if (index.fold.record(block)?.removed !== true) return true;
  if (new Set(index.joinsOf(block).map((join) => join.by)).size > 1) return true;
  const further = new Set([...seen, block]);
  return [...index.takenBy(block, index.versions(block))].some((taken) => isOpen(index, taken, further));
}

/**
 * The version of `block` from which everything open went apart: the nearest common ancestor of its heads, of what joins
 * took in of it, and of what open joins by it built on. Undefined when it has no text, null when there is no single one.
 */
function baseOf(index: LineageIndex, block: BlockId, concerned: ReadonlySet<BlockId>): VersionId | null | undefined {
  const ends: VersionId[] = index.heads(block).map((head) => head.id);
  if (ends.length === 0) return undefined;
  const standing = index.ancestry(block, ends);
  ends.push(...takenVersions(index, block));
  for (const joined of index.blocks) {
    if (!isOpen(index, joined) && !concerned.has(joined)) continue;
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
export function collect(
  index: LineageIndex,
  block: BlockId,
  entries: Entry[],
  concerned: ReadonlySet<BlockId>,
): boolean {
  if (entries.some((known) => known.block === block)) return true;
  const base = baseOf(index, block, concerned);
  if (base === null) return false;
  if (base === undefined) return true;
  entries.push({ block, base });
  const tails = tailsOf(index, [{ block, base }]);
  const paths = [[block, base] as const, ...[...tails].map((tail) => [tail, null] as const)];
  for (const [by, from] of paths) {
    const path = index.heads(by).flatMap((head) => between(index, by, from, head.id));
    for (const joined of index.takenBy(by, path)) {
      // A block that was split off after the base is not in the base, even when it was taken in again.
      if (!tails.has(joined) && !collect(index, joined, entries, concerned)) return false;
    }
  }
  return true;
}

/** Heads that say something neither the base says nor what blocks with `sides` of their own took in. */
export function liveHeads(index: LineageIndex, { block, base }: Entry, sides: ReadonlySet<BlockId>): Version[] {
  if (index.fold.record(block)?.removed === true) return [];
  const taken = index.joinsOf(block).flatMap((join) => (sides.has(join.by) ? [join.version] : []));
  const before = index.ancestry(block, [base, ...taken]);
  return index.heads(block).filter((head) => !before.has(head.id));
}

/** The versions from `base` (left out) to `head`, predecessors first. */
export function between(index: LineageIndex, block: BlockId, base: VersionId | null, head: VersionId): Version[] {
  const before = base === null ? new Set<VersionId>() : index.ancestry(block, [base]);
  const upTo = index.ancestry(block, [head]);
  return index.versions(block).filter((version) => upTo.has(version.id) && !before.has(version.id));
}

/** Blocks split off in versions that the sides build on: part of what they were split off, not of the base. */
export function tailsOf(index: LineageIndex, entries: readonly Entry[]): Set<BlockId> {
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
