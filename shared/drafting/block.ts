/**
 * Blocks: the unit of drafting, of versions and of merging. Text, style and place of a block are separate fields of its
 * record, so that typing, restyling and moving never meet.
 */
import type { DocumentId, RecordId } from '../ids.ts';

/** What a block is. Each list item is a block of its own; depth 0 or 1. */
export type BlockStyle =
  | { readonly kind: 'paragraph' }
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3 }
  | { readonly kind: 'listItem'; readonly list: 'bullet' | 'number' | 'letter'; readonly depth: 0 | 1 }
  | { readonly kind: 'quotation'; readonly source?: QuotationSource }
  | { readonly kind: 'table' }
  /** A question of a call for inputs: not edited, its answer is every block up to the next question or section. */
  | { readonly kind: 'question'; readonly number: string; readonly wordLimit?: number }
  /** A named part of a contribution (Purpose, Action required, ...). */
  | { readonly kind: 'section'; readonly key: string };

/** A log may hold kinds that a newer program made; they are kept, shown read-only and given back untouched. */
export const blockKinds: readonly string[] = [
  'paragraph',
  'heading',
  'listItem',
  'quotation',
  'table',
  'question',
  'section',
];

/** Where a quotation was taken from: it is checked against this for as long as the document is on the shelf. */
export interface QuotationSource {
  readonly document: DocumentId;
  readonly label: string;
  /** `Tunis Agenda, 35 a)` as printed. */
  readonly citation: string;
  /** The quoted words in the source's normal form, as they stood when inserted. */
  readonly quote: string;
}

/** A block's or footnote's record id. */
export type BlockId = RecordId;
export type FootnoteId = RecordId;
export type DraftId = RecordId;
