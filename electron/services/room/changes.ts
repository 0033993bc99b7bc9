/** From what a person changes in a session to ops of the log. Every op supersedes what was on that person's screen. */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { RoomChange } from '../../../shared/contract/room/changes.ts';
import type { PlaceSource } from '../../../shared/drafting/places.ts';
import type { Json, RecordId, VersionId } from '../../../shared/ids.ts';
import type { RecordState } from '../../../shared/records/fold.ts';
import type { Circle, IntendedOp } from '../circles/circle.ts';
import { headIds, newFields } from './fields.ts';
import { needOwnId } from './log-entry.ts';
import { agendaOf, sessionOf } from './views.ts';

export interface ChangeContext {
  readonly circle: Circle;
  readonly session: RecordId;
  readonly places: PlaceSource;
}

/** Fails with `not-found`, `invalid-input`. */
export function opsOfChange(change: RoomChange, context: ChangeContext): IntendedOp[] {
  const { session } = context;
  const onSession = (field: string, value: Json, over: readonly VersionId[]): IntendedOp[] => [
    { record: session, type: 'session', field, over, value },
  ];
  switch (change.op) {
    case 'setHeader':
      if (change.fields.timeZone !== undefined) needTimeZone(change.fields.timeZone);
      return setFields(session, 'session', change.fields, change.heads);
    case 'setSeat':
      return onSession(`seat:${change.delegation}`, change.seat, change.heads);
    case 'setText':
      return onSession(`text:${change.document}`, change.text, change.heads);
    case 'setLimit':
      return onSession(`limit:${change.capacity}`, change.seconds, change.heads);
    case 'setClock':
      return onSession(`clock:${change.device}`, change.offsetMs, change.heads);
    case 'addItems':
      return addItems(change.items, change.after, context);
    case 'changeItem':
      return setFields(need(change.item, 'agenda-item', context).id, 'agenda-item', change.fields, change.heads);
    case 'moveItem':
      return moveItem(change, context);
    case 'correct':
      return setFields(need(change.entry, 'intervention', context).id, 'intervention', change.fields, change.heads);
    case 'addProposal': {
      const { op: _op, id, ...fields } = change;
      needOwnId(id, context.circle);
      return newFields(id, 'floor-proposal', { session, ...fields });
    }
    case 'changeProposal':
      return setFields(
        need(change.proposal, 'floor-proposal', context).id,
        'floor-proposal',
        change.fields,
        change.heads,
      );
    case 'setStance': {
      const { id } = need(change.proposal, 'floor-proposal', context);
      const field = `stance:${change.delegation}`;
      return [{ record: id, type: 'floor-proposal', field, over: change.heads, value: change.stance }];
    }
    case 'setMark':
      return setMark(change, context);
    case 'join': {
      for (const entry of change.entries) need(entry, 'intervention', context);
      const { entries, apart } = change;
      return newFields(context.circle.newId(), 'entry-join', { session, entries: [...new Set(entries)].sort(), apart });
    }
    case 'remove':
      return removal(change.record, true, change.allHeads, context);
    case 'restore':
      return removal(change.record, null, headIds(need(change.record, null, context), 'removed'), context);
  }
}

function setFields(
  record: RecordId,
  type: string,
  fields: Readonly<Record<string, Json | undefined>>,
  heads: Readonly<Record<string, readonly VersionId[]>>,
): IntendedOp[] {
  return Object.entries(fields).flatMap(([field, value]) =>
    value === undefined ? [] : [{ record, type, field, over: heads[field] ?? [], value }],
  );
}

/** A record of this session; of any of its types with null. */
function need(id: RecordId, type: string | null, { circle, session }: ChangeContext): RecordState {
  const state = circle.fold.record(id);
  if (state === null || (type !== null && state.type !== type) || sessionOf(state) !== session) {
    throw new WorkbenchError('not-found', 'This is not in the session. Open the session again.', { record: id });
  }
  return state;
}

function removal(record: RecordId, value: true | null, over: readonly VersionId[], context: ChangeContext) {
  const { type } = need(record, null, context);
  return [{ record, type, field: 'removed', over, value }];
}

function addItems(
  items: readonly { readonly number: string; readonly title: string }[],
  after: RecordId | null,
  { circle, session, places }: ChangeContext,
): IntendedOp[] {
  const agenda = agendaOf(circle, session);
  const at = after === null ? -1 : agenda.findIndex(({ id }) => id === after);
  const before = agenda[at + 1]?.place ?? null;
  let last = agenda[at]?.place ?? null;
  return items.flatMap(({ number, title }) => {
    last = places.between(last, before);
    return newFields(circle.newId(), 'agenda-item', { session, place: last, number, title });
  });
}

function moveItem(
  { item, after, heads }: Extract<RoomChange, { op: 'moveItem' }>,
  context: ChangeContext,
): IntendedOp[] {
  const { id } = need(item, 'agenda-item', context);
  const agenda = agendaOf(context.circle, context.session).filter((each) => each.id !== item);
  const at = after === null ? -1 : agenda.findIndex((each) => each.id === after);
  const { place, moved } = context.places.after(agenda, at);
  const op = (record: RecordId, over: readonly VersionId[], value: string): IntendedOp => {
    return { record, type: 'agenda-item', field: 'place', over, value };
  };
  return [
    op(id, heads, place),
    ...moved.map((each) => {
      const state = need(each.id as RecordId, 'agenda-item', context);
      return op(state.id, headIds(state, 'place'), each.place);
    }),
  ];
}

function setMark(change: Extract<RoomChange, { op: 'setMark' }>, context: ChangeContext): IntendedOp[] {
  const { id, entry, document, label, item, mark, facilitator, until, heads } = change;
  const fields = { document, label, item, mark, facilitator, until };
  if (context.circle.fold.record(id) !== null) {
    return setFields(need(id, 'agreement-mark', context).id, 'agreement-mark', fields, heads);
  }
  needOwnId(id, context.circle);
  return newFields(id, 'agreement-mark', { session: context.session, entry, ...fields });
}

/** Fails with `invalid-input` when this machine does not know the time zone. */
export function needTimeZone(timeZone: string): void {
  try {
    void Intl.DateTimeFormat('en', { timeZone });
  } catch (error) {
    const message = `This machine does not know the time zone ${timeZone}. Give it like Europe/Geneva’s: Europe/Zurich.`;
    throw new WorkbenchError('invalid-input', message, { timeZone }, { cause: error });
  }
}
