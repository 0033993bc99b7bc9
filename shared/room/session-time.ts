/**
 * Several devices' logs as one. A device's lines stay in the order in which they were logged, whatever its clock did
 * meanwhile; between devices, times corrected by the clocks' offsets decide. Entries joined by a person are one
 * intervention in several tellings.
 */
import type { EntryView, JoinView } from '../contract/room/log.ts';

/** What ordering looks at. */
export type Timed = Pick<EntryView, 'id' | 'device' | 'n' | 'at'>;

export interface TimedEntry<Entry extends Timed> {
  readonly entry: Entry;
  /** The session's time in ms: never before the line logged before it on the same device. */
  readonly time: number;
  /** By its device's clock it was before the line that was logged before it: the clock was put back. */
  readonly clockWentBack: boolean;
}

/** `offsets`: ms to be added to a device's clock; a device without one counts as right. */
export function inSessionOrder<Entry extends Timed>(
  entries: readonly Entry[],
  offsets: ReadonlyMap<string, number>,
): readonly TimedEntry<Entry>[] {
  const logs = [...Map.groupBy(entries, ({ device }) => device)].map(([device, log]) =>
    timeOf(log, offsets.get(device) ?? 0),
  );
  return logs.flat().sort((a, b) => a.time - b.time || compareIds(a.entry, b.entry));
}

function timeOf<Entry extends Timed>(log: readonly Entry[], offsetMs: number): TimedEntry<Entry>[] {
  let latest = -Infinity;
  return log
    .toSorted((a, b) => a.n - b.n || (a.id < b.id ? -1 : 1))
    .map((entry) => {
      const said = entry.at + offsetMs;
      const clockWentBack = said < latest;
      latest = Math.max(latest, said);
      return { entry, time: latest, clockWentBack };
    });
}

/** At one instant: by device, then as logged. */
function compareIds(a: Timed, b: Timed): number {
  if (a.device !== b.device) return a.device < b.device ? -1 : 1;
  return a.n - b.n || (a.id < b.id ? -1 : 1);
}

export interface Intervention<Entry extends Timed = EntryView> {
  /** The telling that stands for it: the first in time. */
  readonly lead: Entry;
  readonly time: number;
  readonly clockWentBack: boolean;
  /** All tellings, the lead first. */
  readonly tellings: readonly Entry[];
}

/** Live entries in the session's order, joined ones as one. */
export function interventionsOf<Entry extends Timed>(
  entries: readonly Entry[],
  joins: readonly Pick<JoinView, 'entries' | 'apart' | 'removed'>[],
  offsets: ReadonlyMap<string, number>,
): readonly Intervention<Entry>[] {
  const group = groupsOf(joins.filter(({ apart, removed }) => !apart && !removed).map((join) => join.entries));
  const byGroup = new Map<string, { lead: TimedEntry<Entry>; tellings: Entry[] }>();
  for (const timed of inSessionOrder(entries, offsets)) {
    const key = group(timed.entry.id);
    const known = byGroup.get(key);
    if (known === undefined) byGroup.set(key, { lead: timed, tellings: [timed.entry] });
    else known.tellings.push(timed.entry);
  }
  return [...byGroup.values()].map(({ lead, tellings }) => ({
    lead: lead.entry,
    time: lead.time,
    clockWentBack: lead.clockWentBack,
    tellings,
  }));
}

/** Ids that some list holds together, directly or through others, have one representative. */
export function groupsOf(lists: readonly (readonly string[])[]): (id: string) => string {
  const parent = new Map<string, string>();
  const find = (id: string): string => {
    let root = id;
    for (let up = parent.get(root); up !== undefined; up = parent.get(root)) root = up;
    return root;
  };
  for (const [first, ...rest] of lists) {
    for (const each of rest) {
      const [a, b] = [find(first!), find(each)];
      // The smaller id stands for both, so that the order of joins cannot matter.
      if (a !== b) parent.set(a < b ? b : a, a < b ? a : b);
    }
  }
  return find;
}

const compared = ['speaker', 'capacity', 'behalf', 'label', 'position', 'towards'] as const;
export type DifferingField = (typeof compared)[number];

/** What the tellings of one intervention do not agree on; both stay, with the names of who took them down. */
export function differencesOf(tellings: readonly EntryView[]): readonly DifferingField[] {
  if (tellings.length < 2) return [];
  const valueOf = (entry: EntryView, field: DifferingField): string => {
    const value = entry[field];
    if (field === 'speaker') return entry.speaker.id || entry.speaker.typed.toLowerCase();
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
  return compared.filter((field) => new Set(tellings.map((entry) => valueOf(entry, field))).size > 1);
}
