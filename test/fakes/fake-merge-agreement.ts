/** The later stations of the merge in memory: who stands with what, silence procedures, positions by question. */
import type { BlockView } from '../../shared/contract/drafts.ts';
import { plainText } from '../../shared/drafting/inline.ts';
import { at, id, me, questions, wordings } from './fake-merge-content.ts';

export function fakeAgreement(blocks: readonly BlockView[], delegations: readonly string[]) {
  return {
    agreement: async () => ({
      blocks: [null, ...blocks.filter(({ style }) => style.kind === 'paragraph')].map((block) => ({
        block: block?.id ?? null,
        question: block ? '3' : null,
        text: block ? plainText(block.content) : '',
        stances: block
          ? (['sign-on', 'support', 'object'] as const).map((stance, n) => ({
              id: id('s', n),
              block: block.id,
              delegation: delegations[n]!,
              stance,
              note: n === 2 ? 'Only with the year.' : '',
              via: n === 2 ? ('phone' as const) : ('circle' as const),
              author: me,
              at,
              notedByOther: n === 2,
              counts: true,
              contested: false,
              textChanged: false,
              heads: [],
            }))
          : [],
        met: block === null,
        checks: [
          { requirement: 'supporters', met: false, needed: 6, found: 2, names: ['Arcadia', 'Belmara'], text: '' },
          { requirement: 'objections', met: true, needed: 1, found: 1, names: ['Corvania'], text: '' },
        ],
        changedSince: [],
      })),
      rules: {
        key: 'citel',
        body: 'CITEL',
        name: 'Inter-American proposal',
        source: 'Six supporting administrations.',
      },
      available: [
        { key: 'citel', body: 'CITEL', name: 'Inter-American proposal', source: '' },
        { key: 'rcc', body: 'RCC', name: 'Common input', source: '' },
      ],
      acts: [],
      ownDelegation: 'Examplia',
      mayNote: true,
    }),
    silences: async () => ({
      silences: [
        {
          id: id('q', 1),
          title: 'Common input, first version',
          startedBy: me,
          startedAt: at,
          deadline: '2026-12-04T17:00:00.000Z',
          timeZone: 'Europe/Zurich',
          deadlineThere: '2026-12-04 18:00',
          isPast: false,
          text: blocks
            .filter(({ style }) => style.kind === 'paragraph')
            .map((block) => ({
              block: block.id,
              style: block.style,
              content: block.content,
              text: plainText(block.content),
            })),
          changedSince: [],
          breaks: [
            {
              id: id('q', 2),
              delegation: 'Dalmora',
              block: null,
              note: 'Not before our parliament has seen it.',
              via: 'phone',
              author: me,
              at,
              isLate: false,
            },
          ],
          result: null,
          contested: false,
          mayRecord: true,
        },
      ],
    }),
    positions: async () => ({
      rows: questions.map((question, number) => ({
        key: String(number + 1),
        label: String(number + 1),
        text: question.text,
      })),
      delegations: [...delegations],
      cells: delegations.flatMap((delegation, one) =>
        questions.flatMap((_, number) =>
          (one + number) % 3 === 0
            ? []
            : [
                {
                  row: String(number + 1),
                  delegation,
                  position: (['support', 'oppose', 'amend', 'reserve', 'question', 'text', 'mixed'] as const)[
                    (one * 3 + number) % 7
                  ]!,
                  through: one % 4 === 3 ? ['Group of islands'] : [],
                  evidence: [
                    {
                      kind: 'submission',
                      speaker: delegation,
                      position: 'text' as const,
                      words: wordings[0]![0]![0],
                      at,
                      link: {
                        annotation: null,
                        document: null,
                        entry: id('e', one),
                        passage: `${number + 1}.1`,
                        stance: null,
                        session: null,
                      },
                    },
                  ],
                },
              ],
        ),
      ),
      groups: [{ key: 'g', name: 'Group of islands', members: ['Dalmora', 'Hestia'], own: true }],
    }),
  };
}
