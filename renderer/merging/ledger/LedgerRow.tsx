/** One passage in the ledger: whose it is, its words against those of the common text, what became of it and by whom. */
import { CircleMinus, LayoutPanelLeft, Lock, MessageSquareLock, RotateCcw, ThumbsUp } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { LedgerRow as Row } from '../../../shared/contract/merging/ledger-row.ts';
import { isMessageId } from '../../../shared/i18n/messages.ts';
import { useClient } from '../../app/client.ts';
import { DifferenceText } from '../../app/InlineText.tsx';
import { useText } from '../../app/i18n.tsx';
import { toastError } from '../../app/toasts.ts';
import { go } from '../../app/view-state.ts';
import { IconButton } from '../../ui/Button.tsx';
import { lookAt, useBoard } from '../board/board-state.ts';
import { useMerge } from '../open-merge.ts';
import { WholeText } from '../parts/PassageText.tsx';
import { ReasonForm } from '../parts/ReasonForm.tsx';
import { StateSign } from '../parts/StateSign.tsx';
import { waits } from '../parts/passage-state.ts';
import { DisputeCard } from './DisputeCard.tsx';
import { Remark } from './Remark.tsx';

export function LedgerRow({
  row,
  isCurrent,
  isStop,
  moved,
  onFocus,
  onStep,
  onSeen,
}: {
  readonly row: Row;
  readonly isCurrent: boolean;
  readonly isStop: boolean;
  /** Counts up when a key moved to a row, which then takes the focus. */
  readonly moved: number;
  readonly onFocus: () => void;
  readonly onStep: (by: number) => void;
  /** The last row that is loaded came into sight. */
  readonly onSeen: (() => void) | null;
}) {
  const { t, moment, list } = useText();
  const { merging } = useClient();
  const { id, view, act, reload } = useMerge();
  const [remarking, setRemarking] = useState(false);
  const [setting, setSetting] = useState(false);
  const root = useRef<HTMLElement>(null);
  const seen = useRef(moved - (isCurrent ? 1 : 0));
  useEffect(() => {
    if (!isCurrent || seen.current === moved) return;
    seen.current = moved;
    root.current?.focus({ preventScroll: true });
  }, [isCurrent, moved]);
  useEffect(() => {
    onSeen?.();
  }, [onSeen]);

  const mayCoordinate = view.summary.mayCoordinate;
  const ref = { entry: row.entry, passage: row.passage, heads: row.heads };
  const takeBack = (): void =>
    void act(merging.untreat({ merge: id, passages: [ref] }), t('merging.did.untreat', { count: 1 }));
  const confirm = (): void =>
    void act(merging.confirmUnchangedDecision({ merge: id, passages: [ref] }), t('merging.did.confirm', { count: 1 }));
  // What belongs to no question (a covering letter) is not on the board; here everything can be set aside.
  const mayBeSetAside = mayCoordinate && waits(row.state) && row.state !== 'disputed';
  const closeReason = (): void => {
    setSetting(false);
    root.current?.focus();
  };
  const setAside = async (reason: string): Promise<boolean> => {
    const done = await act(
      merging.setAside({ merge: id, passages: [ref], reason }),
      t('merging.did.setAside', { count: 1 }),
    );
    if (done !== null) closeReason();
    return done !== null;
  };
  const toBoard = (): void => {
    const question = row.questions[0];
    if (question === undefined) {
      go({ view: 'merge', merge: id, tab: 'grid', place: row.delegation });
      return;
    }
    lookAt(question);
    useBoard.setState(({ moved: count }) => ({ row: `${row.entry}/${row.passage}`, moved: count + 1 }));
    go({ view: 'merge', merge: id, tab: 'board', place: question });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const keys: Readonly<Record<string, () => void>> = {
      ArrowDown: () => onStep(1),
      ArrowUp: () => onStep(-1),
      Enter: toBoard,
      ...(mayBeSetAside ? { x: () => setSetting(true) } : {}),
      ...(mayCoordinate ? { r: () => setRemarking(true), u: takeBack, v: confirm } : {}),
    };
    const run = keys[event.key];
    if (!run) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  };
  const why = `merging.untreated.${row.untreated}`;
  const differs = row.difference.some(({ op }) => op !== 'same');
  const isChanged = row.earlier !== null && !row.earlier.isSame && waits(row.state);
  return (
    <article
      ref={root}
      className="ledger-row"
      tabIndex={isStop ? 0 : -1}
      aria-current={isCurrent || undefined}
      {...(isCurrent ? { 'data-pane-focus': true } : {})}
      aria-label={`${row.delegation} ${row.passage}. ${t(`merging.state.${row.state}`)}`}
      onFocus={onFocus}
      onKeyDown={onKeyDown}
    >
      <div className="ledger-side">
        <span className="merge-ref">
          <b>{row.delegation}</b> {row.passage}
        </span>
        <span className="ledger-note">
          {row.questions.length === 0
            ? t('merging.ledger.noQuestion')
            : t('merging.ledger.of', { questions: list([...row.questions]) })}
        </span>
      </div>
      <div className="ledger-body">
        <p className="merge-text" dir="auto" lang={row.language}>
          {row.marker ? `${row.marker} ` : ''}
          {differs ? <DifferenceText difference={row.difference} /> : <WholeText content={row.content} />}
        </p>
        {isChanged && row.earlier ? (
          <p className="ledger-note">
            {t('merging.earlier')}{' '}
            <span className="merge-text" dir="auto">
              <DifferenceText difference={row.earlier.difference} />
            </span>
          </p>
        ) : null}
        {row.state === 'disputed' ? <DisputeCard row={row} /> : null}
        {setting ? <ReasonForm count={1} onReason={setAside} onClose={closeReason} /> : null}
        {row.remark || remarking ? (
          <Remark
            remark={row.remark}
            isEditing={remarking}
            onEdit={() => setRemarking(true)}
            onSave={(body) => {
              setRemarking(false);
              merging
                .remark({ entry: row.entry, passage: row.passage, body })
                .then(reload, toastError)
                .finally(() => root.current?.focus());
            }}
            onClose={() => {
              setRemarking(false);
              root.current?.focus();
            }}
          />
        ) : null}
      </div>
      <div className="ledger-side">
        <StateSign state={row.state} />
        {row.state === 'untreated' && isMessageId(why) ? <span className="ledger-note">{t(why)}</span> : null}
        {row.reason ? (
          <span className="ledger-note" dir="auto">
            {row.reason}
          </span>
        ) : null}
        {row.decidedBy && row.decidedAt ? (
          <span className="ledger-note">
            {t('merging.decided', {
              name: row.decidedBy.me ? t('app.you') : row.decidedBy.name || row.decidedBy.delegation,
              at: moment(row.decidedAt),
            })}
          </span>
        ) : null}
      </div>
      <div className="ledger-tools">
        <IconButton
          icon={LayoutPanelLeft}
          size="small"
          label={t('merging.ledger.toBoard')}
          keys="Enter"
          onPress={toBoard}
        />
        {mayBeSetAside ? (
          <IconButton
            icon={CircleMinus}
            size="small"
            label={t('merging.setAside.command')}
            keys="x"
            onPress={() => setSetting(true)}
          />
        ) : null}
        {mayCoordinate && isChanged ? (
          <IconButton icon={ThumbsUp} size="small" label={t('merging.confirm.command')} keys="v" onPress={confirm} />
        ) : null}
        {mayCoordinate && row.decidedBy && row.state !== 'disputed' ? (
          <IconButton icon={RotateCcw} size="small" label={t('merging.untreat.command')} keys="u" onPress={takeBack} />
        ) : null}
        {mayCoordinate ? (
          <IconButton
            icon={row.remark ? Lock : MessageSquareLock}
            size="small"
            label={t('merging.remark.write')}
            keys="r"
            onPress={() => setRemarking(true)}
          />
        ) : null}
      </div>
    </article>
  );
}
