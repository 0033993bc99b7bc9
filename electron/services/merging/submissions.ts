/**
 * Submitting: a delegate's side of merging. A submission is a record of the wider circle that is written once; which draft
 * it was made from stands in the draft's own circle alone.
 */
import type { ServiceImplementation } from '../../../shared/contract/contract.ts';
import type { DraftView } from '../../../shared/contract/drafts.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { mergingContract } from '../../../shared/contract/merging.ts';
import type { SubmissionView } from '../../../shared/contract/merging/submissions.ts';
import type { CircleId, DocumentId, Json, RecordId } from '../../../shared/ids.ts';
import { plainText } from '../../../shared/drafting/inline.ts';
import { isDraftTemplate } from '../../../shared/drafting/templates.ts';
import type { SubmissionContent } from '../../../shared/merging/submission-content.ts';
import type { RecordState } from '../../../shared/records/fold.ts';
import type { Circle } from '../circles/circle.ts';
import { unsettledIn } from '../drafts/widen.ts';
import type { MergingDependencies } from './dependencies.ts';
import { differenceOfTexts } from './ledger-view.ts';
import { idOf, isoOf, setting, textOf, valueOf } from './fields.ts';
import { answersOf, fingerprintOf, isAnswering, snapshotOf, wordsIn, type Snapshot } from './submission-snapshot.ts';

type Service = ServiceImplementation<typeof mergingContract>;
export type SubmissionOperations = Pick<
  Service,
  'previewSubmission' | 'submit' | 'submissions' | 'readSubmission' | 'withdrawSubmission' | 'restoreSubmission'
>;

export interface Submissions {
  readonly operations: SubmissionOperations;
  view(circle: Circle, state: RecordState): Promise<SubmissionView>;
}

const languages: readonly string[] = ['ar', 'zh', 'en', 'fr', 'ru', 'es'];
export const knownLanguage = (language: string): SubmissionView['language'] =>
  (languages.includes(language) ? language : 'en') as SubmissionView['language'];

const fingerprintLength = 8;

export function contentOf(state: RecordState): SubmissionContent {
  return (valueOf(state, 'content') as unknown as SubmissionContent | null) ?? { blocks: [], footnotes: {} };
}

/** Keys of the questions that have words under them. */
export function answeredIn(content: Pick<SubmissionContent, 'blocks'>): string[] {
  return answersOf(content.blocks)
    .filter(({ key, blocks }) => key !== null && blocks.some((block) => hasWords(block)))
    .map(({ key }) => key!);
}

const hasWords = ({ content, table }: SubmissionContent['blocks'][number]): boolean =>
  plainText(content).trim() !== '' || Object.values(table?.cells ?? {}).some((cell) => plainText(cell).trim() !== '');

export function createSubmissions(deps: MergingDependencies): Submissions {
  const { circles, drafts, received } = deps;

  function holding(id: RecordId): { readonly circle: Circle; readonly state: RecordState } {
    const circle = circles.holding(id);
    const state = circle?.fold.record(id);
    if (!circle || state?.type !== 'submission') {
      throw new WorkbenchError('not-found', 'There is no such submission.', { submission: id });
    }
    return { circle, state };
  }

  function linksOf(draft: RecordId): RecordId[] {
    const circle = circles.holding(draft);
    const links = circle?.fold.children('submission-link', draft) ?? [];
    return links.flatMap((link) => idOf(link, 'submission') ?? []);
  }

  function draftOf(submission: RecordId): RecordId | null {
    for (const circle of circles.all()) {
      const link = circle.fold
        .recordsOfType('submission-link')
        .find((each) => valueOf(each, 'submission') === submission);
      if (link !== undefined) return idOf(link, 'draft');
    }
    return null;
  }

  async function receivedBy(circle: Circle, state: RecordState): Promise<SubmissionView['receivedBy']> {
    const change = state.fields.get('content')?.heads[0]?.change;
    const maker = circle.fold.personOf(state.creator);
    const others = circle.fold.recordsOfType('person').filter(({ id }) => id !== maker);
    return Promise.all(
      others.map(async (person) => {
        const isMe = person.id === circle.person;
        const answer = isMe || change === undefined ? null : await received(circle.id, person.id, change);
        return {
          ...{ person: person.id, name: textOf(person, 'name'), delegation: textOf(person, 'delegation') },
          has: isMe ? true : (answer?.has ?? null),
          at: answer?.at === null || answer === null ? null : isoOf(answer.at),
        };
      }),
    );
  }

  async function view(circle: Circle, state: RecordState): Promise<SubmissionView> {
    const content = contentOf(state);
    const language = knownLanguage(textOf(state, 'language'));
    const head = state.fields.get('content')?.heads[0];
    const all = circle.fold.recordsOfType('submission', { withRemoved: true });
    const later = all.find((each) => valueOf(each, 'supersedes') === state.id && isOfOne(circle, each, state));
    const withdrawn = state.fields.get('withdrawn')?.heads[0];
    const template = textOf(state, 'template');
    const number = valueOf(state, 'number');
    const author = circle.authorOf(state.creator);
    return {
      id: state.id,
      circle: circle.id,
      circleName: circle.name(),
      author,
      at: isoOf(head?.at),
      delegation: textOf(state, 'delegation'),
      number: typeof number === 'number' ? number : 0,
      title: textOf(state, 'title'),
      template: isDraftTemplate(template) ? template : 'blank',
      language,
      words: wordsIn(content.blocks, language),
      questions: answeredIn(content),
      fingerprint: fingerprintOf(content).slice(0, fingerprintLength),
      supersedes: idOf(state, 'supersedes'),
      supersededBy: later?.id ?? null,
      withdrawn:
        withdrawn?.value === undefined || withdrawn.value === null
          ? null
          : { reason: textOf(state, 'withdrawn'), at: isoOf(withdrawn.at) },
      mine: author.me,
      draft: draftOf(state.id),
      receivedBy: await receivedBy(circle, state),
      merges: circle.fold
        .recordsOfType('merge-entry')
        .filter((entry) => (valueOf(entry, 'source') as { submission?: unknown } | null)?.submission === state.id)
        .flatMap((entry) => idOf(entry, 'merge') ?? []),
    };
  }

  /** The circle's last submission of a draft that stands. */
  function previousOf(circle: Circle, draft: RecordId): RecordState | null {
    const own = linksOf(draft)
      .map((id) => circle.fold.record(id))
      .filter((state) => state !== null && state.type === 'submission' && !isWithdrawn(state));
    return own.reduce<RecordState | null>((a, b) => (a === null || numberOf(b!) > numberOf(a) ? b : a), null);
  }

  function snapshot(source: Circle, circle: Circle, view_: DraftView, questions: readonly string[] | undefined) {
    if (circle.personal) {
      throw new WorkbenchError(
        'invalid-state',
        'A submission goes to a circle of several people; this one is yours alone.',
      );
    }
    if (source.id === circle.id && circle.personal) {
      throw new WorkbenchError('invalid-input', 'The draft is in that circle already.');
    }
    const shared = new Set(circle.fold.recordsOfType('document').map((each) => valueOf(each, 'document')));
    return snapshotOf(view_, questions ?? null, {
      hasDocument: (document: DocumentId) => shared.has(document),
      newId: () => circle.newId(),
    });
  }

  async function read(draft: RecordId, circleId: CircleId, questions: readonly string[] | undefined) {
    const source = circles.holding(draft);
    if (source === undefined) throw new WorkbenchError('not-found', 'There is no such draft.', { draft });
    const circle = circles.get(circleId);
    await drafts.commitTyped(draft);
    const draftView = await drafts.read(draft);
    return { source, circle, draftView, made: snapshot(source, circle, draftView, questions) };
  }

  function isSame(previous: RecordState | null, { content }: Snapshot, title: string): boolean {
    if (previous === null) return false;
    return fingerprintOf(contentOf(previous)) === fingerprintOf(content) && textOf(previous, 'title') === title;
  }

  const operations: SubmissionOperations = {
    previewSubmission: async ({ draft, circle: id, questions }) => {
      const { circle, draftView, made } = await read(draft, id, questions);
      const previous = previousOf(circle, draft);
      const { language } = draftView.summary;
      return {
        title: draftView.title.value,
        questions: answersOf(draftView.blocks)
          .filter(({ key }) => key !== null)
          .map(({ key, asked, blocks }) => {
            const { style, content } = asked!;
            return {
              ...{ key: key!, number: style.kind === 'question' ? style.number : '', text: plainText(content) },
              words: wordsIn(
                blocks.map((block) => ({ style: block.style, content: block.content })),
                language,
              ),
              limit: style.kind === 'question' ? (style.wordLimit ?? null) : null,
            };
          }),
        words: wordsIn(made.content.blocks, language),
        unsettled: unsettledIn(draftView),
        remarks: [...made.remarks],
        previous: previous === null ? null : await view(circle, previous),
        changed: !isSame(previous, made, draftView.title.value),
      };
    },

    submit: async ({ draft, circle: id, questions }) => {
      const { source, circle, draftView, made } = await read(draft, id, questions);
      const unsettled = unsettledIn(draftView);
      if (unsettled > 0) {
        throw new WorkbenchError(
          'invalid-state',
          `This draft has ${unsettled} ${unsettled === 1 ? 'place' : 'places'} with several versions. Settle them first; only then can it be submitted.`,
          { unsettled },
        );
      }
      if (!made.content.blocks.some((block) => isAnswering(block) && hasWords(block))) {
        throw new WorkbenchError('invalid-state', 'There are no words to submit yet.');
      }
      const previous = previousOf(circle, draft);
      if (isSame(previous, made, draftView.title.value)) {
        throw new WorkbenchError(
          'invalid-state',
          'Nothing has changed since this draft was last submitted to that circle.',
          { submission: previous!.id },
        );
      }
      const record = circle.newId();
      const mine = circle.fold
        .recordsOfType('submission', { withRemoved: true })
        .filter((each) => circle.authorOf(each.creator).me);
      const fields: Record<string, Json | undefined> = {
        delegation: circle.authorOf(circle.replica).delegation,
        number: Math.max(0, ...mine.map(numberOf)) + 1,
        title: draftView.title.value,
        template: draftView.summary.template,
        language: draftView.summary.language,
        content: made.content as unknown as Json,
        // Answers sent one by one stand beside each other; what covers all of the earlier takes its place.
        supersedes: previous !== null && covers(made.content, contentOf(previous)) ? previous.id : undefined,
      };
      await circle.write(setting(circle, record, 'submission', fields));
      const link = source.newId();
      await source.write(setting(source, link, 'submission-link', { draft, circle: circle.id, submission: record }));
      return view(circle, circle.fold.record(record)!);
    },

    submissions: async ({ circle: id, draft }) => {
      const from = id === undefined ? circles.all() : [circles.get(id)];
      const wanted = draft === undefined ? null : new Set(linksOf(draft));
      const found = from.flatMap((circle) =>
        circle.fold
          .recordsOfType('submission', { withRemoved: true })
          .filter((state) => wanted === null || wanted.has(state.id))
          .map((state) => ({ circle, state })),
      );
      const views = await Promise.all(found.map(({ circle, state }) => view(circle, state)));
      return { submissions: views.sort((a, b) => (a.at < b.at ? 1 : -1)) };
    },

    readSubmission: async ({ submission }) => {
      const { circle, state } = holding(submission);
      const content = contentOf(state);
      const earlierId = idOf(state, 'supersedes');
      const earlier = earlierId === null ? null : circle.fold.record(earlierId);
      return {
        submission: await view(circle, state),
        blocks: content.blocks.map(({ style, content: words, table }) => ({
          ...{ style, content: words },
          text: [plainText(words), ...Object.values(table?.cells ?? {}).map((cell) => plainText(cell))]
            .join('\n')
            .trim(),
        })),
        difference: earlier === null || earlier.type !== 'submission' ? [] : differences(contentOf(earlier), content),
      };
    },

    withdrawSubmission: async ({ submission, reason }) => {
      const { circle, state } = holding(submission);
      await circle.write(setting(circle, state.id, 'submission', { withdrawn: reason.toWellFormed() }));
      return view(circle, circle.fold.record(submission)!);
    },

    restoreSubmission: async ({ submission }) => {
      const { circle, state } = holding(submission);
      await circle.write(setting(circle, state.id, 'submission', { withdrawn: null }));
      return view(circle, circle.fold.record(submission)!);
    },
  };

  return { operations, view };
}

export function numberOf(state: RecordState): number {
  const number = valueOf(state, 'number');
  return typeof number === 'number' ? number : 0;
}

export function isWithdrawn(state: RecordState): boolean {
  return valueOf(state, 'withdrawn') !== null;
}

/** A submission takes the place of another only if the same person sent both. */
export function isOfOne(circle: Circle, a: RecordState, b: RecordState): boolean {
  if (a.creator === b.creator) return true;
  const person = circle.fold.personOf(a.creator);
  return person !== null && person === circle.fold.personOf(b.creator);
}

function covers(later: SubmissionContent, earlier: SubmissionContent): boolean {
  const asked = (content: SubmissionContent): string[] => answersOf(content.blocks).flatMap(({ key }) => key ?? []);
  const now = new Set(asked(later));
  return asked(earlier).every((key) => now.has(key));
}

function differences(before: SubmissionContent, after: SubmissionContent) {
  const textsOf = (content: SubmissionContent): Map<string, string> => {
    const texts = new Map<string, string>();
    for (const { key, blocks } of answersOf(content.blocks)) {
      const text = blocks.map((block) => plainText(block.content)).join('\n');
      texts.set(key ?? '', [texts.get(key ?? ''), text].filter((each) => each !== undefined).join('\n'));
    }
    return texts;
  };
  const [old, now] = [textsOf(before), textsOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((question) => old.get(question) !== now.get(question))
    .map((question) => ({ question, difference: differenceOfTexts(old.get(question) ?? '', now.get(question) ?? '') }));
}
