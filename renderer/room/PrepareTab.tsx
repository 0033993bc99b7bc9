/** Preparing: the session, its agenda, the texts under discussion, who is in the room, how long one may speak. */
import { useText } from '../app/i18n.tsx';
import { Notice } from '../ui/Surface.tsx';
import { About } from './prepare/About.tsx';
import { Agenda } from './prepare/Agenda.tsx';
import { Limits } from './prepare/Limits.tsx';
import { Seats } from './prepare/Seats.tsx';
import { Texts } from './prepare/Texts.tsx';
import type { SessionData } from './session-data.ts';

export function PrepareTab({ data }: { readonly data: SessionData }) {
  const { t, list } = useText();
  const { conflicts } = data.view.head;
  return (
    <div className="app-scroll">
      <div className="app-column room-prepare">
        {conflicts.map(({ field, values }) => (
          <Notice key={field} tone="warn">
            {t('room.conflict', { field, who: list(values.map(({ value, author }) => `${author.name}: ${value}`)) })}
          </Notice>
        ))}
        <About data={data} />
        <Agenda data={data} />
        <Texts data={data} />
        <Seats data={data} />
        <Limits data={data} />
      </div>
    </div>
  );
}
