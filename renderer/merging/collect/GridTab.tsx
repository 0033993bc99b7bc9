/**
 * Who has answered what: delegations down, questions across, to be looked at rather than read. Colour says how many words,
 * a turned-down corner what is new since the last look, hatching what is missing.
 */
import { CheckCheck, FilePlus2, Inbox, Layers, TriangleAlert } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { MergeView } from '../../../shared/contract/merging/collection.ts';
import { useClient } from '../../app/client.ts';
import { useCommand } from '../../app/commands.ts';
import { useText } from '../../app/i18n.tsx';
import { toast, toastError } from '../../app/toasts.ts';
import { go, useView } from '../../app/view-state.ts';
import { Button } from '../../ui/Button.tsx';
import { CellGrid, type GridCellView } from '../../ui/CellGrid.tsx';
import { EmptyState } from '../../ui/Surface.tsx';
import { useMerge } from '../open-merge.ts';
import { AddReport, Adding } from './AddReport.tsx';
import { useAddFiles } from './add-files.ts';
import './collect.css';
import { DelegationPane } from './DelegationPane.tsx';
import { Expected } from './Expected.tsx';
import { Waiting } from './Waiting.tsx';

type GridRow = MergeView['grid'][number];

const rowPx = 34;

export function GridTab({ place }: { readonly place: string | null }) {
  const text = useText();
  const { t, number } = text;
  const client = useClient();
  const { id, view } = useMerge();
  const { summary, questions, grid, waiting, missing, entries } = view;
  const { pick } = useAddFiles();
  const [selected, setSelected] = useState<{ delegation: string; question: string | null } | null>(
    place === null ? null : { delegation: place, question: null },
  );
  const rows = useMemo(() => grid.toSorted((a, b) => text.compare(a.delegation, b.delegation)), [grid, text]);
  // Four steps of warmth between no words and the longest answer of the merge.
  const most = useMemo(() => Math.max(1, ...grid.flatMap((row) => row.cells.map(({ words }) => words))), [grid]);
  const hasNews = entries.some((entry) => entry.isNew && !entry.removed);
  const markSeen = (): void => {
    client.merging.markSeen({ merge: id }).then(() => toast({ text: t('merging.seen.done') }), toastError);
  };
  const takeAll = (): void => {
    client.merging
      .addSubmissions({ merge: id, submissions: waiting.map((one) => one.id) })
      .then((added) => toast({ text: t('merging.waiting.taken', { count: added.entries.length }) }), toastError);
  };
  useCommand(
    summary.mayCoordinate ? { id: 'merging.files', title: t('merging.files.add'), key: 'Ctrl+Alt+O', run: pick } : null,
  );
  useCommand(
    summary.mayCoordinate && waiting.length > 0
      ? { id: 'merging.waiting', title: t('merging.waiting.takeAll'), key: 'Ctrl+Alt+A', run: takeAll }
      : null,
  );
  useCommand(hasNews ? { id: 'merging.seen', title: t('merging.seen'), run: markSeen } : null);
  useCommand(
    selected === null
      ? null
      : {
          id: 'merging.entry.close',
          title: t('app.close'),
          key: 'Escape',
          hidden: true,
          run: () => setSelected(null),
        },
  );

  const cell = (row: GridRow, column: number): GridCellView => {
    const question = questions[column]!;
    const found = row.cells.find((one) => one.question === question.key);
    const state = found?.state ?? 'missing';
    const news = found?.isNew || (found?.toLookAt ?? 0) > 0;
    return {
      name: t('merging.grid.cell', {
        delegation: row.delegation,
        question: question.number,
        state,
        words: found?.words ?? 0,
        untreated: found?.untreated ?? 0,
        news: news ? 'yes' : 'no',
      }),
      tone: state,
      heat: state === 'answered' ? Math.min(4, Math.ceil((4 * (found?.words ?? 0)) / most)) : 0,
      content: (
        <>
          {state === 'answered' ? number(found?.words ?? 0) : state === 'empty' ? '0' : '–'}
          {news ? <span className="collect-news" /> : null}
        </>
      ),
    };
  };
  const rowAt = rows.findIndex((row) => row.delegation === selected?.delegation);
  return (
    <div className="collect">
      <header className="collect-head">
        {summary.mayCoordinate ? (
          <Button size="small" icon={FilePlus2} variant={rows.length === 0 ? 'primary' : 'plain'} onPress={pick}>
            {t('merging.files.add')}
          </Button>
        ) : null}
        {hasNews ? (
          <Button size="small" icon={CheckCheck} onPress={markSeen}>
            {t('merging.seen')}
          </Button>
        ) : null}
        <Expected />
        <span className="app-bar-gap" />
        {summary.untreated > 0 ? (
          <Button
            size="small"
            variant="primary"
            onPress={() => go({ view: 'merge', merge: id, tab: 'board', place: null })}
          >
            {t('merging.grid.toBoard')}
          </Button>
        ) : null}
      </header>
      <div className="collect-notices">
        <Adding />
        <AddReport onOpen={(delegation) => setSelected({ delegation, question: null })} />
        <Waiting onTakeAll={takeAll} />
      </div>
      {rows.length === 0 ? (
        <EmptyState
          icon={waiting.length > 0 ? Inbox : Layers}
          title={t('merging.grid.empty.title')}
          actions={
            waiting.length > 0 ? (
              <Button variant="primary" icon={Inbox} onPress={takeAll}>
                {t('merging.waiting.takeAll')}
              </Button>
            ) : (
              <Button variant="primary" icon={FilePlus2} onPress={pick}>
                {t('merging.files.add')}
              </Button>
            )
          }
        >
          {t('merging.grid.empty.detail')}
        </EmptyState>
      ) : (
        <>
          <CellGrid
            className="collect-grid"
            label={t('merging.grid')}
            corner={t('merging.grid.corner', { delegations: rows.length, missing: missing.length })}
            columns={questions.map((question) => ({
              id: question.key,
              name: `${question.number}. ${question.text}`,
              label: (
                <>
                  <b>{question.number}</b>
                  {t('merging.grid.of', { answered: question.answered, of: rows.length })}
                </>
              ),
            }))}
            rows={rows.map((row) => ({ id: row.delegation, name: row.delegation, label: <RowHead row={row} /> }))}
            cell={(row, column) => cell(rows[row]!, column)}
            rowPx={rowPx}
            selected={
              rowAt < 0 || selected === null
                ? null
                : { row: rowAt, column: questions.findIndex((one) => one.key === selected.question) }
            }
            onOpen={(row, column) => {
              setSelected({ delegation: rows[row]!.delegation, question: questions[column]?.key ?? null });
              useView.setState({ marginOpen: true });
            }}
          />
          <p className="collect-legend" aria-hidden>
            <span>
              <i data-heat="4" /> {t('merging.legend.words')}
            </span>
            <span>
              <i>
                <span className="collect-news" />
              </i>
              {t('merging.legend.news')}
            </span>
            <span>
              <i data-tone="missing" /> {t('merging.legend.missing')}
            </span>
            {missing.length > 0 ? (
              <span>
                <TriangleAlert size={13} /> {t('merging.missing', { count: missing.length, names: text.list(missing) })}
              </span>
            ) : null}
          </p>
        </>
      )}
      {selected === null ? null : (
        <DelegationPane
          delegation={selected.delegation}
          question={selected.question}
          onClose={() => setSelected(null)}
          onMoved={(delegation) => setSelected({ ...selected, delegation })}
        />
      )}
    </div>
  );
}

function RowHead({ row }: { readonly row: GridRow }) {
  const { t } = useText();
  const { view } = useMerge();
  const own = view.entries.filter((entry) => row.entries.includes(entry.id));
  const problems = own.reduce((sum, entry) => sum + entry.problems.length, 0);
  return (
    <>
      <bdi className="collect-name">{row.delegation}</bdi>
      <span className="collect-row-signs">
        {own.length > 1 ? <span title={t('merging.grid.texts', { count: own.length })}>×{own.length}</span> : null}
        {row.language === view.summary.language ? null : <span>{row.language.toUpperCase()}</span>}
        {problems > 0 ? (
          <span data-tone="warn" title={t('merging.grid.problems', { count: problems })}>
            <TriangleAlert size={12} aria-label={t('merging.grid.problems', { count: problems })} />
          </span>
        ) : null}
      </span>
    </>
  );
}
