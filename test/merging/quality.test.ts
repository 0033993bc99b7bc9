/** The figures of clustering, on seeds that nothing was tuned on. Run it to see them: they are printed. */
import { expect, it } from 'vitest';
import { lineOf, measureAlternatives, measureOwn, measuringSeeds, questionsOf, tuningSeeds } from './quality.ts';

it('[MG9] finds what delegations edited, F1 at least 0.95 at the default threshold', async () => {
  const found = await measureOwn('edited');
  const others = await measureAlternatives('edited');
  console.log(['edited wordings, unseen seeds', ...[found, ...others].map(lineOf)].join('\n'));
  expect(found.f1).toBeGreaterThanOrEqual(0.95);
  expect(Math.max(...others.map(({ f1 }) => f1))).toBeLessThan(found.f1 + 0.05);
});

it('says what it does not find: the same thoughts in other words', async () => {
  const found = await measureOwn('paraphrased');
  const others = await measureAlternatives('paraphrased');
  console.log(['paraphrases, unseen seeds', ...[found, ...others].map(lineOf)].join('\n'));
  // What it puts together is right; much stays apart, and is shown apart.
  expect(found.precision).toBeGreaterThan(0.9);
  expect(found.f1).toBeLessThan(0.95);
});

it('measures on sets that are neither trivial nor those tuned on', () => {
  expect(measuringSeeds.filter((seed) => tuningSeeds.includes(seed))).toEqual([]);
  const passages = questionsOf(measuringSeeds, 'edited').flat();
  expect(passages.length).toBeGreaterThan(2000);
  for (const question of questionsOf(measuringSeeds, 'edited')) {
    const families = [...Map.groupBy(question, ({ family }) => family).values()];
    expect(families.some((family) => new Set(family.map(({ text }) => text)).size > 2)).toBe(true);
    expect(families.length).toBeGreaterThan(3);
  }
});
