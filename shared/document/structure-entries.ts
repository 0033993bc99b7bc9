/** Lines as the structure recogniser reads them: each with the marker before its text, if it has one. */
import { parseMarker, type Marker } from '../text/labels.ts';
import { hasHeadingShape } from './headings.ts';
import { sliceLine, type SourceLine } from './source-line.ts';

export interface Entry {
  readonly line: SourceLine;
  readonly marker: Marker | null;
  /** Where the text begins after the marker in `line.text`; 0 for markers that the line does not contain. */
  readonly textStart: number;
}

/** The lines that say something, markers read; nothing of the others is lost, they are empty. */
export function readEntries(lines: readonly SourceLine[]): Entry[] {
  return joinLoneMarkers(lines.map((line) => readEntry(sliceLine(line, 0))).filter(hasContent));
}

export function readEntry(line: SourceLine): Entry {
  const printed = line.hints?.numberedBy?.trim();
  if (line.hints?.style === 'table' || line.hints?.style === 'plain') return { line, marker: null, textStart: 0 };
  if (printed !== undefined && printed !== '') {
    const read = parseMarker(`${printed}\t${line.text}`);
    const marker: Marker = { ...(read ?? unknownMarker), marker: printed, rest: line.text, strength: 'marked' };
    return { line, marker, textStart: 0 };
  }
  const marker = parseMarker(line.text);
  return { line, marker, textStart: marker === null ? 0 : line.text.length - marker.rest.length };
}

const unknownMarker: Marker = {
  marker: '',
  part: '',
  scheme: 'bullet',
  rank: 0,
  romanRank: null,
  insertion: '',
  strength: 'marked',
  rest: '',
};

const hasContent = (entry: Entry): boolean =>
  entry.line.text !== '' || entry.marker !== null || (entry.line.notes ?? []).length > 0;

/** `1.` alone on its line belongs to the line below it. */
function joinLoneMarkers(entries: readonly Entry[]): Entry[] {
  const out: Entry[] = [];
  let at = 0;
  while (at < entries.length) {
    const entry = entries[at] as Entry;
    const next = entries[at + 1];
    const isLone = entry.marker?.scheme === 'number' && entry.marker.rest === '' && entry.textStart > 0;
    const takes = isLone && next !== undefined && next.line.hints?.style === undefined && next.marker === null;
    if (takes && (entry.marker.strength === 'marked' || !hasHeadingShape(next.line.text))) {
      const hints = { ...next.line.hints, numberedBy: entry.marker.marker };
      out.push({ line: { ...next.line, hints }, marker: { ...entry.marker, rest: next.line.text }, textStart: 0 });
      at += 2;
      continue;
    }
    out.push(entry);
    at += 1;
  }
  return out;
}

/** A marker that was not believed is text again. */
export function withPrintedMarker(entry: Entry): SourceLine {
  const printed = entry.line.hints?.numberedBy;
  if (printed === undefined || printed === '') return entry.line;
  const shift = printed.length + 1;
  return {
    ...entry.line,
    text: `${printed} ${entry.line.text}`.trimEnd(),
    styles: (entry.line.styles ?? []).map((style) => ({
      ...style,
      start: style.start + shift,
      end: style.end + shift,
    })),
    notes: (entry.line.notes ?? []).map((note) => ({ ...note, offset: note.offset + shift })),
  };
}

/** The number of a paragraph that a line begins with, where it is beyond doubt. */
export const numberOf = (entry: Entry): number[] =>
  entry.marker?.scheme === 'number' && entry.marker.strength === 'marked' && entry.marker.insertion === ''
    ? [entry.marker.rank]
    : [];
