/** Who holds what: paragraphs or questions down, delegations across; the evidence of a cell is one click away. */
import { Grid3x3 } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { PositionsView } from '../../../shared/contract/merging/positions.ts';
import { useCommand } from '../../app/commands.ts';
import { ErrorNotice } from '../../app/ErrorNotice.tsx';
import { useText } from '../../app/i18n.tsx';
import { useLoaded } from '../../app/use-loaded.ts';
import { useView } from '../../app/view-state.ts';
import { CellGrid, type GridCellView } from '../../ui/CellGrid.tsx';
import { EmptyState } from '../../ui/Surface.tsx';
import { Segments } from '../../ui/Switch.tsx';
import { Select } from '../../ui/Select.tsx';
import { useMerge } from '../open-merge.ts';
import { Evidence } from './Evidence.tsx';
import { Groups } from './Groups.tsx';
import './positions.css';
import { PositionSign } from './PositionSign.tsx';
import type { DocumentId } from '../../../shared/ids.ts';

type By = 'paragraph' | 'question' | 'document';

export function PositionsTab() {
  const { t, list } = useText();
  const { id, revision } = useMerge();
  const [by, setBy] = useState<By>('question');
  const [chosen, setChosen] = useState<DocumentId | ''>('');
  const works = useLoaded(async (client) => (await client.library.list({})).works, []);
  const documents = (works.data ?? []).flatMap((work) => work.documents).filter((one) => one.annotations > 0);
  const document = documents.find((one) => one.id === chosen)?.id ?? documents[0]?.id ?? null;
  const loaded = useLoaded(
    async (client) =>
      by === 'document' && document === null
        ? null
        : client.merging.positions({ merge: id, by, ...(by === 'document' && document ? { document } : {}) }),
    [id, by, document, revision],
  );
  const [selected, setSelected] = useState<{ row: string; delegation: string } | null>(null);
  useCommand(
    selected === null
      ? null
      : {
          id: 'merging.evidence.close',
          title: t('app.close'),
          key: 'Escape',
          hidden: true,
          run: () => setSelected(null),
        },
  );
  const view = loaded.data;
  const cells = useMemo(() => cellsOf(view), [view]);
  const cellAt = (row: string, delegation: string) => cells.get(`${row}\n${delegation}`);
  const cell = (all: PositionsView, row: number, column: number): GridCellView => {
    const delegation = all.delegations[column]!;
    const { key, label } = all.rows[row]!;
    const found = cellAt(key, delegation);
    if (!found) return { name: t('merging.positions.cell.none', { delegation, row: label }), content: null };
    return {
      name: t('merging.positions.cell', {
        delegation,
        row: label,
        position: t(`merging.position.${found.position}`),
        through: found.through.length > 0 ? list([...found.through]) : '_',
      }),
      content: <PositionSign position={found.position} isThrough={found.through.length > 0} />,
    };
  };
  const open = selected ? cellAt(selected.row, selected.delegation) : undefined;
  return (
    <div className="positions">
      <header className="collect-head">
        <Segments
          label={t('merging.positions.by')}
          hideLabel
          value={by}
          onChange={(next) => {
            setBy(next);
            setSelected(null);
          }}
          options={(['question', 'paragraph', 'document'] as const).map((one) => ({
            id: one,
            label: t(`merging.positions.by.${one}`),
          }))}
        />
        {by === 'document' && documents.length > 0 ? (
          <Select
            label={t('merging.positions.document')}
            hideLabel
            value={(document ?? '') as string}
            onChange={(next) => setChosen(next as DocumentId)}
            options={documents.map((one) => ({ id: one.id as string, label: one.symbol || one.title }))}
          />
        ) : null}
        <span className="app-bar-gap" />
        {view ? <Groups view={view} onChanged={loaded.reload} /> : null}
      </header>
      {loaded.error ? <ErrorNotice error={loaded.error} onRetry={loaded.reload} /> : null}
      {view !== null && view.rows.length > 0 && view.delegations.length > 0 ? (
        <CellGrid
          className="positions-grid"
          label={t('merging.tab.positions')}
          corner={t('merging.positions.corner', { rows: view.rows.length, delegations: view.delegations.length })}
          columns={view.delegations.map((name) => ({ id: name, name, label: <bdi>{name}</bdi> }))}
          rows={view.rows.map((row) => ({
            id: row.key,
            name: `${row.label} ${row.text}`,
            label: (
              <span className="positions-row" dir="auto">
                <b>{row.label}</b> {row.text}
              </span>
            ),
          }))}
          rowPx={44}
          selected={
            selected === null
              ? null
              : {
                  row: view.rows.findIndex((row) => row.key === selected.row),
                  column: view.delegations.indexOf(selected.delegation),
                }
          }
          cell={(row, column) => cell(view, row, column)}
          onOpen={(row, column) => {
            if (column < 0) return;
            setSelected({ row: view.rows[row]!.key, delegation: view.delegations[column]! });
            useView.setState({ marginOpen: true });
          }}
        />
      ) : loaded.loading ? (
        <p className="app-waiting" role="status">
          {t('app.loading')}
        </p>
      ) : (
        <EmptyState icon={Grid3x3} title={t('merging.positions.empty.title')}>
          {t(by === 'document' ? 'merging.positions.empty.document' : 'merging.positions.empty.detail')}
        </EmptyState>
      )}
      {selected === null || view === null ? null : (
        <Evidence
          delegation={selected.delegation}
          row={view.rows.find((row) => row.key === selected.row) ?? null}
          cell={open ?? null}
          onClose={() => setSelected(null)}
        />
      )}
    </div>
  );
}

export type PositionCell = PositionsView['cells'][number];

function cellsOf(view: PositionsView | null): ReadonlyMap<string, PositionCell> {
  return new Map((view?.cells ?? []).map((cell) => [`${cell.row}\n${cell.delegation}`, cell]));
}
