/** What sessions logged in the merge's circle say of positions: interventions on paragraphs, and proposals from the floor. */
import type { DocumentId, RecordId } from '../../../shared/ids.ts';
import type { RoomPosition } from '../../../shared/contract/room/log.ts';
import { offsetsOf } from '../../../shared/room/output-source.ts';
import { roomDirectory } from '../../../shared/room/room-directory.ts';
import { interventionsOf } from '../../../shared/room/session-time.ts';
import { evidenceOf } from '../../../shared/room/standings.ts';
import type { Evidence, Position } from '../../../shared/merging/positions/position.ts';
import type { Circle } from '../circles/circle.ts';
import { sessionView, type DocumentFacts } from '../room/views.ts';

export interface RoomFinding {
  readonly session: RecordId;
  readonly sessionTitle: string;
  /** Null where the session had no text for it. */
  readonly document: DocumentId | null;
  readonly label: string;
  readonly evidence: Omit<Evidence, 'subject'>;
}

/** What is no word for or against (a statement, an explanation) still shows that the delegation spoke on it. */
const positionOf = (position: RoomPosition): Position =>
  position === 'support' ||
  position === 'oppose' ||
  position === 'amend' ||
  position === 'reserve' ||
  position === 'question'
    ? position
    : 'text';

/** Lines that are still to be checked, and what was taken out, count for nothing. */
export function roomFindings(circle: Circle, facts: DocumentFacts): RoomFinding[] {
  return circle.fold.recordsOfType('session').flatMap((state) => {
    if (state.removed) return [];
    const view = sessionView(circle, state, facts);
    const { title } = view.head.summary;
    const directory = roomDirectory(view.head.seats, view.head.summary.language);
    const name = (id: string): string => directory.nameOf(id, 'en');
    const sure = view.entries.filter(({ removed, toCheck }) => !removed && !toCheck);
    const place = { session: state.id, sessionTitle: title };
    const said = evidenceOf(state.id, interventionsOf(sure, view.joins, offsetsOf(view))).map((each): RoomFinding => ({
      ...place,
      ...{ document: each.document, label: each.label },
      evidence: {
        ...{ kind: 'session-note', speaker: name(each.delegation), position: positionOf(each.position) },
        ...{ ref: each.entry, words: each.quotes.join(' '), atMs: each.at },
      },
    }));
    const entryTimes = new Map(view.entries.map(({ id, at }) => [id, at]));
    const proposed = view.proposals
      .filter(({ removed, withdrawn, by }) => !removed && !withdrawn && by !== '')
      .flatMap((each) =>
        [each.by, ...each.behalf].map((who): RoomFinding => ({
          ...place,
          ...{ document: each.document, label: each.label },
          evidence: {
            ...{ kind: 'proposal', speaker: name(who), position: each.kind === 'SUP' ? 'oppose' : 'amend' },
            ...{ ref: `${each.id} ${who}`, words: each.text },
            atMs: (each.entry && entryTimes.get(each.entry)) || 0,
          },
        })),
      );
    return [...said, ...proposed].filter(({ label }) => label !== '');
  });
}
