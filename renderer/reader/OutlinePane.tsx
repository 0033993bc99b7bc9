/** Left of the text: the outline with the paragraphs of each part, and the filters of the annotations. */
import { useEffect, useMemo, useRef } from 'react';
import type { AnnotationView } from '../../shared/contract/annotations.ts';
import type { UnitView } from '../../shared/contract/library.ts';
import type { CircleId, UnitId } from '../../shared/ids.ts';
import { useText } from '../app/i18n.tsx';
import { ListPane } from '../app/panes.tsx';
import { LinkButton } from '../ui/LinkButton.tsx';
import { countFilters, isFiltering } from './filter.ts';
import { kindIcons, kindMessage } from './kinds.ts';
import { outlineOf } from './outline.ts';
import { noFilter, useReader, type AnnotationFilter } from './reader-state.ts';

/** Topics beyond these are found by searching. */
const mostTopics = 12;

export function OutlinePane({
  units,
  language,
  annotations,
  onGo,
}: {
  readonly units: readonly UnitView[];
  readonly language: string;
  readonly annotations: readonly AnnotationView[];
  readonly onGo: (unit: UnitId) => void;
}) {
  const { t } = useText();
  const entries = useMemo(() => outlineOf(units), [units]);
  const order = useMemo(() => new Map(units.map((unit, index) => [unit.id, index])), [units]);
  const current = useReader((state) => state.current);
  const at = current ? (order.get(current) ?? -1) : -1;
  const here = entries.findLast((entry) => entry.from <= at && at < entry.to);
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Newer browsers return a promise here, which is no way to undo an effect.
    void row.current?.scrollIntoView({ block: 'nearest' });
  }, [here?.unit]);
  return (
    <ListPane label={t('reader.outline')}>
      {entries.length > 0 ? (
        <>
          <h2 className="app-list-head">{t('reader.outline')}</h2>
          <nav aria-label={t('reader.outline')} className="rd-outline">
            {entries.map((entry) => (
              <div
                key={entry.unit}
                data-level={Math.min(entry.level, 4)}
                className="rd-outline-row"
                ref={entry === here ? row : undefined}
              >
                <LinkButton
                  className="app-list-row"
                  isCurrent={entry === here}
                  onPress={() => onGo(entry.unit)}
                  lang={language}
                >
                  <span dir="auto">{entry.title}</span>
                  <span className="app-list-row-count" dir="ltr">
                    {entry.range}
                  </span>
                </LinkButton>
              </div>
            ))}
          </nav>
        </>
      ) : null}
      {annotations.length > 0 ? <Filters annotations={annotations} /> : null}
    </ListPane>
  );
}

function Filters({ annotations }: { readonly annotations: readonly AnnotationView[] }) {
  const { t } = useText();
  const filter = useReader((state) => state.filter);
  const counts = useMemo(() => countFilters(annotations), [annotations]);
  const set = (change: Partial<AnnotationFilter>): void => useReader.setState({ filter: { ...filter, ...change } });
  const row = (key: string, label: React.ReactNode, count: number, isCurrent: boolean, onPress: () => void) => (
    <LinkButton key={key} className="app-list-row" isCurrent={isCurrent} onPress={onPress}>
      <span>{label}</span>
      <span className="app-list-row-count">{count}</span>
    </LinkButton>
  );
  return (
    <>
      <h2 className="app-list-head">{t('reader.filter')}</h2>
      <div role="group" aria-label={t('reader.filter')}>
        {row('all', t('reader.filter.all'), annotations.length, !isFiltering(filter), () =>
          useReader.setState({ filter: noFilter }),
        )}
        {counts.mine > 0 && counts.mine < annotations.length
          ? row('mine', t('reader.filter.mine'), counts.mine, filter.mine, () => set({ mine: !filter.mine }))
          : null}
        {counts.open < annotations.length
          ? row('open', t('reader.filter.open'), counts.open, filter.resolved === 'open', () =>
              set({ resolved: filter.resolved === 'open' ? 'all' : 'open' }),
            )
          : null}
        {counts.kinds.map(({ id, count }) => {
          const Icon = kindIcons[id];
          const isOn = filter.kinds.includes(id);
          const label = (
            <span className="rd-kind" data-kind={id}>
              <Icon size={13} aria-hidden /> {t(kindMessage(id))}
            </span>
          );
          return row(`kind ${id}`, label, count, isOn, () =>
            set({ kinds: isOn ? filter.kinds.filter((kind) => kind !== id) : [...filter.kinds, id] }),
          );
        })}
        {counts.circles.length > 1
          ? counts.circles.map(({ id, label, count }) =>
              row(`circle ${id}`, label, count, filter.circle === id, () =>
                set({ circle: filter.circle === id ? null : (id as CircleId) }),
              ),
            )
          : null}
        {counts.topics
          .slice(0, mostTopics)
          .map(({ id, count }) =>
            row(`topic ${id}`, id, count, filter.topic === id, () => set({ topic: filter.topic === id ? null : id })),
          )}
      </div>
    </>
  );
}
