/** The part of a line after its head: a note with quoted words, a promise, and the sign that it is to be checked. */
import { LineWords, type Part, type ReadLine } from './line-parts.ts';
import { phrasesOf } from './line-vocabulary.ts';
import { quotesIn, type Span } from './quotes.ts';

export interface FreeText extends Pick<ReadLine, 'quotes' | 'note' | 'toCheck' | 'promise'> {
  /** In offsets of the text. */
  readonly parts: readonly Part[];
}

/** The words of a proposal: those in quotation marks, else the note. */
export function wordsProposed({ quotes, note }: Pick<FreeText, 'quotes' | 'note'>): string {
  return quotes.join(' … ') || note;
}

/** `->` or an arrow begins a promise, which goes to the end; `!` at the very end asks for a check. */
export function readFreeText(whole: string): FreeText {
  const parts: Part[] = [];
  const quotes = quotesIn(whole);
  const check = /(?:^|\s)[!！]\s*$/.exec(whole);
  const toCheck = check !== null && quotes.every(({ end }) => end <= check.index);
  if (toCheck) {
    const start = check.index + check[0].search(/[!！]/);
    parts.push({ kind: 'check', start, end: start + 1, value: '!' });
  }
  const text = toCheck ? whole.slice(0, check.index) : whole;
  const promise = promiseIn(text, quotes);
  for (const quote of quotes) {
    if (promise !== null && quote.start > promise.start) break;
    parts.push({ kind: 'quote', start: quote.start, end: quote.end, value: quote.words });
  }
  if (promise !== null) {
    parts.push({ kind: 'promise', start: promise.start, end: text.trimEnd().length, value: promise.what });
  }
  return {
    parts,
    quotes: quotes.map(({ words }) => words).filter((words) => words !== ''),
    note: (promise === null ? text : text.slice(0, promise.start)).trim(),
    toCheck,
    promise: promise === null ? null : { what: promise.what, until: promise.until },
  };
}

/** `-> what @ until when`, or with a word for until. Arrows inside quoted words are words. */
function promiseIn(
  text: string,
  quotes: readonly Span[],
): { readonly start: number; readonly what: string; readonly until: string } | null {
  for (const { index: start, 0: arrow } of text.matchAll(/(?:->|→|⇒)/g)) {
    if (quotes.some((quote) => start >= quote.start && start < quote.end)) continue;
    const said = text.slice(start + arrow.length).trim();
    const sign = /^(.*?)\s*@\s*(.*)$/s.exec(said);
    if (sign !== null) return { start, what: sign[1]!.trim(), until: sign[2]!.trim().slice(0, 200) };
    const words = new LineWords(said);
    for (let at = words.length - 2; at > 0; at--) {
      const word = words.at(at)!;
      if (!phrasesOf(word.text).some(({ kind }) => kind === 'until')) continue;
      return { start, what: said.slice(0, word.start).trim(), until: said.slice(word.end).trim().slice(0, 200) };
    }
    return { start, what: said, until: '' };
  }
  return null;
}
