/**
 * A merge in memory for looking at its page: twelve delegations (or as many as asked for) on eleven questions. Decisions
 * change what is shown and nothing is derived; the real thing is `electron/services/merging`.
 */
import type { EventSink, Services } from '../../shared/contract/contract.ts';
import { mergingContract } from '../../shared/contract/merging.ts';
import type { MergeView } from '../../shared/contract/merging/collection.ts';
import type { LedgerRow } from '../../shared/contract/merging/ledger-row.ts';
import { passageStates, type PassageState } from '../../shared/contract/merging/passages.ts';
import type { DraftView } from '../../shared/contract/drafts.ts';
import { WorkbenchError } from '../../shared/contract/errors.ts';
import { plainText } from '../../shared/drafting/inline.ts';
import type { CircleId, RecordId } from '../../shared/ids.ts';
import { fakeAgreement } from './fake-merge-agreement.ts';
import {
  at,
  blockOf,
  blocksInTemplate,
  changedOf,
  delegationsOf,
  draft,
  draftView,
  emptyBlocks,
  id,
  me,
  mergeId,
  other,
  questions,
  untreatedRows,
  wordings,
} from './fake-merge-content.ts';

export function createFakeMerging(
  events: EventSink,
  crowd: number,
): { merging: Services['merging']; openDraft: (draft: RecordId) => DraftView | null } {
  const delegations = delegationsOf(crowd);
  const blocks = emptyBlocks();
  const rows = untreatedRows(crowd);
  const put = (refs: readonly { entry: RecordId; passage: string }[], change: Partial<LedgerRow>): LedgerRow[] => {
    const keys = new Set(refs.map((ref) => `${ref.entry}/${ref.passage}`));
    const changed: LedgerRow[] = [];
    for (const [index, row] of rows.entries()) {
      if (!keys.has(`${row.entry}/${row.passage}`)) continue;
      rows[index] = { ...row, untreated: '', decidedBy: me, decidedAt: at, ...change };
      changed.push(rows[index]);
    }
    events.emit('merging', 'changed', { merge: mergeId, parts: ['summary', 'ledger', 'entries'] });
    return changed;
  };
  const waiting = (row: LedgerRow): boolean => row.state === 'untreated' || row.state === 'disputed';
  let made = 500;
  const insert = (question: string, text: string): RecordId => {
    const block = id('b', (made += 1));
    const head = blocks.findIndex(({ style }) => style.kind === 'question' && style.number === question);
    let end = head + 1;
    while (blocks[end] && blocks[end]!.style.kind === 'paragraph') end += 1;
    blocks.splice(end, 0, blockOf(block, { kind: 'paragraph' }, text));
    events.emit('drafts', 'changed', { ...changedOf(view()), draft });
    return block;
  };
  const view = (): DraftView => draftView(blocks);
  const find = (ref: { entry: RecordId; passage: string }): LedgerRow =>
    rows.find((row) => row.entry === ref.entry && row.passage === ref.passage)!;

  put(
    rows.filter((row) => row.passage.startsWith('1.')),
    { state: 'used-unchanged', blocks: [insert('1', wordings[0]![0]![0])] },
  );
  put(
    rows.filter((row) => row.passage === '3.3'),
    { state: 'used-unchanged', blocks: [insert('3', wordings[2]![0]![0])] },
  );
  put(
    rows.filter((row) => row.passage === '3.2'),
    {
      state: 'bracketed',
      blocks: [
        insert(
          '3',
          '[Decisions rest with governments, after hearing all stakeholders.] [Decisions are prepared together with all stakeholders.]',
        ),
      ],
    },
  );
  put(
    rows.filter((row) => row.passage === '2.4'),
    { state: 'set-aside', reason: 'A national matter' },
  );
  put(rows.filter((row) => row.passage === '2.1').slice(0, 1), {
    state: 'disputed',
    decisions: [
      { treatment: { as: 'whole', blocks: [] }, author: me, at, heads: [] },
      { treatment: { setAside: 'Said elsewhere in the text' }, author: other, at, heads: [] },
    ],
  });
  rows[3] = { ...rows[3]!, remark: 'Their minister asked for this on the phone.' };

  const summary = (): MergeView['summary'] => ({
    id: mergeId,
    circle: 'r'.repeat(26) as CircleId,
    circleName: 'Region AB',
    title: 'Common input to the call for inputs',
    template: 'eleven-questions',
    language: 'en',
    draft,
    threshold: 350,
    ruleSet: 'citel',
    delegations: delegations.length,
    entries: delegations.length,
    passages: rows.length,
    untreated: rows.filter((row) => row.state === 'untreated').length,
    disputed: rows.filter((row) => row.state === 'disputed').length,
    done: null,
    mayCoordinate: true,
    changedAt: at,
    changedBy: me,
    removed: false,
    sample: true,
  });
  const sections = new Map<string, string>();
  let section = '';
  for (const block of blocksInTemplate) {
    if (block.style.kind === 'heading') section = block.text;
    if (block.style.kind === 'question') sections.set(block.text, section);
  }
  const open = (): MergeView => ({
    summary: summary(),
    questions: questions.map((question, number) => {
      const own = rows.filter((row) => row.questions.includes(String(number + 1)));
      return {
        key: String(number + 1),
        number: String(number + 1),
        text: question.text,
        section: sections.get(question.text) ?? '',
        wordLimit: 900,
        answered: new Set(own.map(({ delegation }) => delegation)).size,
        passages: own.length,
        untreated: own.filter((row) => row.state === 'untreated').length,
        disputed: own.filter((row) => row.state === 'disputed').length,
        words: 412,
        openBrackets: 2,
        block: blocks.find(({ style }) => style.kind === 'question' && style.number === String(number + 1))!.id,
      };
    }),
    entries: delegations.map((delegation, one) => ({
      id: id('e', one),
      delegation,
      date: '2026-11-18',
      version: one === 2 ? 'Rev. 1' : '',
      language: one === 11 ? 'ar' : 'en',
      title: `Reply of ${delegation}`,
      source: { kind: 'file', fileName: `${delegation}.docx`, hash: 'ab12' },
      addedBy: me,
      addedAt: at,
      replaces: null,
      replacedBy: null,
      withdrawn: null,
      removed: false,
      reading: null,
      words: 812,
      passages: 9,
      untreated: rows.filter((row) => row.entry === id('e', one) && waiting(row)).length,
      toLookAt: one === 2 ? 3 : 0,
      isNew: one % 5 === 2,
      answers: questions.map((question, number) => ({
        key: String(number + 1),
        number: one === 4 && number === 6 ? '12' : String(number + 1),
        heading: question.text,
        questions: one === 4 && number === 6 ? [] : [String(number + 1)],
        byHand: false,
        how: one === 4 && number === 6 ? 'no-such-question' : 'number-and-wording',
        candidates: one === 4 && number === 6 ? ['7', '11'] : [],
        confidence: 950,
        words: 74,
        passages: 2,
        excerpt: wordings[0]![0]![0],
      })),
      problems:
        one === 4
          ? [{ code: 'unmatched-answer', message: '', data: {} }]
          : one === 11
            ? [{ code: 'wrong-language', message: '', data: { language: 'ar' } }]
            : [],
    })),
    grid: delegations.map((delegation, one) => ({
      delegation,
      entries: [id('e', one)],
      language: one === 11 ? 'ar' : 'en',
      cells: questions.map((_, number) => {
        const own = rows.filter((row) => row.entry === id('e', one) && row.questions.includes(String(number + 1)));
        return {
          question: String(number + 1),
          state:
            own.length > 0
              ? ('answered' as const)
              : (one + number) % 3 === 0
                ? ('empty' as const)
                : ('missing' as const),
          words: own.length === 0 ? 0 : 20 + ((one * 37 + number * 53) % 400),
          passages: own.length,
          untreated: own.filter(waiting).length,
          isNew: one % 5 === 2 && number % 3 === 0,
          toLookAt: 0,
        };
      }),
    })),
    missing: ['Lorania', 'Meridia'],
    expected: [...delegations, 'Lorania', 'Meridia'],
    waiting: [],
    conflicts: [],
    canUndo: true,
    canRedo: false,
  });
  const acting = (blocksMade: RecordId[], changed: LedgerRow[]) => ({
    blocks: blocksMade,
    rows: changed,
    canUndo: true,
    canRedo: false,
  });
  const counts = (): Record<PassageState, number> => {
    const found = Object.fromEntries(passageStates.map((state) => [state, 0])) as Record<PassageState, number>;
    for (const row of rows) found[row.state] = (found[row.state] ?? 0) + 1;
    return found;
  };
  const unavailable = async (): Promise<never> => {
    throw new WorkbenchError('invalid-state', 'The services in memory cannot do that.');
  };
  const merging = {
    ...Object.fromEntries(Object.keys(mergingContract.operations).map((name) => [name, unavailable])),
    list: async () => ({ merges: [summary()] }),
    open: async () => open(),
    submissions: async () => ({ submissions: [] }),
    markSeen: async () => ({}),
    change: async () => summary(),
    clusters: async ({ question, threshold }: { question: string; threshold?: number }) => {
      const own = rows.filter((row) => row.questions.includes(question));
      const groups = [...new Set(own.map((row) => row.passage.split('.')[1]!))].map((key) =>
        own.filter((row) => row.passage.split('.')[1] === key),
      );
      return {
        clusters: groups.map((group) => ({
          id: group[0]!.passage,
          language: group[0]!.language,
          delegations: group.map(({ delegation }) => delegation),
          exclusions: [],
          passages: group.map((row) => ({
            entry: row.entry,
            passage: row.passage,
            delegation: row.delegation,
            content: row.content,
            text: row.text,
            difference:
              row.text === group[0]!.text
                ? []
                : [
                    { op: 'same' as const, text: row.text.slice(0, 20) },
                    { op: 'ins' as const, text: row.text.slice(20, 45) },
                    { op: 'same' as const, text: row.text.slice(45) },
                  ],
            similarity: 800,
            state: row.state,
            blocks: row.blocks,
            heads: [],
            isNew: row.delegation === 'Corvania',
          })),
          untreated: group.filter(waiting).length,
        })),
        threshold: threshold ?? 350,
        passages: own.length,
        unassigned: 0,
      };
    },
    take: async ({ question, passages }: { question: string; passages: { entry: RecordId; passage: string }[] }) => {
      const block = insert(question, find(passages[0]!).text);
      return acting([block], put(passages, { state: 'used-unchanged', blocks: [block] }));
    },
    bracket: async ({ question, passages }: { question: string; passages: { entry: RecordId; passage: string }[] }) => {
      const block = insert(question, passages.map((ref) => `[${find(ref).text}]`).join(' '));
      return acting([block], put(passages, { state: 'bracketed', blocks: [block] }));
    },
    combine: async ({
      question,
      passages,
      content,
    }: {
      question: string;
      passages: { entry: RecordId; passage: string }[];
      content?: LedgerRow['content'];
    }) => {
      const block = insert(question, plainText(content ?? []));
      return acting([block], put(passages, { state: 'combined', blocks: [block] }));
    },
    setAside: async ({ passages, reason }: { passages: { entry: RecordId; passage: string }[]; reason: string }) =>
      acting([], put(passages, { state: 'set-aside', reason })),
    untreat: async ({ passages }: { passages: { entry: RecordId; passage: string }[] }) =>
      acting([], put(passages, { state: 'untreated', untreated: 'no-decision', blocks: [], decidedBy: null })),
    ledger: async ({ states, from, limit }: { states?: PassageState[]; from: number; limit: number }) => {
      const fitting = rows.filter((row) => !states || states.includes(row.state));
      return { rows: fitting.slice(from, from + limit), total: fitting.length, counts: counts(), allCounts: counts() };
    },
    sources: async () => ({
      blocks: blocks.map(({ id: block }) => ({
        block,
        question: null,
        sources: rows
          .filter((row) => row.blocks.includes(block))
          .map(({ entry, passage, delegation, state }) => ({ entry, passage, delegation, state })),
      })),
    }),
    readEntry: async ({ entry }: { entry: RecordId }) => ({
      entry: open().entries.find((one) => one.id === entry)!,
      rows: rows.filter((row) => row.entry === entry),
      tracked: [],
    }),
    report: async ({ delegation }: { delegation: string }) => ({
      delegation,
      title: `What became of the text of ${delegation}`,
      counts: counts(),
      entries: [{ id: id('e', 0), title: 'Reply', version: 'Rev. 1', date: '2026-11-18' }],
      sections: questions.map((question, number) => ({
        question: String(number + 1),
        number: String(number + 1),
        text: question.text,
        rows: rows
          .filter((row) => row.delegation === delegation && row.questions.includes(String(number + 1)))
          .map((row) => ({
            passage: { entry: row.entry, passage: row.passage },
            text: row.text,
            state: row.state,
            difference: [],
            reason: row.reason,
            now: [row.text],
            together: ['Belmara', 'Corvania'],
          })),
      })),
      remarks: [],
    }),
    ...fakeAgreement(blocks, delegations),
    undo: async () => ({ done: true, refused: null, blocks: [], canUndo: true, canRedo: true }),
    redo: async () => ({ done: true, refused: null, blocks: [], canUndo: true, canRedo: true }),
  } as unknown as Services['merging'];
  return { merging, openDraft: (asked) => (asked === draft ? view() : null) };
}
