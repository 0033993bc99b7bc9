/** What the page sees of a draft: views of the fold with one session's typing laid over. */
import type { Author } from '../../../shared/contract/common.ts';
import type { BlockView, DraftSummary, DraftView, FootnoteView, TableView } from '../../../shared/contract/drafts.ts';
import type { Json, RecordId, VersionId } from '../../../shared/ids.ts';
import type { FieldState, RecordState } from '../../../shared/records/fold.ts';
import { comparePlaces } from '../../../shared/drafting/places.ts';
import { isDraftTemplate, templateOf } from '../../../shared/drafting/templates.ts';
import type { Circle } from '../circles/circle.ts';
import { textConflictOf } from './conflicts.ts';
import type { DraftEntry } from './draft-index.ts';
import {
  allHeads,
  contentIn,
  fieldKey,
  headIds,
  latestOf,
  placeOf,
  shownValue,
  stringOf,
  styleOf,
  type FieldRef,
  type OwnVersions,
} from './fields.ts';
import type { LineageConflicts } from './lineage-conflicts.ts';
import type { QuotationChecker } from './quotations.ts';
import type { TypedValue } from './typing-journal.ts';

type CoverField = DraftView['title'];

/** Whose screen a view is for: its own later versions, and what it has typed since. */
export interface Perspective {
  readonly own: OwnVersions;
  typed(record: RecordId, field: string): TypedValue | undefined;
}

export interface ViewContext {
  readonly circle: Circle;
  readonly lineage: LineageConflicts;
  readonly perspective: Perspective;
  readonly quotations: QuotationChecker;
}

interface TextField {
  readonly content: BlockView['content'];
  readonly heads: VersionId[];
  readonly pending: boolean;
  readonly author: Author;
  readonly at: string;
  readonly conflict: BlockView['textConflict'];
}

const nobody: Author = { person: null, name: '', delegation: '', confirmed: false, me: false };
const never = new Date(0).toISOString();

/** The versions that the shown value of a field stands for. */
function shownHeads(field: FieldState | undefined, own: VersionId | undefined): VersionId[] {
  const shown = shownValue(field, own);
  // Erased heads have no value and are seen all the same.
  if (shown === null) return headIds(field);
  return shown.versions.map((version) => version.id);
}

function textField(ref: FieldRef, field: FieldState | undefined, context: ViewContext): TextField {
  const { circle, perspective } = context;
  const own = perspective.own.get(fieldKey(ref.record, ref.field));
  const typed = perspective.typed(ref.record, ref.field);
  const conflict = textConflictOf(ref, field, {
    fold: circle.fold,
    lineage: context.lineage,
    authorOf: circle.authorOf,
  });
  if (typed !== undefined) {
    return {
      content: contentIn(ref, typed.value),
      heads: [...typed.over],
      pending: true,
      author: circle.authorOf(circle.replica),
      at: new Date(typed.at).toISOString(),
      conflict,
    };
  }
  const shown = shownValue(field, own);
  const latest = shown === null ? null : latestOf(shown.versions);
  return {
    content: contentIn(ref, shown?.value),
    heads: shownHeads(field, own),
    pending: false,
    author: latest === null ? nobody : circle.authorOf(latest.replica),
    at: latest === null ? never : new Date(latest.at).toISOString(),
    conflict,
  };
}

export function blockView(state: RecordState, context: ViewContext): BlockView {
  const { circle, perspective } = context;
  const own = (field: string): VersionId | undefined => perspective.own.get(fieldKey(state.id, field));
  const text = textField({ record: state.id, type: 'block', field: 'text' }, state.fields.get('text'), context);
  const styles = state.fields.get('style');
  const style = styleOf(shownValue(styles, own('style'))?.value);
  const contested = state.removalContested ? state.removedBy[0] : undefined;
  return {
    id: state.id,
    style,
    content: text.content,
    table: style.kind === 'table' ? tableView(state, context) : null,
    heads: {
      text: text.heads,
      style: shownHeads(styles, own('style')),
      // All of them: moving a block is how a person closes two places, and the mark says that there are two.
      place: headIds(state.fields.get('place')),
      all: allHeads(state),
    },
    pending: text.pending,
    author: text.author,
    at: text.at,
    textConflict: text.conflict,
    styleConflict: styleConflict(styles, circle),
    placeConflict: state.fields.get('place')?.conflict ?? false,
    removalContested: contested === undefined ? null : circle.authorOf(contested.replica),
    quotation: context.quotations.check(style, text.content),
  };
}

function styleConflict(field: FieldState | undefined, circle: Circle): BlockView['styleConflict'] {
  if (field === undefined || !field.conflict) return null;
  return field.values.map((value) => {
    const latest = latestOf(value.versions);
    return {
      style: styleOf(value.value),
      author: circle.authorOf(latest.replica),
      at: new Date(latest.at).toISOString(),
      heads: value.versions.map((version) => version.id),
    };
  });
}

/** A row or column with the heads of everything in it: what removing it names as seen. */
interface Line {
  readonly id: string;
  readonly place: string;
  readonly heads: VersionId[];
}

/**
 * The live rows or columns in order. One that was cleared stays when one of its cells was written unseen: removing a row
 * must not take along what somebody typed into it meanwhile.
 */
export function linesOf(state: RecordState, kind: 'row' | 'column'): Line[] {
  const lines: Line[] = [];
  for (const [name, field] of state.fields) {
    if (!name.startsWith(`${kind}:`)) continue;
    const id = name.slice(kind.length + 1);
    const cells = cellHeads(state, kind, id);
    const place = placeOf(field) ?? revivedPlace(field, cells);
    if (place !== null) lines.push({ id, place, heads: [...headIds(field), ...cells] });
  }
  return lines.sort(comparePlaces);
}

function cellHeads(state: RecordState, kind: 'row' | 'column', id: string): VersionId[] {
  const heads: VersionId[] = [];
  for (const [name, field] of state.fields) {
    if (!name.startsWith('cell:')) continue;
    const [, row, column] = name.split(':');
    if ((kind === 'row' ? row : column) === id) heads.push(...headIds(field));
  }
  return heads;
}

/** After everything, because the place itself is gone; `}` sorts behind every position string. */
function revivedPlace(field: FieldState, cells: readonly VersionId[]): string | null {
  const seen = new Set(field.heads.flatMap((head) => head.over));
  return cells.every((head) => seen.has(head)) ? null : '}';
}

function tableView(state: RecordState, context: ViewContext): TableView {
  const rows = linesOf(state, 'row');
  const columns = linesOf(state, 'column');
  const cells: Record<string, TableView['cells'][string]> = {};
  for (const row of rows) {
    for (const column of columns) {
      const field = `cell:${row.id}:${column.id}`;
      if (!state.fields.has(field) && context.perspective.typed(state.id, field) === undefined) continue;
      const cell = textField({ record: state.id, type: 'block', field }, state.fields.get(field), context);
      cells[`${row.id}:${column.id}`] = { content: cell.content, heads: cell.heads, conflict: cell.conflict };
    }
  }
  const line = ({ id, heads }: Line): { id: string; heads: VersionId[] } => ({ id, heads });
  return { rows: rows.map(line), columns: columns.map(line), cells };
}

export function footnoteView(id: RecordId, state: RecordState | null, context: ViewContext): FootnoteView {
  const field = state?.fields.get('text');
  const { content, heads, conflict } = textField({ record: id, type: 'footnote', field: 'text' }, field, context);
  return { id, content, heads, conflict };
}

function coverField(state: RecordState, name: string, context: ViewContext): CoverField {
  const { circle, perspective } = context;
  const field = state.fields.get(name);
  const own = perspective.own.get(fieldKey(state.id, name));
  const typed = perspective.typed(state.id, name);
  const versions = field === undefined || !field.conflict ? [] : field.values;
  return {
    value: stringOf(typed === undefined ? shownValue(field, own)?.value : typed.value),
    heads: typed === undefined ? shownHeads(field, own) : [...typed.over],
    versions: versions.map((value) => {
      const latest = latestOf(value.versions);
      return {
        value: stringOf(value.value),
        author: circle.authorOf(latest.replica),
        at: new Date(latest.at).toISOString(),
        heads: value.versions.map((version) => version.id),
      };
    }),
  };
}

export function titleView(state: RecordState, context: ViewContext): CoverField {
  return coverField(state, 'title', context);
}

/** The cover block: the template's fields in its order, then whatever else was set. */
export function coverView(state: RecordState, context: ViewContext): DraftView['cover'] {
  const template = templateOf(stringOf(shownValue(state.fields.get('template'), undefined)?.value));
  const keys = new Set(template.cover.map((field) => field.key));
  for (const name of state.fields.keys()) if (name.startsWith('cover:')) keys.add(name.slice('cover:'.length));
  return [...keys].map((key) => ({ key, field: coverField(state, `cover:${key}`, context) }));
}

const languages = new Set(['ar', 'zh', 'en', 'fr', 'ru', 'es']);

export function draftLanguage(state: RecordState): DraftSummary['language'] {
  const language = stringOf(shownValue(state.fields.get('language'), undefined)?.value).slice(0, 2);
  return (languages.has(language) ? language : 'en') as DraftSummary['language'];
}

export function summaryOf(state: RecordState, entry: DraftEntry, circle: Circle): DraftSummary {
  const value = (name: string): Json | undefined => shownValue(state.fields.get(name), undefined)?.value;
  const template = value('template');
  const latest = entry.latest();
  return {
    id: state.id,
    circle: circle.id,
    circleName: circle.name(),
    title: stringOf(value('title')),
    template: isDraftTemplate(template) ? template : 'blank',
    language: draftLanguage(state),
    words: entry.words(),
    conflicts: entry.conflicts(),
    changedAt: latest === null ? never : new Date(latest.at).toISOString(),
    changedBy: latest === null ? nobody : circle.authorOf(latest.replica),
    removed: state.removed,
    sample: value('sample') === true,
  };
}
