/**
 * Which entries of two devices tell the same intervention, and how far their clocks are apart by them. Both are offered
 * with what speaks for them; a person takes them.
 */
import type { ClockEstimate, DuplicateOffer } from '../contract/room.ts';
import type { EntryView, JoinView } from '../contract/room/log.ts';
import { delegationKey } from '../delegations/directory.ts';
import type { RecordId } from '../ids.ts';
import { groupsOf, inSessionOrder } from './session-time.ts';

/** Two note-takers begin to write within this of each other, or they write of different things. */
const sameMomentMs = 60_000;
/** Clocks of one room that are further apart stand in different time zones; that is found too, up to a day. */
const furthestApartMs = 26 * 3_600_000;
/** Fewer say nothing of a clock: the same speaker takes the floor often. */
const fewestShared = 3;
const leastScore = 0.5;

type Heard = Pick<
  EntryView,
  'id' | 'device' | 'n' | 'at' | 'speaker' | 'label' | 'position' | 'quotes' | 'note' | 'towards'
>;

const who = (entry: Heard): string => entry.speaker.id || delegationKey(entry.speaker.typed);

/** 0 to 1: how much two entries say the same, whenever they were heard. Unknown against known speakers are not told. */
function likeness(a: Heard, b: Heard): number {
  if (who(a) === '' || who(a) !== who(b)) return 0;
  const place = a.label === b.label ? 1 : a.label === '' || b.label === '' ? 0.5 : 0;
  const position = a.position === b.position ? 1 : a.position === 'statement' || b.position === 'statement' ? 0.5 : 0;
  return 0.5 + 0.2 * place + 0.2 * position + 0.1 * sharedWords(a, b);
}

function sharedWords(a: Heard, b: Heard): number {
  const words = (entry: Heard): Set<string> =>
    new Set(
      delegationKey(`${entry.note} ${entry.quotes.join(' ')}`)
        .split(' ')
        .filter((word) => word.length > 3),
    );
  const [left, right] = [words(a), words(b)];
  const all = new Set([...left, ...right]).size;
  return all === 0 ? 0 : [...left].filter((word) => right.has(word)).length / all;
}

/**
 * For every device but the one with the most entries: the offset that most of the interventions heard by both agree on.
 * Devices that share too few are left out.
 */
export function estimateClocks(entries: readonly EntryView[]): readonly ClockEstimate[] {
  const logs = [...Map.groupBy(entries, ({ device }) => device)].sort(
    ([a, left], [b, right]) => right.length - left.length || (a < b ? -1 : 1),
  );
  const [reference, ...others] = logs;
  if (reference === undefined) return [];
  return others.flatMap(([device, log]) => {
    const estimate = offsetBetween(log, reference[1]);
    return estimate === null ? [] : [{ device, reference: reference[0], ...estimate }];
  });
}

function offsetBetween(
  log: readonly Heard[],
  reference: readonly Heard[],
): Pick<ClockEstimate, 'offsetMs' | 'spreadMs' | 'shared'> | null {
  const differences: { readonly ms: number; readonly weight: number }[] = [];
  const bySpeaker = Map.groupBy(reference, who);
  for (const entry of log) {
    for (const other of bySpeaker.get(who(entry)) ?? []) {
      const weight = likeness(entry, other);
      const ms = other.at - entry.at;
      if (weight >= 0.7 && Math.abs(ms) <= furthestApartMs) differences.push({ ms, weight: weight * weight });
    }
  }
  differences.sort((a, b) => a.ms - b.ms);
  const centre = densest(differences);
  if (centre === null) return null;
  const pairs = pairUp(log, reference, (a, b) => {
    const apart = Math.abs(b.at - a.at - centre);
    return apart > sameMomentMs ? 0 : likeness(a, b) * (1 - apart / (2 * sameMomentMs));
  });
  const agreed = pairs.map(([a, b]) => b.at - a.at).sort((a, b) => a - b);
  if (agreed.length < fewestShared) return null;
  const quantile = (part: number): number => agreed[Math.round(part * (agreed.length - 1))]!;
  return {
    offsetMs: Math.round(quantile(0.5)),
    spreadMs: Math.round((quantile(0.75) - quantile(0.25)) / 2),
    shared: agreed.length,
  };
}

/** The middle of the window of half a minute that holds most weight: chance pairs spread, true ones agree. */
function densest(differences: readonly { readonly ms: number; readonly weight: number }[]): number | null {
  const windowMs = 30_000;
  let best: { centre: number; weight: number } | null = null;
  let weight = 0;
  let from = 0;
  for (const [to, { ms, weight: added }] of differences.entries()) {
    weight += added;
    while (ms - differences[from]!.ms > windowMs) weight -= differences[from++]!.weight;
    if (best === null || weight > best.weight + 1e-9) {
      best = { centre: differences[Math.floor((from + to) / 2)]!.ms, weight };
    }
  }
  return best?.centre ?? null;
}

/** Best pairs first, each entry once. */
function pairUp<Entry extends Heard>(
  left: readonly Entry[],
  right: readonly Entry[],
  score: (a: Entry, b: Entry) => number,
): [Entry, Entry, number][] {
  const bySpeaker = Map.groupBy(right, who);
  const pairs: [Entry, Entry, number][] = left.flatMap((a) =>
    (bySpeaker.get(who(a)) ?? []).flatMap((b): [Entry, Entry, number][] => {
      const value = score(a, b);
      return value > 0 ? [[a, b, value]] : [];
    }),
  );
  pairs.sort((a, b) => b[2] - a[2] || (a[0].id + a[1].id < b[0].id + b[1].id ? -1 : 1));
  const used = new Set<string>();
  return pairs.filter(([a, b]) => {
    if (used.has(a.id) || used.has(b.id)) return false;
    used.add(a.id).add(b.id);
    return true;
  });
}

/** Interventions that look to be in several logs and that nobody has joined or kept apart yet, best first. */
export function offerDuplicates(
  entries: readonly EntryView[],
  joins: readonly Pick<JoinView, 'entries' | 'apart' | 'removed'>[],
  offsets: ReadonlyMap<string, number>,
): readonly DuplicateOffer[] {
  const settled = joins.filter(({ removed }) => !removed);
  const joined = groupsOf(settled.filter(({ apart }) => !apart).map((join) => join.entries));
  const apart = new Set(
    settled.filter((join) => join.apart).flatMap((join) => pairsOf(join.entries).map((pair) => pair.join(' '))),
  );
  const timed = inSessionOrder(entries, offsets);
  const times = new Map(timed.map(({ entry, time }) => [entry.id, time]));
  const logs = [...Map.groupBy(entries, ({ device }) => device).values()];
  const found: DuplicateOffer[] = [];
  for (const [index, log] of logs.entries()) {
    for (const other of logs.slice(index + 1)) {
      const pairs = pairUp(log, other, (a, b) => {
        const between = Math.abs(times.get(a.id)! - times.get(b.id)!);
        if (between > sameMomentMs) return 0;
        const like = likeness(a, b);
        return like === 0 ? 0 : like * (1 - between / (2 * sameMomentMs));
      });
      for (const [a, b, score] of pairs) {
        const pair = pairsOf([a.id, b.id])[0]!;
        if (score < leastScore || joined(a.id) === joined(b.id) || apart.has(pair.join(' '))) continue;
        const seconds = Math.round(Math.abs(times.get(a.id)! - times.get(b.id)!) / 1000);
        found.push({ entries: pair, score: Math.round(score * 100) / 100, why: whyOf(a, b, seconds) });
      }
    }
  }
  return found.sort((a, b) => b.score - a.score || (a.entries[0]! < b.entries[0]! ? -1 : 1));
}

/** For the page to say in its own words: what agrees, separated by spaces, and the seconds between. */
function whyOf(a: Heard, b: Heard, seconds: number): string {
  const same = ['speaker'];
  if (a.label === b.label) same.push('place');
  if (a.position === b.position) same.push('position');
  return `${same.join(' ')} ${seconds}`;
}

function pairsOf(ids: readonly RecordId[]): RecordId[][] {
  const sorted = [...new Set(ids)].sort();
  return sorted.flatMap((a, index) => sorted.slice(index + 1).map((b) => [a, b]));
}
