/**
 * Where a passage stands in the common text: word for word, in square brackets or not, or how much of it. Compared in
 * normal form, so that typesetting makes no difference and every word, number and stop does.
 */
import type { BlockId } from '../../drafting/block.ts';
import { plainText, type InlineContent } from '../../drafting/inline.ts';
import { normalText } from '../../text/normal-form.ts';
import { searchTokens } from '../../text/search-key.ts';
import type { CommonBlock } from './ledger-model.ts';

export interface ReadText {
  /** In normal form. */
  readonly text: string;
  readonly words: ReadonlyMap<string, number>;
}

export interface ReadBlock extends ReadText {
  readonly id: BlockId;
  readonly alternatives: readonly ReadAlternative[];
}

interface ReadAlternative extends Alternative {
  readonly words: ReadonlyMap<string, number>;
}

/** Shorter words are mostly grammar, which any two texts share; scripts without spaces have no such words. */
const grammarLetters = 3;
const wordCharacter = /[\p{L}\p{N}]/u;

export function readText(content: InlineContent): ReadText {
  const text = normalText(plainText(content)).trim();
  let words: ReadonlyMap<string, number> | undefined;
  return {
    text,
    get words() {
      return (words ??= wordsOf(text));
    },
  };
}

export function readBlock({ id, content }: CommonBlock): ReadBlock {
  const read = readText(content);
  let alternatives: readonly ReadAlternative[] | undefined;
  return {
    id,
    text: read.text,
    get words() {
      return read.words;
    },
    get alternatives() {
      return (alternatives ??= alternativesOf(read.text).map((each) => ({ ...each, words: wordsOf(each.text) })));
    },
  };
}

function wordsOf(text: string): Map<string, number> {
  const all = searchTokens(text).map(({ token }) => token);
  const telling = all.filter((word) => word.length > grammarLetters || /^\p{Lo}/u.test(word));
  const words = new Map<string, number>();
  for (const word of telling.length > 0 ? telling : all) words.set(word, (words.get(word) ?? 0) + 1);
  return words;
}

/** Per mille of the passage's words that stand in the texts taken together. */
export function keptOf(passage: ReadText, texts: readonly ReadText[]): number {
  let all = 0;
  let kept = 0;
  for (const [word, count] of passage.words) {
    const there = texts.reduce((sum, { words }) => sum + (words.get(word) ?? 0), 0);
    all += count;
    kept += Math.min(count, there);
  }
  return all === 0 ? 0 : Math.floor((kept * 1000) / all);
}

/** Whether a text holds the passage word for word, and whether every place where it does is in square brackets. */
export function findVerbatim(passage: ReadText, { text }: ReadText): 'plain' | 'bracketed' | null {
  if (passage.text === '') return null;
  let found: 'bracketed' | null = null;
  for (let at = text.indexOf(passage.text); at >= 0; at = text.indexOf(passage.text, at + 1)) {
    if (!isWhole(text, at, at + passage.text.length)) continue;
    if (!isBracketed(text, at)) return 'plain';
    found = 'bracketed';
  }
  return found;
}

/** No word is cut at either end. */
function isWhole(text: string, start: number, end: number): boolean {
  const isWord = (char: string | undefined): boolean => char !== undefined && wordCharacter.test(char);
  const isCutBefore = isWord(text[start]) && isWord(text[start - 1]) && !isUnspaced(text[start]!);
  const isCutAfter = isWord(text[end - 1]) && isWord(text[end]) && !isUnspaced(text[end]!);
  return !isCutBefore && !isCutAfter;
}

const isUnspaced = (char: string): boolean => /\p{Script=Han}/u.test(char);

/** Open brackets of the same paragraph before `at` that are closed after it or not at all. */
function isBracketed(text: string, at: number): boolean {
  let depth = 0;
  for (let index = 0; index < at; index++) {
    if (text[index] === '[') depth += 1;
    else if (text[index] === ']') depth = Math.max(0, depth - 1);
  }
  return depth > 0;
}

export interface Alternative {
  readonly text: string;
  readonly isBracketed: boolean;
}

const attribution = /^[^:[\]]{1,200}:\s/u;

/**
 * A paragraph with bracketed alternatives, cut into them (without who proposed each) and the text around them. A
 * paragraph without is itself the only one.
 */
export function alternativesOf(text: string): Alternative[] {
  const found: Alternative[] = [];
  const add = (piece: string, isInside: boolean): void => {
    const words = isInside ? piece.replace(attribution, '') : piece;
    if (wordCharacter.test(words)) found.push({ text: words.trim(), isBracketed: isInside });
  };
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '[') {
      if (depth === 0) {
        add(text.slice(from, at), false);
        from = at + 1;
      }
      depth += 1;
    } else if (text[at] === ']' && depth > 0) {
      depth -= 1;
      if (depth > 0) continue;
      add(text.slice(from, at), true);
      from = at + 1;
    }
  }
  add(text.slice(from), depth > 0);
  return found;
}

/** The alternative that is most like the passage. */
export function nearestAlternative(passage: ReadText, blocks: readonly ReadBlock[]): Alternative | null {
  let best: { readonly alternative: Alternative; readonly score: number } | null = null;
  const own = countOf(passage.words);
  for (const alternative of blocks.flatMap(({ alternatives }) => alternatives)) {
    let shared = 0;
    for (const [word, count] of alternative.words) shared += Math.min(count, passage.words.get(word) ?? 0);
    const score = (2 * shared) / Math.max(1, own + countOf(alternative.words));
    if (best === null || score > best.score) best = { alternative, score };
  }
  return best?.alternative ?? null;
}

function countOf(words: ReadonlyMap<string, number>): number {
  let count = 0;
  for (const each of words.values()) count += each;
  return count;
}

/**
 * For a passage the blocks that may hold it word for word: those that have its rarest word. Looking for thousands of
 * passages in every paragraph would take seconds.
 */
export function createWordIndex(blocks: readonly ReadBlock[]): (passage: ReadText) => readonly ReadBlock[] {
  let index: Map<string, ReadBlock[]> | undefined;
  const byWord = (): Map<string, ReadBlock[]> => {
    const found = new Map<string, ReadBlock[]>();
    for (const block of blocks) {
      for (const word of block.words.keys()) {
        const holders = found.get(word);
        if (holders === undefined) found.set(word, [block]);
        else holders.push(block);
      }
    }
    return found;
  };
  return (passage) => {
    // The last character of a run without spaces is a word of its own there, but not inside a longer run.
    const words = [...passage.words.keys()].filter(
      (word) => word.length > (/^\p{Lo}/u.test(word) ? 1 : grammarLetters),
    );
    if (words.length === 0) return blocks;
    index ??= byWord();
    const holders = words.map((word) => index!.get(word) ?? []);
    return holders.reduce((fewest, each) => (each.length < fewest.length ? each : fewest));
  };
}
