/** The keys of the board. They act on the row that one is at, or on what is marked. */
import type { BlockView } from '../../../shared/contract/drafts.ts';
import type { QuestionView } from '../../../shared/contract/merging/collection.ts';
import { useCommand } from '../../app/commands.ts';
import { useText } from '../../app/i18n.tsx';
import { toast } from '../../app/toasts.ts';
import { go } from '../../app/view-state.ts';
import { useMerge } from '../open-merge.ts';
import { actedOn, nextWaiting, wholeCluster, type BoardRow, type ClusterPassage } from './board-rows.ts';
import { goToRow, held, toggleMarks, useBoard } from './board-state.ts';
import type { Treating } from './use-treating.ts';

const thresholdStep = 50;

export function BoardCommands({
  rows,
  isLoading,
  questions,
  question,
  threshold,
  onThreshold,
  treating,
  answer,
}: {
  readonly rows: readonly BoardRow[];
  readonly isLoading: boolean;
  readonly questions: readonly QuestionView[];
  readonly question: string;
  readonly threshold: number;
  readonly onThreshold: (threshold: number) => void;
  readonly treating: Treating;
  readonly answer: readonly BlockView[];
}) {
  const { t } = useText();
  const { id } = useMerge();
  const at = (): number => rows.findIndex((row) => row.key === useBoard.getState().row);
  const current = (): BoardRow | undefined => rows[at()];
  /** What an action is about: what is marked, else the row. */
  const acted = (): readonly ClusterPassage[] => {
    const { marked } = useBoard.getState();
    const row = current();
    return marked.size > 0 ? [...marked.values()] : row ? actedOn(row) : [];
  };
  const look = (key: string): void => go({ view: 'merge', merge: id, tab: 'board', place: key });
  const move = (by: number): void => {
    const next = rows[Math.min(rows.length - 1, Math.max(0, at() + by))];
    if (next) goToRow(next.key);
  };
  const toNext = (): void => {
    // What is still being looked for may wait too.
    if (isLoading && rows.length === 0) return;
    const next = nextWaiting(rows, at());
    if (next >= 0) return goToRow(rows[next]!.key);
    const index = questions.findIndex((one) => one.key === question);
    const open = [...questions.slice(index + 1), ...questions.slice(0, index)].find(
      (one) => one.untreated + one.disputed > 0,
    );
    if (open) look(open.key);
    else toast({ text: t('merging.next.none') });
  };
  /** Does it, and goes on to what waits next. */
  const treat = (work: (passages: readonly ClusterPassage[]) => Promise<boolean>) => (): unknown => {
    const passages = acted();
    if (passages.length === 0) return false;
    const from = at();
    void work(passages).then((done) => {
      if (!done) return;
      const gone = new Set(passages.map((one) => `${one.entry}/${one.passage}`));
      const left = rows.map((row) =>
        row.kind === 'wording'
          ? { ...row, passages: row.passages.filter((one) => !gone.has(`${one.entry}/${one.passage}`)) }
          : row,
      );
      const next = nextWaiting(left, from);
      if (next >= 0) goToRow(rows[next]!.key);
    });
    return true;
  };
  const turn = (by: number): void => {
    const next = questions[questions.findIndex((one) => one.key === question) + by];
    if (next) look(next.key);
  };
  /** The paragraph of the common text that is selected and belongs to this answer. */
  const block = (): BlockView | undefined => answer.find((one) => one.id === useBoard.getState().block);

  useCommand({ id: 'merging.next', title: t('merging.next'), key: 'n', run: toNext });
  useCommand({ id: 'merging.down', title: t('merging.down'), key: 'j', hidden: true, run: () => move(1) });
  useCommand({ id: 'merging.up', title: t('merging.up'), key: 'k', hidden: true, run: () => move(-1) });
  useCommand({ id: 'merging.question.next', title: t('merging.question.next'), key: ']', run: () => turn(1) });
  useCommand({ id: 'merging.question.previous', title: t('merging.question.previous'), key: '[', run: () => turn(-1) });
  useCommand({
    id: 'merging.take',
    title: t('merging.take.command'),
    key: 't',
    run: treat((passages) => treating.take(passages)),
  });
  useCommand({
    id: 'merging.takeForAll',
    title: t('merging.takeForAll.command'),
    key: 'Shift+T',
    run: treat((passages) => {
      const row = current();
      return treating.take(row?.kind === 'wording' ? wholeCluster(row) : passages);
    }),
  });
  useCommand({
    id: 'merging.bracket',
    title: t('merging.bracket.command'),
    key: 'b',
    run: treat((passages) => treating.bracket(passages)),
  });
  useCommand({
    id: 'merging.bracket.beside',
    title: t('merging.bracketBeside.command'),
    key: 'Shift+B',
    run: treat((passages) => {
      const into = block();
      return treating.bracket(passages, into ? { block: into.id } : {});
    }),
  });
  useCommand({
    id: 'merging.combine',
    title: t('merging.combine.command'),
    key: 'c',
    run: () => {
      const passages = acted();
      if (passages.length === 0) return false;
      useBoard.setState({ task: { kind: 'combine', passages, into: null, after: undefined } });
      return true;
    },
  });
  useCommand({
    id: 'merging.combine.into',
    title: t('merging.combineInto.command'),
    key: 'Shift+C',
    run: () => {
      const passages = acted();
      const into = block();
      if (passages.length === 0 || !into) return false;
      useBoard.setState({
        task: {
          kind: 'combine',
          passages,
          into: { block: into.id, content: into.content, heads: [...into.heads.text] },
          after: undefined,
        },
      });
      return true;
    },
  });
  useCommand({
    id: 'merging.setAside',
    title: t('merging.setAside.command'),
    key: 'x',
    run: () => {
      const passages = acted();
      if (passages.length === 0) return false;
      useBoard.setState({ task: { kind: 'setAside', passages: held(passages) } });
      return true;
    },
  });
  useCommand({
    id: 'merging.untreat',
    title: t('merging.untreat.command'),
    key: 'u',
    run: () => {
      const row = current();
      const passages = row ? row.passages : [];
      if (passages.length === 0) return false;
      void treating.takeBack(passages);
      return true;
    },
  });
  useCommand({
    id: 'merging.confirm',
    title: t('merging.confirm.command'),
    key: 'v',
    run: () => {
      const passages = acted();
      if (passages.length === 0) return false;
      void treating.confirm(passages);
      return true;
    },
  });
  useCommand({
    id: 'merging.mark',
    title: t('merging.mark.command'),
    key: 'm',
    run: () => {
      const row = current();
      if (!row) return false;
      toggleMarks(row.passages);
      return true;
    },
  });
  useCommand({
    id: 'merging.finer',
    title: t('merging.finer'),
    key: '+',
    run: () => onThreshold(threshold + thresholdStep),
  });
  useCommand({
    id: 'merging.coarser',
    title: t('merging.coarser'),
    key: '-',
    run: () => onThreshold(threshold - thresholdStep),
  });
  useCommand({
    id: 'merging.row.leave',
    title: t('app.close'),
    key: 'Escape',
    hidden: true,
    run: () => {
      const { marked, block: lit } = useBoard.getState();
      // One step at a time: what is marked, then what is lit, then back.
      if (marked.size > 0) useBoard.setState({ marked: new Map() });
      else if (lit !== null) useBoard.setState({ block: null });
      else return false;
      return true;
    },
  });
  return null;
}
