/** A key that was changed reaches whoever is given it, whoever carries it: through bundles and relays of third persons. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useDesks } from './fakes/desks.ts';

const desks = useDesks('workbench-carriers-');
const { sit, found, invite, join: joinCircle, write, sync, titles, bundle, takeIn } = desks;

/** Ana founded it, Ben and Cho are in; everybody has everything, and Cho goes away. */
async function threeOfThem() {
  const [ana, ben, cho] = [await sit('ana'), await sit('ben'), await sit('cho')];
  const circle = await found(ana);
  for (const desk of [ben, cho]) await joinCircle(desk, await invite(ana, circle));
  await write(ana, circle, 'Of the first key');
  for (const desk of [ana, ben, cho]) await sync(desk);
  return { ana, ben, cho, circle };
}

describe('a bundle by a third person', () => {
  it('[SY73] brings the key, and what is sealed with it, to whoever has only the one before', async () => {
    const { ana, ben, cho, circle } = await threeOfThem();
    await ana.client.circles.rotateKey({ circle });
    await write(ana, circle, 'Of the second key');
    for (const desk of [ana, ben]) await sync(desk);
    await write(ben, circle, 'By Ben');
    const [file] = await bundle(ben, circle);
    const brought = await takeIn(cho, file!);
    expect(brought.setAside).toEqual([]);
    expect(await titles(cho, circle)).toEqual(['By Ben', 'Of the first key', 'Of the second key']);
    // Cho writes with the new key, and passes on in turn what came only in a bundle.
    await write(cho, circle, 'By Cho');
    const [back] = await bundle(cho, circle);
    await takeIn(ana, back!);
    expect(await titles(ana, circle)).toEqual(['By Ben', 'By Cho', 'Of the first key', 'Of the second key']);
  }, 60_000);

  it('[SY73] [SY74] brings several keys, one after another, by any of its parts first', async () => {
    const { ana, ben, cho, circle } = await threeOfThem();
    for (const title of ['Of the second key', 'Of the third key']) {
      await ana.client.circles.rotateKey({ circle });
      await write(ana, circle, title);
      for (const desk of [ana, ben]) await sync(desk);
    }
    const files = await bundle(ben, circle, 4000);
    expect(files.length).toBeGreaterThan(1);
    for (const file of files.reverse()) await takeIn(cho, file);
    expect(await titles(cho, circle)).toEqual(['Of the first key', 'Of the second key', 'Of the third key']);
  }, 60_000);

  it('[SY81] brings nothing to a device that was removed', async () => {
    const { ana, ben, cho, circle } = await threeOfThem();
    await ana.client.circles.removeDevice({ circle, device: await desks.deviceOf(ana, circle, 'cho') });
    await write(ana, circle, 'Not for Cho');
    for (const desk of [ana, ben]) await sync(desk);
    const [file] = await bundle(ben, circle);
    await takeIn(cho, file!);
    expect(await titles(cho, circle)).toEqual(['Of the first key']);
    expect((await desks.view(cho, circle)).members.find(({ me }) => me)!.deviceList[0]!.state).toBe('removed');
  }, 60_000);
});

describe('a relay', () => {
  it('[SY62] stands beside the segments that give keys, and so is of use to whoever lacks them', async () => {
    const { ana, ben, cho, circle } = await threeOfThem();
    await ana.client.circles.rotateKey({ circle });
    await write(ana, circle, 'Of the second key');
    for (const desk of [ana, ben]) await sync(desk);
    // The folder loses everything of Ana, and Ana does not come back.
    const device = await desks.deviceOf(ben, circle, 'ana');
    await desks.stand(ana);
    const store = await desks.storeIn();
    for (const prefix of ['heads', 'segments']) {
      for (const name of await readdir(join(store, prefix))) {
        if (name.startsWith(device)) await rm(join(store, prefix, name));
      }
    }
    await sync(ben);
    desks.advance(61 * 60 * 1000);
    await sync(ben);
    await sync(cho);
    expect(await titles(cho, circle)).toEqual(['Of the first key', 'Of the second key']);
  }, 60_000);
});
