/**
 * The clusters of a question as rows of one list, so that a cluster of a hundred delegations is drawn as quickly as one of
 * two. Passages of equal words and equal state share a row.
 */
import type { ClusterView } from '../../../shared/contract/merging/clusters.ts';
import type { PassageRef } from '../../../shared/contract/merging/passages.ts';
import { waits } from '../parts/passage-state.ts';

export type ClusterPassage = ClusterView['passages'][number];

export interface ClusterRow {
  readonly kind: 'cluster';
  readonly key: string;
  readonly cluster: ClusterView;
  readonly passages: readonly ClusterPassage[];
}
export interface WordingRow {
  readonly kind: 'wording';
  readonly key: string;
  readonly cluster: ClusterView;
  /** Equal words: the first stands for all. */
  readonly passages: readonly ClusterPassage[];
  readonly isFirst: boolean;
  readonly isLast: boolean;
}
export type BoardRow = ClusterRow | WordingRow;

export const refKey = ({ entry, passage }: PassageRef): string => `${entry}/${passage}`;

const wordsOf = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim();

export function boardRows(clusters: readonly ClusterView[]): BoardRow[] {
  return clusters.flatMap((cluster): BoardRow[] => {
    const wordings = new Map<string, ClusterPassage[]>();
    for (const passage of cluster.passages) {
      const key = `${passage.state} ${passage.blocks.join()} ${wordsOf(passage.text)}`;
      wordings.set(key, [...(wordings.get(key) ?? []), passage]);
    }
    const rows = [...wordings.values()];
    return [
      { kind: 'cluster', key: `cluster ${cluster.id}`, cluster, passages: cluster.passages },
      ...rows.map((passages, at): WordingRow => ({
        kind: 'wording',
        key: refKey(passages[0]!),
        cluster,
        passages,
        isFirst: at === 0,
        isLast: at === rows.length - 1,
      })),
    ];
  });
}

/** What an action on a row is about: what still waits in it, or all of it when nothing does. */
export function actedOn(row: BoardRow): readonly ClusterPassage[] {
  const waiting = row.passages.filter(({ state }) => waits(state));
  return waiting.length > 0
    ? waiting
    : row.passages.filter(({ state }) => state !== 'superseded' && state !== 'withdrawn');
}

/** A wording for its whole cluster: its own passages first, as the first one's words are taken, then what else waits. */
export function wholeCluster(row: WordingRow): readonly ClusterPassage[] {
  const own = new Set(row.passages.map(refKey));
  return [...row.passages, ...row.cluster.passages.filter((one) => !own.has(refKey(one)) && waits(one.state))];
}

const hasWaiting = (row: BoardRow): boolean => row.kind === 'wording' && row.passages.some(({ state }) => waits(state));

/** The index of the next row that waits for a decision, after `from` and then from the top; -1 when none does. */
export function nextWaiting(rows: readonly BoardRow[], from: number): number {
  const after = rows.findIndex((row, at) => at > from && hasWaiting(row));
  return after >= 0 ? after : rows.findIndex(hasWaiting);
}
