/** What a log holds: entries as they were heard, and what came of them: proposals from the floor, marks, joins. */
import { author, documentId, heads, recordId } from '../common.ts';
import { z } from '../schema.ts';

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
export const longText = z.string().max(longestLine);

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

export const stance = z.enum(['support', 'oppose', 'reserve', 'none']);

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
