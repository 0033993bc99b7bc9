/**
 * Merging the texts of many delegations into one common input. A delegate *submits*; a coordinator *collects* submissions
 * and files as *entries* of a *merge*, treats their *passages*, and can say at any time what became of each. The common
 * text is a draft (shared/contract/drafts.ts): its words are edited there, and blocks are put into it from here.
 *
 * What becomes of a passage follows from the decisions and the common text as it is; no state is stored.
 */
import { circleId, nothing, recordId } from './common.ts';
import { submissionOperations } from './merging/submissions.ts';
import { collectionOperations } from './merging/collection.ts';
import { ledgerOperations } from './merging/ledger.ts';
import { clusterOperations } from './merging/clusters.ts';
import { assemblingOperations } from './merging/assembling.ts';
import { agreementOperations } from './merging/agreement.ts';
import { positionsOperations } from './merging/positions.ts';
import { outputOperations } from './merging/output.ts';
import { z } from './schema.ts';

export const mergingContract = {
  operations: {
    ...submissionOperations,
    ...collectionOperations,
    ...ledgerOperations,
    ...clusterOperations,
    ...assemblingOperations,
    ...agreementOperations,
    ...positionsOperations,
    ...outputOperations,
  },
  events: {
    /** Merges were added, renamed, removed, or their counts may be others. */
    listChanged: nothing,
    /** Something in a merge is another: entries, decisions, stances, silence, or the common text. */
    changed: z.object({
      merge: recordId,
      /** What may be different, so that a page asks only for what it shows. */
      parts: z.array(z.enum(['summary', 'entries', 'ledger', 'agreement', 'silence', 'positions'])),
    }),
    submissionsChanged: z.object({ circle: circleId }),
  },
} as const;
