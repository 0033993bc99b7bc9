import { describe, expect, it } from 'vitest';
import { bundleShapes, runBundleFuzz, type BundleFuzzOutcome } from './fuzz-bundles-run.ts';

/** Those that once failed stay: 30 and 40 (a receipt that named the end of a chain with a gap in it). */
const seeds = [
  ...new Set([30, 40, ...Array.from({ length: Number(process.env['NUM_RUNS'] ?? 5) }, (_, index) => index + 1)]),
];

describe('fuzz: workbenches with nothing but bundles', () => {
  const outcomes: BundleFuzzOutcome[] = [];

  for (const seed of seeds) {
    it(`[SY50] [SY72] [SY74] ends in equal states and loses no value (seed ${seed})`, async () => {
      const outcome = await runBundleFuzz(seed);
      outcomes.push(outcome);
      expect(outcome.failures, `seed ${seed}: ${JSON.stringify(outcome.counts)}`).toEqual([]);
    });
  }

  it('reached every shape it is for', () => {
    const total = (shape: (typeof bundleShapes)[number]): number =>
      outcomes.reduce((sum, each) => sum + each.counts[shape], 0);
    expect(bundleShapes.filter((shape) => total(shape) === 0)).toEqual([]);
    expect(outcomes.reduce((sum, each) => sum + each.values, 0)).toBeGreaterThan(60);
  });
});
