import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DocumentId, RecordId } from '../ids.ts';
import {
  concatInline,
  inlineLength,
  inlineText,
  marks,
  normaliseInline,
  notesOf,
  plainText,
  sameInline,
  sliceInline,
  type Inline,
} from './inline.ts';

const note = `${'a'.repeat(26)}.${'b'.repeat(10)}` as RecordId;
const document = '0'.repeat(64) as DocumentId;
const item: fc.Arbitrary<Inline> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      t: fc.constant('text' as const),
      s: fc.string({ maxLength: 6 }),
      m: fc.subarray([...marks]),
    }),
  },
  fc.constant<Inline>({ t: 'break' }),
  fc.constant<Inline>({ t: 'note', id: note }),
  fc.record({
    t: fc.constant('link' as const),
    href: fc.constant('https://example.org/'),
    s: fc.string({ maxLength: 4 }),
  }),
  fc.record({
    t: fc.constant('cite' as const),
    document: fc.constant(document),
    label: fc.constant('35 a)'),
    s: fc.constant('AB, 35 a)'),
  }),
);
const content = fc.array(item, { maxLength: 8 });
const runs = { numRuns: Number(process.env.NUM_RUNS ?? 200) };

describe('inline content', () => {
  it('has one canonical form, in which nothing is empty and no neighbours are alike', () => {
    fc.assert(
      fc.property(content, (some) => {
        const once = normaliseInline(some);
        expect(normaliseInline(once)).toEqual(once);
        expect(plainText(once)).toBe(plainText(some));
        for (let index = 0; index < once.length; index += 1) {
          const here = once[index]!;
          const next = once[index + 1];
          if (here.t !== 'text') continue;
          expect(here.s).not.toBe('');
          if (next?.t === 'text') expect(JSON.stringify(next.m)).not.toBe(JSON.stringify(here.m));
        }
      }),
      runs,
    );
  });

  it('cut anywhere and joined again is the same', () => {
    fc.assert(
      fc.property(content, fc.nat(40), (some, at) => {
        const whole = normaliseInline(some);
        const cut = Math.min(at, inlineLength(whole));
        const head = sliceInline(whole, 0, cut);
        const tail = sliceInline(whole, cut);
        expect(inlineLength(head)).toBe(cut);
        expect(inlineLength(head) + inlineLength(tail)).toBe(inlineLength(whole));
        expect(concatInline(head, tail)).toEqual(whole);
      }),
      runs,
    );
  });

  it('orders marks and drops keys that the schema has not', () => {
    const odd = [
      { t: 'text', s: 'x', m: ['italic', 'bold'], style: 'color:red' },
      { t: 'break', n: 1 },
    ] as unknown as Inline[];
    expect(normaliseInline(odd)).toEqual([{ t: 'text', s: 'x', m: ['bold', 'italic'] }, { t: 'break' }]);
    expect(sameInline(odd, [{ t: 'text', s: 'x', m: ['bold', 'italic'] }, { t: 'break' }])).toBe(true);
  });

  it('replaces half a surrogate pair, which could not be logged', () => {
    expect(plainText(inlineText('a\ud800b'))).toBe('a\ufffdb');
  });

  it('joins the halves of a surrogate pair that stood in two runs', () => {
    expect(
      plainText(
        normaliseInline([
          { t: 'text', s: '\ud83d' },
          { t: 'text', s: '\ude00' },
        ]),
      ),
    ).toBe('\u{1f600}');
  });

  it('names each footnote once, in order', () => {
    expect(
      notesOf([
        { t: 'note', id: note },
        { t: 'text', s: 'x' },
        { t: 'note', id: note },
      ]),
    ).toEqual([note]);
  });
});
