/** Coming back to a circle over a hub: after a removal, after removing oneself, and after taking the channel away. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { CircleId } from '../../shared/ids.ts';
import { defaultLimits } from '../../hub/rules/limits.ts';
import { startHub, type Hub } from '../../hub/server/app.ts';
import { openStorage } from '../../hub/storage/open-storage.ts';
import type { Storage } from '../../hub/storage/storage.ts';
import { useDesks, type Desk } from '../fakes/desks.ts';
import { newHubFolder } from '../servers/hub-data.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const { sit, view, invite, write, sync, titles, codes, deviceOf, bundle } = useDesks('workbench-hub-again-');
let folder: string;
let storage: Storage;
let hub: Hub;
let url: string;
beforeAll(async () => {
  folder = await newHubFolder();
  storage = await openStorage({ folder });
  hub = await startHub({ storage, limits: defaultLimits, version: '1', port: 0, openToAll: true });
  url = `http://127.0.0.1:${hub.port}`;
});
afterAll(async () => {
  await hub?.close();
  await storage?.close();
  await rm(folder, { recursive: true, force: true });
});

const join = ({ client }: Desk, invitation: string) => client.circles.join({ invitation });

/** Ana and Ben in a circle on the hub, each with what the other wrote. */
async function twoOfThem() {
  const [ana, ben] = [await sit('ana'), await sit('ben')];
  const { id: circle } = await ana.client.circles.create({ name: 'Region' });
  await ana.client.circles.connect({ circle, channel: { kind: 'hub', url } });
  await join(ben, await invite(ana, circle));
  await write(ben, circle, 'By Ben');
  for (const desk of [ben, ana, ben]) await sync(desk);
  expect(await titles(ana, circle)).toEqual(['By Ben']);
  return { ana, ben, circle };
}

async function inStep(desk: Desk, circle: CircleId): Promise<void> {
  expect((await view(desk, circle)).channels).toMatchObject([{ kind: 'hub', state: 'in-step', reason: null }]);
}

it('[HB13] [HB14] a removed device comes back by a new invitation, as a device of its own', async () => {
  const { ana, ben, circle } = await twoOfThem();
  const before = await deviceOf(ana, circle, 'ben');
  await ana.client.circles.removeDevice({ circle, device: before });
  await sync(ana);
  await write(ben, circle, 'While removed');
  await sync(ben);
  expect((await view(ben, circle)).channels).toMatchObject([
    { state: 'trouble', reason: { code: 'hub-device-removed' } },
  ]);
  await join(ben, await invite(ana, circle));
  await write(ben, circle, 'Back again');
  for (const desk of [ben, ana, ben]) await sync(desk);
  await inStep(ben, circle);
  await inStep(ana, circle);
  expect(await titles(ana, circle)).toEqual(['Back again', 'By Ben']);
  expect(await codes(ana, circle)).toContain('removed-device');
  const there = await storage.devices.devices(circle);
  expect(there.find(({ replica }) => replica === before)?.removedAt).not.toBeNull();
  expect(there.filter(({ removedAt }) => removedAt === null)).toHaveLength(2);
  await write(ana, circle, 'To Ben');
  for (const desk of [ana, ben]) await sync(desk);
  expect(await titles(ben, circle)).toEqual(['Back again', 'By Ben', 'To Ben']);
  // What it wrote meanwhile came along, and an administrator may take it.
  const devices = (await view(ana, circle)).members.flatMap(({ deviceList }) => deviceList);
  const { setAside } = devices.find(({ replica }) => replica === before)!;
  await ana.client.circles.acceptLater({ circle, device: before, last: setAside!.last });
  for (const desk of [ana, ben]) await sync(desk);
  for (const desk of [ana, ben]) expect(await titles(desk, circle)).toContain('While removed');
  await inStep(ben, circle);
});

it('[HB12] whoever took the hub away from a circle comes back without an invitation, and wrote meanwhile', async () => {
  const { ana, ben, circle } = await twoOfThem();
  const [channel] = (await view(ben, circle)).channels;
  await ben.client.circles.disconnect({ circle, channel: channel!.id });
  await write(ben, circle, 'Alone');
  await write(ana, circle, 'To Ben');
  for (const desk of [ana, ben]) await sync(desk);
  expect(await titles(ben, circle)).toEqual(['Alone', 'By Ben']);
  const invitation = await invite(ana, circle);
  await expect(join(ben, invitation)).rejects.toMatchObject({ code: 'circle-exists' });
  await ben.client.circles.connect({ circle, channel: { kind: 'hub', url } });
  await inStep(ben, circle);
  await sync(ana);
  for (const desk of [ana, ben]) expect(await titles(desk, circle)).toEqual(['Alone', 'By Ben', 'To Ben']);
  expect((await view(ana, circle)).members.flatMap(({ deviceList }) => deviceList)).toHaveLength(2);
});

it('[SY44] [HB12] whoever joins with a bundle while the hub is away is let in by the same invitation when it is back', async () => {
  const [ana, ben] = [await sit('ana'), await sit('ben')];
  const { id: circle } = await ana.client.circles.create({ name: 'Region' });
  await ana.client.circles.connect({ circle, channel: { kind: 'hub', url } });
  await write(ana, circle, 'By Ana');
  const [file] = await bundle(ana, circle);
  const invitation = await invite(ana, circle);
  const { port } = hub;
  await hub.close();
  const bundles = [ben.workbench.grants.forBytes(file!.name, file!.bytes)];
  const joined = await ben.client.circles.join({ invitation, bundles });
  expect(joined.channels).toMatchObject([{ kind: 'hub', state: 'away', reason: { code: 'network-unreachable' } }]);
  expect(await titles(ben, circle)).toEqual(['By Ana']);
  hub = await startHub({ storage, limits: defaultLimits, version: '1', port, openToAll: true });
  await write(ben, circle, 'By Ben');
  for (const desk of [ben, ana]) await sync(desk);
  await inStep(ben, circle);
  expect(await titles(ana, circle)).toEqual(['By Ana', 'By Ben']);
});
