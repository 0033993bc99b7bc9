/** What can be changed of a session and its log by hand. */
import { documentId, heads, language, recordId } from '../common.ts';
import { z } from '../schema.ts';
import {
  capacity,
  agreementMark,
  proposalKind,
  delegationId,
  deviceId,
  longText,
  entryContent,
  stance,
} from './log.ts';
import { seat, sessionText } from './session.ts';

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
