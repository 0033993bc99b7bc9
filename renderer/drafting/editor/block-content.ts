/** A block as the log knows it, to a top-level node and back. */
import { $getState, $isElementNode, type LexicalNode } from 'lexical';
import type { BlockStyle } from '../../../shared/drafting/block.ts';
import { sameInline, type InlineContent } from '../../../shared/drafting/inline.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { $createBlockNode, $isBlockNode } from './block-node.ts';
import { columnIdState, rowIdState } from './block-state.ts';
import { $createFixedNode, $isFixedNode } from './fixed-node.ts';
import { $nodesForInline, $readInline } from './inline-nodes.ts';
import { $cells, $cellText, $createCell, $createDraftTable, $createRow, $isDraftTable, $rows } from './table-node.ts';

/** Rows and columns in order; cells by `<row>:<column>`, empty ones left out. */
export interface TableContent {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly cells: Readonly<Record<string, InlineContent>>;
}

export interface BlockContent {
  readonly style: BlockStyle;
  readonly content: InlineContent;
  readonly table: TableContent | null;
}

const editable: ReadonlySet<string> = new Set(['paragraph', 'heading', 'listItem', 'quotation', 'section']);

/** Whether a block of this style is text that a person edits in place. */
export function isTextStyle(style: BlockStyle): boolean {
  return editable.has(style.kind);
}

/** Whether a style change can be shown on the node as it is, without making another. */
export function fitsNode(node: LexicalNode, style: BlockStyle): boolean {
  if ($isBlockNode(node)) return isTextStyle(style);
  if ($isDraftTable(node)) return style.kind === 'table';
  return $isFixedNode(node) && !isTextStyle(style) && style.kind !== 'table';
}

export function cellKey(row: string, column: string): string {
  return `${row}:${column}`;
}

export function $createBlock(id: RecordId | '', block: BlockContent): LexicalNode {
  if (block.style.kind === 'table') return $createTable(id, block.table ?? { rows: [], columns: [], cells: {} });
  if (!isTextStyle(block.style)) return $createFixedNode(block.style, block.content, id);
  return $createBlockNode(block.style, id).append(...$nodesForInline(block.content));
}

export function $createTable(id: RecordId | '', content: TableContent): LexicalNode {
  const table = $createDraftTable(id);
  for (const row of content.rows) {
    const node = $createRow(row);
    for (const column of content.columns) {
      const cell = $createCell(column);
      $cellText(cell)?.append(...$nodesForInline(content.cells[cellKey(row, column)] ?? []));
      node.append(cell);
    }
    table.append(node);
  }
  return table;
}

export function $readTable(table: LexicalNode): TableContent {
  const cells: Record<string, InlineContent> = {};
  const rows: string[] = [];
  let columns: string[] = [];
  if (!$isDraftTable(table)) return { rows, columns, cells };
  for (const row of $rows(table)) {
    const rowId = $getState(row, rowIdState);
    rows.push(rowId);
    const rowCells = $cells(row);
    if (columns.length === 0) columns = rowCells.map((cell) => $getState(cell, columnIdState));
    for (const cell of rowCells) {
      const text = $cellText(cell);
      const content = text === null ? [] : $readInline(text);
      if (content.length > 0) cells[cellKey(rowId, $getState(cell, columnIdState))] = content;
    }
  }
  return { rows, columns, cells };
}

/** What a top-level node says. Anything that is no block of ours is read as a paragraph of its words. */
export function $readBlock(node: LexicalNode): BlockContent {
  if ($isBlockNode(node)) return { style: node.getBlockStyle(), content: $readInline(node), table: null };
  if ($isFixedNode(node)) return { style: node.getBlockStyle(), content: node.getContent(), table: null };
  if ($isDraftTable(node)) return { style: { kind: 'table' }, content: [], table: $readTable(node) };
  return { style: { kind: 'paragraph' }, content: $isElementNode(node) ? $readInline(node) : [], table: null };
}

export function sameStyle(a: BlockStyle, b: BlockStyle): boolean {
  return a === b || canonicalStyle(a) === canonicalStyle(b);
}

/** Equal styles print alike whatever the order of their keys. */
function canonicalStyle(style: BlockStyle): string {
  const source = style.kind === 'quotation' ? style.source : undefined;
  const plain = { ...style, source: source === undefined ? undefined : Object.entries(source).sort() };
  return JSON.stringify(Object.entries(plain).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function sameTable(a: TableContent | null, b: TableContent | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  if (a.rows.join() !== b.rows.join() || a.columns.join() !== b.columns.join()) return false;
  return a.rows.every((row) =>
    a.columns.every((column) => {
      const key = cellKey(row, column);
      return sameInline(a.cells[key] ?? [], b.cells[key] ?? []);
    }),
  );
}

export function sameBlock(a: BlockContent, b: BlockContent): boolean {
  return sameStyle(a.style, b.style) && sameInline(a.content, b.content) && sameTable(a.table, b.table);
}
