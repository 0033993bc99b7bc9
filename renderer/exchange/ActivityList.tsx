/** What was sent and received, newest first. */
import { ArrowDownToLine, ArrowUpFromLine, CloudOff, FolderCheck, TriangleAlert, UserPlus } from 'lucide-react';
import type { activity, CircleView } from '../../shared/contract/circles.ts';
import type { z } from '../../shared/contract/schema.ts';
import { useText } from '../app/i18n.tsx';
import { useLoaded } from '../app/use-loaded.ts';
import { VirtualList } from '../ui/VirtualList.tsx';

type Activity = z.output<typeof activity>;

const icons = {
  sent: ArrowUpFromLine,
  received: ArrowDownToLine,
  trouble: TriangleAlert,
  joined: UserPlus,
  away: CloudOff,
  back: FolderCheck,
} as const;

export function ActivityList({ circles }: { readonly circles: readonly CircleView[] }) {
  const { t } = useText();
  const activities = useLoaded(
    async (client) => (await client.circles.activities({ limit: 200 })).activities,
    [],
    (client, reload) => client.circles.on('activity', reload),
  );
  const items = (activities.data ?? []).toSorted((a, b) => b.at.localeCompare(a.at));
  return (
    <div className="exchange-activity">
      <h2 className="app-list-head">{t('exchange.activity')}</h2>
      {activities.data && items.length === 0 ? <p className="exchange-none">{t('exchange.activity.none')}</p> : null}
      {items.length > 0 ? (
        <VirtualList
          label={t('exchange.activity')}
          items={items}
          keyOf={(item, index) => `${item.at} ${items.length - index}`}
          estimate={52}
          render={(item) => (
            <Row item={item} circleName={circles.find((circle) => circle.id === item.circle)?.name ?? ''} />
          )}
        />
      ) : null}
    </div>
  );
}

function Row({ item, circleName }: { readonly item: Activity; readonly circleName: string }) {
  const { t, moment, bytes } = useText();
  const Icon = icons[item.kind];
  return (
    <div className="exchange-activity-row" data-kind={item.kind}>
      <Icon size={14} aria-hidden />
      <div>
        <p className="exchange-activity-head">
          <b>{t(`exchange.activity.${item.kind}`)}</b> <bdi>{circleName}</bdi>
          <time dateTime={item.at} dir="auto">
            {moment(item.at)}
          </time>
        </p>
        {item.changes > 0 ? (
          <p className="wb-hint">{t('exchange.activity.amount', { changes: item.changes, size: bytes(item.bytes) })}</p>
        ) : null}
        {item.text && (item.kind === 'trouble' || item.kind === 'joined') ? (
          <p>
            <bdi>{item.text}</bdi>
          </p>
        ) : null}
      </div>
    </div>
  );
}
