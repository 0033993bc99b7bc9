/**
 * Wordings of one cluster that may exclude each other: one negates, names another number, obliges where the other only
 * allows, or says the opposite. Found by words (`resources/catalogues/exclusion-words.json`), so it is a hint that two
 * texts should be read against each other, never that they do contradict.
 */
import words from '../../../resources/catalogues/exclusion-words.json' with { type: 'json' };
import { searchKey, searchTokens } from '../../text/search-key.ts';
import type { ExclusionHint } from './cluster.ts';

interface WordLists {
  readonly numbers: ReadonlySet<string>;
  readonly negation: ReadonlySet<string>;
  /** Strength by word, 0 the strongest. */
  readonly obligation: ReadonlyMap<string, number>;
  readonly opposites: ReadonlyMap<string, ReadonlySet<string>>;
}

type Difference = Pick<ExclusionHint, 'kind' | 'words'>;

const listsByLanguage = new Map<string, WordLists>();

function listsOf(language: string): WordLists | null {
  const data = (words as Readonly<Record<string, unknown>>)[language] as
    { negation: string[]; numbers: string[]; obligation: string[][]; opposites: string[][] } | undefined;
  if (data === undefined || typeof data === 'string') return null;
  const before = listsByLanguage.get(language);
  if (before !== undefined) return before;
  const key = (word: string): string => searchKey(word).text;
  const opposites = new Map<string, Set<string>>();
  for (const [a = '', b = ''] of data.opposites) {
    for (const [one, other] of [[key(a), key(b)] as const, [key(b), key(a)] as const])
      opposites.set(one, (opposites.get(one) ?? new Set()).add(other));
  }
  const lists: WordLists = {
    numbers: new Set(data.numbers.map(key)),
    negation: new Set(data.negation.map(key)),
    obligation: new Map(
      data.obligation.flatMap((group, strength) => group.map((word) => [key(word), strength] as const)),
    ),
    opposites,
  };
  listsByLanguage.set(language, lists);
  return lists;
}

/** A text read for its hints, so that many pairs cost little. */
export interface HintText {
  readonly counts: ReadonlyMap<string, number>;
  /** The first printed form of each word. */
  readonly printed: ReadonlyMap<string, string>;
}

export function readForHints(text: string): HintText {
  const counts = new Map<string, number>();
  const printed = new Map<string, string>();
  for (const { token, start, end } of searchTokens(text)) {
    counts.set(token, (counts.get(token) ?? 0) + 1);
    if (!printed.has(token)) printed.set(token, text.slice(start, end));
  }
  return { counts, printed };
}

/** The kinds of difference between two wordings, at most one of each kind. */
export function exclusionsBetween(a: HintText, b: HintText, language: string): Difference[] {
  const lists = listsOf(language);
  const onlyA = surplus(a, b);
  const onlyB = surplus(b, a);
  const found: Difference[] = [];
  const add = (kind: ExclusionHint['kind'], wordA: string | undefined, wordB: string | undefined): void => {
    found.push({ kind, words: [a.printed.get(wordA ?? '') ?? '', b.printed.get(wordB ?? '') ?? ''] });
  };
  const numbers = (of: readonly string[]): string[] =>
    of.filter((word) => /^\p{N}+$/u.test(word) || lists?.numbers.has(word) === true);
  const [numberA, numberB] = [numbers(onlyA)[0], numbers(onlyB)[0]];
  if (numberA !== undefined && numberB !== undefined) add('number', numberA, numberB);
  if (lists === null) return found;
  const isUnspaced = language === 'zh';
  const negates = (word: string): boolean => lists.negation.has(isUnspaced ? word[0]! : word);
  const [noA, noB] = [onlyA.find(negates), onlyB.find(negates)];
  if ((noA === undefined) !== (noB === undefined)) add('negation', noA, noB);
  const strengths = (of: readonly string[]): string[] => of.filter((word) => lists.obligation.has(word));
  const [boundA, boundB] = [strengths(onlyA)[0], strengths(onlyB)[0]];
  if (boundA !== undefined && boundB !== undefined && lists.obligation.get(boundA) !== lists.obligation.get(boundB))
    add('obligation', boundA, boundB);
  for (const word of onlyA) {
    const other = onlyB.find((each) => lists.opposites.get(word)?.has(each) === true);
    if (other === undefined) continue;
    add('opposite', word, other);
    break;
  }
  return found;
}

/** The words that `a` has more often than `b`, in order. */
function surplus(a: HintText, b: HintText): string[] {
  return [...a.counts].flatMap(([word, count]) => (count > (b.counts.get(word) ?? 0) ? [word] : []));
}
