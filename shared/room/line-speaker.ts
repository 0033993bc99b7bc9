/** Whose line it is: the name at the head of a line, as it is said in a room and not only as it stands in a list. */
import type { Delegation } from '../delegations/directory.ts';
import type { Completer } from './completion.ts';
import { bare, isWords, type LineWords } from './line-parts.ts';
import { longestPhrase, phrasesOf } from './line-vocabulary.ts';

/** Words of the longest name that is looked for. */
export const mostWordsOfName = 8;

export interface NamedSpeaker {
  readonly delegation: Delegation;
  /** Words that it takes. */
  readonly count: number;
}

/** `@` says that a name follows. */
export function isExplicit(words: LineWords, at: number): boolean {
  const text = words.at(at)?.text ?? '';
  return text.startsWith('@') && text.length > 1;
}

/** The name that `count` words from `at` would be. */
export function nameAt(words: LineWords, at: number, count: number): string {
  return bare(words.slice(at, count).slice(isExplicit(words, at) ? 1 : 0)).trimEnd();
}

/** Longest name first; else one after `the`, `Mr` or `delegate of`; else one word by its beginning. Null: nobody is known. */
export function speakerAt(words: LineWords, at: number, completer: Completer): NamedSpeaker | null {
  const whole = wholeNameAt(words, at, completer, 2) ?? addressedAt(words, at, completer);
  if (whole !== null) return whole;
  const typed = nameAt(words, at, 1);
  const delegation = isWords(typed) ? completer.resolve(typed) : null;
  return delegation === null ? null : { delegation, count: 1 };
}

function wholeNameAt(words: LineWords, at: number, completer: Completer, least: number): NamedSpeaker | null {
  for (let count = Math.min(mostWordsOfName, words.length - at); count >= least; count--) {
    const typed = nameAt(words, at, count);
    const delegation = isWords(typed) ? completer.exact(typed) : null;
    if (delegation !== null) return { delegation, count };
  }
  return null;
}

/** `The Chair`, `Madam President`, `Delegate of Ghana`: only before a whole name, and `Mr`, a country's code, before an officer. */
function addressedAt(words: LineWords, at: number, completer: Completer): NamedSpeaker | null {
  for (let before = Math.min(longestPhrase, words.length - at - 1); before >= 1; before--) {
    const address = phrasesOf(nameAt(words, at, before)).find((phrase) => phrase.kind === 'address');
    const named = address === undefined ? null : wholeNameAt(words, at + before, completer, 1);
    if (named !== null && (address?.of === 'anybody' || named.delegation.kind === 'officer'))
      return { delegation: named.delegation, count: before + named.count };
  }
  return null;
}
