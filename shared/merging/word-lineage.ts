/**
 * Which word is which: every token of every version of a block's text is either new there or one that an earlier version
 * held, found by comparing the version with what it was made from (the versions it names, the block it was split off,
 * the blocks it took in). A word so followed stands in exactly one place of any one person's draft; two blocks that both
 * show it have been changed apart. The lineage is a function of the versions here and of nothing else.
 */
import { diffArrays } from 'diff';
import { inlineLength } from '../drafting/inline.ts';
import type { VersionId } from '../ids.ts';
import type { Version } from '../records/fold.ts';
import { blockText } from './block-text.ts';
import { tokensOf, type Token } from './tokens.ts';

/** A token of a text with the identity that it keeps through versions and blocks. */
export type Atom = Token & { readonly id: number };

export interface WordLineage {
  /** The tokens of a version's text, in order. Empty when the version is not here or its value was erased. */
  atoms(version: VersionId): readonly Atom[];
}

/** As in edits.ts: two texts that differ more than this have nothing in common. */
const mostSteps = 1200;

export interface VersionSource {
  version(id: VersionId): Version | undefined;
  /** All versions of texts of the draft in the same change, the version itself included. */
  sameChange(version: Version): readonly Version[];
  /** The versions of the same text that it was written over. */
  parents(version: Version): readonly Version[];
}

/** The versions of other blocks that its notes name as where words came from. */
export function namedSources({ value }: Version): VersionId[] {
  const { origin, joined = [], moved = [] } = blockText(value);
  return [...(origin === undefined ? [] : [origin.version]), ...[...joined, ...moved].map((piece) => piece.version)];
}

export function createWordLineage(source: VersionSource): WordLineage {
  const known = new Map<VersionId, readonly Atom[]>();
  let next = 0;

  const sourcesOf = (version: Version): Version[] => [
    ...source.parents(version),
    ...namedSources(version).flatMap((id) => source.version(id) ?? []),
  ];

  /** Long histories would overflow the stack if each version asked for the one before. */
  function atoms(id: VersionId): readonly Atom[] {
    const stack = [id];
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const version = source.version(top);
      if (version === undefined || known.has(top)) {
        stack.pop();
        continue;
      }
      const together = source.sameChange(version);
      const missing = together.flatMap(sourcesOf).filter((each) => !known.has(each.id));
      if (missing.length > 0) {
        stack.push(...missing.map((each) => each.id));
        continue;
      }
      follow(together);
      stack.pop();
    }
    return known.get(id) ?? [];
  }

  /** One person saw everything that a change writes, so a word goes to one place only. */
  function follow(together: readonly Version[]): void {
    const taken = new Set<number>();
    const tailsFirst = [...together].sort(
      (a, b) => Number(blockText(b.value).origin !== undefined) - Number(blockText(a.value).origin !== undefined),
    );
    for (const version of tailsFirst) {
      const tokens = tokensOf(blockText(version.value).content);
      const ids = matched(tokens, sequences(version), taken, (blockText(version.value).moved ?? []).length > 0);
      known.set(
        version.id,
        tokens.map((token, at) => ({ ...token, id: ids[at] ?? (next += 1) })),
      );
    }
  }

  /** What the text may have been made from, the likeliest first. */
  function sequences(version: Version): (readonly Atom[])[] {
    const { origin, joined = [], moved = [] } = blockText(version.value);
    const of = (id: VersionId): readonly Atom[] => known.get(id) ?? [];
    const parents = source.parents(version).map((parent) => of(parent.id));
    const pieces = joined.map((piece) => of(piece.version));
    const [first = [], ...rest] = parents;
    const cut = origin === undefined ? [] : [from(of(origin.version), origin.offset), of(origin.version)];
    return [[...first, ...pieces.flat()], ...cut, ...rest, ...pieces, ...moved.map((piece) => of(piece.version))];
  }

  return { atoms };
}

/** The atoms that begin at or behind an offset. */
function from(atoms: readonly Atom[], offset: number): Atom[] {
  let at = 0;
  return atoms.filter((atom) => {
    const begins = at;
    at += inlineLength([atom.item]);
    return begins >= offset;
  });
}

/** The identities that tokens have from `sequences`, each used once; those used are added to `taken`. */
function matched(
  tokens: readonly Token[],
  sequences: readonly (readonly Atom[])[],
  taken: Set<number>,
  inAnyOrder: boolean,
): (number | undefined)[] {
  const ids: (number | undefined)[] = tokens.map(() => undefined);
  const give = (at: number, { id }: Atom): void => {
    ids[at] = id;
    taken.add(id);
  };
  for (const sequence of sequences) {
    const left = sequence.filter((atom) => !taken.has(atom.id));
    const open = ids.flatMap((id, at) => (id === undefined ? [at] : []));
    if (left.length === 0 || open.length === 0) continue;
    const parts = diffArrays(
      left.map((atom) => atom.key),
      open.map((at) => tokens[at]!.key),
      { maxEditLength: mostSteps },
    );
    let before = 0;
    let after = 0;
    for (const { added, removed, count } of parts ?? []) {
      if (!added && !removed)
        for (let step = 0; step < count; step += 1) give(open[after + step]!, left[before + step]!);
      if (!added) before += count;
      if (!removed) after += count;
    }
  }
  if (!inAnyOrder) return ids;
  // Settling may put words behind each other that stood the other way round.
  for (const atom of sequences.flat()) {
    if (taken.has(atom.id)) continue;
    const at = tokens.findIndex((token, place) => ids[place] === undefined && token.key === atom.key);
    if (at >= 0) give(at, atom);
  }
  return ids;
}
