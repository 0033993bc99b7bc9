/** What several delegations say in like words. */
import { heads, inlineContent, recordId } from '../common.ts';
import { z } from '../schema.ts';
import { questionKey, passageKey, passageRef, difference, passageState } from './passages.ts';

export const clusterView = z.object({
  id: z.string(),
  language: z.string(),
  delegations: z.array(z.string()),
  /** The one nearest to all others first; the others carry their difference to it. */
  passages: z.array(
    z.object({
      entry: recordId,
      passage: passageKey,
      delegation: z.string(),
      content: inlineContent,
      text: z.string(),
      difference,
      similarity: z.number(),
      state: passageState,
      blocks: z.array(recordId),
      heads,
      isNew: z.boolean(),
    }),
  ),
  untreated: z.number(),
  /** Two wordings that may exclude each other: a hint to read both, never a judgement. */
  exclusions: z.array(
    z.object({
      a: passageRef,
      b: passageRef,
      kind: z.enum(['negation', 'number', 'obligation', 'opposite']),
      words: z.array(z.string()),
    }),
  ),
});
export type ClusterView = z.output<typeof clusterView>;

const merge = recordId;

export const clusterOperations = {
  clusters: {
    input: z.object({ merge, question: questionKey, threshold: z.number().int().min(0).max(1000).optional() }),
    output: z.object({
      clusters: z.array(clusterView),
      threshold: z.number(),
      passages: z.number(),
      /** Passages that answer no question yet, of the whole merge. */
      unassigned: z.number(),
    }),
  },
} as const;
