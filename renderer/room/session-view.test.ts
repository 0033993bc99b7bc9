import { expect, it } from 'vitest';
import type { EntryView } from '../../shared/contract/room/log.ts';
import type { SessionView } from '../../shared/contract/room/session.ts';
import type { RecordId } from '../../shared/ids.ts';
import { logEntry } from '../../test/fakes/log-entry.ts';
import { lastOf, withLinesOnTheWay, withNews, type LineOnTheWay } from './session-view.ts';

const entry = (id: string, n: number, more: Partial<EntryView> = {}): EntryView =>
  logEntry('here', n, 0, { id: id as RecordId, ...more });

const view = (entries: EntryView[]): SessionView =>
  ({ head: { summary: {} }, idPrefix: 'here', entries, proposals: [], marks: [], joins: [] }) as unknown as SessionView;

const onTheWay = (id: string): LineOnTheWay => ({ call: { id, entry: { note: id } } as never, failed: false });

it('is the same view when what is told is known, so that a line told twice draws nothing twice', () => {
  const before = view([entry('a', 1), entry('b', 2)]);
  expect(withNews(before, { entries: [entry('b', 2)], head: null })).toBe(before);
  const corrected = withNews(before, { entries: [entry('a', 1, { note: 'other' })] });
  expect(corrected.entries.map(({ note }) => note)).toEqual(['other', '']);
  expect(corrected.entries[1]).toBe(before.entries[1]);
  const longer = withNews(before, { entries: [entry('c', 3), entry('b', 2)] });
  expect(longer.entries.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
});

it('shows lines that are on the way after those on the disk, once, numbered on from them', () => {
  const saved = view([entry('a', 7), entry('elsewhere', 40, { device: 'there' })]);
  const shown = withLinesOnTheWay(saved, [onTheWay('b'), onTheWay('c')]);
  expect(shown.map(({ id, n }) => [id, n])).toEqual([
    ['a', 7],
    ['elsewhere', 40],
    ['b', 8],
    ['c', 9],
  ]);
  const told = withNews(saved, { entries: [entry('b', 8)] });
  expect(withLinesOnTheWay(told, [onTheWay('b'), onTheWay('c')]).map(({ id }) => id)).toEqual([
    'a',
    'elsewhere',
    'b',
    'c',
  ]);
  expect(withLinesOnTheWay(told, [onTheWay('b')])).toBe(told.entries);
});

it('gives the last line of a device that was not taken out, wherever it stands', () => {
  const entries = [entry('b', 2), entry('a', 1), entry('x', 9, { device: 'there' }), entry('c', 3, { removed: true })];
  expect(lastOf(entries, 'here')?.id).toBe('b');
  expect(lastOf(entries, 'nowhere')).toBeNull();
});
