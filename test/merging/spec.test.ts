/** Every rule of shared/merging/SPEC.md is cited by a test, and every citation names a rule. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const project = new URL('../../', import.meta.url);
const folders = ['shared/merging/', 'test/merging/'];

it('every rule of merging is cited by a test', () => {
  const spec = readFileSync(new URL('shared/merging/SPEC.md', project), 'utf8');
  const rules = [...spec.matchAll(/^- \*\*(MG\d+)\*\* /gm)].map((match) => match[1]!);
  expect(rules.length).toBeGreaterThan(20);
  expect(rules).toEqual(rules.map((_, index) => `MG${index + 1}`));
  const cited = new Set<string>();
  for (const folder of folders) {
    for (const name of readdirSync(new URL(folder, project), { recursive: true }) as string[]) {
      if (!name.endsWith('.test.ts')) continue;
      const source = readFileSync(new URL(folder + name, project), 'utf8');
      for (const match of source.matchAll(/\[(MG\d+)\]/g)) cited.add(match[1]!);
    }
  }
  expect(rules.filter((rule) => !cited.has(rule))).toEqual([]);
  expect([...cited].filter((rule) => !rules.includes(rule))).toEqual([]);
});
