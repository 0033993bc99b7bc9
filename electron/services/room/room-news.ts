/**
 * Tells the pages what changed of sessions, by whomever: only what changed, so that a line costs the same in a log of five
 * as in one of five thousand.
 */
import type { EventSink } from '../../../shared/contract/contract.ts';
import type { RecordId, ReplicaId } from '../../../shared/ids.ts';
import type { RecordState } from '../../../shared/records/fold.ts';
import type { Circle, Circles } from '../circles/circle.ts';
import {
  deviceOf,
  entryView,
  headOf,
  joinView,
  markView,
  proposalView,
  sessionOf,
  type DocumentFacts,
} from './views.ts';

export function createRoomNews(options: {
  readonly circles: Circles;
  readonly events: EventSink;
  readonly facts: DocumentFacts;
}): { stop(): void } {
  const { circles, events, facts } = options;
  /** Devices of which the pages know: the head lists them, and a new one changes it. */
  const devices = new Map<RecordId, Set<ReplicaId>>();

  function changesHead(session: RecordId, changed: readonly RecordState[]): boolean {
    const known = devices.get(session) ?? new Set<ReplicaId>();
    devices.set(session, known);
    const newcomers = changed.filter((each) => each.type === 'intervention' && !known.has(deviceOf(each)));
    for (const each of newcomers) known.add(deviceOf(each));
    return newcomers.length > 0 || changed.some(({ type }) => type === 'session' || type === 'agenda-item');
  }

  function tell(circle: Circle, session: RecordId, changed: readonly RecordState[]): void {
    const state = circle.fold.record(session);
    if (state?.type !== 'session') return;
    const of = (type: string): RecordState[] => changed.filter((each) => each.type === type);
    events.emit('room', 'changed', {
      session,
      head: changesHead(session, changed) ? headOf(circle, state, facts) : null,
      entries: of('intervention')
        .map((each) => entryView(circle, each))
        .filter((each) => each !== null),
      proposals: of('floor-proposal').map((each) => proposalView(circle, each)),
      marks: of('agreement-mark').map((each) => markView(circle, each)),
      joins: of('entry-join').map((each) => joinView(circle, each)),
    });
  }

  const stop = circles.onChanged(({ circle: id, records }) => {
    const circle = circles.get(id);
    const bySession = new Map<RecordId, RecordState[]>();
    for (const record of records) {
      const state = circle.fold.record(record);
      const session = state === null ? null : sessionOf(state);
      if (state === null || session === null) continue;
      const known = bySession.get(session);
      if (known === undefined) bySession.set(session, [state]);
      else known.push(state);
    }
    for (const [session, changed] of bySession) tell(circle, session, changed);
    if (bySession.size > 0) events.emit('room', 'listChanged', {});
  });
  return { stop };
}
