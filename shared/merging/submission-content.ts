/**
 * What is kept of a draft, or of chosen answers of it, that was submitted to a wider circle: blocks as plain data without
 * the draft's ids, versions or history. It is written once; what is submitted later is another submission.
 */
import type { DraftContent } from '../drafting/draft-content.ts';
import type { InlineContent } from '../drafting/inline.ts';
import type { RecordId } from '../ids.ts';

export interface SubmissionContent {
  readonly blocks: DraftContent['blocks'];
  /** By the ids that the contents' notes carry, which were made for the submission. */
  readonly footnotes: Readonly<Record<string, InlineContent>>;
}

export type EntrySource =
  | { readonly kind: 'submission'; readonly submission: RecordId }
  /** `hash`: SHA-256 of the file's bytes, by which the same file is known again. */
  | { readonly kind: 'file'; readonly hash: string; readonly fileName: string };

/** Blocks of the common text as they stood when a silence procedure began. */
export interface FrozenText {
  readonly blocks: readonly (DraftContent['blocks'][number] & { readonly block: RecordId })[];
  readonly footnotes: Readonly<Record<string, InlineContent>>;
}
