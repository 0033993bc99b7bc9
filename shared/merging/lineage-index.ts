/**
 * The texts of a draft's blocks and which of them gave words to which. Made anew when needed (one walk over the draft's
 * versions); it does not follow later changes.
 */
import type { BlockId, DraftId } from '../drafting/block.ts';
import type { VersionId } from '../ids.ts';
import type { Fold, Version } from '../records/fold.ts';
import { blockText } from './block-text.ts';
import { takenApartIn, type Join, type TakenApart } from './taken-apart.ts';
import { createWordLineage, namedSources, type Atom } from './word-lineage.ts';

export interface LineageIndex {
  readonly fold: Fold;
  /** Every block of the draft, removed ones too. */
  readonly blocks: readonly BlockId[];
  /** All joins that took in a block, at any time. */
  joinsOf(block: BlockId): readonly Join[];
  /** Blocks taken in by somebody who had not seen what another made of them: they stand too, or two have them. */
  takenApart(): readonly TakenApart[];
  version(id: VersionId): Version | undefined;
  heads(block: BlockId): readonly Version[];
  /** The heads of a block that is on the page; none of one that was removed. */
  standing(block: BlockId): readonly Version[];
  parents(version: Version): readonly Version[];
  /** The versions of other blocks that words came from, as far as they are here. */
  sources(version: Version): readonly Version[];
  /** All versions of texts of the draft in the same change. */
  sameChange(version: Version): readonly Version[];
  /** These versions and all their ancestors in the same block. */
  ancestry(of: readonly VersionId[]): ReadonlySet<VersionId>;
  /** The same, and through the blocks that words came from. */
  descent(of: VersionId): ReadonlySet<VersionId>;
  atoms(version: VersionId): readonly Atom[];
  /** Blocks that ever gave words to each other, directly or not; itself among them. */
  related(block: BlockId): readonly BlockId[];
  /** Whether some text of the draft was built on apart, or stands although another was made of it: words may stand twice. */
  isForked(block: BlockId): boolean;
}

export function createLineageIndex(fold: Fold, draft: DraftId): LineageIndex {
  const blocks = fold.children('block', draft, { withRemoved: true }).map((state) => state.id);
  const byId = new Map<VersionId, Version>();
  const byChange = new Map<string, Version[]>();
  const byBlock = new Map<BlockId, Version[]>();
  const joins = new Map<BlockId, Join[]>();
  const groups = new Map<BlockId, Set<BlockId>>(blocks.map((block) => [block, new Set([block])]));

  for (const block of blocks) {
    const versions = fold.history(block, 'text').filter((version) => version.standing !== 'unreadable');
    byBlock.set(block, versions);
    for (const version of versions) {
      byId.set(version.id, version);
      byChange.set(version.change, [...(byChange.get(version.change) ?? []), version]);
    }
  }
  for (const version of byId.values()) {
    for (const piece of blockText(version.value).joined ?? []) {
      const join: Join = { by: version.record, at: version.id, version: piece.version };
      joins.set(piece.block, [...(joins.get(piece.block) ?? []), join]);
    }
    for (const source of namedSources(version)) {
      const other = byId.get(source)?.record;
      if (other !== undefined) unite(version.record, other);
    }
  }

  function unite(one: BlockId, other: BlockId): void {
    const [into, from] = [groups.get(one)!, groups.get(other)!];
    if (into === from) return;
    for (const block of from) {
      into.add(block);
      groups.set(block, into);
    }
  }

  const present = (ids: readonly VersionId[]): Version[] => ids.flatMap((id) => byId.get(id) ?? []);
  const parents = (version: Version): Version[] =>
    present(version.over).filter((parent) => parent.record === version.record);
  const sources = (version: Version): Version[] => present(namedSources(version));
  const sameChange = (version: Version): Version[] => byChange.get(version.change) ?? [];
  const heads = (block: BlockId): readonly Version[] => fold.field(block, 'text')?.heads ?? [];

  function closure(of: readonly VersionId[], before: (version: Version) => readonly Version[]): Set<VersionId> {
    const seen = new Set(of.filter((id) => byId.has(id)));
    for (const id of seen) for (const earlier of before(byId.get(id)!)) seen.add(earlier.id);
    return seen;
  }

  // Looks at versions only: comparing all words of a long draft takes half a second.
  function isForked(block: BlockId): boolean {
    const builtOnBy = new Map<VersionId, string>();
    for (const version of [...(groups.get(block) ?? [])].flatMap((each) => byBlock.get(each) ?? [])) {
      for (const earlier of [...parents(version), ...sources(version)]) {
        const by = builtOnBy.get(earlier.id) ?? version.change;
        if (by !== version.change) return true;
        builtOnBy.set(earlier.id, by);
      }
    }
    return [...(groups.get(block) ?? [])].some(
      (each) => fold.record(each)?.removed !== true && heads(each).some((head) => builtOnBy.has(head.id)),
    );
  }

  const descents = new Map<VersionId, ReadonlySet<VersionId>>();
  function descent(of: VersionId): ReadonlySet<VersionId> {
    let known = descents.get(of);
    if (known === undefined) {
      known = closure([of], (version) => [...parents(version), ...sources(version)]);
      descents.set(of, known);
    }
    return known;
  }

  const standing = (block: BlockId): readonly Version[] => (fold.record(block)?.removed === true ? [] : heads(block));
  const related = (block: BlockId): BlockId[] => [...(groups.get(block) ?? [block])].sort();
  let apart: readonly TakenApart[] | undefined;
  const takenApart = (): readonly TakenApart[] =>
    (apart ??= takenApartIn({
      fold,
      joins,
      versionsOf: (block) => byBlock.get(block) ?? [],
      standing,
      related,
      descent,
    }));

  return {
    fold,
    blocks,
    takenApart,
    joinsOf: (block) => joins.get(block) ?? [],
    version: (id) => byId.get(id),
    heads,
    standing,
    parents,
    sources,
    sameChange,
    ancestry: (of) => closure(of, parents),
    descent,
    atoms: createWordLineage({ version: (id) => byId.get(id), sameChange, parents }).atoms,
    isForked,
    related,
  };
}

/** The heads on the page that hold one of these words; white space and punctuation are nobody's. */
export function holdersOf(index: LineageIndex, among: readonly BlockId[], words: ReadonlySet<number>): Version[] {
  return among
    .flatMap((block) => index.standing(block))
    .filter((head) => wordsOf(index, head.id).some((word) => words.has(word)));
}

export function wordsOf(index: LineageIndex, version: VersionId): number[] {
  return index.atoms(version).flatMap((atom) => (isWord(atom) ? [atom.id] : []));
}

export const isWord = (atom: Atom): boolean => atom.kind === 'word' || atom.kind === 'item';

/**
 * Blocks on the page for which mergeLineage has something to settle. Of those that share words, the ones whose own text or
 * removal is in dispute; all of them when none is.
 */
export function unsettledBlocks(index: LineageIndex): BlockId[] {
  const isDisputed = (block: BlockId): boolean => {
    const state = index.fold.record(block)!;
    return !state.removed && (state.removalContested || state.fields.get('text')?.conflict === true);
  };
  const unsettled = new Set(
    index.blocks.filter((block) => isDisputed(block) && index.fold.field(block, 'text')?.conflict === true),
  );
  for (const together of sharing(index)) {
    const disputed = together.filter(isDisputed);
    for (const block of disputed.length > 0 ? disputed : together) unsettled.add(block);
  }
  return [...unsettled].sort();
}

/** Groups of blocks on the page that hold a word twice between them, or took in one block apart. */
function sharing(index: LineageIndex): BlockId[][] {
  const found: Set<BlockId>[] = [];
  const add = (blocks: readonly BlockId[]): void => {
    const together = new Set(blocks);
    for (const known of found.filter((each) => blocks.some((block) => each.has(block)))) {
      for (const block of known) together.add(block);
      found.splice(found.indexOf(known), 1);
    }
    found.push(together);
  };
  const looked = new Set<BlockId>();
  for (const block of index.blocks) {
    if (looked.has(block)) continue;
    const group = index.related(block);
    for (const each of group) looked.add(each);
    if (group.length < 2 || !index.isForked(block)) continue;
    const holder = new Map<number, BlockId>();
    for (const head of group.flatMap((each) => index.standing(each))) {
      for (const word of wordsOf(index, head.id)) {
        const other = holder.get(word) ?? head.record;
        holder.set(word, other);
        if (other !== head.record) add([other, head.record]);
      }
    }
  }
  for (const { block, joins } of index.takenApart()) {
    const holders = [block, ...joins.flatMap((join) => join.holders)].filter((each) => index.standing(each).length > 0);
    if (new Set(holders).size > 1) add(holders);
  }
  return found.map((set) => [...set]);
}
