import { expect, it } from 'vitest';
import type { RecordId } from '../../shared/ids.ts';
import type { Intervention } from '../../shared/room/session-time.ts';
import { logEntry } from '../../test/fakes/log-entry.ts';
import { createLogRows } from './log-rows.ts';

function said(id: string, label: string, note = 'words'): Intervention {
  const speaker = note === '' ? { id: '', typed: '' } : { id: 'XA', typed: 'XA' };
  const lead = logEntry('here', 1, 0, { id: id as RecordId, label, note, speaker });
  return { lead, time: 0, clockWentBack: false, tellings: [lead] };
}

const keys = (rows: readonly { readonly key: string }[]): string[] => rows.map(({ key }) => key);
const none: ReadonlySet<string | null> = new Set();

it('is after each line what it is when made from all of them, and keeps the rows that stand', () => {
  const rowsOf = createLogRows();
  const [a, b, c, move] = [said('a', '1'), said('b', '1'), said('c', '2'), said('m', '3', '')];
  const first = rowsOf([a, b], none);
  expect(keys(first)).toEqual(['place a', 'a', 'b']);
  const grown = rowsOf([a, b, c, move], none);
  expect(keys(grown)).toEqual(['place a', 'a', 'b', 'place c', 'c', 'place m']);
  expect(grown[1]).toBe(first[1]);
  // The line is saved: another telling in its place.
  const saved = said('c', '2');
  expect(keys(rowsOf([a, b, saved, move], none))).toEqual(keys(grown));
  // Corrected to another paragraph in the middle, then taken out.
  expect(keys(rowsOf([a, said('b', '2'), saved, move], none))).toEqual([
    'place a',
    'a',
    'place b',
    'b',
    'c',
    'place m',
  ]);
  expect(keys(rowsOf([a, saved, move], none))).toEqual(['place a', 'a', 'place c', 'c', 'place m']);
  // A mark came of the change of paragraph: then it is a row.
  expect(keys(rowsOf([a, saved, move], new Set<string | null>(['m' as RecordId])))).toEqual([
    ...['place a', 'a', 'place c', 'c', 'place m', 'm'],
  ]);
  expect(keys(rowsOf([], none))).toEqual([]);
});
