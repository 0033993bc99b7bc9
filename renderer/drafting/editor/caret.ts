/** Where a selection's point stands in a block, as an offset of inline content, and the way back to a Lexical point. */
import { $isLinkNode } from '@lexical/link';
import {
  $createRangeSelection,
  $getNodeByKey,
  $isElementNode,
  $isTextNode,
  $setSelection,
  type ElementNode,
  type LexicalNode,
  type PointType,
} from 'lexical';

/** What a node counts in offsets: UTF-16 units of text, the words of a link as the caret sees them, 1 for the rest. */
export function $caretSize(node: LexicalNode): number {
  if ($isTextNode(node)) return node.getTextContentSize();
  if ($isElementNode(node)) {
    let size = 0;
    for (const child of node.getChildren()) size += $caretSize(child);
    return size;
  }
  return 1;
}

/** The caret's offset in `block`, or null when the point is elsewhere. A link counts its letters, unlike in the log. */
export function $caretOffset(block: ElementNode, point: PointType): number | null {
  let node = $getNodeByKey(point.key);
  if (node === null) return null;
  let offset = point.offset;
  if (point.type === 'element') {
    if (!$isElementNode(node)) return null;
    offset = node
      .getChildren()
      .slice(0, point.offset)
      .reduce((sum, child) => sum + $caretSize(child), 0);
  }
  while (node !== null && !node.is(block)) {
    for (let before = node.getPreviousSibling(); before !== null; before = before.getPreviousSibling()) {
      offset += $caretSize(before);
    }
    node = node.getParent();
  }
  return node === null ? null : offset;
}

interface Place {
  readonly key: string;
  readonly offset: number;
  readonly type: 'text' | 'element';
}

function $placeAt(parent: ElementNode, offset: number): Place {
  let left = offset;
  for (const [index, child] of parent.getChildren().entries()) {
    const size = $caretSize(child);
    if ($isTextNode(child) && left <= size) return { key: child.getKey(), offset: left, type: 'text' };
    if ($isLinkNode(child) && left <= size) return $placeAt(child, left);
    if (left < size || (left === 0 && size === 0)) return { key: parent.getKey(), offset: index, type: 'element' };
    left -= size;
  }
  return { key: parent.getKey(), offset: parent.getChildrenSize(), type: 'element' };
}

/** Selects from `anchor` to `focus`, offsets in `block`. */
export function $selectOffsets(block: ElementNode, anchor: number, focus = anchor): void {
  const selection = $createRangeSelection();
  const start = $placeAt(block, anchor);
  const end = $placeAt(block, focus);
  selection.anchor.set(start.key, start.offset, start.type);
  selection.focus.set(end.key, end.offset, end.type);
  $setSelection(selection);
}

/** Moves one point of a selection to `offset` in `block`, leaving the other where it is. */
export function $movePoint(block: ElementNode, point: PointType, offset: number): void {
  const place = $placeAt(block, offset);
  point.set(place.key, place.offset, place.type);
}
