/** One delegation's texts in the margin: each with its answers, what could not be matched, and what to look at. */
import { X } from 'lucide-react';
import { useText } from '../../app/i18n.tsx';
import { MarginPane } from '../../app/panes.tsx';
import { IconButton } from '../../ui/Button.tsx';
import { useMerge } from '../open-merge.ts';
import { EntryCard } from './EntryCard.tsx';

export function DelegationPane({
  delegation,
  question,
  onClose,
  onMoved,
}: {
  readonly delegation: string;
  readonly question: string | null;
  readonly onClose: () => void;
  /** Its text now stands under another name. */
  readonly onMoved: (delegation: string) => void;
}) {
  const { t } = useText();
  const { view } = useMerge();
  const entries = view.entries
    .filter((entry) => entry.delegation === delegation)
    .toSorted((a, b) => Number(a.removed) - Number(b.removed) || (a.addedAt < b.addedAt ? 1 : -1));
  return (
    <MarginPane label={delegation} leastWidth={380}>
      <section className="entry" aria-label={delegation}>
        <header>
          <h2>
            <bdi>{delegation}</bdi>
          </h2>
          <IconButton icon={X} label={t('app.close')} size="small" tipPlacement="bottom" onPress={onClose} />
        </header>
        {entries.map((entry) => (
          <EntryCard key={entry.id} entry={entry} question={question} onMoved={onMoved} />
        ))}
        {entries.length === 0 ? <p className="wb-quiet">{t('merging.entry.none')}</p> : null}
      </section>
    </MarginPane>
  );
}
