/** What the owner of a hub may try: noticed, named, and harmless to what the workbenches hold. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { base32, type CircleId, type ReplicaId } from '../../shared/ids.ts';
import { encodeCircleObject } from '../../shared/sync/circle-object.ts';
import { encodeManifest } from '../../shared/sync/manifest.ts';
import { sealObject, type SealedObject } from '../../shared/sync/object-format.ts';
import { headName, nameHash, parseObjectName } from '../../shared/sync/object-name.ts';
import { deviceOf } from '../../electron/services/exchange/hub-kind.ts';
import { watchHub } from '../../electron/services/exchange/hub-news.ts';
import { createHubRemoteStore } from '../../electron/services/exchange/hub-remote-store.ts';
import { createHubSession, type HubSession } from '../../electron/services/exchange/hub-session.ts';
import type { ExchangeResult } from '../../electron/services/exchange/exchange.ts';
import { createParty, stateOf, writeNote, type Party, type PartyMember } from '../fakes/exchange-party.ts';
import { engine, foundTestCircle, random, testHubHttp } from '../fakes/hub-device.ts';
import { startHostileHub, type HostileHub } from '../fakes/hostile-hub.ts';

// Each request goes through a database in this process, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let hub: HostileHub;
let party: Party;
let amina: PartyMember;
let bob: PartyMember;
let founders: HubSession;
beforeAll(async () => {
  hub = await startHostileHub();
});
afterAll(() => hub?.dispose());
beforeEach(async () => {
  party = await createParty();
  const sessions: HubSession[] = [];
  amina = await party.add('amina', (circle) => {
    sessions.push(
      createHubSession({ http: testHubHttp(hub.url), device: deviceOf(circle), crypto: engine.crypto, token: '' }),
    );
    return createHubRemoteStore(sessions[0]!);
  });
  founders = sessions[0]!;
  bob = await join('bob');
  await writeNote(amina, 'known to both');
  for (const member of [amina, bob, amina]) expect((await member.exchange.run()).state).toBe('in-step');
});
afterEach(async () => {
  hub.beHonest();
  await party.dispose();
});

async function join(name: string): Promise<PartyMember> {
  const { json } = await founders.send({ method: 'POST', path: '/invitations', json: {} });
  const token = String(json['token']);
  return party.add(name, (circle) =>
    createHubRemoteStore(
      createHubSession({ http: testHubHttp(hub.url), device: deviceOf(circle), crypto: engine.crypto, token }),
    ),
  );
}

const codesOf = ({ setAside }: ExchangeResult): string[] => setAside.map(({ code }) => code);
const there = (prefix: string) => hub.storage.objects.list(amina.circle.id, prefix as 'heads/', '', 1000);
async function bytesOf(name: string): Promise<Uint8Array> {
  return (await hub.storage.objects.read(amina.circle.id, name, 0, 1e6))!.bytes;
}

/** What Amina puts; names of her newest head and segment. */
async function putByAmina(body: string): Promise<{ readonly head: string; readonly segment: string }> {
  const before = new Set((await there('')).map(({ name }) => name));
  await writeNote(amina, body);
  await amina.exchange.run();
  const fresh = (await there('')).map(({ name }) => name).filter((name) => !before.has(name));
  return {
    head: fresh.find((name) => name.startsWith('heads/'))!,
    segment: fresh.find((name) => name.startsWith('segments/'))!,
  };
}

/** Bob takes nothing in and loses nothing; returns what he is told. */
async function harmless(run = () => bob.exchange.run()): Promise<ExchangeResult> {
  const before = stateOf(bob);
  const result = await run();
  expect(stateOf(bob)).toBe(before);
  return result;
}

/** As soon as the hub is honest everything is where it belongs, and nothing is set aside any more. */
async function mended(): Promise<void> {
  hub.beHonest();
  for (const member of [amina, bob, amina, bob]) await member.exchange.run({ check: true });
  expect(await bob.exchange.run()).toMatchObject({ state: 'in-step', setAside: [] });
  expect(stateOf(bob)).toBe(stateOf(amina));
}

describe('the owner of a hub', () => {
  it('[SY11] alters objects', async () => {
    const { head, segment } = await putByAmina('to be altered');
    for (const [name, at] of [
      [head, 90],
      [head, -1],
      [segment, 70],
      [segment, -70],
    ] as const) {
      hub.ways.read = (each, bytes) => {
        if (each !== name || bytes === null) return bytes;
        const altered = bytes.slice();
        altered.set([bytes.at(at)! ^ 1], at < 0 ? bytes.length + at : at);
        return altered;
      };
      expect(codesOf(await harmless())).toEqual(['altered']);
    }
    hub.ways.read = (each, bytes) => (each === segment ? bytes!.slice(0, -20) : bytes);
    expect(codesOf(await harmless())).toEqual(['truncated']);
    await mended();
  });

  it('[SY3] [SY4] swaps objects', async () => {
    const { head, segment } = await putByAmina('to be swapped');
    const swappedHead = await bytesOf(head);
    hub.ways.read = (each, bytes) => (each === segment ? swappedHead : bytes);
    expect(codesOf(await harmless())).toEqual(['altered']);
    hub.beHonest();
    const hashes: string[] = [];
    for (const text of ['One document. ', 'Another one, which is longer. ']) {
      const hash = await amina.circle.blobs.put(new TextEncoder().encode(text.repeat(50)));
      hashes.push(hash);
      const record = amina.circle.newId();
      await amina.circle.write([{ record, type: 'document', field: 'document', over: [], value: hash }]);
    }
    await amina.exchange.run();
    const [one, two] = (await there('blobs/')).map(({ name }) => name);
    const swapped = new Map([
      [one!, await bytesOf(two!)],
      [two!, await bytesOf(one!)],
    ]);
    hub.ways.read = (each, bytes) => swapped.get(each) ?? bytes;
    expect(codesOf(await bob.exchange.run())).toEqual(['forged', 'forged']);
    for (const hash of hashes) expect(await bob.circle.blobs.has(hash)).toBe(false);
    await mended();
    for (const hash of hashes) expect(await bob.circle.blobs.has(hash)).toBe(true);
  });

  it('[SY55] [SY56] withholds objects', async () => {
    const { segment } = await putByAmina('to be withheld');
    hub.ways.read = (each, bytes) => (each === segment ? null : bytes);
    expect(codesOf(await harmless())).toEqual(['missing']);
    // What others write arrives all the same.
    const carla = await join('carla');
    await writeNote(carla, 'from Carla');
    await carla.exchange.run();
    const result = await bob.exchange.run();
    expect(result.received).toBeGreaterThan(0);
    expect(codesOf(result)).toContain('missing');
    await mended();
  });

  it('[SY57] shows an old state again, heads and all', async () => {
    const [old] = (await there('heads/')).filter(({ name }) => name.includes(amina.circle.replica));
    const oldBytes = await bytesOf(old!.name);
    const { head } = await putByAmina('forgotten by the hub');
    await bob.exchange.run();
    hub.ways.list = (listed) => listed.map((each) => (each.name === head ? old! : each));
    hub.ways.read = (each, bytes) => (each === old!.name ? oldBytes : bytes);
    expect(codesOf(await harmless())).toEqual(['remote-old-state']);
    hub.ways.list = (listed) => listed.filter(({ name }) => !name.startsWith('heads/'));
    expect(codesOf(await harmless())).toContain('remote-old-state');
    await mended();
  });

  it('[SY11] invents objects, in the name of a member and of somebody else', async () => {
    const seed = random(32);
    const publicKey = engine.crypto.publicKeyOf(seed);
    const strange = base32(engine.crypto.sha256(publicKey)).slice(0, 26) as ReplicaId;
    const manifest = encodeManifest({
      tip: 'a'.repeat(64) as never,
      segments: [{ from: 1, to: 9, hash: 'b'.repeat(26), sizeBytes: 100 }],
    });
    const about = {
      kind: 'head',
      circle: amina.circle.id,
      epoch: 1,
      key: random(32),
      from: 1,
      to: 9,
      body: manifest,
    } as const;
    const byStranger = sealObject({ ...about, signer: { replica: strange, publicKey, seed } }, engine);
    const [ofAmina] = (await there('heads/')).filter(({ name }) => name.includes(amina.circle.replica));
    const resigned = await bytesOf(ofAmina!.name);
    resigned[resigned.length - 1]! ^= 1;
    const signedOver: SealedObject = {
      name: headName(amina.circle.replica, 98, nameHash(engine.crypto.sha256(resigned))),
      bytes: resigned,
    };
    const garbage = random(200);
    const inTheirName: SealedObject = {
      name: headName(amina.circle.replica, 99, nameHash(engine.crypto.sha256(garbage))),
      bytes: garbage,
    };
    const invented = [byStranger, signedOver, inTheirName];
    const noNames = ['heads/..', 'heads/../../circle', 'heads/', '', 'circle', `heads/${strange}-1-x`];
    const shown = [...invented.map(({ name }) => name), ...noNames].map((name) => ({ name, sizeBytes: 200 }));
    hub.ways.list = (listed, prefix) => (prefix === 'heads/' ? [...listed, ...shown] : listed);
    hub.ways.read = (each, bytes) => invented.find(({ name }) => name === each)?.bytes ?? bytes;
    const told = await harmless();
    const codeOf = ({ name }: SealedObject) => told.setAside.find(({ object }) => object === name)?.code;
    expect(codeOf(byStranger)).toBe('wrong-key');
    expect(codeOf(signedOver)).toBe('forged');
    expect(codeOf(inTheirName)).toBe('not-an-object');
    expect(await bob.exchange.run()).toMatchObject({ state: 'in-step' });
    await mended();
  });

  it('[SY11] [SY16] shows what belongs to another circle', async () => {
    const { founder } = foundTestCircle();
    const [head, segment] = [founder.head(3), founder.segment(1, 3, random(200))];
    const foreign = [head, segment];
    hub.ways.list = (listed, prefix) => [
      ...listed,
      ...foreign
        .filter(({ name }) => name.startsWith(prefix))
        .map(({ name, bytes }) => ({ name, sizeBytes: bytes.length })),
    ];
    hub.ways.read = (each, bytes) => foreign.find(({ name }) => name === each)?.bytes ?? bytes;
    const told = await harmless(() => bob.exchange.run({ check: true }));
    expect(told.setAside.find(({ object }) => object === head.name)?.code).toBe('other-circle');
    // The object by which a circle is known, of another one: whoever comes anew puts nothing there.
    hub.beHonest();
    const carla = await join('carla');
    await writeNote(carla, 'not for that circle');
    const before = (await there('')).map(({ name }) => name);
    hub.ways.read = (each, bytes) =>
      each === 'circle' ? encodeCircleObject({ circle: 'a'.repeat(26) as CircleId, store: 'b'.repeat(26) }) : bytes;
    expect(await carla.exchange.run()).toMatchObject({ state: 'trouble', error: { code: 'folder-other-circle' } });
    expect((await there('')).map(({ name }) => name)).toEqual(before);
    hub.beHonest();
    await carla.exchange.run();
    await mended();
  });

  it('[SY51] [HB31] lies in its news', async () => {
    const stranger = 'c'.repeat(26) as ReplicaId;
    const news = [
      headName(stranger, 7, 'd'.repeat(26)),
      headName(bob.circle.replica, 900, 'd'.repeat(26)),
      headName(amina.circle.replica, 900, 'd'.repeat(26)),
      'heads/../../circle',
      'segments/x',
      '',
    ];
    expect(await harmless(() => bob.exchange.run({ news }))).toMatchObject({
      state: 'in-step',
      setAside: [],
      notices: [],
    });
    // Told nothing at all, the listing tells.
    await putByAmina('not told of');
    expect(await bob.exchange.run()).toMatchObject({ received: 1 });
    await mended();
  });

  it('[SY55] acknowledges what it does not keep', async () => {
    hub.ways.keeps = () => false;
    await writeNote(amina, 'thrown away');
    expect((await amina.exchange.run()).state).toBe('in-step');
    // What it had before was replaced, and the next listing lacks both.
    expect(codesOf(await harmless())).toEqual(['remote-old-state']);
    await amina.exchange.run();
    hub.beHonest();
    await amina.exchange.run();
    expect((await bob.exchange.run()).received).toBe(1);
    await mended();
  });

  it('[HB13] says of a device that it was removed, or never admitted', async () => {
    await writeNote(bob, 'kept meanwhile');
    for (const [caller, code] of [
      [(each: unknown) => ({ ...(each as object), removedAt: 1 }), 'hub-device-removed'],
      [() => null, 'hub-not-admitted'],
    ] as const) {
      hub.ways.caller = caller as never;
      expect(await harmless()).toMatchObject({ error: { code } });
    }
    hub.beHonest();
    expect(await bob.exchange.run()).toMatchObject({ state: 'in-step', sent: 1 });
    await mended();
  });

  it('[HB1] [SY43] reads nothing of what it holds, names of people included', async () => {
    await writeNote(amina, 'The delegation will oppose paragraph 12');
    const content = new TextEncoder().encode('Confidential draft of the region. '.repeat(20));
    const hash = await amina.circle.blobs.put(content);
    const record = amina.circle.newId();
    await amina.circle.write([{ record, type: 'document', field: 'document', over: [], value: hash }]);
    await amina.exchange.run({ check: true });
    const objects = await there('');
    expect(new Set(objects.map(({ name }) => parseObjectName(name)?.kind))).toEqual(
      new Set(['circle', 'head', 'segment', 'receipt', 'blob']),
    );
    const words = ['oppose', 'paragraph', 'Confidential', 'Person amina', 'Delegation', 'Région', hash, 'draft'];
    for (const { name } of objects) {
      const bytes = Buffer.from(await bytesOf(name));
      for (const word of words) expect(bytes.includes(word) || name.includes(word), `${word} in ${name}`).toBe(false);
    }
  });
});

it('[HB30] [HB31] a news socket that says anything it likes gives hints at most', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const said = [
    '{',
    'null',
    '[]',
    '"heads"',
    '{"type":"heads"}',
    '{"type":"heads","names":"x"}',
    '{"type":"heads","names":[1]}',
    '{"type":"something newer"}',
    '{"type":"heads","names":["heads/x"]}',
    '{"type":"devices"}',
  ];
  let connections = 0;
  server.on('connection', (socket) => {
    connections += 1;
    if (connections > 1) return;
    for (const each of said) socket.send(each);
    // More than any news has: the connection is given up, and made again.
    socket.send('x'.repeat(100_000));
  });
  const hints: (readonly string[] | undefined)[] = [];
  const session = { origin: `http://127.0.0.1:${port}`, token: async () => 'token', forget: () => undefined };
  const clock = {
    after(delayMs: number, act: () => void) {
      const timer = setTimeout(act, Math.min(delayMs, 10));
      return () => clearTimeout(timer);
    },
  };
  const quiet = {
    after: (delayMs: number, act: () => void) => (delayMs > 10_000 ? () => undefined : clock.after(delayMs, act)),
  };
  const watch = watchHub({
    ...{ session: session as unknown as HubSession, circle: 'a'.repeat(26), clock: quiet, chance: () => 0 },
    onHint: (heads) => void hints.push(heads),
  });
  while (connections < 2) await once(server, 'connection');
  expect(hints).toEqual([['heads/x'], undefined]);
  expect(watch.isLive()).toBe(false);
  watch.dispose();
  for (const client of server.clients) client.terminate();
  await new Promise((resolve) => server.close(resolve));
});
