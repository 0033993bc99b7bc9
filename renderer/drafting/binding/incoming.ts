/**
 * Puts what came from the service into the editor: only the nodes it concerns, without moving the caret or the selection.
 * Every function here runs inside an update that the binding marks as incoming.
 */
import {
  $getNodeByKey,
  $getRoot,
  $getSelection,
  $getState,
  $isRangeSelection,
  $setState,
  type LexicalNode,
  type NodeKey,
} from 'lexical';
import type { TableCellNode, TableRowNode } from '@lexical/table';
import { sameInline, type Inline, type InlineContent } from '../../../shared/drafting/inline.ts';
import type { RecordId } from '../../../shared/ids.ts';
import {
  $createBlock,
  $readTable,
  cellKey,
  fitsNode,
  sameStyle,
  sameTable,
  type BlockContent,
  type TableContent,
} from '../editor/block-content.ts';
import { $isBlockNode, type BlockNode } from '../editor/block-node.ts';
import { $blockId, blockStyleState, columnIdState, fixedContentState, rowIdState } from '../editor/block-state.ts';
import { $caretOffset, $movePoint } from '../editor/caret.ts';
import { $isFixedNode } from '../editor/fixed-node.ts';
import { $nodesForInline, $readInline, carryOffset } from '../editor/inline-nodes.ts';
import {
  $cells,
  $cellText,
  $createCell,
  $createRow,
  $isDraftTable,
  $rows,
  type DraftTableNode,
} from '../editor/table-node.ts';
import { longestInOrder } from './structure-edits.ts';

/** The caret counts a link by its letters, the log as one item. */
function asCaretSees(content: InlineContent): InlineContent {
  return content.map((item): Inline => (item.t === 'link' ? { t: 'text', s: item.s } : item));
}

/** Makes a block's text `after`. A caret in it stays beside the same words. */
export function $patchText(block: BlockNode, after: InlineContent): void {
  const before = $readInline(block);
  if (sameInline(before, after)) return;
  const selection = $getSelection();
  const range = $isRangeSelection(selection) ? selection : null;
  const anchor = range === null ? null : $caretOffset(block, range.anchor);
  const focus = range === null ? null : $caretOffset(block, range.focus);
  block.splice(0, block.getChildrenSize(), $nodesForInline(after));
  const now = $getSelection();
  if (!$isRangeSelection(now)) return;
  const carry = (offset: number): number => carryOffset(offset, asCaretSees(before), asCaretSees(after));
  if (anchor !== null) $movePoint(block, now.anchor, carry(anchor));
  if (focus !== null) $movePoint(block, now.focus, carry(focus));
}

/** What may not be touched now, because its author is at it. */
export interface Busy {
  readonly text: boolean;
  readonly style: boolean;
  /** Keys `<row>:<column>`. */
  readonly cells: ReadonlySet<string>;
  readonly parts: boolean;
}

/** Makes a node show `block`, as far as it is not being worked on. Returns the node that now shows it. */
export function $patchBlock(node: LexicalNode, block: BlockContent, busy: Busy): LexicalNode {
  if (!fitsNode(node, block.style)) {
    if (busy.text || busy.style) return node;
    const fresh = $createBlock($blockId(node) as RecordId, block);
    node.replace(fresh);
    return fresh;
  }
  if (!busy.style && !sameStyle($getState(node, blockStyleState), block.style) && !$isDraftTable(node)) {
    $setState(node, blockStyleState, block.style);
  }
  if ($isBlockNode(node) && !busy.text) $patchText(node, block.content);
  else if ($isFixedNode(node)) {
    if (!sameInline(node.getContent(), block.content)) $setState(node, fixedContentState, block.content);
  } else if ($isDraftTable(node) && block.table !== null) $patchTable(node, block.table, busy);
  return node;
}

function $patchTable(table: DraftTableNode, after: TableContent, busy: Busy): void {
  const before = $readTable(table);
  if (sameTable(before, after)) return;
  const sameShape = before.rows.join() === after.rows.join() && before.columns.join() === after.columns.join();
  if (!sameShape && !busy.parts) $reshape(table, after);
  for (const row of $rows(table)) {
    for (const cell of $cells(row)) {
      const key = cellKey($getState(row, rowIdState), $getState(cell, columnIdState));
      const text = $cellText(cell);
      if (text !== null && !busy.cells.has(key)) $patchText(text, after.cells[key] ?? []);
    }
  }
}

function $reshape(table: DraftTableNode, after: TableContent): void {
  const rows = new Map<string, TableRowNode>();
  for (const row of $rows(table)) {
    const id = $getState(row, rowIdState);
    if (after.rows.includes(id)) rows.set(id, row);
    else row.remove();
  }
  let last: TableRowNode | null = null;
  for (const id of after.rows) {
    const row: TableRowNode = rows.get(id) ?? $createRow(id);
    $put(table, row, last);
    last = row;
    const cells = new Map<string, TableCellNode>();
    for (const cell of $cells(row)) {
      const column = $getState(cell, columnIdState);
      if (after.columns.includes(column)) cells.set(column, cell);
      else cell.remove();
    }
    let lastCell: TableCellNode | null = null;
    for (const column of after.columns) {
      const cell: TableCellNode = cells.get(column) ?? $createCell(column);
      $put(row, cell, lastCell);
      lastCell = cell;
    }
  }
}

interface Parent {
  getFirstChild(): LexicalNode | null;
  append(...nodes: LexicalNode[]): unknown;
}

/** Puts `node` right after `after` (null: first), if it is not there already. */
function $put(parent: Parent, node: LexicalNode, after: LexicalNode | null): void {
  const first = parent.getFirstChild();
  if (after !== null) {
    if (!after.getNextSibling()?.is(node)) after.insertAfter(node, false);
  } else if (first === null) parent.append(node);
  else if (!first.is(node)) first.insertBefore(node, false);
}

/**
 * Makes the top-level nodes stand in `target` order. `make` gives a block that is not in the editor yet; nodes that are in
 * no list (not in `target`) are removed.
 */
export function $patchOrder(
  target: readonly RecordId[],
  $keyOf: (id: RecordId) => NodeKey | null,
  $make: (id: RecordId) => LexicalNode,
): void {
  const root = $getRoot();
  const wanted = new Set(target);
  const present: RecordId[] = [];
  for (const child of root.getChildren()) {
    const id = $blockId(child);
    if (id !== '' && wanted.has(id)) present.push(id);
    else child.remove();
  }
  if (present.length === target.length && present.every((id, at) => id === target[at])) return;
  const stays = longestInOrder(present, target);
  let last: LexicalNode | null = null;
  for (const id of target) {
    const key = $keyOf(id);
    const existing = key === null ? null : $getNodeByKey(key);
    if (existing !== null && stays.has(id)) {
      last = existing;
      continue;
    }
    const node: LexicalNode = existing ?? $make(id);
    $put(root, node, last);
    last = node;
  }
}
