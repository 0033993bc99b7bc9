/**
 * Grouping by average linkage (UPGMA): the two groups whose passages are on average the most alike are joined, as long as
 * that average reaches the threshold. Joining whoever has one like neighbour (single linkage) chains unlike passages
 * together; requiring all to be alike tears reworded ones apart. Ties go to the earlier wordings, so that equal sets give
 * equal groups.
 */
import type { LikenessTable } from './likeness.ts';

/** Groups of wordings, each ascending, in the order of their first. `counts`: how many passages each wording stands for. */
export function* groupByAverage(
  table: LikenessTable,
  counts: readonly number[],
  threshold: number,
): Generator<number, number[][]> {
  const groups: number[][] = [];
  for (const part of connectedParts(table, threshold)) {
    if (part.length === 1) groups.push(part);
    else groups.push(...(yield* groupPart(table, counts, threshold, part)));
  }
  return groups.sort((a, b) => a[0]! - b[0]!);
}

/** No average reaches the threshold where no pair does: the parts can be grouped apart. */
function connectedParts({ of, size }: LikenessTable, threshold: number): number[][] {
  const root = Array.from({ length: size }, (_, index) => index);
  const rootOf = (of: number): number => {
    let at = of;
    while (root[at] !== at) at = root[at] = root[root[at]!]!;
    return at;
  };
  for (let a = 1; a < size; a++) {
    for (let b = 0; b < a; b++) {
      if (of(a, b) < threshold) continue;
      const [x, y] = [rootOf(a), rootOf(b)];
      if (x !== y) root[Math.max(x, y)] = Math.min(x, y);
    }
  }
  return [...Map.groupBy(root.keys(), rootOf).values()];
}

function* groupPart(
  { of }: LikenessTable,
  counts: readonly number[],
  threshold: number,
  part: readonly number[],
): Generator<number, number[][]> {
  const size = part.length;
  const groups: (number[] | null)[] = part.map((wording) => [wording]);
  const weights = part.map((wording) => counts[wording]!);
  const averages = Float64Array.from({ length: size * size }, (_, at) =>
    of(part[Math.floor(at / size)]!, part[at % size]!),
  );
  /** For each group the later one most like it. */
  const nearest = new Int32Array(size).fill(-1);
  const findNearest = (a: number): void => {
    let best = -1;
    for (let b = a + 1; b < size; b++) {
      if (groups[b] !== null && (best < 0 || averages[a * size + b]! > averages[a * size + best]!)) best = b;
    }
    nearest[a] = best;
  };
  for (let a = 0; a < size; a++) findNearest(a);
  for (;;) {
    let a = -1;
    let most = threshold;
    for (let index = 0; index < size; index++) {
      if (groups[index] === null || nearest[index]! < 0) continue;
      const average = averages[index * size + nearest[index]!]!;
      if (average < most || (average === most && a >= 0)) continue;
      a = index;
      most = average;
    }
    if (a < 0) break;
    const b = nearest[a]!;
    for (let other = 0; other < size; other++) {
      if (other === a || other === b || groups[other] === null) continue;
      const [ofA, ofB] = [averages[a * size + other]!, averages[b * size + other]!];
      const average = (ofA * weights[a]! + ofB * weights[b]!) / (weights[a]! + weights[b]!);
      averages[a * size + other] = average;
      averages[other * size + a] = average;
    }
    groups[a]!.push(...groups[b]!);
    weights[a]! += weights[b]!;
    groups[b] = null;
    for (let other = 0; other < size; other++) {
      if (groups[other] === null || other > b) continue;
      const now = nearest[other]!;
      if (other === a || now === a || now === b) findNearest(other);
      else if (other < a && now >= 0 && isNearer(averages, size, other, a, now)) nearest[other] = a;
    }
    yield size * 2;
  }
  return groups.flatMap((group) => (group === null ? [] : [group.sort((x, y) => x - y)]));
}

const isNearer = (averages: Float64Array, size: number, from: number, a: number, now: number): boolean => {
  const [ofA, ofNow] = [averages[from * size + a]!, averages[from * size + now]!];
  return ofA > ofNow || (ofA === ofNow && a < now);
};
