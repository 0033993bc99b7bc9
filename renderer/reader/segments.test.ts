import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UnitView } from '../../shared/contract/library.ts';
import type { RecordId, UnitId } from '../../shared/ids.ts';
import { segmentsOf, type MarkSpan } from './segments.ts';

function unit(text: string, notes: number[] = []): UnitView {
  return {
    id: 'u1' as UnitId,
    kind: 'paragraph',
    label: '1',
    marker: '1.',
    level: 0,
    text,
    styles: [],
    notes: notes.map((offset, index) => ({ offset, note: `u${index + 2}` as UnitId })),
    direction: 'ltr',
  };
}

const mark = (start: number, end: number, id = 'a'): MarkSpan => ({
  annotation: id as RecordId,
  kind: 'note',
  start,
  end,
  resolved: false,
});

describe('runs of a unit', () => {
  it('cut where marks overlap', () => {
    const runs = segmentsOf(unit('abcdef'), [mark(0, 4, 'a'), mark(2, 6, 'b')], []);
    expect(runs.map((run) => [run.text, run.marks.map((one) => one.annotation).join('')])).toEqual([
      ['ab', 'a'],
      ['cd', 'ab'],
      ['ef', 'b'],
    ]);
  });

  it('keep a footnote that stands last', () => {
    const runs = segmentsOf(unit('abc', [3]), [], []);
    expect(runs.map((run) => [run.text, run.notes.length])).toEqual([
      ['abc', 0],
      ['', 1],
    ]);
  });

  it('give back the text whatever is marked, each footnote once', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 40 }),
        fc.array(fc.tuple(fc.nat(45), fc.nat(45)), { maxLength: 6 }),
        fc.array(fc.nat(45), { maxLength: 4 }),
        (text, spans, notes) => {
          const marks = spans.map(([a, b], index) => mark(Math.min(a, b), Math.max(a, b), String(index)));
          const runs = segmentsOf(unit(text, notes), marks, []);
          expect(runs.map((run) => run.text).join('')).toBe(text);
          expect(runs.flatMap((run) => run.notes)).toHaveLength(notes.length);
        },
      ),
      { numRuns: Number(process.env['NUM_RUNS'] ?? 300) },
    );
  });
});
