import { describe, expect, it } from 'vitest';
import { delegationKey } from '../delegations/directory.ts';
import { inlineText, plainText, type InlineContent } from '../drafting/inline.ts';
import { withoutNames } from './unnamed.ts';

const known = new Set(['Kenya', 'Fiji', 'Venezuela, Bolivarian Republic of', '肯尼亚'].map(delegationKey));
const bare = (text: string): string => plainText(withoutNames(inlineText(text), known).content);

describe('names in brackets', () => {
  it.each([
    ['[Kenya: one] [Fiji: two]', '[one] [two]'],
    ['[Kenya, Fiji: one]', '[one]'],
    ['[Fiji; Kenya: one]', '[one]'],
    ['[Venezuela, Bolivarian Republic of, Kenya: one]', '[one]'],
    ['[Kenya, Venezuela, Bolivarian Republic of: one]', '[one]'],
    ['[肯尼亚：一]', '[一]'],
    ['[KENYA : one]', '[one]'],
    ['Kenya: not in brackets', 'Kenya: not in brackets'],
    ['[the following: one]', '[the following: one]'],
    ['[one of Kenya: two]', '[one of Kenya: two]'],
    ['before [Kenya: [inner: x]] after', 'before [[inner: x]] after'],
  ])('turns %s into %s', (named, unnamed) => expect(bare(named)).toBe(unnamed));

  it('finds a name that stands in several runs of text, and keeps marks, breaks and links', () => {
    const content: InlineContent = [
      { t: 'text', s: 'So [Ke' },
      { t: 'text', s: 'ny', m: ['bold'] },
      { t: 'text', s: 'a: one', m: ['italic'] },
      { t: 'break' },
      { t: 'text', s: ' two]' },
    ];
    expect(withoutNames(content, known)).toEqual({
      content: [
        { t: 'text', s: 'So [' },
        { t: 'text', s: 'one', m: ['italic'] },
        { t: 'break' },
        { t: 'text', s: ' two]' },
      ],
      taken: 1,
      kept: [],
    });
  });

  it('leaves a name beside other words, and says so', () => {
    expect(withoutNames(inlineText('[Kenya, in its reply: one]'), known)).toMatchObject({
      taken: 0,
      kept: ['[Kenya, in its reply:'],
    });
  });
});
