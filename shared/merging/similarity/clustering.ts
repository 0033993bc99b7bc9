/**
 * The clusters of a merge, question by question. Texts are read once and likeness is computed once per question, so that
 * another threshold regroups without comparing and a submission that comes in costs its own questions only; the result is
 * the same as if everything had come at once, in whatever order.
 *
 * Long work is done in slices: between them `pause` lets a worker hear of a cancellation.
 */
import type { AbortSignalLike } from '../../contract/contract.ts';
import { WorkbenchError } from '../../contract/errors.ts';
import { groupByAverage } from './average-linkage.ts';
import { refKey, type Cluster, type ClusterItem, type ClusterMember, type ExclusionHint } from './cluster.ts';
import { exclusionsBetween, readForHints } from './exclusions.ts';
import { compareAll, type LikenessTable, type Wording } from './likeness.ts';
import { createTermReader } from './terms.ts';

/** Per mille. Chosen on seeds 1 to 40 of test/merging/reworded-sets.ts. */
export const defaultThreshold = 340;
/** Wordings less alike differ in so much that single words say nothing. */
const leastLikenessOfHints = 0.5;
/** The wordings of a cluster that are read against each other; beyond it, only the most alike ones. */
const mostWordingsOfHints = 40;
/** Steps between two pauses; some milliseconds. */
const sliceWork = 400_000;

export interface RunOptions {
  /** Per mille, 1 to 1000. */
  readonly threshold?: number;
  readonly signal?: AbortSignalLike;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  /** Awaited between slices, e.g. a turn of the event loop. */
  readonly pause?: () => Promise<void>;
}

export interface Clustering {
  /** Puts the passages of a question in the place of those it had. */
  setItems(question: string, items: readonly ClusterItem[]): void;
  /** Throws `cancelled`; what was compared until then is kept. */
  run(options?: RunOptions): Promise<ReadonlyMap<string, readonly Cluster[]>>;
}

interface Reading extends Wording {
  /** Passages that read so, in the order of their references. */
  readonly items: readonly ClusterItem[];
}

/** The passages of one language in one question. */
interface Part {
  readonly language: string;
  readonly readings: readonly Reading[];
  table: LikenessTable | null;
  /** By threshold, the last one asked for. */
  clusters: { readonly threshold: number; readonly of: readonly Cluster[] } | null;
}

export function createClustering(): Clustering {
  const reader = createTermReader();
  const questions = new Map<string, readonly Part[]>();

  const partOf = (language: string, items: readonly ClusterItem[]): Part => {
    const read = items
      .toSorted((a, b) => compare(refKey(a), refKey(b)))
      .map((item) => ({ item, terms: reader.read(item.text) }));
    const readings = [...Map.groupBy(read, ({ terms }) => terms.key)]
      .toSorted(([a], [b]) => compare(a, b))
      .map(([, same]) => ({ terms: same[0]!.terms, count: same.length, items: same.map(({ item }) => item) }));
    return { language, readings, table: null, clusters: null };
  };

  return {
    setItems: (question, items) => {
      const before = questions.get(question) ?? [];
      const parts = [...Map.groupBy(items, ({ language }) => language)]
        .toSorted(([a], [b]) => compare(a, b))
        .map(([language, of]) => partOf(language, of));
      questions.set(
        question,
        parts.map((part) => before.find((old) => isSamePart(old, part)) ?? part),
      );
    },
    run: async ({ threshold = defaultThreshold, signal, onProgress, pause }: RunOptions = {}) => {
      const open = [...questions.values()].flat().filter((part) => part.clusters?.threshold !== threshold);
      const total = open.reduce((sum, { readings }) => sum + readings.length, 0);
      let done = 0;
      let work = 0;
      for (const part of open) {
        const steps = clusterPart(part, threshold, reader.size);
        for (let step = steps.next(); step.done !== true; step = steps.next()) {
          work += step.value.work;
          done += step.value.rows;
          if (work < sliceWork) continue;
          work = 0;
          onProgress?.({ done, total });
          await pause?.();
          if (signal?.aborted === true) throw new WorkbenchError('cancelled', 'Comparing the passages was cancelled.');
        }
      }
      onProgress?.({ done: total, total });
      return new Map([...questions].map(([question, parts]) => [question, ordered(parts)]));
    },
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function isSamePart(a: Part, b: Part): boolean {
  const isSame = (x: ClusterItem, y: ClusterItem | undefined): boolean =>
    refKey(x) === (y === undefined ? '' : refKey(y)) && x.text === y?.text && x.delegation === y.delegation;
  return (
    a.language === b.language &&
    a.readings.length === b.readings.length &&
    a.readings.every(({ items }, at) => {
      const others = b.readings[at]!.items;
      return items.length === others.length && items.every((item, index) => isSame(item, others[index]));
    })
  );
}

function* clusterPart(
  part: Part,
  threshold: number,
  featureCount: number,
): Generator<{ readonly work: number; readonly rows: number }, void> {
  const { readings } = part;
  const isCompared = part.table !== null;
  if (part.table === null) {
    const rows = compareAll(readings, featureCount);
    let row = rows.next();
    for (; row.done !== true; row = rows.next()) yield { work: row.value, rows: 1 };
    part.table = row.value;
  }
  const table = part.table;
  const counts = readings.map(({ count }) => count);
  const joins = groupByAverage(table, counts, threshold / 1000);
  let join = joins.next();
  for (; join.done !== true; join = joins.next()) yield { work: join.value, rows: 0 };
  const clusters: Cluster[] = [];
  for (const group of join.value) {
    clusters.push(clusterOf(part, table, group));
    yield { work: group.length * 2000, rows: isCompared ? group.length : 0 };
  }
  part.clusters = { threshold, of: clusters };
}

function clusterOf({ language, readings }: Part, table: LikenessTable, group: readonly number[]): Cluster {
  // The wording to show first is the one that all others are most like.
  const centrality = (at: number): number =>
    group.reduce((sum, other) => sum + readings[other]!.count * table.of(at, other), 0);
  const scored = group.map((at) => ({ at, score: centrality(at) }));
  const { at: first } = scored.reduce((best, each) => (each.score > best.score ? each : best));
  const order = group.toSorted((a, b) => table.of(first, b) - table.of(first, a) || a - b);
  order.splice(order.indexOf(first), 1);
  order.unshift(first);
  const members = order.flatMap((at) =>
    readings[at]!.items.toSorted((a, b) => compare(a.delegation, b.delegation) || compare(refKey(a), refKey(b))).map(
      ({ entry, passage, delegation }): ClusterMember => {
        const likeness = at === first ? 1000 : Math.min(999, Math.round(table.of(first, at) * 1000));
        return { entry, passage, delegation, likeness };
      },
    ),
  );
  return {
    id: refKey(members[0]!),
    language,
    members,
    delegations: [...new Set(members.map(({ delegation }) => delegation))].sort(compare),
    exclusions: hintsIn(readings, table, order, language),
  };
}

function hintsIn(
  readings: readonly Reading[],
  table: LikenessTable,
  order: readonly number[],
  language: string,
): ExclusionHint[] {
  if (order.length < 2) return [];
  const texts = order
    .slice(0, mostWordingsOfHints)
    .map((at) => ({ at, text: readForHints(readings[at]!.items[0]!.text) }));
  const found = new Map<string, ExclusionHint>();
  texts.forEach((a, index) => {
    for (const b of texts.slice(index + 1)) {
      if (table.of(a.at, b.at) < leastLikenessOfHints) continue;
      for (const { kind, words } of exclusionsBetween(a.text, b.text, language)) {
        const [left, right] = [readings[a.at]!.items[0]!, readings[b.at]!.items[0]!];
        const key = `${kind} ${words.toSorted(compare).join(' ')}`;
        if (!found.has(key)) found.set(key, { a: refOf(left), b: refOf(right), kind, words });
      }
    }
  });
  return [...found.values()];
}

const refOf = ({ entry, passage }: ClusterItem): ExclusionHint['a'] => ({ entry, passage });

/** From "all say this" to "only one says this"; alike ones by who says it and where. */
function ordered(parts: readonly Part[]): Cluster[] {
  return parts
    .flatMap((part) => part.clusters!.of)
    .toSorted(
      (a, b) =>
        b.delegations.length - a.delegations.length ||
        b.members.length - a.members.length ||
        compare(a.members[0]!.delegation, b.members[0]!.delegation) ||
        compareKeys(a.members[0]!.passage, b.members[0]!.passage) ||
        compare(a.id, b.id),
    );
}

/** `3.2` before `3.10`. */
function compareKeys(a: string, b: string): number {
  const [x, y] = [a.split('.').map(Number), b.split('.').map(Number)];
  return x[0]! - y[0]! || (x[1] ?? 0) - (y[1] ?? 0);
}
