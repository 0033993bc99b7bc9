/**
 * The structure recogniser that the importers share: lines in reading order become units with kinds and printed labels.
 * `shared/document` holds what an outcome document is, the pure part of every importer and what can be said about
 * documents without opening files: language, symbol, works, citations.
 *
 * The recogniser may misjudge a line but never loses one: what it does not understand is a unit of kind `text`.
 */
import type { Marker } from '../text/labels.ts';
import {
  annexLabel,
  hasHeadingShape,
  headingClass,
  isAnnexHeading,
  isBody,
  isCoverLine,
  isPreambular,
} from './headings.ts';
import { createNumbering, type LookAhead } from './numbering.ts';
import type { UnitKind } from './outcome-document.ts';
import { sliceLine, type SourceLine, type SourceNote } from './source-line.ts';
import { findNumber, findRunOnItems, hasNumberRun } from './split-paragraphs.ts';
import { numberOf, readEntries, readEntry, withPrintedMarker, type Entry } from './structure-entries.ts';
import { finishUnits, type Draft, type Structure } from './structure-units.ts';

export interface StructureInput {
  readonly lines: readonly SourceLine[];
  readonly notes?: readonly SourceNote[];
  /** Whether short lines may be headings by their shape. Left out: only when no line is marked as a heading. */
  readonly headingsByShape?: boolean;
}

/** Recognises units. Everything in `lines` and `notes` is in the units, marker and text, in the given order. */
export function recogniseStructure(input: StructureInput): Structure {
  const byShape = input.headingsByShape ?? !input.lines.some((line) => line.hints?.style === 'heading');
  const entries = readEntries(input.lines);
  const drafts = createRecogniser(entries, byShape).run();
  markQuestions(drafts);
  return finishUnits(drafts, input.notes ?? []);
}

/** `== https://...`, a row of signs: what follows is another text. */
const isSeparator = (text: string): boolean => /^(?:={2,}|#{2,}|\*{3,}|-{3,}|_{3,}|~{3,})(?:\s|$)/u.test(text);
const endsOpen = (text: string): boolean => /[:：]["”’)]?$/u.test(text);
const endsSentence = (text: string): boolean =>
  text === '' || /[.;:!?。；：！？؟؛…\]]["”’»)]*(?:\s*(?:and|or|et|ou|y|o|и|或|和))?$/u.test(text);

function createRecogniser(entries: readonly Entry[], byShape: boolean) {
  const numbering = createNumbering();
  const drafts: Draft[] = [];
  const numbersAfter = collectNumbers(entries);
  /** Lines cut out of longer ones, to be read before the next entry; last first. */
  const pending: Entry[] = [];
  let position = 0;
  let isNumberedText = false;
  let hasNamedParent = false;
  let directSubHeading = false;

  /** The entries that follow the one being read, from 0. */
  const peek = (offset: number): Entry | undefined =>
    offset < pending.length ? pending[pending.length - 1 - offset] : entries[position + offset - pending.length];
  const previousText = (): string => drafts.at(-1)?.line.text ?? '';

  function lookAhead(): LookAhead {
    const before = previousText();
    return {
      numbers: [...pending.toReversed().flatMap(numberOf), ...numbersAfter(position)],
      next: peek(0)?.marker ?? null,
      isAfterColon: endsOpen(before),
      isAfterSentence: endsSentence(before) || drafts.at(-1)?.kind === 'heading',
    };
  }

  function add(
    kind: UnitKind,
    entry: Entry,
    part: { label?: string; level?: number; withMarker?: boolean; warning?: Draft['warning'] } = {},
  ): void {
    const marker = part.withMarker === true ? (entry.marker?.marker ?? '') : '';
    const line = part.withMarker === true ? sliceLine(entry.line, entry.textStart) : withPrintedMarker(entry);
    drafts.push({ kind, label: part.label ?? '', marker, level: part.level ?? 0, line, warning: part.warning });
  }

  /** Cuts the line where further paragraphs or list items run on; the rest is read as lines of its own. */
  function splitRunOn(entry: Entry, isHeading: boolean): Entry {
    if (entry.line.hints?.style === 'table') return entry;
    const text = entry.line.text;
    const own = entry.marker?.scheme === 'number' ? entry.marker.rank : null;
    const expected = own === null ? numbering.expected() : own + 1;
    const next = numbersAfter(position)[0];
    let cut = -1;
    if (
      text.length > 12 &&
      /\d/.test(text) &&
      (own !== null || numbering.hasParagraphs() || hasNumberRun(text, expected))
    ) {
      cut = next === expected ? -1 : findNumber(text.slice(entry.textStart), expected, isHeading);
      if (cut >= 0) cut += entry.textStart;
    }
    const head = cut < 0 ? text : text.slice(0, cut);
    const items =
      isHeading || head.length > 20_000
        ? []
        : findRunOnItems(head.slice(entry.textStart), cut < 0 ? (peek(0)?.marker ?? null) : null);
    const starts = [...items.map((at) => at + entry.textStart), ...(cut < 0 ? [] : [cut])];
    if (starts.length === 0) return entry;
    const { numberedBy, ...hints } = entry.line.hints ?? {};
    const bare = { ...entry.line, hints };
    const pieces = starts.map((start, index) => readEntry(sliceLine(bare, start, starts[index + 1])));
    pending.push(...pieces.toReversed());
    const line = sliceLine({ ...entry.line, hints: { ...hints, numberedBy } }, 0, starts[0]);
    return {
      ...entry,
      line,
      marker: entry.marker === null ? null : { ...entry.marker, rest: line.text.slice(entry.textStart) },
    };
  }

  function heading(entry: Entry, level?: number): void {
    const text = entry.line.text;
    if (isAnnexHeading(text))
      numbering.restart(
        numbering.hasParagraphs() || drafts.some((draft) => draft.kind === 'preambular') ? annexLabel(text) : '',
      );
    else numbering.endParagraph();
    add('heading', entry, { level: level ?? inferLevel(entry), withMarker: entry.marker?.strength === 'marked' });
    isNumberedText = false;
  }

  /** Levels of headings without styles: annexes and titles 1, sections 2, what stands below a lettered section 3. */
  function inferLevel(entry: Entry): number {
    const text = entry.line.text;
    if (entry.marker?.scheme === 'decimal') return Math.min(6, entry.marker.part.split('.').length + 1);
    const kind = headingClass(text);
    const before = drafts.at(-1);
    const isDirect = before?.kind === 'heading';
    if (entry.marker !== null || kind === 'named') {
      hasNamedParent = true;
      directSubHeading = false;
      return 2;
    }
    if (kind === 'annex') return 1;
    const next = peek(0);
    if (isDirect && before.level === 2 && hasNamedParent) directSubHeading = true;
    if (hasNamedParent && directSubHeading) return 3;
    hasNamedParent = false;
    if (isDirect && before.level === 1 && headingClass(before.line.text) === 'annex') return 1;
    return next !== undefined && isHeadingEntry(next, 1) ? 1 : 2;
  }

  /** Whether a line without a heading style is one. `after` is where the entry that follows it is peeked at. */
  function isHeadingEntry(entry: Entry, after: number): boolean {
    const { line, marker } = entry;
    if (line.hints?.style !== undefined && line.hints.style !== 'list')
      return line.hints.style === 'heading' || line.hints.style === 'title';
    const isStrong = line.hints?.boldAll === true || line.hints?.centred === true;
    if ((!byShape && !isStrong) || line.hints?.style === 'list') return false;
    if (marker === null || marker.strength === 'bare')
      return hasHeadingShape(line.text) && isBeforeBody(after, isStrong);
    if (!hasHeadingShape(marker.rest) || marker.rest.length > 100) return false;
    if (marker.scheme === 'capital' || marker.scheme === 'capital-roman' || marker.scheme === 'decimal') return true;
    return marker.scheme === 'number' && marker.insertion === '' && isNumberedHeading(entry, after);
  }

  /** `1. Introduction` before a body; not an item of a list of short items, nor a paragraph cut short. */
  function isNumberedHeading(entry: Entry, after: number): boolean {
    const { rest, rank } = entry.marker as Marker;
    const next = peek(after);
    if (next === undefined || rest.split(/\s+/).length > 12 || !/^[\p{Lu}\p{Lo}]/u.test(rest)) return false;
    const before = drafts.at(-1);
    if (
      before !== undefined &&
      (endsOpen(before.line.text) || (before.kind !== 'heading' && /^\d/.test(before.marker)))
    )
      return false;
    if (next.marker?.scheme === 'number') return next.marker.rank !== rank + 1 && !hasHeadingShape(next.marker.rest);
    return (
      next.marker?.scheme === 'decimal' ||
      (next.marker === null && (isBody(next.line.text) || hasHeadingShape(next.line.text)))
    );
  }

  function isBeforeBody(after: number, isStrong: boolean): boolean {
    const before = drafts.at(-1);
    if (before !== undefined && !['heading', 'preambular'].includes(before.kind) && /[,:：、]$/u.test(before.line.text))
      return false;
    for (let at = after; at < after + 4; at++) {
      const entry = peek(at);
      if (entry === undefined) break;
      const { line, marker } = entry;
      if (line.hints?.style === 'heading') return true;
      if (marker !== null && marker.strength === 'marked') return true;
      if (line.hints?.style === 'table') return true;
      if (isSeparator(line.text) || isCoverLine(line.text)) return false;
      if (isBody(line.text)) return true;
      if (!hasHeadingShape(line.text)) return isStrong || line.text.length > 60;
    }
    return isStrong;
  }

  function read(original: Entry): void {
    const style = original.line.hints?.style;
    if (style === 'table' || style === 'plain') return add('text', original);
    if (style === 'heading' || style === 'title')
      return heading(original, original.line.hints?.level ?? (style === 'title' ? 1 : 2));
    if (isSeparator(original.line.text)) {
      numbering.restart();
      return add('text', original);
    }
    const isShort = original.line.text.length < 260;
    const entry = splitRunOn(original, isShort && original.marker?.scheme === 'decimal');
    if (isShort && isHeadingEntry(entry, 0)) return heading(entry);
    const { marker } = entry;
    if (marker !== null && placeMarked(entry, marker)) return;
    placeText(entry);
  }

  function placeMarked(entry: Entry, marker: Marker): boolean {
    if (marker.scheme === 'decimal') {
      if (!/^["“[(]?[\p{Lu}\p{Lo}]/u.test(marker.rest)) return false;
      numbering.endParagraph();
      add('paragraph', entry, { label: marker.part, withMarker: true });
      return true;
    }
    const isFirstPart = !numbering.hasParagraphs();
    if (
      marker.scheme === 'capital' &&
      isFirstPart &&
      isPreambular(marker.rest, entry.line.hints?.italicStart === true)
    ) {
      add('preambular', entry, { label: marker.part, withMarker: true });
      return true;
    }
    const place = numbering.place(marker, lookAhead());
    if (place === null) return false;
    if (place.kind === 'paragraph') isNumberedText = true;
    add(place.kind, entry, { label: place.label, level: place.level, warning: place.warning, withMarker: true });
    return true;
  }

  function placeText(entry: Entry): void {
    const isItalic = entry.line.hints?.italicStart === true;
    if (!isNumberedText && !numbering.hasParagraphs() && isPreambular(entry.line.text, isItalic))
      return add('preambular', entry);
    numbering.passText();
    add('text', entry);
  }

  return {
    run(): Draft[] {
      for (;;) {
        const entry = pending.pop() ?? entries[position++];
        if (entry === undefined) return drafts;
        read(entry);
      }
    },
  };
}

/** For any index, up to 60 numbers of the marked lines from there on. */
function collectNumbers(entries: readonly Entry[]): (from: number) => readonly number[] {
  const numbers: number[] = [];
  const firstAt: number[] = [];
  for (const entry of entries) {
    firstAt.push(numbers.length);
    numbers.push(...numberOf(entry));
  }
  return (from) => {
    const start = firstAt[from] ?? numbers.length;
    return numbers.slice(start, start + 60);
  };
}

/** A run of numbered paragraphs that mostly ask something is a questionnaire. */
function markQuestions(drafts: readonly Draft[]): void {
  const numbered = drafts.filter((draft) => draft.kind === 'paragraph');
  const asks = (draft: Draft): boolean => /[?？؟]["”’»)]*\s*(?:\(.*\)\.?)?$/u.test(draft.line.text.slice(-600));
  if (numbered.length < 3 || numbered.filter(asks).length < numbered.length * 0.6) return;
  for (const draft of numbered) draft.kind = 'question';
}
