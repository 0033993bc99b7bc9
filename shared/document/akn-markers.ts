/**
 * Markers of AKN4UN paragraphs: what is printed before the text, either in `num` or, in four sub-paragraphs of ten and in
 * most Arabic files, as the first characters of the text, told from words by the tab or no-break space after them.
 */
import { parseMarker, romanValue, type Marker } from '../text/labels.ts';

export interface MarkerReading {
  /** `letter` and `roman` are both offered where a marker can be either: `i`, `c`, `v`. */
  readonly type: 'number' | 'letter' | 'roman' | 'capital' | 'bullet';
  readonly value: number;
  /** One step of a label path: `35`, `11 bis`, `a)`, `ii)`. */
  readonly label: string;
}

export interface AknMarker {
  /** As printed. */
  readonly marker: string;
  /** Where the text after it begins. */
  readonly end: number;
  /** `1.` and `1 -` count paragraphs; `(1)`, a circled 1 and letters count inside one. */
  readonly countsParagraphs: boolean;
  readonly readings: readonly MarkerReading[];
}

const invisible = /[\u00ad\u061c\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;
const chineseNumerals = '一二三四五六七八九十';

/**
 * Reads the marker that `text` begins with, or null. In running text (`strict`) a marker needs a tab or a no-break space
 * after it, or be a parenthesised one: a paragraph may well begin with a year, an initial or with "a".
 */
export function readAknMarker(text: string, strict: boolean): AknMarker | null {
  // Direction marks stand around and inside markers; kept[i] is where the i-th visible character stands in `text`.
  let visible = '';
  const kept: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (invisible.test(char) || (visible === '' && /\s/u.test(char))) continue;
    visible += char;
    kept.push(at);
    // A marker and its white space are shorter than this; the rest of a long paragraph need not be copied.
    if (visible.length >= 80) break;
  }
  // A number alone ("1 -" in `num`) stands before its text as if a tab followed.
  const found = readChinese(visible) ?? parseMarker(strict ? visible : `${visible}\t`);
  if (found === null) return null;
  const length = visible.length - found.rest.length;
  const after = visible.slice(found.marker.length, length);
  const isParenthesized = /[()（）\u2460-\u249b\u3220-\u3229\u3280-\u3289]/u.test(found.marker);
  const isSeparated = /[\t\u00a0]/u.test(after);
  const hasDash = /[-\u2013\u2014]$/u.test(found.marker);
  if (strict) {
    if (found.scheme === 'decimal' || found.scheme === 'capital' || found.scheme === 'capital-roman') return null;
    if (isParenthesized ? after === '' && found.rest !== '' : !isSeparated && !(hasDash && after !== '')) return null;
  }
  return {
    marker: found.marker,
    end: length < kept.length ? (kept[length] ?? text.length) : text.length,
    countsParagraphs: !isParenthesized && ['number', 'decimal', 'capital'].includes(found.scheme),
    readings: readingsOf(found, isParenthesized),
  };
}

function readingsOf(marker: Marker, isParenthesized: boolean): readonly MarkerReading[] {
  const { part, rank, romanRank } = marker;
  switch (marker.scheme) {
    case 'number':
    case 'decimal':
      return [{ type: 'number', value: rank, label: isParenthesized ? `${part})` : part }];
    case 'letter':
      return [
        { type: 'letter', value: rank, label: part },
        ...(romanRank === null ? [] : [{ type: 'roman', value: romanRank, label: part } as const]),
      ];
    case 'roman':
      return [{ type: 'roman', value: rank, label: part }];
    case 'capital':
    case 'capital-roman':
      return [{ type: 'capital', value: rank, label: part }];
    case 'bullet':
      return [{ type: 'bullet', value: 0, label: '' }];
  }
}

/** UN texts in Chinese count the level below (a) with (一), where the other languages print (i). */
function readChinese(text: string): Marker | null {
  const sign = /^([\u3220-\u3229])(\s*)/u.exec(text);
  const bracketed = /^([(（]([一二三四五六七八九十]{1,3})[)）])(\s*)/u.exec(text);
  const match = sign ?? bracketed;
  if (match === null) return null;
  const value = sign === null ? chineseValue(bracketed?.[2] ?? '') : (sign[1] ?? '').charCodeAt(0) - 0x321f;
  if (value < 1) return null;
  return {
    marker: match[1] ?? '',
    part: `${romanOf(value)})`,
    scheme: 'roman',
    rank: value,
    romanRank: value,
    insertion: '',
    strength: 'marked',
    rest: text.slice(match[0].length),
  };
}

/** 1 to 99; 0 for anything else. */
export function chineseValue(text: string): number {
  const [tens = '', ones] = text.split('十');
  if (ones === undefined) return text.length === 1 ? chineseNumerals.indexOf(text) + 1 : 0;
  return (
    (tens === '' ? 1 : chineseNumerals.indexOf(tens) + 1) * 10 + (ones === '' ? 0 : chineseNumerals.indexOf(ones) + 1)
  );
}

/** In lower case, 1 to 99. */
export function romanOf(value: number): string {
  const tens = ['', 'x', 'xx', 'xxx', 'xl', 'l', 'lx', 'lxx', 'lxxx', 'xc'][Math.floor(value / 10) % 10] ?? '';
  const ones = ['', 'i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix'][value % 10] ?? '';
  return tens + ones;
}

/** The value of a Roman numeral in either case, a Chinese or a Western number; 0 for anything else. */
export function numeralValue(text: string): number {
  if (/^\d{1,2}$/u.test(text)) return Number(text);
  return romanValue(text.toLowerCase()) ?? chineseValue(text);
}
