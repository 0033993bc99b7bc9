import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePlaces, createPlaceSource, indexOfPlaced, type Placed } from './places.ts';

const runs = { numRuns: Number(process.env.NUM_RUNS ?? 100) };

describe('places', () => {
  it('inserting anywhere, by several sources, keeps every list in the order it was typed', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), fc.nat(60)), { maxLength: 80 }), (inserts) => {
        const sources = ['aaaaaaaa', 'bbbbbbbb', 'cccccccc'].map(createPlaceSource);
        const expected: string[] = [];
        const list: Placed[] = [];
        for (const [index, [source, where]] of inserts.entries()) {
          const at = Math.min(where, list.length) - 1;
          const { place, moved } = sources[source]!.after(list, at);
          expect(moved).toEqual([]);
          const item = { id: `b${index}`, place };
          list.splice(indexOfPlaced(list, item), 0, item);
          expected.splice(at + 1, 0, item.id);
          expect(place).toMatch(/^[\x21-\x7e]+$/);
        }
        expect(list.map((item) => item.id)).toEqual(expected);
        expect([...list].sort(comparePlaces)).toEqual(list);
      }),
      runs,
    );
  });

  it('two runs typed at one spot apart stand one after the other', () => {
    const start: Placed[] = [{ id: 'first', place: createPlaceSource('origin00').between(null, null) }];
    const typed = (name: string) => {
      const source = createPlaceSource(`${name}${name}${name}${name}`);
      const list = [...start];
      for (let index = 0; index < 5; index += 1) {
        list.push({ id: `${name}${index}`, place: source.after(list, list.length - 1).place });
      }
      return list.slice(1);
    };
    const merged = [...start, ...typed('aa'), ...typed('bb')].sort(comparePlaces).map((item) => item.id.slice(0, 2));
    expect(merged.join(' ').match(/(aa ?){5}/)).not.toBeNull();
    expect(merged.join(' ').match(/(bb ?){5}/)).not.toBeNull();
  });

  it('something fits between two blocks of equal place: those behind move on, in their order', () => {
    const source = createPlaceSource('aaaaaaaa');
    const place = source.between(null, null);
    const last = source.between(place, null);
    const list = [
      { id: 'a', place },
      { id: 'b', place },
      { id: 'c', place },
      { id: 'd', place: last },
    ];
    const { place: made, moved } = source.after(list, 0);
    expect(moved.map((item) => item.id)).toEqual(['b', 'c']);
    const after = [list[0]!, { id: 'new', place: made }, ...moved, list[3]!];
    expect([...after].sort(comparePlaces).map((item) => item.id)).toEqual(['a', 'new', 'b', 'c', 'd']);
  });

  it('finds room beside places that another program made in another way', () => {
    const source = createPlaceSource('aaaaaaaa');
    for (const [before, after] of [
      ['a0', 'a1'],
      ['5', '51'],
      ['x', null],
      [null, 'V'],
    ] as const) {
      const made = source.between(before, after);
      expect((before ?? '') < made).toBe(true);
      expect(made < (after ?? '~')).toBe(true);
    }
    expect(() => source.between('b', 'a')).toThrow(RangeError);
  });

  it('a long run typed forward stays short', () => {
    const source = createPlaceSource('aaaaaaaa');
    let last: string | null = null;
    for (let index = 0; index < 5000; index += 1) last = source.between(last, null);
    expect(last!.length).toBeLessThan(20);
  });
});
