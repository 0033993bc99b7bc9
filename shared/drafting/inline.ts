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
