/** An erased document on a hub, which lets nobody but who has put an original, and administrators, take it away. */
import { randomBytes } from 'node:crypto';
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

const { sit, stand, view, invite, sync, bundle, takeIn } = useDesks('workbench-hub-erasing-');
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

/** Ana, who founded the circle, Ben, who brings a document in, and Carla, who is no administrator. */
async function three(noiseBytes: number) {
  const [ana, ben, carla] = [await sit('ana'), await sit('ben'), await sit('carla')];
  const { id: circle } = await ana.client.circles.create({ name: 'Region' });
  await ana.client.circles.connect({ circle, channel: { kind: 'hub', url: `http://127.0.0.1:${hub.port}` } });
  for (const desk of [ben, carla]) {
    await desk.client.circles.join({ invitation: await invite(ana, circle) });
    await sync(ana);
  }
  // Noise does not pack, so that a large one lies there in parts.
  const noise = randomBytes(noiseBytes)
    .toString('base64')
    .match(/.{1,60}/g)!;
  const text = `1. We agree.\n\n2. ${noise.join(' ')}\n`;
  const grants = [ben.workbench.grants.forBytes('noise.txt', new TextEncoder().encode(text))];
  const { results } = await ben.client.library.importFiles({ grants });
  const document = results[0]!.document!.id;
  const { units } = await ben.client.library.open({ document });
  await ben.client.annotations.create({
    ...{ document, circle, kind: 'note', body: 'Look.' },
    ...{ unit: units[0]!.id, from: null, to: null },
  });
  for (const desk of [ben, ana, carla, ben]) await sync(desk);
  expect(await blobsOf(circle)).toBe(noiseBytes > 1_000_000 ? 3 : 1);
  for (const desk of [ana, carla]) await desk.client.library.open({ document });
  return { ana, ben, carla, circle, document };
}

async function blobsOf(circle: CircleId): Promise<number> {
  return (await storage.objects.list(circle, 'blobs/', '', 100)).length;
}
async function eraseIn(
  { client }: Desk,
  circle: CircleId,
  document: Parameters<typeof client.library.open>[0]['document'],
) {
  const { places } = await client.library.places({ document });
  await client.circles.erase({ circle, records: places.find((each) => each.circle === circle)!.records });
}
async function confirmed({ client }: Desk, circle: CircleId): Promise<number> {
  return (await client.circles.erasureStatus({ circle })).erasures[0]!.confirmed;
}

it('[SY93] [HB26] whoever has put an erased original on a hub takes it away, and all confirm', async () => {
  const { ana, ben, carla, circle, document } = await three(1_000);
  await eraseIn(ben, circle, document);
  await sync(ben);
  expect(await blobsOf(circle)).toBe(0);
  for (const desk of [ana, carla, ben]) await sync(desk);
  expect(await confirmed(ben, circle)).toBe(3);
  expect(await blobsOf(circle)).toBe(0);
});

it('[SY93] [HB26] an administrator takes away all parts of an erased original whose device does not come back, and others cannot', async () => {
  const { ana, ben, carla, circle, document } = await three(1_060_000);
  // The hub never hears of it from Ben: the order goes by a bundle.
  await ben.client.circles.pause({ circle });
  await eraseIn(ben, circle, document);
  const [file] = await bundle(ben, circle);
  await stand(ben);
  await takeIn(carla, file!);
  await sync(carla);
  expect(await blobsOf(circle)).toBeGreaterThan(1);
  expect((await view(carla, circle)).channels).toMatchObject([{ state: 'in-step', reason: null }]);
  await takeIn(ana, file!);
  await sync(ana);
  expect(await blobsOf(circle)).toBe(0);
  await sync(carla);
  await sync(ana);
  // Ben's own word that he has dropped it came with the bundle.
  expect(await confirmed(ana, circle)).toBe(3);
});
