/** Merges and their entries: what was collected, from whom, and which question each answer answers. */
import { author, circleId, heads, instant, language, nothing, recordId } from '../common.ts';
import { draftTemplate } from '../drafts.ts';
import { grant } from '../files.ts';
import { z } from '../schema.ts';
import { questionKey, passageKey, difference } from './passages.ts';
import { submissionView } from './submissions.ts';
import { ledgerRow } from './ledger-row.ts';

export const mergeSummary = z.object({
  id: recordId,
  circle: circleId,
  circleName: z.string(),
  title: z.string(),
  template: draftTemplate,
  language,
  /** The common text. */
  draft: recordId,
  /** 0 to 1000: from which similarity passages stand in one cluster. */
  threshold: z.number(),
  ruleSet: z.string(),
  delegations: z.number(),
  entries: z.number(),
  passages: z.number(),
  untreated: z.number(),
  disputed: z.number(),
  /** A person has recorded that it is done; `stands` is false when something has come since. */
  done: z.object({ by: author, at: instant, note: z.string(), stands: z.boolean() }).nullable(),
  mayCoordinate: z.boolean(),
  changedAt: instant,
  changedBy: author,
  removed: z.boolean(),
  sample: z.boolean(),
});
export type MergeSummary = z.output<typeof mergeSummary>;

export const questionView = z.object({
  key: questionKey,
  number: z.string(),
  text: z.string(),
  /** The heading above it, empty when there is none. */
  section: z.string(),
  wordLimit: z.number().nullable(),
  /** Delegations that have answered it. */
  answered: z.number(),
  passages: z.number(),
  untreated: z.number(),
  disputed: z.number(),
  /** Of its answer in the common text. */
  words: z.number(),
  openBrackets: z.number(),
  /** The question's block in the common text, after which its answer stands; null when somebody removed it. */
  block: recordId.nullable(),
});
export type QuestionView = z.output<typeof questionView>;

export const answerView = z.object({
  key: z.string(),
  /** As printed in the file. */
  number: z.string(),
  heading: z.string(),
  /** None: it waits for a person. Several: the file joins them. */
  questions: z.array(questionKey),
  byHand: z.boolean(),
  /** How it was matched, or why not; empty when by hand. */
  how: z.string(),
  candidates: z.array(questionKey),
  confidence: z.number(),
  words: z.number(),
  passages: z.number(),
  /** The beginning of its text. */
  excerpt: z.string(),
});

/** Something about an entry that a person should look at; `data` fills the page's sentence. */
export const entryProblem = z.object({
  code: z.enum([
    'tracked-changes',
    'wrong-language',
    'language-unknown',
    'empty-answer',
    'unmatched-answer',
    'same-delegation',
    'withdrawn',
    'newer-submission',
    'contested',
    'delegation-unconfirmed',
    'import-warning',
  ]),
  message: z.string(),
  data: z.record(z.string(), z.string()),
});

export const entryView = z.object({
  id: recordId,
  delegation: z.string(),
  /** As given: ISO date, or empty. */
  date: z.string(),
  version: z.string(),
  language: z.string(),
  title: z.string(),
  source: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('submission'), submission: recordId, number: z.number() }),
    z.object({ kind: z.literal('file'), fileName: z.string(), hash: z.string() }),
  ]),
  /** Who took it in, and when. */
  addedBy: author,
  addedAt: instant,
  replaces: recordId.nullable(),
  replacedBy: recordId.nullable(),
  /** The reason, while it is withdrawn. */
  withdrawn: z.string().nullable(),
  removed: z.boolean(),
  /** Null for a file without tracked changes; `undecided` until a person says which reading counts. */
  reading: z.enum(['proposed', 'original', 'undecided']).nullable(),
  words: z.number(),
  passages: z.number(),
  untreated: z.number(),
  /** Passages that differ from the earlier submission and have not been looked at again. */
  toLookAt: z.number(),
  /** Not seen by this coordinator yet. */
  isNew: z.boolean(),
  answers: z.array(answerView),
  problems: z.array(entryProblem),
});
export type EntryView = z.output<typeof entryView>;

export const gridCell = z.object({
  question: questionKey,
  /** `missing`: no entry answers it; `empty`: the question stands there without words. */
  state: z.enum(['answered', 'empty', 'missing']),
  words: z.number(),
  passages: z.number(),
  untreated: z.number(),
  /** New or changed since this coordinator's last look. */
  isNew: z.boolean(),
  toLookAt: z.number(),
});

export const mergeView = z.object({
  summary: mergeSummary,
  questions: z.array(questionView),
  /** Those removed too, so that they can be brought back. */
  entries: z.array(entryView),
  /** One row for each delegation that has sent something. */
  grid: z.array(
    z.object({ delegation: z.string(), entries: z.array(recordId), language: z.string(), cells: z.array(gridCell) }),
  ),
  /** Expected and not heard from: named by a coordinator, or confirmed in the circle. */
  missing: z.array(z.string()),
  expected: z.array(z.string()),
  /** Submissions of the circle that are no entries yet, newest of each delegation first. */
  waiting: z.array(submissionView),
  /** A field that two coordinators set apart and nobody has settled. */
  conflicts: z.array(
    z.object({
      field: z.enum(['title', 'threshold', 'ruleSet', 'draft', 'language', 'expected']),
      versions: z.array(z.object({ value: z.string(), author, at: instant, heads })),
    }),
  ),
  canUndo: z.boolean(),
  canRedo: z.boolean(),
});
export type MergeView = z.output<typeof mergeView>;

const merge = recordId;
const by = z.object({ merge });

export const collectionOperations = {
  list: { input: nothing, output: z.object({ merges: z.array(mergeSummary) }) },
  /** Makes the common text too, empty, from the template. `draft` takes an existing draft of the circle instead. */
  create: {
    input: z.object({
      circle: circleId,
      title: z.string().trim().min(1),
      template: draftTemplate.default('eleven-questions'),
      language: language.default('en'),
      draft: recordId.optional(),
      expected: z.array(z.string()).optional(),
    }),
    output: mergeSummary,
  },
  open: { input: by, output: mergeView },
  change: {
    input: z.object({
      merge,
      title: z.string().trim().min(1).optional(),
      threshold: z.number().int().min(0).max(1000).optional(),
      ruleSet: z.string().optional(),
      expected: z.array(z.string()).optional(),
    }),
    output: mergeSummary,
  },
  remove: { input: by, output: mergeSummary },
  restore: { input: by, output: mergeSummary },
  /** The merge written for this project, with twelve drafts, in the personal circle; the same one when it is there. */
  loadSample: { input: nothing, output: mergeSummary },

  addSubmissions: {
    input: z.object({ merge, submissions: z.array(recordId).min(1) }),
    output: z.object({ entries: z.array(entryView) }),
  },
  /**
   * Reads files as entries; each says what became of it. `question`: the file answers that question alone.
   * `delegation`, `date` are what they are taken for where the file does not say.
   */
  addFiles: {
    input: z.object({
      merge,
      files: z.array(grant).min(1),
      delegation: z.string().optional(),
      date: z.string().optional(),
      question: questionKey.optional(),
    }),
    output: z.object({
      files: z.array(
        z.object({
          fileName: z.string(),
          outcome: z.enum(['added', 'already-there', 'failed']),
          entry: entryView.nullable(),
          error: z.object({ code: z.string(), message: z.string() }).nullable(),
        }),
      ),
    }),
  },
  /** `replaces`: the earlier entry of the delegation that this one goes on from; null: it stands beside the others. */
  changeEntry: {
    input: z.object({
      entry: recordId,
      delegation: z.string().trim().min(1).optional(),
      date: z.string().optional(),
      version: z.string().optional(),
      language: language.optional(),
      reading: z.enum(['proposed', 'original']).optional(),
      replaces: recordId.nullable().optional(),
      withdrawn: z.string().nullable().optional(),
    }),
    output: entryView,
  },
  /** Gives an answer (`3`) or one passage of it (`3.2`) to questions by hand; null: as matched again. */
  assign: {
    input: z.object({ entry: recordId, part: z.string(), questions: z.array(questionKey).nullable() }),
    output: entryView,
  },
  removeEntry: { input: z.object({ entry: recordId }), output: entryView },
  restoreEntry: { input: z.object({ entry: recordId }), output: entryView },
  /** The coordinator has looked at what is new. */
  markSeen: { input: z.object({ merge, entries: z.array(recordId).optional() }), output: nothing },
  readEntry: {
    input: z.object({ entry: recordId }),
    output: z.object({
      entry: entryView,
      rows: z.array(ledgerRow),
      /** A file with tracked changes: from the text as it was to the text as proposed, by passage. */
      tracked: z.array(z.object({ passage: passageKey.nullable(), original: passageKey.nullable(), difference })),
    }),
  },
} as const;
