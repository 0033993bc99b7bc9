/** The files that a merge puts out. */
import { recordId } from '../common.ts';
import { grant } from '../files.ts';
import { z } from '../schema.ts';
import { questionKey } from './passages.ts';

export const mergeExportKind = z.enum(['common-input', 'bracketed', 'form-text', 'positions', 'ledger', 'report']);
export const mergeExportFormat = z.enum(['docx', 'html', 'md', 'txt', 'csv']);

const merge = recordId;

export const outputOperations = {
  export: {
    input: z.object({
      merge,
      kind: mergeExportKind,
      format: mergeExportFormat,
      /** For a report. */
      delegation: z.string().optional(),
      /** For the text of one question for an online form. */
      question: questionKey.optional(),
      /** For a table of positions. */
      by: z.enum(['paragraph', 'question']).default('paragraph'),
    }),
    /** What the file leaves out or marks is listed, to be shown before saving. */
    output: z.object({ file: grant, name: z.string(), sizeBytes: z.number(), remarks: z.array(z.string()) }),
  },
} as const;
