/**
 * What an importer hands to the structure recogniser: the lines or paragraphs of a file in reading order, with whatever
 * the format knows about each. Every format's knowledge is optional; what is missing is inferred from the text.
 */
import type { Unit } from './outcome-document.ts';

export interface LineHints {
  /** `table` keeps the line as plain text, without a marker; `list` says that its indentation is `level`. */
  readonly style?: 'title' | 'heading' | 'list' | 'quote' | 'table' | 'plain';
  /** Headings: 1 to 6. Lists: depth from 1. */
  readonly level?: number;
  /** The list marker that the word processor or browser prints, and which is not in `text`: `1.`, `(a)`, `•`. */
  readonly numberedBy?: string;
  /** The first word is in italics, as the participle of a preambular paragraph is. */
  readonly italicStart?: boolean;
  readonly boldAll?: boolean;
  readonly centred?: boolean;
  readonly direction?: 'ltr' | 'rtl';
}

export interface SourceLine {
  readonly text: string;
  /** UTF-16 offsets in `text`. */
  readonly styles?: Unit['styles'];
  /** Footnote references by the key of their note. */
  readonly notes?: readonly { readonly offset: number; readonly key: string }[];
  readonly hints?: LineHints;
}

export interface SourceNote {
  /** As in the lines' `notes`. */
  readonly key: string;
  /** As printed: `1`, `*`. */
  readonly marker: string;
  readonly text: string;
  readonly styles?: Unit['styles'];
}

/** The part of `line` from `start` to `end`, white space at either end taken off, emphasis and references moved along. */
export function sliceLine(line: SourceLine, start: number, end = line.text.length): SourceLine {
  let from = start;
  let to = end;
  while (from < to && isBlank(line.text, from)) from += 1;
  while (to > from && isBlank(line.text, to - 1)) to -= 1;
  const styles = (line.styles ?? [])
    .map((style) => ({ ...style, start: Math.max(style.start, from) - from, end: Math.min(style.end, to) - from }))
    .filter((style) => style.start < style.end);
  const isLast = end >= line.text.length;
  const notes = (line.notes ?? [])
    .filter((note) => note.offset >= start && (note.offset < end || (isLast && note.offset <= end)))
    .map((note) => ({ ...note, offset: Math.min(Math.max(note.offset, from), to) - from }));
  return { ...line, text: line.text.slice(from, to), styles, notes };
}

const isBlank = (text: string, at: number): boolean => /[\s\u200B\uFEFF]/.test(text[at] as string);
