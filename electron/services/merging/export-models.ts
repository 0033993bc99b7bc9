/** What is put out of a merge, as the neutral tree that every format is written from. */
import type { DraftView } from '../../../shared/contract/drafts.ts';
import type { Difference, PassageState, PositionsView, ReportView } from '../../../shared/contract/merging.ts';
import {
  exportModelOf,
  type ExportBlock,
  type ExportModel,
  type ExportText,
} from '../../../shared/drafting/export-model.ts';
import { inlineText, plainText, type Inline, type InlineContent } from '../../../shared/drafting/inline.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { delegationKey } from '../../../shared/delegations/directory.ts';
import { answersOf } from './submission-snapshot.ts';
import { answerInText, contentOfBlock, isOfText, type MergeState } from './merge-state.ts';
import { textOf } from './fields.ts';

const words = (text: string, ...marks: ('bold' | 'italic' | 'underline' | 'strikethrough')[]): ExportText =>
  text === '' ? [] : [{ kind: 'text', text, marks }];
const paragraph = (...text: ExportText[]): ExportBlock => ({ kind: 'paragraph', text: text.flat() });

/** The delegations whose text stands in each paragraph. */
function sourcesOf(merge: MergeState): ReadonlyMap<RecordId, readonly string[]> {
  const names = new Map<RecordId, Set<string>>();
  for (const { entry, row } of merge.passages) {
    for (const block of row.blocks) names.set(block, (names.get(block) ?? new Set()).add(entry.delegation));
  }
  return new Map([...names].map(([block, of]) => [block, [...of].filter((name) => name !== '').sort()]));
}

/** Attributions that a bracket of this merge begins with: names of its delegations, and nothing else. */
function attributionIn(merge: MergeState): (text: string) => string {
  const known = new Set(merge.allEntries.map(({ delegation }) => delegationKey(delegation)));
  return (text) =>
    text.replace(/\[([^[\]:]{1,400}): /g, (whole, names: string) =>
      names.split(', ').every((name) => known.has(delegationKey(name))) ? '[' : whole,
    );
}

function titled(merge: MergeState, draft: DraftView): DraftView {
  const cover = draft.cover.filter(({ field }) => field.value !== '');
  const stated = (key: string, value: string): DraftView['cover'] =>
    value === '' || cover.some((each) => each.key === key) ? [] : [{ key, field: { value, heads: [], versions: [] } }];
  const title = draft.title.value === '' ? textOf(merge.state, 'title') : draft.title.value;
  return {
    ...draft,
    title: { ...draft.title, value: title },
    // The title block of a common input: who submits it.
    cover: [...cover, ...stated('Source', merge.circle.personal ? '' : merge.circle.name())],
  };
}

/** Title block, sections, questions and answers; the names in open brackets are left out unless asked for. */
export function commonInputModel(
  merge: MergeState,
  draft: DraftView,
  { isCompilation }: { readonly isCompilation: boolean },
): ExportModel {
  const bare = attributionIn(merge);
  const sources = sourcesOf(merge);
  let open = 0;
  let unnamed = 0;
  const blocks = draft.blocks
    // A question that nobody answered keeps its place; its empty line says nothing.
    .filter((block) => !isOfText(block) || plainText(contentOfBlock(block)).trim() !== '')
    .map((block) => {
      const text = plainText(block.content);
      if (!isOfText(block)) return block;
      if (text.includes('[')) open += 1;
      if (isCompilation) return { ...block, content: attributed(block.content, text, sources.get(block.id) ?? []) };
      const content = withoutNames(block.content, bare);
      if (plainText(content) !== text) unnamed += 1;
      return { ...block, content };
    });
  const model = exportModelOf({ ...titled(merge, draft), blocks });
  const remarks = [...model.remarks];
  if (open > 0)
    remarks.push(`Not agreed: ${open} ${open === 1 ? 'paragraph has' : 'paragraphs have'} square brackets.`);
  if (unnamed > 0)
    remarks.push(
      `Left out: the names of the delegations in ${unnamed} bracketed ${unnamed === 1 ? 'paragraph' : 'paragraphs'}.`,
    );
  const unanswered = answersOf(draft.blocks).filter(
    ({ key, blocks: answer }) =>
      key !== null && answer.every((block) => plainText(contentOfBlock(block)).trim() === ''),
  );
  if (unanswered.length > 0) {
    remarks.push(`Without an answer: ${unanswered.map(({ key }) => key).join(', ')}.`);
  }
  if (!isCompilation) remarks.push('Left out: sources, ledger, stances and remarks, which are internal.');
  return { ...model, remarks };
}

/** A text's words are cut into runs by their marks; a name in brackets stands within one run. */
function withoutNames(content: InlineContent, bare: (text: string) => string): InlineContent {
  return content.map((item): Inline => (item.t === 'text' ? { ...item, s: bare(item.s) } : item));
}

function attributed(content: InlineContent, text: string, names: readonly string[]): InlineContent {
  if (names.length === 0 || /\[[^[\]]+: /.test(text)) return content;
  return [...content, ...inlineText(` (${names.join('; ')})`, 'italic')];
}

/** The answers alone, for the fields of an online form. */
export function formModel(merge: MergeState, draft: DraftView, question: string | null): ExportModel {
  const model = commonInputModel(
    merge,
    question === null ? draft : { ...draft, blocks: [...answerInText(merge, question).blocks] },
    { isCompilation: false },
  );
  const remarks = model.remarks.filter((remark) => question === null || !remark.startsWith('Without an answer'));
  return { ...model, title: '', cover: [], remarks };
}

const positionNames: Readonly<Record<string, string>> = {
  support: 'Support',
  oppose: 'Oppose',
  amend: 'Amend',
  reserve: 'Reserve',
  mixed: 'Mixed',
  question: 'Ask',
  text: 'Wrote on it',
};

/** Twelve columns of delegations fit no page: a page has a column for each position instead. */
export function positionsModel(merge: MergeState, view: PositionsView): ExportModel {
  const columns = Object.keys(positionNames).filter((position) =>
    view.cells.some((cell) => cell.position === position),
  );
  const named = (row: string, position: string): string =>
    view.cells
      .filter((cell) => cell.row === row && cell.position === position)
      .map(({ delegation, through }) => (through.length === 0 ? delegation : `${delegation} (${through.join(', ')})`))
      .join(', ');
  const head = ['', ...columns.map((column) => positionNames[column]!)].map((text) => words(text, 'bold'));
  const rows = view.rows
    .filter(({ key }) => view.cells.some((cell) => cell.row === key))
    .map(({ key, label, text }) => [
      [...words(`${label} `, 'bold'), ...words(text)],
      ...columns.map((column) => words(named(key, column))),
    ]);
  const none = view.rows.length - rows.length;
  return {
    ...base(merge, `Positions: ${textOf(merge.state, 'title')}`),
    blocks:
      rows.length === 0 ? [paragraph(words('No position is known yet.'))] : [{ kind: 'table', rows: [head, ...rows] }],
    remarks: none === 0 ? [] : [`Left out: ${none} rows on which no position is known.`],
  };
}

export function positionsTable(view: PositionsView): string[][] {
  const cell = (row: string, delegation: string): string => {
    const found = view.cells.find((each) => each.row === row && each.delegation === delegation);
    if (found === undefined) return '';
    const name = positionNames[found.position] ?? found.position;
    return found.through.length === 0 ? name : `${name} (${found.through.join(', ')})`;
  };
  return [
    ['Label', 'Text', ...view.delegations],
    ...view.rows.map(({ key, label, text }) => [label, text, ...view.delegations.map((each) => cell(key, each))]),
  ];
}

const stateNames: Readonly<Record<PassageState, string>> = {
  untreated: 'Not yet treated',
  disputed: 'In dispute between coordinators',
  'used-unchanged': 'Used unchanged',
  'used-with-changes': 'Used with changes',
  combined: 'Combined into another text',
  bracketed: 'In brackets, with alternatives',
  'set-aside': 'Set aside',
  superseded: 'Replaced by a later text',
  withdrawn: 'Withdrawn',
};

export function ledgerTable(merge: MergeState): string[][] {
  return [
    ['Delegation', 'Passage', 'Questions', 'Text', 'State', 'Reason'],
    ...merge.passages.map(({ entry, passage, questions, row }) => [
      ...[entry.delegation, passage.key, questions.join(' '), plainText(passage.content)],
      ...[stateNames[row.state], row.reason],
    ]),
  ];
}

export function ledgerModel(merge: MergeState): ExportModel {
  const [head, ...rows] = ledgerTable(merge);
  return {
    ...base(merge, `Ledger: ${textOf(merge.state, 'title')}`),
    blocks: [
      {
        kind: 'table',
        rows: [head!.map((text) => words(text, 'bold')), ...rows.map((row) => row.map((text) => words(text)))],
      },
    ],
    remarks: ['Left out: remarks of coordinators, which are confidential.'],
  };
}

/** What became of one delegation's text, in its own words; nothing in it comes from a coordinator's remarks. */
export function reportModel(merge: MergeState, report: ReportView): ExportModel {
  const counted = Object.entries(report.counts).filter(([, count]) => count > 0);
  const summary: ExportBlock[] =
    counted.length === 0
      ? []
      : [
          {
            kind: 'table',
            rows: [
              [words('What became of it', 'bold'), words('Passages', 'bold')],
              ...counted.map(([state, count]) => [words(stateNames[state as PassageState]), words(String(count))]),
            ],
          },
        ];
  const sections = report.sections.flatMap(({ number, text, rows }): ExportBlock[] => [
    { kind: 'heading', level: 2, text: words(number === '' ? 'Answers no question' : `${number}. ${text}`) },
    ...rows.flatMap((row): ExportBlock[] => {
      const together = row.together.length === 0 ? '' : `Together with ${row.together.join(', ')}.`;
      const now =
        row.state === 'used-unchanged' || row.now.length === 0
          ? []
          : row.difference.length > 0 && row.state === 'used-with-changes'
            ? [paragraph(words('It now reads: ', 'bold'), marked(row.difference))]
            : row.now.map((each) => paragraph(words('The common text reads: ', 'bold'), words(each)));
      return [
        paragraph(
          words(`${stateNames[row.state]}. `, 'bold'),
          words([row.reason, together].filter((each) => each !== '').join(' ')),
        ),
        { kind: 'quotation', text: words(row.text), citation: '' },
        ...now,
      ];
    }),
  ]);
  return {
    ...base(merge, `What became of the text of ${report.delegation}`),
    cover: [
      { label: 'Common input', value: report.title },
      { label: 'Delegation', value: report.delegation },
      {
        label: 'Texts received',
        value: report.entries
          .map(({ title, version, date }) =>
            [title, version === '' ? '' : `no. ${version}`, date].filter((each) => each !== '').join(', '),
          )
          .join('; '),
      },
    ].filter(({ value }) => value !== ''),
    blocks: [...summary, ...sections],
    remarks: [...report.remarks, 'Left out: remarks of coordinators, which are confidential.'],
  };
}

function marked(difference: Difference): ExportText {
  return difference.flatMap(({ op, text }) =>
    op === 'same' ? words(text) : op === 'ins' ? words(text, 'underline') : words(text, 'strikethrough'),
  );
}

function base(merge: MergeState, title: string): Omit<ExportModel, 'blocks' | 'remarks'> {
  // These are written in English whatever the language of the texts in them.
  return {
    title,
    language: 'en',
    direction: 'ltr',
    cover: [{ label: 'Source', value: merge.circle.name() }],
    footnotes: [],
  };
}
