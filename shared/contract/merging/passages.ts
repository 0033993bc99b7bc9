/** What a passage is called, what became of it, and how two wordings differ: what every part of merging speaks of. */
import { ledgerStates } from '../../merging/ledger/ledger-model.ts';
import { recordId } from '../common.ts';
import { z } from '../schema.ts';

/** The number of a question of the template, `3`; `0` for a template without questions. */
export const questionKey = z.string();
/** `3.2`: the second paragraph of the third answer in the file, counted from 1. */
export const passageKey = z.string().regex(/^o?\d{1,5}\.\d{1,5}$/);
export const passageRef = z.object({ entry: recordId, passage: passageKey });
export type PassageRef = z.output<typeof passageRef>;

export const difference = z.array(z.object({ op: z.enum(['same', 'ins', 'del']), text: z.string() }));
export type Difference = z.output<typeof difference>;

export const passageStates = ledgerStates;
export const passageState = z.enum(passageStates);
export type PassageState = z.output<typeof passageState>;

export const treatment = z.union([
  z.object({ as: z.enum(['whole', 'bracketed', 'combined']), blocks: z.array(recordId) }),
  z.object({ setAside: z.string() }),
]);
export type TreatmentView = z.output<typeof treatment>;
