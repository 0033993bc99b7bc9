/** One wording of a cluster: whose it is, its words with what differs marked, and what became of it. */
import { BookOpenText, Sparkles } from 'lucide-react';
import { useText } from '../../app/i18n.tsx';
import { go } from '../../app/view-state.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { useMerge } from '../open-merge.ts';
import { PassageText } from '../parts/PassageText.tsx';
import { StateSign } from '../parts/StateSign.tsx';
import { waits } from '../parts/passage-state.ts';
import { refKey, wholeCluster, type WordingRow } from './board-rows.ts';
import { toggleMarks, useBoard } from './board-state.ts';
import type { Treating } from './use-treating.ts';
import { useRow } from './use-row.ts';

/** More than this many of equal words are counted. */
const namesShown = 3;

export function WordingCard({
  row,
  isCurrent,
  isLast,
  lit,
  tellsNew,
  treating,
}: {
  readonly row: WordingRow;
  readonly isCurrent: boolean;
  readonly isLast: boolean;
  readonly lit: ReadonlySet<string>;
  readonly tellsNew: boolean;
  readonly treating: Treating;
}) {
  const { t } = useText();
  const { id } = useMerge();
  const { ref, ...handlers } = useRow(row, isCurrent);
  const marked = useBoard((state) => row.passages.every((one) => state.marked.has(refKey(one))));
  const block = useBoard((state) => state.block);
  const { passages } = row;
  const first = passages[0]!;
  const state = first.state;
  const isTreated = !waits(state);
  const isLit =
    !isCurrent && passages.some((one) => lit.has(refKey(one)) || (block !== null && one.blocks.includes(block)));
  const names = passages.slice(0, namesShown);
  const others = passages.length - names.length;
  const whole = wholeCluster(row);
  return (
    <div className="board-row" data-last={row.isLast || undefined}>
      <article
        ref={ref}
        className="board-passage"
        data-treated={isTreated || undefined}
        data-linked={isLit || undefined}
        data-follows={!row.isFirst || undefined}
        data-marked={marked || undefined}
        tabIndex={isCurrent ? 0 : -1}
        aria-current={isCurrent || undefined}
        {...(isCurrent ? { 'data-pane-focus': true } : {})}
        aria-label={`${names.map(({ delegation, passage }) => `${delegation} ${passage}`).join(', ')}. ${t(`merging.state.${state}`)}`}
        draggable
        {...handlers}
      >
        <div className="board-passage-side">
          {names.map((one) => (
            <span key={refKey(one)} className="merge-ref">
              <b>{one.delegation}</b> {one.passage}
            </span>
          ))}
          {others > 0 ? <span className="merge-ref">{t('merging.cluster.more', { count: others })}</span> : null}
        </div>
        <div>
          <p className="merge-text" dir="auto" lang={row.cluster.language}>
            <PassageText content={first.content} difference={first.difference} />
          </p>
          <div className="board-passage-foot">
            {state === 'untreated' ? null : <StateSign state={state} />}
            {tellsNew && passages.some(({ isNew }) => isNew) ? (
              <span className="merge-state" data-tone="accent">
                <Sparkles size={12} aria-hidden />
                {t('merging.new.mark')}
              </span>
            ) : null}
            {isCurrent && !isTreated && whole.length > passages.length ? (
              <Button size="small" variant="quiet" onPress={() => void treating.take(whole)}>
                {t('merging.act.takeForAll', { count: whole.length })}
              </Button>
            ) : null}
            {isCurrent ? (
              <IconButton
                icon={BookOpenText}
                size="small"
                label={t('merging.passage.inLedger')}
                onPress={() => go({ view: 'merge', merge: id, tab: 'ledger', place: refKey(first) })}
              />
            ) : null}
            <label className="merge-state board-marking">
              <input
                type="checkbox"
                className="board-mark"
                tabIndex={isCurrent ? 0 : -1}
                checked={marked}
                onChange={() => toggleMarks(passages)}
              />
              {t('merging.mark')}
            </label>
          </div>
        </div>
      </article>
      {isLast ? <p className="board-end">{t('merging.board.end')}</p> : null}
    </div>
  );
}
