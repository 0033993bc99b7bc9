/** What can be done to blocks, for keys, toolbar and palette alike. Functions with `$` run inside an update. */
import {
  $createRangeSelection,
  $getNodeByKey,
  $getRoot,
  $getSelection,
  $isElementNode,
  $isRangeSelection,
  $setSelection,
  SKIP_SCROLL_INTO_VIEW_TAG,
  type LexicalEditor,
  type LexicalNode,
  type RangeSelection,
} from 'lexical';
import { $findCellNode, $findTableNode, type TableCellNode, type TableRowNode } from '@lexical/table';
import type { BlockStyle } from '../../../shared/drafting/block.ts';
import type { InlineContent } from '../../../shared/drafting/inline.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { $createAtomNode } from './atom-node.ts';
import { $createBlock, $readBlock, sameStyle, type BlockContent } from './block-content.ts';
import { $createBlockNode, $isBlockNode, $topLevel, type BlockNode } from './block-node.ts';
import { $blockId } from './block-state.ts';
import { newPartId } from './draft-extension.ts';
import { $isFixedNode } from './fixed-node.ts';
import { $cells, $cellText, $createCell, $createEmptyTable, $createRow, $isDraftTable, $rows } from './table-node.ts';

/** The top-level text blocks that a selection touches, in document order. */
export function $selectedBlocks(selection: RangeSelection): BlockNode[] {
  const blocks = new Map<string, BlockNode>();
  for (const node of selection.getNodes()) {
    const top = $topLevel(node);
    if ($isBlockNode(top)) blocks.set(top.getKey(), top);
  }
  return [...blocks.values()];
}

/** Changes the style of the selected blocks; a block that has it already becomes a paragraph. Sections stay. */
export function $toggleBlockStyle(style: BlockStyle): void {
  const selection = $getSelection();
  if (!$isRangeSelection(selection)) return;
  const blocks = $selectedBlocks(selection).filter((block) => block.getBlockStyle().kind !== 'section');
  const all = blocks.every((block) => sameStyle(withoutSource(block.getBlockStyle()), withoutSource(style)));
  for (const block of blocks) {
    const now = block.getBlockStyle();
    if (all) block.setBlockStyle({ kind: 'paragraph' });
    else if (style.kind === 'listItem' && now.kind === 'listItem') block.setBlockStyle({ ...style, depth: now.depth });
    else block.setBlockStyle(style);
  }
}

/** Setting, not toggling: what the style menu does. */
export function $setBlockStyle(style: BlockStyle): void {
  const selection = $getSelection();
  if (!$isRangeSelection(selection)) return;
  for (const block of $selectedBlocks(selection)) {
    if (block.getBlockStyle().kind !== 'section') block.setBlockStyle(style);
  }
}

function withoutSource(style: BlockStyle): BlockStyle {
  if (style.kind === 'quotation') return { kind: 'quotation' };
  return style.kind === 'listItem' ? { ...style, depth: 0 } : style;
}

/** Moves the selected list items one level in or out; false when none is a list item. Out of the first level ends the list. */
export function $changeDepth(by: 1 | -1): boolean {
  const selection = $getSelection();
  if (!$isRangeSelection(selection)) return false;
  const items = $selectedBlocks(selection).filter((block) => block.getBlockStyle().kind === 'listItem');
  for (const item of items) {
    const style = item.getBlockStyle();
    if (style.kind !== 'listItem') continue;
    if (by === 1) item.setBlockStyle({ ...style, depth: 1 });
    else item.setBlockStyle(style.depth === 1 ? { ...style, depth: 0 } : { kind: 'paragraph' });
  }
  return items.length > 0;
}

/** The top-level node with the caret, else the last one; null in an empty editor. */
export function $currentTop(): LexicalNode | null {
  const selection = $getSelection();
  const focus = $isRangeSelection(selection) ? $topLevel($getNodeByKey(selection.focus.key)) : null;
  return focus ?? $getRoot().getLastChild();
}

/** Puts whole blocks after the current one, in place of it when it is an empty paragraph, and the caret behind them. */
export function $insertBlocks(blocks: readonly BlockContent[]): void {
  const at = $currentTop();
  const nodes = blocks.map((block) => $createBlock('', block));
  let last = at;
  for (const node of nodes) {
    if (last === null) $getRoot().append(node);
    else last.insertAfter(node, false);
    last = node;
  }
  if ($isBlockNode(at) && at.isEmpty() && at.getBlockStyle().kind === 'paragraph') at.remove();
  // What is typed next is no part of a quotation or a table.
  if ($isBlockNode(last) && last.getBlockStyle().kind !== 'quotation') last.selectEnd();
  else if (last !== null) {
    const next = last.getNextSibling();
    if ($isBlockNode(next) && next.isEmpty() && next.getBlockStyle().kind === 'paragraph') next.selectStart();
    else {
      const paragraph = $createBlockNode();
      last.insertAfter(paragraph, false);
      paragraph.select();
    }
  }
}

/** Puts inline content at the caret (in place of what is selected). */
export function $insertInline(content: InlineContent): void {
  const selection = $getSelection();
  if (!$isRangeSelection(selection)) return;
  const holder = $createBlock('', { style: { kind: 'paragraph' }, content, table: null });
  if ($isElementNode(holder)) selection.insertNodes(holder.getChildren());
}

/** Puts a footnote's mark at the caret. Its text is a record of its own. */
export function $insertFootnote(id: RecordId): boolean {
  const selection = $getSelection();
  if (!$isRangeSelection(selection) || !$isBlockNode($topLevel(selection.focus.getNode()))) return false;
  if (!selection.isCollapsed()) selection.anchor.set(selection.focus.key, selection.focus.offset, selection.focus.type);
  selection.insertNodes([$createAtomNode({ t: 'note', id })]);
  return true;
}

export function $insertTable(rows: number, columns: number): void {
  const at = $currentTop();
  const table = $createEmptyTable(rows, columns, newPartId);
  if (at === null) $getRoot().append(table);
  else at.insertAfter(table, false);
  if (table.getNextSibling() === null) table.insertAfter($createBlockNode(), false);
  if ($isBlockNode(at) && at.isEmpty() && at.getBlockStyle().kind === 'paragraph') at.remove();
  $selectCell($rows(table)[0]?.getFirstChild() ?? null);
}

function $selectCell(cell: LexicalNode | null): void {
  const text = cell === null ? null : $cellText(cell as TableCellNode);
  text?.selectEnd();
}

interface CellPlace {
  readonly row: TableRowNode;
  readonly cell: TableCellNode;
  readonly rowIndex: number;
  readonly columnIndex: number;
}

function $cellPlace(): CellPlace | null {
  const selection = $getSelection();
  if (!$isRangeSelection(selection)) return null;
  const cell = $findCellNode(selection.focus.getNode());
  const table = cell === null ? null : $findTableNode(cell);
  const row = cell?.getParent();
  if (cell === null || !$isDraftTable(table) || row === null || row === undefined) return null;
  return {
    row: row as TableRowNode,
    cell,
    rowIndex: row.getIndexWithinParent(),
    columnIndex: cell.getIndexWithinParent(),
  };
}

/** Whether the caret is in a table. */
export function $isInTable(): boolean {
  return $cellPlace() !== null;
}

export type TableChange =
  'rowBefore' | 'rowAfter' | 'columnBefore' | 'columnAfter' | 'removeRow' | 'removeColumn' | 'removeTable';

/** Adds or removes a row or column at the caret. Removing the last of either removes the table. */
export function $changeTable(change: TableChange): void {
  const place = $cellPlace();
  if (place === null) return;
  const table = $findTableNode(place.cell);
  if (!$isDraftTable(table)) return;
  const rows = $rows(table);
  const width = $cells(place.row).length;
  switch (change) {
    case 'rowBefore':
    case 'rowAfter': {
      const row = $createRow(newPartId());
      for (let at = 0; at < width; at += 1) row.append($createCell(''));
      if (change === 'rowBefore') place.row.insertBefore(row, false);
      else place.row.insertAfter(row, false);
      $selectCell(row.getFirstChild());
      return;
    }
    case 'columnBefore':
    case 'columnAfter': {
      const column = newPartId();
      for (const row of rows) {
        const cell = $createCell(column);
        const beside = $cells(row)[place.columnIndex];
        if (change === 'columnBefore') beside?.insertBefore(cell, false);
        else beside?.insertAfter(cell, false);
        if (row.is(place.row)) $selectCell(cell);
      }
      return;
    }
    case 'removeRow':
      if (rows.length === 1) return $removeBlock(table);
      $selectCell(
        $cells(rows[place.rowIndex === 0 ? 1 : place.rowIndex - 1] as TableRowNode)[place.columnIndex] ?? null,
      );
      place.row.remove();
      return;
    case 'removeColumn':
      if (width === 1) return $removeBlock(table);
      $selectCell($cells(place.row)[place.columnIndex === 0 ? 1 : place.columnIndex - 1] ?? null);
      for (const row of rows) $cells(row)[place.columnIndex]?.remove();
      return;
    case 'removeTable':
      $removeBlock(table);
  }
}

/** Removes a whole block and puts the caret beside where it was. */
export function $removeBlock(block: LexicalNode): void {
  const next = block.getNextSibling();
  const previous = block.getPreviousSibling();
  if ($isBlockNode(next)) next.selectStart();
  else if ($isBlockNode(previous)) previous.selectEnd();
  else block.insertAfter($createBlockNode(), false);
  block.remove();
  if (!$isRangeSelection($getSelection())) $getRoot().selectEnd();
}

/** Moves the current block one place up or down, over what stands there. Questions and sections are not moved. */
export function $moveBlock(by: 1 | -1): void {
  const block = $currentTop();
  if (block === null || $isFixedNode(block)) return;
  if ($isBlockNode(block) && block.getBlockStyle().kind === 'section') return;
  const other = by === 1 ? block.getNextSibling() : block.getPreviousSibling();
  if (other === null) return;
  if (by === 1) other.insertAfter(block, false);
  else other.insertBefore(block, false);
}

/** Puts the caret where writing begins: into the first answer that is still empty, else before the first text. */
export function selectBeginning(editor: LexicalEditor): void {
  editor.update(
    () => {
      const blocks = $getRoot().getChildren().filter($isBlockNode);
      const isEmpty = (block: BlockNode): boolean => block.isEmpty() && block.getBlockStyle().kind === 'paragraph';
      const isNew = !blocks.some((block) => !block.isEmpty() && block.getBlockStyle().kind === 'paragraph');
      (isNew ? (blocks.find(isEmpty) ?? blocks[0]) : blocks[0])?.selectStart();
    },
    { discrete: true, tag: SKIP_SCROLL_INTO_VIEW_TAG },
  );
  editor.getRootElement()?.focus({ preventScroll: true });
}

/** Puts the caret at the end of a block and brings it into view. */
export function selectBlock(editor: LexicalEditor, id: RecordId): boolean {
  let found: LexicalNode | null = null;
  editor.update(
    () => {
      found =
        $getRoot()
          .getChildren()
          .find((child) => $blockId(child) === id) ?? null;
      if ($isBlockNode(found)) found.selectEnd();
      else if ($isDraftTable(found)) $selectCell($rows(found)[0]?.getFirstChild() ?? null);
      else if (found !== null) {
        const selection = $createRangeSelection();
        const at = (found as LexicalNode).getIndexWithinParent();
        selection.anchor.set('root', at, 'element');
        selection.focus.set('root', at, 'element');
        $setSelection(selection);
      }
    },
    { discrete: true },
  );
  const key = (found as LexicalNode | null)?.getKey();
  if (key === undefined) return false;
  editor.getElementByKey(key)?.scrollIntoView({ block: 'nearest' });
  editor.getRootElement()?.focus({ preventScroll: true });
  return true;
}

/** All blocks as they stand in the editor, with their ids: for counters and outlines. */
export function $allBlocks(): { id: RecordId | ''; block: BlockContent }[] {
  return $getRoot()
    .getChildren()
    .map((child) => ({ id: $blockId(child), block: $readBlock(child) }));
}
