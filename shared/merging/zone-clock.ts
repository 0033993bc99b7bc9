/**
 * Wall clocks of the IANA time zones, by the engine's own tables: a deadline is agreed on as a time of day somewhere, and
 * kept as an instant.
 */
import { WorkbenchError } from '../contract/errors.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    try {
      format = new Intl.DateTimeFormat('en-GB', {
        ...{ timeZone: zone, hourCycle: 'h23', era: 'short' },
        ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
      });
    } catch (cause) {
      throw new WorkbenchError('invalid-input', `There is no time zone ${zone}.`, { zone }, { cause });
    }
    formats.set(zone, format);
  }
  return format;
}

/** How far the clocks of the zone are ahead of UTC at that instant, in milliseconds. */
function offsetAt(ms: number, zone: string): number {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  );
  const read = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  const there = Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'), read('second'));
  return there - Math.floor(ms / 1000) * 1000;
}

/** `2027-03-04 18:00 +03:00`: what the clocks of the zone show. */
export function wallClockOf(ms: number, zone: string): string {
  const offset = offsetAt(ms, zone);
  const minutes = Math.abs(Math.round(offset / 60_000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const sign = offset < 0 ? '-' : '+';
  const clock = new Date(ms + offset).toISOString().slice(0, 16).replace('T', ' ');
  return `${clock} ${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/**
 * The instant at which the clocks of the zone show `2027-03-04T18:00`; where they show it twice, the first time. Fails
 * with `invalid-input` for a time that they skip, and for an unknown zone.
 */
export function instantOf(wallClock: string, zone: string): number {
  const asUtc = Date.parse(`${wallClock}:00Z`);
  if (!Number.isFinite(asUtc)) throw new WorkbenchError('invalid-input', `${wallClock} is no time.`, { wallClock });
  const day = 86_400_000;
  const offsets = new Set([offsetAt(asUtc - day, zone), offsetAt(asUtc, zone), offsetAt(asUtc + day, zone)]);
  const found = [...offsets].map((offset) => asUtc - offset).filter((ms) => ms + offsetAt(ms, zone) === asUtc);
  if (found.length > 0) return Math.min(...found);
  throw new WorkbenchError(
    'invalid-input',
    `The clocks of ${zone} are put forward over ${wallClock}; choose another time.`,
    {
      ...{ wallClock, zone },
    },
  );
}
