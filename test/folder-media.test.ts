/**
 * Folders on media that come and go, cannot be written, are full, or have no hard links. Real mounts where this process
 * may mount (as root, and never in a place that is anybody's); otherwise those tests are skipped.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFolderRemoteStore } from '../electron/services/exchange/folder-remote-store.ts';
import { headName, segmentName } from '../shared/sync/object-name.ts';
import type { ReplicaId } from '../shared/ids.ts';
import { describeRemoteStore } from './contract/remote-store-suite.ts';
import { createFatRules } from './fakes/fat-rules.ts';
import { createParty, stateOf, writeNote, type Party } from './fakes/exchange-party.ts';

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
const replica = 'abcdefghijklmnopqrstuvwxyz' as ReplicaId;
const failing = (code: string) => async (): Promise<void> => {
  throw Object.assign(new Error(code), { code });
};

describeRemoteStore(
  'folder with the rules of FAT',
  async () => {
    const root = await mkdtemp(join(tmpdir(), 'workbench-fat-'));
    const files = createFatRules();
    return {
      store: createFolderRemoteStore({ folder: root, owner: 'one', random, files }),
      again: () => createFolderRemoteStore({ folder: root, owner: 'two', random, files }),
      async plant(name, bytes) {
        await mkdir(dirname(join(root, name)), { recursive: true });
        await writeFile(join(root, name), bytes);
      },
      takeAway: async () => undefined,
      bringBack: async () => undefined,
      dispose: () => rm(root, { recursive: true, force: true }),
    };
  },
  // Looking and renaming are two steps there; objects are named by their bytes, so that either of two is right.
  { without: ['races', 'being away'] },
);

describe('names on a medium', () => {
  it('[SY1] fit FAT and encrypted shares: no reserved character, none that differs by case alone, at most 143 bytes', async () => {
    const longest = segmentName(replica, 999_999_999_999_998, 999_999_999_999_999, 'a'.repeat(26));
    const folder = await mkdtemp(join(tmpdir(), 'workbench-names-'));
    const seen: string[] = [];
    const link = async (temporary: string, path: string): Promise<void> => {
      seen.push(temporary, path);
      await failing('ENOTSUP')();
    };
    try {
      await createFolderRemoteStore({ folder, owner: replica, random, files: { link } }).putIfAbsent(
        longest,
        new Uint8Array(3),
      );
      expect(seen).toHaveLength(2);
      for (const name of seen.map((path) => path.slice(dirname(path).length + 1))) {
        expect(name).toMatch(/^[a-z0-9.-]{1,143}$/);
        expect(name).not.toMatch(/\.$|^(con|prn|aux|nul|com\d|lpt\d)$/);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'UNKNOWN', 'EISDIR'])(
    'puts an object where hard links are answered with %s',
    async (code) => {
      const folder = await mkdtemp(join(tmpdir(), 'workbench-nolink-'));
      try {
        const store = createFolderRemoteStore({ folder, owner: 'one', random, files: { link: failing(code) } });
        const head = headName(replica, 1, 'a'.repeat(26));
        expect(await store.putIfAbsent(head, new Uint8Array([1]))).toBe('stored');
        expect(await store.putIfAbsent(head, new Uint8Array([2]))).toBe('present');
        expect(await readdir(join(folder, 'heads'))).toHaveLength(1);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );
});

describe('a stick with the rules of FAT', () => {
  let party: Party;
  let stick: string;
  beforeEach(async () => {
    party = await createParty();
    stick = await mkdtemp(join(tmpdir(), 'workbench-stick-'));
  });
  afterEach(async () => {
    await party.dispose();
    await rm(stick, { recursive: true, force: true });
  });
  const storeFor = (owner: string, files = createFatRules()) =>
    createFolderRemoteStore({ folder: stick, owner, random, files });

  it('[SY52] carries a circle, and what a system wrote in capitals is read all the same', async () => {
    const amina = await party.add('amina', storeFor('amina'));
    await writeNote(amina, 'on the stick');
    await amina.exchange.run();
    const bob = await party.add('bob', storeFor('bob'));
    await bob.exchange.run();
    expect(stateOf(bob)).toContain('on the stick');
    await writeNote(bob, 'and back');
    await bob.exchange.run();
    for (const name of await readdir(join(stick, 'heads'))) {
      await rename(join(stick, 'heads', name), join(stick, 'heads', name.toUpperCase()));
    }
    const chen = await party.add('chen', storeFor('chen'));
    for (const each of [chen, amina, bob, chen, amina]) {
      party.clock.now += 60_000;
      expect(await each.exchange.run({ check: true })).toMatchObject({ error: null, setAside: [] });
    }
    expect(stateOf(chen)).toContain('and back');
    expect(stateOf(amina)).toBe(stateOf(chen));
  });

  it('[SY31] refuses what is too large for it in words, and keeps no part of it', async () => {
    const store = storeFor('amina', createFatRules({ largestFileBytes: 1000 }));
    const name = segmentName(replica, 1, 2, 'a'.repeat(26));
    await expect(store.putIfAbsent(name, new Uint8Array(1001))).rejects.toMatchObject({ code: 'disk-full' });
    expect(await readdir(join(stick, 'segments'))).toEqual([]);
    expect(await store.putIfAbsent(name, new Uint8Array(1000))).toBe('stored');
  });

  it('[SY31] has given a name to somebody else in the moment between looking and renaming', async () => {
    const head = headName(replica, 1, 'a'.repeat(26));
    const rules = createFatRules();
    const files = {
      ...rules,
      async rename(from: string, to: string) {
        await writeFile(to, 'theirs');
        await rules.rename(from, to);
      },
    };
    expect(await storeFor('amina', files).putIfAbsent(head, new Uint8Array([1]))).toBe('present');
    expect(await readdir(join(stick, 'heads'))).toHaveLength(1);
  });
});

const canMount = ((): boolean => {
  if (process.getuid?.() !== 0 || process.platform !== 'linux') return false;
  const place = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'workbench-test', place], { stdio: 'ignore' });
    execFileSync('umount', [place], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    execFileSync('rmdir', [place]);
  }
})();

describe.skipIf(!canMount)('a medium', () => {
  let party: Party;
  let root: string;
  let stick: string;
  let place: string;
  let mounted = false;
  const mount = (...options: string[]): void => {
    execFileSync('mount', [...options, place]);
    mounted = true;
  };
  const unmount = (): void => {
    if (mounted) execFileSync('umount', [place]);
    mounted = false;
  };
  beforeEach(async () => {
    party = await createParty();
    root = await mkdtemp(join(tmpdir(), 'workbench-medium-'));
    stick = join(root, 'stick');
    place = join(root, 'place');
    await mkdir(stick);
    await mkdir(place);
  });
  afterEach(async () => {
    await party.dispose();
    unmount();
    await rm(root, { recursive: true, force: true });
  });
  const storeFor = (owner: string) => createFolderRemoteStore({ folder: place, owner, random });

  it('[SY17] that is pulled out leaves an empty folder, into which nothing is written, and is gone on with when it is back', async () => {
    mount('--bind', stick);
    const amina = await party.add('amina', storeFor('amina'));
    await amina.exchange.run();
    unmount();
    await writeNote(amina, 'while it was out');
    const out = await amina.exchange.run();
    expect(out).toMatchObject({ state: 'trouble', error: { code: 'folder-not-a-circle' } });
    expect(await readdir(place)).toEqual([]);
    mount('--bind', stick);
    expect(await amina.exchange.run()).toMatchObject({ state: 'in-step', sent: 1 });
    const bob = await party.add('bob', storeFor('bob'));
    await bob.exchange.run();
    await amina.exchange.run();
    expect(stateOf(bob)).toBe(stateOf(amina));
  });

  it('[SY52] that can only be read is read, and says why nothing is sent', async () => {
    mount('--bind', stick);
    const amina = await party.add('amina', storeFor('amina'));
    await writeNote(amina, 'on the stick');
    await amina.exchange.run();
    execFileSync('mount', ['-o', 'remount,bind,ro', place]);
    const bob = await party.add('bob', storeFor('bob'));
    const read = await bob.exchange.run();
    expect(read).toMatchObject({ state: 'trouble', error: { code: 'destination-not-writable' } });
    expect(read.received).toBeGreaterThan(0);
    expect(bob.circle.fold.recordsOfType('draft')).toHaveLength(1);
    execFileSync('mount', ['-o', 'remount,bind,rw', place]);
    expect(await bob.exchange.run()).toMatchObject({ state: 'in-step' });
  });

  it('[SY31] that is full keeps whole objects alone, is still read, and is gone on with when there is room', async () => {
    mount('-t', 'tmpfs', '-o', 'size=48k', 'workbench-test');
    const amina = await party.add('amina', storeFor('amina'));
    await amina.exchange.run();
    const bob = await party.add('bob', storeFor('bob'));
    await bob.exchange.run();
    await writeNote(amina, 'before it was full');
    await amina.exchange.run();
    await writeNote(bob, randomBytes(60_000).toString('hex'));
    const full = await bob.exchange.run();
    expect(full).toMatchObject({ error: { code: 'disk-full' } });
    expect(full.received).toBe(1);
    expect((await readdir(place, { recursive: true })).filter((name) => name.includes('.put-'))).toEqual([]);
    execFileSync('mount', ['-o', 'remount,size=1m', place]);
    expect(await bob.exchange.run()).toMatchObject({ state: 'in-step' });
    await amina.exchange.run();
    expect(stateOf(amina)).toBe(stateOf(bob));
  });
});
