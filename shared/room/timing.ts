/** Who holds the floor, how long, and how long altogether. Times are ms; limits are seconds. */
import type { Capacity, EntryView } from '../contract/room/log.ts';
import type { Intervention } from './session-time.ts';

export interface FloorTimer {
  readonly startedAt: number;
  /** Null: no limit for this capacity. */
  readonly limitSeconds: number | null;
}

export interface TimerReading {
  readonly elapsedMs: number;
  /** Null without a limit; negative when it is passed. */
  readonly leftMs: number | null;
  readonly state: 'running' | 'ending' | 'over';
}

/** The last part of a limit, in which a chair begins to look up. */
const endingMs = 30_000;

/** By the wall clock, so that a laptop that slept shows the truth; a clock that was put back shows nothing below zero. */
export function readTimer({ startedAt, limitSeconds }: FloorTimer, now: number): TimerReading {
  const elapsedMs = Math.max(0, now - startedAt);
  if (limitSeconds === null) return { elapsedMs, leftMs: null, state: 'running' };
  const leftMs = limitSeconds * 1000 - elapsedMs;
  return { elapsedMs, leftMs, state: leftMs < 0 ? 'over' : leftMs <= endingMs ? 'ending' : 'running' };
}

/** When the shown second, or the state, next changes: one timer for that instant, and nothing in between. */
export function nextTickMs({ startedAt }: FloorTimer, now: number): number {
  const elapsedMs = Math.max(0, now - startedAt);
  return 1000 - (elapsedMs % 1000);
}

export function limitFor(capacity: Capacity, limits: Readonly<Record<string, number>>): number | null {
  return limits[capacity] ?? null;
}

export interface SpeakingTime {
  readonly who: string;
  readonly ms: number;
  readonly interventions: number;
}

/** Nobody holds the floor longer than this without a note-taker's writing a line: a break, a suspension. */
const longestHeldMs = 15 * 60_000;

/**
 * How long each intervention held the floor: what a timer said, else until the next line of the session. Lines of nobody
 * (a change of paragraph, a remark) end an intervention and hold nothing.
 */
export function heldMs(interventions: readonly Intervention[]): readonly number[] {
  const held: number[] = [];
  for (let index = 0; index < interventions.length; index++) {
    const { lead, tellings, time } = interventions[index]!;
    const next = interventions[index + 1];
    const timed = lead.spokenMs ?? tellings.find(({ spokenMs }) => spokenMs !== null)?.spokenMs ?? null;
    if (lead.speaker.id === '' && lead.speaker.typed === '') held.push(0);
    else if (timed !== null) held.push(timed);
    else held.push(next === undefined ? 0 : Math.min(longestHeldMs, Math.max(0, next.time - time)));
  }
  return held;
}

export const speakerKey = (entry: Pick<EntryView, 'speaker'>): string => entry.speaker.id || entry.speaker.typed;

interface Total {
  ms: number;
  interventions: number;
}

/** Totals by delegation and, for what was said on behalf of one, by group; longest first. */
export function speakingTimes(interventions: readonly Intervention[]): {
  readonly delegations: readonly SpeakingTime[];
  readonly groups: readonly SpeakingTime[];
} {
  const held = heldMs(interventions);
  const delegations = new Map<string, Total>();
  const groups = new Map<string, Total>();
  const add = (to: Map<string, Total>, who: string, ms: number): void => {
    const total = to.get(who);
    if (total === undefined) to.set(who, { ms, interventions: 1 });
    else {
      total.ms += ms;
      total.interventions += 1;
    }
  };
  for (let index = 0; index < interventions.length; index++) {
    const { lead } = interventions[index]!;
    const who = speakerKey(lead);
    if (who === '') continue;
    add(delegations, who, held[index]!);
    for (const group of lead.behalf) add(groups, group, held[index]!);
  }
  const sorted = (times: Map<string, Total>): SpeakingTime[] =>
    Array.from(times, ([who, total]) => ({ who, ...total })).sort((a, b) => b.ms - a.ms || (a.who < b.who ? -1 : 1));
  return { delegations: sorted(delegations), groups: sorted(groups) };
}
