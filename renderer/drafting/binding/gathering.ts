/**
 * What was typed, as edits: the touched blocks and the list of blocks are compared with what the service knows. A change of
 * the list is compared while both states are at hand, so that splits and joins are seen as such; text waits for a pause.
 */
import { $getNodeByKey, $getRoot, type EditorState, type LexicalEditor, type NodeKey } from 'lexical';
import type { DraftEdit } from '../../../shared/contract/drafts.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { $readBlock, type BlockContent } from '../editor/block-content.ts';
import { $isBlockNode } from '../editor/block-node.ts';
import { $blockId } from '../editor/block-state.ts';
import { gather } from './local-work.ts';
import type { Shadow } from './shadow.ts';
import { structureEdits } from './structure-edits.ts';
import { blockEdits } from './text-edits.ts';

export interface Gathering {
  /** Gathered and not taken yet, oldest first. */
  edits(): readonly DraftEdit[];
  /** Whether something was typed that is not compared yet, or gathered and not taken. */
  hasWork(): boolean;
  add(edits: readonly DraftEdit[]): void;
  /** Top-level nodes whose text was touched; compared by `compare`. */
  typed(keys: Iterable<NodeKey>): void;
  /** The list of blocks became another one between two states; `keys` are the nodes touched by it. */
  restructured(before: EditorState, after: EditorState, keys: Iterable<NodeKey>): void;
  /** Compares what was typed up to now, also what Lexical has not committed yet. Whether there was any, or some gathered. */
  compare(): boolean;
  /** Compares every block and the list, after the service's state was read anew. */
  compareAll(): void;
  take(): DraftEdit[];
  /** Edits that come before those gathered. */
  putBack(edits: readonly DraftEdit[]): void;
}

export function createGathering(
  editor: LexicalEditor,
  shadow: Shadow,
  $read: (id: RecordId) => BlockContent,
): Gathering {
  let gathered: DraftEdit[] = [];
  const typedIn = new Set<NodeKey>();

  const add = (edits: readonly DraftEdit[]): void => {
    for (const edit of edits) gather(gathered, edit);
  };
  const $idOf = (key: NodeKey): RecordId | '' => {
    const node = $getNodeByKey(key);
    return node === null ? '' : $blockId(node);
  };

  function compareText(state: EditorState, keys: Iterable<NodeKey>): void {
    state.read(
      () => {
        for (const key of keys) {
          const id = $idOf(key);
          const known = id === '' ? undefined : shadow.blocks.get(id);
          if (id !== '' && known !== undefined) add(blockEdits(id, known, $readBlock($getNodeByKey(key)!)));
        }
      },
      { editor },
    );
  }

  function compareList(state: EditorState): void {
    state.read(
      () => {
        const children = $getRoot().getChildren();
        const only = children.length === 1 ? children[0] : undefined;
        // The empty paragraph of an empty draft is a place for the caret, not a block.
        if (shadow.order.length === 0 && $isBlockNode(only) && only.isEmpty()) return;
        const order = children.map((child) => $blockId(child)).filter((id): id is RecordId => id !== '');
        add(structureEdits(shadow, order, $read));
      },
      { editor },
    );
  }

  const hasWork = (): boolean => typedIn.size > 0 || gathered.length > 0;

  function takeTyped(): NodeKey[] {
    const keys = [...typedIn];
    typedIn.clear();
    return keys;
  }

  return {
    edits: () => gathered,
    hasWork,
    add,
    typed(keys) {
      for (const key of keys) typedIn.add(key);
    },
    restructured(before, after, keys) {
      compareText(before, takeTyped());
      compareList(after);
      compareText(after, keys);
    },
    compare() {
      // Reading commits what Lexical still holds back; the binding's listener hears of it and calls `typed`.
      editor.read(() => undefined);
      const state = editor.getEditorState();
      const worked = hasWork();
      const keys = takeTyped();
      const isNew = (key: NodeKey): boolean => {
        const id = $idOf(key);
        return id !== '' && !shadow.blocks.has(id);
      };
      if (state.read(() => keys.some(isNew), { editor })) compareList(state);
      compareText(state, keys);
      return worked;
    },
    compareAll() {
      const state = editor.getEditorState();
      compareList(state);
      compareText(
        state,
        state.read(() => $getRoot().getChildrenKeys()),
      );
    },
    take() {
      const all = gathered;
      gathered = [];
      return all;
    },
    putBack(edits) {
      gathered = [...edits, ...gathered];
    },
  };
}
