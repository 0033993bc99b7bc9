/** Stances on the common text, the rules of the body, and silence procedures. */
import { author, blockStyle, heads, inlineContent, instant, recordId } from '../common.ts';
import { z } from '../schema.ts';
import { questionKey } from './passages.ts';

export const stanceValue = z.enum(['sign-on', 'support', 'object', 'reserve', 'none']);
export const stanceVia = z.enum(['circle', 'phone', 'room', 'mail']);
export const stanceView = z.object({
  id: recordId,
  /** Null: the text as a whole. */
  block: recordId.nullable(),
  delegation: z.string(),
  stance: stanceValue,
  note: z.string(),
  via: stanceVia,
  author,
  at: instant,
  /** Written down by somebody who is not of that delegation. */
  notedByOther: z.boolean(),
  /** Said by a confirmed member of the delegation or noted by a coordinator, and superseded by no later one. */
  counts: z.boolean(),
  /** Another one that counts says otherwise: two people wrote apart, and the more cautious word is reckoned with. */
  contested: z.boolean(),
  /** The words have changed since it was said. */
  textChanged: z.boolean(),
  heads,
});
export type StanceView = z.output<typeof stanceView>;

/** `text` says it in English for the command line; the page makes its own sentence of the figures. */
export const ruleCheck = z.object({
  requirement: z.string(),
  met: z.boolean(),
  needed: z.number(),
  found: z.number(),
  names: z.array(z.string()),
  text: z.string(),
});
export const ruleSetView = z.object({ key: z.string(), body: z.string(), name: z.string(), source: z.string() });
export const agreementView = z.object({
  /** One for each paragraph of the common text that is not a heading or a question, and null for the text as a whole. */
  blocks: z.array(
    z.object({
      block: recordId.nullable(),
      question: questionKey.nullable(),
      text: z.string(),
      stances: z.array(stanceView),
      met: z.boolean(),
      checks: z.array(ruleCheck),
      changedSince: z.array(z.string()),
    }),
  ),
  rules: ruleSetView,
  available: z.array(ruleSetView),
  acts: z.array(
    z.object({ act: z.enum(['adopted', 'submitted']), by: z.string(), note: z.string(), author, at: instant }),
  ),
  /** Whose stance the caller may give as its own delegation; empty for none. */
  ownDelegation: z.string(),
  mayNote: z.boolean(),
});

export const silenceView = z.object({
  id: recordId,
  title: z.string(),
  startedBy: author,
  startedAt: instant,
  deadline: instant,
  timeZone: z.string(),
  /** The deadline on the clocks of that zone: `2027-03-04 18:00`, with its offset. */
  deadlineThere: z.string(),
  /** By this machine's clock, which decides nothing. */
  isPast: z.boolean(),
  text: z.array(z.object({ block: recordId, style: blockStyle, content: inlineContent, text: z.string() })),
  /** Blocks of the common text that read differently now. */
  changedSince: z.array(recordId),
  breaks: z.array(
    z.object({
      id: recordId,
      delegation: z.string(),
      /** Null: the text as a whole. */
      block: recordId.nullable(),
      note: z.string(),
      via: stanceVia,
      author,
      at: instant,
      /** By the author's clock, after the deadline; a person decides what follows. */
      isLate: z.boolean(),
    }),
  ),
  result: z
    .object({ result: z.enum(['kept', 'broken', 'withdrawn']), note: z.string(), by: author, at: instant })
    .nullable(),
  /** Two coordinators recorded different results apart. */
  contested: z.boolean(),
  mayRecord: z.boolean(),
});
export type SilenceView = z.output<typeof silenceView>;

const merge = recordId;
const by = z.object({ merge });

export const agreementOperations = {
  agreement: { input: by, output: agreementView },
  /** `delegation` of another: a coordinator notes what was said by telephone, in the room, by mail. */
  setStance: {
    input: z.object({
      merge,
      block: recordId.nullable(),
      delegation: z.string().trim().min(1).optional(),
      stance: stanceValue,
      note: z.string().default(''),
      via: stanceVia.default('circle'),
    }),
    output: stanceView,
  },
  recordAct: {
    input: z.object({
      merge,
      act: z.enum(['adopted', 'submitted']),
      by: z.string().nullable(),
      note: z.string().default(''),
    }),
    output: agreementView,
  },
  setOwnRules: {
    input: z.object({
      merge,
      name: z.string().trim().min(1),
      supporters: z.number().int().nonnegative().nullable(),
      objectionsPerMille: z.number().int().min(0).max(1000).nullable(),
      signatures: z.number().int().nonnegative().nullable(),
      consensus: z.boolean(),
      adoptedBy: z.string().nullable(),
      submittedBy: z.string().nullable(),
    }),
    output: agreementView,
  },
  silences: { input: by, output: z.object({ silences: z.array(silenceView) }) },
  /** Freezes the common text as it is. `deadline` is the wall clock of `timeZone`: `2027-03-04T18:00`. */
  startSilence: {
    input: z.object({
      merge,
      title: z.string().trim().min(1),
      deadline: z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/),
      timeZone: z.string(),
    }),
    output: silenceView,
  },
  breakSilence: {
    input: z.object({
      silence: recordId,
      block: recordId.nullable(),
      delegation: z.string().trim().min(1).optional(),
      note: z.string().default(''),
      via: stanceVia.default('circle'),
    }),
    output: silenceView,
  },
  /** What a person records; a clock never does. Null takes it back. */
  recordSilence: {
    input: z.object({
      silence: recordId,
      result: z.enum(['kept', 'broken', 'withdrawn']).nullable(),
      note: z.string().default(''),
    }),
    output: silenceView,
  },
} as const;
