/** Second devices on a hub: let in by their own key and no token, and turned away at once when their code is withdrawn. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createSealingCrypto } from '../../electron/services/exchange/sealing.ts';
import { createDeriveKey } from '../../electron/services/protection/derive-key.ts';
import type { CircleId } from '../../shared/ids.ts';
import { readDeviceCode } from '../../shared/sync/device-code.ts';
import { defaultLimits } from '../../hub/rules/limits.ts';
import { startHub, type Hub } from '../../hub/server/app.ts';
import { openStorage } from '../../hub/storage/open-storage.ts';
import type { Storage } from '../../hub/storage/storage.ts';
import { useDesks, type Desk } from '../fakes/desks.ts';
import { newHubFolder } from '../servers/hub-data.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const { arrive, sit, view, invite, sync, write, titles } = useDesks('workbench-hub-companions-');
let folder: string;
let storage: Storage;
let hub: Hub;
beforeAll(async () => {
  folder = await newHubFolder();
  storage = await openStorage({ folder });
  hub = await startHub({ storage, limits: defaultLimits, version: '1', port: 0, openToAll: true });
});
afterAll(async () => {
  await hub?.close();
  await storage?.close();
  await rm(folder, { recursive: true, force: true });
});

async function found(ana: Desk): Promise<CircleId> {
  const { id: circle } = await ana.client.circles.create({ name: 'Region' });
  await ana.client.circles.connect({ circle, channel: { kind: 'hub', url: `http://127.0.0.1:${hub.port}` } });
  return circle;
}
const codeOf = async ({ client }: Desk): Promise<string> => (await client.companions.invite({})).code;

/** Comes in with a code on a profile of its own, and says what the hub makes of that; null when it lets it in. */
async function comeIn(name: string, code: string, circle: CircleId) {
  const desk = await arrive(name);
  await desk.client.companions.join({ code });
  const [channel] = (await view(desk, circle)).channels;
  return { desk, refusal: channel!.reason?.code ?? null };
}

it('[SY47] [HB11] an administrator’s second device is let in at once, and with a withdrawn code nobody is', async () => {
  const ana = await sit('ana');
  const circle = await found(ana);
  await write(ana, circle, 'On libraries');
  await sync(ana);
  const withdrawn = await codeOf(ana);
  expect(await ana.client.companions.withdraw({})).toEqual({ done: ['Personal', 'Region'], others: [] });
  // Nothing was exchanged since.
  const stranger = await comeIn('stranger', withdrawn, circle);
  expect(stranger.refusal).toBe('hub-device-removed');
  expect(await titles(stranger.desk, circle)).toEqual([]);
  const code = await codeOf(ana);
  // Nothing in it lets in anybody else.
  const tools = { crypto: await createSealingCrypto(), deriveKey: createDeriveKey() };
  const { circles } = await readDeviceCode(code, null, tools);
  expect(circles.flatMap(({ access }) => access.channels)).toEqual([
    { kind: 'hub', settings: { url: `http://127.0.0.1:${hub.port}` } },
  ]);
  // The key has changed since; what was sealed before opens with what comes next.
  await sync(ana);
  const second = await comeIn('second', code, circle);
  expect(second.refusal).toBeNull();
  expect(await titles(second.desk, circle)).toEqual(['On libraries']);
  await sync(stranger.desk);
  expect((await view(stranger.desk, circle)).channels[0]!.reason?.code).toBe('hub-device-removed');
});

it('[SY47] [HB11] [HB17] a member’s is let in when an administrator has heard of it, and turned away at once', async () => {
  const [ana, ben] = [await sit('ana'), await sit('ben')];
  const circle = await found(ana);
  await ben.client.circles.join({ invitation: await invite(ana, circle) });
  await sync(ana);
  const person = (await view(ana, circle)).members.find(({ me }) => !me)!.person;
  await ana.client.circles.confirmDelegation({ circle, person });
  await write(ana, circle, 'On libraries');
  for (const desk of [ana, ben]) await sync(desk);
  // Withdrawn before any administrator has heard of it.
  const early = await codeOf(ben);
  await sync(ben);
  expect(await ben.client.companions.withdraw({})).toEqual({ done: ['Personal'], others: ['Region'] });
  for (const desk of [ben, ana]) await sync(desk);
  expect((await comeIn('early', early, circle)).refusal).toBe('hub-not-admitted');
  // And after: the hub has let it in, and does so no more, whatever is exchanged later.
  const late = await codeOf(ben);
  for (const desk of [ben, ana]) await sync(desk);
  await ben.client.companions.withdraw({});
  const stranger = await comeIn('late', late, circle);
  expect(stranger.refusal).toBe('hub-device-removed');
  for (const desk of [ben, ana, stranger.desk]) await sync(desk);
  expect((await view(stranger.desk, circle)).channels[0]!.reason?.code).toBe('hub-device-removed');
  expect(await titles(stranger.desk, circle)).toEqual([]);
  // One that is not withdrawn.
  const good = await codeOf(ben);
  for (const desk of [ben, ana]) await sync(desk);
  const second = await comeIn('second', good, circle);
  expect(second.refusal).toBeNull();
  expect(await titles(second.desk, circle)).toEqual(['On libraries']);
});
