import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logEntry } from '../../test/fakes/log-entry.ts';
import type { EntryView, JoinView } from '../contract/room/log.ts';
import type { RecordId } from '../ids.ts';
import { createGrowingLog } from './growing-log.ts';
import { saidAfter } from './log-index.ts';
import { interventionsOf, type Intervention } from './session-time.ts';
import { discussedPlaces, openMatters, promisesIn, standingsAt } from './standings.ts';

const devices = ['a'.repeat(26), 'b'.repeat(26)] as const;
type Join = Pick<JoinView, 'entries' | 'apart' | 'removed'>;

const supports: typeof logEntry = (device, n, seconds, more = {}) =>
  logEntry(device, n, seconds, { position: 'support', ...more });

/** Everything that is asked of a log, of the very list (whose index may have been carried on) or of a copy (made anew). */
function answers(interventions: readonly Intervention[]): unknown {
  const places = discussedPlaces(interventions);
  return {
    interventions,
    places,
    standings: places.map((place) => standingsAt(interventions, place)),
    open: openMatters(interventions, [], []),
    promised: promisesIn(interventions),
    after: interventions.map(({ lead }) => saidAfter(interventions, { ...lead, entry: lead.id })),
  };
}

const labels = ['', '11', '12'] as const;
const content = fc.record({
  label: fc.constantFrom(...labels),
  item: fc.constantFrom<RecordId | null>(null, `${devices[0]}.item` as RecordId),
  speaker: fc.constantFrom('XA', 'XB').map((id) => ({ id, typed: id })),
  position: fc.constantFrom('support' as const, 'oppose' as const, 'withdraw' as const),
  promise: fc.constantFrom(null, { what: 'a text', until: '' }),
});
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      op: fc.constant('log'),
      device: fc.nat(1),
      after: fc.integer({ min: -5, max: 60 }),
      content,
    }),
  },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('correct'), back: fc.nat(4), content }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('remove'), back: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('join'), back: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('clock'), offset: fc.integer({ min: -90, max: 90 }) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('late'), device: fc.nat(1), content }) },
);

describe('a log that grows', () => {
  it('[RM17] [RM18] [RM21] is in every moment what its entries make, whatever was logged, corrected, removed, joined', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 4, maxLength: 30 }), (steps) => {
        const growing = createGrowingLog();
        let entries: EntryView[] = [];
        let joins: Join[] = [];
        let offsets: ReadonlyMap<string, number> = new Map();
        let seconds = 0;
        const change = (back: number, more: Partial<EntryView>): void => {
          const at = Math.max(0, entries.length - 1 - back);
          entries = entries.map((each, index) => (index === at ? { ...each, ...more } : each));
        };
        for (const each of steps) {
          if ('after' in each) {
            seconds += each.after;
            const device = devices[each.device]!;
            const n = 2 * entries.length + 2;
            entries = [...entries, supports(device, n, seconds, each.content)];
          } else if (each.op === 'late' && 'device' in each) {
            // What a device logged before what is here of it arrives after it.
            entries = [
              ...entries,
              supports(devices[each.device]!, 2 * Math.floor(entries.length / 2) + 1, seconds, each.content),
            ];
            entries = entries.filter(({ id }, index) => entries.findIndex((other) => other.id === id) === index);
          } else if ('content' in each) change(each.back, each.content);
          else if (each.op === 'remove') change(each.back, { removed: true });
          else if (each.op === 'join' && 'back' in each) {
            const there = entries.slice(-1 - each.back).map(({ id }) => id);
            // A join may arrive before a line that it names.
            const coming = `${devices[each.back % 2]}.${2 * entries.length + 2}` as RecordId;
            joins = [...joins, { entries: [...there, coming], apart: false, removed: false }];
          } else if ('offset' in each) offsets = new Map([[devices[1], each.offset * 1000]]);
          const made = growing(entries, joins, offsets);
          const live = entries.filter(({ removed }) => !removed);
          expect(made).toEqual(interventionsOf(live, joins, offsets));
          expect(answers(made)).toEqual(answers([...made]));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('leaves what was found at other places as it was when a line comes, is saved and is corrected', () => {
    const growing = createGrowingLog();
    const [joins, offsets] = [[], new Map<string, number>()];
    const device = devices[0];
    const first = [supports(device, 1, 0, { label: '11' }), supports(device, 2, 10, { label: '12' })];
    const at = (label: string) => ({ item: null, document: null, label });
    const before = growing(first, joins, offsets);
    const eleven = standingsAt(before, at('11'));
    const local = growing(
      [...first, supports(device, 3, 20, { label: '12', speaker: { id: 'XB', typed: 'XB' } })],
      joins,
      offsets,
    );
    const saved = supports(device, 3, 20, {
      label: '12',
      speaker: { id: 'XB', typed: 'XB' },
      mayEdit: true,
      allHeads: [],
    });
    const after = growing([...first, saved], joins, offsets);
    const corrected = growing([...first, { ...saved, position: 'oppose' }], joins, offsets);
    for (const made of [local, after, corrected]) {
      expect(standingsAt(made, at('11'))).toBe(eleven);
      expect(standingsAt(made, at('12')).map(({ who }) => who)).toEqual(['XA', 'XB']);
    }
    expect(standingsAt(corrected, at('12'))[1]?.position).toBe('oppose');
  });
});
