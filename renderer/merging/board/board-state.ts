/** Where this window looks on the board, and what is in its hand. Decisions are in the services. */
import { create } from 'zustand';
import type { PassageRef } from '../../../shared/contract/merging/passages.ts';
import type { InlineContent } from '../../../shared/drafting/inline.ts';
import type { RecordId, VersionId } from '../../../shared/ids.ts';
import { refKey, type ClusterPassage } from './board-rows.ts';

/** A passage with the heads of its decision as they were on screen. */
export interface Held extends PassageRef {
  readonly heads: VersionId[];
}

export type Task =
  | { readonly kind: 'none' }
  | { readonly kind: 'setAside'; readonly passages: readonly Held[] }
  | {
      readonly kind: 'combine';
      readonly passages: readonly ClusterPassage[];
      /** A paragraph that is rewritten to hold them too, with its words and heads when it was begun. */
      readonly into: { readonly block: RecordId; readonly content: InlineContent; readonly heads: VersionId[] } | null;
      readonly after: RecordId | null | undefined;
    };

interface BoardState {
  readonly question: string;
  /** Key of the row that one is at. */
  readonly row: string | null;
  /** Counts up when a key moved the row, so that it takes the focus. */
  readonly moved: number;
  /** Passages collected by hand for one action over clusters. */
  readonly marked: ReadonlyMap<string, ClusterPassage>;
  /** The paragraph of the common text that one is at. */
  readonly block: RecordId | null;
  readonly task: Task;
  /** Passages being dragged. */
  readonly carrying: readonly ClusterPassage[] | null;
}

const idle: BoardState = {
  question: '',
  row: null,
  moved: 0,
  marked: new Map(),
  block: null,
  task: { kind: 'none' },
  carrying: null,
};

export const useBoard = create<BoardState>(() => idle);

export const held = (passages: readonly ClusterPassage[]): Held[] =>
  passages.map(({ entry, passage, heads }) => ({ entry, passage, heads: [...heads] }));

/** Begins anew at a question; nothing in hand goes along. */
export function lookAt(question: string): void {
  if (useBoard.getState().question !== question) useBoard.setState({ ...idle, question });
}

export function goToRow(row: string | null): void {
  useBoard.setState(({ moved }) => ({ row, moved: moved + 1 }));
}

export function toggleMarks(passages: readonly ClusterPassage[]): void {
  useBoard.setState(({ marked }) => {
    const next = new Map(marked);
    const all = passages.every((one) => next.has(refKey(one)));
    for (const one of passages) {
      if (all) next.delete(refKey(one));
      else next.set(refKey(one), one);
    }
    return { marked: next };
  });
}

export function endTask(): void {
  useBoard.setState({ task: { kind: 'none' } });
}
