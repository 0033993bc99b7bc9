/** Circles over servers, from the service down to the wire: connect, invite, join, change, several channels at once. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ChannelRequest } from '../shared/contract/channels.ts';
import type { CircleId } from '../shared/ids.ts';
import { hasApache, startApache } from './servers/apache.ts';
import type { RunningServer } from './servers/process.ts';
import { startS3 } from './servers/s3.ts';
import { createTempWorkbench, type TempWorkbench } from './fakes/temp-workbench.ts';

const desks: TempWorkbench[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.dispose();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function sitDown(name: string): Promise<TempWorkbench> {
  const desk = await createTempWorkbench({ name, delegation: `Delegation of ${name}` });
  desks.push(desk);
  return desk;
}
async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'workbench-shared-'));
  folders.push(made);
  return made;
}
async function draft({ client }: TempWorkbench, circle: CircleId, title: string): Promise<void> {
  await client.drafts.create({ template: 'blank', title, circle });
}
async function titles({ client }: TempWorkbench, circle: CircleId): Promise<string[]> {
  const { drafts } = await client.drafts.list({});
  return drafts
    .filter((each) => each.circle === circle)
    .map((each) => each.title)
    .sort();
}

describe.skipIf(!hasApache)('a circle on a WebDAV server', () => {
  let server: RunningServer;
  let places = 0;
  beforeAll(async () => {
    server = await startApache();
  });
  afterAll(() => server.dispose());

  async function place(): Promise<Extract<ChannelRequest, { kind: 'webdav' }>> {
    places += 1;
    await mkdir(join(server.folder, `p${places}`));
    await chmod(join(server.folder, `p${places}`), 0o777);
    const { user, password } = server;
    return { kind: 'webdav', url: `${server.url}p${places}`, user, password };
  }

  it('is connected with a password that is kept nowhere but among the secrets, and joined by the invitation', async () => {
    const amina = await sitDown('Amina');
    const channel = await place();
    const { id } = await amina.client.circles.create({ name: 'Africa group' });
    expect(await amina.client.circles.testChannel({ circle: id, channel })).toMatchObject({ found: 'empty' });
    const view = await amina.client.circles.connect({ circle: id, channel });
    expect(view).toMatchObject({ state: 'in-step', remote: channel.url });
    expect(view.channels).toMatchObject([{ kind: 'webdav', state: 'in-step', place: channel.url, reason: null }]);
    expect(view.channels[0]!.sentBytes).toBeGreaterThan(500);
    await draft(amina, id, 'Contribution');
    await amina.client.circles.sync({});
    const settings = await readFile(join(amina.folder, 'profile', 'circles', id, 'circle.json'), 'utf8');
    expect(settings).toContain('webdav');
    expect(settings).not.toContain(server.password);

    const { invitation } = await amina.client.circles.invite({ circle: id });
    const bob = await sitDown('Bob');
    expect((await bob.client.circles.inspectInvitation({ invitation })).channels).toEqual([
      { kind: 'webdav', place: `${channel.url}/` },
    ]);
    // The password is a person's own and no part of the invitation: without it nothing is joined.
    await expect(bob.client.circles.join({ invitation })).rejects.toMatchObject({ code: 'channel-refused' });
    expect((await bob.client.circles.list({})).circles).toHaveLength(1);
    const joined = await bob.client.circles.join({ invitation, channel });
    expect(joined).toMatchObject({ state: 'in-step' });
    expect(await titles(bob, id)).toEqual(['Contribution']);
    expect(await amina.client.circles.testChannel({ circle: id, channel })).toMatchObject({ found: 'this-circle' });
  });

  it('refuses a wrong password, another circle and an address that is no folder, and changes nothing', async () => {
    const amina = await sitDown('Amina');
    const channel = await place();
    const { id } = await amina.client.circles.create({ name: 'Africa group' });
    const other = await amina.client.circles.create({ name: 'Other' });
    await amina.client.circles.connect({ circle: other.id, channel });
    const connect = (more: object) => amina.client.circles.connect({ circle: id, channel: { ...channel, ...more } });
    await expect(connect({ password: 'wrong' })).rejects.toMatchObject({ code: 'channel-refused' });
    await expect(connect({ url: `${server.url}nowhere/` })).rejects.toMatchObject({ code: 'channel-unsuitable' });
    await expect(connect({})).rejects.toMatchObject({ code: 'folder-other-circle' });
    await expect(connect({ url: 'http://127.0.0.1:9/' })).rejects.toMatchObject({ code: 'network-unreachable' });
    const view = (await amina.client.circles.list({})).circles.find((each) => each.id === id)!;
    expect(view).toMatchObject({ state: 'local', channels: [] });
  });

  it('says why it is away, goes on when it is back, takes a new password and can be taken away', async () => {
    const amina = await sitDown('Amina');
    const channel = await place();
    const { id } = await amina.client.circles.create({ name: 'Africa group' });
    await amina.client.circles.connect({ circle: id, channel });
    await server.stop();
    await draft(amina, id, 'offline');
    await amina.client.circles.sync({});
    let view = (await amina.client.circles.list({})).circles.find((each) => each.id === id)!;
    expect(view).toMatchObject({ state: 'away' });
    expect(view.unsentChanges).toBeGreaterThan(0);
    expect(view.channels).toMatchObject([{ state: 'away', reason: { code: 'network-unreachable' } }]);
    await server.start();
    [view] = (await amina.client.circles.sync({ circle: id })).circles as [typeof view];
    expect(view).toMatchObject({ state: 'in-step', unsentChanges: 0 });

    const again = await amina.client.circles.connect({ circle: id, channel });
    expect(again.channels).toHaveLength(1);
    expect(again.channels[0]!.id).toBe(view.channels[0]!.id);
    const gone = await amina.client.circles.disconnect({ circle: id, channel: view.channels[0]!.id });
    expect(gone).toMatchObject({ state: 'local', channels: [] });
    await expect(amina.client.circles.disconnect({ circle: id, channel: view.channels[0]!.id })).rejects.toMatchObject({
      code: 'not-found',
    });
    // Connected anew it finds its own objects there and puts nothing twice.
    const back = await amina.client.circles.connect({ circle: id, channel });
    expect(back).toMatchObject({ state: 'in-step', unsentChanges: 0 });
  });

  it('[SY59] goes through several channels at once, and what came by one goes on by the other', async () => {
    const amina = await sitDown('Amina');
    const channel = await place();
    const shared = await folder();
    const { id } = await amina.client.circles.create({
      name: 'Africa group',
      folder: amina.workbench.grants.forPath(shared),
    });
    await amina.client.circles.connect({ circle: id, channel });
    const { invitation } = await amina.client.circles.invite({ circle: id });
    const bob = await sitDown('Bob');
    await bob.client.circles.join({ invitation, folder: bob.workbench.grants.forPath(shared) });
    const chen = await sitDown('Chen');
    await chen.client.circles.join({ invitation, channel });
    await draft(amina, id, 'of Amina');
    await amina.client.circles.sync({});
    for (const desk of [bob, chen]) {
      await desk.client.circles.sync({});
      expect(await titles(desk, id)).toEqual(['of Amina']);
    }
    const view = (await amina.client.circles.list({})).circles.find((each) => each.id === id)!;
    expect(view.channels.map((each) => each.kind)).toEqual(['folder', 'webdav']);
    expect(view.remote).toBe(`${shared}, ${channel.url}`);
    // One of two is away: the other has everything, so nothing is unsent.
    await rm(shared, { recursive: true });
    await draft(amina, id, 'second');
    const [after] = (await amina.client.circles.sync({ circle: id })).circles;
    expect(after).toMatchObject({ state: 'in-step', unsentChanges: 0 });
    expect(after!.channels.map((each) => each.state)).toEqual(['away', 'in-step']);
  });

  it('exchanges nothing while it is paused, and everything when it is resumed', async () => {
    const amina = await sitDown('Amina');
    const channel = await place();
    const { id } = await amina.client.circles.create({ name: 'Africa group' });
    await amina.client.circles.connect({ circle: id, channel });
    expect(await amina.client.circles.pause({ circle: id })).toMatchObject({ state: 'paused', paused: true });
    await draft(amina, id, 'later');
    const [paused] = (await amina.client.circles.sync({ circle: id })).circles;
    expect(paused).toMatchObject({ state: 'paused' });
    expect(paused!.unsentChanges).toBeGreaterThan(0);
    const again = await amina.reopen();
    desks.splice(0, 1, again);
    expect((await again.client.circles.list({})).circles.find((each) => each.id === id)).toMatchObject({
      paused: true,
    });
    await again.client.circles.resume({ circle: id });
    const [resumed] = (await again.client.circles.sync({ circle: id })).circles;
    expect(resumed).toMatchObject({ state: 'in-step', unsentChanges: 0 });
  });

  it('[SY63] asks in low-data mode before more than the chosen size, lets heads and small things pass, and goes on when allowed', async () => {
    const amina = await sitDown('Amina');
    const channel = await place();
    const { id } = await amina.client.circles.create({ name: 'Africa group' });
    await amina.client.circles.connect({ circle: id, channel });
    for (let index = 0; index < 40; index += 1) {
      // Titles that do not compress.
      await draft(amina, id, randomBytes(200).toString('hex'));
    }
    await amina.client.circles.sync({});
    const { invitation } = await amina.client.circles.invite({ circle: id });
    const bob = await sitDown('Bob');
    await bob.client.profile.changeSettings({ askAboveBytes: 4_000 });
    const joined = await bob.client.circles.join({ invitation, channel });
    expect(joined).toMatchObject({ state: 'waiting-for-permission' });
    const { asks, id: ask, state } = joined.channels[0]!;
    expect(state).toBe('waiting-for-permission');
    expect(asks!.receiveBytes).toBeGreaterThan(4_000);
    expect(asks!.sendBytes).toBe(0);
    expect(await titles(bob, id)).toEqual([]);
    // His own device and person went out at once: they are small.
    expect(joined.unsentChanges).toBe(0);
    // What was looked at is not asked for again while it waits.
    const before = joined.channels[0]!.receivedBytes;
    const [waiting] = (await bob.client.circles.sync({ circle: id })).circles;
    expect(waiting!.channels[0]!.asks).toEqual(asks);
    expect(waiting!.channels[0]!.receivedBytes - before).toBeLessThan(6_000);
    const allowed = await bob.client.circles.allow({ circle: id, channel: ask });
    expect(allowed).toMatchObject({ state: 'in-step' });
    expect(await titles(bob, id)).toHaveLength(40);
  });

  it('[SY63] brings originals in low-data mode when they are opened, and not before', async () => {
    const amina = await sitDown('Amina');
    const channel = await place();
    const { id } = await amina.client.circles.create({ name: 'Africa group' });
    await amina.client.circles.connect({ circle: id, channel });
    const text = `1. ${'The digital divide persists. '.repeat(20)}\n\n2. Access.\n`;
    const document = await amina.read({ name: 'declaration.txt', text });
    const unit = document.units.find((each) => each.label !== '') ?? document.units[0]!;
    await amina.client.annotations.create({
      ...{
        document: document.summary.id,
        unit: unit.id,
        from: null,
        to: null,
        kind: 'note',
        body: 'look',
        circle: id,
      },
    });
    await amina.client.circles.sync({});
    const { invitation } = await amina.client.circles.invite({ circle: id });
    const bob = await sitDown('Bob');
    await bob.client.profile.changeSettings({ askAboveBytes: 1_000_000 });
    await bob.client.circles.join({ invitation, channel });
    await bob.client.circles.sync({});
    const here = () => bob.client.circles.fetchOriginal({ document: document.summary.id });
    const { id: hash } = document.summary;
    const path = join(bob.folder, 'profile', 'originals', hash.slice(0, 2), hash);
    await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await here()).toEqual({ here: true });
    expect((await bob.client.library.open({ document: document.summary.id })).units.length).toBeGreaterThan(0);
  });
});

describe('a circle in an S3-compatible store', () => {
  it('[SY44] is connected, keeps the secret key among the secrets, and is joined with keys of one’s own, or a bundle', async () => {
    const server = await startS3();
    try {
      const { endpoint, bucket, accessKey, secretKey } = server;
      const channel = { kind: 's3' as const, endpoint, bucket, accessKey, secretKey, region: '', prefix: 'regions/ab' };
      const amina = await sitDown('Amina');
      const { id } = await amina.client.circles.create({ name: 'Africa group' });
      const view = await amina.client.circles.connect({ circle: id, channel });
      expect(view).toMatchObject({ state: 'in-step', remote: `${endpoint}/region-ab/regions/ab` });
      await draft(amina, id, 'Contribution');
      await amina.client.circles.sync({});
      expect([...server.objects.keys()].every((key) => key.startsWith('regions/ab/'))).toBe(true);
      const settings = await readFile(join(amina.folder, 'profile', 'circles', id, 'circle.json'), 'utf8');
      expect(settings).not.toContain(secretKey);
      const { invitation } = await amina.client.circles.invite({ circle: id });
      const bob = await sitDown('Bob');
      await expect(bob.client.circles.join({ invitation })).rejects.toMatchObject({ code: 'channel-refused' });
      await bob.client.circles.join({ invitation, channel });
      expect(await titles(bob, id)).toEqual(['Contribution']);
      // Chen has no keys of her own there, and a bundle; Dina is where there is no network.
      const { files } = await amina.client.circles.writeBundle({ circle: id, person: null, maxBytes: null });
      const { name, bytes } = await amina.workbench.grants.readFile(files[0]!.file);
      for (const [desk, isAway] of [
        [await sitDown('Chen'), false],
        [await sitDown('Dina'), true],
      ] as const) {
        if (isAway) await server.stop();
        const carried = [desk.workbench.grants.forBytes(name, bytes)];
        const joined = await desk.client.circles.join({ invitation, bundles: carried });
        expect(joined).toMatchObject({ channels: [], state: 'local' });
        expect(await titles(desk, id)).toEqual(['Contribution']);
      }
    } finally {
      await server.stop();
    }
  });
});
