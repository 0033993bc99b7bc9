/** A copy of the session for another circle; nothing is there for whoever has only one. */
import { useState } from 'react';
import type { CircleId } from '../../shared/ids.ts';
import { useClient } from '../app/client.ts';
import { useText } from '../app/i18n.tsx';
import { toast, toastError } from '../app/toasts.ts';
import { useLoaded } from '../app/use-loaded.ts';
import { go } from '../app/view-state.ts';
import { Button } from '../ui/Button.tsx';
import { Select } from '../ui/Select.tsx';
import type { SessionData } from './session-data.ts';

export function Widen({ data }: { readonly data: SessionData }) {
  const { t } = useText();
  const client = useClient();
  const circles = useLoaded(async (service) => (await service.circles.list({})).circles, []);
  const { summary } = data.view.head;
  const others = (circles.data ?? []).filter(({ id }) => id !== summary.circle);
  const [chosen, setChosen] = useState<string | null>(null);
  const circle = others.find(({ id }) => id === chosen) ?? others[0];
  if (circle === undefined) return null;
  async function copy(to: { readonly id: CircleId; readonly name: string }): Promise<void> {
    const made = await client.room.widen({ session: summary.id, circle: to.id });
    toast({
      text: t('room.widen.done', { title: made.title, circle: to.name }),
      action: { label: t('room.widen.open'), run: () => go({ view: 'session', session: made.id, tab: 'log' }) },
    });
  }
  return (
    <section>
      <h2>{t('room.widen')}</h2>
      <p className="room-quiet">{t('room.widen.lead')}</p>
      <Select
        label={t('room.widen.circle')}
        value={circle.id as string}
        options={others.map(({ id, name }) => ({ id: id as string, label: name }))}
        onChange={setChosen}
      />
      <div className="room-buttons">
        <Button onPress={() => void copy(circle).catch(toastError)}>{t('room.widen.run')}</Button>
      </div>
    </section>
  );
}
