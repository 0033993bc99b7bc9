/**
 * From where texts went apart: which blocks have to be settled together, and at which version of each. The base holds
 * every word once: where two of its texts would share words, the later one is followed back to before it had them.
 */
import type { BlockId } from '../drafting/block.ts';
import type { VersionId } from '../ids.ts';
import type { Version } from '../records/fold.ts';
import { holdersOf, wordsOf, type LineageIndex } from './lineage-index.ts';

export interface LineageBase {
  /** The version of each block from which the sides went apart; null for a block that came into being since. */
  readonly versions: ReadonlyMap<BlockId, VersionId | null>;
  /** What stands on the page and holds words of the base, or shares words with what does. */
  readonly ends: readonly Version[];
  /** Versions written since, predecessors first within a block. */
  readonly since: ReadonlySet<VersionId>;
}

/** A LineageBase whose `versions` is null: there is no one common ancestor. */
export interface NoBase {
  readonly versions: null;
  readonly ends: readonly Version[];
}

/** What concerns the words of `block`. Null when nothing on the page holds any of them, or nobody else does. */
export function lineageBase(index: LineageIndex, block: BlockId): LineageBase | NoBase | null {
  const among = index.related(block);
  const heads = index.standing(block);
  let ends =
    heads.length > 0
      ? [...heads]
      : holding(
          index,
          among,
          index.heads(block).map(({ id }) => id),
        );
  if (ends.length === 0) return null;
  for (;;) {
    const found = baseOf(index, ends);
    const more = new Map(ends.map((end) => [end.id, end]));
    for (const end of connected(index, among, ends, found)) more.set(end.id, end);
    if (more.size > ends.length) {
      ends = [...more.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
      continue;
    }
    if (found === null) return { versions: null, ends };
    return { versions: found, ends, since: sinceOf(index, found, ends) };
  }
}

/** What stands on the page and holds words of these, or was made of what was written since the base. */
function connected(
  index: LineageIndex,
  among: readonly BlockId[],
  ends: readonly Version[],
  bases: ReadonlyMap<BlockId, VersionId | null> | null,
): Version[] {
  const from = bases === null ? [] : [...bases.values()].flatMap(present);
  const made = new Set(from);
  for (const id of bases === null ? [] : sinceOf(index, bases, ends)) {
    for (const version of index.sameChange(index.version(id)!)) made.add(version.id);
  }
  // Who took in an earlier text of a block that was changed apart need not share a word with what it holds now.
  const concerned = new Set(ends.map((end) => end.record));
  for (const { block, joins } of index.takenApart()) {
    if (![block, ...joins.flatMap((join) => join.holders)].some((each) => concerned.has(each))) continue;
    for (const join of joins) made.add(join.at);
    concerned.add(block);
  }
  const blocks = new Set([...(bases?.keys() ?? []), ...concerned]);
  return [
    ...[...blocks].flatMap((block) => index.standing(block)),
    ...holding(index, among, [...from, ...ends.map((end) => end.id)]),
    ...among
      .flatMap((block) => index.standing(block))
      .filter((head) => [...index.descent(head.id)].some((id) => made.has(id))),
  ];
}

const present = (id: VersionId | null): VersionId[] => (id === null ? [] : [id]);

function holding(index: LineageIndex, among: readonly BlockId[], versions: readonly VersionId[]): Version[] {
  return holdersOf(index, among, new Set(versions.flatMap((id) => wordsOf(index, id))));
}

/** The versions from the bases to whatever is made of them. */
function sinceOf(
  index: LineageIndex,
  bases: ReadonlyMap<BlockId, VersionId | null>,
  ends: readonly Version[],
): Set<VersionId> {
  const before = new Set([...bases.values()].flatMap((base) => [...index.ancestry(present(base))]));
  const made = ends.flatMap((end) => [...index.descent(end.id)]);
  return new Set(made.filter((id) => bases.has(index.version(id)!.record) && !before.has(id)));
}

/** Null when a block has no one version from which all went apart. */
function baseOf(index: LineageIndex, ends: readonly Version[]): Map<BlockId, VersionId | null> | null {
  /** Versions that a block's base must not be later than, because a later one holds words of another block's base. */
  const limits = new Map<BlockId, VersionId[]>();
  const dropped = new Set<BlockId>();
  for (;;) {
    const bases = nearest(index, ends, limits, dropped);
    if (bases === null) return null;
    const back = overlapping(index, bases);
    if (back.size === 0) return bases;
    for (const block of back) {
      const parents = index.parents(index.version(bases.get(block)!)!).map((parent) => parent.id);
      if (parents.length === 0) dropped.add(block);
      limits.set(block, [...(limits.get(block) ?? []), ...parents]);
    }
  }
}

/** The nearest common ancestors of all uses of each block: what stands, and what was taken from it since the bases. */
function nearest(
  index: LineageIndex,
  ends: readonly Version[],
  limits: ReadonlyMap<BlockId, readonly VersionId[]>,
  dropped: ReadonlySet<BlockId>,
): Map<BlockId, VersionId | null> | null {
  const uses = new Map<BlockId, Set<VersionId>>();
  const bases = new Map<BlockId, VersionId | null>();
  const open = new Set<BlockId>();
  const use = (version: Version): void => {
    let known = uses.get(version.record);
    if (known === undefined) uses.set(version.record, (known = new Set(limits.get(version.record))));
    if (known.has(version.id) && bases.has(version.record)) return;
    known.add(version.id);
    open.add(version.record);
  };
  ends.forEach(use);
  for (const join of takenVersions(index, ends)) use(join);
  for (const block of open) {
    open.delete(block);
    const used = [...uses.get(block)!];
    const base = dropped.has(block) ? null : commonAncestor(index, block, used);
    if (base === undefined) return null;
    bases.set(block, base);
    const before = index.ancestry(present(base));
    for (const id of index.ancestry(used)) {
      if (!before.has(id)) index.sources(index.version(id)!).forEach(use);
    }
  }
  return bases;
}

/** What was taken in of a block by somebody who had not seen what another made of it. */
function takenVersions(index: LineageIndex, ends: readonly Version[]): Version[] {
  const apart = index.takenApart();
  const made = new Set(apart.length === 0 ? [] : ends.flatMap((end) => [...index.descent(end.id)]));
  return apart
    .flatMap(({ joins }) => joins)
    .flatMap((join) => (made.has(join.at) ? (index.version(join.version) ?? []) : []));
}

/** Undefined when there is none, several nearest ones, or it cannot be read. */
function commonAncestor(index: LineageIndex, block: BlockId, of: readonly VersionId[]): VersionId | undefined {
  if (index.fold.field(block, 'text')?.incomplete !== false) return undefined;
  let common: VersionId[] | undefined;
  for (const id of of) {
    const ancestors = index.ancestry([id]);
    common = common === undefined ? [...ancestors] : common.filter((each) => ancestors.has(each));
  }
  const last = new Set(common);
  for (const id of common ?? []) for (const parent of index.parents(index.version(id)!)) last.delete(parent.id);
  const [base] = last;
  return last.size !== 1 || index.version(base!)!.erased ? undefined : base;
}

/** Blocks whose base is later than that of another one: it was made of that, or holds words that both have. */
function overlapping(index: LineageIndex, bases: ReadonlyMap<BlockId, VersionId | null>): Set<BlockId> {
  const back = new Set<BlockId>();
  const apart = index.takenApart().map((taken) => taken.block);
  const holder = new Map<number, BlockId>();
  for (const [block, base] of bases) {
    if (base === null) continue;
    const before = index.descent(base);
    for (const other of apart) {
      const earlier = bases.get(other);
      if (other !== block && earlier && before.has(earlier)) back.add(block);
    }
    for (const word of wordsOf(index, base)) {
      const other = holder.get(word);
      if (other === undefined) holder.set(word, block);
      else if (other !== block) {
        const otherBase = bases.get(other)!;
        const isLater = before.has(otherBase);
        const isEarlier = index.descent(otherBase).has(base);
        if (!isEarlier) back.add(block);
        if (!isLater) back.add(other);
      }
    }
  }
  return back;
}
