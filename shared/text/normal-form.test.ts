import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lettersAndDigits, normalForm, normalText } from './normal-form.ts';
import { queryTokens, searchKey, searchTokens } from './search-key.ts';

const numRuns = Number(process.env.NUM_RUNS ?? 300);
const piece = fc.constantFrom(
  'a',
  'É',
  'e\u0301',
  'e\u00AD\u0301',
  ' ',
  '\u00A0',
  '\t\n ',
  '\u200B',
  '…',
  '“',
  '–',
  '\u0640',
  'إ',
  'ة',
  '٣',
  '①',
  '𝒜',
  '😀',
  '１',
  '信息',
  'GDС',
  'ﷺ',
  '각',
  '\u1100\u1161\u11A8',
  'ß',
  'İ',
  '\uD800',
  '\u0301',
  'm²',
  '\u0000',
);
const texts = fc.oneof(
  fc.array(piece).map((list) => list.join('')),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
);

describe('normal form', () => {
  it('evens out white space, hyphenation, direction marks, kashida, quotation marks, dashes and the ellipsis', () => {
    expect(normalText('1.\u00A0What\u202F is\n\n “WSIS”\u200F – now…')).toBe('1. What is "WSIS" - now...');
    expect(normalText('imple\u00ADmentation التـزام')).toBe('implementation التزام');
    expect(normalText('e\u00AD\u0301')).toBe('é');
  });

  it('keeps case and every letter and digit, compatibility forms included', () => {
    expect(normalText('M² ① １ ﬁ')).toBe('M² ① １ ﬁ');
    fc.assert(
      fc.property(texts, (text) => {
        expect(lettersAndDigits(normalText(text))).toBe(lettersAndDigits(text));
      }),
      { numRuns },
    );
  });

  it('is its own normal form', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(normalText(normalText(text))).toBe(normalText(text));
      }),
      { numRuns },
    );
  });

  it('is stable under canonical equivalence', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(normalText(text.normalize('NFD'))).toBe(normalText(text.normalize('NFC')));
      }),
      { numRuns },
    );
  });

  it.each([
    ['normal form', normalForm],
    ['search key', searchKey],
  ] as const)('%s: both maps are monotonic, exact at pieces and never split a pair', (_, form) => {
    fc.assert(
      fc.property(texts, (text) => {
        const mapped = form(text);
        expect(mapped.toSource(mapped.text.length)).toBe(text.length);
        let before = 0;
        for (let at = 0; at <= mapped.text.length; at++) {
          const source = mapped.toSource(at);
          expect(source).toBeGreaterThanOrEqual(before);
          expect(isInsidePair(text, source)).toBe(false);
          if (at === mapped.text.length) break;
          before = source;
          expect(mapped.toNormal(source)).toBeLessThanOrEqual(at);
          expect(mapped.toSource(mapped.toNormal(source))).toBe(source);
        }
        before = 0;
        for (let at = 0; at <= text.length; at++) {
          const to = mapped.toNormal(at);
          expect(to).toBeGreaterThanOrEqual(before);
          expect(isInsidePair(mapped.text, to)).toBe(false);
          before = to;
        }
        expect(before).toBe(mapped.text.length);
      }),
      { numRuns },
    );
  });

  it('cuts the same words out of the source', () => {
    const text = 'the  “respective\u00A0roles” of…all';
    const { text: normal, toSource } = normalForm(text);
    const at = normal.indexOf('respective roles');
    expect(text.slice(toSource(at), toSource(at + 'respective roles'.length))).toBe('respective\u00A0roles');
  });
});

function isInsidePair(text: string, at: number): boolean {
  return (
    at > 0 &&
    at < text.length &&
    /[\uD800-\uDBFF]/.test(text[at - 1] as string) &&
    /[\uDC00-\uDFFF]/.test(text[at] as string)
  );
}

describe('search key', () => {
  const key = (text: string): string => searchKey(text).text;

  it.each([
    ['GDС', 'GDC'],
    ['С1', 'c1'],
    ['WSlS', 'WSIS'],
    ['Société', 'societe'],
    ['الإنترنت', 'الانترنت'],
    ['مُجْتَمَع', 'مجتمع'],
    ['التنمية', 'التنميه'],
    ['١٢', '12'],
    ['１２', '12'],
    ['Ｉnternet', 'internet'],
    ['l’accès', "l'acces"],
  ])('%s is found as %s', (written, typed) => expect(key(written)).toBe(key(typed)));

  it('leaves words of one script alone', () => {
    expect(key('Россия')).toBe('россия'.normalize('NFKD').replace(/\p{M}/gu, ''));
    expect(key('all will')).toBe('all will');
    expect(key('С')).toBe('с');
  });

  it('finds words and their places', () => {
    const text = 'The  “Sociétés” 35a) 信息社会';
    expect(searchTokens(text).map(({ token, start, end }) => [token, text.slice(start, end)])).toEqual([
      ['the', 'The'],
      ['societes', 'Sociétés'],
      ['35a', '35a'],
      ['信息', '信息'],
      ['息社', '息社'],
      ['社会', '社会'],
      ['会', '会'],
    ]);
  });

  it('every query made of a text’s own characters is answered by the text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('信', '息', '社', 'a', ' ', '1', 'é')),
        fc.nat(),
        fc.nat(),
        (chars, a, b) => {
          const text = chars.join('');
          const runs = [...text.matchAll(/\S+/g)].map((match) => match[0]).filter((run) => /^[信息社]+$/.test(run));
          const run = runs[0];
          if (run === undefined) return;
          const from = a % run.length;
          const part = run.slice(from, from + 1 + (b % (run.length - from)));
          const held = searchTokens(text).map((token) => token.token);
          for (const { token, isPrefix } of queryTokens(part)) {
            expect(held.some((other) => (isPrefix ? other.startsWith(token) : other === token))).toBe(true);
          }
        },
      ),
      { numRuns },
    );
  });
});
