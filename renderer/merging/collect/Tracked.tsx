/** Tracked changes of a received file, shown both ways; a person says which reading counts, nothing is accepted silently. */
import type { EntryView } from '../../../shared/contract/merging/collection.ts';
import { ErrorNotice } from '../../app/ErrorNotice.tsx';
import { DifferenceText } from '../../app/InlineText.tsx';
import { useText } from '../../app/i18n.tsx';
import { useLoaded } from '../../app/use-loaded.ts';
import { Segments } from '../../ui/Switch.tsx';
import { useMerge } from '../open-merge.ts';

export function Tracked({
  entry,
  onChange,
}: {
  readonly entry: EntryView;
  readonly onChange: (change: { reading: 'proposed' | 'original' }) => void;
}) {
  const { t } = useText();
  const { view } = useMerge();
  const read = useLoaded((client) => client.merging.readEntry({ entry: entry.id }), [entry.id, entry.reading]);
  const changed = (read.data?.tracked ?? []).filter(({ difference }) => difference.some(({ op }) => op !== 'same'));
  return (
    <div className="merge-form">
      {view.summary.mayCoordinate ? (
        <Segments
          label={t('merging.tracked')}
          value={entry.reading ?? 'undecided'}
          onChange={(reading) => {
            if (reading !== 'undecided') onChange({ reading });
          }}
          options={[
            { id: 'proposed', label: t('merging.tracked.proposed') },
            { id: 'original', label: t('merging.tracked.original') },
          ]}
        />
      ) : null}
      {read.error ? <ErrorNotice error={read.error} onRetry={read.reload} /> : null}
      <ul className="entry-passages" aria-label={t('merging.tracked')}>
        {changed.map(({ passage, original, difference }) => (
          <li key={`${passage} ${original}`}>
            <span className="merge-ref">{passage ?? original}</span>
            <p className="merge-text" dir="auto">
              <DifferenceText difference={difference} />
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}
