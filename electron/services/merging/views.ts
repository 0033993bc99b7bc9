/** What a page sees of a merge: its questions with their progress, its entries with what is to be looked at, the grid. */
import type { EntryView, MergeSummary, MergeView, QuestionView } from '../../../shared/contract/merging/collection.ts';
import type { Author } from '../../../shared/contract/common.ts';
import { countWords } from '../../../shared/drafting/count-words.ts';
import { plainText } from '../../../shared/drafting/inline.ts';
import { isDraftTemplate } from '../../../shared/drafting/templates.ts';
import { delegationKey } from '../../../shared/delegations/directory.ts';
import type { Answer } from '../../../shared/merging/collect/entry-content.ts';
import type { Version } from '../../../shared/records/fold.ts';
import type { RecordId } from '../../../shared/ids.ts';
import type { Circle } from '../circles/circle.ts';
import { expectedIn, rivalsOf } from './collect.ts';
import { isoOf, latestIn, madeBy, textOf, valueOf } from './fields.ts';
import {
  answerInText,
  isCoordinator,
  textOfBlock,
  type EntryState,
  type MergeState,
  type PassageState,
} from './merge-state.ts';
import { knownLanguage, numberOf } from './submissions.ts';

export interface Look {
  /** Entries that this coordinator has looked at. */
  readonly seen: ReadonlySet<string>;
}

const nobody: Author = { person: null, name: '', delegation: '', confirmed: false, me: false };
const excerptLength = 160;

const authorOf = (circle: Circle, version: Version | null): Author =>
  version === null ? nobody : circle.authorOf(version.replica);

/** A passage whose words are new since the earlier submission and whose decision waits to be confirmed or made anew. */
const isToLookAt = ({ row }: PassageState): boolean =>
  row.untreated === 'changed-since' || (row.state === 'untreated' && row.earlier !== null && !row.earlier.isSame);

export function thresholdOf({ state }: MergeState, otherwise: number): number {
  const threshold = valueOf(state, 'threshold');
  return typeof threshold === 'number' ? threshold : otherwise;
}

export function summaryOf(merge: MergeState, defaultThreshold: number): MergeSummary {
  const { circle, state, passages, entries } = merge;
  const latest = [state, ...merge.allEntries.map((entry) => entry.state)]
    .map(latestIn)
    .reduce<Version | null>((a, b) => (a === null || (b !== null && b.at > a.at) ? b : a), null);
  const template = textOf(state, 'template');
  const open = passages.filter(({ row }) => row.state === 'untreated' || row.state === 'disputed');
  const done = state.fields.get('done')?.heads[0];
  const recorded = valueOf(state, 'done') as { note: string; passages: number; entries: number } | null;
  return {
    id: merge.id,
    circle: circle.id,
    circleName: circle.name(),
    title: textOf(state, 'title'),
    template: isDraftTemplate(template) ? template : 'blank',
    language: knownLanguage(textOf(state, 'language')),
    draft: (textOf(state, 'draft') || merge.id) as RecordId,
    threshold: thresholdOf(merge, defaultThreshold),
    ruleSet: textOf(state, 'ruleSet'),
    delegations: new Set(entries.map(({ delegation }) => delegationKey(delegation))).size,
    entries: entries.length,
    passages: passages.length,
    untreated: open.filter(({ row }) => row.state === 'untreated').length,
    disputed: open.filter(({ row }) => row.state === 'disputed').length,
    done:
      recorded === null || done === undefined
        ? null
        : {
            by: circle.authorOf(done.replica),
            at: isoOf(done.at),
            note: recorded.note,
            stands: open.length === 0 && recorded.passages === passages.length && recorded.entries === entries.length,
          },
    mayCoordinate: isCoordinator(circle, state, circle.replica),
    changedAt: isoOf(latest?.at),
    changedBy: authorOf(circle, latest),
    removed: state.removed,
    sample: valueOf(state, 'sample') === true,
  };
}

export function questionViews(merge: MergeState): QuestionView[] {
  const language = textOf(merge.state, 'language');
  return merge.questions.map(({ number, text, texts, section }) => {
    const inside = merge.passages.filter(({ questions }) => questions.includes(number));
    const standing = inside.filter(({ row }) => row.state !== 'superseded' && row.state !== 'withdrawn');
    const { asked, blocks } = answerInText(merge, number);
    const answer = blocks.map(textOfBlock).join('\n');
    const block = merge.draft?.blocks.find(({ id }) => id === asked);
    return {
      ...{ key: number, number, section },
      text: texts?.[language] ?? text,
      wordLimit: block?.style.kind === 'question' ? (block.style.wordLimit ?? null) : null,
      answered: new Set(standing.map(({ entry }) => delegationKey(entry.delegation))).size,
      passages: inside.length,
      untreated: inside.filter(({ row }) => row.state === 'untreated').length,
      disputed: inside.filter(({ row }) => row.state === 'disputed').length,
      words: countWords(answer, language),
      openBrackets: answer.split('[').length - 1,
      block: asked,
    };
  });
}

export function entryView(merge: MergeState, entry: EntryState, look: Look): EntryView {
  const { circle } = merge;
  const { state, source, content } = entry;
  const inside = merge.passages.filter((each) => each.entry.id === entry.id);
  const made = madeBy(circle.fold, state);
  const successor = merge.entries.find((other) => other.replaces === entry.id);
  const submission = source.kind === 'submission' ? circle.fold.record(source.submission) : null;
  return {
    id: entry.id,
    delegation: entry.delegation,
    date: textOf(state, 'date'),
    version: textOf(state, 'version'),
    language: entry.language,
    title: content.title,
    source:
      source.kind === 'submission'
        ? { kind: 'submission', submission: source.submission, number: submission === null ? 0 : numberOf(submission) }
        : { kind: 'file', fileName: source.fileName, hash: source.hash },
    addedBy: authorOf(circle, made),
    addedAt: isoOf(made?.at),
    replaces: entry.replaces,
    replacedBy: successor?.id ?? null,
    withdrawn: entry.withdrawn,
    removed: entry.removed,
    reading: entry.reading,
    words: content.answers.flatMap(({ passages }) => passages).reduce((sum, { words }) => sum + words, 0),
    passages: content.answers.reduce((sum, { passages }) => sum + passages.length, 0),
    untreated: inside.filter(({ row }) => row.state === 'untreated').length,
    toLookAt: inside.filter(isToLookAt).length,
    isNew: !look.seen.has(entry.id),
    answers: content.answers.map((answer) => answerView(answer, entry)),
    problems: problemsOf(merge, entry),
  };
}

function answerView(answer: Answer, entry: EntryState): EntryView['answers'][number] {
  const byHand = entry.assigned[answer.key];
  const { match } = answer;
  const text = answer.passages.map(({ content }) => plainText(content)).join(' ');
  return {
    ...{ key: answer.key, number: answer.number, heading: answer.heading },
    questions: [...(byHand ?? match.questions)],
    byHand: byHand !== undefined,
    how: byHand !== undefined ? '' : 'by' in match ? match.by : match.reason,
    candidates: 'candidates' in match ? [...match.candidates] : [],
    confidence: 'confidence' in match ? match.confidence : 0,
    words: answer.passages.reduce((sum, { words }) => sum + words, 0),
    passages: answer.passages.length,
    excerpt: text.length <= excerptLength ? text : `${text.slice(0, excerptLength).trimEnd()}…`,
  };
}

type Problem = EntryView['problems'][number];

function problemsOf(merge: MergeState, entry: EntryState): Problem[] {
  const problems: Problem[] = [];
  const add = (code: Problem['code'], message: string, data: Record<string, string> = {}): void =>
    void problems.push({ code, message, data });
  const expected = textOf(merge.state, 'language');
  if (entry.reading === 'undecided') {
    add(
      'tracked-changes',
      'This file has tracked changes. Say whether the text counts as proposed or as it was before.',
    );
  }
  if (entry.language === 'und' || entry.language === '')
    add('language-unknown', 'The language of this text is not known.');
  else if (entry.language !== expected) {
    const data = { language: entry.language, expected };
    add('wrong-language', `This text is in another language (${entry.language}) than the merge (${expected}).`, data);
  }
  for (const answer of entry.content.answers) {
    const asked = entry.assigned[answer.key] ?? answer.match.questions;
    const name = answer.heading || answer.number || answer.key;
    const everyByHand = answer.passages.every(({ key }) => (entry.assigned[key] ?? []).length > 0);
    const isWaiting = asked.length === 0 && entry.assigned[answer.key] === undefined && !everyByHand;
    if (answer.passages.length === 0) {
      add('empty-answer', `The answer "${name}" is empty.`, { answer: answer.key, questions: asked.join(' ') });
    } else if (isWaiting && merge.questions[0]?.number !== '0') {
      add('unmatched-answer', `"${name}" answers none of the questions yet.`, { answer: answer.key });
    }
  }
  const rivals = rivalsOf(merge, entry);
  if (rivals.length > 0) {
    const message = `There is another text of ${entry.delegation} on the same questions. Say which is the later one, or give one of them another name.`;
    add('same-delegation', message, { delegation: entry.delegation, others: rivals.map(({ id }) => id).join(' ') });
  }
  if (entry.delegation === '')
    add('same-delegation', 'Whose text this is has not been said.', { delegation: '', others: '' });
  if (entry.withdrawn !== null) add('withdrawn', 'This text was withdrawn.', { reason: entry.withdrawn });
  if (entry.state.removalContested) add('contested', 'Somebody took this text out while somebody else worked on it.');
  const { source } = entry;
  const submission = source.kind === 'submission' ? merge.circle.fold.record(source.submission) : null;
  if (submission !== null) {
    const author = merge.circle.authorOf(submission.creator);
    if (!author.confirmed || delegationKey(author.delegation) !== delegationKey(textOf(submission, 'delegation'))) {
      add('delegation-unconfirmed', 'Nobody has confirmed yet that the sender speaks for this delegation.', {
        name: author.name,
      });
    }
  }
  return problems;
}

export function gridOf(merge: MergeState, look: Look): MergeView['grid'] {
  const rows = Map.groupBy(merge.entries, ({ delegation, id }) => delegationKey(delegation) || id);
  return [...rows.values()].map((entries) => {
    const ids = new Set(entries.map(({ id }) => id));
    const inside = merge.passages.filter(({ entry }) => ids.has(entry.id));
    const standing = inside.filter(({ row }) => row.state !== 'superseded' && row.state !== 'withdrawn');
    const current = entries.filter(({ withdrawn }) => withdrawn === null);
    return {
      delegation: entries[0]!.delegation,
      entries: [...ids],
      language: current.at(-1)?.language ?? entries[0]!.language,
      cells: merge.questions.map(({ number }) => {
        const passages = standing.filter(({ questions }) => questions.includes(number));
        const isAsked = current.some((entry) =>
          entry.content.answers.some((answer) =>
            (entry.assigned[answer.key] ?? answer.match.questions).includes(number),
          ),
        );
        return {
          question: number,
          state: passages.length > 0 ? ('answered' as const) : isAsked ? ('empty' as const) : ('missing' as const),
          words: passages.reduce((sum, { passage }) => sum + passage.words, 0),
          passages: passages.length,
          untreated: passages.filter(({ row }) => row.state === 'untreated').length,
          isNew: passages.some(({ entry }) => !look.seen.has(entry.id)),
          toLookAt: passages.filter(isToLookAt).length,
        };
      }),
    };
  });
}

export function missingIn(merge: MergeState): { readonly expected: string[]; readonly missing: string[] } {
  const expected = expectedIn(merge);
  const heard = new Set(
    merge.entries.filter(({ withdrawn }) => withdrawn === null).map(({ delegation }) => delegationKey(delegation)),
  );
  return { expected, missing: expected.filter((name) => !heard.has(delegationKey(name))) };
}

const settled = ['title', 'threshold', 'ruleSet', 'draft', 'language', 'expected'] as const;

export function conflictsOf({ circle, state }: MergeState): MergeView['conflicts'] {
  return settled.flatMap((field) => {
    const values = state.fields.get(field)?.values ?? [];
    if (values.length < 2) return [];
    const versions = values.map(({ value, versions: of }) => ({
      value: typeof value === 'string' ? value : JSON.stringify(value),
      author: circle.authorOf(of[0]!.replica),
      at: isoOf(of[0]!.at),
      heads: of.map(({ id }) => id),
    }));
    return [{ field, versions }];
  });
}
