/** How long one may speak, by capacity. */
import { useState } from 'react';
import { capacities } from '../../../shared/contract/room/log.ts';
import type { SessionHead } from '../../../shared/contract/room/session.ts';
import { useText } from '../../app/i18n.tsx';
import { toastError } from '../../app/toasts.ts';
import { TextField } from '../../ui/TextField.tsx';
import type { SessionData } from '../session-data.ts';

export function Limits({ data }: { readonly data: SessionData }) {
  const { t } = useText();
  return (
    <section>
      <h2>{t('room.prepare.limits')}</h2>
      <div className="room-limits">
        {capacities.map((capacity) => (
          <Limit key={capacity} capacity={capacity} head={data.view.head} data={data} />
        ))}
      </div>
    </section>
  );
}

function Limit({
  capacity,
  head,
  data,
}: {
  readonly capacity: (typeof capacities)[number];
  readonly head: SessionHead;
  readonly data: SessionData;
}) {
  const { t } = useText();
  const seconds = head.limits[capacity];
  const [typed, setTyped] = useState(seconds === undefined ? '' : String(seconds / 60));
  const keep = (): void => {
    const minutes = Number(typed.replace(',', '.'));
    const next = typed.trim() === '' || !(minutes > 0) ? null : Math.round(minutes * 60);
    if (next === (seconds ?? null)) return;
    data
      .change({ op: 'setLimit', capacity, seconds: next, heads: head.heads[`limit:${capacity}`] ?? [] })
      .catch(toastError);
  };
  return (
    <TextField
      label={t('room.prepare.limits.minutes', { capacity: t(`room.capacity.${capacity}`) })}
      value={typed}
      onChange={setTyped}
      onBlur={keep}
    />
  );
}
