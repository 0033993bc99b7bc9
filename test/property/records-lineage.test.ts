/** What is done to blocks apart, settled by combining and by choosing. The runs and what is checked: records-lineage-run.ts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foundRuns } from './records-lineage-found.ts';
import { picks, play, rounds, type Deed } from './records-lineage-run.ts';

function check(script: readonly (readonly Deed[])[], pick: number): void {
  const { words, expected, choices, leftOut } = play(script, pick);
  expect(new Set(words).size, words.join(' ')).toBe(words.length);
  for (const word of expected) if (!leftOut.has(word)) expect(words).toContain(word);
  // Choosing a side may bring back what another one deleted; combining never does.
  if (choices === 0) expect(words.sort()).toEqual(expected.sort());
}

it('[RC50] [RC51] what is done to blocks apart neither loses nor doubles a word, combined or chosen', () => {
  fc.assert(fc.property(rounds, picks, check), { numRuns: Number(process.env.NUM_RUNS ?? 300) });
});

describe('[RC51] found by searching', () => {
  for (const { name, script } of foundRuns) {
    it(name, () => {
      for (const pick of [0, 1, 2, 3]) check(script, pick);
    });
  }
});

it('the runs settle by combining and by choosing, with two sides and more', () => {
  const reached = new Set<string>();
  let combined = 0;
  let clean = 0;
  for (const script of fc.sample(rounds, { numRuns: 150, seed: 5 })) {
    const outcome = play(script);
    combined += outcome.combined;
    if (outcome.choices === 0 && outcome.combined > 0) clean += 1;
    for (const shape of outcome.reached) reached.add(shape);
  }
  expect(combined).toBeGreaterThan(30);
  expect(clean).toBeGreaterThan(30);
  for (const shape of ['combined of 2', 'combined of 3', 'conflict of 2', 'conflict of 3'])
    expect(reached).toContain(shape);
});
