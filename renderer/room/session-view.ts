/** What a window knows of a session: what was loaded, with the news that came since and the lines that are on their way. */
import type { WorkbenchClient } from '../../shared/contract/contract.ts';
import type { EntryContent, EntryView } from '../../shared/contract/room/log.ts';
import type { SessionView } from '../../shared/contract/room/session.ts';
import type { RecordId } from '../../shared/ids.ts';

export type LogCall = Parameters<WorkbenchClient['room']['log']>[0];

export interface LineOnTheWay {
  readonly call: LogCall;
  readonly failed: boolean;
}

/** The same list where nothing differs: a line is told twice, by the answer to its call and by the news. */
function merged<T extends { readonly id: RecordId }>(before: T[], changed: readonly T[]): T[] {
  if (changed.length === 0) return before;
  const fresh = new Map(changed.map((each) => [each.id, each]));
  const after = [...before];
  let differs = false;
  // From the end, where what changes mostly stands.
  for (let at = before.length - 1; at >= 0 && fresh.size > 0; at--) {
    const newer = fresh.get(before[at]!.id);
    if (newer === undefined) continue;
    fresh.delete(newer.id);
    if (JSON.stringify(newer) === JSON.stringify(before[at])) continue;
    after[at] = newer;
    differs = true;
  }
  after.push(...fresh.values());
  return differs || fresh.size > 0 ? after : before;
}

/** What is told of a session: whole records, and only those that changed. */
type News = Partial<Pick<SessionView, 'entries' | 'proposals' | 'marks' | 'joins'>> & {
  readonly head?: SessionView['head'] | null;
};

/** The same view where nothing of it differs: then nothing is drawn anew. */
export function withNews(before: SessionView, news: News): SessionView {
  const after = {
    ...before,
    head: news.head ?? before.head,
    entries: merged(before.entries, news.entries ?? []),
    proposals: merged(before.proposals, news.proposals ?? []),
    marks: merged(before.marks, news.marks ?? []),
    joins: merged(before.joins, news.joins ?? []),
  };
  const keys = Object.keys(after) as (keyof SessionView)[];
  return keys.every((key) => after[key] === before[key]) ? before : after;
}

/** Lines that are not on the disk yet stand after those that are. */
export function withLinesOnTheWay(view: SessionView, onTheWay: readonly LineOnTheWay[]): EntryView[] {
  const { entries, idPrefix } = view;
  const missing = onTheWay.filter(({ call }) => !entries.some(({ id }) => id === call.id));
  if (missing.length === 0) return entries;
  const lastN = entries.reduce((n, entry) => (entry.device === idPrefix ? Math.max(n, entry.n) : n), 0);
  return [...entries, ...missing.map(({ call }, index) => localEntry(call, idPrefix, lastN + index + 1))];
}

/** The last line of a device. */
export function lastOf(entries: readonly EntryView[], device: string): EntryView | null {
  let last: EntryView | null = null;
  for (const entry of entries) {
    if (entry.device === device && !entry.removed && (last === null || entry.n > last.n)) last = entry;
  }
  return last;
}

/** A line as it will be: what the services will add is what can be known before. */
function localEntry({ id, entry }: LogCall, device: string, n: number): EntryView {
  const content = entry as EntryContent;
  return {
    ...content,
    id,
    n,
    device,
    author: { person: null, name: '', delegation: '', confirmed: false, me: true },
    takenBy: '',
    mayEdit: false,
    corrected: false,
    removed: false,
    conflicts: [],
    heads: {},
    allHeads: [],
  };
}
