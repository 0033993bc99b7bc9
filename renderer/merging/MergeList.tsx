/** The merges of every circle, newest first, what has arrived for them, and how to begin one. */
import { Combine, FilePlus2, Inbox, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { MergeSummary } from '../../shared/contract/merging/collection.ts';
import { useClient } from '../app/client.ts';
import { useCommand } from '../app/commands.ts';
import { ErrorNotice } from '../app/ErrorNotice.tsx';
import { useText } from '../app/i18n.tsx';
import { toast, toastError } from '../app/toasts.ts';
import { useLoaded } from '../app/use-loaded.ts';
import { go } from '../app/view-state.ts';
import { WorkBar } from '../app/WorkBar.tsx';
import { Button } from '../ui/Button.tsx';
import { ListRow } from '../ui/ListRow.tsx';
import { MoreMenu } from '../ui/Menu.tsx';
import { Chip, EmptyState, Notice } from '../ui/Surface.tsx';
import './merging.css';
import { NewMerge } from './NewMerge.tsx';
import { ProgressLine } from './parts/ProgressLine.tsx';

export function MergeList() {
  const { t } = useText();
  const client = useClient();
  const merges = useLoaded(
    async (service) => (await service.merging.list({})).merges,
    [],
    (service, reload) => service.merging.on('listChanged', reload),
  );
  const arrived = useArrived();
  const [making, setMaking] = useState<'empty' | 'with arrived' | null>(null);
  const [loading, setLoading] = useState(false);
  const shown = (merges.data ?? [])
    .filter((merge) => !merge.removed)
    .toSorted((a, b) => (a.changedAt < b.changedAt ? 1 : -1));

  const loadSample = (): void => {
    setLoading(true);
    client.merging
      .loadSample({})
      .then((merge) => go({ view: 'merge', merge: merge.id, tab: 'grid', place: null }), toastError)
      .finally(() => setLoading(false));
  };
  useCommand({ id: 'merging.new', title: t('merging.new'), key: 'Ctrl+Alt+N', run: () => setMaking('empty') });
  useCommand({ id: 'merging.sample', title: t('merging.sample'), run: loadSample });
  useCommand(
    making
      ? { id: 'merging.new.close', title: t('app.cancel'), key: 'Escape', hidden: true, run: () => setMaking(null) }
      : null,
  );
  const buttons = (
    <>
      <Button icon={FilePlus2} variant="primary" onPress={() => setMaking('empty')}>
        {t('merging.new')}
      </Button>
      <Button onPress={loadSample} isDisabled={loading}>
        {loading ? t('merging.sample.loading') : t('merging.sample')}
      </Button>
    </>
  );
  return (
    <>
      <WorkBar
        title={t('app.merge')}
        meta={merges.data === null ? null : t('merging.list.count', { count: shown.length })}
        actions={
          shown.length === 0 ? null : (
            <>
              {shown.some((merge) => merge.sample) ? null : (
                <Button size="small" onPress={loadSample} isDisabled={loading}>
                  {t('merging.sample')}
                </Button>
              )}
              <Button size="small" variant="primary" icon={FilePlus2} onPress={() => setMaking('empty')}>
                {t('merging.new')}
              </Button>
            </>
          )
        }
      />
      <div className="app-scroll">
        {merges.error === null ? null : <ErrorNotice error={merges.error} onRetry={merges.reload} />}
        <div className="merge-list">
          {making ? <NewMerge withArrived={making === 'with arrived'} onClose={() => setMaking(null)} /> : null}
          {arrived > 0 && !making ? (
            <Notice
              tone="accent"
              actions={
                shown.length > 0 ? null : (
                  <Button size="small" icon={Inbox} onPress={() => setMaking('with arrived')}>
                    {t('merging.arrived.take')}
                  </Button>
                )
              }
            >
              {t('merging.arrived', { count: arrived })}
            </Notice>
          ) : null}
          {merges.data !== null && shown.length === 0 && !making ? (
            <EmptyState icon={Combine} title={t('merging.empty.title')} actions={buttons}>
              {t('merging.empty.detail')}
            </EmptyState>
          ) : (
            <ul>
              {shown.map((merge) => (
                <Row key={merge.id} merge={merge} />
              ))}
            </ul>
          )}
        </div>
      </div>
    </>
  );
}

/** Submissions of others that no merge has taken in. */
function useArrived(): number {
  const submissions = useLoaded(
    async (service) => (await service.merging.submissions({})).submissions,
    [],
    (service, reload) => [service.merging.on('submissionsChanged', reload), service.merging.on('listChanged', reload)],
  );
  return (submissions.data ?? []).filter(
    (one) => one.merges.length === 0 && one.withdrawn === null && one.supersededBy === null,
  ).length;
}

function Row({ merge }: { readonly merge: MergeSummary }) {
  const { t, moment, languageName } = useText();
  const client = useClient();
  const { title } = merge;
  const remove = (): void => {
    client.merging.remove({ merge: merge.id }).then(
      () =>
        toast({
          text: t('merging.removed', { title }),
          undo: () => void client.merging.restore({ merge: merge.id }).catch(toastError),
        }),
      toastError,
    );
  };
  const toGo = merge.untreated + merge.disputed;
  return (
    <ListRow
      label={title}
      title={title}
      lang={merge.language}
      facts={[
        merge.circleName,
        languageName(merge.language),
        t('merging.delegations', { count: merge.delegations }),
        t('merging.passages', { count: merge.passages }),
        t('merging.list.changed', { at: moment(merge.changedAt) }),
      ]}
      onOpen={() => go({ view: 'merge', merge: merge.id, tab: 'grid', place: null })}
      under={<ProgressLine passages={merge.passages} untreated={toGo} fresh={merge.disputed} />}
    >
      {merge.sample ? <Chip>{t('merging.list.sample')}</Chip> : null}
      {merge.done?.stands ? (
        <Chip tone="good">{t('merging.done')}</Chip>
      ) : merge.passages > 0 ? (
        <span className="merge-untreated" data-zero={toGo === 0 || undefined}>
          {t('merging.untreated', { count: toGo })}
        </span>
      ) : null}
      {merge.mayCoordinate ? (
        <MoreMenu
          label={t('merging.list.more', { title })}
          actions={[{ id: 'remove', label: t('merging.list.remove'), icon: Trash2, danger: true, run: remove }]}
        />
      ) : null}
    </ListRow>
  );
}
