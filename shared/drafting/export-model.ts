/**
 * What an export writes, whatever the format: the draft as a neutral tree with footnotes numbered in reading order, lists
 * nested, unsettled versions printed in square brackets with their delegations. Only what the draft contains is in it;
 * `remarks` lists what is marked or left out, to be shown before saving.
 */
import type { BlockView, DraftView, TableView } from '../contract/drafts.ts';
import type { RecordId } from '../ids.ts';
import type { BlockStyle } from './block.ts';
import { bracketVersions } from './bracket-versions.ts';
import { countWords } from './count-words.ts';
import { plainText, type InlineContent, type Mark } from './inline.ts';
import { coverLabelsOf } from './templates.ts';

export type ExportInline =
  | { readonly kind: 'text'; readonly text: string; readonly marks: readonly Mark[] }
  | { readonly kind: 'break' }
  /** `first`: the first reference to this footnote, where a format hangs the footnote itself. */
  | { readonly kind: 'note'; readonly number: number; readonly first: boolean }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };

export type ExportText = readonly ExportInline[];

export interface ExportList {
  readonly kind: 'list';
  readonly list: 'bullet' | 'number' | 'letter';
  readonly items: readonly ExportItem[];
}
export interface ExportItem {
  /** What is printed before it in plain text: `•`, `1.`, `a)`. */
  readonly marker: string;
  readonly text: ExportText;
  readonly inner: readonly ExportList[];
}

export type ExportBlock =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly text: ExportText }
  /** `words`: of its answer, which is every block up to the next question, section or heading of the first level. */
  | { readonly kind: 'question'; readonly number: string; readonly text: ExportText; readonly words: number }
  | { readonly kind: 'paragraph'; readonly text: ExportText }
  | { readonly kind: 'quotation'; readonly text: ExportText; readonly citation: string }
  /** The first row is the header. `columns`: a dense table, set smaller, with columns of unequal width. */
  | {
      readonly kind: 'table';
      readonly rows: readonly (readonly ExportText[])[];
      readonly columns?: readonly ExportColumn[];
    }
  | ExportList;

export interface ExportColumn {
  /** A share of the line, in the unit of the other columns of the table. */
  readonly width: number;
  /** The words of its header run upwards, so that many columns stand side by side. */
  readonly turned?: boolean;
}

export interface ExportModel {
  readonly title: string;
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  /** On paper turned sideways, for what is wide. */
  readonly landscape?: boolean;
  readonly cover: readonly { readonly label: string; readonly value: string }[];
  readonly blocks: readonly ExportBlock[];
  /** In order of first reference, numbered from 1. */
  readonly footnotes: readonly { readonly number: number; readonly text: ExportText }[];
  readonly remarks: readonly string[];
}

/** `view` as it stands in the log (without a session), so that nobody's half-typed sentence leaves. */
export function exportModelOf(view: DraftView): ExportModel {
  const remarks: string[] = [];
  const notes = createNotes();
  const language = view.summary.language;
  const coverText = (name: string, field: DraftView['title']): string => {
    if (field.versions.length < 2) return field.value;
    remarks.push(`${name} has ${field.versions.length} unsettled versions; all are printed in square brackets.`);
    return plainText(
      bracketVersions(field.versions.map(({ value, author }) => ({ content: [{ t: 'text', s: value }], author }))),
    );
  };
  const title = coverText('The title', view.title);
  const labels = coverLabelsOf(view.summary.template, language);
  const cover = view.cover
    .map(({ key, field }) => ({ label: labels.get(key) ?? key, value: coverText(labels.get(key) ?? key, field) }))
    .filter((field) => field.value !== '');

  const blocks: ExportBlock[] = [];
  let question: { at: number; number: string; limit: number | undefined } | null = null;
  const finishAnswer = (): void => {
    if (question === null) return;
    const asked = blocks[question.at];
    if (asked?.kind === 'question') remarkOnAnswer(asked.words, question.number, question.limit, remarks);
    question = null;
  };
  for (const block of view.blocks) {
    const content = contentOf(block, remarks);
    remarkOn(block, content, remarks);
    if (endsAnswer(block.style)) finishAnswer();
    const words = wordsOf(block, content, language);
    const open = question as { at: number } | null;
    const asked = open === null ? undefined : blocks[open.at];
    if (asked?.kind === 'question') blocks[open!.at] = { ...asked, words: asked.words + words };
    append(blocks, block, content, notes, remarks);
    const { style } = block;
    if (style.kind === 'question') question = { at: blocks.length - 1, number: style.number, limit: style.wordLimit };
  }
  finishAnswer();

  const footnotes = notes.order.map((id, index) => {
    const note = view.footnotes.find((each) => each.id === id);
    if (note?.conflict) remarks.push(`Footnote ${index + 1} has ${note.conflict.versions.length} unsettled versions.`);
    const content = note?.conflict ? bracketVersions(note.conflict.versions) : (note?.content ?? []);
    if (plainText(content).trim() === '') remarks.push(`Footnote ${index + 1} is empty.`);
    return {
      number: index + 1,
      text: textOf(
        content.filter((item) => item.t !== 'note'),
        notes,
      ),
    };
  });
  const orphans = view.footnotes.filter(
    (note) => !notes.order.includes(note.id) && plainText(note.content).trim() !== '',
  );
  if (orphans.length > 0) {
    const words = orphans.map((note) => shortened(plainText(note.content))).join('; ');
    remarks.push(`Left out, because nothing in the text refers to them: ${orphans.length} footnotes (${words}).`);
  }
  return { title, language, direction: view.direction, cover, blocks, footnotes, remarks };
}

interface Notes {
  readonly order: RecordId[];
  number(id: RecordId): { readonly number: number; readonly first: boolean };
}

function createNotes(): Notes {
  const order: RecordId[] = [];
  return {
    order,
    number: (id) => {
      const at = order.indexOf(id);
      if (at >= 0) return { number: at + 1, first: false };
      order.push(id);
      return { number: order.length, first: true };
    },
  };
}

/** Characters that XML 1.0 cannot hold, which no format needs. */
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const safeAddress = /^(https?|mailto):/i;

function textOf(content: InlineContent, notes: Notes): ExportInline[] {
  return content.map((item): ExportInline => {
    switch (item.t) {
      case 'text':
        return { kind: 'text', text: item.s.replace(unprintable, ''), marks: item.m ?? [] };
      case 'break':
        return { kind: 'break' };
      case 'note':
        return { kind: 'note', ...notes.number(item.id) };
      case 'link': {
        const text = item.s.replace(unprintable, '');
        return safeAddress.test(item.href)
          ? { kind: 'link', text, href: item.href }
          : { kind: 'text', text, marks: [] };
      }
      case 'cite':
        return { kind: 'text', text: item.s.replace(unprintable, ''), marks: [] };
    }
  });
}

function contentOf(block: BlockView, remarks: string[]): InlineContent {
  if (block.textConflict === null) return block.content;
  const { versions } = block.textConflict;
  const content = bracketVersions(versions);
  remarks.push(
    `“${shortened(plainText(content))}” has ${versions.length} unsettled versions; all are printed in square brackets with their delegations.`,
  );
  return content;
}

function append(
  blocks: ExportBlock[],
  block: BlockView,
  content: InlineContent,
  notes: Notes,
  remarks: string[],
): void {
  const { style } = block;
  if (style.kind === 'table') {
    const rows = block.table === null || block.table.columns.length === 0 ? [] : rowsOf(block.table, notes, remarks);
    if (rows.length > 0) blocks.push({ kind: 'table', rows });
    if (content.length > 0) blocks.push({ kind: 'paragraph', text: textOf(content, notes) });
    return;
  }
  const text = textOf(content, notes);
  // Empty paragraphs are room to write in, not part of the text.
  if (text.every((item) => item.kind === 'text' && item.text.trim() === '') && style.kind !== 'question') return;
  switch (style.kind) {
    case 'heading':
      blocks.push({ kind: 'heading', level: style.level, text });
      return;
    case 'section':
      blocks.push({ kind: 'heading', level: 1, text });
      return;
    case 'question':
      blocks.push({ kind: 'question', number: style.number, text, words: 0 });
      return;
    case 'quotation':
      blocks.push({ kind: 'quotation', text, citation: style.source?.citation ?? '' });
      return;
    case 'listItem':
      appendItem(blocks, style, text);
      return;
    case 'paragraph':
      blocks.push({ kind: 'paragraph', text });
      return;
    default:
      // A newer program's block: its words are in the file, its form is not.
      remarks.push('A block of a kind that this version does not know was written as a paragraph.');
      blocks.push({ kind: 'paragraph', text });
  }
}

/** Headings of the first level group questions; lower ones belong to the answer they stand in. */
function endsAnswer(style: BlockStyle): boolean {
  return style.kind === 'question' || style.kind === 'section' || (style.kind === 'heading' && style.level === 1);
}

/** Puts an item into the list before it when that is of its kind; an inner item with nothing above it stands outside. */
function appendItem(blocks: ExportBlock[], style: BlockStyle & { kind: 'listItem' }, text: ExportText): void {
  const last = blocks.at(-1);
  if (style.depth === 1 && last?.kind === 'list' && last.items.length > 0) {
    const item = last.items.at(-1)!;
    const inner = withItem(item.inner, style.list, text, 1);
    blocks[blocks.length - 1] = { ...last, items: [...last.items.slice(0, -1), { ...item, inner }] };
    return;
  }
  if (last?.kind === 'list' && last.list === style.list) {
    const item = { marker: markerOf(style.list, last.items.length, 0), text, inner: [] };
    blocks[blocks.length - 1] = { ...last, items: [...last.items, item] };
    return;
  }
  blocks.push({ kind: 'list', list: style.list, items: [{ marker: markerOf(style.list, 0, 0), text, inner: [] }] });
}

function withItem(
  lists: readonly ExportList[],
  list: ExportList['list'],
  text: ExportText,
  depth: 0 | 1,
): ExportList[] {
  const last = lists.at(-1);
  const same = last?.list === list ? last : { kind: 'list' as const, list, items: [] };
  const item = { marker: markerOf(list, same.items.length, depth), text, inner: [] };
  return [...lists.filter((each) => each !== same), { ...same, items: [...same.items, item] }];
}

/** `•` and `–`, `1.`, `a)` to `z)`, then `aa)`. */
function markerOf(list: ExportList['list'], index: number, depth: 0 | 1): string {
  if (list === 'bullet') return depth === 0 ? '•' : '–';
  if (list === 'number') return `${index + 1}.`;
  const letter = String.fromCharCode(97 + (index % 26));
  return `${letter.repeat(Math.floor(index / 26) + 1)})`;
}

function rowsOf(table: TableView, notes: Notes, remarks: string[]): ExportText[][] {
  return table.rows.map((row) =>
    table.columns.map((column) => {
      const cell = table.cells[`${row.id}:${column.id}`];
      if (cell === undefined) return [];
      if (cell.conflict === null) return textOf(cell.content, notes);
      const content = bracketVersions(cell.conflict.versions);
      remarks.push(
        `The table cell “${shortened(plainText(content))}” has ${cell.conflict.versions.length} unsettled versions.`,
      );
      return textOf(content, notes);
    }),
  );
}

function wordsOf(block: BlockView, content: InlineContent, language: string): number {
  const cells = Object.values(block.table?.cells ?? {});
  return cells.reduce((sum, cell) => sum + countWords(cell.content, language), countWords(content, language));
}

function remarkOn(block: BlockView, content: InlineContent, remarks: string[]): void {
  const words = `“${shortened(plainText(content))}”`;
  if (block.removalContested !== null) {
    const by = block.removalContested.delegation || block.removalContested.name || 'somebody';
    remarks.push(`${words} was removed by ${by} and changed by somebody else; it is printed.`);
  }
  if (block.styleConflict !== null) remarks.push(`${words} was given several styles; it is printed in the one shown.`);
  if (block.placeConflict) remarks.push(`${words} was moved to several places; it is printed at the first.`);
  const citation = block.style.kind === 'quotation' ? (block.style.source?.citation ?? '') : '';
  if (block.quotation === 'differs') remarks.push(`The quotation ${words} differs from its source (${citation}).`);
  if (block.quotation === 'not-found')
    remarks.push(`The quotation ${words} was not found in its source (${citation}).`);
  if (block.quotation === 'source-missing') {
    remarks.push(`The quotation ${words} could not be checked: its source (${citation}) is not on the shelf.`);
  }
}

function remarkOnAnswer(words: number, number: string, limit: number | undefined, remarks: string[]): void {
  if (words === 0) remarks.push(`Question ${number} has no answer.`);
  if (limit !== undefined && words > limit) {
    remarks.push(`The answer to question ${number} has ${words} words; the limit is ${limit}.`);
  }
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= 60 ? line : `${line.slice(0, 59)}…`;
}
