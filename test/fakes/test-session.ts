/** A session with an agenda, a text and a room, logged into by lines as a page would. */
import type { EntryView } from '../../shared/contract/room/log.ts';
import type { RoomChange } from '../../shared/contract/room/changes.ts';
import type { SessionView } from '../../shared/contract/room/session.ts';
import type { RecordId } from '../../shared/ids.ts';
import { createCompleter } from '../../shared/room/completion.ts';
import { entryOf, readLine, type LineContext } from '../../shared/room/input-line.ts';
import { nowhere } from '../../shared/room/places.ts';
import { roomDirectory } from '../../shared/room/room-directory.ts';
import { agendaText, draftText, ownSeats } from '../fixtures/session/script.ts';
import type { TempWorkbench } from './temp-workbench.ts';

export interface TestSession {
  readonly id: RecordId;
  readonly context: LineContext;
  newId(): RecordId;
  view(): Promise<SessionView>;
  log(line: string, at?: number): Promise<EntryView>;
  change(...changes: readonly RoomChange[]): Promise<void>;
}

const firstStroke = Date.UTC(2026, 10, 25, 9, 30);

export async function createTestSession(bench: TempWorkbench): Promise<TestSession> {
  const { room } = bench.client;
  const { id } = await room.create({ title: 'Preparatory meeting', timeZone: 'Europe/Zurich' });
  const document = (await bench.read({ name: 'rev2.txt', text: draftText })).summary.id;
  const { items } = await room.readAgenda({ text: agendaText });
  await room.change({
    session: id,
    changes: [
      ...ownSeats.map(({ delegation, seat }): RoomChange => ({ op: 'setSeat', delegation, seat, heads: [] })),
      { op: 'addItems', items, after: null },
      { op: 'setText', document, text: { title: 'Draft text', version: 'Rev. 2', order: 0 }, heads: [] },
    ],
  });
  const prepared = await room.open({ session: id });
  const seated = new Set(Object.keys(prepared.head.seats));
  const directory = roomDirectory(prepared.head.seats, 'en');
  const context: LineContext = {
    completer: createCompleter({ directory, language: 'en', seated, queue: [] }),
    carried: { ...nowhere, item: prepared.head.agenda[2]!.id, document },
    labels: ['9', '10', '11', '11 bis', '12'],
    items: prepared.head.agenda,
  };
  let made = 0;
  const newId = (): RecordId => {
    made += 1;
    const digits = [...made.toString(26).padStart(10, '0')];
    return `${prepared.idPrefix}.${digits.map((digit) => 'abcdefghijklmnopqrstuvwxyz'[parseInt(digit, 26)]).join('')}` as RecordId;
  };
  return {
    id,
    context,
    newId,
    view: () => room.open({ session: id }),
    async log(line, at = firstStroke) {
      const read = readLine(line, context);
      const { entry } = await room.log({
        session: id,
        id: newId(),
        entry: entryOf(line, read, at, null),
        proposal: read.proposal && { id: newId(), ...read.proposal },
        mark: read.mark && { id: newId(), ...read.mark },
      });
      return entry;
    },
    async change(...changes) {
      await room.change({ session: id, changes: [...changes] });
    },
  };
}
