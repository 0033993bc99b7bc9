/**
 * The room: sessions that note-takers log live, alone or several together. An entry is one intervention as one note-taker
 * heard it. The page makes the ids of what it logs, so that a call repeated after a broken connection logs nothing twice.
 */
import { circleId, documentId, instant, language, nothing, recordId } from './common.ts';
import { grant } from './files.ts';
import { roomChange } from './room/changes.ts';
import {
  agreementMark,
  proposalKind,
  deviceId,
  longText,
  entryContent,
  entryView,
  proposalView,
  markView,
  joinView,
} from './room/log.ts';
import { sessionSummary, sessionHead, sessionView } from './room/session.ts';
import { z } from './schema.ts';

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
