/** What of a draft is being worked on here: edits gathered but not yet saved, by block and by field. */
import type { DraftEdit } from '../../../shared/contract/drafts.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { cellKey } from '../editor/block-content.ts';
import type { Busy } from './incoming.ts';

export interface LocalWork {
  busy(id: RecordId): Busy;
  /** Inserted, revived, split off or moved here: its place is the editor's. */
  readonly placed: ReadonlySet<RecordId>;
  /** Removed or joined away here. */
  readonly removed: ReadonlySet<RecordId>;
  readonly footnotes: ReadonlySet<RecordId>;
  readonly title: boolean;
  readonly cover: ReadonlySet<string>;
}

export function localWork(edits: readonly DraftEdit[]): LocalWork {
  const text = new Set<RecordId>();
  const style = new Set<RecordId>();
  const parts = new Set<RecordId>();
  const cells = new Map<RecordId, Set<string>>();
  const placed = new Set<RecordId>();
  const removed = new Set<RecordId>();
  const footnotes = new Set<RecordId>();
  const cover = new Set<string>();
  let title = false;
  for (const edit of edits) {
    switch (edit.op) {
      case 'setText':
        text.add(edit.block);
        break;
      case 'setStyle':
        style.add(edit.block);
        break;
      case 'insert':
      case 'revive':
        for (const set of [text, style, placed]) set.add(edit.block);
        removed.delete(edit.block);
        break;
      case 'move':
        placed.add(edit.block);
        break;
      case 'remove':
        removed.add(edit.block);
        break;
      case 'split':
        text.add(edit.block);
        for (const set of [text, style, placed]) set.add(edit.newBlock);
        break;
      case 'join':
        text.add(edit.into);
        removed.add(edit.from);
        break;
      case 'setCell': {
        const own = cells.get(edit.block) ?? new Set<string>();
        cells.set(edit.block, own.add(cellKey(edit.row, edit.column)));
        break;
      }
      case 'insertRow':
      case 'insertColumn':
      case 'removeRow':
      case 'removeColumn':
        parts.add(edit.block);
        break;
      case 'setFootnote':
        footnotes.add(edit.footnote);
        break;
      case 'setTitle':
        title = true;
        break;
      case 'setCover':
        cover.add(edit.key);
        break;
    }
  }
  const noCells: ReadonlySet<string> = new Set();
  return {
    busy: (id) => ({ text: text.has(id), style: style.has(id), parts: parts.has(id), cells: cells.get(id) ?? noCells }),
    placed,
    removed,
    footnotes,
    title,
    cover,
  };
}

/** Adds an edit to those gathered; typing on in the same text replaces what was gathered of it, over the same heads. */
export function gather(edits: DraftEdit[], edit: DraftEdit): void {
  const at = edits.findLastIndex((other) => touches(other, edit));
  const last = edits[at];
  if (last !== undefined && last.op === edit.op && sameField(last, edit) && 'heads' in last) {
    edits[at] = { ...edit, heads: last.heads } as DraftEdit;
  } else edits.push(edit);
}

const fieldOps: ReadonlySet<DraftEdit['op']> = new Set([
  'setText',
  'setStyle',
  'setCell',
  'setFootnote',
  'setTitle',
  'setCover',
]);

/** The ids an edit concerns: of blocks or footnotes, or a name for title and cover. */
function blocksOf(edit: DraftEdit): readonly string[] {
  switch (edit.op) {
    case 'split':
      return [edit.block, edit.newBlock];
    case 'join':
      return [edit.into, edit.from];
    case 'setFootnote':
      return [edit.footnote];
    case 'setTitle':
      return ['title'];
    case 'setCover':
      return [`cover ${edit.key}`];
    default:
      return [edit.block];
  }
}

/** Whether the two may not change places: they concern the same thing, and not two different fields of it. */
function touches(a: DraftEdit, b: DraftEdit): boolean {
  if (!blocksOf(a).some((id) => blocksOf(b).includes(id))) return false;
  return !(fieldOps.has(a.op) && fieldOps.has(b.op)) || sameField(a, b);
}

function sameField(a: DraftEdit, b: DraftEdit): boolean {
  if (!fieldOps.has(a.op) || a.op !== b.op) return false;
  return a.op !== 'setCell' || (b.op === 'setCell' && a.row === b.row && a.column === b.column);
}
