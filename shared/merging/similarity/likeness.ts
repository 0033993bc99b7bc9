/**
 * The likeness of every two wordings of one question and language: the cosine of their features, rare ones weighing more.
 * Weight: (1 + ln count) · sqrt(ln(1 + N / passages with the feature)). The root keeps a wording that half of all
 * delegations share from counting as commonplace, and one word exchanged in it from counting for all others; with the
 * plain logarithm the best threshold drifts with the number of delegations (measured: test/merging/quality.ts).
 */
import type { Terms } from './terms.ts';

/** Passages that read alike, compared once. */
export interface Wording {
  readonly terms: Terms;
  /** How many passages read so. */
  readonly count: number;
}

/** Likeness of all pairs, 0 to 1, as a triangle: row `a` holds the pairs with `b < a`. */
export interface LikenessTable {
  of(a: number, b: number): number;
  readonly size: number;
}

/**
 * Yields the work done after each row, so that the caller may pause; sums run in the order of the wordings and of their
 * texts, so that equal sets give equal bits.
 */
export function* compareAll(wordings: readonly Wording[], featureCount: number): Generator<number, LikenessTable> {
  const size = wordings.length;
  const holders = new Int32Array(featureCount);
  let all = 0;
  for (const { terms, count } of wordings) {
    all += count;
    for (const id of terms.ids) holders[id]! += count;
  }
  const rarity = (id: number): number => Math.sqrt(Math.log(1 + all / holders[id]!));
  /** Inverted index: for each feature the earlier wordings that hold it, with its weight there. */
  const postings = new Map<number, { readonly rows: number[]; readonly weights: number[] }>();
  const table = new Float32Array((size * (size - 1)) / 2);
  const sums = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    const { ids, counts } = wordings[row]!.terms;
    const weights = new Float64Array(ids.length);
    let square = 0;
    for (let at = 0; at < ids.length; at++) {
      const weight = (1 + Math.log(counts[at]!)) * rarity(ids[at]!);
      weights[at] = weight;
      square += weight * weight;
    }
    const norm = square === 0 ? 1 : Math.sqrt(square);
    let work = ids.length;
    sums.fill(0, 0, row);
    for (let at = 0; at < ids.length; at++) {
      const id = ids[at]!;
      const weight = weights[at]! / norm;
      const known = postings.get(id);
      if (known !== undefined) {
        const { rows, weights: others } = known;
        for (let index = 0; index < rows.length; index++) sums[rows[index]!]! += weight * others[index]!;
        work += rows.length;
        rows.push(row);
        others.push(weight);
      } else if (holders[id]! > wordings[row]!.count) {
        postings.set(id, { rows: [row], weights: [weight] });
      }
    }
    const start = (row * (row - 1)) / 2;
    for (let other = 0; other < row; other++) table[start + other] = sums[other]!;
    yield work;
  }
  const of = (a: number, b: number): number => {
    if (a === b) return 1;
    const [low, high] = a < b ? [a, b] : [b, a];
    return table[(high * (high - 1)) / 2 + low]!;
  };
  return { of, size };
}
