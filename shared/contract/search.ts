/** Full-text search over the shelf, drafts and annotations. */
import { documentId, recordId, unitId } from './common.ts';
import { z } from './schema.ts';

export const searchHit = z.object({
  kind: z.enum(['unit', 'annotation', 'block']),
  document: documentId.nullable(),
  draft: recordId.nullable(),
  title: z.string(),
  language: z.string(),
  unit: unitId.nullable(),
  record: recordId.nullable(),
  label: z.string(),
  /** The text around the hit, with the places of the words found as [start, end) UTF-16 offsets into it. */
  excerpt: z.string(),
  marks: z.array(z.tuple([z.number(), z.number()])),
});
export type SearchHit = z.output<typeof searchHit>;

export const searchContract = {
  operations: {
    query: {
      input: z.object({
        words: z.string(),
        document: documentId.optional(),
        kinds: z.array(z.enum(['unit', 'annotation', 'block'])).optional(),
        limit: z.number().int().positive().max(500).default(100),
      }),
      /** `total` counts all hits, also beyond the limit. */
      output: z.object({ hits: z.array(searchHit), total: z.number() }),
    },
  },
  events: {},
} as const;
