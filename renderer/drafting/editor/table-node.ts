/**
 * A table of a draft. Rows and columns have ids and every cell is a field of its own, so a cell holds exactly one run of
 * inline content: one BlockNode without an id. What pasting or Lexical's table commands leave otherwise is mended here.
 */
import { TableCellNode, TableNode, TableRowNode, $createTableCellNode, $createTableRowNode } from '@lexical/table';
import {
  $applyNodeReplacement,
  $createLineBreakNode,
  $getState,
  $isElementNode,
  $setState,
  type EditorConfig,
  type ElementNode,
  type LexicalEditor,
  type LexicalNode,
} from 'lexical';
import type { RecordId } from '../../../shared/ids.ts';
import { $createBlockNode, $isBlockNode, type BlockNode } from './block-node.ts';
import { blockIdState, cardState, columnIdState, rowIdState } from './block-state.ts';
import { cardHost } from './card-hosts.ts';

export class DraftTableNode extends TableNode {
  override $config() {
    return this.config('draft-table', {
      extends: TableNode,
      stateConfigs: [{ stateConfig: blockIdState, flat: true }],
    });
  }

  override createDOM(config: EditorConfig, editor?: LexicalEditor): HTMLElement {
    const inner = super.createDOM(config, editor);
    const outer = document.createElement('div');
    outer.className = 'draft-block draft-table';
    outer.append(inner);
    if ($getState(this, cardState) && editor !== undefined) {
      outer.append(cardHost(editor, $getState(this, blockIdState) as RecordId));
    }
    return outer;
  }

  override updateDOM(previous: this, _dom: HTMLElement, _config: EditorConfig): boolean {
    return $getState(this, cardState, 'direct') !== $getState(previous, cardState, 'direct');
  }
}

export function $isDraftTable(node: LexicalNode | null | undefined): node is DraftTableNode {
  return node instanceof DraftTableNode;
}

export function $createDraftTable(id: RecordId | ''): DraftTableNode {
  const node = $applyNodeReplacement(new DraftTableNode());
  if (id !== '') $setState(node, blockIdState, id);
  return node;
}

export function $createRow(id: string): TableRowNode {
  return $setState($createTableRowNode(), rowIdState, id);
}

/** An empty cell of a column. */
export function $createCell(column: string): TableCellNode {
  return $setState($createTableCellNode(), columnIdState, column).append($createBlockNode());
}

/** A table of empty cells. `newId` makes the ids of rows and columns. */
export function $createEmptyTable(rows: number, columns: number, newId: () => string): DraftTableNode {
  const table = $createDraftTable('');
  const columnIds = Array.from({ length: columns }, newId);
  for (let row = 0; row < rows; row += 1) {
    table.append($createRow(newId()).append(...columnIds.map((column) => $createCell(column))));
  }
  return table;
}

export function $rows(table: TableNode): TableRowNode[] {
  return table.getChildren().filter((child): child is TableRowNode => child instanceof TableRowNode);
}

export function $cells(row: TableRowNode): TableCellNode[] {
  return row.getChildren().filter((child): child is TableCellNode => child instanceof TableCellNode);
}

/** The node with the cell's text. */
export function $cellText(cell: TableCellNode): BlockNode | null {
  const first = cell.getFirstChild();
  return $isBlockNode(first) ? first : null;
}

/** Brings several paragraphs of a pasted cell into one, with line breaks between. */
function $mendCell(cell: TableCellNode): void {
  const children = cell.getChildren();
  if (children.length === 1 && $isBlockNode(children[0])) {
    const only = children[0];
    if (only.getBlockStyle().kind !== 'paragraph') only.setBlockStyle({ kind: 'paragraph' });
    if ($getState(only, blockIdState) !== '') $setState(only, blockIdState, '');
    return;
  }
  const text = $createBlockNode();
  for (const child of children) {
    if (!text.isEmpty()) text.append($createLineBreakNode());
    if ($isElementNode(child) && !child.isInline()) $moveInline(child, text);
    else text.append(child);
  }
  cell.clear();
  cell.append(text);
}

function $moveInline(from: ElementNode, to: BlockNode): void {
  for (const child of from.getChildren()) {
    if ($isElementNode(child) && !child.isInline()) $moveInline(child, to);
    else to.append(child);
  }
}

/** Gives every row and column an id, each once, and every row the same columns. Runs whenever rows or cells changed. */
export function $mendTable(table: TableNode, newId: () => string): void {
  const rows = $rows(table);
  const width = Math.max(1, ...rows.map((row) => $cells(row).length));
  const rowIds = new Set<string>();
  for (const row of rows) {
    const id = $getState(row, rowIdState);
    if (id === '' || rowIds.has(id)) $setState(row, rowIdState, newId());
    rowIds.add($getState(row, rowIdState));
    for (let missing = $cells(row).length; missing < width; missing += 1) row.append($createCell(''));
  }
  const grid = rows.map((row) => $cells(row));
  const columnIds = new Set<string>();
  for (let at = 0; at < width; at += 1) {
    const ids = grid.map((cells) => $getState(cells[at] as TableCellNode, columnIdState));
    let id = ids.find((candidate) => candidate !== '' && !columnIds.has(candidate));
    id ??= newId();
    columnIds.add(id);
    for (const cells of grid) {
      const cell = cells[at] as TableCellNode;
      if ($getState(cell, columnIdState) !== id) $setState(cell, columnIdState, id);
      $mendCell(cell);
    }
  }
}
