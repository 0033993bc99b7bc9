/**
 * The file of a session's log: its format, reading and writing it, and how it goes into a wider circle. Times, devices and
 * ids are those of its maker.
 */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { agendaItemView, seat, sessionText } from '../../../shared/contract/room/session.ts';
import { deviceId, entryContent, markView, proposalView } from '../../../shared/contract/room/log.ts';
import type { SessionView } from '../../../shared/contract/room/session.ts';
import { documentId, language, recordId } from '../../../shared/contract/common.ts';
import { z } from '../../../shared/contract/schema.ts';
import { base32, type RecordId } from '../../../shared/ids.ts';
import { needTimeZone } from './changes.ts';

const formatName = 'delegate-workbench-session';
export const logFileEnding = 'dwsession';

/** Files of before these were carried lack them. */
const olderItem = { document: agendaItemView.shape.document.default(null), former: z.boolean().default(false) };
const olderAt = { at: z.number().int().default(0) };

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
    agenda: z.array(agendaItemView.pick({ id: true, number: true, title: true, document: true }).extend(olderItem)),
    texts: z.array(sessionText.extend({ document: documentId })),
    seats: z.record(z.string().regex(/^[A-Z0-9][A-Z0-9-]{0,39}$/), seat),
  }),
  entries: z.array(
    entryContent.extend({ id: recordId, device: deviceId, n: z.number().int().nonnegative(), by: z.string() }),
  ),
  proposals: z.array(
    proposalView
      .pick({
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
      })
      .extend({ ...olderAt, stances: proposalView.shape.stances.default({}) }),
  ),
  marks: z.array(
    markView
      .pick({
        id: true,
        entry: true,
        document: true,
        label: true,
        item: true,
        mark: true,
        facilitator: true,
        until: true,
      })
      .extend(olderAt),
  ),
});
export type LogFile = z.output<typeof logFile>;

/** The log as it stands, removed lines aside; what came in a file goes on under the id it was made with. */
export function writeLogFile(view: SessionView, originOf: (record: RecordId) => RecordId): Uint8Array {
  const { head } = view;
  const { title, body, place, timeZone, language: tongue } = head.summary;
  const original = <T extends { readonly id: RecordId; readonly entry: RecordId | null }>(each: T): T => ({
    ...each,
    id: originOf(each.id),
    entry: each.entry && originOf(each.entry),
  });
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
      agenda: [
        ...head.agenda.map((item) => ({ ...item, former: false })),
        ...head.formerItems.map((item) => ({ ...item, former: true })),
      ],
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
    proposals: view.proposals.filter(({ removed }) => !removed).map(original),
    marks: view.marks.filter(({ removed }) => !removed).map(original),
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
  const itemOf = (item: RecordId | null): RecordId | null => (item === null ? null : idOf(item));
  return {
    ...file,
    session: idOf(file.session),
    head: { ...file.head, agenda: file.head.agenda.map((item) => ({ ...item, id: idOf(item.id) })) },
    entries: file.entries.map((entry) => ({
      ...entry,
      id: idOf(entry.id),
      device: deviceOf(entry.device),
      item: itemOf(entry.item),
    })),
    proposals: file.proposals.map(linked),
    marks: file.marks.map((mark) => linked({ ...mark, item: itemOf(mark.item) })),
  };
}
