/**
 * What the service knows of a draft, seen from one editor: each block as it was last received or sent, the heads that
 * were on screen with it, and the order. Edits are the differences between this and the editor. `binding/` makes a Lexical
 * editor a view of a draft's blocks; `block-binding.ts` says how.
 */
import type { BlockView, TextConflict } from '../contract-types.ts';
import { inlineLength, sameInline, type InlineContent } from '../../../shared/drafting/inline.ts';
import type { RecordId, VersionId } from '../../../shared/ids.ts';
import type { BlockContent, TableContent } from '../editor/block-content.ts';

export type Heads = readonly VersionId[];

export interface ShadowBlock {
  block: BlockContent;
  text: Heads;
  style: Heads;
  place: Heads;
  /** Every head of the record when it was last shown whole: what removing it supersedes. */
  all: Heads;
  rows: ReadonlyMap<string, Heads>;
  columns: ReadonlyMap<string, Heads>;
  cells: ReadonlyMap<string, Heads>;
}

export interface Shadow {
  readonly blocks: Map<RecordId, ShadowBlock>;
  order: RecordId[];
  /** Blocks that were here and are not now, as they were: pasting one back revives it. */
  readonly removed: Map<RecordId, ShadowBlock>;
  /** Blocks that are being put into the editor at this moment, known to the service and not here yet. */
  readonly arriving: Set<RecordId>;
}

export function createShadow(): Shadow {
  return { blocks: new Map(), order: [], removed: new Map(), arriving: new Set() };
}

/** An entry for a block this editor has just made: the service knows its own session's versions. */
export function madeHere(block: BlockContent): ShadowBlock {
  const none = new Map<string, Heads>();
  return { block, text: [], style: [], place: [], all: [], rows: none, columns: none, cells: none };
}

/**
 * The heads that an edit of a shown text supersedes. Of two versions that stand side by side, typing goes into the one in
 * the flow and must not close the conflict: only that version is superseded.
 */
export function shownHeads(content: InlineContent, all: Heads, conflict: TextConflict | null): Heads {
  if (conflict === null) return all;
  const same = conflict.versions.filter((version) => sameInline(version.content, content));
  const shown = same.find((version) => version.author.me) ?? same[0];
  return shown?.heads ?? all;
}

export function tableContent(view: BlockView): TableContent | null {
  if (view.table === null) return null;
  const cells: Record<string, InlineContent> = {};
  for (const [key, cell] of Object.entries(view.table.cells)) {
    if (inlineLength(cell.content) > 0) cells[key] = cell.content;
  }
  return { rows: view.table.rows.map((row) => row.id), columns: view.table.columns.map((column) => column.id), cells };
}

export function contentOf(view: BlockView): BlockContent {
  return { style: view.style, content: view.content, table: tableContent(view) };
}

export function shadowOf(view: BlockView): ShadowBlock {
  const table = view.table;
  return {
    block: contentOf(view),
    text: shownHeads(view.content, view.heads.text, view.textConflict),
    style: view.heads.style,
    place: view.heads.place,
    all: view.heads.all,
    rows: new Map(table?.rows.map((row) => [row.id, row.heads])),
    columns: new Map(table?.columns.map((column) => [column.id, column.heads])),
    cells: new Map(
      Object.entries(table?.cells ?? {}).map(([key, cell]) => [
        key,
        shownHeads(cell.content, cell.heads, cell.conflict),
      ]),
    ),
  };
}
