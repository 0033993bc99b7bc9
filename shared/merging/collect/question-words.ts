/**
 * How much a line reads like each of the template's questions: shared words, rare ones counting more. Translated lines
 * are read through a glossary of the words that calls for inputs are made of (`resources/catalogues/question-terms.json`).
 */
import glossary from '../../../resources/catalogues/question-terms.json' with { type: 'json' };
import { searchKey, searchTokens } from '../../text/search-key.ts';
import type { Question } from './entry-content.ts';

export interface Resemblance {
  readonly question: string;
  /** 0 to 1. */
  readonly score: number;
}

export interface QuestionReader {
  /** All questions, the most alike first. */
  resemblances(line: string): readonly Resemblance[];
}

/** Words of a few letters carry the grammar; the rest of a word after its seventh letter is mostly its ending. */
const minLetters = 3;
const stemLetters = 7;
/** `what`, `how`: every question has them. */
const asking = new Set(
  'what how why which are the for and can has have had you any this that been with our its it to of in on as be by we do'.split(
    ' ',
  ),
);

type Terms = readonly { readonly start: string; readonly stems: readonly string[] }[];

const stemOf = (word: string): string => word.slice(0, stemLetters);

const terms: Terms = Object.values(glossary)
  .filter((of): of is Exclude<typeof of, string> => typeof of !== 'string')
  .flatMap((words) =>
    Object.entries(words as Readonly<Record<string, string>>).map(([word, english]) => ({
      start: searchKey(word).text,
      stems: english.split(' ').map(stemOf),
    })),
  );
const termsByInitial = Map.groupBy(terms, ({ start }) => start[0]!);
/** The article and the particles that Arabic writes together with a word. */
const arabicPrefix = /^(?:و|ف)?(?:ال|لل|بال|كال|ل|ب)?/u;

function englishOf(token: string): readonly string[] {
  const bare = /^\p{Script=Arabic}/u.test(token) ? [token, token.replace(arabicPrefix, '')] : [token];
  const found = bare.flatMap((word) =>
    (termsByInitial.get(word[0] ?? '') ?? []).filter(({ start }) => word.startsWith(start)),
  );
  const longest = Math.max(0, ...found.map(({ start }) => start.length));
  return found.filter(({ start }) => start.length === longest).flatMap(({ stems }) => stems);
}

function wordsOf(text: string): {
  readonly own: Set<string>;
  readonly translated: Set<string>;
  readonly foreign: number;
} {
  const own = new Set<string>();
  const translated = new Set<string>();
  let foreign = 0;
  for (const { token } of searchTokens(text.replace(/https?:\S+/gu, ' '))) {
    const english = englishOf(token);
    for (const stem of english) translated.add(stem);
    if (english.length > 0) foreign += 1;
    if (token.length >= minLetters && !asking.has(token)) own.add(stemOf(token));
  }
  return { own, translated, foreign };
}

export function createQuestionReader(questions: readonly Question[]): QuestionReader {
  const wordings = questions.map((question) => ({
    number: question.number,
    wordings: [question.text, ...Object.values(question.texts ?? {})].map((text) => wordsOf(text).own),
  }));
  const counts = new Map<string, number>();
  for (const { wordings: all } of wordings) {
    for (const stem of new Set(all.flatMap((stems) => [...stems]))) counts.set(stem, (counts.get(stem) ?? 0) + 1);
  }
  const weight = (stem: string): number => Math.log(1 + questions.length / (counts.get(stem) ?? 1));
  const weigh = (stems: Iterable<string>): number => {
    let sum = 0;
    for (const stem of stems) sum += weight(stem);
    return sum;
  };
  const likeness = (line: ReadonlySet<string>, wording: ReadonlySet<string>): number => {
    const shared = weigh([...line].filter((stem) => wording.has(stem)));
    return line.size === 0 ? 0 : (2 * shared) / (weigh(line) + weigh(wording));
  };
  /** A heading may be a few words of its question: all of them must then be there, and be more than one. */
  const abridgement = (line: ReadonlySet<string>, wording: ReadonlySet<string>): number => {
    const shared = [...line].filter((stem) => wording.has(stem));
    return shared.length < 2 ? 0 : (0.75 * weigh(shared)) / weigh(line);
  };
  return {
    resemblances: (text) => {
      const { own, translated, foreign } = wordsOf(text);
      // Of a translated line only what the glossary knows can be compared.
      const isForeign = foreign >= 2 && translated.size >= 2;
      const known = new Set([...translated].filter((stem) => counts.has(stem)));
      return wordings
        .map(({ number, wordings: all }) => {
          const scores = all.map((wording) => {
            const direct = Math.max(likeness(own, wording), abridgement(own, wording));
            return isForeign
              ? Math.max(direct, 0.9 * Math.max(likeness(known, wording), abridgement(known, wording)))
              : direct;
          });
          return { question: number, score: Math.max(0, ...scores) };
        })
        .sort((a, b) => b.score - a.score);
    },
  };
}
