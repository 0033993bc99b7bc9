/** The edits that make a known block say what the editor says: text, style, table cells, rows and columns. */
import type { DraftEdit } from '../../../shared/contract/drafts.ts';
import { sameInline, type InlineContent } from '../../../shared/drafting/inline.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { cellKey, sameStyle, type BlockContent, type TableContent } from '../editor/block-content.ts';
import type { Heads, ShadowBlock } from './shadow.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
const plain = (heads: Heads): Mutable<Heads> => [...heads];

const none: TableContent = { rows: [], columns: [], cells: {} };

/** Brings `known` to `now` and returns the edits that do the same at the service. Nothing when they agree. */
export function blockEdits(id: RecordId, known: ShadowBlock, now: BlockContent): DraftEdit[] {
  const edits: DraftEdit[] = [];
  if (!sameStyle(known.block.style, now.style)) {
    edits.push({ op: 'setStyle', block: id, style: now.style, heads: plain(known.style) });
  }
  if (now.table !== null) edits.push(...tableEdits(id, known, now.table));
  if (!sameInline(known.block.content, now.content)) edits.push(textEdit(id, known, now.content));
  known.block = now;
  return edits;
}

export function textEdit(id: RecordId, known: ShadowBlock, content: InlineContent): DraftEdit {
  known.block = { ...known.block, content };
  return { op: 'setText', block: id, content: [...content], heads: plain(known.text) };
}

/** `known` may be a block without a table: then every row, column and cell is new. */
export function tableEdits(id: RecordId, known: ShadowBlock, now: TableContent): DraftEdit[] {
  const before = known.block.table ?? none;
  const edits: DraftEdit[] = [];
  for (const [at, row] of now.rows.entries()) {
    if (!before.rows.includes(row)) edits.push({ op: 'insertRow', block: id, row, after: now.rows[at - 1] ?? null });
  }
  for (const [at, column] of now.columns.entries()) {
    if (before.columns.includes(column)) continue;
    edits.push({ op: 'insertColumn', block: id, column, after: now.columns[at - 1] ?? null });
  }
  for (const row of now.rows) {
    for (const column of now.columns) {
      const key = cellKey(row, column);
      const content = now.cells[key] ?? [];
      if (sameInline(before.cells[key] ?? [], content)) continue;
      const heads = plain(known.cells.get(key) ?? []);
      edits.push({ op: 'setCell', block: id, row, column, content: [...content], heads });
    }
  }
  for (const row of before.rows) {
    if (!now.rows.includes(row))
      edits.push({ op: 'removeRow', block: id, row, heads: plain(known.rows.get(row) ?? []) });
  }
  for (const column of before.columns) {
    if (now.columns.includes(column)) continue;
    edits.push({ op: 'removeColumn', block: id, column, heads: plain(known.columns.get(column) ?? []) });
  }
  return edits;
}
