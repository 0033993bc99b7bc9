/**
 * Circles and their exchange through folders and bundles: who is in them, what is unsent, what was set aside and what to do about
 * it. `renderer/exchange/` shows what `circles` reports; it decides nothing.
 */
import { ArrowLeftRight, Lock, PackageOpen, LogIn, RefreshCw, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { pickBundles, useBundleImport } from '../app/bundle-import.ts';
import { useClient } from '../app/client.ts';
import { useCommand } from '../app/commands.ts';
import { ErrorNotice } from '../app/ErrorNotice.tsx';
import { useText } from '../app/i18n.tsx';
import { MarginPane } from '../app/panes.tsx';
import { toast, toastError } from '../app/toasts.ts';
import { useLoaded } from '../app/use-loaded.ts';
import { go } from '../app/view-state.ts';
import { WorkBar } from '../app/WorkBar.tsx';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/Surface.tsx';
import { ActivityList } from './ActivityList.tsx';
import { BundleReports } from './BundleReport.tsx';
import { CircleCard } from './CircleCard.tsx';
import { CreateCircle, JoinCircle } from './CircleForms.tsx';
import './exchange.css';
import { VerifyCard } from './VerifyCard.tsx';

type Form = 'none' | 'create' | 'join';

export function ExchangeView({ asksInvitation = false }: { readonly asksInvitation?: boolean }) {
  const { t } = useText();
  const client = useClient();
  const circles = useLoaded(
    async (service) => (await service.circles.list({})).circles,
    [],
    (service, reload) => service.circles.on('changed', reload),
  );
  const [form, setForm] = useState<Form>(asksInvitation ? 'join' : 'none');
  const [syncing, setSyncing] = useState(false);
  // The circle just made, whose invitation is offered at once.
  const [fresh, setFresh] = useState<string | null>(null);

  const shared = circles.data?.filter((circle) => !circle.personal || circle.companions) ?? [];
  const syncAll = (): void => {
    setSyncing(true);
    client.circles
      .sync({})
      .then((answer) => circles.set(answer.circles), toastError)
      .finally(() => setSyncing(false));
  };
  const arrived = (text: string, action?: { readonly label: string; readonly run: () => void }): void => {
    setForm('none');
    toast({ text, ...(action ? { action } : {}) });
    circles.reload();
  };

  const importing = useBundleImport((state) => state.running !== null);
  const importBundle = (): void => void pickBundles(client).catch(toastError);
  useCommand({ id: 'exchange.bundle.import', title: t('exchange.bundle.import'), run: importBundle });
  useCommand({ id: 'exchange.create', title: t('exchange.create'), run: () => setForm('create') });
  useCommand({ id: 'exchange.join', title: t('exchange.join'), run: () => setForm('join') });
  useCommand(
    form === 'none'
      ? null
      : { id: 'exchange.form.close', title: t('app.cancel'), key: 'Escape', hidden: true, run: () => setForm('none') },
  );

  const buttons = (
    <>
      <Button icon={UsersRound} onPress={() => setForm('create')} variant={shared.length === 0 ? 'primary' : 'plain'}>
        {t('exchange.create')}
      </Button>
      <Button icon={LogIn} onPress={() => setForm('join')}>
        {t('exchange.join')}
      </Button>
      {shared.length > 0 ? (
        <Button icon={PackageOpen} onPress={importBundle} isDisabled={importing}>
          {t('exchange.bundle.import')}
        </Button>
      ) : null}
    </>
  );

  return (
    <>
      <WorkBar
        title={t('exchange.title')}
        actions={
          shared.length > 1 ? (
            <Button icon={RefreshCw} size="small" onPress={syncAll} isDisabled={syncing}>
              {t('exchange.sync')}
            </Button>
          ) : null
        }
      />
      {shared.length > 0 ? (
        <MarginPane label={t('exchange.activity')}>
          <ActivityList circles={circles.data ?? []} />
        </MarginPane>
      ) : null}
      <div className="app-scroll">
        <div className="app-column exchange">
          {circles.error ? <ErrorNotice error={circles.error} onRetry={circles.reload} /> : null}
          <BundleReports />
          {form === 'create' ? (
            <CreateCircle
              onClose={() => setForm('none')}
              onCreated={(circle) => {
                setFresh(circle.id);
                arrived(t('exchange.created', { name: circle.name }));
              }}
            />
          ) : null}
          {form === 'join' ? (
            <JoinCircle
              onClose={() => setForm('none')}
              onJoined={(circle) =>
                arrived(t('exchange.joined', { name: circle.name }), {
                  label: t('exchange.joined.look'),
                  run: () => go({ view: 'shelf' }),
                })
              }
            />
          ) : null}
          {circles.data && shared.length === 0 && form === 'none' ? (
            <EmptyState icon={ArrowLeftRight} title={t('exchange.empty.title')} actions={buttons}>
              {t('exchange.empty.lead')}
            </EmptyState>
          ) : null}
          {shared.map((circle) => (
            <CircleCard key={circle.id} circle={circle} isFresh={circle.id === fresh} />
          ))}
          {shared.length > 0 && form === 'none' ? <div className="exchange-more">{buttons}</div> : null}
          <p className="exchange-personal">
            <Lock size={14} aria-hidden /> {t('exchange.personal')}
          </p>
          <VerifyCard />
        </div>
      </div>
    </>
  );
}
