/** Writes beside each quotation whether its words stand in the source, as the service found. */
import { mergeRegister } from '@lexical/utils';
import { $getRoot, type LexicalEditor } from 'lexical';
import type { DraftStore } from '../binding/draft-store.ts';
import type { BlockView } from '../contract-types.ts';
import { $isBlockNode } from '../editor/block-node.ts';
import { $blockId } from '../editor/block-state.ts';
import { topLevelChanges } from '../editor/changes.ts';

export type QuotationState = Exclude<BlockView['quotation'], 'none'>;

export function registerQuotationMarks(
  editor: LexicalEditor,
  store: DraftStore,
  words: (state: QuotationState) => string,
): () => void {
  const mark = (): void => {
    const { views } = store.getState();
    editor.read(() => {
      for (let node = $getRoot().getFirstChild(); node !== null; node = node.getNextSibling()) {
        if (!$isBlockNode(node) || node.getBlockStyle().kind !== 'quotation') continue;
        const id = $blockId(node);
        const state = id === '' ? 'none' : (views.get(id)?.quotation ?? 'none');
        const dom = editor.getElementByKey(node.getKey());
        const text = dom?.className === 'draft-with-cards' ? (dom.firstElementChild as HTMLElement) : dom;
        if (text === null || text === undefined) continue;
        if (state === 'none') {
          delete text.dataset['mark'];
          delete text.dataset['markWords'];
        } else {
          text.dataset['mark'] = state;
          text.dataset['markWords'] = words(state);
        }
      }
    });
  };
  let views = store.getState().views;
  queueMicrotask(mark);
  return mergeRegister(
    store.subscribe((state) => {
      if (state.views === views) return;
      views = state.views;
      mark();
    }),
    editor.registerUpdateListener((update) => {
      if (update.dirtyElements.size > 0 && topLevelChanges(update).structural) mark();
    }),
  );
}
