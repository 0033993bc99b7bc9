/** A session: how it was prepared, and with its log as a page opens it. Lists of sessions have the summary alone. */
import { author, circleId, documentId, heads, instant, language, recordId } from '../common.ts';
import { z } from '../schema.ts';
import { delegationId, deviceId, entryView, proposalView, markView, joinView } from './log.ts';

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
