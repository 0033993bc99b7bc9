/** Folds case and accents, so that `reunion` finds `Réunion`. */
export function foldWords(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/** How well `query` fits: 0 = not (a word is missing), higher = better (the beginning counts most). */
export function rankWords(query: string, text: string): number {
  const words = foldWords(query).split(/\s+/).filter(Boolean);
  const folded = foldWords(text);
  if (words.some((word) => !folded.includes(word))) return 0;
  const first = words[0];
  if (first === undefined) return 1;
  if (folded.startsWith(first)) return 3;
  return folded.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(first)) ? 2 : 1;
}

/** The items that fit, best first, otherwise in their own order. */
export function filterByWords<T>(query: string, items: readonly T[], textOf: (item: T) => string): T[] {
  return items
    .map((item) => ({ item, rank: rankWords(query, textOf(item)) }))
    .filter((entry) => entry.rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .map((entry) => entry.item);
}
