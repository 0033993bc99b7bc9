/** One circle: where it stands, its channels, its members, its invitation, what was set aside, what was erased. */
import { KeyRound, Pause, Play, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import type { CircleView } from '../../shared/contract/circles.ts';
import { useClient } from '../app/client.ts';
import { useCommand } from '../app/commands.ts';
import { useText } from '../app/i18n.tsx';
import { toast, toastError } from '../app/toasts.ts';
import { Button } from '../ui/Button.tsx';
import { MoreMenu } from '../ui/Menu.tsx';
import { Notice } from '../ui/Surface.tsx';
import { BundleForm } from './BundleForm.tsx';
import { Channels } from './Channels.tsx';
import { Erasures } from './Erasures.tsx';
import { Invitation } from './Invitation.tsx';
import { stateLooks } from './looks.ts';
import { Members } from './Members.tsx';
import { SetAsideList } from './SetAside.tsx';

export function CircleCard({ circle, isFresh }: { readonly circle: CircleView; readonly isFresh: boolean }) {
  const { t, moment, bytes } = useText();
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const { id, name, paused } = circle;
  const sync = (): void => {
    setBusy(true);
    client.circles
      .sync({ circle: id })
      .then(undefined, toastError)
      .finally(() => setBusy(false));
  };
  const setPaused = (): void => {
    const change = paused ? client.circles.resume({ circle: id }) : client.circles.pause({ circle: id });
    change.catch(toastError);
  };
  const rotate = (): void => {
    client.circles
      .rotateKey({ circle: id })
      .then(() => toast({ text: t('exchange.key.rotated', { name }) }), toastError);
  };
  const pauseWords = t(paused ? 'exchange.resume' : 'exchange.pause');
  const pauseIcon = paused ? Play : Pause;
  const hasChannels = circle.channels.length > 0;
  useCommand(
    hasChannels
      ? { id: `exchange.pause.${id}`, title: t('exchange.pause.named', { what: pauseWords, name }), run: setPaused }
      : null,
  );
  const { icon: Icon, tone } = stateLooks[circle.state];
  return (
    <section className="wb-card exchange-circle" aria-label={name}>
      <header className="exchange-circle-head">
        <h2>
          <bdi>{name}</bdi>
        </h2>
        <div className="exchange-actions">
          {hasChannels ? (
            <>
              <Button
                size="small"
                icon={RefreshCw}
                onPress={sync}
                isDisabled={busy || paused || circle.state === 'exchanging'}
              >
                {t('exchange.sync')}
              </Button>
              <Button size="small" icon={pauseIcon} onPress={setPaused}>
                {pauseWords}
              </Button>
            </>
          ) : null}
          {circle.mayConfirm ? (
            <MoreMenu
              label={t('exchange.circle.actions', { name })}
              actions={[{ id: 'rotate', label: t('exchange.key.rotate'), icon: KeyRound, run: rotate }]}
            />
          ) : null}
        </div>
      </header>
      <p className="exchange-state" data-tone={tone} role="status">
        <Icon size={15} aria-hidden />
        <span>
          {t(`exchange.state.${circle.state}`, {
            count: circle.unsentChanges,
            size: bytes(circle.unsentBytes),
            since: circle.awaySince ? moment(circle.awaySince) : '',
          })}
        </span>
      </p>
      <p className="wb-hint">
        {t('exchange.log', {
          changes: circle.changes,
          when: circle.lastExchange ? moment(circle.lastExchange) : '_',
        })}
      </p>
      <Channels circle={circle} />
      <SetAside circle={circle} />
      <Members circle={circle} />
      <Erasures circle={circle} />
      <div className="exchange-circle-foot">
        <BundleForm circle={circle} />
        {circle.mayInvite ? <Invitation circle={circle} isOpenAtFirst={isFresh} /> : null}
      </div>
    </section>
  );
}

/** What stands in the way of a channel is shown there. */
function SetAside({ circle }: { readonly circle: CircleView }) {
  const { t } = useText();
  const isShown = ({ object, code }: CircleView['setAside'][number]): boolean =>
    circle.channels.some(({ place, reason }) => place === object && reason?.code === code);
  const items = circle.setAside.filter((each) => !isShown(each));
  if (items.length === 0) return null;
  return (
    <section className="exchange-aside">
      <Notice tone="warn" title={t('exchange.setaside')}>
        {t('exchange.setaside.lead', { count: items.length })}
        <SetAsideList items={items} members={circle.members} />
      </Notice>
    </section>
  );
}
