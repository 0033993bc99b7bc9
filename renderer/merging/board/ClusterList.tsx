/** What the delegations say on one question: clusters, most shared first, each passage with what differs marked. */
import { Blend } from 'lucide-react';
import { useMemo, type KeyboardEvent } from 'react';
import { useText } from '../../app/i18n.tsx';
import { EmptyState } from '../../ui/Surface.tsx';
import { VirtualList } from '../../ui/VirtualList.tsx';
import { goToRow, useBoard } from './board-state.ts';
import type { BoardRow } from './board-rows.ts';
import { ClusterHead } from './ClusterHead.tsx';
import { WordingCard } from './WordingCard.tsx';
import type { Treating } from './use-treating.ts';

export function ClusterList({
  rows,
  lit,
  isBusy,
  isEmpty,
  treating,
}: {
  readonly rows: readonly BoardRow[];
  /** Passages that the selected paragraph of the common text was made from. */
  readonly lit: ReadonlySet<string>;
  readonly isBusy: boolean;
  readonly isEmpty: boolean;
  readonly treating: Treating;
}) {
  const { t } = useText();
  const row = useBoard((state) => state.row);
  const marking = useBoard((state) => state.marked.size > 0);
  // Where all is new, nothing is.
  const someNew = useMemo(() => rows.some(({ passages }) => passages.some(({ isNew }) => !isNew)), [rows]);
  const at = useMemo(() => rows.findIndex((one) => one.key === row), [rows, row]);
  const step = (by: number, fits: (one: BoardRow) => boolean = () => true): void => {
    let next = at + by;
    while (rows[next] && !fits(rows[next]!)) next += by;
    if (rows[next]) goToRow(rows[next]!.key);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isCluster = (one: BoardRow): boolean => one.kind === 'cluster';
    const move: Readonly<Record<string, () => void>> = {
      ArrowDown: () => step(1, event.shiftKey ? isCluster : undefined),
      ArrowUp: () => step(-1, event.shiftKey ? isCluster : undefined),
      Home: () => rows[0] && goToRow(rows[0].key),
      End: () => rows.at(-1) && goToRow(rows.at(-1)!.key),
    };
    const go = move[event.key];
    // A control inside a row has its own keys.
    if (!go || (event.target as Element).closest('button, input')) return;
    event.preventDefault();
    go();
  };
  if (isEmpty) {
    return (
      <EmptyState icon={Blend} title={t('merging.board.none.title')}>
        {t('merging.board.none.detail')}
      </EmptyState>
    );
  }
  return (
    <section
      className="board-list"
      data-marking={marking || undefined}
      aria-label={t('merging.board.clusters')}
      aria-busy={isBusy}
      onKeyDown={onKeyDown}
    >
      <VirtualList
        label={t('merging.board.clusters')}
        items={rows}
        keyOf={(one) => one.key}
        estimate={64}
        {...(at >= 0 ? { scrollTo: at } : {})}
        render={(one, index) =>
          one.kind === 'cluster' ? (
            <ClusterHead
              row={one}
              isCurrent={one.key === row}
              isFirst={index === 0}
              isStop={one.key === row || (at < 0 && index === 0)}
              treating={treating}
            />
          ) : (
            <WordingCard
              row={one}
              isCurrent={one.key === row}
              isLast={index === rows.length - 1}
              lit={lit}
              tellsNew={someNew}
              treating={treating}
            />
          )
        }
      />
    </section>
  );
}
