/** How positions, places and times of a session are said and drawn. */
import { useMemo } from 'react';
import type { RoomPosition } from '../../shared/contract/room/log.ts';
import { useText } from '../app/i18n.tsx';

/** A shape of its own for each, so that none is told by colour alone. */
const icons: Readonly<Record<RoomPosition, string>> = {
  statement: '',
  support: '●',
  oppose: '■',
  amend: '▲',
  reserve: '◆',
  question: '?',
  withdraw: '×',
  'point-of-order': '!',
  explanation: '§',
};

export function positionIcon(position: RoomPosition) {
  return icons[position] === '' ? null : (
    <span aria-hidden className="room-icon">
      {icons[position]}
    </span>
  );
}

interface Place {
  readonly item: string | null;
  readonly label: string;
}

interface NamedItem {
  readonly id: string;
  readonly number: string;
  readonly title?: string;
}

/** Items that were taken off the agenda keep their names: what was said under them still stands there. */
export function usePlaceName({
  agenda,
  formerItems = [],
}: {
  readonly agenda: readonly NamedItem[];
  readonly formerItems?: readonly NamedItem[];
}): (place: Place) => string {
  const { t } = useText();
  return ({ item, label }) => {
    if (label !== '') return t('room.place.paragraph', { label });
    const known = [...agenda, ...formerItems].find(({ id }) => id === item);
    return known === undefined
      ? t('room.place.none')
      : t('room.place.item', { number: known.number, title: known.title ?? '' }).trim();
  };
}

/** Times of day in the session's zone; `short` without seconds. */
export function useSessionTime(timeZone: string): {
  readonly full: (ms: number) => string;
  readonly short: (ms: number) => string;
} {
  const { language } = useText();
  return useMemo(() => {
    const format = (second: '2-digit' | undefined): Intl.DateTimeFormat =>
      new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
        timeZone,
        hour: '2-digit',
        minute: '2-digit',
        second,
        hourCycle: 'h23',
      });
    const [full, short] = [format('2-digit'), format(undefined)];
    return { full: (ms) => full.format(ms), short: (ms) => short.format(ms) };
  }, [language, timeZone]);
}

export function minutesAndSeconds(ms: number): string {
  const seconds = Math.floor(Math.abs(ms) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
