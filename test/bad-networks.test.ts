/** Exchange over bad networks: slow, far, lossy, cut in the middle of every request, held up by sign-in pages. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpTransport, type HttpTransportOptions } from '../electron/services/exchange/http-transport.ts';
import { createS3Client } from '../electron/services/exchange/s3-client.ts';
import { createS3RemoteStore } from '../electron/services/exchange/s3-remote-store.ts';
import { createPartedRemoteStore } from '../electron/services/exchange/parted-remote-store.ts';
import { createWebdavClient } from '../electron/services/exchange/webdav-client.ts';
import { createWebdavRemoteStore } from '../electron/services/exchange/webdav-remote-store.ts';
import { base32, type CircleId } from '../shared/ids.ts';
import { sealBlob } from '../shared/sync/object-format.ts';
import { blobName } from '../shared/sync/object-name.ts';
import type { RemoteStore } from '../shared/sync/remote-store.ts';
import { createBadNetwork, type BadNetwork } from './fakes/bad-network.ts';
import { createMemoryRemoteStore } from './fakes/memory-remote-store.ts';
import { createParty, stateOf, writeNote, type Party, type PartyMember } from './fakes/exchange-party.ts';
import { hasApache, startApache } from './servers/apache.ts';
import { startS3, type S3Server } from './servers/s3.ts';

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
const pace = 40;
const fast = (delayMs: number, act: () => void): (() => void) => {
  const timer = setTimeout(act, delayMs / pace);
  return () => clearTimeout(timer);
};
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Place {
  readonly name: string;
  /** What the proxy stands before. */
  readonly origin: string;
  store(origin: string, transport: Partial<HttpTransportOptions>, partsFolder?: string): RemoteStore;
  dispose(): Promise<void>;
}

function transportOf(more: Partial<HttpTransportOptions>) {
  // The machine may be busy: a standstill is only what lasts.
  return createHttpTransport({
    ...{ fetch, after: fast, chance: Math.random, onTraffic: () => undefined, stallMs: 60_000 * pace, ...more },
  });
}

async function s3Place(): Promise<Place & { readonly server: S3Server }> {
  const server = await startS3();
  return {
    name: 'S3',
    server,
    origin: server.endpoint,
    store(endpoint, more, partsFolder = join(tmpdir(), 'no-parts')) {
      const { bucket, accessKey, secretKey } = server;
      const transport = transportOf(more);
      const access = { endpoint, region: '', bucket, accessKey, secretKey };
      return createS3RemoteStore(createS3Client({ ...access, transport, now: Date.now, partsFolder }), '');
    },
    dispose: () => server.stop(),
  };
}

async function apachePlace(): Promise<Place> {
  const server = await startApache();
  return {
    name: 'Apache',
    origin: new URL(server.url).origin,
    store(origin, more, partsFolder = join(tmpdir(), 'no-parts')) {
      const { user, password } = server;
      const client = createWebdavClient({
        url: `${origin}/circle/`,
        user,
        password,
        transport: transportOf(more),
        partsFolder,
      });
      return createWebdavRemoteStore({ client, owner: 'test', random });
    },
    dispose: () => server.dispose(),
  };
}

let party: Party;
let place: Place | null = null;
let network: BadNetwork | null = null;
beforeEach(async () => {
  party = await createParty();
});
afterEach(async () => {
  await party.dispose();
  await network?.dispose();
  await place?.dispose();
  network = null;
  place = null;
});

/** Exchanges until nothing is left to do; how often that took. */
async function untilInStep(member: PartyMember, most: number): Promise<number> {
  const failures: string[] = [];
  for (let run = 1; run <= most; run += 1) {
    const { state, error } = await member.exchange.run();
    if (state === 'in-step') return run;
    expect(error?.code, error?.message).toMatch(/^network-/);
    failures.push(`${error?.message} ${String(error?.cause)}`);
  }
  throw new Error(`not in step after ${most} exchanges: ${failures.join('\n')}`);
}

for (const [name, isHere, open] of [
  ['S3', true, s3Place],
  ['Apache', hasApache, apachePlace],
] as const) {
  describe.skipIf(!isHere)(`over a bad network: ${name}`, () => {
    it('[SY58] goes on where it was, whichever request is cut and wherever in it', async () => {
      place = await open();
      network = await createBadNetwork({ target: place.origin, random: () => 1 });
      const amina = await party.add('amina', place.store(place.origin, {}));
      await amina.exchange.run();
      // One try each: nothing hides the cut from the exchange.
      const bob = await party.add('bob', place.store(network.url, { tries: 1 }));
      await bob.exchange.run();
      await amina.exchange.run();
      network.begin();
      await writeNote(amina, 'from Amina');
      await amina.exchange.run();
      await writeNote(bob, 'from Bob');
      await bob.exchange.run();
      const { requests } = network.counted();
      expect(requests).toBeGreaterThan(4);
      let cuts = 0;
      for (let request = 0; request < requests; request += 1) {
        for (const where of ['request', 'between', 'answer'] as const) {
          await writeNote(amina, `from Amina ${request} ${where}`);
          await untilInStep(amina, 3);
          await writeNote(bob, `from Bob ${request} ${where}`);
          network.begin();
          network.ways.cut = { request, where };
          await untilInStep(bob, 4);
          cuts += network.counted().cuts;
          network.ways.cut = null;
        }
      }
      expect(cuts).toBeGreaterThanOrEqual(requests * 2);
      for (const member of [amina, bob, amina]) await member.exchange.run({ check: true });
      expect(stateOf(amina)).toBe(stateOf(bob));
      // Nothing was left lying there: as many segments as the heads name.
      const listed = await place.store(place.origin, {}).list('segments/');
      const published = [amina, bob].flatMap((member) =>
        member.memory.state!.published.flatMap((each) => each.segments),
      );
      expect(listed.length).toBe(published.length);
    });

    it('brings everything over 50 kbit/s, 800 ms and one loss in ten, and the log can be written all the while', async () => {
      place = await open();
      network = await createBadNetwork({ target: place.origin, random: dice(7), pace });
      const amina = await party.add('amina', place.store(place.origin, {}));
      for (let index = 0; index < 30; index += 1) {
        await writeNote(amina, randomBytes(300).toString('hex'));
        await amina.exchange.run();
      }
      Object.assign(network.ways, { bitsPerSecond: 50_000, latencyMs: 800, loss: 0.1 });
      const bob = await party.add('bob', place.store(network.url, {}));
      const joining = untilInStep(bob, 10);
      let isDone = false;
      void joining.finally(() => (isDone = true));
      await writeNote(bob, 'written meanwhile');
      expect(isDone).toBe(false);
      await joining;
      await untilInStep(bob, 10);
      await amina.exchange.run();
      expect(stateOf(amina)).toBe(stateOf(bob));
      expect(network.counted().cuts).toBeGreaterThan(0);
    });

    it('[SY36] gets a large original once, however often it is cut', async () => {
      place = await open();
      network = await createBadNetwork({ target: place.origin, random: () => 1 });
      const original = random(600_000);
      const blob = blobName('c'.repeat(26));
      await place.store(place.origin, {}).putIfAbsent(blob, original);
      const parts = await mkdtemp(join(tmpdir(), 'workbench-parts-'));
      try {
        let received = 0;
        const onTraffic = (bytes: { readonly received: number }): void => void (received += bytes.received);
        const store = place.store(network.url, { tries: 50, firstWaitMs: 1, onTraffic }, parts);
        network.ways.cutAnswersAfter = 150_000;
        expect(await store.get(blob)).toEqual(original);
        // Five pieces at least: a break may throw away what had come and was not read yet.
        const { cuts, requests } = network.counted();
        expect(cuts).toBeGreaterThanOrEqual(4);
        expect(requests).toBe(cuts + 1);
        // What was read was kept: no byte of it came twice.
        expect(received).toBe(original.length);
      } finally {
        await rm(parts, { recursive: true, force: true });
      }
    });

    it('[SY19] [SY36] sends a large original in parts, and after a cut those that are missing', async () => {
      place = await open();
      network = await createBadNetwork({ target: place.origin, random: () => 1 });
      const circle = base32(random(17)).slice(0, 26) as CircleId;
      const blob = sealBlob({ circle, epoch: 1, key: random(32), content: random(2_500_000) }, party.engine);
      const store = createPartedRemoteStore(place.store(network.url, { tries: 1 }), null);
      // Less than two parts: what goes whole never arrives.
      network.ways.cutEvery = 650_000;
      let failures = 0;
      for (let isPut = false; !isPut;) {
        isPut = await store.putIfAbsent(blob.name, blob.bytes).then(
          () => true,
          (error: unknown) => {
            expect(error).toMatchObject({ code: 'network-unreachable' });
            failures += 1;
            return false;
          },
        );
      }
      const { sent, cuts } = network.counted();
      expect(cuts).toBe(failures);
      expect(cuts).toBeGreaterThanOrEqual(3);
      expect(sent).toBeLessThan(blob.bytes.length * 1.4);
      const partner = createPartedRemoteStore(place.store(place.origin, {}), null);
      expect(await partner.list('blobs/')).toEqual([{ name: blob.name, sizeBytes: blob.bytes.length }]);
      expect(Buffer.from((await partner.get(blob.name))!).equals(blob.bytes)).toBe(true);
    });
  });
}

describe('answers that are not the server’s', () => {
  let server: Server | null = null;
  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
    server = null;
  });

  async function serve(listener: RequestListener): Promise<string> {
    const made = createServer(listener);
    server = made;
    await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(made.address() as { port: number }).port}`;
  }
  function webdav(url: string, more: Partial<HttpTransportOptions> = {}): RemoteStore {
    const transport = transportOf({ tries: 2, ...more });
    const client = createWebdavClient({
      url: `${url}/dav/`,
      user: 'a',
      password: 'b',
      transport,
      partsFolder: join(tmpdir(), 'no-parts'),
    });
    return createWebdavRemoteStore({ client, owner: 'test', random });
  }
  const page =
    '<!DOCTYPE html><html><head><title>Hotel</title><style>p{}</style></head><body><p>Welcome. Room number?</p></body></html>';
  const anything = new TextEncoder().encode('anything');

  for (const [kind, answer] of [
    [
      'says 200 with a page',
      (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(page),
    ],
    ['says 200 with a page and not what it is', (_request, response) => response.writeHead(200).end(page)],
    [
      'sends on to its own address',
      (_request, response) => response.writeHead(302, { location: 'http://login.hotel.example/' }).end(),
    ],
    ['says 511', (_request, response) => response.writeHead(511, { 'content-type': 'text/html' }).end(page)],
  ] satisfies [string, RequestListener][]) {
    it(`[SY35] names a sign-in page that ${kind}, and takes nothing from it`, async () => {
      const store = webdav(await serve(answer));
      const captive = expect.objectContaining({ code: 'network-captive' });
      await expect(store.list('heads/')).rejects.toEqual(captive);
      await expect(store.get('circle')).rejects.toEqual(captive);
      await expect(store.putIfAbsent('circle', anything)).rejects.toEqual(captive);
      await expect(store.removeOwn('circle')).rejects.toEqual(captive);
      const error: unknown = await store.get('circle').catch((each: unknown) => each);
      if (kind !== 'sends on to its own address')
        expect(error).toMatchObject({ data: { page: 'Hotel Welcome. Room number?' } });
    });
  }

  it('[SY35] is away and removes nothing while a sign-in page answers, and goes on after signing in', async () => {
    const there = await s3Place();
    place = there;
    let isSignedIn = true;
    const url = await serve((request, response) => {
      if (!isSignedIn) {
        response.writeHead(200, { 'content-type': 'text/html' }).end(page);
        return;
      }
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const headers = { ...request.headers } as Record<string, string>;
        delete headers['connection'];
        delete headers['transfer-encoding'];
        const body = Buffer.concat(chunks);
        void fetch(there.origin + request.url, {
          method: request.method!,
          headers,
          ...(body.length > 0 ? { body } : {}),
        }).then(async (answer) => {
          const back = Object.fromEntries(answer.headers);
          response.writeHead(answer.status, back).end(Buffer.from(await answer.arrayBuffer()));
        });
      });
    });
    // Signed for the address that is asked, which the proxy is.
    const amina = await party.add('amina', there.store(there.origin, {}));
    await writeNote(amina, 'first');
    await amina.exchange.run();
    const direct = there.store(there.origin, { tries: 1 });
    const through = there.store(url, { tries: 1 });
    const bob = await party.add('bob', {
      ...direct,
      list: (prefix, signal) => (isSignedIn ? direct : through).list(prefix, signal),
    });
    await bob.exchange.run();
    const before = stateOf(bob);
    isSignedIn = false;
    await writeNote(amina, 'second');
    await amina.exchange.run();
    const held = await bob.exchange.run();
    expect(held).toMatchObject({ state: 'away', error: { code: 'network-captive' } });
    expect(stateOf(bob)).toBe(before);
    isSignedIn = true;
    expect(await bob.exchange.run()).toMatchObject({ state: 'in-step', received: 1 });
  });

  it('[SY36] believes no length: more or less than was announced is no object', async () => {
    let announced = 20;
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': announced, 'content-type': 'application/octet-stream' });
      response.write('0123456789');
      response.destroy();
    });
    for (announced of [20, 10_000_000])
      await expect(webdav(url).get('circle')).rejects.toMatchObject({ code: 'network-unreachable' });
  });

  it('[SY55] puts nothing again because a server tells other sizes than there are', async () => {
    const memory = createMemoryRemoteStore(new Map(), { cheapReads: false });
    const amina = await party.add('amina', {
      ...memory,
      list: async (prefix) => (await memory.list(prefix)).map((each) => ({ ...each, sizeBytes: each.sizeBytes + 7 })),
    });
    await writeNote(amina, 'once');
    await amina.exchange.run();
    const before = [...memory.objects.keys()].filter((name) => !name.startsWith('receipts/'));
    party.clock.now += 3_600_000;
    expect(await amina.exchange.run({ check: true })).toMatchObject({ state: 'in-step', notices: [] });
    expect([...memory.objects.keys()]).toEqual(expect.arrayContaining(before));
    // What is really cut is put again.
    const [segment] = before.filter((name) => name.startsWith('segments/'));
    memory.objects.set(segment!, memory.objects.get(segment!)!.slice(0, 40));
    const mended = await amina.exchange.run({ check: true });
    expect(mended.notices).toMatchObject([{ object: segment, code: 'truncated' }]);
    expect(memory.objects.has(segment!)).toBe(false);
  });

  it('[SY36] gives up when nothing moves, and not before', async () => {
    let sent = 0;
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 30 });
      const drip = (): void => {
        sent += 1;
        response.write('x');
        // Then it stands still.
        if (sent % 10 !== 0) setImmediate(drip);
      };
      drip();
    });
    const timers: (() => void)[] = [];
    const transport = {
      tries: 1,
      after: (_delayMs: number, act: () => void) => (
        timers.push(act),
        () => void timers.splice(timers.indexOf(act), 1)
      ),
    };
    const getting = webdav(url, transport).get('circle');
    const failing = expect(getting).rejects.toMatchObject({
      code: 'network-unreachable',
      message: expect.stringContaining('stands still'),
    });
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (sent === 10 && timers.length === 1) break;
    }
    expect(timers).toHaveLength(1);
    timers[0]!();
    await failing;
  });

  it('[SY35] waits as a server asks, and says so when that is long', async () => {
    let asked = 0;
    const url = await serve((request, response) => {
      asked += 1;
      request.resume();
      response.writeHead(503, { 'retry-after': asked === 1 ? '2' : '900' }).end();
    });
    const waits: number[] = [];
    const after = (delayMs: number, act: () => void) => {
      if (delayMs < 20_000) {
        waits.push(delayMs);
        setImmediate(act);
      }
      return () => undefined;
    };
    await expect(webdav(url, { after, tries: 5, stallMs: 60_000 }).list('heads/')).rejects.toMatchObject({
      code: 'network-unreachable',
      data: { retryAfterMs: 900_000 },
    });
    expect(waits).toEqual([2_000]);
  });
});
