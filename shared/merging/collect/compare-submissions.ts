/**
 * What a delegation changed between two of its submissions, passage by passage. A passage that reads the same is the same
 * wherever it now stands; of the rest, the most alike belong together.
 */
import { plainText } from '../../drafting/inline.ts';
import { normalText } from '../../text/normal-form.ts';
import { searchTokens } from '../../text/search-key.ts';
import { passagesOf, type EntryContent, type Passage } from './entry-content.ts';

export interface PassagePair {
  readonly kind: 'unchanged' | 'changed' | 'new' | 'gone';
  readonly before: Passage | null;
  readonly after: Passage | null;
}

/** Passages that share fewer of their words are not the same one rewritten. */
const leastLikeness = 0.5;

/** The words of a passage with those of its footnotes, in normal form: what is compared between submissions. */
export function wordsOfPassage({ footnotes }: EntryContent, { content }: Passage): string {
  const notes = content.flatMap((item) => (item.t === 'note' ? [plainText(footnotes[item.id] ?? [])] : []));
  return normalText([plainText(content), ...notes].join('\n')).trim();
}

/** Pairs in the order of `after`; passages that are gone stand last, in the order of `before`. */
export function compareSubmissions(before: EntryContent, after: EntryContent): PassagePair[] {
  const old = readPassages(before);
  const now = readPassages(after);
  const partner = new Map<Read, Read>();
  const taken = new Set<Read>();
  const pair = (left: Read, right: Read): void => {
    partner.set(right, left);
    taken.add(left);
  };
  const byText = Map.groupBy(old, ({ text }) => text);
  for (const asSame of [true, false]) {
    for (const right of now) {
      if (partner.has(right)) continue;
      const left = byText.get(right.text)?.find((each) => !taken.has(each) && (!asSame || each.place === right.place));
      if (left !== undefined) pair(left, right);
    }
  }
  const likely = now
    .filter((right) => !partner.has(right))
    .flatMap((right) =>
      old.filter((left) => !taken.has(left)).map((left) => ({ left, right, score: likeness(left, right) })),
    )
    .filter(({ score }) => score >= leastLikeness)
    .sort((a, b) => b.score - a.score || a.right.index - b.right.index || a.left.index - b.left.index);
  for (const { left, right } of likely) if (!taken.has(left) && !partner.has(right)) pair(left, right);
  const pairs = now.map((right): PassagePair => {
    const left = partner.get(right);
    if (left === undefined) return { kind: 'new', before: null, after: right.passage };
    return { kind: left.text === right.text ? 'unchanged' : 'changed', before: left.passage, after: right.passage };
  });
  const gone = old
    .filter((left) => !taken.has(left))
    .map(({ passage }): PassagePair => ({ kind: 'gone', before: passage, after: null }));
  return [...pairs, ...gone];
}

interface Read {
  readonly index: number;
  readonly passage: Passage;
  readonly text: string;
  readonly words: ReadonlyMap<string, number>;
  readonly count: number;
  /** The questions it answers; passages of one question are paired before others. */
  readonly place: string;
}

function readPassages(content: EntryContent): Read[] {
  const places = new Map(
    content.answers.flatMap((answer) => answer.passages.map((passage) => [passage, answer.match.questions.join(' ')])),
  );
  return passagesOf(content).map((passage, index) => {
    const text = wordsOfPassage(content, passage);
    const tokens = searchTokens(text);
    const words = new Map<string, number>();
    for (const { token } of tokens) words.set(token, (words.get(token) ?? 0) + 1);
    return { index, passage, text, words, count: tokens.length, place: places.get(passage)! };
  });
}

/** Shared words (Dice), a little more within one question. */
function likeness(a: Read, b: Read): number {
  let shared = 0;
  for (const [word, count] of a.words) shared += Math.min(count, b.words.get(word) ?? 0);
  const score = (2 * shared) / Math.max(1, a.count + b.count);
  return a.place === b.place ? Math.min(1, score * 1.1) : score;
}
