/** What was joined or kept apart, each to be taken back: the lines themselves were never touched. */
import { useMemo } from 'react';
import { useText } from '../app/i18n.tsx';
import { Button } from '../ui/Button.tsx';
import { VirtualList } from '../ui/VirtualList.tsx';
import { useDone } from './done.ts';
import type { SessionData } from './session-data.ts';
import { Telling } from './Telling.tsx';

export function Joins({ data }: { readonly data: SessionData }) {
  const { t } = useText();
  const done = useDone(data);
  const { entries, joins, head } = data.view;
  const rows = useMemo(() => {
    const byId = new Map(entries.map((entry) => [entry.id, entry]));
    return joins
      .filter(({ removed }) => !removed)
      .map((join) => ({ join, told: join.entries.flatMap((id) => byId.get(id) ?? []) }));
  }, [entries, joins]);
  if (rows.length === 0) return null;
  return (
    <section>
      <h2>{t('room.together.done')}</h2>
      <VirtualList
        label={t('room.together.done')}
        className="room-joins"
        items={rows}
        keyOf={({ join }) => join.id}
        estimate={84}
        render={({ join, told }) => (
          <div className="room-join">
            <div>
              {told.map((entry) => (
                <Telling key={entry.id} entry={entry} timeZone={head.summary.timeZone} />
              ))}
            </div>
            <span className="room-quiet">{t(join.apart ? 'room.together.isApart' : 'room.together.isJoined')}</span>
            <Button
              size="small"
              variant="quiet"
              onPress={() =>
                void done(
                  t('room.together.takenBack'),
                  [{ op: 'remove', record: join.id, allHeads: join.allHeads }],
                  () => [{ op: 'restore', record: join.id }],
                )
              }
            >
              {t('room.together.back')}
            </Button>
          </div>
        )}
      />
    </section>
  );
}
