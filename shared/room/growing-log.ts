/**
 * A session's interventions while it is logged. To order five thousand lines anew takes longer than a frame, and it was
 * done for every line; a line that comes last, or that comes back from the disk as it went there, is put where it belongs.
 * What comes out is in every case what `interventionsOf` makes of the same entries.
 */
import type { EntryView, JoinView } from '../contract/room/log.ts';
import { carryIndex } from './log-index.ts';
import { interventionsOf, type Intervention } from './session-time.ts';

type Joins = readonly Pick<JoinView, 'entries' | 'apart' | 'removed'>[];

/** `joins` and `offsets` are the same values as long as nothing in them changed. */
export type GrowingLog = (
  entries: readonly EntryView[],
  joins: Joins,
  offsets: ReadonlyMap<string, number>,
) => readonly Intervention[];

/** What a device logged last: what comes after it stands after it. */
interface DeviceEnd {
  readonly n: number;
  /** The session's time of its last line. */
  readonly time: number;
}

interface State {
  readonly entries: readonly EntryView[];
  readonly joins: Joins;
  readonly offsets: ReadonlyMap<string, number>;
  readonly joined: ReadonlySet<string>;
  readonly ends: ReadonlyMap<string, DeviceEnd>;
  readonly interventions: readonly Intervention[];
}

/** More than a few at once (a log taken in, an hour's exchange) are ordered as a whole. */
const mostAtOnce = 16;

export function createGrowingLog(): GrowingLog {
  let state: State | null = null;
  return (entries, joins, offsets) => {
    const known = state?.joins === joins && state.offsets === offsets ? state : null;
    if (known?.entries !== entries || known === null) {
      state = (known === null ? null : grown(known, entries)) ?? whole(entries, joins, offsets);
    }
    return state!.interventions;
  };
}

function whole(entries: readonly EntryView[], joins: Joins, offsets: ReadonlyMap<string, number>): State {
  const ends = new Map<string, DeviceEnd>();
  for (const { device, n, at, removed } of entries) {
    if (removed) continue;
    const end = ends.get(device);
    const time = at + (offsets.get(device) ?? 0);
    ends.set(device, { n: Math.max(n, end?.n ?? n), time: Math.max(time, end?.time ?? time) });
  }
  const live = entries.filter(({ removed }) => !removed);
  const joined = new Set(joins.flatMap((join) => join.entries));
  return { entries, joins, offsets, joined, ends, interventions: interventionsOf(live, joins, offsets) };
}

/** Null where the change may move what stands there already. */
function grown(state: State, entries: readonly EntryView[]): State | null {
  const before = state.entries;
  const added = entries.length - before.length;
  if (added < 0 || added > mostAtOnce) return null;
  const replaced: number[] = [];
  for (let at = 0; at < before.length; at++) {
    if (entries[at] === before[at]) continue;
    if (replaced.length === mostAtOnce || !standWhereTheyStood(before[at]!, entries[at]!)) return null;
    replaced.push(at);
  }
  const interventions = [...state.interventions];
  for (const at of replaced) if (!replace(interventions, before[at]!, entries[at]!)) return null;
  const ends = new Map(state.ends);
  for (const entry of entries.slice(before.length)) {
    if (entry.removed) continue;
    const made = state.joined.has(entry.id) ? null : next(entry, interventions.at(-1), ends, state.offsets);
    if (made === null) return null;
    interventions.push(made);
  }
  carryIndex(state.interventions, interventions);
  return { ...state, entries, ends, interventions };
}

function standWhereTheyStood(a: EntryView, b: EntryView): boolean {
  return a.id === b.id && a.device === b.device && a.n === b.n && a.at === b.at && a.removed === b.removed;
}

/** Mostly the line that was logged a moment ago: sought from the end. */
function replace(interventions: Intervention[], before: EntryView, after: EntryView): boolean {
  if (after.removed) return true;
  const at = interventions.findLastIndex(({ tellings }) => tellings.includes(before));
  const told = interventions[at];
  if (told === undefined) return false;
  const tellings = told.tellings.map((each) => (each === before ? after : each));
  interventions[at] = { ...told, lead: tellings[0]!, tellings };
  return true;
}

/** The entry as the last intervention of the session; null where it may belong further up. */
function next(
  entry: EntryView,
  last: Intervention | undefined,
  ends: Map<string, DeviceEnd>,
  offsets: ReadonlyMap<string, number>,
): Intervention | null {
  const { device, n, at } = entry;
  const end = ends.get(device);
  if (end !== undefined && end.n >= n) return null;
  const said = at + (offsets.get(device) ?? 0);
  const time = Math.max(said, end?.time ?? said);
  // Of one instant the order is that of the devices; that is rare enough to be left to the whole.
  if (last !== undefined && (time < last.time || (time === last.time && last.lead.device !== device))) return null;
  ends.set(device, { n, time });
  return { lead: entry, time, clockWentBack: end !== undefined && said < end.time, tellings: [entry] };
}
