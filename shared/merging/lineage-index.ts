/**
 * Which blocks of a draft gave words to which: read from the notes in all versions of their texts. Made anew when needed
 * (one walk over the draft's versions); it does not follow later changes.
 */
import type { BlockId, DraftId } from '../drafting/block.ts';
import type { VersionId } from '../ids.ts';
import type { Fold, RecordState, Version } from '../records/fold.ts';
import { blockText } from './block-text.ts';

/** `by`, in its version `at`, took in the words of a block as they stood in `version`. */
export interface Join {
  readonly by: BlockId;
  readonly at: VersionId;
  readonly version: VersionId;
}

export interface LineageIndex {
  readonly fold: Fold;
  /** Every block of the draft, removed ones too. */
  readonly blocks: readonly BlockId[];
  /** Joins that took in a block and still stand: a version standing builds on them, and nobody brought the block back. */
  joinsOf(block: BlockId): readonly Join[];
  /** The blocks taken in by these versions of `by`, as far as the joins stand. */
  takenBy(by: BlockId, versions: readonly Version[]): ReadonlySet<BlockId>;
  /** All versions of a block's text, predecessors first. */
  versions(block: BlockId): readonly Version[];
  version(block: BlockId, id: VersionId): Version | undefined;
  heads(block: BlockId): readonly Version[];
  /** The version and all its ancestors of the same field. */
  ancestry(block: BlockId, of: readonly VersionId[]): ReadonlySet<VersionId>;
}

interface Entry {
  readonly versions: readonly Version[];
  readonly byId: ReadonlyMap<VersionId, Version>;
}

export function createLineageIndex(fold: Fold, draft: DraftId): LineageIndex {
  const entries = new Map<BlockId, Entry>();
  const joins = new Map<BlockId, Join[]>();

  function entry(block: BlockId): Entry {
    let known = entries.get(block);
    if (known === undefined) {
      const versions = fold.history(block, 'text');
      known = { versions, byId: new Map(versions.map((version) => [version.id, version])) };
      entries.set(block, known);
    }
    return known;
  }

  function ancestry(block: BlockId, of: readonly VersionId[]): ReadonlySet<VersionId> {
    const { byId } = entry(block);
    const seen = new Set(of.filter((id) => byId.has(id)));
    for (const id of seen) for (const over of byId.get(id)!.over) if (byId.has(over)) seen.add(over);
    return seen;
  }

  const heads = (block: BlockId): readonly Version[] => fold.field(block, 'text')?.heads ?? [];
  const states: readonly RecordState[] = fold.children('block', draft, { withRemoved: true });

  /** Joins that these versions of `by` build on and have not given back since, of blocks that somebody removed. */
  function joinsBy(by: BlockId, ends: readonly VersionId[]): { readonly block: BlockId; readonly join: Join }[] {
    const notes = [...ancestry(by, ends)].map((at) => ({ at, ...blockText(entry(by).byId.get(at)!.value) }));
    const isReleased = (block: BlockId, at: VersionId): boolean =>
      notes.some((note) => note.released?.includes(block) === true && ancestry(by, [note.at]).has(at));
    return notes.flatMap(({ at, joined }) =>
      (joined ?? [])
        .filter(({ block }) => (fold.record(block)?.removedBy.length ?? 0) > 0 && !isReleased(block, at))
        .map(({ block, version }) => ({ block, join: { by, at, version } })),
    );
  }

  /** Follows the joins from a block that stands; what a block taken in had taken in until then is held too. */
  function follow(by: BlockId, ends: readonly VersionId[]): void {
    for (const { block, join } of joinsBy(by, ends)) {
      const known = joins.get(block) ?? [];
      if (known.some((each) => each.at === join.at)) continue;
      joins.set(block, [...known, join]);
      if (fold.record(block)!.removed) follow(block, [join.version]);
    }
  }
  for (const { id, removed } of states) {
    if (removed) continue;
    follow(
      id,
      heads(id).map((head) => head.id),
    );
  }

  function takenBy(by: BlockId, versions: readonly Version[]): ReadonlySet<BlockId> {
    const taken = new Set<BlockId>();
    for (const version of versions) {
      for (const { block } of blockText(version.value).joined ?? []) {
        if (joins.get(block)?.some((join) => join.by === by && join.at === version.id) === true) taken.add(block);
      }
    }
    return taken;
  }

  return {
    fold,
    blocks: states.map((state) => state.id),
    joinsOf: (block) => joins.get(block) ?? [],
    takenBy,
    versions: (block) => entry(block).versions,
    version: (block, id) => entry(block).byId.get(id),
    heads,
    ancestry,
  };
}

/** The blocks that hold a block's words now: who took it in, and who took that one in; itself when nobody did. */
export function holdersOf(index: LineageIndex, block: BlockId): BlockId[] {
  const holders = new Set<BlockId>();
  const seen = new Set([block]);
  for (const each of seen) {
    const joiners = index.joinsOf(each).filter((join) => join.by !== each);
    if (joiners.length === 0) holders.add(each);
    for (const join of joiners) seen.add(join.by);
  }
  // Two that took each other in: neither is first.
  return [...(holders.size > 0 ? holders : seen)].sort();
}

/**
 * Blocks for which mergeLineage has something to settle: texts rewritten apart, blocks joined here and changed there, and
 * blocks taken in by two others apart, whose words stand twice.
 */
export function unsettledBlocks(index: LineageIndex): BlockId[] {
  return index.blocks.filter((block) => {
    const state = index.fold.record(block)!;
    if (!state.removed && state.fields.get('text')?.conflict === true) return true;
    const holders = holdersOf(index, block);
    return holders.length > 1 || (holders[0] !== block && state.removalContested);
  });
}
