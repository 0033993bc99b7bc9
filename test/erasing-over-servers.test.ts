/** An erased document where its circle exchanges over servers and by bundles: its original goes from there, for good. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ChannelRequest } from '../shared/contract/channels.ts';
import type { CircleId, DocumentId } from '../shared/ids.ts';
import { createBadNetwork } from './fakes/bad-network.ts';
import { useDesks, type Desk } from './fakes/desks.ts';
import { hasApache, startApache } from './servers/apache.ts';
import { startS3 } from './servers/s3.ts';

vi.setConfig({ testTimeout: 120_000 });

const desks = useDesks('workbench-erasing-servers-');
const { place, sit, stand, view, invite, sync, bundle, takeIn, advance } = desks;

/** A place for one circle on a server, and the names of the originals that lie there. */
interface Spot<Channel extends ChannelRequest = ChannelRequest> {
  readonly channel: Channel;
  blobs(): Promise<readonly string[]>;
}
interface Site<Channel extends ChannelRequest = ChannelRequest> {
  spot(): Promise<Spot<Channel>>;
  dispose(): Promise<void>;
}

async function webdavSite(): Promise<Site> {
  const server = await startApache();
  let spots = 0;
  return {
    async spot() {
      spots += 1;
      const folder = join(server.folder, `p${spots}`);
      await mkdir(folder);
      await chmod(folder, 0o777);
      const { user, password } = server;
      return {
        channel: { kind: 'webdav', url: `${server.url}p${spots}`, user, password },
        blobs: () => readdir(join(folder, 'blobs')),
      };
    },
    dispose: () => server.dispose(),
  };
}

async function s3Site(): Promise<Site<Extract<ChannelRequest, { kind: 's3' }>>> {
  const server = await startS3();
  const { endpoint, bucket, accessKey, secretKey, objects } = server;
  let spots = 0;
  return {
    async spot() {
      spots += 1;
      const prefix = `p${spots}`;
      return {
        channel: { kind: 's3', endpoint, bucket, accessKey, secretKey, region: '', prefix },
        blobs: async () => [...objects.keys()].filter((key) => key.startsWith(`${prefix}/blobs/`)),
      };
    },
    dispose: () => server.stop(),
  };
}

const rareWord = 'zymurgist';

/** A document of its own words; noise does not pack, so that a large one lies on a server in parts. */
async function importNoise(desk: Desk, noiseBytes: number, word = rareWord): Promise<DocumentId> {
  const noise = randomBytes(noiseBytes)
    .toString('base64')
    .match(/.{1,60}/g)!;
  // Away from what is annotated: an annotation keeps a few characters on either side of its words (AN2).
  const text = `1. We agree.\n\n2. ${noise.join(' ')} The ${word} is thanked.\n`;
  const grants = [desk.workbench.grants.forBytes('noise.txt', new TextEncoder().encode(text))];
  const { results } = await desk.client.library.importFiles({ grants });
  return results[0]!.document!.id;
}

async function annotate({ client }: Desk, document: DocumentId, circle: CircleId, body: string): Promise<void> {
  const { units } = await client.library.open({ document });
  const at = { unit: units[0]!.id, from: null, to: null };
  await client.annotations.create({ document, circle, kind: 'note', body, ...at });
}

async function eraseIn({ client }: Desk, circle: CircleId, document: DocumentId): Promise<void> {
  const { places } = await client.library.places({ document });
  for (const each of places) await client.circles.erase({ circle: each.circle, records: each.records });
  expect(places.map((each) => each.circle)).toContain(circle);
}

/** Whether a file of the profile has its words or its hash. */
async function isLeft({ name }: Desk, document: DocumentId): Promise<boolean> {
  for (const entry of await readdir(join(place.root, name), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const content = await readFile(join(entry.parentPath, entry.name), 'latin1');
    if (entry.name.includes(document) || content.toLowerCase().includes(rareWord)) return true;
  }
  return false;
}

const confirmed = async ({ client }: Desk, circle: CircleId): Promise<number> =>
  (await client.circles.erasureStatus({ circle })).erasures[0]!.confirmed;
const bodies = async ({ client }: Desk, document: DocumentId): Promise<string[]> =>
  (await client.annotations.list({ document })).annotations.map(({ body }) => body).sort();

/** Ana, who brings the document in, Ben and Carla; all have its original, and each has annotated it. */
async function three(site: Site, noiseBytes: number, word = rareWord) {
  const [ana, ben, carla] = [await sit('ana'), await sit('ben'), await sit('carla')];
  const { channel, blobs } = await site.spot();
  const { id: circle } = await ana.client.circles.create({ name: 'Region' });
  // For those who have nothing but the post: it names no server.
  const byPost = await invite(ana, circle);
  await ana.client.circles.connect({ circle, channel });
  for (const desk of [ben, carla]) await desk.client.circles.join({ invitation: await invite(ana, circle), channel });
  const document = await importNoise(ana, noiseBytes, word);
  await annotate(ana, document, circle, 'of ana');
  await sync(ana);
  for (const desk of [ben, carla]) {
    await sync(desk);
    await annotate(desk, document, circle, `of ${desk.name}`);
  }
  for (const desk of [ben, carla, ana, ben]) await sync(desk);
  expect(await blobs()).toHaveLength(noiseBytes > 1_000_000 ? 3 : 1);
  return { ana, ben, carla, circle, document, channel, blobs, byPost };
}

for (const { name, isHere, open } of [
  { name: 'Apache', isHere: hasApache, open: webdavSite },
  { name: 'an S3 store', isHere: true, open: s3Site },
]) {
  describe.skipIf(!isHere)(`an erased document on ${name}`, () => {
    let site: Site;
    beforeAll(async () => {
      site = await open();
    });
    afterAll(() => site.dispose());

    it('[SY93] goes from there in all its parts, and whoever was away puts no old copy back', async () => {
      const { ana, ben, carla, circle, document, blobs } = await three(site, 1_060_000);
      await stand(carla);
      await eraseIn(ana, circle, document);
      await sync(ana);
      expect(await blobs()).toEqual([]);
      for (const desk of [ben, ana]) await sync(desk);
      expect(await confirmed(ana, circle)).toBe(2);
      // Days later, with work of her own and her copy of the original.
      advance(3 * 86_400_000);
      const late = await sit('carla');
      expect(await isLeft(late, document)).toBe(true);
      await annotate(late, document, circle, 'written meanwhile');
      await sync(late);
      expect(await blobs()).toEqual([]);
      for (const desk of [ana, ben]) await sync(desk);
      for (const desk of [ana, ben, late]) {
        expect((await view(desk, circle)).channels).toMatchObject([{ state: 'in-step', reason: null }]);
        expect(await bodies(desk, document)).toEqual(['of ana', 'of ben', 'of carla', 'written meanwhile']);
        await stand(desk);
        expect(await isLeft(desk, document)).toBe(false);
      }
      const again = await sit('ana');
      expect(await confirmed(again, circle)).toBe(3);
      expect(await blobs()).toEqual([]);
    });
  });
}

let sites: Site[] = [];
afterEach(async () => {
  for (const site of sites) await site.dispose();
  sites = [];
});
async function s3() {
  const site = await s3Site();
  sites.push(site);
  return site;
}

it('[SY93] is taken away from a server by whoever hears of it in a bundle, and an old bundle brings nothing back', async () => {
  const site = await s3();
  const { ana, ben, circle, channel, blobs, byPost } = await three(site, 1_000, 'capybara');
  // Dina has nothing but the post. What she brings in goes up from Ana’s device.
  const dina = await sit('dina');
  const [welcome] = await bundle(ana, circle);
  const grant = dina.workbench.grants.forBytes(welcome!.name, welcome!.bytes);
  await dina.client.circles.join({ invitation: byPost, bundles: [grant] });
  const document = await importNoise(dina, 2_000);
  await annotate(dina, document, circle, 'of dina');
  const [before] = await bundle(dina, circle);
  // What came by post is passed on where nobody else has put it for an hour (SY62).
  const passOn = async (): Promise<void> => {
    await sync(ana);
    advance(3_700_000);
    for (const desk of [ana, ben, ben, ana]) await sync(desk);
  };
  await takeIn(ana, before!);
  await passOn();
  expect(await blobs()).toHaveLength(2);
  await annotate(ben, document, circle, 'of ben');
  await sync(ben);
  await eraseIn(dina, circle, document);
  const [after] = await bundle(dina, circle);
  await takeIn(ana, after!);
  await sync(ana);
  expect(await blobs()).toHaveLength(1);
  await passOn();
  expect(await isLeft(ben, document)).toBe(false);
  await takeIn(ben, before!);
  for (const desk of [ben, ana]) await sync(desk);
  expect(await blobs()).toHaveLength(1);
  // A bundle has the word of its writer alone.
  for (const [index, desk] of [ana, ben].entries()) {
    const [answer] = await bundle(desk, circle);
    await takeIn(dina, answer!);
    expect(await confirmed(dina, circle)).toBe(2 + index);
  }
  expect(await bodies(dina, document)).toEqual(['of ben', 'of dina']);
  // Who joins after all that with the old bundle has nothing of it once the server has been asked.
  const eve = await sit('eve');
  const old = eve.workbench.grants.forBytes(before!.name, before!.bytes);
  await eve.client.circles.join({ invitation: byPost, bundles: [old] });
  expect(await isLeft(eve, document)).toBe(true);
  await eve.client.circles.connect({ circle, channel });
  for (const desk of [eve, ana]) await sync(desk);
  expect(await blobs()).toHaveLength(1);
  for (const desk of [ana, ben, dina, eve]) {
    await stand(desk);
    expect(await isLeft(desk, document)).toBe(false);
  }
});

it('[SY90] [SY93] keeps no beginning of what was cut on its way here and is erased before the rest comes', async () => {
  const { channel, blobs } = await (await s3()).spot();
  const network = await createBadNetwork({ target: channel.endpoint, random: () => 1 });
  try {
    const [ana, ben] = [await sit('ana'), await sit('ben')];
    const { id: circle } = await ana.client.circles.create({ name: 'Region' });
    await ana.client.circles.connect({ circle, channel });
    const far = { ...channel, endpoint: network.url };
    await ben.client.circles.join({ invitation: await invite(ana, circle), channel: far });
    const document = await importNoise(ana, 500_000);
    await annotate(ana, document, circle, 'of ana');
    await sync(ana);
    network.ways.cutAnswersAfter = 100_000;
    const cut = sync(ben);
    await vi.waitFor(() => expect(network.counted().cuts).toBeGreaterThan(0), { timeout: 60_000 });
    await Promise.all([stand(ben), cut.catch(() => undefined)]);
    const kept = (): Promise<string[]> => readdir(join(place.root, 'ben', 'cache', 'parts'));
    expect(await kept()).toHaveLength(1);
    network.ways.cutAnswersAfter = null;
    await eraseIn(ana, circle, document);
    await sync(ana);
    const again = await sit('ben');
    await sync(again);
    await stand(again);
    expect(await kept()).toEqual([]);
    expect(await blobs()).toEqual([]);
  } finally {
    await network.dispose();
  }
});
