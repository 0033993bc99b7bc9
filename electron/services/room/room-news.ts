/** Tells the pages what changed of sessions, by whomever: the head whole, of the rest only what changed. */
import type { EventSink } from '../../../shared/contract/contract.ts';
import type { RecordId } from '../../../shared/ids.ts';
import type { RecordState } from '../../../shared/records/fold.ts';
import type { Circle, Circles } from '../circles/circle.ts';
import { entryView, headOf, joinView, markView, proposalView, sessionOf, type DocumentFacts } from './views.ts';

export function createRoomNews(options: {
  readonly circles: Circles;
  readonly events: EventSink;
  readonly facts: DocumentFacts;
}): { stop(): void } {
  const { circles, events, facts } = options;

  function tell(circle: Circle, session: RecordId, changed: readonly RecordState[]): void {
    const state = circle.fold.record(session);
    if (state?.type !== 'session') return;
    const of = (type: string): RecordState[] => changed.filter((each) => each.type === type);
    events.emit('room', 'changed', {
      session,
      head: headOf(circle, state, facts),
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
