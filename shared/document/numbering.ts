/**
 * Where a numbered or lettered line stands. A marker alone proves little (`2005. In`, `v)` after `u)` or after `iv)`), so
 * each is judged by what came before it and, where that leaves two readings, by what comes after.
 */
import { joinLabel, type Marker } from '../text/labels.ts';
import type { ImportWarning } from './outcome-document.ts';

interface ListLevel {
  readonly scheme: 'letter' | 'roman' | 'number' | 'capital' | 'bullet';
  /** Bullets of different shapes are different levels. */
  readonly sign: string;
  last: number;
  part: string;
}

export interface Place {
  readonly kind: 'paragraph' | 'subparagraph';
  readonly label: string;
  readonly level: number;
  readonly warning?: Pick<ImportWarning, 'code' | 'message'>;
}

/** What is known about the lines after the one being placed. */
export interface LookAhead {
  /** Numbers of the marked number lines that follow, nearest first. */
  readonly numbers: readonly number[];
  /** Marker of the very next line. */
  readonly next: Marker | null;
  /** The line before ends with a colon. */
  readonly isAfterColon: boolean;
  /** The line before is a finished sentence (or there is none). */
  readonly isAfterSentence: boolean;
}

export function createNumbering() {
  let top: number | null = null;
  let path: string[] = [];
  let annex = '';
  let levels: ListLevel[] = [];
  let wasBare = false;
  let isAfterText = false;

  const subLabel = (): string => joinLabel([...path, ...levels.map((level) => level.part)]);
  const sub = (warning?: Place['warning']): Place => {
    isAfterText = false;
    return { kind: 'subparagraph', label: levels.at(-1)?.part === '' ? '' : subLabel(), level: levels.length, warning };
  };
  const paragraph = (marker: Marker, warning?: Place['warning']): Place => {
    top = marker.insertion === '' ? marker.rank : Math.max(top ?? 0, marker.rank);
    path = annex === '' ? [marker.part] : [annex, marker.part];
    levels = [];
    wasBare = marker.strength === 'bare';
    isAfterText = false;
    return { kind: 'paragraph', label: joinLabel(path), level: 0, warning };
  };

  function placeNumber(marker: Marker, ahead: LookAhead): Place | null {
    const number = marker.rank;
    if (marker.insertion !== '') return paragraph(marker);
    const expected: number = (top ?? 0) + 1;
    const isYear = number >= 1900 && number <= 2100;
    const inner = levels.findIndex((level) => level.scheme === 'number');
    const level = levels[inner];
    if (marker.strength === 'bare') {
      const isNext = number === expected || (level !== undefined && number === level.last + 1);
      const isAlone = marker.rest === '' && isNext;
      if (
        !isAlone &&
        !(isNext && (wasBare || isNextNumber(ahead.next, number)) && /^[\p{Lu}\p{Lo}]/u.test(marker.rest))
      )
        return null;
    }
    if (level !== undefined && number === level.last + 1) {
      // Both the fifth item of the list and the next paragraph: a later number that continues the paragraphs decides.
      const isItem = number !== expected || ahead.numbers.slice(0, 60).includes(expected);
      if (isItem) {
        levels = levels.slice(0, inner + 1);
        level.last = number;
        level.part = `${number})`;
        return sub();
      }
    }
    if (top !== null && number === expected) return paragraph(marker);
    if (isYear && !ahead.numbers.slice(0, 5).includes(number + 1)) return null;
    if (top === null) {
      return number <= 3 || isPlausibleStart(marker, ahead)
        ? paragraph(marker, number > 1 ? skips(number, 'the first') : undefined)
        : null;
    }
    if (number === 1) {
      if (path.length > 0 && (ahead.isAfterColon || continuesAfterList(ahead.numbers, expected))) {
        const depth = levels.findIndex((other) => other.scheme === 'bullet');
        levels = [
          ...(depth >= 0 ? levels.slice(0, depth) : levels),
          { scheme: 'number', sign: '', last: 1, part: '1)' },
        ];
        return sub();
      }
      return paragraph(marker, repeats(number));
    }
    if (number > expected)
      return isPlausibleStart(marker, ahead) ? paragraph(marker, skips(number, String(top))) : null;
    // Smaller than expected: a repeat, or numbering that began again without a 1.
    if (number === top || path.length === 0 || ahead.numbers[0] === number + 1)
      return paragraph(marker, repeats(number));
    return null;
  }

  function placeLetter(marker: Marker, ahead: LookAhead): Place | null {
    const readings: { scheme: 'letter' | 'roman' | 'capital'; rank: number }[] = [];
    if (marker.scheme === 'capital') readings.push({ scheme: 'capital', rank: marker.rank });
    if (marker.scheme === 'letter') readings.push({ scheme: 'letter', rank: marker.rank });
    if (marker.scheme !== 'capital' && marker.romanRank !== null)
      readings.push({ scheme: 'roman', rank: marker.romanRank });
    for (let depth = levels.length - 1; depth >= 0; depth--) {
      const level = levels[depth] as ListLevel;
      const fits = readings.find((reading) => reading.scheme === level.scheme && reading.rank === level.last + 1);
      if (fits === undefined) continue;
      levels = levels.slice(0, depth + 1);
      level.last = fits.rank;
      level.part = marker.part;
      return sub();
    }
    const roman = readings.find((reading) => reading.scheme === 'roman');
    const isFollowed =
      ahead.next !== null && readings.some((r) => isNextLetter(ahead.next as Marker, r.scheme, r.rank + 1));
    const first = readings.find((reading) => reading.rank === 1);
    if (first !== undefined) {
      if (marker.strength === 'bare' && !ahead.isAfterColon && !isFollowed) return null;
      const depth = levels.findIndex((level) => level.scheme === first.scheme || level.scheme === 'bullet');
      levels = depth >= 0 ? levels.slice(0, depth) : levels;
      levels = [...levels, { scheme: first.scheme, sign: '', last: 1, part: marker.part }];
      return sub();
    }
    // Not the first and not the next: part of a list whose beginning is not here, or one with a gap.
    if (marker.strength === 'bare' && !isFollowed && !(ahead.isAfterSentence && levels.length === 0 && path.length > 0))
      return null;
    const scheme =
      marker.scheme === 'roman' && roman !== undefined ? 'roman' : marker.scheme === 'capital' ? 'capital' : 'letter';
    if (scheme === 'capital') return null;
    const rank = scheme === 'roman' ? (roman?.rank ?? marker.rank) : marker.rank;
    const depth = levels.findIndex((level) => level.scheme === scheme);
    const before = depth >= 0 ? (levels[depth] as ListLevel).last : 0;
    levels = [...(depth >= 0 ? levels.slice(0, depth) : levels), { scheme, sign: '', last: rank, part: marker.part }];
    return sub(rank > before ? skips(marker.part, before === 0 ? 'the first' : String(before)) : repeats(marker.part));
  }

  return {
    /** A heading ends the paragraph before it; its numbering goes on. */
    endParagraph(): void {
      path = [];
      levels = [];
      wasBare = false;
    },
    /** A break after which nothing is continued: another document on the same page, an annex. */
    restart(annexLabel = ''): void {
      top = null;
      annex = annexLabel;
      this.endParagraph();
    },
    /** The number that would continue the paragraphs. */
    expected(): number {
      return (top ?? 0) + 1;
    },
    hasParagraphs: (): boolean => top !== null,
    isInParagraph: (): boolean => path.length > 0,
    /** Null when the marker is not believed; the line is then text. */
    place(marker: Marker, ahead: LookAhead): Place | null {
      if (marker.scheme === 'number') return placeNumber(marker, ahead);
      if (marker.scheme === 'letter' || marker.scheme === 'roman' || marker.scheme === 'capital')
        return placeLetter(marker, ahead);
      if (marker.scheme !== 'bullet') return null;
      if (isAfterText) levels = [];
      const depth = levels.findIndex((level) => level.scheme === 'bullet' && level.sign === marker.marker);
      levels =
        depth >= 0
          ? levels.slice(0, depth + 1)
          : [...levels, { scheme: 'bullet', sign: marker.marker, last: 0, part: '' }];
      return sub();
    },
    /** Running text between items: letters may go on after it, bullets begin a list of their own. */
    passText(): void {
      isAfterText = true;
    },
  };
}

const isNextNumber = (next: Marker | null, number: number): boolean =>
  next?.scheme === 'number' && next.rank === number + 1;

function isNextLetter(next: Marker, scheme: 'letter' | 'roman' | 'capital', rank: number): boolean {
  return scheme === 'roman' ? next.romanRank === rank : next.scheme === scheme && next.rank === rank;
}

/** `1 2 3 4 5 8` with 8 expected: after the list inside a paragraph the paragraphs go on. */
function continuesAfterList(numbers: readonly number[], expected: number): boolean {
  let last = 1;
  for (const number of numbers) {
    if (number === expected && (number !== last + 1 || last > 1)) return true;
    if (number !== last + 1) return false;
    last = number;
  }
  return false;
}

/** A number out of sequence is believed when the line reads like a paragraph or the next number follows it. */
function isPlausibleStart(marker: Marker, ahead: LookAhead): boolean {
  if (marker.rank > 500) return false;
  return ahead.numbers[0] === marker.rank + 1 || marker.rest === '' || /^["“«[(]?[\p{Lu}\p{Lo}]/u.test(marker.rest);
}

const skips = (to: string | number, from: string): Place['warning'] => ({
  code: 'numbering-skips',
  message: `The numbering goes from ${from} to ${to}.`,
});
const repeats = (number: string | number): Place['warning'] => ({
  code: 'numbering-repeats',
  message: `The number ${number} occurs again.`,
});
