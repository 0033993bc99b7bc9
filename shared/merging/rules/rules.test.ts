import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evaluateRules, sentenceOf } from './evaluate.ts';
import { knownRules, noRules } from './known-rules.ts';
import type { RuleSet, Stance, StanceValue } from './rule-set.ts';

const ruleOf = (key: string): RuleSet => knownRules.find((rule) => rule.key === key)!;
const stancesOf = (said: Readonly<Partial<Record<StanceValue, string>>>): Stance[] =>
  Object.entries(said).flatMap(([stance, names]) =>
    names.split(' ').map((delegation): Stance => ({
      ...{ block: 'b1', delegation, stance: stance as StanceValue, note: '', via: 'circle' },
      ...{ notedBy: null, textHash: 'now' },
    })),
  );
const judge = (
  rule: RuleSet,
  said: Parameters<typeof stancesOf>[0],
  acts: Parameters<typeof evaluateRules>[1]['acts'] = [],
) => evaluateRules(rule, { stances: stancesOf(said), acts, textHash: 'now' });

describe('rules of the regional bodies', () => {
  it('[MG25] all name their source', () => {
    const files = readdirSync(new URL('../../../resources/rules/', import.meta.url)).map((name) =>
      name.replace('.json', ''),
    );
    expect(knownRules.map(({ key }) => key).sort()).toEqual(files.sort());
    for (const { source, requirements } of knownRules) {
      expect(source).toMatch(/\w+\.\w+|input/);
      expect(requirements.length).toBeGreaterThan(0);
    }
  });

  it('[MG24] six supporters, and objections at most half of them', () => {
    const six = 'XA XB XC XD XE XF';
    expect(judge(ruleOf('citel'), { support: six }).isMet).toBe(true);
    expect(judge(ruleOf('citel'), { support: 'XA XB XC', 'sign-on': 'XD XE XF', object: 'XG XH XI' }).isMet).toBe(true);
    expect(judge(ruleOf('citel'), { support: 'XA XB XC XD XE' })).toMatchObject({
      isMet: false,
      results: [{ isMet: false, needed: 6, found: 5, names: ['XA', 'XB', 'XC', 'XD', 'XE'] }, { isMet: true }],
    });
    const opposed = judge(ruleOf('citel'), { support: `${six} XL`, object: 'XG XH XI XJ' });
    expect(opposed.results.map(sentenceOf)).toEqual([
      'Met: 7 of at least 6 supporters (XA, XB, XC, XD, XE, XF, XL).',
      'Not met: 4 objections, at most 3 allowed by the number of supporters (XG, XH, XI, XJ).',
    ]);
  });

  it('[MG24] signatures by name, which support alone is not', () => {
    expect(judge(ruleOf('apt'), { support: 'XA XB' }).isMet).toBe(false);
    expect(judge(ruleOf('apt'), { 'sign-on': 'XB XA' }).results[0]).toMatchObject({ isMet: true, names: ['XA', 'XB'] });
  });

  it('[MG24] an adopted list, and consensus with submission by the executive, each recorded by a person', () => {
    expect(judge(ruleOf('cept'), { support: 'XA XB' }).isMet).toBe(false);
    expect(judge(ruleOf('cept'), {}, [{ act: 'adopted', by: 'Coordinator', note: '' }]).isMet).toBe(true);
    const submitted = [{ act: 'submitted', by: 'Coordinator', note: '' }] as const;
    expect(judge(ruleOf('rcc'), { support: 'XA', reserve: 'XB' }, submitted).isMet).toBe(true);
    expect(judge(ruleOf('rcc'), { support: 'XA', object: 'XB' }, submitted).isMet).toBe(false);
    expect(judge(ruleOf('rcc'), { support: 'XA' }).results.map(sentenceOf)).toEqual([
      'Met: nobody objects.',
      'Not met: nobody has recorded that it was submitted by the RCC Executive Committee.',
    ]);
  });

  it('[MG24] counts a delegation once, by its last word, and names those who spoke of other words', () => {
    const [old] = stancesOf({ object: 'XA' });
    const [now] = stancesOf({ support: 'XA' });
    const [stale] = stancesOf({ support: 'XB' });
    const result = evaluateRules(
      { ...noRules, requirements: [{ kind: 'supporters', atLeast: 2 }, { kind: 'consensus' }] },
      { stances: [old!, { ...stale!, textHash: 'before' }, now!], acts: [], textHash: 'now' },
    );
    expect(result).toMatchObject({ isMet: true, changedSince: ['XB'] });
  });

  it('[MG24] without requirements is met', () => {
    expect(judge(noRules, { object: 'XA' })).toEqual({ isMet: true, results: [], changedSince: [] });
  });
});
