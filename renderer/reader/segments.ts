/**
 * Cuts a unit's text into the runs that are drawn: where an annotation, a style, a word searched for or a footnote
 * reference begins or ends, a run begins or ends. Pure.
 */
import type { AnnotationKind } from '../../shared/contract/annotations.ts';
import type { UnitView } from '../../shared/contract/library.ts';
import type { RecordId, UnitId } from '../../shared/ids.ts';

export interface MarkSpan {
  readonly annotation: RecordId;
  readonly kind: AnnotationKind;
  /** UTF-16 offsets in the unit's text. */
  readonly start: number;
  readonly end: number;
  readonly resolved: boolean;
}

export interface Segment {
  readonly start: number;
  readonly text: string;
  /** Innermost last; drawn one over the other. */
  readonly marks: readonly MarkSpan[];
  readonly italic: boolean;
  readonly bold: boolean;
  readonly underline: boolean;
  /** Part of a word that is searched for; `current` = the one that was jumped to. */
  readonly found: 'no' | 'found' | 'current';
  /** Footnotes referred to right before this run. */
  readonly notes: readonly UnitId[];
}

export interface FoundRange {
  readonly start: number;
  readonly end: number;
  readonly current: boolean;
}

/** Runs in order, covering the text; an empty run at the end carries a footnote that stands last. */
export function segmentsOf(unit: UnitView, marks: readonly MarkSpan[], found: readonly FoundRange[]): Segment[] {
  const { text, styles, notes } = unit;
  const cuts = new Set([0, text.length]);
  for (const { start, end } of [...marks, ...styles, ...found]) {
    cuts.add(clamp(start, text));
    cuts.add(clamp(end, text));
  }
  for (const { offset } of notes) cuts.add(clamp(offset, text));
  const places = [...cuts].sort((a, b) => a - b);
  const ordered = [...marks].sort((a, b) => a.start - b.start || b.end - a.end);
  const segments = places.flatMap((start, index): Segment[] => {
    const end = places[index + 1] ?? text.length;
    const here = notes.filter((note) => clamp(note.offset, text) === start).map((note) => note.note);
    if (end === start && here.length === 0) return [];
    const covers = (range: { start: number; end: number }): boolean =>
      range.start <= start && range.end >= end && start < end;
    const hit = found.find(covers);
    return [
      {
        start,
        text: text.slice(start, end),
        marks: ordered.filter(covers),
        italic: styles.some((style) => style.style === 'italic' && covers(style)),
        bold: styles.some((style) => style.style === 'bold' && covers(style)),
        underline: styles.some((style) => style.style === 'underline' && covers(style)),
        found: hit ? (hit.current ? 'current' : 'found') : 'no',
        notes: here,
      },
    ];
  });
  return segments;
}

function clamp(offset: number, text: string): number {
  return Math.min(Math.max(offset, 0), text.length);
}
