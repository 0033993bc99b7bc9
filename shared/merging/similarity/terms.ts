/**
 * The features by which passages are compared: words and pairs of neighbouring words, as search keys, so that case,
 * accents and the shapes of quotation marks make no difference. Chinese counts pairs of characters as words.
 */
import { searchTokens } from '../../text/search-key.ts';

export interface Terms {
  /** All words in order: passages with equal keys differ in punctuation and case at most. */
  readonly key: string;
  /** Each feature once, in the order of the text, which fixes the order of every sum. */
  readonly ids: Int32Array;
  readonly counts: Int32Array;
}

export interface TermReader {
  read(text: string): Terms;
  /** How many features have ever been seen: ids are below it. */
  readonly size: number;
}

/** Reading is the dear part of comparing, so each text is read once for as long as the reader lives. */
export function createTermReader(): TermReader {
  const ids = new Map<string, number>();
  const known = new Map<string, Terms>();
  const idOf = (feature: string): number => {
    const id = ids.get(feature) ?? ids.size;
    ids.set(feature, id);
    return id;
  };
  return {
    get size() {
      return ids.size;
    },
    read: (text) => {
      const before = known.get(text);
      if (before !== undefined) return before;
      const words = searchTokens(text).map(({ token }) => token);
      const counts = new Map<number, number>();
      words.forEach((word, at) => {
        const next = words[at + 1];
        for (const feature of next === undefined ? [word] : [word, `${word} ${next}`]) {
          const id = idOf(feature);
          counts.set(id, (counts.get(id) ?? 0) + 1);
        }
      });
      const terms = {
        key: words.join(' '),
        ids: Int32Array.from(counts.keys()),
        counts: Int32Array.from(counts.values()),
      };
      known.set(text, terms);
      return terms;
    },
  };
}
