/** Who holds what, with the evidence. */
import { documentId, instant, nothing, recordId } from '../common.ts';
import { z } from '../schema.ts';
import { passageKey } from './passages.ts';

export const positionValue = z.enum(['support', 'oppose', 'amend', 'reserve', 'question', 'text', 'mixed']);
export const positionsView = z.object({
  rows: z.array(z.object({ key: z.string(), label: z.string(), text: z.string() })),
  delegations: z.array(z.string()),
  cells: z.array(
    z.object({
      row: z.string(),
      delegation: z.string(),
      position: positionValue,
      /** The groups whose position stands for it; empty when it speaks for itself. */
      through: z.array(z.string()),
      evidence: z.array(
        z.object({
          kind: z.string(),
          speaker: z.string(),
          position: positionValue,
          words: z.string(),
          at: instant.nullable(),
          /** What to open: an annotation of a document, a passage of an entry, a stance, a session's log. */
          link: z.object({
            annotation: recordId.nullable(),
            document: documentId.nullable(),
            entry: recordId.nullable(),
            passage: passageKey.nullable(),
            stance: recordId.nullable(),
            session: recordId.nullable(),
          }),
        }),
      ),
    }),
  ),
  groups: z.array(z.object({ key: z.string(), name: z.string(), members: z.array(z.string()), own: z.boolean() })),
});
export type PositionsView = z.output<typeof positionsView>;

const merge = recordId;

export const positionsOperations = {
  /** `by` document: the paragraphs of an outcome document that somebody annotated. */
  positions: {
    input: z.object({
      merge,
      by: z.enum(['paragraph', 'question', 'document']).default('paragraph'),
      document: documentId.optional(),
    }),
    output: positionsView,
  },
  setGroup: {
    input: z.object({ merge, name: z.string().trim().min(1).max(64), members: z.array(z.string()) }),
    output: nothing,
  },
} as const;
