/**
 * The rules by which regional bodies count a text as theirs. They are data (`resources/rules/*.json`), each with its
 * source; own rules have the same form. Whether a rule is met is shown with its reasons; nothing follows from it by itself.
 */

export type Requirement =
  | { readonly kind: 'supporters'; readonly atLeast: number }
  /** At most that share of the number of supporters may object. */
  | { readonly kind: 'objections'; readonly atMostPerMille: number }
  /** Whoever supports it signs with its own name; the signatories are listed. */
  | { readonly kind: 'signatures'; readonly atLeast: number }
  /** Nobody objects. */
  | { readonly kind: 'consensus' }
  /** A person records an act of the body: that a list was adopted, that its executive submits. */
  | { readonly kind: 'act'; readonly act: 'adopted' | 'submitted'; readonly organ: string };

export interface RuleSet {
  /** `citel`, `apt`, `cept`, `rcc`, or an own one's record id. */
  readonly key: string;
  readonly body: string;
  readonly name: string;
  /** Where the rule is stated; empty for own rules. */
  readonly source: string;
  readonly requirements: readonly Requirement[];
}

export const stances = ['sign-on', 'support', 'object', 'reserve', 'none'] as const;
export type StanceValue = (typeof stances)[number];

/** What a delegation says of one paragraph of the common text, or of the whole (`block` null). */
export interface Stance {
  readonly block: string | null;
  readonly delegation: string;
  readonly stance: StanceValue;
  readonly note: string;
  readonly via: 'circle' | 'phone' | 'room' | 'mail';
  /** Who wrote it down, when not the delegation itself. */
  readonly notedBy: string | null;
  /** Hash of the text that was meant. */
  readonly textHash: string;
}

/** An act of a body recorded by a person. */
export interface RecordedAct {
  readonly act: 'adopted' | 'submitted';
  readonly by: string;
  readonly note: string;
}

export interface RequirementResult {
  readonly requirement: Requirement;
  readonly isMet: boolean;
  /** Figures for the sentence that says why: how many are needed and how many there are. */
  readonly needed: number;
  readonly found: number;
  /** Who makes it so: supporters, objectors, signatories, or who recorded the act. */
  readonly names: readonly string[];
}

export interface RuleResult {
  readonly isMet: boolean;
  readonly results: readonly RequirementResult[];
  /** Delegations whose stance was given on words that have changed since; they are counted and named. */
  readonly changedSince: readonly string[];
}
