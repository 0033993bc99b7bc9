/**
 * Keeping one line of the log. The entry, the proposal and the mark that came of it are one change: all of it is kept, or
 * nothing. A line's place in its device's log is given when the call arrives, so that lines written fast stay in order
 * and go to the disk together.
 */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { AgreementMark, EntryContent, ProposalKind } from '../../../shared/contract/room/log.ts';
import { creatorOf, type Json, type RecordId, type ReplicaId } from '../../../shared/ids.ts';
import type { RecordState } from '../../../shared/records/fold.ts';
import type { Circle, IntendedOp } from '../circles/circle.ts';
import { newFields, valueOf } from './fields.ts';
import { deviceOf } from './views.ts';

export interface LoggedLine {
  readonly session: RecordId;
  readonly id: RecordId;
  readonly entry: EntryContent;
  readonly proposal: { readonly id: RecordId; readonly kind: ProposalKind; readonly text: string } | null;
  readonly mark: {
    readonly id: RecordId;
    readonly mark: AgreementMark;
    readonly facilitator: string;
    readonly until: string;
  } | null;
}

export interface LineCounter {
  /** The next place in a device's log of a session. */
  next(circle: Circle, session: RecordId, device: ReplicaId): number;
}

/** Counts in memory from what the log holds: two calls that come before either is kept get two places. */
export function createLineCounter(): LineCounter {
  const last = new Map<string, number>();
  return {
    next(circle, session, device) {
      const key = `${session} ${device}`;
      const known = last.get(key) ?? Math.max(0, ...placesOf(circle, session, device));
      last.set(key, known + 1);
      return known + 1;
    },
  };
}

function* placesOf(circle: Circle, session: RecordId, device: ReplicaId): Iterable<number> {
  for (const state of circle.fold.children('intervention', session, { withRemoved: true })) {
    if (deviceOf(state) === device) yield placeOf(state);
  }
}

const placeOf = (state: RecordState): number => (valueOf(state, 'moment') as { n: number } | null)?.n ?? 0;

/** The page makes ids: they must be this person's. Fails with `not-allowed`. */
export function needOwnId(record: RecordId, circle: Circle): void {
  const maker = creatorOf(record);
  if (maker === circle.replica || circle.fold.personOf(maker) === circle.person) return;
  throw new WorkbenchError('not-allowed', 'A line is logged under an id of this device. Open the session again.');
}

/** Fails with `not-allowed` when an id is another person's. */
export function opsOfLine(circle: Circle, { session, id, entry, proposal, mark }: LoggedLine, n: number): IntendedOp[] {
  for (const record of [id, proposal?.id, mark?.id]) if (record !== undefined) needOwnId(record, circle);
  const { document, label, item } = entry;
  return [
    ...newFields(id, 'intervention', { session, ...entryFields(entry, n) }),
    ...(proposal === null
      ? []
      : newFields(proposal.id, 'floor-proposal', {
          session,
          entry: id,
          document,
          label,
          kind: proposal.kind,
          text: proposal.text,
          by: entry.speaker.id || entry.speaker.typed,
          behalf: entry.behalf,
        })),
    ...(mark === null
      ? []
      : newFields(mark.id, 'agreement-mark', {
          session,
          entry: id,
          document,
          label,
          item,
          mark: mark.mark,
          facilitator: mark.facilitator,
          until: mark.until,
        })),
  ];
}

/** An entry's fields; what is empty is not written, and reads as empty. */
export function entryFields(entry: EntryContent, n: number): Record<string, Json> {
  const { at, line, speaker, capacity, behalf, item, document, label } = entry;
  const { position, towards, quotes, note, toCheck, promise, spokenMs } = entry;
  const or = <T extends Json>(value: T, isEmpty: boolean): T | null => (isEmpty ? null : value);
  return {
    moment: { at, n },
    line,
    speaker: or(speaker, speaker.id === '' && speaker.typed === ''),
    capacity: or(capacity, capacity === 'national'),
    behalf: or(behalf, behalf.length === 0),
    item,
    document,
    label: or(label, label === ''),
    position: or(position, position === 'statement'),
    towards: or(towards, towards === ''),
    quotes: or(quotes, quotes.length === 0),
    note: or(note, note === ''),
    toCheck: or(toCheck, !toCheck),
    promise,
    spokenMs,
  };
}
