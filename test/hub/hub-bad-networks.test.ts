/** A hub as a channel over bad networks, and after it lost what it had answered for. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OpenedCircle } from '../../electron/services/circles/open-circle.ts';
import { deviceOf } from '../../electron/services/exchange/hub-kind.ts';
import type { HttpTransportOptions } from '../../electron/services/exchange/http-transport.ts';
import { watchHub } from '../../electron/services/exchange/hub-news.ts';
import { createHubRemoteStore } from '../../electron/services/exchange/hub-remote-store.ts';
import { createPartedRemoteStore } from '../../electron/services/exchange/parted-remote-store.ts';
import { createHubSession, type HubSession } from '../../electron/services/exchange/hub-session.ts';
import type { RemoteStore } from '../../shared/sync/remote-store.ts';
import { defaultLimits } from '../../hub/rules/limits.ts';
import { startHub, type Hub } from '../../hub/server/app.ts';
import { openStorage } from '../../hub/storage/open-storage.ts';
import type { Storage } from '../../hub/storage/storage.ts';
import { createBadNetwork, type BadNetwork } from '../fakes/bad-network.ts';
import { createParty, stateOf, writeNote, type Party, type PartyMember } from '../fakes/exchange-party.ts';
import { engine, foundTestCircle, newTestDevice, random, testHubHttp, type TestDevice } from '../fakes/hub-device.ts';
import { newHubFolder } from '../servers/hub-data.ts';

// Each request goes through a database in this process, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

type Transport = Partial<HttpTransportOptions> & { readonly partsFolder?: string };

const rates = { deviceBurst: 1e6, addressBurst: 1e6, failureBurst: 1e6, foundingBurst: 1e6 };
let folder: string;
let storage: Storage;
let hub: Hub;
let url: string;
let network: BadNetwork;
let party: Party;
beforeAll(async () => {
  folder = await newHubFolder();
  storage = await openStorage({ folder });
  hub = await startHub({ storage, limits: { ...defaultLimits, ...rates }, version: '1', port: 0, openToAll: true });
  url = `http://127.0.0.1:${hub.port}`;
});
afterAll(async () => {
  await hub?.close();
  await storage?.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  party = await createParty();
  network = await createBadNetwork({ target: url, random: () => 1 });
});
afterEach(async () => {
  await network.dispose();
  await party.dispose();
});

function sessionOf(circle: OpenedCircle, at: string, token = '', more: Transport = {}): HubSession {
  return createHubSession({ http: testHubHttp(at, more), device: deviceOf(circle), crypto: engine.crypto, token });
}

/** Amina founds the circle straight on the hub; `join` lets others in with an invitation of hers. */
async function gather() {
  const sessions: HubSession[] = [];
  const amina = await party.add('amina', (circle) => {
    sessions.push(sessionOf(circle, url));
    return createHubRemoteStore(sessions[0]!);
  });
  const join = async (name: string, at: string, more: Transport = {}): Promise<PartyMember> => {
    const { json } = await sessions[0]!.send({ method: 'POST', path: '/invitations', json: {} });
    return party.add(name, (circle) => createHubRemoteStore(sessionOf(circle, at, String(json['token']), more)));
  };
  return { amina, join };
}

async function untilInStep(member: PartyMember, most: number): Promise<void> {
  for (let run = 1; run <= most; run += 1) {
    const { state, error } = await member.exchange.run();
    if (state === 'in-step') return;
    expect(error?.code, error?.message).toMatch(/^network-/);
  }
  throw new Error(`not in step after ${most} exchanges`);
}

const places = ['request', 'between', 'answer'] as const;

it('[SY58] goes on where it was, whichever request of an exchange is cut and wherever in it', async () => {
  const { amina, join } = await gather();
  await amina.exchange.run();
  // One try each: nothing hides the cut from the exchange.
  const bob = await join('bob', network.url);
  for (const member of [bob, amina]) await member.exchange.run();
  network.begin();
  await writeNote(amina, 'from Amina');
  await amina.exchange.run();
  await writeNote(bob, 'from Bob');
  await bob.exchange.run();
  const { requests } = network.counted();
  expect(requests).toBeGreaterThan(4);
  let cuts = 0;
  for (let request = 0; request < requests; request += 1) {
    for (const where of places) {
      await writeNote(amina, `from Amina ${request} ${where}`);
      await untilInStep(amina, 1);
      await writeNote(bob, `from Bob ${request} ${where}`);
      network.begin();
      network.ways.cut = { request, where };
      await untilInStep(bob, 3);
      cuts += network.counted().cuts;
      network.ways.cut = null;
    }
  }
  expect(cuts).toBeGreaterThanOrEqual(requests * 2);
  for (const member of [amina, bob, amina]) await member.exchange.run({ check: true });
  expect(stateOf(amina)).toBe(stateOf(bob));
  const stored = await storage.objects.list(amina.circle.id, 'segments/', '', 1000);
  const published = [amina, bob].flatMap(({ memory }) => memory.state!.published.flatMap(({ segments }) => segments));
  expect(stored.length).toBe(published.length);
});

it('[HB12][SY58] is let in by its invitation, whichever request on the way is cut, with the usual tries', async () => {
  const { circle, founder } = foundTestCircle();
  const atHub = founder.on(url);
  await atHub.store.list('heads/');
  let cuts = 0;
  // A challenge, a session, a refusal, the invitation, and the list.
  for (let request = 0; request < 5; request += 1) {
    for (const where of places) {
      const { json } = await atHub.session.send({ method: 'POST', path: '/invitations', json: {} });
      const device = newTestDevice(circle);
      const http = testHubHttp(network.url, { tries: 3, firstWaitMs: 1 });
      const session = createHubSession({ http, device, crypto: engine.crypto, token: String(json['token']) });
      network.begin();
      network.ways.cut = { request, where };
      expect(await createHubRemoteStore(session).list('heads/')).toEqual([]);
      cuts += network.counted().cuts;
    }
  }
  expect(cuts).toBe(15);
});

it('[HB10] [SY58] founds a circle, whichever request on the way is cut', async () => {
  let cuts = 0;
  // A challenge and a session, a refusal, a challenge and a session of the founder, the founding, and the list.
  const requests = 7;
  for (let request = 0; request < requests; request += 1) {
    for (const where of places) {
      const { circle, founder } = foundTestCircle();
      const http = testHubHttp(network.url, { tries: 3, firstWaitMs: 1 });
      const session = createHubSession({ http, device: founder, crypto: engine.crypto, token: '' });
      network.begin();
      network.ways.cut = { request, where };
      expect(await createHubRemoteStore(session).list('heads/')).toEqual([]);
      cuts += network.counted().cuts;
      const devices = await storage.devices.devices(circle.id);
      expect(devices).toMatchObject([{ replica: founder.replica, role: 'administrator', removedAt: null }]);
    }
  }
  expect(cuts).toBe(requests * places.length);
});

it('[HB11] [HB13] removes a device, wherever the request is cut, and tells the others once it is gone', async () => {
  const { circle, founder } = foundTestCircle();
  const http = testHubHttp(network.url, { tries: 3, firstWaitMs: 1 });
  const session = createHubSession({ http, device: founder, crypto: engine.crypto, token: '' });
  await session.send({ method: 'GET', path: '' });
  let cuts = 0;
  for (const where of places) {
    const { json } = await session.send({ method: 'POST', path: '/invitations', json: {} });
    const device = newTestDevice(circle);
    const { store } = device.on(url, String(json['token']));
    await store.list('heads/');
    network.begin();
    network.ways.cut = { request: 0, where };
    expect((await session.send({ method: 'DELETE', path: `/devices/${device.replica}` })).status).toBe(204);
    cuts += network.counted().cuts;
    await expect(store.list('heads/')).rejects.toMatchObject({ hubCode: 'device-removed' });
    expect(await storage.devices.device(circle.id, device.replica)).toMatchObject({ removedBy: founder.replica });
  }
  expect(cuts).toBe(places.length);
});

describe('the news socket', () => {
  const clock = {
    after(delayMs: number, act: () => void) {
      // What is waited for comes soon; polls and silences never.
      if (delayMs > 10_000) return () => undefined;
      const timer = setTimeout(act, Math.min(delayMs, 20));
      return () => clearTimeout(timer);
    },
  };
  /** Hints of a socket over the bad network, in order, as they come. */
  function listen(device: TestDevice) {
    const heard: (readonly string[] | undefined)[] = [];
    let wake: () => void = () => undefined;
    const session = createHubSession({ http: testHubHttp(network.url), device, crypto: engine.crypto, token: '' });
    const watch = watchHub({
      ...{ session, circle: device.circle, clock, chance: () => 0 },
      onHint(heads) {
        heard.push(heads);
        wake();
      },
    });
    return {
      watch,
      heard,
      /** Resolves once it has told of `head`. */
      async toldOf(head: string): Promise<void> {
        while (!heard.some((heads) => heads?.includes(head))) await new Promise<void>((resolve) => (wake = resolve));
      },
      /** Resolves once it has said so many times that something may have been missed. */
      async saidToLook(times: number): Promise<void> {
        const said = (): number => heard.filter((heads) => heads === undefined).length;
        while (said() < times) await new Promise<void>((resolve) => (wake = resolve));
      },
    };
  }
  async function pair() {
    const { circle, founder } = foundTestCircle();
    const { store, session } = founder.on(url);
    const { json } = await session.send({ method: 'POST', path: '/invitations', json: {} });
    const partner = newTestDevice(circle);
    await partner.on(url, String(json['token'])).store.list('heads/');
    return { founder, partner, store };
  }

  it('[HB31] that breaks comes back by itself, and says that something may have been missed', async () => {
    const { founder, partner, store } = await pair();
    const listening = listen(partner);
    await listening.saidToLook(1);
    for (let time = 1; time <= 3; time += 1) {
      const told = founder.head(2 * time);
      await store.putIfAbsent(told.name, told.bytes);
      await listening.toldOf(told.name);
      network.breakAll();
      const missed = founder.head(2 * time + 1);
      await store.putIfAbsent(missed.name, missed.bytes);
      // Not which: the listing is the truth.
      await listening.saidToLook(1 + time);
      expect(listening.watch.isLive()).toBe(true);
      expect((await store.list('heads/')).map(({ name }) => name)).toContain(missed.name);
    }
    listening.watch.dispose();
  });

  it('[HB31] opens, whichever request on the way to it is cut', async () => {
    const { partner } = await pair();
    let cuts = 0;
    // A challenge, a session, and the upgrade.
    for (let request = 0; request < 3; request += 1) {
      for (const where of places) {
        network.begin();
        network.ways.cut = { request, where };
        const listening = listen(partner);
        await listening.saidToLook(1);
        expect(listening.watch.isLive()).toBe(true);
        cuts += network.counted().cuts;
        listening.watch.dispose();
      }
    }
    expect(cuts).toBe(9);
  });
});

it('[SY36] believes no length: more or less than was announced is no object and no list', async () => {
  const raw = (length: number, type: string, body: string): string =>
    `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\n\r\n${body}`;
  const bytes = 'application/octet-stream';
  const list = '{"objects":[["heads/a",1]],"more":false}';
  let answer = '';
  const liar = createServer((request, response) => {
    request.resume();
    if (request.method === 'POST') {
      const json = request.url === '/v1/challenges' ? { challenge: 'c' } : { session: 's' };
      response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(json));
    } else response.socket!.end(answer);
  });
  await new Promise<void>((resolve) => liar.listen(0, '127.0.0.1', resolve));
  try {
    const { founder } = foundTestCircle();
    const { store } = founder.on(`http://127.0.0.1:${(liar.address() as AddressInfo).port}`);
    const { name } = founder.head(1);
    const away = { code: 'network-unreachable' };
    for (const length of [20, 10_000_000, 700_000_000]) {
      answer = raw(length, bytes, '0123456789');
      await expect(store.get(name)).rejects.toMatchObject(away);
    }
    for (const length of [list.length + 1, 1_000_000]) {
      answer = raw(length, 'application/json', list);
      await expect(store.list('heads/')).rejects.toMatchObject(away);
    }
    // Less than there is: what was announced is taken for the whole, and is no object.
    answer = raw(list.length - 5, 'application/json', list);
    await expect(store.list('heads/')).rejects.toMatchObject({ code: 'network-captive' });
    answer = raw(list.length, 'application/json', list);
    expect(await store.list('heads/')).toEqual([{ name: 'heads/a', sizeBytes: 1 }]);
  } finally {
    liar.closeAllConnections();
    await new Promise((resolve) => liar.close(resolve));
  }
});

it('[SY36] gets the rest of a large object after a cut, and says of what it sent twice that it stored it', async () => {
  const { founder } = foundTestCircle();
  await founder.on(url).store.list('heads/');
  const parts = await mkdtemp(joinPath(tmpdir(), 'workbench-parts-'));
  try {
    let received = 0;
    const onTraffic = (bytes: { readonly received: number }): void => void (received += bytes.received);
    const http = testHubHttp(network.url, { tries: 4, firstWaitMs: 1, onTraffic, partsFolder: parts });
    const session = createHubSession({ http, device: founder, crypto: engine.crypto, token: '' });
    const store = createHubRemoteStore(session);
    await store.list('heads/');
    const blob = founder.blob(random(600_000));
    network.begin();
    network.ways.cut = { request: 0, where: 'between' };
    expect(await store.putIfAbsent(blob.name, blob.bytes)).toBe('stored');
    expect(network.counted().cuts).toBe(1);
    expect(await store.putIfAbsent(blob.name, blob.bytes)).toBe('present');
    received = 0;
    network.begin();
    network.ways.cut = { request: 0, where: 'answer' };
    expect(await store.get(blob.name)).toEqual(blob.bytes);
    expect(network.counted().cuts).toBe(1);
    expect(received).toBeLessThan(blob.bytes.length * 1.2);
  } finally {
    await rm(parts, { recursive: true, force: true });
  }
});

it('[SY19] [SY36] brings a large original over links that are cut all the time, a part at a time', async () => {
  const parts = await mkdtemp(joinPath(tmpdir(), 'workbench-parts-'));
  const inParts = (store: RemoteStore): RemoteStore => createPartedRemoteStore(store, parts);
  try {
    let received = 0;
    const onTraffic = (bytes: { readonly received: number }): void => void (received += bytes.received);
    const sessions: HubSession[] = [];
    const amina = await party.add('amina', (circle) => {
      // Founded on the hub itself: an address is part of what is signed.
      sessions.push(sessionOf(circle, url), sessionOf(circle, network.url));
      return inParts(createHubRemoteStore(sessions[1]!));
    });
    await sessions[0]!.send({ method: 'GET', path: '' });
    const { json } = await sessions[0]!.send({ method: 'POST', path: '/invitations', json: {} });
    const bob = await party.add('bob', (circle) => {
      const more = { onTraffic, partsFolder: parts };
      return inParts(createHubRemoteStore(sessionOf(circle, network.url, String(json['token']), more)));
    });
    for (const member of [amina, bob, amina]) await untilInStep(member, 1);
    const content = random(2_500_000);
    const hash = await amina.circle.blobs.put(content);
    const record = amina.circle.newId();
    await amina.circle.write([{ record, type: 'document', field: 'document', over: [], value: hash }]);
    network.begin();
    network.ways.cutEvery = 650_000;
    await untilInStep(amina, 12);
    expect(network.counted().cuts).toBeGreaterThanOrEqual(3);
    expect(network.counted().sent).toBeLessThan(content.length * 1.4);
    network.ways.cutEvery = null;
    network.begin();
    // Within parts and between them.
    network.ways.cutAnswersAfter = 300_000;
    received = 0;
    await untilInStep(bob, 40);
    expect(network.counted().cuts).toBeGreaterThanOrEqual(5);
    expect(received).toBeLessThan(content.length * 1.1);
    expect(Buffer.from((await bob.circle.blobs.get(hash))!).equals(content)).toBe(true);
  } finally {
    await rm(parts, { recursive: true, force: true });
  }
});

it('[SY35] takes nothing from a sign-in page that answers in the place of the hub, and goes on afterwards', async () => {
  const { amina, join } = await gather();
  await amina.exchange.run();
  let isSignedIn = true;
  const page = '<!DOCTYPE html><html><body><p>Welcome. Room number?</p></body></html>';
  const fetchThrough: typeof fetch = async (input, init) =>
    isSignedIn ? fetch(input, init) : new Response(page, { headers: { 'content-type': 'text/html' } });
  const bob = await join('bob', url, { fetch: fetchThrough });
  await bob.exchange.run();
  await writeNote(amina, 'second');
  await amina.exchange.run();
  const before = stateOf(bob);
  isSignedIn = false;
  expect(await bob.exchange.run()).toMatchObject({ state: 'away', error: { code: 'network-captive' } });
  expect(stateOf(bob)).toBe(before);
  isSignedIn = true;
  await untilInStep(bob, 1);
  expect(stateOf(bob)).toBe(stateOf(amina));
});

it('[HB20] a hub that lost its last seconds in a power cut is filled again by the workbenches', async () => {
  const { amina, join } = await gather();
  await writeNote(amina, 'long ago');
  await amina.exchange.run();
  const { id } = amina.circle;
  const listed = async () => storage.objects.list(id, '', '', 1000);
  const old = await Promise.all(
    (await listed()).map(async (facts) => ({ ...facts, ...(await storage.objects.read(id, facts.name, 0, 1e6))! })),
  );
  await writeNote(amina, 'in the last second');
  await amina.exchange.run();
  // As a power cut leaves an embedded database: as it was a moment ago, all of it.
  for (const { name } of await listed()) await storage.objects.remove(id, name);
  for (const { name, signer, carrier, bytes } of old) {
    expect(await storage.objects.put({ circle: id, name, signer, carrier, bytes, at: 1 }, defaultLimits)).toBe(
      'stored',
    );
  }
  await amina.exchange.run();
  const bob = await join('bob', url);
  await untilInStep(bob, 1);
  await amina.exchange.run();
  expect(stateOf(bob)).toBe(stateOf(amina));
});
