/** Who has the floor and for how long: the one timer of the room, a tick a second, and none while nobody sees it. */
import { memo, useEffect, useState } from 'react';
import { limitFor, nextTickMs, readTimer } from '../../../shared/room/timing.ts';
import { useText } from '../../app/i18n.tsx';
import { useStatusNote } from '../../app/status-notes.ts';
import { Button } from '../../ui/Button.tsx';
import { useFloor, type Typing } from '../typing.ts';
import { minutesAndSeconds } from '../words.tsx';

function useNow(startedAt: number | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (startedAt === null) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tick = (): void => {
      clearTimeout(timer);
      setNow(Date.now());
      if (document.visibilityState === 'hidden') return;
      timer = setTimeout(tick, nextTickMs({ startedAt, limitSeconds: null }, Date.now()));
    };
    tick();
    document.addEventListener('visibilitychange', tick);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', tick);
    };
  }, [startedAt]);
  return now;
}

export const FloorTimer = memo(function FloorTimer({
  typing,
  limits,
  onStop,
}: {
  readonly typing: Typing;
  readonly limits: Readonly<Record<string, number>>;
  readonly onStop: () => void;
}) {
  const { t } = useText();
  const floor = useFloor(typing);
  const now = useNow(floor?.startedAt ?? null);
  const limitSeconds = floor === null ? null : limitFor(floor.capacity, limits);
  const reading = floor === null ? null : readTimer({ startedAt: floor.startedAt, limitSeconds }, now);
  const time = reading === null ? '' : minutesAndSeconds(reading.elapsedMs);
  useStatusNote(
    floor === null || reading === null
      ? null
      : {
          id: 'room.timer',
          text: t(reading.state === 'over' ? 'room.timer.over' : 'room.timer.status', { who: floor.who, time }),
          tone: reading.state === 'over' ? 'bad' : reading.state === 'ending' ? 'warn' : 'neutral',
        },
  );
  if (floor === null || reading === null) return <p className="room-quiet">{t('room.speaking.nobody')}</p>;
  return (
    <div className="room-timer" data-state={reading.state}>
      <h2>
        {t('room.speaking', { who: floor.who })}
        {limitSeconds === null ? '' : ` ${t('room.speaking.limit', { limit: minutesAndSeconds(limitSeconds * 1000) })}`}
      </h2>
      <span className="room-clock" role="timer" aria-live="off">
        {time}
      </span>
      <StopButton onStop={onStop} />
    </div>
  );
});

/** By itself: the clock beside it ticks, and a button is dear to draw. */
const StopButton = memo(function StopButton({ onStop }: { readonly onStop: () => void }) {
  const { t } = useText();
  return (
    <Button size="small" variant="quiet" onPress={onStop}>
      {t('room.speaking.stop')}
    </Button>
  );
});
