import { spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFaults } from '../../../test/fakes/faulty-file-system.ts';
import { createEventHub, createMemoryPorts, connectClient, servePort } from '../../../shared/contract/rpc.ts';
import type { Services } from '../../../shared/contract/contract.ts';
import type { ProfileStatus } from '../../../shared/contract/profile.ts';
import { findProfileProcess, lockProfile } from '../storage/profile-lock.ts';
import { connectProfileSocket, profileSocketPath, serveProfileSocket } from '../storage/profile-socket.ts';
import { openProfile, type Profile, type ProfileOptions } from './profile.ts';
import { createProfileService } from './profile-service.ts';

let root: string;
const open: Profile[] = [];
const children: ChildProcess[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'workbench-profile-'));
});
afterEach(async () => {
  for (const profile of open.splice(0)) await profile.close();
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(root, { recursive: true });
});

async function start(name: string, more: Partial<ProfileOptions> = {}): Promise<Profile> {
  const profile = await openProfile({
    folder: join(root, name),
    random: (lengthBytes) => new Uint8Array(randomBytes(lengthBytes)),
    now: () => 1_700_000_000_000,
    ...more,
  });
  open.push(profile);
  return profile;
}
async function setUp(name: string, more: Partial<ProfileOptions> = {}): Promise<Profile> {
  const profile = await start(name, more);
  await profile.setUp({ name: 'Amina', delegation: 'Kenya', language: 'en' });
  return profile;
}
const codes = (profile: Profile): string[] => profile.notices().map((notice) => notice.code);

describe('a profile', () => {
  it('is begun, set up, closed and found again', async () => {
    const profile = await start('a');
    expect(profile.identity()).toBeNull();
    expect(() => profile.circles.personal()).toThrow(/not set up/);
    await expect(profile.change({ name: 'X' })).rejects.toMatchObject({ code: 'not-set-up' });
    await profile.setUp({ name: 'Amina', delegation: 'Kenya', language: 'fr' });
    const { id, replica } = profile.circles.personal();
    await expect(profile.setUp({ name: 'B', delegation: '', language: 'en' })).rejects.toMatchObject({
      code: 'already-set-up',
    });
    await profile.close();
    await profile.close();
    const again = await start('a');
    expect(again.identity()).toEqual({ name: 'Amina', delegation: 'Kenya', language: 'fr', sampleLoaded: false });
    expect(again.circles.personal()).toMatchObject({ id, replica });
    expect(again.notices()).toEqual([]);
    expect(await again.verify()).toMatchObject({ logs: 1, findings: [] });
  });

  it('leaves no file open and no temporary file behind', async () => {
    const handles = async (): Promise<number> => (await readdir('/proc/self/fd')).length;
    const counts = process.platform === 'linux';
    const before = counts ? await handles() : 0;
    const faults = createFaults();
    const profiles = [await setUp('a', faults), await setUp('b', faults)];
    await profiles[0]!.circles.create({ name: 'Region' });
    await profiles[0]!.originals.put(Uint8Array.of(1));
    for (const profile of profiles) await profile.close();
    expect(faults.openFiles()).toBe(0);
    if (counts) expect(await handles()).toBe(before);
    expect((await readdir(join(root, 'a'))).sort()).toEqual([
      'circles',
      'machine.json',
      'originals',
      'profile.json',
      'profile.lock',
      'secrets.json',
    ]);
  });

  it('is not opened at all when it is of a newer version, and lets go of the lock', async () => {
    await (await setUp('a')).close();
    const path = join(root, 'a', 'profile.json');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('"format": 1', '"format": 2'));
    await expect(start('a')).rejects.toMatchObject({ code: 'profile-from-newer-version' });
    await writeFile(path, text.slice(0, -5));
    await expect(start('a')).rejects.toMatchObject({ code: 'storage-damaged' });
    await writeFile(path, text);
    await start('a');
  });

  it('survives a full disk at every call of being set up', async () => {
    let at = 0;
    for (; at < 200; at += 1) {
      const faults = createFaults();
      const profile = await start(`p${at}`, faults);
      const before = faults.calls();
      faults.failAt(at, 'ENOSPC', at % 2 === 0);
      const failed = await profile.setUp({ name: 'Amina', delegation: 'Kenya', language: 'en' }).then(
        () => false,
        (error: { code: string }) => error.code,
      );
      const reached = faults.calls() - before > at;
      faults.heal();
      if (failed !== false) {
        expect(failed).toBe('disk-full');
        if (profile.identity() === null) await profile.setUp({ name: 'Amina', delegation: 'Kenya', language: 'en' });
      }
      await profile.close();
      const again = await start(`p${at}`);
      const mine = again.circles.personal();
      expect(mine.authorOf(mine.replica), `call ${at}`).toMatchObject({ name: 'Amina', confirmed: true });
      expect(again.circles.all()).toHaveLength(1);
      expect((await again.verify()).findings).toEqual([]);
      await again.close();
      expect(faults.openFiles()).toBe(0);
      if (!reached) break;
    }
    expect(at).toBeGreaterThan(20);
    expect(at).toBeLessThan(200);
  });
});

describe('where a profile was', () => {
  it('is not minded when its folder is renamed', async () => {
    const { replica } = (await setUp('a')).circles.personal();
    await open.pop()!.close();
    await rename(join(root, 'a'), join(root, 'b'));
    const moved = await start('b');
    expect(moved.circles.personal().replica).toBe(replica);
    expect(codes(moved)).toEqual([]);
  });

  it('is recognised as another place after copying, once', async () => {
    const { replica } = (await setUp('a')).circles.personal();
    await open.pop()!.close();
    await cp(join(root, 'a'), join(root, 'b'), { recursive: true });
    const copy = await start('b');
    const { replica: fresh } = copy.circles.personal();
    expect(fresh).not.toBe(replica);
    expect(codes(copy)).toEqual(['profile-copied']);
    await copy.close();
    const again = await start('b');
    expect(again.circles.personal().replica).toBe(fresh);
    expect(codes(again)).toEqual([]);
    expect((await start('a')).circles.personal().replica).toBe(replica);
  });

  it('is recognised as another machine', async () => {
    await (await setUp('a', { machine: 'one' })).close();
    const other = await start('a', { machine: 'two' });
    expect(codes(other)).toEqual(['profile-copied']);
  });

  it('is recognised when a log was put back from a backup', async () => {
    const profile = await setUp('a');
    const log = join(root, 'a', 'circles', profile.circles.personal().id, 'changes.log');
    await profile.close();
    await cp(log, `${log}.backup`);
    const later = await start('a');
    await later.change({ name: 'Later' });
    await later.close();
    await rename(`${log}.backup`, log);
    const restored = await start('a');
    expect(codes(restored)).toEqual(['profile-copied']);
  });

  it('tells of a torn tail, which verify would have found', async () => {
    const profile = await setUp('a');
    const log = join(root, 'a', 'circles', profile.circles.personal().id, 'changes.log');
    await profile.close();
    const bytes = await readFile(log);
    await writeFile(log, Buffer.concat([bytes, bytes.subarray(60, 90)]));
    const again = await start('a');
    expect(codes(again)).toEqual(['frame-damaged']);
    // The file is whole again since opening; what was found there is said all the same.
    const found = (await again.verify()).findings;
    expect(found).toMatchObject([{ file: log, code: 'frame-damaged' }, { code: 'moved-aside' }]);
    bytes[100]! ^= 1;
    await writeFile(log, bytes);
    const places = (await again.verify()).findings.map((finding) => finding.place);
    expect(new Set(places).size).toBe(3);
  });
});

describe('one process writes a profile', () => {
  const program = fileURLToPath(new URL('../../../test/durability/hold-profile.ts', import.meta.url));
  async function hold(folder: string): Promise<ChildProcess> {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    await new Promise<void>((done, fail) => {
      child.stdout!.once('data', () => done());
      child.once('exit', (code) => fail(new Error(`ended with ${code}`)));
    });
    return child;
  }

  it('refuses a second opening in the same process and in another, and says who has it and where', async () => {
    const folder = join(root, 'a');
    const child = await hold(folder);
    const address = profileSocketPath(folder);
    const error: unknown = await start('a').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'profile-in-use', data: { pid: child.pid, address } });
    const port = await connectProfileSocket(address);
    const answer = new Promise<string>((done) => port.onMessage(done));
    const large = 'ü'.repeat(300_000);
    port.send(large);
    expect(await answer).toBe(`echo ${large}`);
    const closed = new Promise<void>((done) => port.onClose(done));
    child.kill('SIGKILL');
    await closed;

    const taken = await start('a');
    await expect(start('a')).rejects.toMatchObject({ code: 'profile-in-use' });
    await expect(connectProfileSocket(address)).rejects.toMatchObject({ code: 'connection-closed' });
    await taken.announce('elsewhere');
    expect(await findProfileProcess(folder)).toEqual({ pid: process.pid, address: 'elsewhere' });
    await taken.close();
    expect(await findProfileProcess(folder)).toBeNull();
  });

  it('lets exactly one of many take it', async () => {
    const locks = await Promise.allSettled(Array.from({ length: 20 }, () => lockProfile(root)));
    const taken = locks.filter((lock) => lock.status === 'fulfilled');
    expect(taken).toHaveLength(1);
    await taken[0]!.value.release();
    await (await lockProfile(root)).release();
  });
});

describe('the socket of a profile', () => {
  it('carries the contract to several clients and takes over a path left behind', async () => {
    const profile = await setUp('a');
    const events = createEventHub();
    const service = createProfileService({
      profile,
      events,
      version: '1',
      shell: 'memory',
      loadSample: async () => ({ documents: 0, drafts: 0 }),
    });
    const path = profileSocketPath(profile.folder);
    await writeFile(path, '');
    const socket = await serveProfileSocket(path, (port) => {
      servePort(port, { profile: service } as unknown as Services);
      events.add(port);
    });
    const clients = [connectClient(await connectProfileSocket(path)), connectClient(await connectProfileSocket(path))];
    const seen = new Promise<ProfileStatus>((done) => void clients[1]!.profile.on('statusChanged', done));
    expect(await clients[0]!.profile.rename({ name: 'Zoë', delegation: 'Kenya' })).toMatchObject({ name: 'Zoë' });
    expect(await seen).toMatchObject({ name: 'Zoë' });
    const closed = Promise.all(clients.map((client) => new Promise<void>((done) => client.onClosed(done))));
    await socket.close();
    await closed;
    service.dispose();
  });

  it('ends a connection that does not speak the contract, and goes on', async () => {
    const profile = await setUp('a');
    const events = createEventHub();
    const loadSample = async () => ({ documents: 0, drafts: 0 });
    const service = createProfileService({ profile, events, version: '1', shell: 'memory', loadSample });
    const path = profileSocketPath(profile.folder);
    const socket = await serveProfileSocket(path, (port) =>
      servePort(port, { profile: service } as unknown as Services),
    );
    for (const nonsense of ['GET / HTTP/1.1', '7', 'null', '{"c":']) {
      const port = await connectProfileSocket(path);
      const closed = new Promise<void>((done) => port.onClose(done));
      port.send(nonsense);
      await closed;
    }
    const client = connectClient(await connectProfileSocket(path));
    expect(await client.profile.status({})).toMatchObject({ name: 'Amina' });
    client.close();
    await socket.close();
    service.dispose();
  });

  it('lies elsewhere when the folder has a long name', async () => {
    const long = join(root, 'x'.repeat(120));
    const path = profileSocketPath(long, 'linux');
    expect(Buffer.byteLength(path)).toBeLessThan(104);
    expect(profileSocketPath(long, 'win32')).toMatch(/^\\\\\.\\pipe\\delegate-workbench-[0-9a-f]{32}$/);
    const socket = await serveProfileSocket(path, (port) => port.send('hello'));
    const port = await connectProfileSocket(path);
    expect(await new Promise((done) => port.onMessage(done))).toBe('hello');
    port.close();
    await socket.close();
  });
});

describe('the profile service', () => {
  it('sets up, renames, keeps settings, loads the sample, and announces each', async () => {
    const profile = await start('a');
    const [near, far] = createMemoryPorts();
    const events = createEventHub();
    events.add(near);
    let loads = 0;
    const loadSample = async (): Promise<{ documents: number; drafts: number }> => {
      loads += 1;
      return { documents: 3, drafts: 1 };
    };
    const service = createProfileService({ profile, events, version: '0.1.0', shell: 'memory', loadSample });
    servePort(near, { profile: service } as unknown as Services);
    const client = connectClient(far);
    const seen: string[] = [];
    client.profile.on('statusChanged', (status) => seen.push(`${status.name} ${status.sampleLoaded}`));
    client.profile.on('settingsChanged', (settings) => seen.push(settings.theme));

    expect(await client.profile.status({})).toMatchObject({ setUp: false, name: '', dataFolder: profile.folder });
    await client.profile.setUp({ name: ' Amina ', delegation: 'Kenya', language: 'fr' });
    await expect(client.profile.setUp({ name: 'B', delegation: '', language: 'en' })).rejects.toMatchObject({
      code: 'already-set-up',
    });
    await client.profile.changeSettings({ theme: 'dark' });
    await client.profile.rename({ name: 'Amina N.', delegation: 'Uganda' });
    expect(await client.profile.loadSample({})).toEqual({ documents: 3, drafts: 1 });
    expect(loads).toBe(1);
    expect(await client.profile.settings({})).toMatchObject({ theme: 'dark', language: 'fr' });
    expect(seen).toEqual(['system', 'Amina false', 'dark', 'Amina N. false', 'Amina N. true']);
    const mine = profile.circles.personal();
    expect(mine.authorOf(mine.replica)).toMatchObject({ name: 'Amina N.', delegation: 'Uganda', confirmed: true });
    service.dispose();
    client.close();
  });

  it('announces what is found while the profile is open', async () => {
    const profile = await setUp('a');
    const bytes = Uint8Array.of(1, 2, 3);
    const hash = createHash('sha256').update(bytes).digest('hex');
    await profile.originals.put(bytes);
    await writeFile(join(root, 'a', 'originals', hash.slice(0, 2), hash), 'damaged');
    await profile.originals.get(hash);
    expect(codes(profile)).toEqual(['content-damaged']);
  });
});
