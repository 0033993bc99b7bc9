/**
 * The search key: what is left of a text when everything a searcher cannot be expected to type alike is folded away.
 * Unlike the normal form it forgets case, accents and compatibility shapes, so it is never stored in an anchor.
 */
import { rewritePieces } from './normal-form.ts';
import type { MappedText } from './offset-map.ts';

/** Letters of other scripts that print like a Latin one, upper-case; lower case follows its capital. */
const lookAlikes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    А: 'A',
    В: 'B',
    Е: 'E',
    К: 'K',
    М: 'M',
    Н: 'H',
    О: 'O',
    Р: 'P',
    С: 'C',
    Т: 'T',
    У: 'Y',
    Х: 'X',
    І: 'I',
    Ј: 'J',
    Ѕ: 'S',
    Ԛ: 'Q',
    Ԝ: 'W',
    Α: 'A',
    Β: 'B',
    Ε: 'E',
    Ζ: 'Z',
    Η: 'H',
    Ι: 'I',
    Κ: 'K',
    Μ: 'M',
    Ν: 'N',
    Ο: 'O',
    Ρ: 'P',
    Τ: 'T',
    Υ: 'Y',
    Χ: 'X',
  }).flatMap(
    ([from, to]) =>
      [
        [from, to],
        [from.toLowerCase(), to.toLowerCase()],
      ] as const,
  ),
);
const otherScripts = /[\p{Script=Cyrillic}\p{Script=Greek}]/u;
const latin = /\p{Script=Latin}/u;
const label = /^\p{L}\p{Nd}{1,2}$/u;
/** `WSlS`: a small L where every other letter, two at least, is a capital is a misread capital I. */
const misreadCapital = /^(?=.*[A-Z].*[A-Z])[A-Zl\d]*l[A-Zl\d]*$/;
/** Arabic letters that writers exchange: alef wasla, alef maqsura, Farsi yeh and kaf, teh marbuta. */
const arabicVariants: ReadonlyMap<string, string> = new Map([
  ['ٱ', 'ا'],
  ['ى', 'ي'],
  ['ی', 'ي'],
  ['ک', 'ك'],
  ['ة', 'ه'],
]);

/** Replaces look-alike letters inside mixed words and labels, one UTF-16 unit by one, so that offsets stay. */
function foldLookAlikes(text: string): string {
  if (!otherScripts.test(text) && !text.includes('l')) return text;
  return text.replace(/[\p{L}\p{N}]+/gu, (word) => {
    let folded = word;
    if (otherScripts.test(word) && (latin.test(word) || label.test(word))) {
      folded = word.replace(/[\u0370-\u052F]/g, (char) => lookAlikes.get(char) ?? char);
    }
    return folded.includes('l') && misreadCapital.test(folded) ? folded.replace(/l/g, 'I') : folded;
  });
}

/** Value of a decimal digit of any script: the ten digits of each stand together and in order. */
function westernDigit(char: string): string {
  let rank = 0;
  let code = char.codePointAt(0) as number;
  while (rank < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - 1))) {
    code -= 1;
    rank += 1;
  }
  return String(rank);
}

function keyPiece(piece: string): string {
  if (piece.length === 1 && piece < '\u0080') return piece.toLowerCase();
  return piece
    .normalize('NFKD')
    .replace(/[\p{M}\u0640]/gu, '')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\p{M}\u0640]/gu, '')
    .replace(/ß/g, 'ss')
    .replace(/ς/g, 'σ')
    .replace(/[\u0671\u0649\u06CC\u06A9\u0629]/g, (char) => arabicVariants.get(char) as string)
    .replace(/[‘’‚‛′‹›]/g, "'")
    .replace(/[“”„‟″«»]/g, '"')
    .replace(/[‐‑‒–—―−]/g, '-')
    .replace(/[\p{Nd}--[0-9]]/gv, westernDigit);
}

/**
 * Case, accents (Arabic vowel signs and alef, yeh and teh marbuta variants among them), compatibility shapes and the
 * digits of other scripts folded; look-alike letters folded to Latin where a word mixes scripts (`GDС`) or is a label
 * (`С1`). The maps lead back to the text.
 */
export function searchKey(text: string): MappedText {
  return rewritePieces(foldLookAlikes(text), keyPiece);
}

export interface SearchToken {
  readonly token: string;
  /** UTF-16 offsets in the text that was given. */
  readonly start: number;
  readonly end: number;
}

const unspaced =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
const wordOrRun = new RegExp(`[${unspaced}]+|(?:(?![${unspaced}])[\\p{L}\\p{N}])+`, 'gu');
const isUnspaced = new RegExp(`^[${unspaced}]`, 'u');

/**
 * The words of `text` as search keys, in order. Scripts written without spaces give overlapping pairs of characters and,
 * last, the single character that ends a run, so that each character begins some token.
 */
export function searchTokens(text: string): SearchToken[] {
  const key = searchKey(text);
  const tokens: SearchToken[] = [];
  for (const match of key.text.matchAll(wordOrRun)) {
    const run = match[0];
    if (!isUnspaced.test(run)) {
      const end = match.index + run.length;
      tokens.push({ token: run, start: key.toSource(match.index), end: endInSource(text, key, end) });
      continue;
    }
    const chars = [...run];
    let at = match.index;
    chars.forEach((char, index) => {
      const token = char + (chars[index + 1] ?? '');
      tokens.push({ token, start: key.toSource(at), end: endInSource(text, key, at + token.length) });
      at += char.length;
    });
  }
  return tokens;
}

/** A token ends with its last character, before white space that the map counts to the next one. */
function endInSource(text: string, key: MappedText, end: number): number {
  const last = key.toSource(end - 1);
  let at = key.toSource(end);
  // Dropped characters between two pieces belong to neither.
  while (at > last + 1 && /[\s\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF]/.test(text[at - 1] as string))
    at -= 1;
  return at;
}

/** What to look for: whole words, or with `isPrefix` the beginnings of words (a single Chinese character). */
export interface QueryToken {
  readonly token: string;
  readonly isPrefix: boolean;
}

/** The tokens that must all occur in a text for it to answer `query`, matching what `searchTokens` yields. */
export function queryTokens(query: string): QueryToken[] {
  const tokens = searchTokens(query);
  return tokens
    .filter((token, index) => {
      const before = tokens[index - 1];
      const isTail = isUnspaced.test(token.token) && [...token.token].length === 1;
      return !(isTail && before !== undefined && before.end === token.end && before.start < token.start);
    })
    .map(({ token }) => ({ token, isPrefix: isUnspaced.test(token) && [...token].length === 1 }));
}
