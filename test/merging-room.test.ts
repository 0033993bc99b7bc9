/** What note-takers logged in a session is evidence in the coordinator's matrix of positions. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { newRecordId, type RecordId, type ReplicaId } from '../shared/ids.ts';
import { createCompleter } from '../shared/room/completion.ts';
import { entryOf, readLine } from '../shared/room/input-line.ts';
import { nowhere } from '../shared/room/places.ts';
import { roomDirectory } from '../shared/room/room-directory.ts';
import { createMergingParty, type Member, type MergingParty } from './fakes/merging-party.ts';

let party: MergingParty;
let amal: Member;
beforeEach(async () => {
  party = await createMergingParty();
  amal = await party.add('Amal', 'Jordan');
});
afterEach(() => party.dispose());

async function logged(lines: readonly string[]): Promise<RecordId> {
  const { room } = amal.client;
  const { id: session } = await room.create({
    title: 'Second reading',
    timeZone: 'Europe/Zurich',
    circle: amal.region,
  });
  const view = await room.open({ session });
  const newId = (): RecordId =>
    newRecordId(view.idPrefix as ReplicaId, (length) => new Uint8Array(randomBytes(length)));
  const directory = roomDirectory({}, 'en');
  const completer = createCompleter({ directory, language: 'en', seated: new Set(), queue: [] });
  for (const [index, line] of lines.entries()) {
    const read = readLine(line, { completer, carried: nowhere, labels: ['12', '13'], items: [] });
    await room.log({
      session,
      id: newId(),
      entry: entryOf(line, read, Date.UTC(2026, 10, 25, 9, 30 + index), null),
      proposal: read.proposal && { id: newId(), ...read.proposal },
      mark: read.mark && { id: newId(), ...read.mark },
    });
  }
  return session;
}

it('shows who spoke for and against a paragraph, what was proposed, and where to look; nothing that is to be checked', async () => {
  const session = await logged(['fra 12 support as drafted', 'jpn 12 oppose', '! ken 13 support']);
  const merge = (await amal.client.merging.create({ circle: amal.region, title: 'Common input' })).id;
  const { rows, cells } = await amal.client.merging.positions({ merge, by: 'document' });
  const row = rows.find(({ label }) => label === 'Second reading 12')!;
  const at = (delegation: string) => cells.find((cell) => cell.row === row.key && cell.delegation === delegation);
  expect(at('France')).toMatchObject({
    position: 'support',
    evidence: [{ kind: 'session-note', speaker: 'France', link: { session } }],
  });
  expect(at('Japan')).toMatchObject({ position: 'oppose' });
  expect(rows.some(({ label }) => label.endsWith('13'))).toBe(false);
});
