/** Every rule of shared/records/SPEC.md is cited by a test, and every citation names a rule. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const project = new URL('../../', import.meta.url);
const folders = ['shared/records/', 'shared/merging/', 'test/', 'test/property/'];

it('every rule of the change log is cited by a test', () => {
  const spec = readFileSync(new URL('shared/records/SPEC.md', project), 'utf8');
  const rules = [...spec.matchAll(/^- \*\*(RC\d+)\*\* /gm)].map((match) => match[1]!);
  expect(rules.length).toBeGreaterThan(40);
  expect(rules).toEqual(rules.map((_, index) => `RC${index + 1}`));
  const cited = new Set<string>();
  for (const folder of folders) {
    for (const name of readdirSync(new URL(folder, project))) {
      if (!name.endsWith('.test.ts')) continue;
      const source = readFileSync(new URL(folder + name, project), 'utf8');
      for (const match of source.matchAll(/\[(RC\d+)\]/g)) cited.add(match[1]!);
    }
  }
  expect(rules.filter((rule) => !cited.has(rule))).toEqual([]);
  expect([...cited].filter((rule) => !rules.includes(rule))).toEqual([]);
});
