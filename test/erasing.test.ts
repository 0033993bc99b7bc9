/** After an erasure no file of any profile holds the words, whatever kept them: logs, journals, caches, the search index. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCircles } from '../electron/services/circles/open-circles.ts';
import type { OpenedCircle } from '../electron/services/circles/open-circle.ts';
import { createExchange } from '../electron/services/exchange/exchange.ts';
import { openProfile } from '../electron/services/profile/profile.ts';
import { createOriginals } from '../electron/services/storage/originals.ts';
import { openSecretFile } from '../electron/services/storage/secret-store.ts';
import { versionIdOf } from '../shared/records/change.ts';
import { useDesks, type Desk } from './fakes/desks.ts';
import { setText } from './fakes/drafts-workbench.ts';
import { createParty, writeNote } from './fakes/exchange-party.ts';
import { createFaults } from './fakes/faulty-file-system.ts';
import { createMemoryRemoteStore } from './fakes/memory-remote-store.ts';

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

it('[SY90] removes what stands unreadable beside log and journal, which a check had listed', async () => {
  let ana = await sit('ana');
  const circle = await found(ana);
  const note = await annotate(ana, circle, 'Ask the zymurgist.');
  await stand(ana);
  const folder = join(desks.place.root, 'ana', 'circles', circle);
  for (const name of [
    'changes.log.torn-20260101T000000',
    'changes.log.damaged-20260101T000000',
    'journal.log.left-1',
  ]) {
    await writeFile(join(folder, name), 'half of a zymurgist');
  }
  ana = await sit('ana');
  const { findings } = await ana.client.circles.verify({});
  expect(findings.map(({ code }) => code)).toEqual(['moved-aside', 'moved-aside', 'moved-aside']);
  await ana.client.circles.erase({ circle, records: [note.id] });
  await stand(ana);
  expect(await holding('ana', ['zymurgist'])).toEqual([]);
  expect((await readdir(folder)).sort()).toEqual(['changes.log', 'circle.json', 'journal.log']);
});

describe('a full disk', () => {
  const party = useParty();

  it('[SY90] is the reason, in words, why something ordered to be erased is still there, until there is room', async () => {
    const { circle, faults } = await party.onFaultyDisk();
    const body = (value: string) => [{ record: circle.newId(), type: 'annotation', field: 'body', over: [], value }];
    const target = versionIdOf(await circle.write(body('Ask the zymurgist.')), 0);
    const order = () => [{ record: circle.newId(), type: 'erasure', field: 'targets', over: [], value: [target] }];
    expect(circle.erasingTrouble()).toBeNull();
    // The order itself still goes onto the disk; writing the log anew does not.
    for (let at = 0; circle.erasingTrouble() === null; at += 1) {
      expect(at).toBeLessThan(20);
      faults.failAt(at, 'ENOSPC', true);
      await circle.write(order()).catch(() => undefined);
      faults.heal();
    }
    expect(circle.erasingTrouble()).toMatchObject({ code: 'disk-full' });
    expect(circle.fold.erasable()).toEqual([target]);
    await circle.write(body('There is room again.'));
    expect(circle.erasingTrouble()).toBeNull();
    expect(circle.fold.erasable()).toEqual([]);
  });

  it('[SY58] is told where it stops an exchange, and what did not fit comes with the next one', async () => {
    const { circle, faults, founder, store } = await party.onFaultyDisk();
    await writeNote(founder, 'Of access for everybody');
    await founder.exchange.run();
    const state = { load: async () => null, save: async () => undefined };
    const exchange = createExchange({ circle, store, ...party.party().engine, state, clock: Date.now });
    faults.failAt(0, 'ENOSPC', true);
    expect(await exchange.run()).toMatchObject({ state: 'trouble', received: 0, error: { code: 'disk-full' } });
    expect((await exchange.status()).error).toMatchObject({ code: 'disk-full' });
    faults.heal();
    expect(await exchange.run()).toMatchObject({ state: 'in-step', error: null });
    expect(circle.fold.recordsOfType('draft')).toHaveLength(1);
  });
});

/** A circle with a founder, and a member of it on a disk that can be full. */
function useParty() {
  let party: Awaited<ReturnType<typeof createParty>>;
  const close: (() => Promise<void>)[] = [];
  beforeEach(async () => {
    party = await createParty();
  });
  afterEach(async () => {
    for (const each of close.splice(0)) await each();
    await party.dispose();
  });
  return {
    party: () => party,
    async onFaultyDisk() {
      const store = createMemoryRemoteStore();
      const founder = await party.add('founder', store);
      const faults = createFaults();
      const folder = join(desks.place.root, 'faulty');
      await mkdir(folder);
      const circles = await openCircles({
        folder: join(folder, 'circles'),
        secrets: await openSecretFile(join(folder, 'secrets.json')),
        blobs: createOriginals(join(folder, 'originals')),
        identity: () => ({ name: 'Bob', delegation: 'Fiji', language: 'en' }),
        random: (length) => new Uint8Array(randomBytes(length)),
        now: Date.now,
        fileSystem: faults.fileSystem,
      });
      close.push(async () => {
        faults.heal();
        await circles.close();
      });
      const { id, fold, replica, keys, name } = founder.circle;
      const access = { circle: id, name: name(), founder: fold.founder() ?? replica, ...keys.current() };
      const circle: OpenedCircle = await circles.join(access);
      return { circle, faults, founder, store };
    },
  };
}
