/**
 * Drafts: blocks, their versions, and everything that can be done to them. An edit is `saved` when it is fsynced in the
 * typing journal; it becomes a change of the log on leaving the block, after a minute, or before an exchange.
 *
 * A *session* is one open editor. Its own edits are always on its screen, so the service adds the session's own later
 * versions to the heads that an edit names; everything else an edit supersedes must be named by the page.
 */
import {
  author,
  blockStyle,
  circleId,
  direction,
  documentId,
  heads,
  inlineContent,
  instant,
  language,
  nothing,
  recordId,
  versionId,
} from './common.ts';
import { z } from './schema.ts';

export const draftTemplates = ['blank', 'eleven-questions', 'council-contribution'] as const;
export const draftTemplate = z.enum(draftTemplates);
export type DraftTemplate = z.output<typeof draftTemplate>;

export const draftSummary = z.object({
  id: recordId,
  circle: circleId,
  circleName: z.string(),
  title: z.string(),
  template: draftTemplate,
  language,
  words: z.number(),
  /** Blocks with more than one version that nobody has settled. */
  conflicts: z.number(),
  changedAt: instant,
  changedBy: author,
  removed: z.boolean(),
  sample: z.boolean(),
});
export type DraftSummary = z.output<typeof draftSummary>;

/** One of several versions of a text that stand side by side. */
export const textVersion = z.object({ content: inlineContent, author, at: instant, heads });
export const styleVersion = z.object({ style: blockStyle, author, at: instant, heads });

/** Two or more rewritings of one text. `combined` is offered when the edits touch different words; a person takes it. */
export const textConflict = z.object({
  versions: z.array(textVersion).min(2),
  base: textVersion.nullable(),
  combined: inlineContent.nullable(),
});

export const cellView = z.object({ content: inlineContent, heads, conflict: textConflict.nullable() });
/** The heads of a row or column include those of its cells: removing it names them as seen. */
export const tableView = z.object({
  rows: z.array(z.object({ id: z.string(), heads })),
  columns: z.array(z.object({ id: z.string(), heads })),
  /** Key `<row id>:<column id>`; a cell never written is absent. */
  cells: z.record(z.string(), cellView),
});
export type TableView = z.output<typeof tableView>;

export const blockView = z.object({
  id: recordId,
  style: blockStyle,
  /** With several heads: the one shown in the flow (the session's own if there is one, else the first by hash). */
  content: inlineContent,
  table: tableView.nullable(),
  /** `text` and `style`: of the version shown, so that going on in it leaves the others standing. `place`, `all`: all. */
  heads: z.object({ text: heads, style: heads, place: heads, all: heads }),
  /** In the journal, not yet in the log: what a partner cannot have. */
  pending: z.boolean(),
  author,
  at: instant,
  textConflict: textConflict.nullable(),
  styleConflict: z.array(styleVersion).nullable(),
  /** Moved to two places apart; it stands at the first. */
  placeConflict: z.boolean(),
  /** Somebody removed it while somebody else changed it: it stays, and this asks. */
  removalContested: author.nullable(),
  /** Quotations: whether the words stand in the source. */
  quotation: z.enum(['none', 'checked', 'differs', 'not-found', 'source-missing']),
});
export type BlockView = z.output<typeof blockView>;

export const footnoteView = z.object({
  id: recordId,
  content: inlineContent,
  heads,
  conflict: textConflict.nullable(),
});
export type FootnoteView = z.output<typeof footnoteView>;

const coverField = z.object({
  value: z.string(),
  heads,
  versions: z.array(z.object({ value: z.string(), author, at: instant, heads })),
});

export const draftView = z.object({
  summary: draftSummary,
  direction,
  session: z.string(),
  /** Ids for new blocks and footnotes made by this session begin with this replica and a dot. */
  idPrefix: z.string(),
  title: coverField,
  /** The cover block of a contribution: `meeting`, `place`, `date`, `document`, `source`, `contact`, ... in template order. */
  cover: z.array(z.object({ key: z.string(), field: coverField })),
  blocks: z.array(blockView),
  footnotes: z.array(footnoteView),
  canUndo: z.boolean(),
  canRedo: z.boolean(),
  mayEdit: z.boolean(),
});
export type DraftView = z.output<typeof draftView>;

const after = recordId.nullable();

/** What an editor tells the service. `heads` are always those on the author's screen. Null `after` = at the beginning. */
export const draftEdit = z.discriminatedUnion('op', [
  z.object({ op: z.literal('setText'), block: recordId, content: inlineContent, heads }),
  z.object({ op: z.literal('setStyle'), block: recordId, style: blockStyle, heads }),
  z.object({ op: z.literal('insert'), block: recordId, after, style: blockStyle, content: inlineContent }),
  z.object({ op: z.literal('move'), block: recordId, after, heads }),
  z.object({ op: z.literal('remove'), block: recordId, heads }),
  /** Brings a removed block back as it was; what undo and pasting a cut block do. */
  z.object({ op: z.literal('revive'), block: recordId, after }),
  /** `block` keeps `head`, the new block `tail` stands right after it with `tailContent`. */
  z.object({
    op: z.literal('split'),
    block: recordId,
    newBlock: recordId,
    offset: z.number().int().nonnegative(),
    head: inlineContent,
    tailContent: inlineContent,
    tailStyle: blockStyle,
    heads,
  }),
  /** `from` is removed and its content stands at the end of `into`, from `offset` on. */
  z.object({
    op: z.literal('join'),
    into: recordId,
    from: recordId,
    offset: z.number().int().nonnegative(),
    content: inlineContent,
    heads,
    fromHeads: heads,
  }),
  z.object({ op: z.literal('setFootnote'), footnote: recordId, content: inlineContent, heads }),
  z.object({
    op: z.literal('setCell'),
    block: recordId,
    row: z.string(),
    column: z.string(),
    content: inlineContent,
    heads,
  }),
  z.object({ op: z.literal('insertRow'), block: recordId, row: z.string(), after: z.string().nullable() }),
  z.object({ op: z.literal('insertColumn'), block: recordId, column: z.string(), after: z.string().nullable() }),
  z.object({ op: z.literal('removeRow'), block: recordId, row: z.string(), heads }),
  z.object({ op: z.literal('removeColumn'), block: recordId, column: z.string(), heads }),
  z.object({ op: z.literal('setTitle'), value: z.string(), heads }),
  z.object({ op: z.literal('setCover'), key: z.string(), value: z.string(), heads }),
]);
export type DraftEdit = z.output<typeof draftEdit>;

export const exportFormat = z.enum(['docx', 'html', 'md', 'txt']);
export type ExportFormat = z.output<typeof exportFormat>;

export const historyEntry = z.object({
  version: versionId,
  author,
  at: instant,
  content: inlineContent,
  /** Word-level difference to the version before. */
  difference: z.array(z.object({ op: z.enum(['same', 'ins', 'del']), text: z.string() })),
  isHead: z.boolean(),
  erased: z.boolean(),
  incomplete: z.boolean(),
});

/** `blocks` are those to look at; `refused` says why nothing was done. */
const undoResult = z.object({
  done: z.boolean(),
  refused: z.enum(['nothing', 'changed-by-partner', 'removed-by-partner']).nullable(),
  blocks: z.array(recordId),
  canUndo: z.boolean(),
  canRedo: z.boolean(),
});

export const draftsContract = {
  operations: {
    list: { input: nothing, output: z.object({ drafts: z.array(draftSummary) }) },
    create: {
      input: z.object({
        template: draftTemplate,
        title: z.string().optional(),
        language: language.optional(),
        circle: circleId.optional(),
      }),
      output: draftSummary,
    },
    open: { input: z.object({ draft: recordId }), output: draftView },
    close: { input: z.object({ session: z.string() }), output: nothing },
    /** Resolves when every edit is fsynced. Edits of one call are one undo step. */
    edit: {
      input: z.object({ session: z.string(), edits: z.array(draftEdit).min(1) }),
      output: z.object({ savedAt: instant, canUndo: z.boolean(), canRedo: z.boolean() }),
    },
    /** The caret left the block, or the window lost focus: what is in the journal becomes a change. */
    commit: { input: z.object({ session: z.string() }), output: nothing },
    /** Takes back this session's last step. `refused` says why not, e.g. that a partner has changed the same block since. */
    undo: { input: z.object({ session: z.string() }), output: undoResult },
    redo: { input: z.object({ session: z.string() }), output: undoResult },
    history: { input: z.object({ block: recordId }), output: z.object({ entries: z.array(historyEntry) }) },
    /** Brings an earlier version back as a new one, over the heads on screen. */
    restoreVersion: {
      input: z.object({ session: z.string(), block: recordId, version: versionId, heads }),
      output: nothing,
    },
    /** Blocks that were removed, newest first, to bring back. */
    removedBlocks: {
      input: z.object({ draft: recordId }),
      output: z.object({
        blocks: z.array(z.object({ block: recordId, content: inlineContent, by: author, at: instant })),
      }),
    },
    /**
     * Closes a conflict: takes `content` as the one value, over all `heads` shown. `keepBoth` puts the versions one after
     * the other in square brackets with their delegations. For a cell, give row and column; for a footnote its id as block.
     */
    settle: {
      input: z.object({
        session: z.string(),
        block: recordId,
        row: z.string().optional(),
        column: z.string().optional(),
        choice: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('content'), content: inlineContent }),
          z.object({ kind: z.literal('combined') }),
          z.object({ kind: z.literal('keepBoth') }),
          z.object({ kind: z.literal('style'), style: blockStyle }),
          z.object({ kind: z.literal('keepRemoved') }),
          z.object({ kind: z.literal('keepBlock') }),
        ]),
        heads,
      }),
      output: nothing,
    },
    remove: { input: z.object({ draft: recordId }), output: nothing },
    restore: { input: z.object({ draft: recordId }), output: nothing },
    /** Copies a draft into another circle under fresh ids; history stays behind. */
    widen: { input: z.object({ draft: recordId, circle: circleId }), output: draftSummary },
    export: {
      input: z.object({ draft: recordId, format: exportFormat }),
      /** What the file leaves out or marks (unsettled versions, missing sources) is listed, to be shown before saving. */
      output: z.object({ file: z.string(), name: z.string(), sizeBytes: z.number(), remarks: z.array(z.string()) }),
    },
    /** The words of a paragraph as a quotation with its source, ready to be inserted. */
    quote: {
      input: z.object({
        document: documentId,
        unit: z.string(),
        start: z.number().optional(),
        end: z.number().optional(),
      }),
      output: z.object({ content: inlineContent, style: blockStyle, citation: z.string() }),
    },
  },
  events: {
    listChanged: nothing,
    /**
     * Blocks of an open draft that changed in the log. `session` is the one whose edits they are, or empty for partners
     * and the command line; a session updates heads only for its own. `order` is the whole order of live blocks.
     */
    changed: z.object({
      draft: recordId,
      session: z.string(),
      blocks: z.array(blockView),
      removed: z.array(recordId),
      order: z.array(recordId),
      footnotes: z.array(footnoteView),
      summary: draftSummary,
      title: coverField,
      cover: z.array(z.object({ key: z.string(), field: coverField })),
    }),
  },
} as const;
