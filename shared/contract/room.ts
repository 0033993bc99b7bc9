/**
 * The room: sessions that note-takers log live, alone or several together. An entry is one intervention as one note-taker
 * heard it. The page makes the ids of what it logs, so that a call repeated after a broken connection logs nothing twice.
 */
import { author, circleId, documentId, heads, instant, language, nothing, recordId } from './common.ts';
import { grant } from './files.ts';
import { z } from './schema.ts';

export const capacities = ['national', 'group', 'observer', 'chair', 'secretariat'] as const;
export const capacity = z.enum(capacities);
export type Capacity = z.output<typeof capacity>;

/** What a speaker did. `statement`: none of the others. `explanation`: an explanation of position. */
export const roomPositions = [
  'statement',
  'support',
  'oppose',
  'amend',
  'reserve',
  'question',
  'withdraw',
  'point-of-order',
  'explanation',
] as const;
export const roomPosition = z.enum(roomPositions);
export type RoomPosition = z.output<typeof roomPosition>;

export const agreementMarks = ['agreed', 'ad-ref', 'parked', 'open'] as const;
export const agreementMark = z.enum(agreementMarks);
export type AgreementMark = z.output<typeof agreementMark>;

export const proposalKinds = ['ADD', 'MOD', 'SUP'] as const;
export const proposalKind = z.enum(proposalKinds);
export type ProposalKind = z.output<typeof proposalKind>;

/** An id of the directory (shared/delegations) or of a seat. */
export const delegationId = z.string().regex(/^[A-Z0-9][A-Z0-9-]{0,39}$/);
/** A device's log: the replica that made its entries. */
export const deviceId = z.string().regex(/^[a-z2-7]{26}$/);

/** `id` is empty where nobody knows yet who is meant: then `typed` stands, and the line is asked about later. */
export const speaker = z.object({ id: z.union([delegationId, z.literal('')]), typed: z.string().max(200) });
export type Speaker = z.output<typeof speaker>;

/** Longest line that is taken; the page says so before it is logged. */
export const longestLine = 20_000;
const longText = z.string().max(longestLine);

/** What was heard. Times are ms since 1970 by the note-taker's own clock. */
export const entryContent = z.object({
  /** Of the first key struck. */
  at: z.number().int(),
  line: longText,
  speaker,
  capacity,
  /** Groups spoken for, as delegation ids, or as typed where unknown. */
  behalf: z.array(z.string().max(200)),
  item: recordId.nullable(),
  document: documentId.nullable(),
  label: z.string().max(200),
  position: roomPosition,
  /** Whom the position answers: a delegation's id, or as typed; empty for the text itself. */
  towards: z.string().max(200),
  quotes: z.array(longText),
  note: longText,
  toCheck: z.boolean(),
  /** What was promised, and until when in the words heard. */
  promise: z.object({ what: longText, until: z.string().max(200) }).nullable(),
  /** How long the floor was held, where a timer ran. */
  spokenMs: z.number().int().nonnegative().nullable(),
});
export type EntryContent = z.output<typeof entryContent>;

export const entryView = entryContent.extend({
  id: recordId,
  /** The place in its device's log: two lines of one device never change places, whatever its clock did. */
  n: z.number().int(),
  device: deviceId,
  /** Who took it down; for what came in a file, `takenBy` names that person and `author` who brought the file. */
  author,
  takenBy: z.string(),
  mayEdit: z.boolean(),
  /** Some field was changed after it was logged. */
  corrected: z.boolean(),
  removed: z.boolean(),
  /** Fields with several values that nobody has settled. */
  conflicts: z.array(z.string()),
  heads: z.record(z.string(), heads),
  allHeads: heads,
});
export type EntryView = z.output<typeof entryView>;

const stance = z.enum(['support', 'oppose', 'reserve', 'none']);

export const proposalView = z.object({
  id: recordId,
  entry: recordId.nullable(),
  document: documentId.nullable(),
  label: z.string(),
  kind: proposalKind,
  text: z.string(),
  by: z.string(),
  behalf: z.array(z.string()),
  confirmed: z.boolean(),
  withdrawn: z.boolean(),
  removed: z.boolean(),
  /** Set by hand; what the interventions say is derived (shared/room/standings.ts). */
  stances: z.record(z.string(), stance),
  author,
  /** Last changed, by its author's clock. */
  at: z.number(),
  /** The wording was written twice apart: all versions. */
  versions: z.array(z.object({ text: z.string(), author, heads })),
  heads: z.record(z.string(), heads),
  allHeads: heads,
});
export type ProposalView = z.output<typeof proposalView>;

export const markView = z.object({
  id: recordId,
  entry: recordId.nullable(),
  document: documentId.nullable(),
  label: z.string(),
  item: recordId.nullable(),
  mark: agreementMark,
  facilitator: z.string(),
  until: z.string(),
  author,
  /** By its author's clock. A mark that came of an entry stands at that entry, whenever it was last changed. */
  at: z.number(),
  removed: z.boolean(),
  heads: z.record(z.string(), heads),
  allHeads: heads,
});
export type MarkView = z.output<typeof markView>;

export const joinView = z.object({
  id: recordId,
  entries: z.array(recordId),
  /** Somebody looked at them and they are not one intervention. */
  apart: z.boolean(),
  author,
  removed: z.boolean(),
  allHeads: heads,
});
export type JoinView = z.output<typeof joinView>;

export const seat = z.object({
  kind: z.string().max(40),
  name: z.string().max(200),
  aliases: z.array(z.string().max(200)),
  members: z.array(delegationId).optional(),
});
export type Seat = z.output<typeof seat>;

export const sessionText = z.object({ title: z.string(), version: z.string(), order: z.number().int().nonnegative() });

export const agendaItemView = z.object({
  id: recordId,
  number: z.string(),
  title: z.string(),
  document: documentId.nullable(),
  place: z.string(),
  heads: z.record(z.string(), heads),
  allHeads: heads,
});
export type AgendaItemView = z.output<typeof agendaItemView>;

export const sessionSummary = z.object({
  id: recordId,
  circle: circleId,
  circleName: z.string(),
  title: z.string(),
  body: z.string(),
  place: z.string(),
  timeZone: z.string(),
  language,
  startsAt: z.number().nullable(),
  entries: z.number(),
  toCheck: z.number(),
  noteTakers: z.number(),
  changedAt: instant,
  removed: z.boolean(),
});
export type SessionSummary = z.output<typeof sessionSummary>;

/** Everything of a session but its log. Maps are keyed by delegation, document, capacity and device. */
export const sessionHead = z.object({
  summary: sessionSummary,
  chair: z.string(),
  /** How fast one may speak and what else interpreters ask for. */
  interpreters: z.string(),
  queue: z.array(z.string()),
  agenda: z.array(agendaItemView),
  /** Items that were taken off the agenda: what was said under them stays under them. */
  formerItems: z.array(agendaItemView),
  texts: z.array(sessionText.extend({ document: documentId, missing: z.boolean(), language: z.string() })),
  seats: z.record(z.string(), seat),
  /** Seconds. */
  limits: z.record(z.string(), z.number()),
  /** `offsetMs` is added to the device's clock; null when nobody has set it. */
  clocks: z.array(z.object({ device: deviceId, name: z.string(), mine: z.boolean(), offsetMs: z.number().nullable() })),
  /** Fields of the head with several values that nobody has settled. */
  conflicts: z.array(z.object({ field: z.string(), values: z.array(z.object({ value: z.string(), author })) })),
  heads: z.record(z.string(), heads),
});
export type SessionHead = z.output<typeof sessionHead>;

export const sessionView = z.object({
  head: sessionHead,
  entries: z.array(entryView),
  proposals: z.array(proposalView),
  marks: z.array(markView),
  joins: z.array(joinView),
  /** Ids for new entries, proposals and marks begin with this replica and a dot. */
  idPrefix: z.string(),
  /** The line that was being typed when the page went: null when none was. */
  unfinished: z.object({ line: z.string(), at: z.number() }).nullable(),
});
export type SessionView = z.output<typeof sessionView>;

const headerFields = z
  .object({
    title: z.string(),
    body: z.string(),
    place: z.string(),
    chair: z.string(),
    interpreters: z.string(),
    timeZone: z.string(),
    language,
    startsAt: z.number().int().nullable(),
    queue: z.array(z.string()),
  })
  .partial();

/** Changes of one call are one change of the log. `heads` are those on the author's screen. */
export const roomChange = z.discriminatedUnion('op', [
  z.object({ op: z.literal('setHeader'), fields: headerFields, heads: z.record(z.string(), heads) }),
  z.object({ op: z.literal('setSeat'), delegation: delegationId, seat: seat.nullable(), heads }),
  z.object({ op: z.literal('setText'), document: documentId, text: sessionText.nullable(), heads }),
  /** Seconds; null = no limit. */
  z.object({ op: z.literal('setLimit'), capacity, seconds: z.number().int().positive().nullable(), heads }),
  z.object({ op: z.literal('setClock'), device: deviceId, offsetMs: z.number().int().nullable(), heads }),
  z.object({
    op: z.literal('addItems'),
    items: z.array(z.object({ number: z.string(), title: z.string() })).min(1),
    after: recordId.nullable(),
  }),
  z.object({
    op: z.literal('changeItem'),
    item: recordId,
    fields: z.object({ number: z.string(), title: z.string(), document: documentId.nullable() }).partial(),
    heads: z.record(z.string(), heads),
  }),
  z.object({ op: z.literal('moveItem'), item: recordId, after: recordId.nullable(), heads }),
  z.object({
    op: z.literal('correct'),
    entry: recordId,
    fields: entryContent.omit({ at: true }).partial(),
    heads: z.record(z.string(), heads),
  }),
  /** For a line corrected into one that proposes; other proposals come with their lines. */
  z.object({
    op: z.literal('addProposal'),
    id: recordId,
    entry: recordId.nullable(),
    document: documentId.nullable(),
    label: z.string(),
    kind: proposalKind,
    text: longText,
    by: z.string(),
    behalf: z.array(z.string()),
  }),
  z.object({
    op: z.literal('changeProposal'),
    proposal: recordId,
    fields: z
      .object({
        label: z.string(),
        document: documentId.nullable(),
        kind: proposalKind,
        text: longText,
        by: z.string(),
        behalf: z.array(z.string()),
        confirmed: z.boolean(),
        withdrawn: z.boolean(),
      })
      .partial(),
    heads: z.record(z.string(), heads),
  }),
  /** Null: as the interventions say. */
  z.object({
    op: z.literal('setStance'),
    proposal: recordId,
    delegation: delegationId,
    stance: stance.nullable(),
    heads,
  }),
  z.object({
    op: z.literal('setMark'),
    /** Fresh for a new mark, else the one to change. */
    id: recordId,
    entry: recordId.nullable(),
    document: documentId.nullable(),
    label: z.string(),
    item: recordId.nullable(),
    mark: agreementMark,
    facilitator: z.string(),
    until: z.string(),
    heads: z.record(z.string(), heads),
  }),
  z.object({ op: z.literal('join'), entries: z.array(recordId).min(2), apart: z.boolean() }),
  /** Entries, items, proposals, marks, joins. */
  z.object({ op: z.literal('remove'), record: recordId, allHeads: heads }),
  z.object({ op: z.literal('restore'), record: recordId }),
]);
export type RoomChange = z.output<typeof roomChange>;

/** Two entries of different devices that look like one intervention. */
export const duplicateOffer = z.object({ entries: z.array(recordId).min(2), score: z.number(), why: z.string() });
export type DuplicateOffer = z.output<typeof duplicateOffer>;

/** How far a device's clock seems to be from the reference device's, by the interventions both heard. */
export const clockEstimate = z.object({
  device: deviceId,
  reference: deviceId,
  offsetMs: z.number(),
  /** Half the spread of the middle half of the differences. */
  spreadMs: z.number(),
  shared: z.number(),
});
export type ClockEstimate = z.output<typeof clockEstimate>;

export const roomOutputs = ['minutes', 'verbatim', 'positions', 'actions', 'explanations'] as const;
export const roomOutput = z.enum(roomOutputs);
export type RoomOutput = z.output<typeof roomOutput>;
export const roomFormat = z.enum(['docx', 'html', 'md', 'csv']);
export type RoomFormat = z.output<typeof roomFormat>;
/**
 * Who will read the file. `note-takers`: everything. `delegations`: without what is still to be checked and who took it
 * down. `public`: also without the note-takers' own notes. What was left out is listed.
 */
export const roomAudience = z.enum(['note-takers', 'delegations', 'public']);
export type RoomAudience = z.output<typeof roomAudience>;

const sessionRef = z.object({ session: recordId });
const savedAt = z.object({ savedAt: instant });

export const roomContract = {
  operations: {
    list: { input: nothing, output: z.object({ sessions: z.array(sessionSummary) }) },
    create: {
      input: z.object({
        title: z.string().trim().min(1),
        body: z.string().default(''),
        place: z.string().default(''),
        /** IANA name; fails with `invalid-input` when this machine does not know it. */
        timeZone: z.string(),
        language: language.optional(),
        circle: circleId.optional(),
      }),
      output: sessionSummary,
    },
    open: { input: sessionRef, output: sessionView },
    remove: { input: sessionRef, output: nothing },
    restore: { input: sessionRef, output: nothing },
    /** Agenda items read from pasted lines or from a document on the shelf, to be looked at before they are added. */
    readAgenda: {
      input: z.object({ text: z.string().optional(), document: documentId.optional() }),
      output: z.object({ items: z.array(z.object({ number: z.string(), title: z.string() })) }),
    },
    /**
     * Keeps one entry, with the proposal and the mark that came of it, as one change: fsynced when it resolves. The same id
     * again is the same entry.
     */
    log: {
      input: z.object({
        session: recordId,
        id: recordId,
        entry: entryContent,
        proposal: z.object({ id: recordId, kind: proposalKind, text: longText }).nullable().default(null),
        mark: z
          .object({ id: recordId, mark: agreementMark, facilitator: z.string(), until: z.string() })
          .nullable()
          .default(null),
      }),
      output: z.object({ savedAt: instant, entry: entryView }),
    },
    /** The line that is being typed, against a crash in the middle of it; null when there is none any more. */
    keepLine: {
      input: z.object({ session: recordId, line: z.object({ line: longText, at: z.number() }).nullable() }),
      output: nothing,
    },
    change: { input: z.object({ session: recordId, changes: z.array(roomChange).min(1) }), output: savedAt },
    /** Interventions that several note-takers have, and how far their clocks are apart by them. */
    compare: {
      input: sessionRef,
      output: z.object({ offers: z.array(duplicateOffer), clocks: z.array(clockEstimate) }),
    },
    /** Takes in a log that `exportLog` wrote on another machine; what is here already is left as it is. */
    importLog: {
      input: z.object({ session: recordId.nullable(), file: grant, circle: circleId.optional() }),
      output: z.object({ session: recordId, added: z.number(), known: z.number(), from: z.string() }),
    },
    exportLog: {
      input: sessionRef,
      output: z.object({ file: z.string(), name: z.string(), sizeBytes: z.number() }),
    },
    export: {
      input: sessionRef.extend({ output: roomOutput, format: roomFormat, audience: roomAudience }),
      output: z.object({ file: z.string(), name: z.string(), sizeBytes: z.number(), remarks: z.array(z.string()) }),
    },
    /** Writes the summary made from the session's structure into a new draft, in the session's circle. */
    summarise: { input: sessionRef, output: z.object({ draft: recordId, words: z.number() }) },
    /** Copies a session's preparation and log into another circle under fresh ids. */
    widen: { input: sessionRef.extend({ circle: circleId }), output: sessionSummary },
  },
  events: {
    listChanged: nothing,
    /**
     * What changed of a session, by whomever: only what changed. The head is whole, or null where nothing of it did; the
     * counts of its summary are those of the last one that was sent.
     */
    changed: z.object({
      session: recordId,
      head: sessionHead.nullable(),
      entries: z.array(entryView),
      proposals: z.array(proposalView),
      marks: z.array(markView),
      joins: z.array(joinView),
    }),
  },
} as const;
