/** The row of the ledger: one passage, and what became of it. */
import { author, heads, inlineContent, instant, recordId } from '../common.ts';
import { z } from '../schema.ts';
import { difference, passageKey, passageRef, passageState, questionKey, treatment } from './passages.ts';

export const ledgerRow = z.object({
  entry: recordId,
  passage: passageKey,
  delegation: z.string(),
  questions: z.array(questionKey),
  /** What the file prints before it, as printed: `a)`, `•`. */
  marker: z.string(),
  /** The heading inside the answer under which it stands. */
  under: z.string(),
  content: inlineContent,
  text: z.string(),
  words: z.number(),
  language: z.string(),
  state: passageState,
  /** Why it is untreated: `no-decision`, `changed-since`, `text-removed`, `words-gone`, `no-reason`; else empty. */
  untreated: z.string(),
  /** Paragraphs of the common text that hold it. */
  blocks: z.array(recordId),
  /** From its words to those of the common text; empty when nothing differs or nothing stands. */
  difference,
  /** Of setting aside or withdrawing. */
  reason: z.string(),
  /** The decision's heads: what an action on this row supersedes. */
  heads,
  decidedBy: author.nullable(),
  decidedAt: instant.nullable(),
  /** The decisions that disagree, when disputed. */
  decisions: z.array(z.object({ treatment, author, at: instant, heads })),
  /** The passage of the earlier submission, and the difference to it. */
  earlier: passageRef.extend({ isSame: z.boolean(), difference }).nullable(),
  supersededBy: recordId.nullable(),
  /** The calling coordinator's own, which nobody else sees. */
  remark: z.string(),
});
export type LedgerRow = z.output<typeof ledgerRow>;
