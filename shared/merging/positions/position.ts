/**
 * Who holds what: the matrix of delegations and paragraphs (or questions). A cell is never more than its evidence; a
 * group's position stands for a member until the member speaks for itself.
 */

export const positions = ['support', 'oppose', 'amend', 'reserve', 'question', 'text'] as const;
/** `text`: the delegation has written on it without a word for or against. */
export type Position = (typeof positions)[number];

/** Kinds that this release makes; a newer one may bring others, which are shown under their own name. */
export type EvidenceKind = 'annotation' | 'submission' | 'stance' | 'session-note' | 'proposal' | (string & {});

export interface Evidence {
  readonly kind: EvidenceKind;
  /** A delegation or a group. */
  readonly speaker: string;
  /** The key of a row: a paragraph's label, a block, a question. */
  readonly subject: string;
  readonly position: Position;
  /** The record (and passage) that shows it, to be opened. */
  readonly ref: string;
  /** A few of its words. */
  readonly words: string;
  /** When it was said, for order and display; 0 when unknown. */
  readonly atMs: number;
}

export interface PositionCell {
  readonly delegation: string;
  readonly subject: string;
  /** Null: nothing is known. `mixed`: its own evidence disagrees. */
  readonly position: Position | 'mixed' | null;
  /** Own evidence, else the groups'; newest first. */
  readonly evidence: readonly Evidence[];
  /** The groups whose position stands for it; empty when it speaks for itself. */
  readonly through: readonly string[];
}

export interface Group {
  readonly key: string;
  readonly name: string;
  readonly members: readonly string[];
}
