/**
 * A bit flips on a server, and the object is as long as before. Its owner, who looks at sizes alone there, hears of it from
 * whoever reads it; and a device that names what is sound makes nobody put anything.
 */
import { randomBytes } from 'node:crypto';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpTransport } from '../electron/services/exchange/http-transport.ts';
import { createS3Client } from '../electron/services/exchange/s3-client.ts';
import { createS3RemoteStore } from '../electron/services/exchange/s3-remote-store.ts';
import { createWebdavClient } from '../electron/services/exchange/webdav-client.ts';
import { createWebdavRemoteStore } from '../electron/services/exchange/webdav-remote-store.ts';
import { WorkbenchError } from '../shared/contract/errors.ts';
import { encodeReceipt, nameOfSegment } from '../shared/sync/manifest.ts';
import { sealObject } from '../shared/sync/object-format.ts';
import { parseObjectName } from '../shared/sync/object-name.ts';
import type { RemoteStore } from '../shared/sync/remote-store.ts';
import { createParty, stateOf, writeNote, type Party, type PartyMember } from './fakes/exchange-party.ts';
import { createMemoryRemoteStore } from './fakes/memory-remote-store.ts';
import { createWebdavPlace } from './fakes/webdav-place.ts';
import { startS3 } from './servers/s3.ts';

const hourMs = 60 * 60 * 1000;
const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
const partsFolder = join(tmpdir(), 'no-parts');
const dear = () => createMemoryRemoteStore(new Map(), { cheapReads: false });

interface Place {
  readonly store: RemoteStore;
  readonly objects: Map<string, Uint8Array>;
  dispose(): Promise<void>;
}

const transportOf = (fetch: typeof globalThis.fetch) =>
  createHttpTransport({ fetch, after: () => () => undefined, chance: () => 0.5, onTraffic: () => undefined });

const places: readonly { readonly name: string; open(): Promise<Place> }[] = [
  {
    name: 'memory',
    async open() {
      const store = dear();
      return { store, objects: store.objects, dispose: async () => undefined };
    },
  },
  {
    name: 'WebDAV',
    async open() {
      const { fetch, files } = createWebdavPlace(() => 0);
      const access = { url: 'https://dav.example/dav/', user: 'a', password: 'b' };
      const client = createWebdavClient({ ...access, transport: transportOf(fetch), partsFolder });
      const store = createWebdavRemoteStore({ client, owner: 'test', random });
      return { store, objects: files, dispose: async () => undefined };
    },
  },
  {
    name: 'S3',
    async open() {
      const server = await startS3();
      const { endpoint, bucket, accessKey, secretKey } = server;
      const access = { endpoint, region: '', bucket, accessKey, secretKey, now: Date.now };
      const client = createS3Client({ ...access, transport: transportOf(fetch), partsFolder });
      const store = createS3RemoteStore(client, '');
      return { store, objects: server.objects, dispose: () => server.stop() };
    },
  },
];

let party: Party;
let place: Place | null = null;
beforeEach(async () => {
  party = await createParty();
});
afterEach(async () => {
  await party.dispose();
  await place?.dispose();
  place = null;
});

/** The same length, another bit. */
function flip(objects: Map<string, Uint8Array>, name: string): void {
  const bytes = objects.get(name)!.slice();
  bytes[bytes.length >> 1]! ^= 1;
  objects.set(name, bytes);
}

function memoryOf({ memory, circle }: PartyMember) {
  return memory.state!.published.find(({ replica }) => replica === circle.replica)!;
}

function ownSegment(member: PartyMember): string {
  const branch = memoryOf(member);
  return nameOfSegment(branch.replica, branch.segments.at(-1)!);
}

async function check(...members: readonly PartyMember[]): Promise<void> {
  for (const { exchange } of members) {
    party.clock.now += 1000;
    const { error } = await exchange.run({ check: true });
    if (error) throw error;
  }
}

const codes = ({ memory }: PartyMember): string[] => memory.state!.setAside.map(({ code }) => code);

describe.each(places)('an object that is changed and as long as before: $name', ({ open }) => {
  it.each(['has opened none', 'has opened an epoch of which nobody knows'])(
    '[SY65] [SY83] is named by whoever waits for the key that it gives, and %s',
    async (who) => {
      place = await open();
      const { store, objects } = place;
      const amina = await party.add('amina', store);
      const bob = await party.add('bob', store);
      await check(amina, bob, amina);
      const administrator = { record: amina.circle.newId(), type: 'grant', field: 'person', value: bob.circle.person };
      await amina.circle.write([{ ...administrator, over: [] }]);
      await check(amina, bob);
      const before = new Set(objects.keys());
      await amina.circle.write(await amina.circle.epochs.openingOps(new Set()));
      await writeNote(amina, 'Of access for everybody');
      await check(amina);
      const giving = memoryOf(amina).segments.findLast(({ epoch }) => epoch === undefined)!;
      const damaged = nameOfSegment(amina.circle.replica, giving);
      expect(before.has(damaged)).toBe(false);
      flip(objects, damaged);
      if (who !== 'has opened none') await bob.circle.write(await bob.circle.epochs.openingOps(new Set()));
      await writeNote(bob, 'Of the library');
      party.clock.now += 1000;
      expect((await bob.exchange.run({ check: true })).error?.code).toBe('key-missing');
      await check(amina);
      expect(objects.has(damaged)).toBe(false);
      for (let round = 0; round < 2; round += 1) await check(bob, amina);
      expect(stateOf(bob)).toContain('Of access for everybody');
      expect(stateOf(amina)).toBe(stateOf(bob));
    },
  );

  it('[SY65] is named by its owner, whose disk was put back and has it no more (fuzz, seed 26)', async () => {
    place = await open();
    const { store, objects } = place;
    const amina = await party.add('amina', store);
    const bob = await party.add('bob', store);
    await check(amina, bob, amina);
    const backup = { state: structuredClone(amina.memory.state) };
    await cp(amina.folder, party.folderOf('amina put back'), { recursive: true });
    await writeNote(amina, 'Of the lost disk');
    await check(amina, bob);
    const lost = ownSegment(amina);
    await party.close(amina);
    flip(objects, lost);
    const again = await party.reopen('amina put back', store, backup);
    for (let round = 0; round < 5; round += 1) {
      // Whoever passes it on waits for an hour, in case its owner does.
      party.clock.now += hourMs;
      await check(again, bob);
    }
    expect(stateOf(again)).toContain('Of the lost disk');
    expect(stateOf(bob)).toBe(stateOf(again));
  });

  it('[SY65] is named by whoever reads it, and put again by its owner, who had not seen it', async () => {
    place = await open();
    const { store, objects } = place;
    const amina = await party.add('amina', store);
    await writeNote(amina, 'Of access for everybody');
    await check(amina);
    const damaged = ownSegment(amina);
    flip(objects, damaged);
    await check(amina);
    expect(ownSegment(amina)).toBe(damaged);

    const bob = await party.add('bob', store);
    await check(bob);
    expect(bob.memory.state!.setAside).toMatchObject([{ object: damaged, code: 'altered' }]);
    await check(amina);
    expect(ownSegment(amina)).not.toBe(damaged);
    expect(objects.has(damaged)).toBe(false);
    await check(bob);
    expect(codes(bob)).toEqual([]);
    await check(amina, bob);
    expect(stateOf(bob)).toBe(stateOf(amina));
    expect(amina.memory.state!.lookedAt).toEqual({});
  });
});

describe('an object that is changed and as long as before', () => {
  it('[SY65] [SY62] of a device that never comes back is passed on by who has its changes', async () => {
    const store = dear();
    const [amina, bob] = [await party.add('amina', store), await party.add('bob', store)];
    await writeNote(bob, 'Of access for everybody');
    await check(amina, bob, amina);
    const damaged = ownSegment(bob);
    flip(store.objects, damaged);
    const chen = await party.add('chen', store);
    await check(chen);
    expect(codes(chen)).toContain('altered');
    await check(amina, amina);
    party.clock.now += 2 * hourMs;
    await check(amina);
    await check(chen);
    expect(stateOf(chen)).toContain('Of access for everybody');
    expect(chen.circle.fold.gaps()).toEqual([]);
  });

  it('[SY65] [SY62] of a relay is put again by who had put it', async () => {
    const store = dear();
    const [amina, bob] = [await party.add('amina', store), await party.add('bob', store)];
    await writeNote(bob, 'Of access for everybody');
    await check(amina, bob, amina);
    for (const name of [...store.objects.keys()])
      if (name.includes(`/${bob.circle.replica}-`)) store.objects.delete(name);
    await check(amina);
    party.clock.now += 2 * hourMs;
    await check(amina);
    const [relay, ...more] = [...store.objects.keys()].filter((name) => name.includes(`/${bob.circle.replica}-`));
    expect(more).toEqual([]);
    flip(store.objects, relay!);
    const chen = await party.add('chen', store);
    await check(chen, chen);
    expect(codes(chen)).toContain('altered');
    for (let round = 0; round < 3; round += 1) {
      party.clock.now += 2 * hourMs;
      await check(amina);
    }
    expect(store.objects.has(relay!)).toBe(false);
    await check(chen);
    expect(stateOf(chen)).toBe(stateOf(amina));
  });

  it('[SY65] [SY18] of an original is put again by who had put it', async () => {
    const store = dear();
    const amina = await party.add('amina', store);
    const bytes = new TextEncoder().encode('1. We welcome access.');
    const content = await amina.circle.blobs.put(bytes);
    const record = amina.circle.newId();
    await amina.circle.write([{ record, type: 'document', field: 'document', over: [], value: content }]);
    await check(amina);
    const [blob] = [...store.objects.keys()].filter((name) => name.startsWith('blobs/'));
    flip(store.objects, blob!);
    const bob = await party.add('bob', store);
    await check(bob);
    expect(codes(bob)).toEqual(['altered']);
    await check(amina, bob);
    expect(codes(bob)).toEqual([]);
    expect(Uint8Array.from((await bob.circle.blobs.get(content))!)).toEqual(bytes);
  });

  it('[SY18] of an original that a hub keeps from who has it is taken away by an administrator (fuzz, seed 30)', async () => {
    const store = dear();
    const kept = new WorkbenchError('channel-refused', 'Only who brought it can remove it.', { kept: 1 });
    const hub: RemoteStore = {
      ...store,
      removeOwn: (name) => (name.startsWith('blobs/') ? Promise.reject(kept) : store.removeOwn(name)),
    };
    const [amina, bob] = [await party.add('amina', store), await party.add('bob', hub)];
    await check(amina, bob, amina);
    const bytes = new TextEncoder().encode('1. We welcome access.');
    const content = await bob.circle.blobs.put(bytes);
    const record = bob.circle.newId();
    await bob.circle.write([{ record, type: 'document', field: 'document', over: [], value: content }]);
    await check(bob);
    const [blob] = [...store.objects.keys()].filter((name) => name.startsWith('blobs/'));
    flip(store.objects, blob!);
    await check(amina, bob, amina);
    expect(Uint8Array.from((await amina.circle.blobs.get(content))!)).toEqual(bytes);
  });

  it('[SY65] that is none: naming sound objects costs their owner some reads in a day, and nothing is put', async () => {
    const store = dear();
    const [amina, eve] = [await party.add('amina', store), await party.add('eve', store)];
    for (let each = 0; each < 3; each += 1) {
      await writeNote(amina, `Note ${each}`);
      await check(amina, eve);
    }
    await check(amina);
    const { circle } = eve;
    const own = [...store.objects.keys()].filter((name) => {
      const parsed = parseObjectName(name);
      return (parsed?.kind === 'segment' || parsed?.kind === 'head') && parsed.replica === amina.circle.replica;
    });
    expect(own.length).toBeGreaterThan(1);
    /** What Amina does once Eve has said that all of that is damaged. */
    async function accused(number: number): Promise<{ readonly read: number; readonly put: number }> {
      const body = encodeReceipt({ tips: circle.fold.tips(), erased: [], damaged: own });
      const about = { kind: 'receipt', circle: circle.id, from: number, to: number, body } as const;
      const signer = circle.signers()[0]!;
      const receipt = sealObject({ ...about, ...circle.keys.current(), signer }, party.engine);
      await store.putIfAbsent(receipt.name, receipt.bytes);
      const from = store.operations.length;
      await check(amina);
      const done = store.operations.slice(from);
      return {
        read: done.filter(({ operation, name }) => operation === 'get' && own.includes(name)).length,
        put: done.filter(({ operation, name }) => operation === 'putIfAbsent' && !name.startsWith('receipts/')).length,
      };
    }
    expect(await accused(900)).toEqual({ read: own.length, put: 0 });
    expect(await accused(901)).toEqual({ read: 0, put: 0 });
    party.clock.now += 25 * hourMs;
    expect(await accused(902)).toEqual({ read: own.length, put: 0 });
  });
});
