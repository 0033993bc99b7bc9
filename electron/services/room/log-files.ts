/**
 * Logs in files, for note-takers who share no circle: one writes its log, another takes it in. What is taken in keeps its
 * maker's name, device and order, is known by the id it was made under, and is never doubled.
 */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { deviceId, entryContent, markView, proposalView, seat, sessionText } from '../../../shared/contract/room.ts';
import type { SessionView } from '../../../shared/contract/room.ts';
import { documentId, language, recordId } from '../../../shared/contract/common.ts';
import { z } from '../../../shared/contract/schema.ts';
import type { PlaceSource } from '../../../shared/drafting/places.ts';
import { base32, type Json, type RecordId } from '../../../shared/ids.ts';
import type { Circle, IntendedOp } from '../circles/circle.ts';
import { needTimeZone } from './changes.ts';
import { newFields, valueOf } from './fields.ts';
import { entryFields } from './log-entry.ts';
import { agendaOf } from './views.ts';

const formatName = 'delegate-workbench-session';
export const logFileEnding = 'dwsession';

const logFile = z.object({
  format: z.literal(formatName),
  version: z.literal(1),
  /** The session it was made in; another machine's may be another record. */
  session: recordId,
  head: z.object({
    title: z.string(),
    body: z.string(),
    place: z.string(),
    chair: z.string(),
    timeZone: z.string(),
    language,
    agenda: z.array(z.object({ id: recordId, number: z.string(), title: z.string() })),
    texts: z.array(sessionText.extend({ document: documentId })),
    seats: z.record(z.string().regex(/^[A-Z0-9][A-Z0-9-]{0,39}$/), seat),
  }),
  entries: z.array(
    entryContent.extend({ id: recordId, device: deviceId, n: z.number().int().nonnegative(), by: z.string() }),
  ),
  proposals: z.array(
    proposalView.pick({
      id: true,
      entry: true,
      document: true,
      label: true,
      kind: true,
      text: true,
      by: true,
      behalf: true,
      confirmed: true,
      withdrawn: true,
    }),
  ),
  marks: z.array(
    markView.pick({
      id: true,
      entry: true,
      document: true,
      label: true,
      item: true,
      mark: true,
      facilitator: true,
      until: true,
    }),
  ),
});
export type LogFile = z.output<typeof logFile>;

/** The log as it stands, removed lines aside; an entry that came in a file goes on under the id it was made with. */
export function writeLogFile(view: SessionView, originOf: (entry: RecordId) => RecordId): Uint8Array {
  const { head } = view;
  const { title, body, place, timeZone, language: tongue } = head.summary;
  const file: LogFile = {
    format: formatName,
    version: 1,
    session: head.summary.id,
    head: {
      title,
      body,
      place,
      chair: head.chair,
      timeZone,
      language: tongue,
      agenda: head.agenda.map((item) => ({ id: item.id, number: item.number, title: item.title })),
      texts: head.texts.map((each) => ({
        document: each.document,
        title: each.title,
        version: each.version,
        order: each.order,
      })),
      seats: head.seats,
    },
    entries: view.entries
      .filter(({ removed }) => !removed)
      .map((entry) => ({
        ...entryContent.parse(entry),
        id: originOf(entry.id),
        device: entry.device,
        n: entry.n,
        by: entry.takenBy || entry.author.name,
      })),
    proposals: view.proposals
      .filter(({ removed }) => !removed)
      .map((each) => ({ ...each, entry: each.entry && originOf(each.entry) })),
    marks: view.marks
      .filter(({ removed }) => !removed)
      .map((each) => ({ ...each, entry: each.entry && originOf(each.entry) })),
  };
  return new TextEncoder().encode(`${JSON.stringify(logFile.parse(file), null, 1)}\n`);
}

/** Fails with `file-not-readable`. */
export function readLogFile(bytes: Uint8Array, name: string): LogFile {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new WorkbenchError(
      'file-damaged',
      `${name} is no session log, or it is damaged. Nothing was taken in.`,
      { name },
      { cause: error },
    );
  }
  const version = (json as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > 1) {
    throw new WorkbenchError(
      'file-kind-unsupported',
      `${name} was written by a newer version of this program. Install it to read the log.`,
      { name },
    );
  }
  const read = logFile.safeParse(json);
  if (!read.success) {
    const where = read.error.issues[0]?.path.join('.') ?? '';
    throw new WorkbenchError(
      'file-damaged',
      `${name} is no session log, or it is damaged (${where}). Nothing was taken in.`,
      { name, where },
    );
  }
  needTimeZone(read.data.head.timeZone);
  return read.data;
}

export interface TakenIn {
  readonly session: RecordId;
  readonly added: number;
  readonly known: number;
  /** Changes to be written one after the other: what is written stays whole if a later one fails. */
  readonly changes: readonly (readonly IntendedOp[])[];
}

const entriesPerChange = 100;

/** What is to be written so that `file` is in `session`, or in a new one with null. */
export function takeIn(
  file: LogFile,
  session: RecordId | null,
  { circle, places }: { readonly circle: Circle; readonly places: PlaceSource },
): TakenIn {
  const target = session ?? circle.newId();
  const changes: IntendedOp[][] = session === null ? [headOps(file, target)] : [];
  const items = agendaMatches(file, target, { circle, places });
  if (items.ops.length > 0) changes.push(items.ops);
  const here = entriesHere(circle, target);
  const fresh = new Map<RecordId, RecordId>();
  let part: IntendedOp[] = [];
  for (const entry of file.entries) {
    if (here.has(entry.id) || fresh.has(entry.id)) continue;
    const id = circle.newId();
    fresh.set(entry.id, id);
    const item = entry.item === null ? null : (items.idOf(entry.item) ?? null);
    const origin: Json = { entry: entry.id, by: entry.by };
    part.push(
      ...newFields(id, 'intervention', { session: target, ...entryFields({ ...entry, item }, entry.n), origin }),
    );
    part.push(...whatCameOf(file, entry.id, id, target, circle, items.idOf));
    if (fresh.size % entriesPerChange === 0) {
      changes.push(part);
      part = [];
    }
  }
  if (part.length > 0) changes.push(part);
  return { session: target, added: fresh.size, known: file.entries.length - fresh.size, changes };
}

/** Entries by the id they were made under. */
function entriesHere(circle: Circle, session: RecordId): Set<RecordId> {
  const here = new Set<RecordId>();
  for (const state of circle.fold.children('intervention', session, { withRemoved: true })) {
    here.add(state.id);
    const origin = valueOf(state, 'origin') as { entry: RecordId } | null;
    if (origin !== null) here.add(origin.entry);
  }
  return here;
}

function headOps({ head }: LogFile, session: RecordId): IntendedOp[] {
  const { title, body, place, chair, timeZone, language: tongue, texts, seats } = head;
  return newFields(session, 'session', {
    title,
    body,
    place,
    chair,
    timeZone,
    language: tongue,
    ...Object.fromEntries(texts.map(({ document, ...rest }) => [`text:${document}`, rest])),
    ...Object.fromEntries(Object.entries(seats).map(([id, value]) => [`seat:${id}`, value])),
  });
}

/** Items of the file that the session has, by number and title; the others are added at the end. */
function agendaMatches(file: LogFile, session: RecordId, { circle, places }: { circle: Circle; places: PlaceSource }) {
  const agenda = agendaOf(circle, session);
  const ids = new Map<RecordId, RecordId>();
  const ops: IntendedOp[] = [];
  let last = agenda.at(-1)?.place ?? null;
  for (const { id, number, title } of file.head.agenda) {
    const known = agenda.find((item) => item.id === id || (item.number === number && item.title === title));
    if (known !== undefined) {
      ids.set(id, known.id);
      continue;
    }
    const made = circle.newId();
    last = places.between(last, null);
    ids.set(id, made);
    ops.push(...newFields(made, 'agenda-item', { session, place: last, number, title }));
  }
  return { ops, idOf: (id: RecordId) => ids.get(id) };
}

function whatCameOf(
  file: LogFile,
  from: RecordId,
  entry: RecordId,
  session: RecordId,
  circle: Circle,
  itemOf: (id: RecordId) => RecordId | undefined,
): IntendedOp[] {
  return [
    ...file.proposals
      .filter((each) => each.entry === from)
      .flatMap(({ document, label, kind, text, by, behalf, confirmed, withdrawn }) =>
        newFields(circle.newId(), 'floor-proposal', {
          session,
          entry,
          document,
          label,
          kind,
          text,
          by,
          behalf,
          confirmed: confirmed || null,
          withdrawn: withdrawn || null,
        }),
      ),
    ...file.marks
      .filter((each) => each.entry === from)
      .flatMap(({ document, label, item, mark, facilitator, until }) =>
        newFields(circle.newId(), 'agreement-mark', {
          session,
          entry,
          document,
          label,
          item: item === null ? null : (itemOf(item) ?? null),
          mark,
          facilitator,
          until,
        }),
      ),
  ];
}

/**
 * A session as it goes into a wider circle: under fresh ids, and with devices that nobody can find again, for a wider
 * circle must not name what belongs to a narrower one.
 */
export function anonymised(file: LogFile, random: (lengthBytes: number) => Uint8Array): LogFile {
  const devices = new Map<string, string>();
  const ids = new Map<string, RecordId>();
  const deviceOf = (device: string): string => {
    const made = devices.get(device) ?? base32(random(17)).slice(0, 26);
    devices.set(device, made);
    return made;
  };
  const idOf = (id: RecordId): RecordId => {
    const [device = ''] = id.split('.');
    const made = ids.get(id) ?? (`${deviceOf(device)}.${base32(random(7)).slice(0, 10)}` as RecordId);
    ids.set(id, made);
    return made;
  };
  const linked = <T extends { readonly id: RecordId; readonly entry: RecordId | null }>(each: T): T => ({
    ...each,
    id: idOf(each.id),
    entry: each.entry === null ? null : idOf(each.entry),
  });
  return {
    ...file,
    session: idOf(file.session),
    entries: file.entries.map((entry) => ({ ...entry, id: idOf(entry.id), device: deviceOf(entry.device) })),
    proposals: file.proposals.map(linked),
    marks: file.marks.map(linked),
  };
}
