/** One circle: where it stands, its folder, its members, its invitation, what was set aside. */
import { Check, CircleHelp, CloudOff, FolderPen, Pause, RefreshCw, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { CircleView } from '../../shared/contract/circles.ts';
import { useClient } from '../app/client.ts';
import { useFolderPicker } from '../app/FolderPicker.tsx';
import { useText } from '../app/i18n.tsx';
import { toast, toastError } from '../app/toasts.ts';
import { Button } from '../ui/Button.tsx';
import { Notice } from '../ui/Surface.tsx';
import { BundleForm } from './BundleForm.tsx';
import { Invitation } from './Invitation.tsx';
import { Members } from './Members.tsx';
import { SetAsideList } from './SetAside.tsx';

const icons = {
  local: Check,
  'in-step': Check,
  exchanging: RefreshCw,
  unsent: RefreshCw,
  away: CloudOff,
  trouble: TriangleAlert,
  'waiting-for-permission': CircleHelp,
  paused: Pause,
} as const;

const tones = {
  local: 'neutral',
  'in-step': 'good',
  exchanging: 'accent',
  unsent: 'accent',
  away: 'warn',
  trouble: 'bad',
  'waiting-for-permission': 'warn',
  paused: 'neutral',
} as const;

export function CircleCard({ circle, isFresh }: { readonly circle: CircleView; readonly isFresh: boolean }) {
  const { t, moment, bytes } = useText();
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const { pick, dialog } = useFolderPicker((folder) => {
    client.circles
      .changeFolder({ circle: circle.id, folder: folder.grant })
      .then(() => toast({ text: t('exchange.folderchanged', { folder: folder.name }) }), toastError);
  });
  const sync = (): void => {
    setBusy(true);
    client.circles
      .sync({ circle: circle.id })
      .then(undefined, toastError)
      .finally(() => setBusy(false));
  };
  const Icon = icons[circle.state];
  return (
    <section className="wb-card exchange-circle" aria-label={circle.name}>
      <header className="exchange-circle-head">
        <h2>
          <bdi>{circle.name}</bdi>
        </h2>
        {circle.remote === '' ? null : (
          <Button size="small" icon={RefreshCw} onPress={sync} isDisabled={busy || circle.state === 'exchanging'}>
            {t('exchange.sync')}
          </Button>
        )}
      </header>
      <p className="exchange-state" data-tone={tones[circle.state]} role="status">
        <Icon size={15} aria-hidden />
        <span>
          {t(`exchange.state.${circle.state}`, {
            count: circle.unsentChanges,
            size: bytes(circle.unsentBytes),
            since: circle.awaySince ? moment(circle.awaySince) : '',
          })}
        </span>
      </p>
      <dl className="exchange-facts">
        <dt>{t('exchange.folder.at')}</dt>
        <dd>
          <bdi className="exchange-remote">{circle.remote || t('exchange.folder.none')}</bdi>
          <Button size="small" variant="quiet" icon={FolderPen} onPress={pick}>
            {circle.remote === '' ? t('exchange.folder.choose') : t('exchange.changefolder')}
          </Button>
        </dd>
        <dt>{t('exchange.last')}</dt>
        <dd>{circle.lastExchange ? moment(circle.lastExchange) : t('exchange.last.never')}</dd>
        <dt>{t('exchange.log')}</dt>
        <dd>{t('exchange.changes', { count: circle.changes })}</dd>
      </dl>
      <SetAside circle={circle} />
      <Members circle={circle} />
      <BundleForm circle={circle} />
      {circle.mayInvite ? <Invitation circle={circle} isOpenAtFirst={isFresh} /> : null}
      {dialog}
    </section>
  );
}

function SetAside({ circle }: { readonly circle: CircleView }) {
  const { t } = useText();
  if (circle.setAside.length === 0) return null;
  return (
    <section className="exchange-aside">
      <Notice tone="warn" title={t('exchange.setaside')}>
        {t('exchange.setaside.lead', { count: circle.setAside.length })}
        <SetAsideList items={circle.setAside} />
      </Notice>
    </section>
  );
}
