/**
 * A selection over several answers, deleted or typed over, takes the answers and leaves the questions and named parts:
 * they are the form that is filled in. Nothing on one side of a question is joined to the other side.
 */
import { mergeRegister } from '@lexical/utils';
import {
  $getNodeByKey,
  $getRoot,
  $getSelection,
  $isRangeSelection,
  COMMAND_PRIORITY_CRITICAL,
  CONTROLLED_TEXT_INSERTION_COMMAND,
  COPY_COMMAND,
  CUT_COMMAND,
  DELETE_CHARACTER_COMMAND,
  DELETE_LINE_COMMAND,
  DELETE_WORD_COMMAND,
  INSERT_LINE_BREAK_COMMAND,
  INSERT_PARAGRAPH_COMMAND,
  PASTE_COMMAND,
  REMOVE_TEXT_COMMAND,
  type LexicalEditor,
  type LexicalNode,
  type PointType,
  type RangeSelection,
} from 'lexical';
import { $createBlockNode, $isBlockNode, $topLevel, type BlockNode } from './block-node.ts';
import { $caretOffset, $caretSize, $selectOffsets } from './caret.ts';
import { $isFixedNode } from './fixed-node.ts';

/** What a selection alone never removes. */
export function $isKept(node: LexicalNode | null): boolean {
  return $isFixedNode(node) || ($isBlockNode(node) && node.getBlockStyle().kind === 'section');
}

/** The top-level node of one end of a selection; a point on the root itself is beside a child. */
function $endTop(point: PointType, edge: 'start' | 'end'): LexicalNode | null {
  if (point.key !== 'root') return $topLevel($getNodeByKey(point.key));
  const at = edge === 'start' ? point.offset : point.offset - 1;
  const root = $getRoot();
  return root.getChildAtIndex(Math.max(0, Math.min(at, root.getChildrenSize() - 1)));
}

function $cut(block: BlockNode, from: number, to: number): void {
  if (from >= to) return;
  $selectOffsets(block, from, to);
  const selection = $getSelection();
  if ($isRangeSelection(selection)) selection.removeText();
}

/** Takes a wholly selected block away, unless it is the only place to write between two that stay. */
function $takeAway(node: LexicalNode): LexicalNode | null {
  const before = node.getPreviousSibling();
  const after = node.getNextSibling();
  const isOnly = (before === null || $isKept(before)) && (after === null || $isKept(after));
  if (!isOnly) {
    node.remove();
    return null;
  }
  if (!$isBlockNode(node)) return node.replace($createBlockNode());
  node.clear();
  if (node.getBlockStyle().kind !== 'paragraph') node.setBlockStyle({ kind: 'paragraph' });
  return node;
}

/** Deletes what is selected if that is more than one block with one that stays among them; else does nothing. */
export function $deleteAroundKept(selection: RangeSelection): boolean {
  if (selection.isCollapsed()) return false;
  const [start, end] = selection.isBackward()
    ? [selection.focus, selection.anchor]
    : [selection.anchor, selection.focus];
  const first = $endTop(start, 'start');
  const last = $endTop(end, 'end');
  if (first === null || last === null || first.is(last)) return false;
  const selected: LexicalNode[] = [];
  for (let node: LexicalNode | null = first; node !== null; node = node.getNextSibling()) {
    selected.push(node);
    if (node.is(last)) break;
  }
  if (!selected.some($isKept)) return false;
  const from = $isBlockNode(first) ? ($caretOffset(first, start) ?? 0) : 0;
  const to = $isBlockNode(last) ? ($caretOffset(last, end) ?? $caretSize(last)) : 0;

  let caret: BlockNode | null = null;
  for (const node of selected) {
    if ($isFixedNode(node)) continue;
    const isFirst = node.is(first);
    const isLast = node.is(last);
    const isWhole = (!isFirst || from === 0) && (!isLast || ($isBlockNode(node) && to === $caretSize(node)));
    if ($isBlockNode(node) && (!isWhole || $isKept(node))) {
      // The words of a named part are its name: they go only where they were selected by themselves.
      if (!$isKept(node)) $cut(node, isFirst ? from : 0, isLast ? to : $caretSize(node));
      if (isFirst) caret = node;
      else if (!$isKept(node)) caret ??= node;
      continue;
    }
    // A table with only one end of the selection in it stays whole.
    if (!$isBlockNode(node) && (isFirst || isLast) && start.key !== 'root' && end.key !== 'root') continue;
    const left = $takeAway(node);
    if ($isBlockNode(left)) caret ??= left;
  }
  if (caret === null) $getRoot().selectEnd();
  else if (caret.is(first)) $selectOffsets(caret, Math.min(from, $caretSize(caret)));
  else caret.selectStart();
  return true;
}

/** `onKept` hears that something was deleted around questions, to say so. */
export function registerKeepQuestions(editor: LexicalEditor, onKept: () => void): () => void {
  const $around = (): boolean => {
    const selection = $getSelection();
    if (!$isRangeSelection(selection) || !$deleteAroundKept(selection)) return false;
    onKept();
    return true;
  };
  // What replaces the selection goes on at the caret that is left.
  const $before = (): boolean => {
    $around();
    return false;
  };
  const priority = COMMAND_PRIORITY_CRITICAL;
  return mergeRegister(
    editor.registerCommand(DELETE_CHARACTER_COMMAND, $around, priority),
    editor.registerCommand(DELETE_WORD_COMMAND, $around, priority),
    editor.registerCommand(DELETE_LINE_COMMAND, $around, priority),
    editor.registerCommand(REMOVE_TEXT_COMMAND, $around, priority),
    editor.registerCommand(CONTROLLED_TEXT_INSERTION_COMMAND, $before, priority),
    editor.registerCommand(INSERT_PARAGRAPH_COMMAND, $before, priority),
    editor.registerCommand(INSERT_LINE_BREAK_COMMAND, $before, priority),
    editor.registerCommand(PASTE_COMMAND, $before, priority),
    editor.registerCommand(
      CUT_COMMAND,
      (event) => {
        const selection = $getSelection();
        if (!$isRangeSelection(selection) || selection.isCollapsed()) return false;
        const spans = selection.getNodes().some((node) => $isKept($topLevel(node)));
        if (!spans) return false;
        editor.dispatchCommand(COPY_COMMAND, event);
        return $around();
      },
      priority,
    ),
  );
}
