/** Submissions: snapshots of a draft, or of answers of it, that a delegate sends to a wider circle. */
import { author, blockStyle, circleId, inlineContent, instant, language, recordId } from '../common.ts';
import { draftTemplate } from '../drafts.ts';
import { z } from '../schema.ts';
import { questionKey, difference } from './passages.ts';

export const submissionView = z.object({
  id: recordId,
  circle: circleId,
  circleName: z.string(),
  author,
  at: instant,
  delegation: z.string(),
  /** 1, 2, ... of one person in one circle. */
  number: z.number(),
  title: z.string(),
  template: draftTemplate,
  language,
  words: z.number(),
  /** Keys of the questions that it answers; empty for a text without questions. */
  questions: z.array(questionKey),
  /** The first characters of the hash of its content, for reading out over a telephone. */
  fingerprint: z.string(),
  supersedes: recordId.nullable(),
  supersededBy: recordId.nullable(),
  withdrawn: z.object({ reason: z.string(), at: instant }).nullable(),
  mine: z.boolean(),
  /** The draft it was made from; null for others, and where the link is not at hand. */
  draft: recordId.nullable(),
  /** The other members of the circle, and whether a receipt says that they have it (null: none has come). */
  receivedBy: z.array(
    z.object({
      person: recordId,
      name: z.string(),
      delegation: z.string(),
      has: z.boolean().nullable(),
      at: instant.nullable(),
    }),
  ),
  /** The merges of the circle that have taken it in. */
  merges: z.array(recordId),
});
export type SubmissionView = z.output<typeof submissionView>;

/** What a draft's submission would hold, before it is sent. */
export const submissionPreview = z.object({
  title: z.string(),
  questions: z.array(
    z.object({
      key: questionKey,
      /** Empty for a contribution's part, which has a name only. */
      number: z.string(),
      text: z.string(),
      words: z.number(),
      limit: z.number().nullable(),
    }),
  ),
  words: z.number(),
  /** What keeps it from being sent: versions that nobody has settled. */
  unsettled: z.number(),
  /** What is not sent along, in English sentences: references to documents the circle has not, unsafe addresses. */
  remarks: z.array(z.string()),
  /** The circle's last submission of this draft, which a new one supersedes. */
  previous: submissionView.nullable(),
  /** Whether anything is different from it. */
  changed: z.boolean(),
});

export const submissionOperations = {
  previewSubmission: {
    input: z.object({ draft: recordId, circle: circleId, questions: z.array(questionKey).optional() }),
    output: submissionPreview,
  },
  /** A snapshot of a draft, or of chosen answers of it, for a wider circle. The draft's history and comments stay. */
  submit: {
    input: z.object({ draft: recordId, circle: circleId, questions: z.array(questionKey).optional() }),
    output: submissionView,
  },
  submissions: {
    input: z.object({ circle: circleId.optional(), draft: recordId.optional() }),
    output: z.object({ submissions: z.array(submissionView) }),
  },
  /** The words of a submission as they were sent. */
  readSubmission: {
    input: z.object({ submission: recordId }),
    output: z.object({
      submission: submissionView,
      blocks: z.array(z.object({ style: blockStyle, content: inlineContent, text: z.string() })),
      /** To the submission that it supersedes. */
      difference: z.array(z.object({ question: questionKey, difference })),
    }),
  },
  withdrawSubmission: { input: z.object({ submission: recordId, reason: z.string() }), output: submissionView },
  /** Takes a withdrawal back. */
  restoreSubmission: { input: z.object({ submission: recordId }), output: submissionView },
} as const;
