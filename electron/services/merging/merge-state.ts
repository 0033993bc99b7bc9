/**
 * A merge as it is here and now: its entries, the decisions about their passages, the common text, and what follows from
 * all of it. Read from the fold when asked for and kept until something in the circle changes.
 */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { DraftView } from '../../../shared/contract/drafts.ts';
import type { CircleId, RecordId } from '../../../shared/ids.ts';
import { bracketVersions } from '../../../shared/drafting/bracket-versions.ts';
import { concatInline, inlineText, plainText, type InlineContent } from '../../../shared/drafting/inline.ts';
import { templateOf } from '../../../shared/drafting/templates.ts';
import type {
  Answer,
  Assignments,
  EntryContent,
  Passage,
  Question,
} from '../../../shared/merging/collect/entry-content.ts';
import { questionsOfPassage } from '../../../shared/merging/collect/entry-content.ts';
import { questionsOfTemplate } from '../../../shared/merging/collect/questions.ts';
import { commonTextOf } from '../../../shared/merging/ledger/common-text.ts';
import { deriveLedger } from '../../../shared/merging/ledger/ledger.ts';
import type { CommonText, LedgerEntry, LedgerRow, Treatment } from '../../../shared/merging/ledger/ledger-model.ts';
import type { EntrySource } from '../../../shared/merging/submission-content.ts';
import type { FieldState, RecordState } from '../../../shared/records/fold.ts';
import type { Circle, Circles } from '../circles/circle.ts';
import type { DraftsService } from '../drafts/drafts-service.ts';
import { idOf, listOf, textOf, valueOf } from './fields.ts';
import { answersOf } from './submission-snapshot.ts';

export interface PassageState {
  readonly entry: EntryState;
  readonly answer: Answer;
  readonly passage: Passage;
  /** Keys of the questions it answers. */
  readonly questions: readonly string[];
  readonly row: LedgerRow;
}

export interface EntryState {
  readonly id: RecordId;
  readonly state: RecordState;
  readonly delegation: string;
  readonly language: string;
  readonly source: EntrySource;
  /** Null where the file has no tracked changes. */
  readonly reading: 'proposed' | 'original' | 'undecided' | null;
  /** In the reading that counts; as proposed until a person has said which. */
  readonly content: EntryContent;
  readonly proposed: EntryContent;
  readonly original: EntryContent | null;
  readonly replaces: RecordId | null;
  readonly withdrawn: string | null;
  readonly removed: boolean;
  readonly assigned: Assignments;
}

export interface MergeState {
  readonly circle: Circle;
  readonly state: RecordState;
  readonly id: RecordId;
  readonly questions: readonly Question[];
  /** Removed ones too. */
  readonly allEntries: readonly EntryState[];
  readonly entries: readonly EntryState[];
  readonly passages: readonly PassageState[];
  /** Null where the draft is not here (yet). */
  readonly draft: DraftView | null;
  readonly common: CommonText;
  readonly ledgerEntries: readonly (LedgerEntry & { readonly assigned: Assignments })[];
  readonly rows: readonly LedgerRow[];
  /** The question that a block of the common text stands under. */
  readonly questionOf: ReadonlyMap<RecordId, string>;
  find(entry: RecordId, passage: string): PassageState;
}

export interface MergeReader {
  read(merge: RecordId): Promise<MergeState>;
  /** The merge that an entry, a silence procedure or a stance belongs to. */
  holding(record: RecordId, type: string): { readonly circle: Circle; readonly state: RecordState };
  dispose(): void;
}

const emptyContent: EntryContent = { format: 1, title: '', cover: [], language: 'und', answers: [], footnotes: {} };

/** A template without questions asks one thing: for the text as a whole. */
const wholeText: Question = { number: '0', text: '', section: '' };

export function questionsOf(template: string): readonly Question[] {
  const questions = questionsOfTemplate(templateOf(template));
  return questions.length === 0 ? [wholeText] : questions;
}

export function createMergeReader(circles: Circles, drafts: DraftsService): MergeReader {
  const kept = new Map<RecordId, { readonly circle: CircleId; readonly state: Promise<MergeState> }>();

  function holding(record: RecordId, type: string): { readonly circle: Circle; readonly state: RecordState } {
    const circle = circles.holding(record);
    const state = circle?.fold.record(record);
    if (!circle || state?.type !== type) throw new WorkbenchError('not-found', `There is no such ${type}.`, { record });
    return { circle, state };
  }

  async function make(merge: RecordId): Promise<MergeState> {
    const { circle, state } = holding(merge, 'merge');
    const draftId = idOf(state, 'draft');
    const draft = draftId !== null && circle.fold.record(draftId)?.type === 'draft' ? await drafts.read(draftId) : null;
    return mergeState(circle, circle.fold.record(merge)!, draft);
  }

  const stop = circles.onChanged(({ circle }) => {
    for (const [merge, entry] of kept) if (entry.circle === circle) kept.delete(merge);
  });

  return {
    holding,
    read(merge) {
      const known = kept.get(merge);
      if (known !== undefined) return known.state;
      const { circle } = holding(merge, 'merge');
      const state = make(merge);
      kept.set(merge, { circle: circle.id, state });
      state.catch(() => kept.delete(merge));
      return state;
    },
    dispose: stop,
  };
}

/** Whoever made the merge, and the circle's administrators: what others put under it is no part of it. */
export function isCoordinator(circle: Circle, merge: RecordState, replica: RecordState['creator']): boolean {
  return circle.fold.mayWrite(replica, merge.id, 'merge', 'title');
}

function mergeState(circle: Circle, state: RecordState, draft: DraftView | null): MergeState {
  const questions = questionsOf(textOf(state, 'template'));
  const allEntries = circle.fold
    .children('merge-entry', state.id, { withRemoved: true })
    .filter((entry) => isCoordinator(circle, state, entry.creator))
    .map((entry) => entryState(circle, entry))
    .sort(byDelegation);
  const entries = allEntries.filter((entry) => !entry.removed);
  const common = commonText(circle, draft);
  const ledgerEntries = entries.map(ledgerEntry);
  const rows = deriveLedger(ledgerEntries, common);
  const byRef = new Map(rows.map((row) => [`${row.entry}/${row.passage}`, row]));
  const passages = entries.flatMap((entry) =>
    entry.content.answers.flatMap((answer) =>
      answer.passages.map((passage): PassageState => {
        const asked = questionsOfPassage(answer, passage, entry.assigned);
        const only = questions[0] === wholeText ? [wholeText.number] : asked;
        return { entry, answer, passage, questions: only, row: byRef.get(`${entry.id}/${passage.key}`)! };
      }),
    ),
  );
  const known = new Map(passages.map((each) => [`${each.entry.id}/${each.passage.key}`, each]));
  return {
    ...{ circle, state, id: state.id, questions, allEntries, entries, passages, draft, common, ledgerEntries, rows },
    questionOf: questionsOfBlocks(draft, questions),
    find(entry, passage) {
      const found = known.get(`${entry}/${passage}`);
      if (found === undefined) {
        throw new WorkbenchError('not-found', 'This merge has no such passage.', { entry, passage });
      }
      return found;
    },
  };
}

function byDelegation(a: EntryState, b: EntryState): number {
  return a.delegation.localeCompare(b.delegation, 'en') || (a.id < b.id ? -1 : 1);
}

function entryState(circle: Circle, state: RecordState): EntryState {
  const source = (valueOf(state, 'source') ?? { kind: 'file', hash: '', fileName: '' }) as unknown as EntrySource;
  const proposed = (valueOf(state, 'content') ?? emptyContent) as unknown as EntryContent;
  const original = valueOf(state, 'original') as unknown as EntryContent | null;
  const wanted = textOf(state, 'reading');
  const reading =
    original === null ? null : wanted === 'proposed' || wanted === 'original' ? wanted : ('undecided' as const);
  const submission = source.kind === 'submission' ? circle.fold.record(source.submission) : null;
  const withdrawn = valueOf(state, 'withdrawn') ?? (submission === null ? null : valueOf(submission, 'withdrawn'));
  const assigned: Record<string, readonly string[]> = {};
  for (const field of state.fields.keys()) {
    if (field.startsWith('question:') && valueOf(state, field) !== null) {
      assigned[field.slice('question:'.length)] = listOf(state, field);
    }
  }
  return {
    ...{ id: state.id, state, source, reading, proposed, original, assigned },
    delegation: textOf(state, 'delegation'),
    language: textOf(state, 'language') || proposed.language,
    content: reading === 'original' ? original! : proposed,
    replaces: idOf(state, 'replaces'),
    withdrawn: typeof withdrawn === 'string' ? withdrawn : null,
    removed: state.removed,
  };
}

/** The decisions that stand for a passage; several of different value are a dispute. */
export function decisionsOf(entry: EntryState, passage: string): FieldState | undefined {
  return entry.state.fields.get(`treatment:${passage}`);
}

function ledgerEntry(entry: EntryState): LedgerEntry & { readonly assigned: Assignments } {
  const treatments: Record<string, (Treatment | null)[]> = {};
  const seen: string[] = [];
  for (const [field, state] of entry.state.fields) {
    if (field.startsWith('treatment:')) {
      const decided = state.values.map(({ value }) => value as unknown as Treatment | null);
      treatments[field.slice('treatment:'.length)] = decided;
    }
    if (field.startsWith('seen:') && valueOf(entry.state, field) === true) seen.push(field.slice('seen:'.length));
  }
  const { id, delegation, content, replaces, withdrawn, assigned } = entry;
  // Nothing is decided about a text before it is known which of its two readings counts.
  const standing = entry.reading === 'undecided' ? {} : treatments;
  return { id, delegation, content, replaces, withdrawn, seen, assigned, treatments: standing };
}

/** What a block reads as in an export: of unsettled versions all, in brackets; of a table its rows. */
export function contentOfBlock(block: DraftView['blocks'][number]): InlineContent {
  const content = block.textConflict === null ? block.content : bracketVersions(block.textConflict.versions);
  const { table } = block;
  if (table === null) return content;
  const rows = table.rows.map((row) =>
    concatInline(
      ...table.columns.flatMap((column, index): InlineContent[] => [
        inlineText(index === 0 ? '' : ' | '),
        table.cells[`${row.id}:${column.id}`]?.content ?? [],
      ]),
    ),
  );
  return concatInline(content, ...rows.flatMap((row): InlineContent[] => [[{ t: 'break' }], row]));
}

/** Questions and the headings above them are the template's, not the common text. */
export function isOfText({ style }: DraftView['blocks'][number]): boolean {
  return style.kind !== 'question' && style.kind !== 'section';
}

function commonText(circle: Circle, draft: DraftView | null): CommonText {
  if (draft === null) return { blocks: [], moved: new Map() };
  const blocks = draft.blocks.filter(isOfText).map((block) => ({ id: block.id, content: contentOfBlock(block) }));
  return commonTextOf(circle.fold, draft.summary.id, blocks);
}

function questionsOfBlocks(draft: DraftView | null, questions: readonly Question[]): Map<RecordId, string> {
  const of = new Map<RecordId, string>();
  if (draft === null) return of;
  const isWhole = questions[0] === wholeText;
  for (const { key, blocks } of answersOf(draft.blocks)) {
    for (const block of blocks) if (isWhole || key !== null) of.set(block.id, isWhole ? wholeText.number : key!);
  }
  return of;
}

/** The block after which the answer to a question begins, and the blocks of the answer. */
export function answerInText(merge: MergeState, question: string) {
  const blocks = merge.draft?.blocks ?? [];
  const part = answersOf(blocks).find(({ key }) => key === question);
  if (part !== undefined) return { asked: part.asked?.id ?? null, blocks: part.blocks };
  return { asked: null, blocks: question === wholeText.number ? blocks : [] };
}

export const textOfBlock = (block: DraftView['blocks'][number]): string => plainText(contentOfBlock(block));
