/**
 * How well passages that say the same are found: the matcher and the alternatives that were weighed, on sets whose
 * families are known. Pairs of passages of one question count: together and rightly so, together wrongly, apart wrongly.
 */
import type { EntryId } from '../../shared/merging/collect/entry-content.ts';
import { groupByAverage } from '../../shared/merging/similarity/average-linkage.ts';
import { createClustering, defaultThreshold } from '../../shared/merging/similarity/clustering.ts';
import { makeSet, type MadePassage, type Rewording, type SetSize } from './reworded-sets.ts';

export interface Quality {
  readonly name: string;
  readonly threshold: number;
  readonly f1: number;
  readonly precision: number;
  readonly recall: number;
}

type Grouping = (passages: readonly MadePassage[], threshold: number) => Promise<readonly number[]> | readonly number[];

export const sizes: readonly SetSize[] = [
  { questions: 4, delegations: 12, perAnswer: 3 },
  { questions: 2, delegations: 40, perAnswer: 3 },
];
/** Seeds used while the matcher was tuned, and those kept for measuring. */
export const tuningSeeds = Array.from({ length: 8 }, (_, index) => 1 + index);
export const measuringSeeds = Array.from({ length: 6 }, (_, index) => 7001 + index);

export function questionsOf(seeds: readonly number[], rewording: Rewording): (readonly MadePassage[])[] {
  return seeds.flatMap((seed) => sizes.flatMap((size) => makeSet(seed, rewording, size).questions));
}

export async function measure(
  name: string,
  questions: readonly (readonly MadePassage[])[],
  grouping: Grouping,
  threshold: number,
): Promise<Quality> {
  let right = 0;
  let wrong = 0;
  let missed = 0;
  for (const passages of questions) {
    const groups = await grouping(passages, threshold);
    for (let a = 1; a < passages.length; a++) {
      for (let b = 0; b < a; b++) {
        const isSame = passages[a]!.family === passages[b]!.family;
        const isTogether = groups[a] === groups[b];
        if (isSame && isTogether) right += 1;
        else if (isTogether) wrong += 1;
        else if (isSame) missed += 1;
      }
    }
  }
  const f1 = (2 * right) / Math.max(1, 2 * right + wrong + missed);
  return {
    name,
    threshold,
    f1,
    precision: right / Math.max(1, right + wrong),
    recall: right / Math.max(1, right + missed),
  };
}

/** The workbench's own. */
export const own: Grouping = async (passages, threshold) => {
  const clustering = createClustering();
  clustering.setItems(
    '',
    passages.map((passage) => ({ ...passage, entry: passage.entry as EntryId })),
  );
  const clusters = (await clustering.run({ threshold })).get('')!;
  const groupOf = new Map(
    clusters.flatMap(({ members }, group) =>
      members.map(({ entry, passage }) => [`${entry}/${passage}` as string, group] as const),
    ),
  );
  return passages.map(({ entry, passage }) => groupOf.get(`${entry}/${passage}`)!);
};

type Likeness = (passages: readonly MadePassage[]) => (a: number, b: number) => number;

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** Shared words of all words of both. */
const jaccard: Likeness = (passages) => {
  const sets = passages.map(({ text }) => new Set(wordsOf(text)));
  return (a, b) => {
    const shared = [...sets[a]!].filter((word) => sets[b]!.has(word)).length;
    return shared / (sets[a]!.size + sets[b]!.size - shared);
  };
};

/** The same of pairs of words, estimated by 128 minima. */
const minHash: Likeness = (passages) => {
  const hash = (text: string, seed: number): number => {
    let value = seed ^ 0x811c9dc5;
    for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
    return (value ^ (value >>> 15)) >>> 0;
  };
  const signatures = passages.map(({ text }) => {
    const words = wordsOf(text);
    const pairs = words.map((word, at) => `${word} ${words[at + 1] ?? ''}`);
    return Array.from({ length: 128 }, (_, seed) => Math.min(...pairs.map((pair) => hash(pair, seed * 0x9e3779b1))));
  });
  return (a, b) => signatures[a]!.filter((value, at) => value === signatures[b]![at]).length / 128;
};

/** The cosine with the plain logarithm; `withPairs`: of words and pairs of words. */
const tfIdf =
  (withPairs: boolean): Likeness =>
  (passages) => {
    const counted = passages.map(({ text }) => {
      const words = wordsOf(text);
      const counts = new Map<string, number>();
      words.forEach((word, at) => {
        const pair = withPairs && at + 1 < words.length ? [`${word} ${words[at + 1]!}`] : [];
        for (const feature of [word, ...pair]) counts.set(feature, (counts.get(feature) ?? 0) + 1);
      });
      return counts;
    });
    const holders = new Map<string, number>();
    for (const counts of counted) for (const word of counts.keys()) holders.set(word, (holders.get(word) ?? 0) + 1);
    const vectors = counted.map((counts) => {
      const weights = new Map(
        [...counts].map(([word, count]) => [
          word,
          (1 + Math.log(count)) * Math.log(1 + passages.length / holders.get(word)!),
        ]),
      );
      const norm = Math.sqrt([...weights.values()].reduce((sum, weight) => sum + weight * weight, 0));
      return new Map([...weights].map(([word, weight]) => [word, weight / norm]));
    });
    return (a, b) => [...vectors[a]!].reduce((sum, [word, weight]) => sum + weight * (vectors[b]!.get(word) ?? 0), 0);
  };

/** Whoever has one like neighbour belongs to it. */
const chained =
  (likeness: Likeness): Grouping =>
  (passages, threshold) => {
    const of = likeness(passages);
    const groups = passages.map((_, index) => index);
    for (let a = 1; a < passages.length; a++) {
      for (let b = 0; b < a; b++) {
        if (groups[a] === groups[b] || of(a, b) < threshold / 1000) continue;
        const [from, to] = [groups[a], groups[b]!];
        groups.forEach((group, index) => {
          if (group === from) groups[index] = to;
        });
      }
    }
    return groups;
  };

/** The workbench's way of grouping over another likeness. */
const averaged =
  (likeness: Likeness): Grouping =>
  (passages, threshold) => {
    const of = likeness(passages);
    const steps = groupByAverage(
      { of, size: passages.length },
      passages.map(() => 1),
      threshold / 1000,
    );
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    const groups = passages.map(() => 0);
    step.value.forEach((members, group) => members.forEach((index) => (groups[index] = group)));
    return groups;
  };

export const alternatives: readonly { readonly name: string; readonly grouping: Grouping }[] = [
  { name: 'word Jaccard, chained', grouping: chained(jaccard) },
  { name: 'word Jaccard, average linkage', grouping: averaged(jaccard) },
  { name: 'MinHash of word pairs, chained', grouping: chained(minHash) },
  { name: 'TF-IDF of words, chained', grouping: chained(tfIdf(false)) },
  { name: 'TF-IDF of words, average linkage', grouping: averaged(tfIdf(false)) },
  { name: 'TF-IDF of words and pairs, chained', grouping: chained(tfIdf(true)) },
];

/** Each at the threshold that served it best on the tuning seeds. */
export async function measureAlternatives(rewording: Rewording): Promise<Quality[]> {
  const tuning = questionsOf(tuningSeeds.slice(0, 2), 'edited');
  const measuring = questionsOf(measuringSeeds, rewording);
  const found: Quality[] = [];
  for (const { name, grouping } of alternatives) {
    const tried: Quality[] = [];
    for (let threshold = 150; threshold <= 700; threshold += 50)
      tried.push(await measure(name, tuning, grouping, threshold));
    const best = tried.reduce((a, b) => (b.f1 > a.f1 ? b : a));
    found.push(await measure(name, measuring, grouping, best.threshold));
  }
  return found;
}

export async function measureOwn(rewording: Rewording, seeds: readonly number[] = measuringSeeds): Promise<Quality> {
  return measure('TF-IDF of words and pairs, average linkage', questionsOf(seeds, rewording), own, defaultThreshold);
}

export const lineOf = ({ name, threshold, f1, precision, recall }: Quality): string =>
  `${name.padEnd(44)} at ${(threshold / 1000).toFixed(2)}  F1 ${f1.toFixed(3)}  precision ${precision.toFixed(3)}  recall ${recall.toFixed(3)}`;
