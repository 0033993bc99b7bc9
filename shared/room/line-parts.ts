/** What a read line is, and its words. */
import type { AgreementMark, Capacity, ProposalKind, RoomPosition, Speaker } from '../contract/room/log.ts';
import type { Place } from './places.ts';
import type { Span } from './quotes.ts';

export type PartKind =
  | 'speaker'
  | 'capacity'
  | 'place'
  | 'position'
  | 'towards'
  | 'kind'
  | 'mark'
  | 'facilitator'
  | 'until'
  | 'check'
  | 'promise'
  | 'quote'
  | 'text';

/** A stretch of the line and what it was read as; in order, not overlapping. `value` is what it stands for. */
export interface Part extends Span {
  readonly kind: PartKind;
  readonly value: string;
  /** Nobody is known by this name. */
  readonly unknown?: boolean;
}

export interface ReadLine {
  readonly parts: readonly Part[];
  readonly speaker: Speaker;
  readonly capacity: Capacity;
  readonly behalf: readonly string[];
  readonly place: Place;
  /** The line itself says a place. */
  readonly movesTo: boolean;
  readonly position: RoomPosition;
  readonly towards: string;
  readonly quotes: readonly string[];
  readonly note: string;
  readonly toCheck: boolean;
  readonly promise: { readonly what: string; readonly until: string } | null;
  readonly proposal: { readonly kind: ProposalKind; readonly text: string } | null;
  readonly mark: { readonly mark: AgreementMark; readonly facilitator: string; readonly until: string } | null;
}

export interface Word extends Span {
  readonly text: string;
}

export class LineWords {
  readonly length: number;
  private readonly line: string;
  private readonly words: readonly Word[];

  constructor(line: string) {
    this.line = line;
    this.words = [...line.matchAll(/\S+/g)].map((match) => ({
      text: match[0],
      start: match.index,
      end: match.index + match[0].length,
    }));
    this.length = this.words.length;
  }

  at(index: number): Word | undefined {
    return this.words[index];
  }

  from(index: number): readonly Word[] {
    return this.words.slice(index);
  }

  /** The text of `count` words as it stands in the line. */
  slice(from: number, count: number): string {
    return this.line.slice(this.words[from]!.start, this.words[from + count - 1]!.end);
  }
}

export const bare = (text: string): string => text.replace(/[,;:.]+$/, '');

/** Signs between words must not be folded away: `> s` is no `s`. */
export const isWords = (text: string): boolean => !/(?:^|\s)[^\p{L}\p{N}\s]+(?:\s|$)/u.test(text);
