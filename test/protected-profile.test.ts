/** A whole workbench under lock: nothing on the disk in the clear, and the lives of a profile that is moved about. */
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inlineText } from '../shared/drafting/inline.ts';
import type { WorkbenchClient } from '../shared/contract/contract.ts';
import type { CircleId } from '../shared/ids.ts';
import { openWorkbench, type Workbench, type WorkbenchOptions } from '../electron/services/workbench.ts';
import { projectFolder } from './fakes/temp-workbench.ts';

let root: string;
let shared: string;
const open: Workbench[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'workbench-lives-'));
  shared = join(root, 'shared');
  await mkdir(shared);
});
afterEach(async () => {
  for (const workbench of open.splice(0)) await workbench.close();
  await rm(root, { recursive: true, force: true });
});

const passphrase = 'the river is high';
const words = ['moratorium', 'Wanjiru', 'Uganda', 'satellite', 'libraries', 'Sheng'] as const;

interface Desk {
  readonly workbench: Workbench;
  readonly client: WorkbenchClient;
}
async function start(name: string, more: Partial<WorkbenchOptions> = {}): Promise<Desk> {
  const workbench = await openWorkbench({
    profileFolder: join(root, name),
    programFolder: projectFolder,
    shell: 'memory',
    background: false,
    machine: 'here',
    passphraseParameters: { memoryKiB: 64, passes: 1 },
    ...more,
  });
  open.push(workbench);
  return { workbench, client: workbench.client({ namesPaths: true }) };
}
async function stop({ workbench }: Desk): Promise<void> {
  open.splice(open.indexOf(workbench), 1);
  await workbench.close();
}
/** A delegate with a document, a note, a draft, something typed and not yet a change, and a circle in a folder. */
async function work(desk: Desk): Promise<{ circle: CircleId; draft: string; session: string }> {
  const { client, workbench } = desk;
  await client.profile.setUp({ name: 'Amina Wanjiru', delegation: 'Uganda', language: 'en' });
  const bytes = new TextEncoder().encode(
    'Sheng declaration\n\n1. We welcome satellite access.\n\n2. We note the rest.\n',
  );
  const { results } = await client.library.importFiles({ grants: [workbench.grants.forBytes('sheng.txt', bytes)] });
  const document = results[0]!.document!.id;
  const { units } = await client.library.open({ document });
  const unit = units.find(({ text }) => text.includes('satellite'))!;
  const circle = await client.circles.create({ name: 'Libraries', folder: workbench.grants.forPath(shared) });
  await client.annotations.create({
    document,
    circle: circle.id,
    kind: 'note',
    unit: unit.id,
    from: { unit: unit.id, offset: 0 },
    to: { unit: unit.id, offset: 10 },
    body: 'Ask for a moratorium.',
  });
  const made = await client.drafts.create({ title: 'On libraries', template: 'blank', circle: circle.id });
  const { session, blocks } = await client.drafts.open({ draft: made.id });
  const [block] = blocks;
  const content = inlineText('A moratorium on satellite libraries');
  await client.drafts.edit({
    session,
    edits: [{ op: 'setText', block: block!.id, content, heads: block!.heads.text! }],
  });
  return { circle: circle.id, draft: made.id, session };
}
async function leaks(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    for (const word of words)
      for (const encoding of ['utf8', 'utf16le'] as const)
        for (const form of [word, word.toLowerCase()])
          if (bytes.includes(Buffer.from(form, encoding))) found.push(`${path}: ${form}`);
  }
  return found;
}

describe('a workbench under a passphrase', () => {
  it('holds no word of documents, notes, drafts, names, typing or search in any file, and finds them all', async () => {
    const desk = await start('a');
    const { draft, session } = await work(desk);
    const found = async ({ client }: Desk): Promise<unknown> => {
      const hits = await Promise.all(
        ['satellite', 'moratorium'].map((each) => client.search.query({ words: each, limit: 20 })),
      );
      return hits.map(({ hits: all }) => all.map(({ kind, excerpt }) => `${kind}: ${excerpt}`).sort());
    };
    // The guard: in the open profile every word is found, so the search through the files finds what is there.
    const open = await leaks(join(root, 'a'));
    for (const word of words)
      expect(
        open.some((each) => each.toLowerCase().endsWith(word.toLowerCase())),
        word,
      ).toBe(true);
    await desk.client.drafts.commit({ session });
    const before = await found(desk);
    await desk.client.protection.setPassphrase({ current: null, passphrase });
    expect(await desk.client.protection.status({})).toMatchObject({
      locked: false,
      by: 'passphrase',
      hasRecoveryKey: false,
    });
    expect(await found(desk)).toEqual(before);
    expect((await desk.client.drafts.open({ draft: draft as never })).blocks[0]!.content).toEqual(
      inlineText('A moratorium on satellite libraries'),
    );
    expect(await leaks(join(root, 'a'))).toEqual([]);
    expect(await leaks(shared)).toEqual([]);
    await stop(desk);
    expect(await leaks(join(root, 'a'))).toEqual([]);

    const again = await start('a', { secret: { passphrase } });
    expect(await found(again)).toEqual(before);
    await again.client.circles.sync({});
    expect(await leaks(join(root, 'a'))).toEqual([]);
    await again.client.protection.removePassphrase({ current: passphrase });
    expect(await again.client.protection.status({})).toMatchObject({ locked: false, by: 'nothing' });
    expect(await found(again)).toEqual(before);
    expect((await again.client.circles.verify({})).findings).toEqual([]);
  });

  it('opens locked, refuses everything but its lock, and goes on when it is unlocked', async () => {
    const first = await start('a');
    const { draft } = await work(first);
    await first.client.protection.setPassphrase({ current: null, passphrase });
    await stop(first);

    const desk = await start('a');
    const { client } = desk;
    expect(await client.protection.status({})).toMatchObject({ locked: true, by: 'passphrase', hasRecoveryKey: false });
    for (const refused of [client.profile.status({}), client.drafts.list({}), client.protection.lock({})])
      await expect(refused).rejects.toMatchObject({ code: 'profile-locked' });
    await expect(client.protection.unlock({ passphrase: 'the river is low' })).rejects.toMatchObject({
      code: 'passphrase-wrong',
    });
    expect(await client.protection.unlock({ passphrase })).toMatchObject({ locked: false });
    expect((await client.drafts.list({})).drafts.map(({ id }) => id)).toEqual([draft]);
    const { recoveryKey } = await client.protection.makeRecoveryKey({ current: passphrase });
    expect(await client.protection.lock({})).toMatchObject({ locked: true, by: 'passphrase', hasRecoveryKey: true });
    await expect(client.drafts.list({})).rejects.toMatchObject({ code: 'profile-locked' });
    const slip = recoveryKey.replace(/^./, (char) => (char === 'A' ? 'B' : 'A'));
    await expect(client.protection.recover({ recoveryKey: slip, passphrase: 'new' })).rejects.toMatchObject({
      code: 'recovery-key-invalid',
    });
    await client.protection.recover({ recoveryKey, passphrase: 'new words' });
    await client.protection.lock({});
    await expect(client.protection.unlock({ passphrase })).rejects.toMatchObject({ code: 'passphrase-wrong' });
    await client.protection.unlock({ passphrase: 'new words' });
    expect((await client.drafts.list({})).drafts).toHaveLength(1);
    // It is not another device for having been locked.
    expect((await client.profile.status({})).notices).toEqual([]);
  });
});

describe('a locked profile', () => {
  it('says how its page is to look, and nothing else of its settings', async () => {
    let desk = await start('a');
    await work(desk);
    const looks = { theme: 'dark', language: 'fr', textSize: 1.2 } as const;
    await desk.client.profile.changeSettings({ ...looks, askAboveBytes: 12_345 });
    await desk.client.protection.setPassphrase({ current: null, passphrase });
    expect(await desk.client.protection.lock({})).toMatchObject({ locked: true, appearance: looks });
    await stop(desk);
    desk = await start('a');
    expect(await desk.client.protection.status({})).toEqual({
      ...{ locked: true, by: 'passphrase', hasRecoveryKey: false },
      appearance: looks,
    });
    expect(await readFile(join(root, 'a', 'appearance.json'), 'utf8')).not.toContain('12345');
    await desk.client.protection.unlock({ passphrase });
    await desk.client.profile.changeSettings({ theme: 'light' });
    expect(await desk.client.protection.lock({})).toMatchObject({ appearance: { ...looks, theme: 'light' } });
  });
});

describe('a backup', () => {
  /** Everything of `work` is there, in a profile that goes on as another device. */
  async function holdsAll({ client }: Desk, circle: CircleId, draft: string): Promise<void> {
    const view = await client.drafts.open({ draft: draft as never });
    expect(view.blocks[0]!.content).toEqual(inlineText('A moratorium on satellite libraries'));
    expect((await client.search.query({ words: 'satellite', limit: 9 })).hits.length).toBeGreaterThan(1);
    const circles = (await client.circles.list({})).circles;
    expect(circles.map(({ id }) => id)).toContain(circle);
    expect((await client.circles.verify({})).findings).toEqual([]);
  }
  async function backUp({ client }: Desk, path: string, given?: string): Promise<void> {
    const { file } = await client.protection.backup(given === undefined ? {} : { passphrase: given });
    await client.files.writeTo({ file, path });
  }
  async function restore(
    desk: Desk,
    path: string,
    secret: { passphrase?: string; recoveryKey?: string },
  ): Promise<void> {
    const { grant } = await desk.client.files.grantPath({ path });
    await desk.client.protection.restore({ file: grant, ...secret });
  }

  it.each(['plain', 'sealed'] as const)(
    'of a %s profile holds all of it, sealed, and goes on elsewhere as a new device that loses nothing',
    async (kind) => {
      const desk = await start('a');
      const { circle, draft } = await work(desk);
      await desk.client.circles.sync({});
      const path = join(root, 'mine.dwbackup');
      if (kind === 'plain') {
        await expect(desk.client.protection.backup({})).rejects.toMatchObject({ code: 'passphrase-needed' });
        await backUp(desk, path, passphrase);
      } else {
        await desk.client.protection.setPassphrase({ current: null, passphrase });
        await backUp(desk, path);
      }
      const bytes = await readFile(path);
      for (const word of words) expect(bytes.includes(Buffer.from(word))).toBe(false);

      // The first machine goes on after the backup; both must end with everything.
      const after = await desk.client.drafts.create({ title: 'Written after the backup', template: 'blank', circle });
      await desk.client.circles.sync({});
      const other = await start('b', { machine: 'elsewhere' });
      await expect(restore(other, path, {})).rejects.toMatchObject({ code: 'passphrase-needed' });
      await expect(restore(other, path, { passphrase: 'wrong' })).rejects.toMatchObject({ code: 'passphrase-wrong' });
      expect((await other.client.profile.status({})).setUp).toBe(false);
      await restore(other, path, { passphrase });
      expect(await other.client.protection.status({})).toMatchObject({
        by: kind === 'plain' ? 'nothing' : 'passphrase',
      });
      expect((await other.client.profile.status({})).notices.map(({ code }) => code)).toContain('profile-copied');
      await holdsAll(other, circle, draft);
      const theirs = await other.client.drafts.create({
        title: 'Written where it was restored',
        template: 'blank',
        circle,
      });
      await other.client.circles.sync({});
      await desk.client.circles.sync({});
      await other.client.circles.sync({});
      for (const each of [desk, other]) {
        const { drafts } = await each.client.drafts.list({});
        expect(drafts.map(({ id }) => id).sort()).toEqual([draft, after.id, theirs.id].sort());
        const [state] = (await each.client.circles.list({})).circles.filter(({ id }) => id === circle);
        expect(state).toMatchObject({ state: 'in-step', unsentChanges: 0 });
        // One person, whatever device wrote.
        expect(state!.members.map(({ name, me }) => ({ name, me }))).toEqual([{ name: 'Amina Wanjiru', me: true }]);
      }
      if (kind === 'sealed') expect(await leaks(join(root, 'b'))).toEqual([]);
      await expect(restore(other, path, { passphrase })).rejects.toMatchObject({ code: 'profile-not-empty' });
    },
  );

  it('says how far it is, and leaves nothing behind when it is stopped, written or restored', async () => {
    const desk = await start('a');
    const { circle, draft } = await work(desk);
    const path = join(root, 'mine.dwbackup');
    await backUp(desk, path, passphrase);
    const stopAtOnce = () => {
      const abort = new AbortController();
      return { signal: abort.signal, onProgress: () => abort.abort() };
    };
    const shares: number[] = [];
    const watch = { onProgress: ({ done, total }: { done: number; total: number }) => void shares.push(done / total) };
    await desk.client.protection.backup({ passphrase }, watch);
    expect(shares.length).toBeGreaterThan(5);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    const stopped = desk.client.protection.backup({ passphrase }, stopAtOnce());
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });

    const other = await start('b', { machine: 'elsewhere' });
    const before = (await readdir(join(root, 'b'))).sort();
    const { grant } = await other.client.files.grantPath({ path });
    const request = { file: grant, passphrase };
    await expect(other.client.protection.restore(request, stopAtOnce())).rejects.toMatchObject({ code: 'cancelled' });
    // The queue of the lock is passed once what was stopped has cleared up.
    await expect(other.client.protection.makeRecoveryKey({ current: null })).rejects.toMatchObject({
      code: 'invalid-state',
    });
    expect((await readdir(join(root, 'b'))).sort()).toEqual(before);
    shares.length = 0;
    await other.client.protection.restore(request, watch);
    expect(shares.at(-1)).toBe(1);
    await holdsAll(other, circle, draft);
  });

  it('is named when it is cut or damaged anywhere, and harms nothing', async () => {
    const desk = await start('a');
    await work(desk);
    const path = join(root, 'mine.dwbackup');
    await backUp(desk, path, passphrase);
    const whole = await readFile(path);
    const other = await start('b');
    const before = (await readdir(join(root, 'b'))).sort();
    const tryWith = async (bytes: Uint8Array): Promise<string> => {
      const grant = other.workbench.grants.forBytes('mine.dwbackup', bytes);
      return other.client.protection.restore({ file: grant, passphrase }).then(
        () => 'restored',
        (error: { code: string }) => error.code,
      );
    };
    const steps = Math.ceil(whole.length / 18);
    for (let at = 30; at < whole.length; at += steps)
      expect(await tryWith(whole.subarray(0, at)), `cut at ${at}`).toBe('backup-truncated');
    for (let at = 0; at < whole.length; at += steps) {
      const flipped = Buffer.from(whole);
      flipped[at] = flipped[at]! ^ 0x10;
      expect(['backup-damaged', 'backup-truncated', 'not-a-backup', 'passphrase-wrong'], `byte ${at}`).toContain(
        await tryWith(flipped),
      );
    }
    expect(await tryWith(Buffer.concat([whole, whole]))).toBe('backup-damaged');
    expect(await tryWith(new TextEncoder().encode('Dear colleague'))).toBe('not-a-backup');
    expect(await tryWith(Buffer.concat([Buffer.from('delegate-workbench-backup 2\n'), whole.subarray(28)]))).toBe(
      'backup-newer-format',
    );
    expect((await readdir(join(root, 'b'))).sort()).toEqual(before);
    expect((await other.client.profile.status({})).setUp).toBe(false);
    expect(await tryWith(whole)).toBe('restored');
  });
});

describe('a profile that is moved about', () => {
  it('is itself when its folder is renamed, and a new device when it was copied, with nothing lost on either side', async () => {
    const desk = await start('a');
    const { circle, draft } = await work(desk);
    await desk.client.circles.sync({});
    await stop(desk);
    await rename(join(root, 'a'), join(root, 'moved'));
    const moved = await start('moved');
    expect((await moved.client.profile.status({})).notices).toEqual([]);
    await stop(moved);
    await cp(join(root, 'moved'), join(root, 'copy'), { recursive: true });

    const [first, second] = [await start('moved'), await start('copy')];
    expect((await first.client.profile.status({})).notices).toEqual([]);
    expect((await second.client.profile.status({})).notices.map(({ code }) => code)).toContain('profile-copied');
    const written = [draft];
    for (const each of [first, second])
      written.push((await each.client.drafts.create({ title: 'On', template: 'blank', circle })).id);
    for (const each of [first, second, first]) await each.client.circles.sync({});
    for (const each of [first, second]) {
      expect((await each.client.drafts.list({})).drafts.map(({ id }) => id as string).sort()).toEqual(
        [...written].sort(),
      );
      expect((await each.client.circles.verify({})).findings).toEqual([]);
    }
  });

  it('goes on where a restoring was cut short, and forgets one that never was complete', async () => {
    const desk = await start('a');
    const { circle, draft } = await work(desk);
    const { file } = await desk.client.protection.backup({ passphrase });
    const path = join(root, 'mine.dwbackup');
    await desk.client.files.writeTo({ file, path });
    await stop(desk);
    // What a crash right after the last file was laid ready leaves: everything staged, nothing in its place.
    const staged = join(root, 'b', 'restoring');
    await mkdir(staged, { recursive: true });
    const names = (await readdir(join(root, 'a'))).filter(
      (name) => !['cache', 'profile.lock', 'machine.json'].includes(name),
    );
    for (const name of names) await cp(join(root, 'a', name), join(staged, name), { recursive: true });
    await cp(join(root, 'b'), join(root, 'c'), { recursive: true });
    await writeFile(join(staged, 'complete'), JSON.stringify(names));
    // And one of the files had been moved already.
    await rename(join(staged, 'circles'), join(root, 'b', 'circles'));
    const b = await start('b');
    expect((await b.client.drafts.list({})).drafts.map(({ id }) => id as string)).toEqual([draft]);
    expect((await b.client.circles.list({})).circles.map(({ id }) => id)).toContain(circle);
    const c = await start('c');
    expect((await c.client.profile.status({})).setUp).toBe(false);
    expect(await readdir(join(root, 'c'))).not.toContain('restoring');
  });
});

describe('a second device of the same person', () => {
  it('[SY47] takes part in all circles by one code, the personal one too, and is the same person to everybody', async () => {
    const desk = await start('a');
    const { circle, draft } = await work(desk);
    const own = await desk.client.drafts.create({ title: 'Only mine', template: 'blank' });
    const ben = await start('ben');
    await ben.client.profile.setUp({ name: 'Ben', delegation: 'Kenya', language: 'en' });
    const { invitation } = await desk.client.circles.invite({ circle });
    await ben.client.circles.join({ invitation, folder: ben.workbench.grants.forPath(shared) });

    const given = await desk.client.companions.invite({ passphrase });
    expect(given.circles.toSorted()).toEqual(['Libraries', 'Personal']);
    const second = await start('b', { machine: 'elsewhere' });
    const join_ = (more: object): Promise<unknown> => second.client.companions.join({ code: given.compact, ...more });
    await expect(join_({})).rejects.toMatchObject({ code: 'passphrase-needed' });
    await expect(join_({ passphrase: 'wrong' })).rejects.toMatchObject({ code: 'passphrase-wrong' });
    await join_({ passphrase });
    expect(await second.client.profile.status({})).toMatchObject({
      setUp: true,
      name: 'Amina Wanjiru',
      delegation: 'Uganda',
    });
    await expect(join_({ passphrase })).rejects.toMatchObject({ code: 'already-set-up' });

    // The shared circle has its folder; what is only theirs goes by a folder that only their devices know.
    const mine = join(root, 'mine');
    await mkdir(mine);
    const personal = (await desk.client.circles.list({})).circles.find((each) => each.personal)!.id;
    for (const { client, workbench } of [desk, second])
      await client.circles.changeFolder({ circle: personal, folder: workbench.grants.forPath(mine) });
    await second.client.circles.changeFolder({ circle, folder: second.workbench.grants.forPath(shared) });
    const fromSecond = await second.client.drafts.create({ title: 'From the second', template: 'blank', circle });
    const ownSecond = await second.client.drafts.create({ title: 'Only mine, from the second', template: 'blank' });
    for (const each of [desk, second, desk, second, ben]) await each.client.circles.sync({});

    const everything = [draft, own.id, fromSecond.id, ownSecond.id].sort();
    for (const { client } of [desk, second]) {
      expect((await client.drafts.list({})).drafts.map(({ id }) => id as string).sort()).toEqual(everything);
      const all = (await client.circles.list({})).circles;
      for (const each of all) {
        expect(each.state, each.name).toBe('in-step');
        const me = each.members.filter((member) => member.me);
        expect(me).toMatchObject([{ name: 'Amina Wanjiru', devices: 2, administrator: true, confirmed: true }]);
      }
      // Administrators' powers are the person's: the second device invites, and changes what the first one wrote.
      expect(all.find(({ id }) => id === circle)!.mayConfirm).toBe(true);
    }
    const view = await second.client.drafts.open({ draft: draft as never });
    expect(view.blocks[0]!.content).toEqual(inlineText('A moratorium on satellite libraries'));
    const { id, heads } = view.blocks[0]!;
    const content = inlineText('A moratorium, from the second device');
    await second.client.drafts.edit({
      session: view.session,
      edits: [{ op: 'setText', block: id, content, heads: heads.text }],
    });
    await second.client.drafts.commit({ session: view.session });
    for (const each of [second, desk, ben]) await each.client.circles.sync({});
    for (const { client } of [desk, ben]) {
      const [block] = (await client.drafts.open({ draft: draft as never })).blocks;
      expect(block!.content).toEqual(content);
      expect(block!.textConflict).toBeNull();
      expect(block!.author).toMatchObject({ name: 'Amina Wanjiru', delegation: 'Uganda', confirmed: true });
    }
    const seen = (await ben.client.circles.list({})).circles.find(({ id: each }) => each === circle)!;
    expect(seen.members.map(({ name, devices }) => [name, devices]).sort()).toEqual([
      ['Amina Wanjiru', 2],
      ['Ben', 1],
    ]);
    // A third device gets another code; until one has come in the code stays, and asks nothing anew of the circles.
    const next = await desk.client.companions.invite({});
    const again = await desk.client.companions.invite({});
    expect(again.compact).toBe(next.compact);
    for (const each of [desk, second]) expect((await each.client.circles.verify({})).findings).toEqual([]);
  });

  it('[SY47] used on two machines is noticed, and neither loses what it wrote', async () => {
    const desk = await start('a');
    const { circle } = await work(desk);
    const { code } = await desk.client.companions.invite({});
    const devices = [await start('b', { machine: 'b' }), await start('c', { machine: 'c' })];
    const written: string[] = [];
    for (const { client, workbench } of devices) {
      await client.companions.join({ code });
      written.push((await client.drafts.create({ title: 'Written apart', template: 'blank', circle })).id);
      await client.circles.changeFolder({ circle, folder: workbench.grants.forPath(shared) });
    }
    for (const each of [...devices, ...devices, desk]) await each.client.circles.sync({});
    for (const { client } of [desk, ...devices]) {
      const ids = (await client.drafts.list({})).drafts.map(({ id }) => id as string);
      for (const id of written) expect(ids).toContain(id);
    }
    const notices = await Promise.all(devices.map(async ({ client }) => (await client.profile.status({})).notices));
    expect(notices.flat().length).toBeGreaterThan(0);
    // It stands where the device is shown, for as long as it is so.
    const { members } = (await desk.client.circles.list({})).circles.find(({ id }) => id === circle)!;
    const forked = members.flatMap(({ deviceList }) => deviceList.filter((device) => device.forked));
    expect(forked.length).toBeGreaterThan(0);
    expect(forked.every(({ current }) => !current)).toBe(true);
  });

  it('[SY47] comes in nowhere with a code that was withdrawn, where the person is an administrator', async () => {
    const desk = await start('a');
    const { circle } = await work(desk);
    const ben = await start('ben');
    await ben.client.profile.setUp({ name: 'Ben', delegation: 'Kenya', language: 'en' });
    const { invitation } = await desk.client.circles.invite({ circle });
    await ben.client.circles.join({ invitation, folder: ben.workbench.grants.forPath(shared) });
    for (const each of [desk, ben]) await each.client.circles.sync({});

    const { code } = await ben.client.companions.invite({});
    expect(await ben.client.companions.withdraw({})).toEqual({ done: ['Personal'], others: ['Libraries'] });
    // What an administrator of the others is asked to do.
    await desk.client.circles.rotateKey({ circle });
    for (const each of [ben, desk, ben]) await each.client.circles.sync({});
    const second = await start('b', { machine: 'elsewhere' });
    await second.client.companions.join({ code });
    await second.client.circles.changeFolder({ circle, folder: second.workbench.grants.forPath(shared) });
    const title = 'By who found the code';
    await second.client.drafts.create({ title, template: 'blank', circle });
    for (const each of [second, desk, ben]) await each.client.circles.sync({});
    for (const { client } of [desk, ben]) {
      const { drafts } = await client.drafts.list({});
      expect(drafts.map((draft) => draft.title)).not.toContain(title);
    }
    expect((await ben.client.companions.invite({})).code).not.toBe(code);
    expect(await desk.client.companions.withdraw({})).toEqual({ done: [], others: [] });
  });

  it('[SY47] is removed in the circles of an administrator, and nothing of a later key is given to it', async () => {
    const desk = await start('a');
    const { circle } = await work(desk);
    await desk.client.circles.sync({});
    const { code } = await desk.client.companions.invite({});
    expect(await desk.client.companions.withdraw({})).toEqual({ done: ['Personal', 'Libraries'], others: [] });
    await desk.client.drafts.create({ title: 'After the withdrawal', template: 'blank', circle });
    await desk.client.circles.sync({});
    const second = await start('b', { machine: 'elsewhere' });
    await second.client.companions.join({ code });
    await second.client.circles.changeFolder({ circle, folder: second.workbench.grants.forPath(shared) });
    const { drafts } = await second.client.drafts.list({});
    expect(drafts.map(({ title }) => title)).toEqual(['On libraries']);
    const seen = (await second.client.circles.list({})).circles.find(({ id }) => id === circle)!;
    expect(seen.channels[0]).toMatchObject({ state: 'trouble', reason: { code: 'device-removed' } });
  });
});
