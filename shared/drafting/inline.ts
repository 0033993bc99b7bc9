/**
 * Inline content of a block: our own small schema, because Lexical's JSON changes with Lexical while a log is for ever.
 * `shared/drafting/` holds blocks, templates, quotations and the export models; the editor and the log both speak this.
 *
 * Canonical form (produced by `normaliseInline`): no empty text, no two neighbouring texts with equal marks, marks in the
 * order of `marks`. Offsets into inline content count UTF-16 units of text and 1 for every other item.
 */
import type { DocumentId, RecordId } from '../ids.ts';

export const marks = ['bold', 'italic', 'underline', 'superscript', 'subscript', 'strikethrough'] as const;
export type Mark = (typeof marks)[number];

export type Inline =
  | { readonly t: 'text'; readonly s: string; readonly m?: readonly Mark[] }
  | { readonly t: 'break' }
  | { readonly t: 'note'; readonly id: RecordId }
  | { readonly t: 'link'; readonly href: string; readonly s: string }
  /** A reference to a paragraph of an outcome document; `s` is what is printed, e.g. `Tunis Agenda, 35 a)`. */
  | { readonly t: 'cite'; readonly document: DocumentId; readonly label: string; readonly s: string };

export type InlineContent = readonly Inline[];

/** One run of text, or nothing when it is empty. */
export function inlineText(text: string, ...withMarks: readonly Mark[]): InlineContent {
  return normaliseInline([{ t: 'text', s: text, m: withMarks }]);
}

function canonicalMarks(of: readonly Mark[] | undefined): readonly Mark[] {
  if (of === undefined || of.length === 0) return [];
  return marks.filter((mark) => of.includes(mark));
}

/**
 * The canonical form. Two contents that look alike are the same JSON afterwards. Half surrogate pairs, which have no
 * UTF-8 and could not be logged, become U+FFFD.
 */
export function normaliseInline(content: InlineContent): InlineContent {
  const out: Inline[] = [];
  for (const item of content) {
    if (item.t !== 'text') {
      out.push(plainItem(item));
      continue;
    }
    const text = item.s;
    if (text === '') continue;
    const kept = canonicalMarks(item.m);
    const last = out.at(-1);
    if (last?.t === 'text' && sameMarks(last.m ?? [], kept)) {
      out[out.length - 1] = textItem(last.s + text, kept);
    } else {
      out.push(textItem(text, kept));
    }
  }
  return out.map((item) =>
    item.t === 'text' && !item.s.isWellFormed() ? { ...item, s: item.s.toWellFormed() } : item,
  );
}

function textItem(text: string, withMarks: readonly Mark[]): Inline {
  return withMarks.length === 0 ? { t: 'text', s: text } : { t: 'text', s: text, m: withMarks };
}

/** Only the keys that the schema has, so that stray ones never make two equal contents differ. */
function plainItem(item: Exclude<Inline, { t: 'text' }>): Inline {
  switch (item.t) {
    case 'break':
      return { t: 'break' };
    case 'note':
      return { t: 'note', id: item.id };
    case 'link':
      return { t: 'link', href: item.href.toWellFormed(), s: item.s.toWellFormed() };
    case 'cite':
      return { t: 'cite', document: item.document, label: item.label.toWellFormed(), s: item.s.toWellFormed() };
    default:
      // A newer program's item: kept as it is.
      return item;
  }
}

function sameMarks(a: readonly Mark[], b: readonly Mark[]): boolean {
  return a.length === b.length && a.every((mark, index) => mark === b[index]);
}

/** The length in offsets: UTF-16 units of text, 1 for every other item. */
export function inlineLength(content: InlineContent): number {
  let length = 0;
  for (const item of content) length += item.t === 'text' ? item.s.length : 1;
  return length;
}

/** The content from `start` to `end` (offsets; beyond the ends is cut back), in canonical form. */
export function sliceInline(content: InlineContent, start: number, end = Infinity): InlineContent {
  const out: Inline[] = [];
  let at = 0;
  for (const item of content) {
    const length = item.t === 'text' ? item.s.length : 1;
    const from = Math.max(0, start - at);
    const to = Math.min(length, end - at);
    if (from < to) out.push(item.t === 'text' ? { ...item, s: item.s.slice(from, to) } : item);
    at += length;
    if (at >= end) break;
  }
  return normaliseInline(out);
}

/** The contents one after the other, in canonical form. */
export function concatInline(...contents: readonly InlineContent[]): InlineContent {
  return normaliseInline(contents.flat());
}

/** The words as they are read: a line break is `\n`, links and references are what they print, footnotes are nothing. */
export function plainText(content: InlineContent): string {
  let out = '';
  for (const item of content) {
    if (item.t === 'break') out += '\n';
    else if (item.t !== 'note') out += item.s ?? '';
  }
  return out;
}

/** The footnotes referred to, in order of first reference. */
export function notesOf(content: InlineContent): readonly RecordId[] {
  const ids = new Set<RecordId>();
  for (const item of content) if (item.t === 'note') ids.add(item.id);
  return [...ids];
}

/** Whether two contents are the same once both are canonical. */
export function sameInline(a: InlineContent, b: InlineContent): boolean {
  if (a === b) return true;
  const left = normaliseInline(a);
  const right = normaliseInline(b);
  return left.length === right.length && JSON.stringify(left) === JSON.stringify(right);
}
