/** The channels of a circle: where each stands, how far it is, what it waits for, and what can be done about it. */
import { Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { ChannelView } from '../../shared/contract/channels.ts';
import type { CircleView } from '../../shared/contract/circles.ts';
import { WorkbenchError } from '../../shared/contract/errors.ts';
import { useClient } from '../app/client.ts';
import { describeError } from '../app/ErrorNotice.tsx';
import { useText, type TextTools } from '../app/i18n.tsx';
import { toast, toastError } from '../app/toasts.ts';
import { Button } from '../ui/Button.tsx';
import { MoreMenu } from '../ui/Menu.tsx';
import { Facts, Notice, Progress } from '../ui/Surface.tsx';
import { ConnectForm } from './ConnectForm.tsx';
import { channelIcons, stateLooks } from './looks.ts';

export function Channels({ circle }: { readonly circle: CircleView }) {
  const { t } = useText();
  /** The channel being described: a new one, or the one that is to take its place. */
  const [form, setForm] = useState<{ readonly replaces: ChannelView | null } | null>(null);
  const { channels } = circle;
  return (
    <section className="exchange-channels">
      <h3>{t('exchange.channels')}</h3>
      {channels.length === 0 ? <p className="wb-hint">{t('exchange.channels.none')}</p> : null}
      {channels.length > 0 ? (
        <ul>
          {channels.map((channel) => (
            <li key={channel.id}>
              <Channel circle={circle} channel={channel} onReplace={() => setForm({ replaces: channel })} />
            </li>
          ))}
        </ul>
      ) : null}
      {form ? (
        <ConnectForm circle={circle} replaces={form.replaces} onClose={() => setForm(null)} />
      ) : (
        <div>
          <Button size="small" icon={Plus} onPress={() => setForm({ replaces: null })}>
            {t(channels.length === 0 ? 'exchange.channel.first' : 'exchange.channel.add')}
          </Button>
        </div>
      )}
    </section>
  );
}

interface ChannelProps {
  readonly circle: CircleView;
  readonly channel: ChannelView;
  readonly onReplace: () => void;
}

function Channel({ circle, channel, onReplace }: ChannelProps) {
  const text = useText();
  const { t, moment, bytes } = text;
  const client = useClient();
  const Icon = channelIcons[channel.kind];
  const disconnect = (): void => {
    client.circles
      .disconnect({ circle: circle.id, channel: channel.id })
      .then(() => toast({ text: t('exchange.channel.disconnected', { place: channel.place }) }), toastError);
  };
  const traffic = channel.sentBytes + channel.receivedBytes;
  return (
    <div className="exchange-channel">
      <Icon size={16} aria-hidden className="exchange-channel-icon" />
      <div className="exchange-channel-text">
        <p className="exchange-channel-place">
          <span className="wb-quiet">{t(`exchange.kind.${channel.kind}`)}</span>{' '}
          <bdi className="exchange-remote">{channel.place}</bdi>
        </p>
        {channel.progress ? (
          <ChannelProgress progress={channel.progress} />
        ) : (
          <p className="exchange-channel-state" data-tone={stateLooks[channel.state].tone}>
            {t(`exchange.channel.state.${channel.state}`, {
              count: channel.unsentChanges,
              size: bytes(channel.unsentBytes),
              since: channel.awaySince ? moment(channel.awaySince) : '_',
            })}
          </p>
        )}
        {channel.reason ? <Reason channel={channel} /> : null}
        {channel.asks ? <Asks circle={circle} channel={channel} asks={channel.asks} /> : null}
        <p className="wb-hint">
          <Facts
            items={[
              channel.nextTryAt && channel.failures > 0
                ? t('exchange.channel.next', { when: moment(channel.nextTryAt) })
                : null,
              channel.lastExchange ? t('exchange.channel.last', { when: moment(channel.lastExchange) }) : null,
              channel.pushes ? t('exchange.channel.pushes') : null,
              traffic > 0
                ? t('exchange.channel.traffic', {
                    sent: bytes(channel.sentBytes),
                    received: bytes(channel.receivedBytes),
                  })
                : null,
            ]}
          />
        </p>
      </div>
      <MoreMenu
        label={t('exchange.channel.actions', { place: channel.place })}
        actions={[
          { id: 'replace', label: t('exchange.channel.replace'), icon: Pencil, run: onReplace },
          {
            id: 'disconnect',
            label: t('exchange.channel.disconnect'),
            icon: Trash2,
            danger: true,
            separated: true,
            run: disconnect,
          },
        ]}
      />
    </div>
  );
}

/** `Receiving: 1.2 MB of 4 MB, about 2 minutes left`. */
function ChannelProgress({ progress }: { readonly progress: NonNullable<ChannelView['progress']> }) {
  const text = useText();
  const { t, bytes } = text;
  const { doing, done, total, doneBytes, totalBytes, secondsLeft } = progress;
  const byBytes = totalBytes > 0;
  return (
    <Progress
      label={t(`exchange.doing.${doing}`)}
      done={byBytes ? doneBytes : done}
      total={byBytes ? totalBytes : total}
      detail={[
        byBytes ? t('exchange.progress.bytes', { done: bytes(doneBytes), total: bytes(totalBytes) }) : null,
        secondsLeft === null ? null : t('exchange.progress.left', { time: duration(text, secondsLeft) }),
      ]
        .filter(Boolean)
        .join(', ')}
    />
  );
}

function duration({ intl }: TextTools, seconds: number): string {
  const [value, unit] =
    seconds < 90 ? [Math.max(1, Math.round(seconds)), 'second'] : [Math.round(seconds / 60), 'minute'];
  return intl.formatNumber(value as number, { style: 'unit', unit: unit as string, unitDisplay: 'long' });
}

function Reason({ channel }: { readonly channel: ChannelView }) {
  const text = useText();
  const { reason } = channel;
  if (!reason) return null;
  const page = typeof reason.data['page'] === 'string' ? reason.data['page'] : '';
  return (
    <Notice tone={channel.state === 'trouble' ? 'bad' : 'warn'}>
      {describeError(text, new WorkbenchError(reason.code, reason.message, reason.data), channel.place)}
      {page === '' ? null : (
        <details className="app-error-details">
          <summary>{text.t('exchange.channel.answered')}</summary>
          <code dir="auto">{page}</code>
        </details>
      )}
    </Notice>
  );
}

function Asks({
  circle,
  channel,
  asks,
}: {
  readonly circle: CircleView;
  readonly channel: ChannelView;
  readonly asks: NonNullable<ChannelView['asks']>;
}) {
  const { t, bytes } = useText();
  const client = useClient();
  const allow = (): void => {
    client.circles.allow({ circle: circle.id, channel: channel.id }).catch(toastError);
  };
  return (
    <Notice
      tone="accent"
      actions={
        <Button size="small" variant="primary" onPress={allow}>
          {t('exchange.asks.allow')}
        </Button>
      }
    >
      {t('exchange.asks', {
        send: asks.sendBytes > 0 ? bytes(asks.sendBytes) : '_',
        receive: asks.receiveBytes > 0 ? bytes(asks.receiveBytes) : '_',
      })}
    </Notice>
  );
}
