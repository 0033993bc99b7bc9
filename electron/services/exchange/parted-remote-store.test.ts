import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { base32, type CircleId } from '../../../shared/ids.ts';
import { sealBlob, type SealedObject } from '../../../shared/sync/object-format.ts';
import { cutIntoParts } from '../../../shared/sync/object-parts.ts';
import type { RemoteStore } from '../../../shared/sync/remote-store.ts';
import { createMemoryRemoteStore, type MemoryRemoteStore } from '../../../test/fakes/memory-remote-store.ts';
import { describeRemoteStore } from '../../../test/contract/remote-store-suite.ts';
import { createPartedRemoteStore } from './parted-remote-store.ts';
import { compression, createSealingCrypto } from './sealing.ts';

const crypto = await createSealingCrypto();
const circle = base32(randomBytes(17)).slice(0, 26) as CircleId;
const key = crypto.random(32);
const seal = (content: Uint8Array): SealedObject =>
  sealBlob({ circle, epoch: 1, key, content }, { crypto, compression });
const inParts = { cheapReads: false, inParts: true };

let folder: string;
let memory: MemoryRemoteStore;
let store: RemoteStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workbench-parts-'));
  memory = createMemoryRemoteStore(new Map(), inParts);
  store = createPartedRemoteStore(memory, folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const done = (operation: string): string[] =>
  memory.operations.filter((each) => each.operation === operation).map(({ name }) => name);
/** The n-th operation of its kind fails, once. */
function failAt(operation: string, nth: number): void {
  let count = 0;
  memory.faults.before = (each) => {
    if (each !== operation) return;
    count += 1;
    if (count === nth) throw new Error('cut');
  };
}

it('[SY93] removes what is there of one that nobody finished, what was got of it, and what others let it', async () => {
  const blob = seal(new Uint8Array(randomBytes(1_700_000)));
  const parts = cutIntoParts(blob, crypto)!;
  await store.putIfAbsent(blob.name, blob.bytes);
  failAt('get', 3);
  await expect(store.get(blob.name)).rejects.toThrow('cut');
  expect(await readdir(folder)).not.toEqual([]);
  memory.objects.delete(parts[0]!.name);
  expect(await store.list('blobs/')).toEqual([]);
  const kept = new WorkbenchError('not-allowed', 'It is another device’s.', { kept: parts[1]!.name });
  memory.faults.before = (operation, name) => {
    if (operation === 'removeOwn' && name === parts[1]!.name) throw kept;
  };
  await expect(store.removeOwn(blob.name)).rejects.toBe(kept);
  expect([...memory.objects.keys()]).toEqual([parts[1]!.name]);
  expect((await readdir(folder)).filter((name) => name.startsWith('part-'))).toEqual([]);
});

it('[SY19] takes away parts to which none came for two weeks, and none sooner', async () => {
  const clock = { now: 1_800_000_000_000 };
  const open = (): RemoteStore => createPartedRemoteStore(memory, folder, () => clock.now);
  const days = (count: number): void => void (clock.now += count * 24 * 60 * 60 * 1000);
  const blob = seal(new Uint8Array(randomBytes(1_700_000)));
  const other = seal(new Uint8Array(randomBytes(1_700_000)));
  const [first, second] = cutIntoParts(blob, crypto)!;
  const given = cutIntoParts(other, crypto)![2]!;
  memory.objects.set(first!.name, first!.bytes);
  memory.objects.set(given.name, given.bytes);
  await open().list('blobs/');
  days(10);
  // One of the two goes on.
  memory.objects.set(second!.name, second!.bytes);
  await open().list('blobs/');
  days(5);
  await open().list('blobs/');
  expect([...memory.objects.keys()]).toEqual([first!.name, second!.name]);
  // What is another device's to take away keeps nobody from reading.
  memory.faults.readOnly = true;
  days(10);
  expect(await open().list('blobs/')).toEqual([]);
  expect(memory.objects.size).toBe(2);
  memory.faults.readOnly = false;
  await open().list('blobs/');
  expect(memory.objects.size).toBe(2);
  days(14);
  await open().list('blobs/');
  expect(memory.objects.size).toBe(0);
  // And whoever comes back sends it all.
  await open().putIfAbsent(blob.name, blob.bytes);
  days(30);
  expect(await open().list('blobs/')).toEqual([{ name: blob.name, sizeBytes: blob.bytes.length }]);
});

describe('a store with large originals in parts', () => {
  const blob = seal(new Uint8Array(randomBytes(1_700_000)));
  const names = cutIntoParts(blob, crypto)!.map(({ name }) => name);

  it('[SY19] puts parts and shows the whole', async () => {
    expect(await store.putIfAbsent(blob.name, blob.bytes)).toBe('stored');
    expect([...memory.objects.keys()]).toEqual(names);
    expect(names).toHaveLength(4);
    expect(await store.list('blobs/')).toEqual([{ name: blob.name, sizeBytes: blob.bytes.length }]);
    expect(Buffer.from((await store.get(blob.name))!).equals(blob.bytes)).toBe(true);
    expect(await store.putIfAbsent(blob.name, blob.bytes)).toBe('present');
    // Without having listed, and where nothing is put in parts.
    const other = createPartedRemoteStore(createMemoryRemoteStore(memory.objects), null);
    expect(Buffer.from((await other.get(blob.name))!).equals(blob.bytes)).toBe(true);
    await other.removeOwn(blob.name);
    expect(memory.objects.size).toBe(0);
    expect(await store.get(blob.name)).toBeNull();
  });

  it('[SY19] puts what is small whole, as it does where a link does not break', async () => {
    const small = seal(new Uint8Array(randomBytes(900_000)));
    await store.putIfAbsent(small.name, small.bytes);
    const local = createPartedRemoteStore(createMemoryRemoteStore(memory.objects), null);
    await local.putIfAbsent(blob.name, blob.bytes);
    expect([...memory.objects.keys()]).toEqual([small.name, blob.name]);
    expect(await store.putIfAbsent(blob.name, blob.bytes)).toBe('present');
    expect(Buffer.from((await store.get(blob.name))!).equals(blob.bytes)).toBe(true);
  });

  it('[SY19] goes on with the parts that are missing, also after a restart', async () => {
    failAt('putIfAbsent', 3);
    await expect(store.putIfAbsent(blob.name, blob.bytes)).rejects.toThrow('cut');
    expect(await store.list('blobs/')).toEqual([]);
    expect(await store.get(blob.name)).toBeNull();
    // What a store left that does not put all or nothing.
    memory.objects.set(names[2]!, new Uint8Array(100));
    const after = createPartedRemoteStore(memory, folder);
    expect(await after.putIfAbsent(blob.name, blob.bytes)).toBe('stored');
    expect(done('putIfAbsent')).toEqual(names);
    expect(Buffer.from((await after.get(blob.name))!).equals(blob.bytes)).toBe(true);
  });

  it('[SY19] gets each part once, also over a restart, and leaves nothing behind', async () => {
    await store.putIfAbsent(blob.name, blob.bytes);
    await store.list('blobs/');
    failAt('get', 3);
    await expect(store.get(blob.name)).rejects.toThrow('cut');
    const after = createPartedRemoteStore(memory, folder);
    await after.list('blobs/');
    expect(Buffer.from((await after.get(blob.name))!).equals(blob.bytes)).toBe(true);
    expect(done('get')).toEqual(names);
    expect(await readdir(folder)).toEqual([]);
  });

  it('[SY19] never mixes parts of two that were sealed differently', async () => {
    const [begin, end] = [blob.bytes.slice(0, 60), blob.bytes.slice(60)];
    const other = { name: blob.name, bytes: new Uint8Array([...begin, ...end.map((byte) => byte ^ 1)]) };
    const [first, ...others] = cutIntoParts(other, crypto)!;
    await memory.putIfAbsent(first!.name, first!.bytes);
    await store.putIfAbsent(blob.name, blob.bytes);
    expect(Buffer.from((await store.get(blob.name))!).equals(blob.bytes)).toBe(true);
    for (const each of others) await memory.putIfAbsent(each.name, each.bytes);
    // Both whole: everybody takes the same one.
    const [chosen] = [names[0]!, first!.name].sort();
    const expected = chosen === names[0] ? blob.bytes : other.bytes;
    for (const each of [store, createPartedRemoteStore(memory, null)]) {
      await each.list('blobs/');
      expect(Buffer.from((await each.get(blob.name))!).equals(expected)).toBe(true);
    }
    await store.removeOwn(blob.name);
    expect(memory.objects.size).toBe(0);
  });
});

describeRemoteStore('memory, with large originals in parts', async () => {
  const objects = new Map<string, Uint8Array>();
  const stores = [createMemoryRemoteStore(objects, inParts)];
  const setAway = (away: boolean): void => {
    for (const each of stores) each.faults.away = away;
  };
  return {
    store: createPartedRemoteStore(stores[0]!, null),
    again() {
      const other = createMemoryRemoteStore(objects, inParts);
      stores.push(other);
      return createPartedRemoteStore(other, null);
    },
    plant: async (name, bytes) => void objects.set(name, bytes),
    takeAway: async () => setAway(true),
    bringBack: async () => setAway(false),
    dispose: async () => undefined,
  };
});
