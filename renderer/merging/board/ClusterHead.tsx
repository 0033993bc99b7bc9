/** The head of a cluster: how many say this, who, and what can be done with all of it. */
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useText } from '../../app/i18n.tsx';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Surface.tsx';
import { useMerge } from '../open-merge.ts';
import { waits } from '../parts/passage-state.ts';
import { actedOn, type ClusterRow } from './board-rows.ts';
import { held, useBoard } from './board-state.ts';
import type { Treating } from './use-treating.ts';
import { useRow } from './use-row.ts';

/** More names than this are counted. */
const namesShown = 7;

export function ClusterHead({
  row,
  isCurrent,
  isFirst,
  isStop,
  treating,
}: {
  readonly row: ClusterRow;
  readonly isCurrent: boolean;
  readonly isFirst: boolean;
  /** Where Tab comes into the list. */
  readonly isStop: boolean;
  readonly treating: Treating;
}) {
  const { t, languageName } = useText();
  const { view } = useMerge();
  const { ref, ...handlers } = useRow(row, isCurrent);
  const [all, setAll] = useState(false);
  const { cluster, passages } = row;
  const { delegations } = cluster;
  const waiting = passages.filter(({ state }) => waits(state));
  const isDone = waiting.length === 0;
  const acted = actedOn(row);
  const title =
    delegations.length === 1
      ? t('merging.cluster.only', { name: delegations[0] ?? '' })
      : t('merging.cluster.say', { count: delegations.length });
  const shown = all ? delegations : delegations.slice(0, namesShown);
  const differing = new Set(passages.map(({ text }) => text.trim())).size;
  return (
    <div className="board-row">
      <article
        ref={ref}
        className="board-cluster"
        data-first={isFirst || undefined}
        tabIndex={isStop ? 0 : -1}
        aria-current={isCurrent || undefined}
        {...(isStop ? { 'data-pane-focus': true } : {})}
        aria-label={`${title}: ${delegations.slice(0, namesShown).join(', ')}`}
        draggable
        {...handlers}
      >
        <h3>{title}</h3>
        {delegations.length > 1 ? (
          <span className="board-cluster-hint">
            {differing === 1 ? t('merging.cluster.same') : t('merging.cluster.wordings', { count: differing })}
          </span>
        ) : null}
        {cluster.exclusions.slice(0, 1).map(({ words }) => (
          <span key={words.join()} className="board-cluster-hint" data-tone="warn">
            <TriangleAlert size={12} aria-hidden />
            {t('merging.cluster.excludes', {
              count: words.filter((word) => word !== '').length,
              a: words.find((word) => word !== '') ?? '',
              b: words[1] ?? '',
            })}
          </span>
        ))}
        {cluster.language === view.summary.language ? null : (
          <span className="board-cluster-hint">{languageName(cluster.language)}</span>
        )}
        {delegations.length > 1 ? (
          <span className="board-chips">
            {shown.map((name) => (
              <Chip key={name}>{name}</Chip>
            ))}
            {delegations.length > shown.length ? (
              <Chip
                onPress={() => setAll(true)}
                label={t('merging.cluster.more', { count: delegations.length - shown.length })}
              >
                +{delegations.length - shown.length}
              </Chip>
            ) : null}
          </span>
        ) : null}
        <span className="board-cluster-actions">
          {isDone ? (
            <Button size="small" variant="quiet" onPress={() => void treating.takeBack(acted)}>
              {t('merging.act.untreat')}
            </Button>
          ) : (
            <>
              <Button size="small" onPress={() => void treating.take(acted)}>
                {t('merging.act.take')}
              </Button>
              {passages.length > 1 ? (
                <>
                  <Button size="small" onPress={() => beginCombining(acted)}>
                    {t('merging.act.combine')}
                  </Button>
                  <Button size="small" onPress={() => void treating.bracket(acted)}>
                    {t('merging.act.bracket')}
                  </Button>
                </>
              ) : null}
              <Button size="small" onPress={() => beginSettingAside(acted)}>
                {t('merging.act.setAside')}
              </Button>
            </>
          )}
        </span>
      </article>
    </div>
  );
}

function beginCombining(passages: ReturnType<typeof actedOn>): void {
  useBoard.setState({ task: { kind: 'combine', passages, into: null, after: undefined } });
}

function beginSettingAside(passages: ReturnType<typeof actedOn>): void {
  useBoard.setState({ task: { kind: 'setAside', passages: held(passages) } });
}
