/**
 * The value of a block's `text`: its content, and what a version did across blocks. Splitting and joining move words from
 * one record to another; without a note of that, a split here and an edit there would leave the moved words twice or
 * nowhere. The notes stand in the version that did it; later versions need not repeat them. Rules RC48 to RC50 of
 * shared/records/SPEC.md.
 */
import type { BlockId } from '../drafting/block.ts';
import { concatInline, inlineLength, sliceInline, type InlineContent } from '../drafting/inline.ts';
import type { Json, VersionId } from '../ids.ts';

/** Words taken over from a version of another block: where they began there (split) or begin here (join). */
export interface Piece {
  readonly block: BlockId;
  readonly version: VersionId;
  readonly offset: number;
}

export interface BlockText {
  readonly content: InlineContent;
  /** This version gave its end to that new block. */
  readonly tail?: BlockId;
  /** First version of a block made by a split: which version of which block was cut, and where. */
  readonly origin?: Piece;
  /** This version took in these blocks' words, which begin at `offset` here. */
  readonly joined?: readonly Piece[];
  /** This version gave back the words of blocks joined earlier. */
  readonly released?: readonly BlockId[];
  /** Settling put words here that these versions of other blocks held. */
  readonly moved?: readonly Moved[];
}

export interface Moved {
  readonly block: BlockId;
  readonly version: VersionId;
}

/** Reads the value of a block's text as the fold gives it; what is not there (erased, cleared) reads as empty. */
export function blockText(value: Json | undefined): BlockText {
  return value === undefined || value === null ? { content: [] } : (value as unknown as BlockText);
}

/** The texts of both blocks when `block`, showing `version`, is split at `offset` and `tail` is the new block. */
export function splitText(split: {
  readonly block: BlockId;
  readonly version: VersionId;
  readonly content: InlineContent;
  readonly offset: number;
  readonly tail: BlockId;
}): { readonly head: BlockText; readonly tail: BlockText } {
  const { block, version, content, offset, tail } = split;
  return {
    head: { content: sliceInline(content, 0, offset), tail },
    tail: { content: sliceInline(content, offset), origin: { block, version, offset } },
  };
}

/** The text of a block showing `content` that takes in `from`, showing `version` with `fromContent`. */
export function joinText(join: {
  readonly content: InlineContent;
  readonly from: BlockId;
  readonly version: VersionId;
  readonly fromContent: InlineContent;
}): BlockText {
  const { content, from, version, fromContent } = join;
  return {
    content: concatInline(content, fromContent),
    joined: [{ block: from, version, offset: inlineLength(content) }],
  };
}
