/**
 * What a corrected or removed line takes with it: the mark and the proposal that came of it are its own, until a person
 * has worked on them by hand.
 */
import type { EntryView, MarkView, ProposalView } from '../contract/room/log.ts';
import type { RoomChange } from '../contract/room/changes.ts';
import type { SessionView } from '../contract/room/session.ts';
import type { DocumentId, RecordId } from '../ids.ts';
import { wordsProposed } from './free-text.ts';
import { entryOf } from './input-line.ts';
import type { ReadLine } from './line-parts.ts';

type Log = Pick<SessionView, 'proposals' | 'marks'>;

interface CameOf {
  readonly proposal: ProposalView | null;
  readonly mark: MarkView | null;
}

/** What came of an entry and is not removed. */
function cameOf({ id }: Pick<EntryView, 'id'>, { proposals, marks }: Log): CameOf {
  const of = <T extends { readonly entry: RecordId | null; readonly removed: boolean }>(all: readonly T[]): T | null =>
    all.find(({ entry, removed }) => entry === id && !removed) ?? null;
  return { proposal: of(proposals), mark: of(marks) };
}

/** Changes that make an entry what the corrected line says. What the line names no place for stays where it was heard. */
export function correctionOf(
  entry: EntryView,
  line: string,
  read: ReadLine,
  log: Log,
  newId: () => RecordId,
): readonly RoomChange[] {
  const { at: _at, spokenMs: _spoken, item, document, label, ...said } = entryOf(line, read, entry.at, null);
  const place = read.movesTo ? { item, document, label } : placeOf(entry);
  const { proposal, mark } = cameOf(entry, log);
  return [
    { op: 'correct', entry: entry.id, fields: { ...said, ...place }, heads: entry.heads },
    ...markChanges(mark, entry, read, place, newId),
    ...proposalChanges(proposal, entry, read, place, newId),
  ];
}

interface EntryPlace {
  readonly item: RecordId | null;
  readonly document: DocumentId | null;
  readonly label: string;
}

const placeOf = ({ item, document, label }: EntryPlace): EntryPlace => ({ item, document, label });

function markChanges(
  mark: MarkView | null,
  entry: EntryView,
  read: ReadLine,
  place: EntryPlace,
  newId: () => RecordId,
): RoomChange[] {
  if (read.mark === null) return mark === null ? [] : [removal(mark)];
  const id = mark?.id ?? newId();
  return [{ op: 'setMark', id, entry: entry.id, ...place, ...read.mark, heads: mark?.heads ?? {} }];
}

/** Wording that was confirmed or written by hand stays, as does a proposal on which somebody’s stance was set by hand. */
function proposalChanges(
  proposal: ProposalView | null,
  entry: EntryView,
  read: ReadLine,
  { document, label }: EntryPlace,
  newId: () => RecordId,
): RoomChange[] {
  const by = read.speaker.id || read.speaker.typed;
  const behalf = [...read.behalf];
  if (proposal === null) {
    if (read.proposal === null) return [];
    return [{ op: 'addProposal', id: newId(), entry: entry.id, document, label, ...read.proposal, by, behalf }];
  }
  const isByHand = proposal.confirmed || proposal.text !== wordsProposed(entry);
  if (read.proposal === null) {
    return isByHand || Object.keys(proposal.stances).length > 0 ? [] : [removal(proposal)];
  }
  const { kind, text } = read.proposal;
  const fields = { document, label, kind, by, behalf, ...(isByHand ? {} : { text }) };
  return [{ op: 'changeProposal', proposal: proposal.id, fields, heads: proposal.heads }];
}

const removal = ({ id, allHeads }: Pick<EntryView, 'id' | 'allHeads'>): RoomChange => {
  return { op: 'remove', record: id, allHeads };
};

/** A line goes with what came of it; `restored` brings all of it back. */
export function removalOf(
  entry: EntryView,
  log: Log,
): { readonly changes: readonly RoomChange[]; readonly restored: readonly RoomChange[] } {
  const { proposal, mark } = cameOf(entry, log);
  const records = [entry, proposal, mark].filter((each) => each !== null);
  return {
    changes: records.map(removal),
    restored: records.map(({ id }) => ({ op: 'restore', record: id })),
  };
}
