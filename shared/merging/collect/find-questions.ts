/**
 * Which paragraphs of a file announce an answer, and to which question. Wording comes before number: files that left out
 * a question count on without it. A number alone is believed only where the rest of the file shows that it keeps the
 * template's numbers; what is left open waits for a person, with the questions that might be meant.
 */
import { sliceInline, type InlineContent } from '../../drafting/inline.ts';
import type { AnswerMatch, MatchReason, NoMatchReason, Question } from './entry-content.ts';
import { readQuestionMark } from './question-mark.ts';
import { createQuestionReader, type QuestionReader, type Resemblance } from './question-words.ts';
import { flatText, trimInline, type SourceParagraph } from './source-paragraphs.ts';

export interface FoundQuestion {
  /** The paragraphs that print it, [at, end); usually one. */
  readonly at: number;
  readonly end: number;
  readonly number: string;
  readonly heading: string;
  readonly match: AnswerMatch;
  /** What follows the question in the same paragraph. */
  readonly rest: InlineContent;
}

interface Candidate extends Omit<FoundQuestion, 'match'> {
  readonly numbers: readonly string[];
  readonly resemblances: readonly Resemblance[];
  readonly isNamed: boolean;
  /** It stands as a heading or asks something. */
  readonly looksAsked: boolean;
}

/** At or above it the wording decides by itself. */
const certain = 0.55;
/** With a number that says the same. */
const supported = 0.25;
/** For a heading without a number. */
const headingCertain = 0.5;
/** How much the next best question must stay behind. */
const margin = 0.08;
const longestQuestion = 480;
const asks = /[?？؟]["”’»)\]]*\s*(?:\([^)]*\))?[.:]?\s*$/u;
const questionMarks = /[?？؟]["”’»)\]]*(?:\s*\([^)]*\)[.?]?)?/gu;

/** `isMarked`: the source says itself which paragraphs are questions, as a draft does; nothing else is taken for one. */
export function findQuestions(
  paragraphs: readonly SourceParagraph[],
  questions: readonly Question[],
  { isMarked = false }: { readonly isMarked?: boolean } = {},
): FoundQuestion[] {
  const reader = readerBeside(questions);
  const known = new Set(questions.map(({ number }) => number));
  const candidates: Candidate[] = [];
  for (let at = 0; at < paragraphs.length; at++) {
    if (isMarked && paragraphs[at]!.role !== 'question') continue;
    const candidate = readCandidate(paragraphs, at, reader, known);
    if (candidate === null) continue;
    candidates.push(candidate);
    at = candidate.end - 1;
  }
  const byWording = candidates.map((candidate) => matchByWording(candidate, known));
  const trust = trustInNumbers(candidates, byWording, questions);
  return candidates.flatMap((candidate, index): FoundQuestion[] => {
    const match = byWording[index] ?? matchByNumber(candidates, byWording, index, { questions, trust });
    if (match === null) return [];
    const { at, end, number, heading, rest } = candidate;
    return [{ at, end, number, heading, rest, match }];
  });
}

/** A line that is rather the heading of a group of questions resembles none of them. */
function readerBeside(questions: readonly Question[]): QuestionReader {
  const names = [...new Set(questions.map(({ section }) => section))].filter((name) => name !== '');
  const reader = createQuestionReader(questions);
  const sections = createQuestionReader(names.map((text) => ({ number: text, text, section: '' })));
  return {
    resemblances: (line) => {
      const found = reader.resemblances(line);
      const best = found[0]?.score ?? 0;
      const isSection = best > 0 && !asks.test(line) && (sections.resemblances(line)[0]?.score ?? 0) > best;
      return isSection ? found.map(({ question }) => ({ question, score: 0 })) : found;
    },
  };
}

function readCandidate(
  paragraphs: readonly SourceParagraph[],
  at: number,
  reader: QuestionReader,
  known: ReadonlySet<string>,
): Candidate | null {
  const paragraph = paragraphs[at]!;
  const { role, marker, content } = paragraph;
  const text = flatText(content);
  if (role === 'question') {
    const number = paragraph.number ?? '';
    const resemblances = reader.resemblances(text);
    const heading = text.trim();
    return {
      at,
      end: at + 1,
      number,
      numbers: [number],
      heading,
      resemblances,
      isNamed: true,
      looksAsked: true,
      rest: [],
    };
  }
  if (role === 'quotation' || role === 'table') return null;
  const shift = marker === '' ? 0 : marker.length + 1;
  const printed = shift === 0 ? text : `${marker}\u00A0${text}`;
  const mark = readQuestionMark(printed);
  const start = mark === null ? 0 : Math.max(0, mark.length - shift);
  const body = text.slice(start);
  // `Question 3` on a line of its own: what it asks stands in the next.
  const next = paragraphs[at + 1];
  if (mark?.isNamed === true && body.trim() === '' && next !== undefined && next.role !== 'question') {
    const wording = `${next.marker} ${flatText(next.content)}`.trim();
    const isAsked = wording.length <= longestQuestion && repeatsAtMost(wording, mark.numbers);
    const resemblances = isAsked ? reader.resemblances(wording) : [];
    if ((resemblances[0]?.score ?? 0) >= supported && (asks.test(wording) || next.role === 'heading')) {
      return {
        ...{ at, end: at + 2, number: mark.printed, numbers: mark.numbers, heading: wording, rest: [] },
        ...{ resemblances, isNamed: true, looksAsked: true },
      };
    }
  }
  const isBeyond = mark !== null && !mark.numbers.some((number) => known.has(number));
  const cut = endOfQuestion(body, reader, { isNamed: mark?.isNamed === true, isBeyond });
  if (cut === null) return null;
  const asked = body.slice(0, cut).trim();
  const resemblances = asked === '' ? [] : reader.resemblances(asked);
  const looksAsked = role === 'heading' || asks.test(asked);
  if (mark === null && (resemblances[0]?.score ?? 0) < (role === 'heading' ? headingCertain : certain)) return null;
  // Without a number only what stands as a heading or asks is a question; a sentence may well repeat its words.
  if (mark === null && !looksAsked) return null;
  return {
    ...{ at, end: at + 1, number: mark?.printed ?? '', numbers: mark?.numbers ?? [] },
    ...{ heading: asked },
    ...{
      rest: trimInline(sliceInline(content, start + cut)),
      resemblances,
      isNamed: mark?.isNamed ?? false,
      looksAsked,
    },
  };
}

/**
 * Where the question ends and its answer begins in the same paragraph: after the question mark up to which the text is
 * most like a question. Null for paragraphs that are no question.
 */
function endOfQuestion(
  body: string,
  reader: QuestionReader,
  { isNamed, isBeyond }: { readonly isNamed: boolean; readonly isBeyond: boolean },
): number | null {
  let best: { end: number; score: number } | null = null;
  for (const match of body.slice(0, longestQuestion).matchAll(questionMarks)) {
    const end = match.index + match[0].length;
    // A number that the template has not: what is asked under it can resemble nothing.
    if (isBeyond) return end;
    const score = reader.resemblances(body.slice(0, end))[0]?.score ?? 0;
    if (score >= supported && score >= (best?.score ?? 0)) best = { end, score };
  }
  const isShort = body.length <= longestQuestion;
  if (best !== null && body.slice(best.end).trim() !== '') {
    if (best.score >= certain) return best.end;
    return isShort && asks.test(body) ? body.length : null;
  }
  if (best !== null) return body.length;
  // `Question 3: We believe that ...`: the number is the whole question.
  const isAnswer = /[.!。]["”’»)]*\s*$/u.test(body) || !isShort;
  if (isNamed) return isAnswer ? 0 : body.length;
  return isShort && !isAnswer ? body.length : null;
}

function matchByWording(candidate: Candidate, known: ReadonlySet<string>): AnswerMatch | null {
  const { numbers, resemblances, looksAsked } = candidate;
  const [best, second] = resemblances;
  const named = numbers.filter((number) => known.has(number));
  const scoreOf = (number: string): number => resemblances.find(({ question }) => question === number)?.score ?? 0;
  if (named.length > 1 && named.length === numbers.length && (looksAsked || candidate.isNamed)) {
    const isBoth = named.every((number) => scoreOf(number) >= supported);
    return matched(named, isBoth ? 'number-and-wording' : 'number', isBoth ? 0.9 : 0.6);
  }
  if (best === undefined) return null;
  const ahead = best.score - (second?.score ?? 0);
  const number = named[0];
  if (best.score >= certain && ahead >= margin) {
    return matched([best.question], number === best.question ? 'number-and-wording' : 'wording', best.score);
  }
  if (number !== undefined && looksAsked && scoreOf(number) >= supported && scoreOf(number) >= best.score - margin) {
    return matched([number], 'number-and-wording', scoreOf(number));
  }
  if (numbers.length === 0 && looksAsked && best.score >= headingCertain && ahead >= margin) {
    return matched([best.question], 'wording', best.score);
  }
  return null;
}

const matched = (questions: readonly string[], by: MatchReason, score: number): AnswerMatch => ({
  questions,
  by,
  confidence: Math.round(Math.min(1, score) * 1000),
});

/**
 * Whether the file's numbers are the template's. Answers matched by wording show it; without any, numbers that reach the
 * template's last or leave gaps do: who left questions out and counted on would end below it without a gap.
 */
function trustInNumbers(
  candidates: readonly Candidate[],
  byWording: readonly (AnswerMatch | null)[],
  questions: readonly Question[],
): boolean {
  let agree = 0;
  let differ = 0;
  candidates.forEach(({ numbers }, index) => {
    const match = byWording[index];
    if (match === null || match === undefined || numbers.length !== 1 || match.questions.length !== 1) return;
    if (match.questions[0] === numbers[0]) agree += 1;
    else differ += 1;
  });
  if (agree + differ > 0) return agree > 0 && differ === 0;
  const numbers = candidates.filter(({ looksAsked, isNamed }) => looksAsked || isNamed).flatMap((each) => each.numbers);
  const positions = numbers.map((number) => questions.findIndex((question) => question.number === number));
  if (positions.length === 0 || positions.some((position, at) => position < 0 || position <= (positions[at - 1] ?? -1)))
    return false;
  return positions.at(-1) === questions.length - 1 || positions.at(-1)! + 1 !== positions.length;
}

/** A question known by its number alone, or left open; null for what is no question but an item or a heading inside one. */
function matchByNumber(
  candidates: readonly Candidate[],
  byWording: readonly (AnswerMatch | null)[],
  index: number,
  { questions, trust }: { readonly questions: readonly Question[]; readonly trust: boolean },
): AnswerMatch | null {
  const { numbers, looksAsked, isNamed, resemblances } = candidates[index]!;
  const [number] = numbers;
  if (number === undefined || (!looksAsked && !isNamed)) return null;
  const positionOf = (key: string | undefined): number => questions.findIndex((question) => question.number === key);
  const before = byWording
    .slice(0, index)
    .findLast((match) => match !== null)
    ?.questions.at(-1);
  const after = byWording.slice(index + 1).find((match) => match !== null)?.questions[0];
  const from = before === undefined ? -1 : positionOf(before);
  const to = after === undefined ? questions.length : positionOf(after);
  const position = positionOf(number);
  const fits = position > from && position < to;
  if (trust && fits) return matched([number], 'number', isNamed ? 0.6 : 0.5);
  const isWhole = byWording.some((match) => match !== null);
  // Numbered headings inside an answer begin again at 1; the template's own numbers do not.
  if (isWhole && !isNamed && !fits && !(position < 0 && asksAtEnd(candidates[index]!))) return null;
  const between = from < to ? questions.slice(from + 1, to).map((question) => question.number) : [];
  if (isWhole && isNamed && between.length === 1) return matched(between, 'order', 0.4);
  const alike = resemblances.filter(({ score }) => score >= supported / 2).map(({ question }) => question);
  const candidatesLeft = [...new Set([...(position >= 0 ? [number] : []), ...alike, ...between])].slice(0, 4);
  const reason: NoMatchReason = position < 0 && alike.length === 0 ? 'no-such-question' : 'ambiguous';
  return { questions: [], reason, candidates: candidatesLeft };
}

/** The number stands once more before the wording, or not at all. */
function repeatsAtMost(wording: string, numbers: readonly string[]): boolean {
  const again = readQuestionMark(wording);
  return again === null || again.numbers.join() === numbers.join();
}

const asksAtEnd = ({ heading, looksAsked }: Candidate): boolean => looksAsked && asks.test(heading);
