import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase32, type Json } from '../ids.ts';
import { canonical, hashJson, NotCanonicalError, sameJson } from './canonical.ts';

describe('canonical', () => {
  it('[RC1] sorts keys by UTF-16 code unit and leaves out white space', () => {
    // U+1F600 begins with the unit D83D, which sorts before U+FB00, although its code point is greater.
    expect(canonical({ b: [1, true, null], a: 'x', '\ufb00': 1, '\u{1f600}': 2, '': -0 })).toBe(
      '{"":0,"a":"x","b":[1,true,null],"\u{1f600}":2,"\ufb00":1}',
    );
    expect(canonical('"\\\n\u0007/é')).toBe('"\\"\\\\\\n\\u0007/é"');
  });

  it('[RC2] refuses what has no canonical form and names the place', () => {
    const refused: [unknown, string][] = [
      [{ a: [1, 0.5] }, '$.a[1]'],
      [{ a: 2 ** 53 }, '$.a'],
      [Number.NaN, '$'],
      [{ a: { b: '\ud800' } }, '$.a.b'],
      [{ '\udc00': 1 }, '$'],
      [[undefined], '$[0]'],
      [new Date(0), '$'],
      [{ f: () => 1 }, '$.f'],
      [10n, '$'],
    ];
    for (const [value, path] of refused) {
      expect(() => canonical(value)).toThrow(NotCanonicalError);
      expect(() => canonical(value)).toThrow(path);
    }
    let deep: Json = 1;
    for (let level = 0; level < 65; level += 1) deep = [deep];
    expect(() => canonical(deep)).toThrow('nested deeper');
  });

  it('[RC1] reads back as the same value, and equal values are equal texts', () => {
    const json = fc.jsonValue({ noUnicodeString: false } as object).filter((value) => {
      try {
        canonical(value);
        return true;
      } catch {
        return false;
      }
    });
    fc.assert(
      fc.property(json, (value) => {
        const text = canonical(value);
        expect(canonical(JSON.parse(text))).toBe(text);
        expect(sameJson(value as Json, JSON.parse(text) as Json)).toBe(true);
      }),
      { numRuns: Number(process.env.NUM_RUNS ?? 100) },
    );
  });

  it('[RC3] hashes as SHA-256 in base 32', () => {
    const hash = hashJson({ b: 1, a: 'é' });
    expect(hash).toHaveLength(52);
    expect(Buffer.from(fromBase32(hash)).toString('hex')).toBe(
      createHash('sha256').update('{"a":"é","b":1}').digest('hex'),
    );
  });
});
