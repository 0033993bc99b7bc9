/**
 * A process that edits the profile named on its command line as fast as it can and prints each edit once it was
 * reported saved, until it is killed. Edits go as in the program: into the journal, and from there, now and then, into
 * the log. An edit is `<key>:<number>`, numbers ascending for ever; each is journalled under two names at once.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { writeSync } from 'node:fs';
import { openProfile } from '../../electron/services/profile/profile.ts';

const [folder, first] = process.argv.slice(2);
const profile = await openProfile({
  folder: folder!,
  random: (lengthBytes) => new Uint8Array(randomBytes(lengthBytes)),
  now: Date.now,
});
if (profile.identity() === null) await profile.setUp({ name: 'Writer', delegation: 'Land', language: 'en' });
const circle = profile.circles.personal();
let number = Number(first);
// Straight to the pipe: what Node would buffer is lost with the process and would look like an edit never reported.
const print = (line: string): void => void writeSync(1, `${line}\n`);
print('ready');

async function edit(key: string): Promise<void> {
  const value = `${key}:${(number += 1)} ${'word '.repeat(randomInt(60))}`;
  await circle.journal.put([
    { key: `${key} text`, value },
    { key: `${key} copy`, value },
  ]);
  print(`saved ${value.split(' ')[0]!}`);
  if (randomInt(4) > 0) return;
  const hash = await circle.write([{ record: circle.newId(), type: 'annotation', field: 'body', over: [], value }]);
  print(`written ${hash}`);
  await circle.journal.put([
    { key: `${key} text`, value: null },
    { key: `${key} copy`, value: null },
  ]);
  if (randomInt(5) === 0) print(`stored ${await circle.blobs.put(randomBytes(randomInt(20_000)))}`);
}

async function write(key: string): Promise<never> {
  for (;;) await edit(key);
}
await Promise.all(['a', 'b', 'c'].map(write));
