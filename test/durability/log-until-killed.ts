/**
 * A process that logs lines into the session of the profile on its command line as fast as they are typed, and prints each
 * line once it was reported saved, until it is killed. Before the first line it prints `session <id>`.
 */
import { randomInt, randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openWorkbench } from '../../electron/services/workbench.ts';
import { base32, type RecordId } from '../../shared/ids.ts';

const [folder, first] = process.argv.slice(2);
const workbench = await openWorkbench({
  profileFolder: folder!,
  programFolder: fileURLToPath(new URL('../..', import.meta.url)),
  shell: 'memory',
  background: false,
});
const client = workbench.client();
if (!(await client.profile.status({})).setUp) {
  await client.profile.setUp({ name: 'Writer', delegation: 'Land', language: 'en' });
}
// Straight to the pipe: what Node would buffer is lost with the process and would look like a line never reported.
const print = (line: string): void => void writeSync(1, `${line}\n`);
const known = (await client.room.list({})).sessions[0];
const session = known?.id ?? (await client.room.create({ title: 'Killed', timeZone: 'UTC' })).id;
const { idPrefix } = await client.room.open({ session });
print(`session ${session}`);

let number = Number(first);
const newId = (): RecordId => `${idPrefix}.${base32(randomBytes(7)).slice(0, 10)}` as RecordId;

async function log(): Promise<void> {
  number += 1;
  const note = `line ${number} ${'word '.repeat(randomInt(60))}`.trim();
  const amends = number % 5 === 0;
  await client.room.log({
    session,
    id: newId(),
    entry: {
      at: Date.now(),
      line: note,
      speaker: { id: 'FRA', typed: 'fr' },
      capacity: 'national',
      behalf: [],
      item: null,
      document: null,
      label: '11',
      position: amends ? 'amend' : 'support',
      towards: '',
      quotes: [],
      note,
      toCheck: false,
      promise: null,
      spokenMs: null,
    },
    proposal: amends ? { id: newId(), kind: 'MOD', text: note } : null,
  });
  print(`saved ${note}`);
}

async function write(): Promise<never> {
  for (;;) await log();
}
await Promise.all([write(), write(), write()]);
