/**
 * From an imported file or a draft's snapshot to what one delegation sent: its answers, each with the passages that the
 * ledger will account for. Nothing is dropped: what belongs to no answer is an answer of its own that waits for one.
 */
import { hasHeadingShape, isCoverLine } from '../../document/headings.ts';
import { detectLanguage } from '../../document/language.ts';
import type { OutcomeDocument } from '../../document/outcome-document.ts';
import { countWords } from '../../drafting/count-words.ts';
import type { DraftContent } from '../../drafting/draft-content.ts';
import { inlineText, plainText, type InlineContent } from '../../drafting/inline.ts';
import type { Answer, AnswerMatch, EntryContent, Passage, Question } from './entry-content.ts';
import { findQuestions, type FoundQuestion } from './find-questions.ts';
import {
  flatText,
  sourceOfDraft,
  sourceOfUnits,
  trimInline,
  type Source,
  type SourceParagraph,
} from './source-paragraphs.ts';

/** Shorter passages say too little for their language to be told. */
const fewestWordsOfLanguage = 8;
const longestCoverLine = 160;

/** An imported file. Equal files give equal contents. */
export function collectDocument(document: OutcomeDocument, questions: readonly Question[]): EntryContent {
  return collect(sourceOfUnits(document.units), questions, {
    title: document.title,
    language: document.language,
    isMarked: false,
  });
}

/** The snapshot of a draft. `isOwnTemplate`: the draft was made from the template of these questions. */
export function collectDraft(
  draft: Pick<DraftContent, 'title' | 'language' | 'blocks' | 'footnotes'>,
  questions: readonly Question[],
  { isOwnTemplate }: { readonly isOwnTemplate: boolean },
): EntryContent {
  const content = collect(sourceOfDraft(draft), questions, { ...draft, isMarked: isOwnTemplate });
  if (!isOwnTemplate) return content;
  const known = new Set(questions.map(({ number }) => number));
  // The draft's own question blocks carry the template's numbers; nothing has to be guessed.
  const answers = content.answers.map((answer): Answer => {
    if (!known.has(answer.number)) return answer;
    return { ...answer, match: { questions: [answer.number], by: 'draft', confidence: 1000 } };
  });
  return { ...content, answers };
}

interface Reading {
  readonly title: string;
  readonly language: string;
  /** The source itself says which paragraphs are questions. */
  readonly isMarked: boolean;
}

function collect(source: Source, questions: readonly Question[], { title, language, isMarked }: Reading): EntryContent {
  const paragraphs = source.paragraphs.filter(({ content, marker }) => (marker + flatText(content)).trim() !== '');
  const found = findQuestions(paragraphs, questions, { isMarked });
  const whole = language !== '' && language !== 'und' ? language : detectLanguage(paragraphs.map(wordsOf).join('\n'));
  const starts = found.map(({ at }) => at);
  const front = readCover(paragraphs.slice(0, starts[0] ?? paragraphs.length), found.length > 0, title);
  const parts: Part[] = [];
  if (front.rest.length > 0) parts.push({ question: null, rest: [], paragraphs: front.rest });
  found.forEach((question, index) => {
    const inside = paragraphs.slice(question.end, starts[index + 1] ?? paragraphs.length);
    parts.push({ question, rest: question.rest, paragraphs: inside });
  });
  let sections: readonly string[] = front.sections;
  const answers = parts.map((part, index): Answer => {
    const isLast = index === parts.length - 1;
    const { passages, headingsLeft } = readPassages(part, `${index + 1}`, whole, isLast);
    const answer: Answer = {
      key: `${index + 1}`,
      sections: part.question === null ? [] : sections,
      number: part.question?.number ?? '',
      heading: part.question?.heading ?? '',
      match: part.question?.match ?? unmatched(found.length > 0),
      passages,
    };
    sections = part.question === null ? [...front.sections, ...headingsLeft] : headingsLeft;
    return answer;
  });
  // Readers of plain text take the first heading for the title; one of the call's own headings is none.
  const isSection = questions.some(({ section }) => section !== '' && section === title);
  const ownTitle = isSection ? (front.cover[0] ?? title) : title;
  return { format: 1, title: ownTitle, cover: front.cover, language: whole, answers, footnotes: source.footnotes };
}

interface Part {
  readonly question: FoundQuestion | null;
  /** Text on the question's own line. */
  readonly rest: InlineContent;
  readonly paragraphs: readonly SourceParagraph[];
}

const unmatched = (hasQuestions: boolean): AnswerMatch => ({
  questions: [],
  reason: hasQuestions ? 'before-first-question' : 'no-questions',
  candidates: [],
});

const wordsOf = ({ content }: SourceParagraph): string => plainText(content);

/** Title and addresses at the head of a file; headings right above the first question are its sections. */
function readCover(
  paragraphs: readonly SourceParagraph[],
  hasQuestions: boolean,
  title: string,
): { readonly cover: string[]; readonly sections: string[]; readonly rest: readonly SourceParagraph[] } {
  const isCover = (paragraph: SourceParagraph): boolean => {
    const text = wordsOf(paragraph).trim();
    if (paragraph.role === 'heading' || text === title.trim()) return true;
    if (paragraph.role !== 'paragraph' || paragraph.marker !== '' || text.length > longestCoverLine) return false;
    return isCoverLine(text) || hasHeadingShape(text) || /^[^.!?]{1,40}:\s/u.test(text);
  };
  const end = paragraphs.findIndex((paragraph) => !isCover(paragraph));
  const cover = paragraphs.slice(0, end < 0 ? paragraphs.length : end);
  const rest = end < 0 ? [] : paragraphs.slice(end);
  const last = cover.findLastIndex(({ role }, index) => role !== 'heading' || index === 0);
  const sections = hasQuestions && rest.length === 0 ? cover.slice(last + 1).map(printed) : [];
  return { cover: cover.slice(0, cover.length - sections.length).map(printed), sections, rest };
}

const printed = ({ marker, content }: SourceParagraph): string => `${marker} ${plainText(content)}`.trim();

function readPassages(
  { rest, paragraphs }: Part,
  answer: string,
  language: string,
  isLast: boolean,
): { readonly passages: Passage[]; readonly headingsLeft: readonly string[] } {
  const passages: Passage[] = [];
  let headings: string[] = [];
  let under = '';
  const add = (kind: Passage['kind'], marker: string, content: InlineContent): void => {
    if (headings.length > 0) under = headings.join(' · ');
    headings = [];
    const text = plainText(content);
    const words = countWords(text, language);
    const told = words >= fewestWordsOfLanguage ? detectLanguage(text) : 'und';
    passages.push({
      ...{ key: `${answer}.${passages.length + 1}`, kind, marker, under, content: trimInline(content), words },
      language: told === 'und' ? language : told,
    });
  };
  if (flatText(rest).trim() !== '') add('paragraph', '', rest);
  for (const paragraph of paragraphs) {
    const { role, marker, content } = paragraph;
    if (role === 'heading') headings.push(printed(paragraph));
    else add(role === 'question' ? 'paragraph' : role, marker, content);
  }
  // A heading with nothing under it is text like any other when no answer follows that it could stand above.
  if (isLast) for (const heading of headings.splice(0)) add('paragraph', '', inlineText(heading));
  return { passages, headingsLeft: headings };
}
