/**
 * Whether the words of a paragraph (or of the whole text) meet a body's rule, and why. Each delegation counts once, by its
 * last word on it; a word given on other words than now stand is counted and named, for a person to ask again.
 */
import type { RecordedAct, RequirementResult, RuleResult, RuleSet, Stance } from './rule-set.ts';

export interface Standing {
  /** Stances on the paragraph, or on the whole text; of one delegation the last in the list counts. */
  readonly stances: readonly Stance[];
  readonly acts: readonly RecordedAct[];
  /** Hash of the words as they stand. */
  readonly textHash: string;
}

export function evaluateRules({ requirements }: RuleSet, { stances, acts, textHash }: Standing): RuleResult {
  const last = [...new Map(stances.map((stance) => [stance.delegation, stance])).values()];
  const namesOf = (...values: readonly Stance['stance'][]): string[] =>
    last
      .filter(({ stance }) => values.includes(stance))
      .map(({ delegation }) => delegation)
      .sort();
  const supporters = namesOf('support', 'sign-on');
  const objectors = namesOf('object');
  const results = requirements.map((requirement): RequirementResult => {
    const judged = (isMet: boolean, needed: number, found: number, names: readonly string[]): RequirementResult => ({
      ...{ requirement, isMet, needed, found, names },
    });
    switch (requirement.kind) {
      case 'supporters':
        return judged(supporters.length >= requirement.atLeast, requirement.atLeast, supporters.length, supporters);
      case 'objections': {
        const most = Math.floor((supporters.length * requirement.atMostPerMille) / 1000);
        return judged(objectors.length <= most, most, objectors.length, objectors);
      }
      case 'signatures': {
        const signed = namesOf('sign-on');
        return judged(signed.length >= requirement.atLeast, requirement.atLeast, signed.length, signed);
      }
      case 'consensus':
        return judged(objectors.length === 0, 0, objectors.length, objectors);
      case 'act': {
        const done = acts.filter(({ act }) => act === requirement.act).map(({ by }) => by);
        return judged(done.length > 0, 1, done.length, done);
      }
    }
  });
  const changedSince = last
    .filter((stance) => stance.stance !== 'none' && stance.textHash !== textHash)
    .map(({ delegation }) => delegation)
    .sort();
  return { isMet: results.every(({ isMet }) => isMet), results, changedSince };
}

/** One requirement in an English sentence, for the command line; the page has its own. */
export function sentenceOf({ requirement, isMet, needed, found, names }: RequirementResult): string {
  const who = names.length === 0 ? '' : ` (${names.join(', ')})`;
  const verdict = isMet ? 'Met' : 'Not met';
  switch (requirement.kind) {
    case 'supporters':
      return `${verdict}: ${found} of at least ${needed} supporters${who}.`;
    case 'objections':
      return `${verdict}: ${found} objections, at most ${needed} allowed by the number of supporters${who}.`;
    case 'signatures':
      return `${verdict}: ${found} of at least ${needed} signatures${who}.`;
    case 'consensus':
      return found === 0 ? `${verdict}: nobody objects.` : `${verdict}: ${found} object${who}.`;
    case 'act':
      return isMet
        ? `${verdict}: ${requirement.act} by ${requirement.organ}, recorded by ${names.join(', ')}.`
        : `${verdict}: nobody has recorded that it was ${requirement.act} by ${requirement.organ}.`;
  }
}
