/**
 * Merging the texts of many delegations into one common input. A delegate *submits*; a coordinator *collects* submissions
 * and files as *entries* of a *merge*, treats their *passages*, and can say at any time what became of each. The common
 * text is a draft (shared/contract/drafts.ts): its words are edited there, and blocks are put into it from here.
 *
 * What becomes of a passage follows from the decisions and the common text as it is; no state is stored.
 */
import {
  author,
  blockStyle,
  circleId,
  documentId,
  heads,
  inlineContent,
  instant,
  language,
  nothing,
  recordId,
} from './common.ts';
import { draftTemplate } from './drafts.ts';
import { grant } from './files.ts';
import { z } from './schema.ts';

/** The number of a question of the template, `3`; `0` for a template without questions. */
export const questionKey = z.string();
/** `3.2`: the second paragraph of the third answer in the file, counted from 1. */
export const passageKey = z.string().regex(/^o?\d{1,5}\.\d{1,5}$/);
export const passageRef = z.object({ entry: recordId, passage: passageKey });
export type PassageRef = z.output<typeof passageRef>;

export const difference = z.array(z.object({ op: z.enum(['same', 'ins', 'del']), text: z.string() }));
export type Difference = z.output<typeof difference>;

export const passageStates = [
  'untreated',
  'disputed',
  'used-unchanged',
  'used-with-changes',
  'combined',
  'bracketed',
  'set-aside',
  'superseded',
  'withdrawn',
] as const;
export const passageState = z.enum(passageStates);
export type PassageState = z.output<typeof passageState>;

export const treatment = z.union([
  z.object({ as: z.enum(['whole', 'bracketed', 'combined']), blocks: z.array(recordId) }),
  z.object({ setAside: z.string() }),
]);
export type TreatmentView = z.output<typeof treatment>;

// Submissions

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

// Merges

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

// Passages, clusters, ledger

export const sourceView = z.object({
  entry: recordId,
  passage: passageKey,
  delegation: z.string(),
  state: passageState,
});

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

// Agreement

export const stanceValue = z.enum(['sign-on', 'support', 'object', 'reserve', 'none']);
export const stanceVia = z.enum(['circle', 'phone', 'room', 'mail']);
export const stanceView = z.object({
  id: recordId,
  /** Null: the text as a whole. */
  block: recordId.nullable(),
  delegation: z.string(),
  stance: stanceValue,
  note: z.string(),
  via: stanceVia,
  author,
  at: instant,
  /** Written down by somebody who is not of that delegation. */
  notedByOther: z.boolean(),
  /** Said by a confirmed member of the delegation or noted by a coordinator, and superseded by no later one. */
  counts: z.boolean(),
  /** Another one that counts says otherwise: two people wrote apart, and the more cautious word is reckoned with. */
  contested: z.boolean(),
  /** The words have changed since it was said. */
  textChanged: z.boolean(),
  heads,
});
export type StanceView = z.output<typeof stanceView>;

/** `text` says it in English for the command line; the page makes its own sentence of the figures. */
export const ruleCheck = z.object({
  requirement: z.string(),
  met: z.boolean(),
  needed: z.number(),
  found: z.number(),
  names: z.array(z.string()),
  text: z.string(),
});
export const ruleSetView = z.object({ key: z.string(), body: z.string(), name: z.string(), source: z.string() });
export const agreementView = z.object({
  /** One for each paragraph of the common text that is not a heading or a question, and null for the text as a whole. */
  blocks: z.array(
    z.object({
      block: recordId.nullable(),
      question: questionKey.nullable(),
      text: z.string(),
      stances: z.array(stanceView),
      met: z.boolean(),
      checks: z.array(ruleCheck),
      changedSince: z.array(z.string()),
    }),
  ),
  rules: ruleSetView,
  available: z.array(ruleSetView),
  acts: z.array(
    z.object({ act: z.enum(['adopted', 'submitted']), by: z.string(), note: z.string(), author, at: instant }),
  ),
  /** Whose stance the caller may give as its own delegation; empty for none. */
  ownDelegation: z.string(),
  mayNote: z.boolean(),
});

export const silenceView = z.object({
  id: recordId,
  title: z.string(),
  startedBy: author,
  startedAt: instant,
  deadline: instant,
  timeZone: z.string(),
  /** The deadline on the clocks of that zone: `2027-03-04 18:00`, with its offset. */
  deadlineThere: z.string(),
  /** By this machine's clock, which decides nothing. */
  isPast: z.boolean(),
  text: z.array(z.object({ block: recordId, style: blockStyle, content: inlineContent, text: z.string() })),
  /** Blocks of the common text that read differently now. */
  changedSince: z.array(recordId),
  breaks: z.array(
    z.object({
      id: recordId,
      delegation: z.string(),
      /** Null: the text as a whole. */
      block: recordId.nullable(),
      note: z.string(),
      via: stanceVia,
      author,
      at: instant,
      /** By the author's clock, after the deadline; a person decides what follows. */
      isLate: z.boolean(),
    }),
  ),
  result: z
    .object({ result: z.enum(['kept', 'broken', 'withdrawn']), note: z.string(), by: author, at: instant })
    .nullable(),
  /** Two coordinators recorded different results apart. */
  contested: z.boolean(),
  mayRecord: z.boolean(),
});
export type SilenceView = z.output<typeof silenceView>;

// Positions

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

// Putting out

export const mergeExportKind = z.enum(['common-input', 'bracketed', 'form-text', 'positions', 'ledger', 'report']);
export const mergeExportFormat = z.enum(['docx', 'html', 'md', 'txt', 'csv']);

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

export const mergingContract = {
  operations: {
    // Delegates
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

    // Merges
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

    // Entries
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

    // What is common
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

    // Assembling: each call is one change and one step of undo
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

    // Account
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

    // Agreement
    agreement: { input: by, output: agreementView },
    /** `delegation` of another: a coordinator notes what was said by telephone, in the room, by mail. */
    setStance: {
      input: z.object({
        merge,
        block: recordId.nullable(),
        delegation: z.string().trim().min(1).optional(),
        stance: stanceValue,
        note: z.string().default(''),
        via: stanceVia.default('circle'),
      }),
      output: stanceView,
    },
    recordAct: {
      input: z.object({
        merge,
        act: z.enum(['adopted', 'submitted']),
        by: z.string().nullable(),
        note: z.string().default(''),
      }),
      output: agreementView,
    },
    setOwnRules: {
      input: z.object({
        merge,
        name: z.string().trim().min(1),
        supporters: z.number().int().nonnegative().nullable(),
        objectionsPerMille: z.number().int().min(0).max(1000).nullable(),
        signatures: z.number().int().nonnegative().nullable(),
        consensus: z.boolean(),
        adoptedBy: z.string().nullable(),
        submittedBy: z.string().nullable(),
      }),
      output: agreementView,
    },
    silences: { input: by, output: z.object({ silences: z.array(silenceView) }) },
    /** Freezes the common text as it is. `deadline` is the wall clock of `timeZone`: `2027-03-04T18:00`. */
    startSilence: {
      input: z.object({
        merge,
        title: z.string().trim().min(1),
        deadline: z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/),
        timeZone: z.string(),
      }),
      output: silenceView,
    },
    breakSilence: {
      input: z.object({
        silence: recordId,
        block: recordId.nullable(),
        delegation: z.string().trim().min(1).optional(),
        note: z.string().default(''),
        via: stanceVia.default('circle'),
      }),
      output: silenceView,
    },
    /** What a person records; a clock never does. Null takes it back. */
    recordSilence: {
      input: z.object({
        silence: recordId,
        result: z.enum(['kept', 'broken', 'withdrawn']).nullable(),
        note: z.string().default(''),
      }),
      output: silenceView,
    },

    // Positions
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

    // Putting out
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
