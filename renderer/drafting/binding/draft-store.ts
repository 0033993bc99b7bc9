/** What the page shows of an open draft beside the text: saved or not, versions, footnotes, title, what can be undone. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ErrorMessage } from '../../../shared/contract/errors.ts';
import type { RecordId } from '../../../shared/ids.ts';
import type { BlockView, DraftView, FootnoteView } from '../contract-types.ts';

export type SavingState =
  | { readonly kind: 'saved'; readonly at: string | null }
  | { readonly kind: 'saving' }
  /** Nothing is dropped: the text stays in the editor and is sent again. */
  | { readonly kind: 'failed'; readonly error: ErrorMessage };

/** Why the last undo or redo did nothing; `unsaved` when what was typed could not be saved first. */
export type Refusal = 'nothing' | 'changed-by-partner' | 'removed-by-partner' | 'unsaved';

export interface DraftState {
  readonly saving: SavingState;
  readonly views: ReadonlyMap<RecordId, BlockView>;
  readonly footnotes: ReadonlyMap<RecordId, FootnoteView>;
  readonly title: DraftView['title'];
  readonly cover: DraftView['cover'];
  readonly summary: DraftView['summary'];
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** The block with the caret. */
  readonly current: RecordId | null;
  /** Footnotes in the order of their marks in the text. */
  readonly noteOrder: readonly RecordId[];
  /** Counts up whenever a text of the draft changed and a pause followed: what counters listen to. */
  readonly revision: number;
}
export type DraftStore = StoreApi<DraftState>;

export function createDraftStore(view: DraftView): DraftStore {
  return createStore<DraftState>(() => ({
    saving: { kind: 'saved', at: null },
    views: new Map(view.blocks.map((block) => [block.id, block])),
    footnotes: new Map(view.footnotes.map((note) => [note.id, note])),
    title: view.title,
    cover: view.cover,
    summary: view.summary,
    canUndo: view.canUndo,
    canRedo: view.canRedo,
    current: null,
    noteOrder: [],
    revision: 0,
  }));
}

/** Whether something stands beside a block that a person has to see. */
export function hasCards(view: BlockView): boolean {
  if (view.textConflict !== null || view.styleConflict !== null) return true;
  if (view.placeConflict || view.removalContested !== null) return true;
  return view.table !== null && Object.values(view.table.cells).some((cell) => cell.conflict !== null);
}
