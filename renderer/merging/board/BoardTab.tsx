/**
 * The board: questions at the left, what the delegations say on one of them in clusters in the middle (most shared first),
 * the common text at the right. What is selected on one side lights its counterpart on the other.
 */
import { LayoutPanelLeft } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useClient } from '../../app/client.ts';
import { ErrorNotice } from '../../app/ErrorNotice.tsx';
import { useText } from '../../app/i18n.tsx';
import { toastError } from '../../app/toasts.ts';
import { useLoaded } from '../../app/use-loaded.ts';
import { go, useView } from '../../app/view-state.ts';
import { Button } from '../../ui/Button.tsx';
import { Slider } from '../../ui/Slider.tsx';
import { EmptyState, Progress } from '../../ui/Surface.tsx';
import { useMerge } from '../open-merge.ts';
import './board.css';
import { BoardCommands } from './BoardCommands.tsx';
import { boardRows, refKey } from './board-rows.ts';
import { lookAt, useBoard } from './board-state.ts';
import { ClusterList } from './ClusterList.tsx';
import { CommonPane } from './CommonPane.tsx';
import { QuestionList } from './QuestionList.tsx';
import { SetAsideBar } from './SetAsideBar.tsx';
import { useClusters } from './use-clusters.ts';
import { answerOf, useCommonText } from './use-common-text.ts';
import { useTreating } from './use-treating.ts';

/** A pause of this length keeps the similarity for all coordinators. */
const keepAfterMs = 600;

export function BoardTab({ place }: { readonly place: string | null }) {
  const { t } = useText();
  const client = useClient();
  const { id, view, revision } = useMerge();
  const { questions, summary } = view;
  const question = questions.find((one) => one.key === place) ?? firstToDo(questions);
  const key = question?.key ?? '';
  useEffect(() => lookAt(key), [key]);
  const [threshold, setThreshold] = useState(summary.threshold);
  // While a hand is at it, what comes back of an earlier step must not move it.
  const keeping = useRef(0);
  useEffect(() => {
    if (keeping.current === 0) setThreshold(summary.threshold);
  }, [summary.threshold]);
  const clusters = useClusters(key, threshold);
  const rows = useMemo(() => boardRows(clusters.found?.clusters ?? []), [clusters.found]);
  const treating = useTreating(key, clusters.apply);
  const common = useCommonText(summary.draft);
  const answer = useMemo(
    () => answerOf(common.blocks ?? [], question?.block ?? null),
    [common.blocks, question?.block],
  );
  const sources = useLoaded(async (service) => (await service.merging.sources({ merge: id })).blocks, [id, revision]);
  const sourcesOf = useMemo(
    () => new Map((sources.data ?? []).map((entry) => [entry.block, entry.sources])),
    [sources.data],
  );
  const block = useBoard((state) => state.block);
  const lit = useMemo(
    () => new Set((block === null ? [] : (sourcesOf.get(block) ?? [])).map(refKey)),
    [block, sourcesOf],
  );
  const marginOpen = useView((state) => state.marginOpen);
  const task = useBoard((state) => state.task.kind);
  // What is written stands in the common text; a drawer that hides it comes out for that.
  useEffect(() => {
    if (task === 'combine' && !marginOpen) useView.setState({ marginOpen: true });
  }, [task, marginOpen]);

  if (question === undefined || summary.passages === 0) {
    return (
      <EmptyState
        icon={LayoutPanelLeft}
        title={t('merging.board.empty.title')}
        actions={
          <Button variant="primary" onPress={() => go({ view: 'merge', merge: id, tab: 'grid', place: null })}>
            {t('merging.board.empty.collect')}
          </Button>
        }
      >
        {t('merging.board.empty.detail')}
      </EmptyState>
    );
  }
  const changeThreshold = (next: number): void => {
    const kept = Math.min(1000, Math.max(0, next));
    setThreshold(kept);
    if (!summary.mayCoordinate) return;
    window.clearTimeout(keeping.current);
    keeping.current = window.setTimeout(() => {
      keeping.current = 0;
      client.merging.change({ merge: id, threshold: kept }).catch(toastError);
    }, keepAfterMs);
  };
  const found = clusters.found;
  return (
    <div className="board">
      <QuestionList current={key} onChoose={(next) => go({ view: 'merge', merge: id, tab: 'board', place: next })} />
      <header className="board-head">
        <h2 dir="auto" title={question.text}>
          {question.number}. {question.text}
        </h2>
        <div className="board-head-end">
          <span role="status">
            {found === null
              ? t('app.loading')
              : t('merging.board.found', { passages: found.passages, clusters: found.clusters.length })}
          </span>
          <span className="merge-untreated" data-zero={question.untreated + question.disputed === 0 || undefined}>
            {t('merging.untreated', { count: question.untreated + question.disputed })}
          </span>
          <Slider
            label={t('merging.board.similarity')}
            value={threshold}
            min={100}
            max={900}
            step={10}
            valueText={(threshold / 1000).toFixed(2)}
            onChange={setThreshold}
            onChangeEnd={changeThreshold}
          />
        </div>
      </header>
      <SetAsideBar treating={treating} />
      {clusters.progress !== null && clusters.progress.total > 0 ? (
        <div className="board-progress">
          <Progress
            label={t('merging.board.finding')}
            done={clusters.progress.done}
            total={clusters.progress.total}
            onCancel={clusters.stop}
            cancelLabel={t('app.cancel')}
          />
        </div>
      ) : null}
      {clusters.stopped ? (
        <div className="board-progress merge-actions">
          <span>{t('merging.board.stopped')}</span>
          <Button size="small" onPress={clusters.retry}>
            {t('app.retry')}
          </Button>
        </div>
      ) : null}
      {clusters.error ? <ErrorNotice error={clusters.error} onRetry={clusters.retry} /> : null}
      <ClusterList
        rows={rows}
        lit={lit}
        isBusy={clusters.loading}
        isEmpty={found !== null && rows.length === 0}
        treating={treating}
      />
      <BoardCommands
        rows={rows}
        isLoading={clusters.loading}
        questions={questions}
        question={key}
        threshold={threshold}
        onThreshold={changeThreshold}
        treating={treating}
        answer={answer}
      />
      <CommonPane
        question={question}
        answer={answer}
        common={common}
        sourcesOf={sourcesOf}
        rows={rows}
        treating={treating}
      />
    </div>
  );
}

/** Where there is something to do, in the order of the text. */
function firstToDo<Q extends { readonly untreated: number; readonly disputed: number; readonly passages: number }>(
  questions: readonly Q[],
): Q | undefined {
  return (
    questions.find((one) => one.untreated + one.disputed > 0) ??
    questions.find((one) => one.passages > 0) ??
    questions[0]
  );
}
