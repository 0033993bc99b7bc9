/** Tables and reports put out of a merge, as the neutral tree that every format is written from. */
import type { ReportView } from '../../../shared/contract/merging/ledger.ts';
import type { Difference, PassageState } from '../../../shared/contract/merging/passages.ts';
import type { PositionsView } from '../../../shared/contract/merging/positions.ts';
import type { ExportBlock, ExportModel, ExportText } from '../../../shared/drafting/export-model.ts';
import { plainText } from '../../../shared/drafting/inline.ts';
import { textOf } from './fields.ts';
import type { MergeState } from './merge-state.ts';

const words = (text: string, ...marks: ('bold' | 'italic' | 'underline' | 'strikethrough')[]): ExportText =>
  text === '' ? [] : [{ kind: 'text', text, marks }];
const paragraph = (...text: ExportText[]): ExportBlock => ({ kind: 'paragraph', text: text.flat() });

const positionNames: Readonly<Record<string, string>> = {
  support: 'Support',
  oppose: 'Oppose',
  amend: 'Amend',
  reserve: 'Reserve',
  mixed: 'Mixed',
  question: 'Ask',
  text: 'Wrote on it',
};

/** Columns of delegations that a page on its side has room for; further ones follow in tables of their own. */
const mostColumns = 14;

/** The matrix on paper: a row for each paragraph or question, a column for each delegation. */
export function positionsModel(merge: MergeState, view: PositionsView): ExportModel {
  const [head = [], ...all] = positionsTable(view);
  const rows = all.filter(([, , ...cells]) => cells.some((cell) => cell !== ''));
  const spoken = head.flatMap((_, at) => (at > 1 && rows.some((row) => row[at] !== '') ? [at] : []));
  const silent = head.flatMap((name, at) => (at > 1 && !spoken.includes(at) ? [name] : []));
  const tables: ExportBlock[] = [];
  const shares = Math.ceil(spoken.length / mostColumns);
  const share = Math.ceil(spoken.length / Math.max(1, shares));
  for (let from = 0; from < spoken.length; from += share) {
    const columns = spoken.slice(from, from + share);
    if (shares > 1) {
      const [first, last] = [head[columns[0]!]!, head[columns.at(-1)!]!];
      tables.push({ kind: 'heading', level: 2, text: words(`${first} – ${last}`) });
    }
    tables.push({
      kind: 'table',
      columns: [{ width: 2 }, { width: 9 }, ...columns.map(() => ({ width: 2, turned: true }))],
      rows: [head, ...rows].map((row, at) =>
        [0, 1, ...columns].map((column) => words(row[column]!, ...(at > 0 && column === 0 ? (['bold'] as const) : []))),
      ),
    });
  }
  const remarks: string[] = [];
  const none = all.length - rows.length;
  if (none > 0) remarks.push(`Left out: ${none} ${none === 1 ? 'row' : 'rows'} on which no position is known.`);
  if (silent.length > 0) remarks.push(`Left out: delegations of which no position is known: ${silent.join(', ')}.`);
  return {
    ...base(merge, `Positions: ${textOf(merge.state, 'title')}`),
    landscape: true,
    blocks: tables.length === 0 ? [paragraph(words('No position is known yet.'))] : tables,
    remarks: [...remarks, evidenceStays],
  };
}

export const confidential = 'Left out: remarks of coordinators, which are confidential.';
/** Who said what to whom, and where, is for the coordinator's screen. */
export const evidenceStays = 'Left out: the evidence of each position, which is internal.';

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
    landscape: true,
    blocks: [
      {
        kind: 'table',
        columns: [3, 2, 2, 14, 4, 6].map((width) => ({ width })),
        rows: [head, ...rows].map((row) => row!.map((text) => words(text))),
      },
    ],
    remarks: [confidential],
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
    remarks: [...report.remarks, confidential],
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
    cover: merge.circle.personal ? [] : [{ label: 'Source', value: merge.circle.name() }],
    footnotes: [],
  };
}
