/**
 * Logs in files, for note-takers who share no circle: one writes its log, another takes it in. What is taken in keeps its
 * maker's name, device and order, is known by the id it was made under, and is never doubled.
 */
import type { PlaceSource } from '../../../shared/drafting/places.ts';
import type { Json, RecordId } from '../../../shared/ids.ts';
import type { Circle, IntendedOp } from '../circles/circle.ts';
import { madeAs, newFields } from './fields.ts';
import { entryFields } from './log-entry.ts';
import type { LogFile } from './log-file-format.ts';
import { agendaOf } from './views.ts';

export interface TakenIn {
  readonly session: RecordId;
  readonly added: number;
  readonly known: number;
  /** Changes to be written one after the other: what is written stays whole if a later one fails. */
  readonly changes: readonly (readonly IntendedOp[])[];
  /** Items to be taken off the agenda once they are there: who removes must have seen what is removed. */
  readonly former: readonly RecordId[];
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
  const itemOf = (item: RecordId | null): RecordId | null => (item === null ? null : (items.idOf(item) ?? null));
  const here = recordsHere(circle, target);
  const cameOf = whatCame(file, { session: target, circle, here, itemOf });
  let added = 0;
  let part: IntendedOp[] = [];
  const flush = (): void => {
    if (part.length > 0) changes.push(part);
    part = [];
  };
  for (const entry of file.entries) {
    if (here.has(entry.id)) continue;
    const id = circle.newId();
    here.set(entry.id, id);
    added += 1;
    const origin: Json = { entry: entry.id, by: entry.by };
    const fields = entryFields({ ...entry, item: itemOf(entry.item) }, entry.n);
    part.push(...newFields(id, 'intervention', { session: target, ...fields, origin }), ...cameOf(entry.id));
    if (added % entriesPerChange === 0) flush();
  }
  // What came of lines that are here already, and what was set by hand, of no line.
  part.push(...cameOf('the rest'));
  flush();
  return { session: target, added, known: file.entries.length - added, changes, former: items.former };
}

/** Entries, proposals and marks by the id they were made under. */
function recordsHere(circle: Circle, session: RecordId): Map<RecordId, RecordId> {
  const here = new Map<RecordId, RecordId>();
  for (const type of ['intervention', 'floor-proposal', 'agreement-mark']) {
    for (const state of circle.fold.children(type, session, { withRemoved: true })) {
      here.set(state.id, state.id);
      here.set(madeAs(state), state.id);
    }
  }
  return here;
}

interface Target {
  readonly session: RecordId;
  readonly circle: Circle;
  /** Ids here by those in the file; it grows while entries are taken in. */
  readonly here: Map<RecordId, RecordId>;
  readonly itemOf: (item: RecordId | null) => RecordId | null;
}

/** Proposals and marks of the file that are not here: of one entry, or all that no call has asked for yet. */
function whatCame(file: LogFile, { session, circle, here, itemOf }: Target) {
  const entryHere = (entry: RecordId | null): RecordId | null => (entry === null ? null : (here.get(entry) ?? null));
  const isNew = ({ id, entry }: { id: RecordId; entry: RecordId | null }, of: RecordId | 'the rest'): boolean =>
    !here.has(id) && (of === 'the rest' || entry === of);
  const make = (id: RecordId): RecordId => {
    const made = circle.newId();
    here.set(id, made);
    return made;
  };
  return (of: RecordId | 'the rest'): IntendedOp[] => [
    ...file.proposals
      .filter((each) => isNew(each, of))
      .flatMap(({ id, entry, at, stances, confirmed, withdrawn, ...fields }) =>
        newFields(make(id), 'floor-proposal', {
          session,
          ...fields,
          entry: entryHere(entry),
          confirmed: confirmed || null,
          withdrawn: withdrawn || null,
          ...Object.fromEntries(Object.entries(stances).map(([who, stance]) => [`stance:${who}`, stance])),
          madeAs: { record: id, at },
        }),
      ),
    ...file.marks
      .filter((each) => isNew(each, of))
      .flatMap(({ id, entry, item, at, ...fields }) =>
        newFields(make(id), 'agreement-mark', {
          session,
          ...fields,
          entry: entryHere(entry),
          item: itemOf(item),
          madeAs: { record: id, at },
        }),
      ),
  ];
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
  const live = agendaOf(circle, session);
  const agenda = [...live, ...agendaOf(circle, session, true)];
  const ids = new Map<RecordId, RecordId>();
  const ops: IntendedOp[] = [];
  const gone: RecordId[] = [];
  let last = live.at(-1)?.place ?? null;
  for (const { id, number, title, document, former } of file.head.agenda) {
    const known = agenda.find((item) => item.id === id || (item.number === number && item.title === title));
    if (known !== undefined) {
      ids.set(id, known.id);
      continue;
    }
    const made = circle.newId();
    last = places.between(last, null);
    ids.set(id, made);
    if (former) gone.push(made);
    ops.push(...newFields(made, 'agenda-item', { session, place: last, number, title, document }));
  }
  return { ops, former: gone, idOf: (id: RecordId) => ids.get(id) };
}
