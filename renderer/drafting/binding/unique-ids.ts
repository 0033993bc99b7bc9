/**
 * Every top-level node has an id and no two have the same one, in every committed state. Pasting and splitting double ids:
 * the first in document order keeps it. An id that is not this draft's (pasted from another) is replaced; one that was cut
 * from this draft is kept, so that pasting revives the block.
 */
import { mergeRegister } from '@lexical/utils';
import { $getNodeByKey, $isRootNode, type LexicalEditor, type LexicalNode, type NodeKey } from 'lexical';
import type { RecordId } from '../../../shared/ids.ts';
import { BlockNode } from '../editor/block-node.ts';
import { $blockId, $setBlockId } from '../editor/block-state.ts';
import { FixedNode } from '../editor/fixed-node.ts';
import { DraftTableNode } from '../editor/table-node.ts';

export interface UniqueIds {
  /** The key of the top-level node with this id, in the state that is being read. */
  $keyOf(id: RecordId): NodeKey | null;
  dispose(): void;
}

/** `owns` tells whether a record id is one of this draft's blocks, present or removed. Costs what changed. */
export function registerUniqueIds(
  editor: LexicalEditor,
  freshId: () => RecordId,
  owns: (id: RecordId) => boolean,
): UniqueIds {
  const keys = new Map<RecordId, NodeKey>();
  const made = new Set<RecordId>();

  const $holder = (id: RecordId): LexicalNode | null => {
    const key = keys.get(id);
    const node = key === undefined ? null : $getNodeByKey(key);
    return node !== null && $isRootNode(node.getParent()) && $blockId(node) === id ? node : null;
  };
  const $give = (node: LexicalNode): void => {
    const id = freshId();
    made.add(id);
    keys.set(id, node.getKey());
    $setBlockId(node, id);
  };
  const $settle = (node: LexicalNode): void => {
    if (!$isRootNode(node.getParent())) return;
    const id = $blockId(node);
    if (id === '' || !(made.has(id) || owns(id))) {
      $give(node);
      return;
    }
    const holder = $holder(id);
    if (holder !== null && !holder.is(node)) {
      if (!node.isBefore(holder)) {
        $give(node);
        return;
      }
      $give(holder);
    }
    keys.set(id, node.getKey());
  };
  const dispose = mergeRegister(
    editor.registerNodeTransform(BlockNode, $settle),
    editor.registerNodeTransform(FixedNode, $settle),
    editor.registerNodeTransform(DraftTableNode, $settle),
  );
  return { $keyOf: (id) => $holder(id)?.getKey() ?? null, dispose };
}
