/** The account of every passage, where the words of the common text come from, and what each delegation is told. */
import { nothing, recordId } from '../common.ts';
import { z } from '../schema.ts';
import { questionKey, passageKey, passageRef, difference, passageState } from './passages.ts';
import { mergeSummary } from './collection.ts';
import { ledgerRow } from './ledger-row.ts';

export const sourceView = z.object({
  entry: recordId,
  passage: passageKey,
  delegation: z.string(),
  state: passageState,
});

export const reportView = z.object({
  delegation: z.string(),
  title: z.string(),
  counts: z.record(passageState, z.number()),
  entries: z.array(z.object({ id: recordId, title: z.string(), version: z.string(), date: z.string() })),
  sections: z.array(
    z.object({
      question: questionKey,
      number: z.string(),
      text: z.string(),
      rows: z.array(
        z.object({
          passage: passageRef,
          text: z.string(),
          state: passageState,
          difference,
          reason: z.string(),
          /** The paragraphs of the common text that hold it, as they read now. */
          now: z.array(z.string()),
          /** Delegations whose passages went into the same paragraphs. */
          together: z.array(z.string()),
        }),
      ),
    }),
  ),
  /** What the report leaves out, in English sentences. */
  remarks: z.array(z.string()),
});
export type ReportView = z.output<typeof reportView>;

const merge = recordId;
const by = z.object({ merge });

export const ledgerOperations = {
  ledger: {
    input: z.object({
      merge,
      states: z.array(passageState).optional(),
      delegation: z.string().optional(),
      question: questionKey.optional(),
      entry: recordId.optional(),
      text: z.string().optional(),
      from: z.number().int().nonnegative().default(0),
      limit: z.number().int().positive().max(10_000).default(200),
    }),
    output: z.object({
      rows: z.array(ledgerRow),
      total: z.number(),
      counts: z.record(passageState, z.number()),
      /** Of all entries, whatever is filtered. */
      allCounts: z.record(passageState, z.number()),
    }),
  },
  /** Sources of each paragraph of the common text, down to the passage. */
  sources: {
    input: by,
    output: z.object({
      blocks: z.array(z.object({ block: recordId, question: questionKey.nullable(), sources: z.array(sourceView) })),
    }),
  },
  /** Empty: takes it away. Kept in the personal circle, in no report and no export. */
  remark: { input: passageRef.extend({ body: z.string() }), output: nothing },
  report: { input: z.object({ merge, delegation: z.string() }), output: reportView },
  /** Fails with `invalid-state` while anything is untreated or disputed. */
  markDone: { input: z.object({ merge, note: z.string() }), output: mergeSummary },
  reopen: { input: by, output: mergeSummary },
} as const;
