/** The rules of regional bodies that come with the workbench: only those for which a source is at hand. */
import apt from '../../../resources/rules/apt.json' with { type: 'json' };
import cept from '../../../resources/rules/cept.json' with { type: 'json' };
import citel from '../../../resources/rules/citel.json' with { type: 'json' };
import rcc from '../../../resources/rules/rcc.json' with { type: 'json' };
import type { RuleSet } from './rule-set.ts';

export const knownRules: readonly RuleSet[] = [apt, cept, citel, rcc] as readonly RuleSet[];

/** No rule: nothing is required, everything is shown. */
export const noRules: RuleSet = { key: 'none', body: '', name: '', source: '', requirements: [] };
