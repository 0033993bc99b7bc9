import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inlineText, normaliseInline, plainText, sliceInline, type InlineContent } from '../drafting/inline.ts';
import type { RecordId } from '../ids.ts';
import { diffInline, mergeInline } from './three-way.ts';
import { contentOf, tokensOf } from './tokens.ts';

const numRuns = Number(process.env.NUM_RUNS ?? 100);
const text = (s: string): InlineContent => inlineText(s);
const note = (name: string): InlineContent => [
  { t: 'note', id: `${'a'.repeat(26)}.${name.padEnd(10, '2')}` as RecordId },
];

function merged(base: string, left: string, right: string): string | null {
  const merge = mergeInline(text(base), text(left), text(right));
  return merge.kind === 'combined' ? plainText(merge.content) : null;
}

describe('tokens', () => {
  it('[RC45] are words, spaces, punctuation and items, and put together give the content', () => {
    const content = [...text('A/RES/80/173, para. 35 a): d’État—3.5 %'), ...note('n'), ...inlineText(' bold', 'bold')];
    const tokens = tokensOf(content);
    const shown = tokens.map((token) => (token.item.t === 'text' ? token.item.s : token.item.t));
    expect(shown).toEqual(
      ['A/RES/80/173', ',', ' ', 'para', '.', ' ', '35', ' ', 'a', '):', ' ', 'd’État', '—', '3.5', ' ', '%'].concat(
        'note',
        ' ',
        'bold',
      ),
    );
    expect(contentOf(tokens)).toEqual(normaliseInline(content));
  });

  it('[RC45] divides scripts without spaces by dictionary', () => {
    const words = tokensOf(text('信息社会世界峰会'));
    expect(words.length).toBeGreaterThan(2);
    expect(plainText(contentOf(words))).toBe('信息社会世界峰会');
    expect(merged('信息社会世界峰会。我们支持。', '信息社会世界大会。我们支持。', '信息社会世界峰会。我们反对。')).toBe(
      '信息社会世界大会。我们反对。',
    );
  });
});

describe('three-way merge', () => {
  it('[RC46] combines edits of different words and says who did what', () => {
    const merge = mergeInline(
      text('We support the text.'),
      text('We welcome the text.'),
      text('We support the whole text.'),
    );
    if (merge.kind !== 'combined') throw new Error('a conflict');
    expect(plainText(merge.content)).toBe('We welcome the whole text.');
    expect(merge.marksOfEachSide.map(({ side }) => side)).toEqual(['left', 'right']);
    const [left] = merge.marksOfEachSide;
    expect(plainText(sliceInline(merge.content, left!.start, left!.end))).toBe('welcome');
    expect(plainText(left!.replaced)).toBe('support');
  });

  it('[RC46] makes a conflict of edits to the same words and of edits that touch', () => {
    expect(merged('We support it.', 'We welcome it.', 'We reject it.')).toBeNull();
    // Two words typed at one spot.
    expect(merged('the text', 'the whole text', 'the final text')).toBeNull();
    // A word put right before one that is replaced.
    expect(merged('the text', 'the new text', 'the paper')).toBeNull();
    const merge = mergeInline(text('We support it.'), text('We welcome it.'), text('We reject it.'));
    expect(merge.regions.map((region) => region.kind)).toEqual(['same', 'conflict', 'same']);
  });

  it('[RC46] takes the same edit of both sides once', () => {
    expect(merged('We support it.', 'We welcome it.', 'We welcome it.')).toBe('We welcome it.');
    const merge = mergeInline(text('a b c'), text('x b c'), text('x b z'));
    expect(merge.kind === 'combined' && merge.marksOfEachSide.map(({ side }) => side)).toEqual(['both', 'right']);
  });

  it('[RC46] keeps marks, and treats marking a word as an edit of that word', () => {
    const base = text('one two three');
    const bold = [...text('one '), ...inlineText('two', 'bold'), ...text(' three')];
    const merge = mergeInline(base, bold, text('one two four'));
    expect(merge.kind === 'combined' && merge.content).toEqual([
      ...text('one '),
      ...inlineText('two', 'bold'),
      ...text(' four'),
    ]);
    expect(mergeInline(base, bold, text('one zwei three')).kind).toBe('conflict');
  });

  it('[RC46] does not let a footnote or a phrase moved to two places stand twice', () => {
    const [one, two, three] = [text('one '), text('two '), text('three ')];
    const base = [...note('n'), ...one, ...two, ...three];
    const merge = mergeInline(base, [...one, ...note('n'), ...two, ...three], [...one, ...two, ...note('n'), ...three]);
    expect(merge.kind).toBe('conflict');
    expect(
      merged('cut one two three four five', 'one two cut three four five', 'one two three four cut five'),
    ).toBeNull();
  });

  const word = fc.constantFrom('the', 'text', 'of', 'a', 'state', 'people', 'and');
  const words = fc.array(word, { maxLength: 14 }).map((list) => list.join(' '));

  it('[RC46] is symmetrical, leaves one-sided edits alone, and its regions tell both sides', () => {
    fc.assert(
      fc.property(words, words, words, (base, left, right) => {
        expect(merged(base, left, right)).toBe(merged(base, right, left));
        expect(merged(base, left, base)).toBe(left);
        expect(merged(base, left, left)).toBe(left);
        const { regions } = mergeInline(text(base), text(left), text(right));
        const told = (own: 'left' | 'right'): string =>
          regions
            .map((region) => {
              if (region.kind === 'conflict') return plainText(region[own]);
              if (region.kind === 'same' || region.side === own || region.side === 'both')
                return plainText(region.content);
              return plainText(region.base);
            })
            .join('');
        expect(told('left')).toBe(left);
        expect(told('right')).toBe(right);
      }),
      { numRuns },
    );
  });
});

describe('differences', () => {
  it('[RC47] show what stays, goes and comes, word by word', () => {
    const runs = diffInline(text('We support the text.'), text('We fully support a text.'));
    expect(runs.map(({ op, content }) => [op, plainText(content)])).toEqual([
      ['same', 'We '],
      ['ins', 'fully '],
      ['same', 'support '],
      ['del', 'the'],
      ['ins', 'a'],
      ['same', ' text.'],
    ]);
  });

  it('[RC47] of texts with nothing in common are one deletion and one insertion, soon', () => {
    const long = (name: string): InlineContent =>
      text(Array.from({ length: 6000 }, (_, n) => `${name}${n}`).join('_ '));
    expect(diffInline(long('a'), long('b')).map(({ op }) => op)).toEqual(['del', 'ins']);
  });

  it('[RC47] lead from one text to the other', () => {
    const words = fc.array(fc.constantFrom('a', 'b', 'c', ',', ' '), { maxLength: 30 }).map((list) => list.join(''));
    fc.assert(
      fc.property(words, words, (a, b) => {
        const runs = diffInline(text(a), text(b));
        const told = (without: string): string =>
          runs.map(({ op, content }) => (op === without ? '' : plainText(content))).join('');
        expect(told('ins')).toBe(a);
        expect(told('del')).toBe(b);
      }),
      { numRuns },
    );
  });
});
