/**
 * What the service tells, put into the nodes it concerns. A field with work of its own that is not saved yet is left alone;
 * what came of it meanwhile is put by, and shown once the own version is in the log beside it.
 */
import { $getNodeByKey, SKIP_DOM_SELECTION_TAG, SKIP_SCROLL_INTO_VIEW_TAG, type LexicalEditor } from 'lexical';
import type { RecordId } from '../../../shared/ids.ts';
import type { BlockView } from '../contract-types.ts';
import { $createBlock, type BlockContent } from '../editor/block-content.ts';
import { $showCards } from '../editor/block-node.ts';
import { hasCards, type DraftStore } from './draft-store.ts';
import { $patchBlock, $patchOrder } from './incoming.ts';
import type { LocalWork } from './local-work.ts';
import { mergeOrder, mergeView } from './merge-view.ts';
import { contentOf, madeHere, type Shadow, type ShadowBlock } from './shadow.ts';
import type { UniqueIds } from './unique-ids.ts';

export const INCOMING_TAG = 'draft-incoming';

export interface Receiving {
  /** Runs `run` as an update that is nobody's typing. */
  putIn(run: () => void): void;
  /** `gone`: blocks that the service removed. */
  receive(views: readonly BlockView[], order: readonly RecordId[], gone: ReadonlySet<RecordId>, work: LocalWork): void;
  hasPutBy(): boolean;
  /** Shows what was put by, except of blocks that `unsaved` works on; `work` is all that is not saved. False: some waits on. */
  showPutBy(unsaved: LocalWork, work: LocalWork): boolean;
  forgetPutBy(): void;
}

interface ReceivingParts {
  readonly editor: LexicalEditor;
  readonly shadow: Shadow;
  readonly store: DraftStore;
  readonly ids: UniqueIds;
  readonly $read: (id: RecordId) => BlockContent;
  readonly hasFocus: () => boolean;
  /** The order of live blocks at the beginning. */
  readonly order: readonly RecordId[];
}

export function createReceiving(parts: ReceivingParts): Receiving {
  const { editor, shadow, store, ids, $read } = parts;
  /** A version that waits to be shown, or null for a block that was removed. */
  const putBy = new Map<RecordId, BlockView | null>();
  /** The order of live blocks as the service last told it. */
  let serviceOrder = parts.order;

  function putIn(run: () => void): void {
    const tags = [INCOMING_TAG, SKIP_SCROLL_INTO_VIEW_TAG];
    if (!parts.hasFocus()) tags.push(SKIP_DOM_SELECTION_TAG);
    editor.update(run, { discrete: true, tag: tags });
  }

  function known(view: BlockView, work: LocalWork): ShadowBlock {
    const { entry, isHeld } = mergeView(view, shadow.blocks.get(view.id), work.busy(view.id));
    if (isHeld) putBy.set(view.id, view);
    else putBy.delete(view.id);
    return entry;
  }

  function $putBlock(view: BlockView, work: LocalWork): void {
    shadow.blocks.set(view.id, known(view, work));
    shadow.removed.delete(view.id);
    const key = ids.$keyOf(view.id);
    const node = key === null ? null : $getNodeByKey(key);
    if (node !== null) $showCards($patchBlock(node, contentOf(view), work.busy(view.id)), hasCards(view));
  }

  function $putOrder(target: RecordId[], views: ReadonlyMap<RecordId, BlockView>): void {
    $patchOrder(target, ids.$keyOf, (id) => {
      const entry = shadow.blocks.get(id) ?? madeHere($read(id));
      shadow.blocks.set(id, entry);
      const node = $createBlock(id, entry.block);
      const view = views.get(id);
      if (view !== undefined) $showCards(node, hasCards(view));
      return node;
    });
    for (const id of shadow.order) {
      const entry = shadow.blocks.get(id);
      if (target.includes(id) || entry === undefined) continue;
      shadow.blocks.delete(id);
      shadow.removed.set(id, entry);
    }
    shadow.order = target;
  }

  const receive: Receiving['receive'] = (views, order, gone, work) => {
    serviceOrder = order;
    const all = new Map(store.getState().views);
    for (const view of views) {
      shadow.arriving.add(view.id);
      all.set(view.id, view);
    }
    for (const id of gone) {
      if (work.busy(id).text && shadow.blocks.has(id)) putBy.set(id, null);
      else {
        putBy.delete(id);
        all.delete(id);
      }
    }
    putIn(() => {
      for (const view of views) {
        // Removed here and changed there: what the service makes of it shows when the removal is with it.
        if (work.removed.has(view.id)) putBy.set(view.id, view);
        else $putBlock(view, work);
      }
      const isHere = (id: RecordId): boolean => shadow.blocks.has(id) || ids.$keyOf(id) !== null;
      $putOrder(mergeOrder(order, shadow.order, gone, work, isHere), all);
    });
    shadow.arriving.clear();
    store.setState({ views: all });
  };

  return {
    putIn,
    receive,
    hasPutBy: () => putBy.size > 0,
    showPutBy(unsaved, work) {
      const waits = (id: RecordId): boolean => unsaved.busy(id).text || unsaved.busy(id).cells.size > 0;
      const free = [...putBy].filter(([id]) => !waits(id));
      const isAll = free.length === putBy.size;
      if (free.length > 0) {
        for (const [id] of free) putBy.delete(id);
        const views = free.flatMap(([, view]) => (view === null ? [] : [view]));
        const gone = new Set(free.flatMap(([id, view]) => (view === null ? [id] : [])));
        receive(views, serviceOrder, gone, work);
      }
      return isAll;
    },
    forgetPutBy: () => putBy.clear(),
  };
}
