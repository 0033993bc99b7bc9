/** Actions on passages, each one change and one step of undo: taking, bracketing, combining, setting aside. */
import { heads, inlineContent, recordId } from '../common.ts';
import { z } from '../schema.ts';
import { questionKey, passageRef, treatment } from './passages.ts';
import { ledgerRow } from './ledger-row.ts';

/** Passages with the heads of their decisions on screen; without heads the service takes those that are here. */
const acted = passageRef.extend({ heads: heads.optional() });
const actedOn = z.array(acted).min(1);

/** Every action on passages: what to look at now. `blocks`: paragraphs of the common text made or changed by it. */
const acting = z.object({
  blocks: z.array(recordId),
  rows: z.array(ledgerRow),
  canUndo: z.boolean(),
  canRedo: z.boolean(),
});

const undoing = z.object({
  done: z.boolean(),
  refused: z.enum(['nothing', 'changed-by-partner', 'removed-by-partner']).nullable(),
  blocks: z.array(recordId),
  canUndo: z.boolean(),
  canRedo: z.boolean(),
});

const merge = recordId;
const by = z.object({ merge });

export const assemblingOperations = {
  /** One paragraph for the first passage's words as they are; the others count as said by it too. */
  take: {
    input: z.object({ merge, question: questionKey, passages: actedOn, after: recordId.nullable().optional() }),
    output: acting,
  },
  /** Alternatives in square brackets with their delegations, one paragraph; into `block` beside what stands there. */
  bracket: {
    input: z.object({
      merge,
      question: questionKey,
      passages: actedOn,
      after: recordId.nullable().optional(),
      block: recordId.optional(),
    }),
    output: acting,
  },
  /** A paragraph of the coordinator's own words; the passages stay attached as its sources. `block`: an existing one. */
  combine: {
    input: z.object({
      merge,
      question: questionKey,
      passages: actedOn,
      content: inlineContent.optional(),
      after: recordId.nullable().optional(),
      block: recordId.optional(),
      heads: heads.optional(),
    }),
    output: acting,
  },
  setAside: { input: z.object({ merge, passages: actedOn, reason: z.string().trim().min(1) }), output: acting },
  /** Takes the decision back; paragraphs of the common text stay as they are. */
  untreat: { input: z.object({ merge, passages: actedOn }), output: acting },
  /** Closes a dispute by one of its decisions (`decisions[n]` of the row) or by another, over all heads shown. */
  settle: { input: z.object({ merge, passage: acted, treatment }), output: acting },
  /** What was decided on the earlier wording holds for the changed one too. */
  confirmUnchangedDecision: { input: z.object({ merge, passages: actedOn }), output: acting },
  undo: { input: by, output: undoing },
  redo: { input: by, output: undoing },
} as const;
