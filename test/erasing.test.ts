/** After an erasure no file of any profile holds the words, whatever kept them: logs, journals, caches, the search index. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openProfile } from '../electron/services/profile/profile.ts';
import { versionIdOf } from '../shared/records/change.ts';
import { useDesks, type Desk } from './fakes/desks.ts';
import { setText } from './fakes/drafts-workbench.ts';

const desks = useDesks('workbench-erasing-');
const { sit, stand, found, invite, join: joinCircle, sync } = desks;

/** Files of a profile that hold one of the words. */
async function holding(name: string, words: readonly string[]): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await readdir(join(desks.place.root, name), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const text = (await readFile(join(entry.parentPath, entry.name), 'latin1')).toLowerCase();
    if (words.some((word) => text.includes(word))) names.push(entry.name);
  }
  return names;
}

async function annotate({ client, workbench }: Desk, circle: Awaited<ReturnType<typeof found>>, body: string) {
  const bytes = new TextEncoder().encode('Declaration\n\n1. We affirm that libraries matter to everybody.\n');
  const { results } = await client.library.importFiles({ grants: [workbench.grants.forBytes('text.txt', bytes)] });
  const { units, summary } = await client.library.open({ document: results[0]!.document!.id });
  const document = summary.id;
  return client.annotations.create({ document, circle, kind: 'note', unit: units[0]!.id, from: null, to: null, body });
}

it('[SY90] leaves no word of an erased draft and an erased annotation in any file of any profile', async () => {
  const [ana, ben] = [await sit('ana'), await sit('ben')];
  const circle = await found(ana);
  await joinCircle(ben, await invite(ana, circle));
  const words = ['quetzalcoatlus', 'xylographer', 'zymurgist'];
  const { id: draft } = await ben.client.drafts.create({
    template: 'blank',
    title: `Of the ${words[0]}`,
    circle,
  });
  const opened = await ben.client.drafts.open({ draft });
  const edits = [setText(opened.blocks[0]!, `A ${words[1]} spoke.`)];
  await ben.client.drafts.edit({ session: opened.session, edits });
  await ben.client.drafts.close({ session: opened.session });
  const note = await annotate(ben, circle, `Ask the ${words[2]}.`);
  const kept = await annotate(ben, circle, 'The capybara stays.');
  for (const desk of [ben, ana]) await sync(desk);
  for (const desk of [ana, ben]) {
    expect((await desk.client.search.query({ words: words[1]! })).hits).toHaveLength(1);
  }
  await ben.client.circles.erase({ circle, records: [draft, note.id] });
  for (const desk of [ben, ana, ben]) await sync(desk);
  for (const desk of [ana, ben]) {
    // An answer comes after what waited before it.
    expect((await desk.client.search.query({ words: words[1]! })).hits).toEqual([]);
    expect((await desk.client.search.query({ words: 'capybara' })).hits).toHaveLength(1);
    await stand(desk);
    expect(await holding(desk.name, words)).toEqual([]);
    expect(await holding(desk.name, ['capybara'])).not.toEqual([]);
  }
  expect(kept.body).toContain('capybara');
}, 60_000);

it('[SY90] changes are read as they are while the log is written anew without a value', async () => {
  const ana = await sit('ana');
  const id = await found(ana);
  await stand(ana);
  const profile = await openProfile({
    folder: join(desks.place.root, 'ana'),
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    now: Date.now,
    machine: 'test',
  });
  try {
    const circle = profile.circles.get(id);
    const draft = circle.newId();
    const set = (field: string, value: string) =>
      circle.write([{ record: draft, type: 'draft', field, over: [], value }]);
    const first = await set('title', 'Long ago '.repeat(200));
    const last = await set('language', 'en');
    const targets = [versionIdOf(first, 0)];
    const order = { record: circle.newId(), type: 'erasure', field: 'targets', over: [], value: targets };
    let isDone = false;
    const writing = circle.write([order]).finally(() => (isDone = true));
    while (!isDone) expect((await circle.readChange(last)).values).toMatchObject([{ value: 'en' }]);
    await writing;
    expect((await circle.readChange(first)).values).toEqual([null]);
  } finally {
    await profile.close();
  }
});
