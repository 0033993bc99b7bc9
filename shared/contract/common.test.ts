import { describe, expect, it } from 'vitest';
import { blockStyle, inlineContent } from './common.ts';

describe('what a newer program wrote', () => {
  it('passes untouched', () => {
    const content = [
      { t: 'text', s: 'a' },
      { t: 'formula', tex: 'x^2', deep: { a: [1] } },
    ];
    expect(inlineContent.parse(content)).toEqual(content);
    expect(blockStyle.parse({ kind: 'map', zoom: 3 })).toEqual({ kind: 'map', zoom: 3 });
  });

  it('is no way around the checks of known kinds', () => {
    expect(inlineContent.safeParse([{ t: 'text' }]).success).toBe(false);
    expect(inlineContent.safeParse([{ t: 'link', href: 1, s: 'x' }]).success).toBe(false);
    expect(blockStyle.safeParse({ kind: 'heading', level: 9 }).success).toBe(false);
    expect(blockStyle.safeParse({ level: 1 }).success).toBe(false);
  });
});
