/** What the page is shown of a session, from the fold. */
import { capacities, proposalKinds, agreementMarks, roomPositions } from '../../../shared/contract/room/log.ts';
import type {
  AgendaItemView,
  Seat,
  SessionHead,
  SessionSummary,
  SessionView,
} from '../../../shared/contract/room/session.ts';
import type { EntryView, JoinView, MarkView, ProposalView } from '../../../shared/contract/room/log.ts';
import { creatorOf, type DocumentId, type Json, type RecordId, type ReplicaId } from '../../../shared/ids.ts';
import type { FieldState, RecordState } from '../../../shared/records/fold.ts';
import { unLanguages, type UnLanguage } from '../../../shared/i18n/messages.ts';
import type { Circle } from '../circles/circle.ts';
import {
  allHeadsOf,
  choiceOf,
  headsOf,
  keyedFields,
  lastChange,
  numberOf,
  recordOf,
  textOf,
  textsOf,
  valueOf,
} from './fields.ts';

const languages = unLanguages.map(({ code }) => code);

/** The session that a record belongs to or is; null for records of other things. */
export function sessionOf(state: RecordState): RecordId | null {
  if (state.type === 'session') return state.id;
  return ['agenda-item', 'intervention', 'floor-proposal', 'agreement-mark', 'entry-join'].includes(state.type)
    ? recordOf(state, 'session')
    : null;
}

interface Origin {
  readonly entry: RecordId;
  readonly by: string;
}

/** Whose log an entry stands in: its maker's, or for what came in a file the one it was made in. */
export function deviceOf(state: RecordState): ReplicaId {
  const origin = valueOf(state, 'origin') as Origin | null;
  return creatorOf(origin?.entry ?? state.id);
}

/** Null for an entry whose beginning has not arrived. */
export function entryView(circle: Circle, state: RecordState): EntryView | null {
  const moment = valueOf(state, 'moment') as { at: number; n: number } | null;
  if (moment === null) return null;
  const origin = valueOf(state, 'origin') as Origin | null;
  return {
    id: state.id,
    at: moment.at,
    n: moment.n,
    line: textOf(state, 'line'),
    speaker: (valueOf(state, 'speaker') as EntryView['speaker'] | null) ?? { id: '', typed: '' },
    capacity: choiceOf(state, 'capacity', capacities, 'national'),
    behalf: textsOf(state, 'behalf'),
    item: recordOf(state, 'item'),
    document: (textOf(state, 'document') || null) as DocumentId | null,
    label: textOf(state, 'label'),
    position: choiceOf(state, 'position', roomPositions, 'statement'),
    towards: textOf(state, 'towards'),
    quotes: textsOf(state, 'quotes'),
    note: textOf(state, 'note'),
    toCheck: valueOf(state, 'toCheck') === true,
    promise: valueOf(state, 'promise') as EntryView['promise'],
    spokenMs: numberOf(state, 'spokenMs'),
    device: deviceOf(state),
    author: circle.authorOf(state.creator),
    takenBy: origin?.by ?? '',
    mayEdit: circle.fold.mayWrite(circle.replica, state.id, 'intervention', 'note'),
    corrected: [...state.fields.values()].some(({ name, heads }) => name !== 'removed' && heads.some(isLater)),
    removed: state.removed,
    conflicts: conflictsOf(state),
    heads: headsOf(state),
    allHeads: allHeadsOf(state),
  };
}

const isLater = ({ over }: { readonly over: readonly string[] }): boolean => over.length > 0;

function conflictsOf(state: RecordState): string[] {
  return [...state.fields.values()].filter(({ conflict }) => conflict).map(({ name }) => name);
}

export function proposalView(circle: Circle, state: RecordState): ProposalView {
  const text = state.fields.get('text');
  return {
    id: state.id,
    entry: recordOf(state, 'entry'),
    document: (textOf(state, 'document') || null) as DocumentId | null,
    label: textOf(state, 'label'),
    kind: choiceOf(state, 'kind', proposalKinds, 'MOD'),
    text: textOf(state, 'text'),
    by: textOf(state, 'by'),
    behalf: textsOf(state, 'behalf'),
    confirmed: valueOf(state, 'confirmed') === true,
    withdrawn: valueOf(state, 'withdrawn') === true,
    removed: state.removed,
    stances: Object.fromEntries(keyedFields(state, 'stance:')) as ProposalView['stances'],
    author: circle.authorOf(state.creator),
    at: madeAt(state),
    versions: text === undefined || !text.conflict ? [] : versionsOf(circle, text),
    heads: headsOf(state),
    allHeads: allHeadsOf(state),
  };
}

const madeAt = (state: RecordState): number =>
  (valueOf(state, 'madeAs') as { at: number } | null)?.at ?? lastChange(state).at;

function versionsOf(circle: Circle, field: FieldState): ProposalView['versions'] {
  return field.values.map(({ value, versions }) => ({
    text: typeof value === 'string' ? value : '',
    author: circle.authorOf(versions[0]!.replica),
    heads: versions.map(({ id }) => id),
  }));
}

export function markView(circle: Circle, state: RecordState): MarkView {
  return {
    id: state.id,
    entry: recordOf(state, 'entry'),
    document: (textOf(state, 'document') || null) as DocumentId | null,
    label: textOf(state, 'label'),
    item: recordOf(state, 'item'),
    mark: choiceOf(state, 'mark', agreementMarks, 'open'),
    facilitator: textOf(state, 'facilitator'),
    until: textOf(state, 'until'),
    author: circle.authorOf(state.creator),
    at: madeAt(state),
    removed: state.removed,
    heads: headsOf(state),
    allHeads: allHeadsOf(state),
  };
}

export function joinView(circle: Circle, state: RecordState): JoinView {
  return {
    id: state.id,
    entries: textsOf(state, 'entries') as RecordId[],
    apart: valueOf(state, 'apart') === true,
    author: circle.authorOf(state.creator),
    removed: state.removed,
    allHeads: allHeadsOf(state),
  };
}

function itemView(state: RecordState): AgendaItemView {
  return {
    id: state.id,
    number: textOf(state, 'number'),
    title: textOf(state, 'title'),
    document: (textOf(state, 'document') || null) as DocumentId | null,
    place: textOf(state, 'place'),
    heads: headsOf(state),
    allHeads: allHeadsOf(state),
  };
}

/** Live items in the order of the agenda; with `former` those that were taken off it. */
export function agendaOf(circle: Circle, session: RecordId, former = false): AgendaItemView[] {
  return circle.fold
    .children('agenda-item', session, { withRemoved: true })
    .filter(({ removed }) => removed === former)
    .map(itemView)
    .sort((a, b) => (a.place < b.place ? -1 : a.place > b.place ? 1 : a.id < b.id ? -1 : 1));
}

export function summaryOf(circle: Circle, state: RecordState): SessionSummary {
  const entries = circle.fold.children('intervention', state.id);
  const latest = entries.reduce((at, entry) => Math.max(at, lastChange(entry).at), lastChange(state).at);
  return {
    id: state.id,
    circle: circle.id,
    circleName: circle.name(),
    title: textOf(state, 'title'),
    body: textOf(state, 'body'),
    place: textOf(state, 'place'),
    timeZone: textOf(state, 'timeZone') || 'UTC',
    language: choiceOf<UnLanguage>(state, 'language', languages, 'en'),
    startsAt: numberOf(state, 'startsAt'),
    entries: entries.length,
    toCheck: entries.filter((entry) => valueOf(entry, 'toCheck') === true).length,
    noteTakers: new Set(entries.map(deviceOf)).size,
    changedAt: new Date(latest).toISOString(),
    removed: state.removed,
  };
}

export interface DocumentFacts {
  /** The language of a document on the shelf; null when it is not here. */
  languageOf(document: DocumentId): string | null;
}

export function headOf(circle: Circle, state: RecordState, { languageOf }: DocumentFacts): SessionHead {
  return {
    summary: summaryOf(circle, state),
    chair: textOf(state, 'chair'),
    interpreters: textOf(state, 'interpreters'),
    queue: textsOf(state, 'queue'),
    agenda: agendaOf(circle, state.id),
    formerItems: agendaOf(circle, state.id, true),
    texts: keyedFields(state, 'text:')
      .map(([document, value]) => {
        const { title, version, order } = value as { title: string; version: string; order: number };
        const language = languageOf(document as DocumentId);
        const here = { missing: language === null, language: language ?? '' };
        return { document: document as DocumentId, title, version, order, ...here };
      })
      .sort((a, b) => a.order - b.order || (a.document < b.document ? -1 : 1)),
    seats: Object.fromEntries(keyedFields(state, 'seat:')) as unknown as Record<string, Seat>,
    limits: Object.fromEntries(keyedFields(state, 'limit:')) as Record<string, number>,
    clocks: clocksOf(circle, state),
    conflicts: [...state.fields.values()]
      .filter(({ conflict, name }) => conflict && name !== 'removed')
      .map((field) => ({
        field: field.name,
        values: field.values.map(({ value, versions }) => ({
          value: printed(value),
          author: circle.authorOf(versions[0]!.replica),
        })),
      })),
    heads: headsOf(state),
  };
}

const printed = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Every device that logged something here, by its id. */
function clocksOf(circle: Circle, state: RecordState): SessionHead['clocks'] {
  const offsets = new Map(keyedFields(state, 'clock:'));
  const names = new Map<ReplicaId, { name: string; mine: boolean }>();
  for (const entry of circle.fold.children('intervention', state.id)) {
    const device = deviceOf(entry);
    if (names.has(device)) continue;
    const origin = valueOf(entry, 'origin') as Origin | null;
    const author = circle.authorOf(device);
    names.set(device, { name: origin?.by || author.name, mine: origin === null && author.me });
  }
  return [...names]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([device, { name, mine }]) => {
      const offset = offsets.get(device);
      return { device, name, mine, offsetMs: typeof offset === 'number' ? offset : null };
    });
}

export function sessionView(circle: Circle, state: RecordState, facts: DocumentFacts): SessionView {
  const children = (type: string): RecordState[] => circle.fold.children(type, state.id, { withRemoved: true });
  const entries = children('intervention')
    .map((entry) => entryView(circle, entry))
    .filter((entry) => entry !== null);
  return {
    head: headOf(circle, state, facts),
    entries,
    proposals: children('floor-proposal').map((each) => proposalView(circle, each)),
    marks: children('agreement-mark').map((each) => markView(circle, each)),
    joins: children('entry-join').map((each) => joinView(circle, each)),
    idPrefix: circle.replica,
    unfinished: unfinishedLine(circle, state.id, entries),
  };
}

export function lineKey(session: RecordId): string {
  return `room/${session}/line`;
}

/** A line whose entry is in the log was finished, whatever a crash left in the journal. */
function unfinishedLine(circle: Circle, session: RecordId, entries: readonly EntryView[]): SessionView['unfinished'] {
  const line = (circle.journal.entries().get(lineKey(session)) ?? null) as SessionView['unfinished'];
  return line !== null && entries.some(({ at, device }) => at === line.at && device === circle.replica) ? null : line;
}
