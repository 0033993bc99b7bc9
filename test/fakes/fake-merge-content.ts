/** What stands in the merge in memory: who answered what in which words, and the common text before anything is taken. */
import type { BlockView, DraftView } from '../../shared/contract/drafts.ts';
import type { LedgerRow } from '../../shared/contract/merging/ledger-row.ts';
import { inlineText } from '../../shared/drafting/inline.ts';
import type { CircleId, RecordId } from '../../shared/ids.ts';
import template from '../../resources/templates/eleven-questions.json' with { type: 'json' };

export const id = (letter: string, number: number): RecordId =>
  `${letter.repeat(26)}.${[...number.toString(26).padStart(10, '0')].map((digit) => 'abcdefghijklmnopqrstuvwxyz'[parseInt(digit, 26)]).join('')}` as RecordId;
const names = [
  'Arcadia',
  'Belmara',
  'Corvania',
  'Dalmora',
  'Estria',
  'Fenland',
  'Galdia',
  'Hestia',
  'Ilmaria',
  'Jorland',
  'Kingdom of the Northern Isles',
  'مملكة المثال',
];
export const wordings: readonly (readonly [string, readonly number[]])[][] = [
  [
    ['Forums should publish what they agreed on, and report the year after on what was done.', [0, 3, 5, 6, 8]],
    [
      'Forums should publish what they agreed on in all working languages, and report the year after on what was done.',
      [2],
    ],
    ['Forums should publish recommendations, and report the year after on what was done.', [7, 9]],
  ],
  [
    ['Decisions rest with governments, after hearing all stakeholders.', [1]],
    ['Decisions are prepared together with all stakeholders.', [3, 7]],
  ],
  [['Forums need mandates that people can see carried out, and the means to carry them out in every region.', [0, 5]]],
  [['Travel support for delegates from island States should be part of the budget of each forum.', [4]]],
  [['ينبغي أن تُنشر نتائج المنتديات بجميع لغات العمل.', [11]]],
];

export const draft = id('d', 99);
export const mergeId = id('m', 1);
export const me = { person: id('p', 1), name: 'Amina Diallo', delegation: 'Examplia', confirmed: true, me: true };
export const other = { ...me, person: id('p', 2), name: 'Jonas Lind', delegation: 'Northmark', me: false };
export const at = '2026-11-22T09:30:00.000Z';

export const blocksInTemplate = template.blocks;
export const questions = blocksInTemplate.filter(({ style }) => style.kind === 'question');

/** The twelve with names, or a crowd. */
export const delegationsOf = (crowd: number): readonly string[] =>
  crowd > names.length ? Array.from({ length: crowd }, (_, at) => `Delegation ${at + 1}`) : names;

export const emptyBlocks = (): BlockView[] =>
  blocksInTemplate
    .filter(({ style }) => style.kind !== 'paragraph')
    .map((block, index) => blockOf(id('b', index), block.style as BlockView['style'], block.text));

/** Every passage that was sent in, none treated yet. */
export function untreatedRows(crowd: number): LedgerRow[] {
  const delegations = delegationsOf(crowd);
  const rows: LedgerRow[] = [];
  for (const [number] of questions.entries())
    wordings.forEach((cluster, clusterAt) =>
      cluster.forEach(([text, who]) => {
        const all = crowd > names.length ? delegations.map((_, at) => at).filter((at) => at % 7 === who[0]! % 7) : who;
        for (const one of all) {
          if ((one * 7 + number) % 5 === 4) continue;
          rows.push(rowOf(delegations[one]!, one, number, clusterAt, text));
        }
      }),
    );
  return rows;
}

function rowOf(delegation: string, one: number, number: number, clusterAt: number, text: string): LedgerRow {
  return {
    entry: id('e', one),
    passage: `${number + 1}.${clusterAt + 1}`,
    delegation,
    questions: [String(number + 1)],
    marker: '',
    under: '',
    content: inlineText(text),
    text,
    words: text.split(' ').length,
    language: one === 11 ? 'ar' : 'en',
    state: 'untreated',
    untreated: 'no-decision',
    blocks: [],
    difference: [],
    reason: '',
    heads: [],
    decidedBy: null,
    decidedAt: null,
    decisions: [],
    earlier: null,
    supersededBy: null,
    remark: '',
  } as LedgerRow;
}

export function blockOf(block: RecordId, style: BlockView['style'], text: string): BlockView {
  return {
    id: block,
    style,
    content: inlineText(text),
    table: null,
    heads: { text: [], style: [], place: [], all: [] },
    pending: false,
    author: me,
    at,
    textConflict: null,
    styleConflict: null,
    placeConflict: false,
    removalContested: null,
    quotation: 'none',
  };
}

export function draftView(blocks: readonly BlockView[]): DraftView {
  return {
    summary: {
      id: draft,
      circle: 'r'.repeat(26) as CircleId,
      circleName: 'Region AB',
      title: 'Common input',
      template: 'eleven-questions',
      language: 'en',
      words: 412,
      conflicts: 0,
      changedAt: at,
      changedBy: me,
      removed: false,
      sample: true,
    },
    direction: 'ltr',
    session: 's',
    idPrefix: 'z'.repeat(26),
    title: { value: 'Common input', heads: [], versions: [] },
    cover: [],
    blocks: [...blocks],
    footnotes: [],
    canUndo: false,
    canRedo: false,
    mayEdit: true,
  };
}

export function changedOf(view: DraftView) {
  return {
    session: '',
    blocks: view.blocks,
    removed: [],
    order: view.blocks.map((block) => block.id),
    footnotes: [],
    summary: view.summary,
    title: view.title,
    cover: view.cover,
  };
}
