/**
 * A merge: many delegations' texts into one common input, with an account of every paragraph. `renderer/merging/` shows it
 * in stations: `collect/` who answered what, `board/` what is common and the common text, `ledger/` what became of each
 * passage and the report of it, `agree/` stances, rules and silence, `positions/`, `output/`. The list of merges is
 * `MergeList.tsx`; submitting is the drafting feature's.
 */
import { useCallback, type ComponentType } from 'react';
import type { RecordId } from '../../shared/ids.ts';
import { ErrorNotice } from '../app/ErrorNotice.tsx';
import { useText } from '../app/i18n.tsx';
import { useStatusNote } from '../app/status-notes.ts';
import { go, type MergeTab } from '../app/view-state.ts';
import { WorkBar } from '../app/WorkBar.tsx';
import { Facts } from '../ui/Surface.tsx';
import { AgreeTab } from './agree/AgreeTab.tsx';
import { BoardTab } from './board/BoardTab.tsx';
import { useCollecting } from './collect/add-files.ts';
import { GridTab } from './collect/GridTab.tsx';
import { LedgerTab } from './ledger/LedgerTab.tsx';
import { ReportTab } from './ledger/ReportTab.tsx';
import { MergeCommands } from './MergeCommands.tsx';
import { MergeConflicts } from './MergeConflicts.tsx';
import { MergeTabs } from './MergeTabs.tsx';
import './merging.css';
import { OpenMergeProvider, useMerge, useOpening, type BlockEditor } from './open-merge.ts';
import { OutputTab } from './output/OutputTab.tsx';
import { PositionsTab } from './positions/PositionsTab.tsx';

export interface MergeViewProps {
  readonly merge: RecordId;
  readonly tab: MergeTab;
  readonly place: string | null;
  readonly Editor: BlockEditor;
}

export function MergeView({ merge: id, tab, place, Editor }: MergeViewProps) {
  const { t } = useText();
  const { loaded, merge } = useOpening(id, Editor);
  if (merge === null) {
    return (
      <>
        <WorkBar title={t('app.merge')} />
        {loaded.error === null ? (
          <p className="app-waiting" role="status">
            {t('app.loading')}
          </p>
        ) : (
          <ErrorNotice error={loaded.error} onRetry={loaded.reload} />
        )}
      </>
    );
  }
  return (
    <OpenMergeProvider value={merge}>
      <Stations tab={tab} place={place} />
    </OpenMergeProvider>
  );
}

const stations: Readonly<Record<MergeTab, ComponentType<{ readonly place: string | null }>>> = {
  grid: GridTab,
  board: BoardTab,
  ledger: LedgerTab,
  report: ReportTab,
  agree: AgreeTab,
  positions: PositionsTab,
  output: OutputTab,
};

function Stations({ tab, place }: { readonly tab: MergeTab; readonly place: string | null }) {
  const { t } = useText();
  const { id, view } = useMerge();
  const { summary } = view;
  useCollecting();
  const openLedger = useCallback(() => go({ view: 'merge', merge: id, tab: 'ledger', place: null }), [id]);
  const toGo = summary.untreated + summary.disputed;
  useStatusNote(
    summary.passages === 0
      ? null
      : {
          id: 'ledger',
          text: t('merging.status', { treated: summary.passages - toGo, untreated: toGo }),
          tone: toGo > 0 ? 'warn' : 'good',
          onPress: openLedger,
        },
  );
  const Station = stations[tab];
  return (
    <>
      <WorkBar
        title={summary.title}
        lang={summary.language}
        meta={
          <Facts
            items={[
              t('merging.delegations', { count: summary.delegations }),
              t('merging.passages', { count: summary.passages }),
            ]}
          />
        }
        actions={
          summary.passages === 0 ? null : (
            <span className="merge-untreated" data-zero={toGo === 0 || undefined}>
              {t('merging.untreated', { count: toGo })}
            </span>
          )
        }
      />
      <MergeTabs tab={tab} />
      <MergeCommands tab={tab} />
      <MergeConflicts />
      <Station place={place} />
    </>
  );
}
