/**
 * Passages of all delegations that say the same thing. `similarity/` finds them by words alone: it proposes what to read
 * together and decides nothing. Languages are never mixed.
 */
import type { PassageRef } from '../collect/entry-content.ts';
import type { EntryId, PassageKey } from '../collect/entry-content.ts';

/** A passage as it is compared. */
export interface ClusterItem extends PassageRef {
  readonly delegation: string;
  readonly language: string;
  readonly text: string;
}

export interface ClusterMember {
  readonly entry: EntryId;
  readonly passage: PassageKey;
  readonly delegation: string;
  /** Per mille of likeness to the cluster's first member, whose own is 1000. */
  readonly likeness: number;
}

/** Two wordings of one cluster that may exclude each other. A hint to read both, never a judgement. */
export interface ExclusionHint {
  readonly a: PassageRef;
  readonly b: PassageRef;
  readonly kind: 'negation' | 'number' | 'obligation' | 'opposite';
  /** The words that differ, as printed in each. */
  readonly words: readonly [string, string];
}

export interface Cluster {
  /** The reference of its first member, `<entry>/<passage>`: the same for the same passages. */
  readonly id: string;
  readonly language: string;
  /** The first is the wording most like all others; then by likeness to it. */
  readonly members: readonly ClusterMember[];
  /** Each once, sorted. */
  readonly delegations: readonly string[];
  readonly exclusions: readonly ExclusionHint[];
}

export const refKey = ({ entry, passage }: PassageRef): string => `${entry}/${passage}`;
