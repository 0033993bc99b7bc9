/** The stations of a merge, in the order of the work, each with what waits there. */
import { useText } from '../app/i18n.tsx';
import { go, mergeTabs, type MergeTab } from '../app/view-state.ts';
import { LinkButton } from '../ui/LinkButton.tsx';
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
  return (
    <nav className="merge-tabs no-print" aria-label={t('merging.stations')}>
      {mergeTabs.map((one) => {
        const count = counts[one] ?? 0;
        return (
          <LinkButton
            key={one}
            className="merge-tab"
            isCurrent={one === tab}
            onPress={() => go({ view: 'merge', merge: id, tab: one, place: null })}
          >
            {t(`merging.tab.${one}`)}
            {count > 0 ? (
              <span className="merge-tab-count" data-tone="warn">
                {number(count)}
              </span>
            ) : null}
          </LinkButton>
        );
      })}
    </nav>
  );
}
