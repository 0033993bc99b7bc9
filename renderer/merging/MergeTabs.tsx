/** The stations of a merge, in the order of the work, each with what waits there. */
import { useText } from '../app/i18n.tsx';
import { go, mergeTabs, type MergeTab } from '../app/view-state.ts';
import { Stations } from '../ui/Stations.tsx';
import { useMerge } from './open-merge.ts';

export function MergeTabs({ tab }: { readonly tab: MergeTab }) {
  const { t, number } = useText();
  const { id, view } = useMerge();
  const { summary, waiting, entries } = view;
  const unmatched = entries.filter(
    (entry) => !entry.removed && entry.problems.some(({ code }) => code === 'unmatched-answer'),
  ).length;
  const toGo = summary.untreated + summary.disputed;
  const counts: Partial<Record<MergeTab, number>> = { grid: waiting.length + unmatched, ledger: toGo };
  const items = mergeTabs.map((one) => {
    const count = counts[one] ?? 0;
    return { id: one, label: t(`merging.tab.${one}`), waiting: count > 0 ? number(count) : null };
  });
  return (
    <Stations
      label={t('merging.stations')}
      items={items}
      current={tab}
      onGo={(one) => go({ view: 'merge', merge: id, tab: one, place: null })}
    />
  );
}
