import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = new URL('../..', import.meta.url).pathname;

it('every rule of hub/SPEC.md is cited by a test, and every rule cited is in hub/SPEC.md', () => {
  const spec = readFileSync(join(root, 'hub/SPEC.md'), 'utf8');
  const rules = new Set([...spec.matchAll(/^- \*\*(HB\d+)\*\*/gm)].map((match) => match[1]!));
  const cited = new Set<string>();
  for (const place of ['test/hub', 'test/contract']) {
    for (const name of readdirSync(join(root, place))) {
      if (!/\.test\.ts$|suite\.ts$/.test(name)) continue;
      const text = readFileSync(join(root, place, name), 'utf8');
      for (const match of text.matchAll(/\[(HB\d+)\]/g)) cited.add(match[1]!);
    }
  }
  expect(rules.size).toBeGreaterThan(30);
  expect([...rules].filter((rule) => !cited.has(rule))).toEqual([]);
  expect([...cited].filter((rule) => !rules.has(rule))).toEqual([]);
});
