/**
 * A whole draft as plain data, without versions or ids: what a template, a sample or a copy into another circle puts into
 * the log, and the ops that do so.
 */
import type { Json, RecordId, VersionId } from '../ids.ts';
import type { BlockStyle } from './block.ts';
import { normaliseInline, type InlineContent } from './inline.ts';
import type { PlaceSource } from './places.ts';

export interface TableContent {
  /** Names of rows and columns in order, unique within the table. */
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** Key `<row>:<column>`; cells left out are empty. */
  readonly cells: Readonly<Record<string, InlineContent>>;
}

export interface DraftContent {
  readonly title: string;
  readonly template: string;
  readonly language: string;
  readonly sample?: boolean;
  readonly cover: Readonly<Record<string, string>>;
  readonly blocks: readonly {
    readonly style: BlockStyle;
    readonly content: InlineContent;
    readonly table?: TableContent;
  }[];
  /** By the id that the contents' notes carry; every note gets a fresh id when it is written. */
  readonly footnotes: Readonly<Record<string, InlineContent>>;
}

/** One field to be set; the same shape as the services' IntendedOp. */
export interface FieldOp {
  readonly record: RecordId;
  readonly type: string;
  readonly field: string;
  readonly over: readonly VersionId[];
  readonly value: Json;
}

/** The ops that make `content` the draft `draft`, all under fresh ids. A note without a footnote gets an empty one. */
export function opsOfContent(
  content: DraftContent,
  { draft, newId, places }: { readonly draft: RecordId; readonly newId: () => RecordId; readonly places: PlaceSource },
): FieldOp[] {
  const ops: FieldOp[] = [];
  const set = (record: RecordId, type: string, field: string, value: unknown): void => {
    ops.push({ record, type, field, over: [], value: value as Json });
  };
  set(draft, 'draft', 'title', content.title);
  set(draft, 'draft', 'template', content.template);
  set(draft, 'draft', 'language', content.language);
  if (content.sample === true) set(draft, 'draft', 'sample', true);
  for (const [key, value] of Object.entries(content.cover)) set(draft, 'draft', `cover:${key}`, value);

  const notes = new Map<string, RecordId>();
  const renamed = (inline: InlineContent): InlineContent =>
    normaliseInline(
      inline.map((item) => {
        if (item.t !== 'note') return item;
        let id = notes.get(item.id);
        if (id === undefined) notes.set(item.id, (id = newId()));
        return { t: 'note', id };
      }),
    );

  let place: string | null = null;
  for (const block of content.blocks) {
    const id = newId();
    place = places.between(place, null);
    set(id, 'block', 'draft', draft);
    set(id, 'block', 'place', place);
    set(id, 'block', 'style', block.style);
    set(id, 'block', 'text', { content: renamed(block.content) });
    if (block.table === undefined) continue;
    for (const [kind, names] of [
      ['row', block.table.rows],
      ['column', block.table.columns],
    ] as const) {
      let at: string | null = null;
      for (const name of names) set(id, 'block', `${kind}:${name}`, (at = places.between(at, null)));
    }
    for (const [key, cell] of Object.entries(block.table.cells)) set(id, 'block', `cell:${key}`, renamed(cell));
  }
  for (const [key, id] of notes) {
    set(id, 'footnote', 'draft', draft);
    set(id, 'footnote', 'text', normaliseInline((content.footnotes[key] ?? []).filter((item) => item.t !== 'note')));
  }
  return ops;
}
