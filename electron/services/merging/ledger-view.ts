/** The ledger as a page or the command line sees it, and the report that one delegation gets. */
import type { LedgerRow } from '../../../shared/contract/merging/ledger-row.ts';
import type { ReportView } from '../../../shared/contract/merging/ledger.ts';
import type { Difference, PassageState as State } from '../../../shared/contract/merging/passages.ts';
import { passageStates } from '../../../shared/contract/merging/passages.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { inlineText, plainText } from '../../../shared/drafting/inline.ts';
import { reportFor } from '../../../shared/merging/ledger/delegation-report.ts';
import type { Treatment } from '../../../shared/merging/ledger/ledger-model.ts';
import { differencesFrom } from '../../../shared/merging/similarity/differences.ts';
import type { DiffRun } from '../../../shared/merging/three-way.ts';
import { latestOf } from '../drafts/fields.ts';
import { isoOf } from './fields.ts';
import { decisionsOf, type MergeState, type PassageState } from './merge-state.ts';

export type RemarkOf = (entry: RecordId, passage: string) => string;

export function differenceView(runs: readonly DiffRun[]): Difference {
  return runs.map(({ op, content }) => ({ op, text: plainText(content) }));
}

export function differenceOfTexts(before: string, after: string): Difference {
  return differenceView(differencesFrom(inlineText(before), inlineText(after)));
}

const noCounts = (): Record<State, number> =>
  Object.fromEntries(passageStates.map((state) => [state, 0])) as Record<State, number>;

export function countsOf(passages: readonly PassageState[]): Record<State, number> {
  const counts = noCounts();
  for (const { row } of passages) counts[row.state] += 1;
  return counts;
}

export function ledgerRowView(merge: MergeState, of: PassageState, remarkOf: RemarkOf): LedgerRow {
  const { entry, passage, row, questions } = of;
  const field = decisionsOf(entry, passage.key);
  const latest = field === undefined || field.heads.length === 0 ? null : latestOf(field.heads);
  const earlier = row.earlier === null ? null : earlierOf(merge, row.earlier, of);
  return {
    entry: entry.id,
    passage: passage.key,
    delegation: entry.delegation,
    questions: [...questions],
    marker: passage.marker,
    under: passage.under,
    content: passage.content,
    text: plainText(passage.content),
    words: passage.words,
    language: passage.language,
    state: row.state,
    untreated: row.untreated ?? '',
    blocks: [...row.blocks],
    difference: differenceView(row.diff),
    reason: row.reason,
    heads: (field?.heads ?? []).map(({ id }) => id),
    decidedBy: latest === null || latest.value === null ? null : merge.circle.authorOf(latest.replica),
    decidedAt: latest === null || latest.value === null ? null : isoOf(latest.at),
    decisions: row.state !== 'disputed' ? [] : decisionViews(merge, of),
    earlier,
    supersededBy: row.by,
    remark: remarkOf(entry.id, passage.key),
  };
}

function decisionViews(merge: MergeState, { entry, passage }: PassageState): LedgerRow['decisions'] {
  return (decisionsOf(entry, passage.key)?.values ?? []).flatMap(({ value, versions }) => {
    if (value === null) return [];
    const decided = value as unknown as Treatment;
    const latest = latestOf(versions);
    return [
      {
        treatment:
          'setAside' in decided ? { setAside: decided.setAside } : { as: decided.as, blocks: [...decided.blocks] },
        author: merge.circle.authorOf(latest.replica),
        at: isoOf(latest.at),
        heads: versions.map(({ id }) => id),
      },
    ];
  });
}

function earlierOf(
  merge: MergeState,
  { entry, passage, isSame }: NonNullable<PassageState['row']['earlier']>,
  now: PassageState,
): LedgerRow['earlier'] {
  const before = merge.find(entry, passage);
  const difference = isSame ? [] : differenceView(differencesFrom(before.passage.content, now.passage.content));
  return { entry, passage, isSame, difference };
}

/** What became of one delegation's text; a coordinator's remarks have no way into it. */
export function reportView(merge: MergeState, delegation: string, title: string): ReportView {
  const { ledgerEntries: entries, rows, common: text, questions } = merge;
  const report = reportFor(delegation, { entries, rows, text, questions });
  const own = merge.entries.filter((entry) => report.entries.includes(entry.id));
  const removed = merge.allEntries.filter((entry) => entry.removed && entry.delegation === delegation);
  return {
    ...{ delegation, title, counts: { ...noCounts(), ...report.counts } },
    entries: own.map((entry) => ({
      id: entry.id,
      title: entry.content.title,
      version: valueText(entry, 'version'),
      date: valueText(entry, 'date'),
    })),
    sections: report.sections.map(({ question, rows: inside }) => ({
      question: question?.number ?? '',
      number: question?.number ?? '',
      text: question?.text ?? '',
      rows: inside.map(({ row, text: words, now, together }) => ({
        passage: { entry: row.entry, passage: row.passage },
        text: words,
        state: row.state,
        difference: differenceView(row.diff),
        reason: row.reason,
        now: now.map((block) => block.text),
        together: [...together],
      })),
    })),
    remarks: removed.length === 0 ? [] : [`Not accounted for: ${removed.length} text(s) taken out of the merge.`],
  };
}

function valueText({ state }: PassageState['entry'], field: string): string {
  const value = state.fields.get(field)?.values[0]?.value;
  return typeof value === 'string' ? value : '';
}
