import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

/** The custom properties of every rule whose selector names the theme. */
function tokensOf(theme: string): Record<string, string> {
  const out: Record<string, string> = {};
  for (const rule of css.replaceAll(/\/\*[\s\S]*?\*\//g, '').matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    if (!rule[1]!.includes(`'${theme}'`)) continue;
    for (const line of rule[2]!.matchAll(/(--[\w-]+):\s*([^;]+);/g)) out[line[1]!] = line[2]!.trim();
  }
  return out;
}

/** Relative luminance of `#rrggbb` (WCAG 2.2, section "relative luminance"). */
function luminance(colour: string): number {
  const channels = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * channels[0]! + 0.7152 * channels[1]! + 0.0722 * channels[2]!;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light! + 0.05) / (dark! + 0.05);
}

const kinds = ['note', 'question', 'support', 'oppose', 'amend', 'reserve'];
const grounds = ['paper', 'panel', 'raised', 'hover', 'accent-soft'];
const pairs = [
  ...grounds.flatMap((ground) => ['ink', 'quiet', 'accent'].map((ink) => [ink, ground])),
  ...[...kinds, 'good', 'warn', 'bad'].flatMap((kind) => [
    [kind, `${kind}-bg`],
    ['ink', `${kind}-bg`],
    [kind, 'paper'],
    [kind, 'panel'],
    [kind, 'raised'],
  ]),
  ['ink', 'find-bg'],
  ['accent-ink', 'accent'],
  ['paper', 'bad'],
] as [string, string][];

describe('contrast of the themes', () => {
  for (const [theme, least] of [
    ['light', 4.5],
    ['dark', 4.5],
    ['contrast', 7],
  ] as const) {
    it(`${theme}: every ink stands at least ${least} to 1 against its grounds`, () => {
      const tokens = tokensOf(theme);
      const tooWeak = pairs
        .map(([ink, ground]) => {
          const [a, b] = [tokens[`--${ink}`], tokens[`--${ground}`]];
          if (!a || !b) return `${ink} or ${ground} has no value`;
          const ratio = contrast(a, b);
          return ratio < least ? `${ink} on ${ground}: ${ratio.toFixed(2)}` : '';
        })
        .filter(Boolean);
      expect(tooWeak).toEqual([]);
    });
    it(`${theme}: the focus ring and strong lines stand at least 3 to 1 against their grounds`, () => {
      const tokens = tokensOf(theme);
      for (const ground of ['paper', 'panel', 'raised']) {
        expect(contrast(tokens['--focus']!, tokens[`--${ground}`]!)).toBeGreaterThanOrEqual(3);
        expect(contrast(tokens['--line-strong']!, tokens[`--${ground}`]!)).toBeGreaterThanOrEqual(3);
      }
    });
  }
});
