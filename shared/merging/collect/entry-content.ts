/**
 * What one delegation sent to a merge, as plain data that is written once and never changes. `collect/` reads a file or a
 * draft into this form, matches its answers to the template's questions and compares two submissions; what is done with
 * the passages afterwards is `similarity/`, `ledger/` and `positions/`.
 *
 * Every letter of the source stands in exactly one place: the title or the cover, a section or question heading, the
 * heading above a passage, a passage, or a footnote.
 */
import type { InlineContent } from '../../drafting/inline.ts';
import type { RecordId } from '../../ids.ts';

/** The merge-entry record that holds a content. */
export type EntryId = RecordId;

/** `<answer>.<passage>`, both counted from 1 in the order of the file: `3.2`. Stable, because a content is never rewritten. */
export type PassageKey = string;

export interface PassageRef {
  readonly entry: EntryId;
  readonly passage: PassageKey;
}

/** One question of the template: what answers are matched to. */
export interface Question {
  /** `3`, as the template numbers it; the key of a question. */
  readonly number: string;
  readonly text: string;
  /** The wording in other languages, where the call was issued in them. */
  readonly texts?: Readonly<Record<string, string>>;
  /** The heading above it, empty when there is none. */
  readonly section: string;
}

/** One paragraph or list item: the unit of the ledger. */
export interface Passage {
  readonly key: PassageKey;
  readonly kind: 'paragraph' | 'listItem' | 'quotation' | 'table';
  /** What the file prints before it, as printed: `a)`, `•`; empty when nothing is. */
  readonly marker: string;
  /** The heading inside the answer under which it stands, empty when none. */
  readonly under: string;
  readonly content: InlineContent;
  readonly words: number;
  /** ISO 639-1, or the entry's language when the passage is too short to tell. */
  readonly language: string;
}

export type MatchReason = 'number-and-wording' | 'wording' | 'number' | 'order' | 'draft';

export type NoMatchReason =
  /** Text before the first question: a covering letter, an introduction. */
  | 'before-first-question'
  /** The heading resembles no question and its number, if any, is not one of theirs. */
  | 'no-such-question'
  /** Number and wording say different things, or two questions fit alike. */
  | 'ambiguous'
  /** The file shows no question at all. */
  | 'no-questions';

export type AnswerMatch =
  /** Several questions when the file joins their answers. `confidence` in per mille. */
  | { readonly questions: readonly string[]; readonly by: MatchReason; readonly confidence: number }
  /** Waits for a person; `candidates` are questions that might be meant, best first. */
  | { readonly questions: readonly []; readonly reason: NoMatchReason; readonly candidates: readonly string[] };

export interface Answer {
  /** `3` for the third answer in the file, whatever its number says. */
  readonly key: string;
  /** Headings printed above the question since the answer before. */
  readonly sections: readonly string[];
  /** The number as printed, without marks, in Western digits: `3`, `1-2`; empty when there is none. */
  readonly number: string;
  /** The question as the file prints it; empty when it prints none. */
  readonly heading: string;
  readonly match: AnswerMatch;
  readonly passages: readonly Passage[];
}

export interface EntryContent {
  readonly format: 1;
  readonly title: string;
  /** Lines of the title block that are not text: delegation, date, addressee. */
  readonly cover: readonly string[];
  /** ISO 639-1 of the whole, `und` when it cannot be told. */
  readonly language: string;
  readonly answers: readonly Answer[];
  /** By the id that the passages' notes carry. */
  readonly footnotes: Readonly<Record<string, InlineContent>>;
}

/** All passages in the order of the file. */
export function passagesOf(content: EntryContent): Passage[] {
  return content.answers.flatMap((answer) => answer.passages);
}

/** A question given by hand to an answer (`3`) or to one passage of it (`3.2`); empty: to none. */
export type Assignments = Readonly<Record<string, readonly string[]>>;

/** The questions that a passage answers: by hand for itself, by hand for its answer, or as matched. */
export function questionsOfPassage(answer: Answer, passage: Passage, assigned: Assignments): readonly string[] {
  return assigned[passage.key] ?? assigned[answer.key] ?? answer.match.questions;
}
