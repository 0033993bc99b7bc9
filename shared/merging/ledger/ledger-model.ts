/**
 * The account of every paragraph received. `ledger/` derives from the submissions, the recorded decisions and the common
 * text as it reads now what became of each passage. No state is ever stored, so none can be wrong.
 */
import type { BlockId } from '../../drafting/block.ts';
import type { InlineContent } from '../../drafting/inline.ts';
import type { EntryContent, EntryId, PassageKey } from '../collect/entry-content.ts';
import type { DiffRun } from '../three-way.ts';

/** A coordinator's decision on one passage; what a `treatment:<passage>` field holds. */
export type Treatment =
  /** `blocks`: the paragraphs of the common text that were made from it at the time. */
  | { readonly as: 'whole' | 'bracketed' | 'combined'; readonly blocks: readonly BlockId[] }
  | { readonly setAside: string };

export interface LedgerEntry {
  readonly id: EntryId;
  readonly delegation: string;
  readonly content: EntryContent;
  /** The earlier entry of this delegation that this one takes the place of. */
  readonly replaces: EntryId | null;
  /** The reason given, or null while it stands. */
  readonly withdrawn: string | null;
  /**
   * The heads of each passage's treatment; several of different value are a dispute, null is a decision taken back. A
   * passage that is not listed, or has no head, takes over what was decided about the earlier submission.
   */
  readonly treatments: Readonly<Record<PassageKey, readonly (Treatment | null)[]>>;
  /** Passages changed by a resubmission for which the earlier decision was confirmed. */
  readonly seen: readonly PassageKey[];
}

export interface CommonBlock {
  readonly id: BlockId;
  readonly content: InlineContent;
}

/** The common text as it reads now. */
export interface CommonText {
  /** Standing blocks in reading order. */
  readonly blocks: readonly CommonBlock[];
  /** Where the words of a block went by splitting and joining: block to blocks, one step each. */
  readonly moved: ReadonlyMap<BlockId, readonly BlockId[]>;
}

export const ledgerStates = [
  'untreated',
  'disputed',
  'used-unchanged',
  'used-with-changes',
  'combined',
  'bracketed',
  'set-aside',
  'superseded',
  'withdrawn',
] as const;
export type LedgerState = (typeof ledgerStates)[number];

/** Why a passage is untreated. */
export type UntreatedReason =
  | 'no-decision'
  /** The words differ from the earlier submission's, whose decision is not carried over unseen. */
  | 'changed-since'
  /** The paragraphs it went into are gone from the common text. */
  | 'text-removed'
  /** They stand, but hardly any of its words do. */
  | 'words-gone'
  /** Set aside without a reason. */
  | 'no-reason';

export interface LedgerRow {
  readonly entry: EntryId;
  readonly delegation: string;
  readonly passage: PassageKey;
  readonly state: LedgerState;
  /** Null unless untreated. */
  readonly untreated: UntreatedReason | null;
  /** Standing blocks of the common text that hold it. */
  readonly blocks: readonly BlockId[];
  /** From the passage to the text that holds it; empty where nothing of it stands or nothing differs. Found when asked for. */
  readonly diff: readonly DiffRun[];
  /** Per mille of its words (those of four letters or more) that stand in those blocks. */
  readonly kept: number;
  /** The reason for setting aside or withdrawing, else empty. */
  readonly reason: string;
  /** The decisions that disagree, when disputed. */
  readonly decisions: readonly Treatment[];
  /** The passage of the earlier submission that it goes on from, and whether its words are the same. */
  readonly earlier: { readonly entry: EntryId; readonly passage: PassageKey; readonly isSame: boolean } | null;
  /** For superseded passages: the entry that took their place. */
  readonly by: EntryId | null;
}
