/** Hubs as processes: ended hard and gently, two on one PostgreSQL, backed up and restored from the command line. */
import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseCommandLine } from '../../hub/cli/arguments.ts';
import { BackupError, restoreBackup } from '../../hub/cli/backup.ts';
import { runCommand } from '../../hub/cli/run-command.ts';
import { openPgliteDatabase } from '../../hub/database/pglite-database.ts';
import { openStorage } from '../../hub/storage/open-storage.ts';
import { watchHub } from '../../electron/services/exchange/hub-news.ts';
import { foundTestCircle, newTestDevice, random, type TestDevice } from '../fakes/hub-device.ts';
import { newHubFolder } from '../servers/hub-data.ts';
import { startHubProcess, type HubProcess } from '../servers/hub-process.ts';
import { findPostgresql, startPostgresql, type PostgresqlServer } from '../servers/postgresql.ts';

// Each test starts several processes, which on a busy machine takes long before anything is tested.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const run = promisify(execFile);
const program = fileURLToPath(new URL('../../hub/cli/hub.ts', import.meta.url));
const binaries = await findPostgresql();
const cleanUp: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const act of cleanUp.reverse()) await act();
});

/** Runs a command; a failure gives its exit code and what it said. */
async function command(...args: readonly string[]): Promise<{ code: number; text: string }> {
  try {
    const { stdout } = await run(process.execPath, [program, ...args]);
    return { code: 0, text: stdout };
  } catch (error) {
    const { code, stderr } = error as { code: number; stderr: string };
    return { code, text: stderr };
  }
}

/** Hints of a news socket, one after the other. */
function hints(device: TestDevice, url: string, token = '') {
  const { session } = device.on(url, token);
  const clock = {
    after(delayMs: number, act: () => void) {
      const timer = setTimeout(act, delayMs);
      return () => clearTimeout(timer);
    },
  };
  let waiting: (() => void) | null = null;
  let count = 0;
  const watch = watchHub({
    ...{ session, circle: device.circle, clock, chance: () => 0 },
    onHint() {
      count += 1;
      waiting?.();
    },
  });
  return {
    watch,
    /** Resolves when there have been so many. */
    async reached(wanted: number): Promise<void> {
      while (count < wanted) await new Promise<void>((resolve) => (waiting = resolve));
    },
    count: () => count,
  };
}

/** Puts segments and heads until a put fails; returns what was acknowledged. */
async function putUntilKilled(
  device: TestDevice,
  { url, code }: { readonly url: string; readonly code: string },
  onPut: (count: number) => void,
): Promise<string[]> {
  const { store } = device.on(url, code);
  const acknowledged: string[] = [];
  for (let seq = 1; ; seq += 1) {
    // Large ones too: those are kept in files or parts.
    const body = random(seq % 5 === 0 ? 100_000 : 300);
    for (const object of [device.segment(seq, seq, body), device.head(seq)]) {
      try {
        await store.putIfAbsent(object.name, object.bytes);
      } catch {
        // Killed in the middle of it.
        return acknowledged;
      }
      acknowledged.push(object.name);
      onPut(acknowledged.length);
    }
  }
}

async function killInTheMiddle(hub: HubProcess, code = ''): Promise<void> {
  const { founder } = foundTestCircle();
  const acknowledged = await putUntilKilled(founder, { url: hub.url, code }, (count) => {
    if (count === 25) void hub.stop('SIGKILL');
  });
  await hub.stop('SIGKILL');
  await hub.start();
  const { store } = founder.on(hub.url);
  const listed = [...(await store.list('segments/')), ...(await store.list('heads/'))].map(({ name }) => name);
  expect(acknowledged.length).toBeGreaterThanOrEqual(25);
  expect(acknowledged.filter((name) => !listed.includes(name))).toEqual([]);
  // What stands there is whole, acknowledged or not.
  for (const name of listed) expect(await store.get(name)).not.toBeNull();
}

describe('the embedded hub', () => {
  // One for all, in this order: it starts empty, and each start of an embedded database takes seconds.
  let hub: Awaited<ReturnType<typeof startHubProcess>>;
  let target: string;
  beforeAll(async () => {
    target = await newHubFolder();
    cleanUp.push(() => rm(target, { recursive: true }));
    hub = await startHubProcess({ args: [] });
    cleanUp.push(() => hub.dispose());
  });
  const foundingCode = async (): Promise<string> =>
    (await command('invite', '--data', hub.folder!)).text.split('\n')[0]!;

  it('[HB50][HB51][HB52] is backed up into one file while it runs, and comes back whole or not at all', async () => {
    const file = join(tmpdir(), `workbench-hub-backup-${process.pid}`);
    cleanUp.push(() => rm(file, { force: true }));
    const { circle, founder } = foundTestCircle();
    expect(hub.said()).toContain(`Address:        ${hub.url}`);
    const code = /Founding code: {2}([A-Z2-7-]+)/.exec(hub.said())![1]!;
    const { store, session } = founder.on(hub.url, code);
    const objects = [founder.segment(1, 1, random(300)), founder.segment(2, 2, random(100_000)), founder.head(2)];
    for (const { name, bytes } of objects) await store.putIfAbsent(name, bytes);
    const token = String((await session.send({ method: 'POST', path: '/invitations', json: {} })).json['token']);
    const gone = newTestDevice(circle);
    await session.send({ method: 'PUT', path: `/devices/${gone.replica}`, json: {} });
    await session.send({ method: 'DELETE', path: `/devices/${gone.replica}` });
    expect(await command('backup', '--data', hub.folder!, '--out', file)).toMatchObject({ code: 0 });

    const storage = await openStorage({ folder: target });
    const whole = await readFile(file);
    const bad = `${file}-bad`;
    cleanUp.push(() => rm(bad, { force: true }));
    const flipped = Uint8Array.from(whole);
    flipped[Math.floor(whole.length / 2)]! ^= 1;
    const cut = [whole.subarray(0, -10), whole.subarray(0, 60_000)];
    for (const bytes of [...cut, flipped, Buffer.from('hello'), Buffer.alloc(0)]) {
      await writeFile(bad, bytes);
      await expect(restoreBackup(storage, bad)).rejects.toThrow(BackupError);
      expect(await storage.circles.circles()).toEqual([]);
    }
    expect(await restoreBackup(storage, file)).toMatchObject({ circles: 1, objects: 3 });
    await expect(restoreBackup(storage, file)).rejects.toThrow('holds 1 circles already');

    for (const { name, bytes } of objects) {
      const part = await storage.objects.read(circle.id, name, 0, bytes.length + 1);
      expect(Buffer.compare(part!.bytes, bytes)).toBe(0);
    }
    const total = objects.reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(await storage.circles.circle(circle.id)).toMatchObject({ root: circle.root, bytes: total, objects: 3 });
    expect(await storage.devices.device(circle.id, gone.replica)).toMatchObject({ removedBy: founder.replica });
    // The founding code, used, and the invitation.
    expect(await storage.archive.invitations()).toHaveLength(2);
    expect(token).toHaveLength(20);

    const prune = (...args: readonly string[]) => runCommand(parseCommandLine(['prune', ...args]), storage, '1');
    expect((await prune('--circle', circle.id)).join('\n')).toContain('Would drop');
    expect(await storage.circles.circle(circle.id)).not.toBeNull();
    await prune('--circle', circle.id, '--yes');
    expect(await storage.circles.circle(circle.id)).toBeNull();
    await storage.close();
  });

  it('[HB57] leaves a database of a newer release alone', async () => {
    const database = await openPgliteDatabase(join(target, 'database'));
    await database.query(`UPDATE settings SET value = '999' WHERE key = 'schema'`);
    await database.close();
    await expect(openStorage({ folder: target })).rejects.toThrow('newer version');
  });

  it('[HB55] does commands on its data while it runs', async () => {
    const code = await foundingCode();
    const { founder, circle } = foundTestCircle();
    await founder
      .on(hub.url, code)
      .store.putIfAbsent(founder.head(1).name, new Uint8Array())
      .catch(() => undefined);
    const data = ['--data', hub.folder!];
    expect((await command('circles', ...data)).text).toContain(`${circle.id}  0 objects`);
    const { text } = await command('invite', '--circle', circle.id, ...data);
    expect(text).toContain(`Admits one device to ${circle.id} as member`);
    const partner = newTestDevice(circle).on(hub.url, text.split('\n')[0]!);
    expect(await partner.store.list('heads/')).toEqual([]);
    expect((await command('serve', '--port', '0', ...data)).text).toContain('running');
    expect(await command('invite', '--data', join(tmpdir(), 'no-hub-here'))).toMatchObject({ code: 1 });
    expect(await command('dance')).toMatchObject({ code: 2 });
    expect(await command('backup', ...data)).toMatchObject({ code: 2 });
    expect(await command('invite', '--circle', 'x', ...data)).toMatchObject({ code: 1 });
  });

  it('[HB54] ends gently when it is told to: sockets are told, and the exit code is 0', async () => {
    const code = await foundingCode();
    const { founder } = foundTestCircle();
    const listening = hints(founder, hub.url, code);
    await founder.on(hub.url, code).store.list('heads/');
    listening.watch.refresh();
    await listening.reached(1);
    expect(listening.watch.isLive()).toBe(true);
    expect(await hub.stop('SIGTERM')).toBe(0);
    await hub.start();
    // The socket comes back by itself, and tells to look.
    await listening.reached(2);
    listening.watch.dispose();
  });

  it('[HB20] loses nothing acknowledged when it is killed in the middle of puts', async () =>
    killInTheMiddle(hub, await foundingCode()));
});

describe.skipIf(binaries === null)('two hubs on one PostgreSQL', () => {
  let server: PostgresqlServer;
  let hubs: readonly [HubProcess, HubProcess];
  beforeAll(async () => {
    server = await startPostgresql(binaries!);
    cleanUp.push(() => server.dispose());
    const database = await server.createDatabase();
    hubs = [await startHubProcess({ database }), await startHubProcess({ database })];
    for (const hub of hubs) cleanUp.push(() => hub.dispose());
  });

  it('[HB33] are one hub: objects, news, invitations and removals', async () => {
    const { circle, founder } = foundTestCircle();
    const [one, two] = hubs;
    const atOne = founder.on(one.url);
    await atOne.store.list('heads/');
    const token = String((await atOne.session.send({ method: 'POST', path: '/invitations', json: {} })).json['token']);
    const device = newTestDevice(circle);
    const atTwo = device.on(two.url, token);
    expect(await atTwo.store.list('heads/')).toEqual([]);
    const listening = hints(device, two.url);
    await listening.reached(1);
    const head = founder.head(1);
    await atOne.store.putIfAbsent(head.name, head.bytes);
    await listening.reached(2);
    expect(await atTwo.store.get(head.name)).toEqual(head.bytes);
    const late = newTestDevice(circle).on(one.url, token);
    await expect(late.store.list('heads/')).rejects.toEqual(expect.objectContaining({ code: 'hub-invitation-used' }));
    await atOne.session.send({ method: 'DELETE', path: `/devices/${device.replica}` });
    await listening.reached(3);
    expect(listening.watch.isLive()).toBe(false);
    await expect(atTwo.store.list('heads/')).rejects.toEqual(expect.objectContaining({ code: 'hub-device-removed' }));
    listening.watch.dispose();
  });

  it('[HB20] lose nothing acknowledged when one is killed in the middle of puts', () => killInTheMiddle(hubs[0]));

  it('[HB31] tell their sockets to look when the database was away, and go on by themselves', async () => {
    const { circle, founder } = foundTestCircle();
    const [one, two] = hubs;
    const { store, session } = founder.on(one.url);
    await store.list('heads/');
    const token = String((await session.send({ method: 'POST', path: '/invitations', json: {} })).json['token']);
    const device = newTestDevice(circle);
    await device.on(two.url, token).store.list('heads/');
    const listening = hints(device, two.url);
    await listening.reached(1);
    await server.restart();
    await listening.reached(2);
    const head = founder.head(1);
    await store.putIfAbsent(head.name, head.bytes);
    await listening.reached(3);
    expect(await device.on(two.url).store.get(head.name)).toEqual(head.bytes);
    listening.watch.dispose();
  });
});
