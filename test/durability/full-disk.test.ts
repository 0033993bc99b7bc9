/**
 * A full disk and a folder that may not be written: one clear sentence, nothing lost, and work goes on once there is
 * room. With faults at every call, and on a real file system of two megabytes where the system lets one be made.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChangeHash } from '../../shared/ids.ts';
import { openProfile, type Profile, type ProfileOptions } from '../../electron/services/profile/profile.ts';
import { createFaults } from '../fakes/faulty-file-system.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'workbench-full-'));
});
afterEach(() => rm(root, { recursive: true }));

function start(folder: string, more: Partial<ProfileOptions> = {}): Promise<Profile> {
  return openProfile({ folder, random: (count) => new Uint8Array(randomBytes(count)), now: Date.now, ...more });
}

/** What was reported saved, to be looked for afterwards. */
interface Reported {
  readonly journal: Map<string, string>;
  readonly changes: Set<ChangeHash>;
  readonly originals: Set<string>;
}
const nothing = (): Reported => ({ journal: new Map(), changes: new Set(), originals: new Set() });

/** One edit of each kind; gives the codes of those that failed. */
async function edit(profile: Profile, text: string, reported: Reported): Promise<string[]> {
  const circle = profile.circles.personal();
  const failures: string[] = [];
  const failed = (error: { code: string; message: string }): void => {
    failures.push(error.code);
    expect(error.message).toMatch(/^[^\n]+\.$/);
  };
  const op = { record: circle.newId(), type: 'annotation', field: 'body', over: [], value: text };
  const key = `key ${reported.journal.size % 5}`;
  await circle.journal.put([{ key, value: text }]).then(() => reported.journal.set(key, text), failed);
  await circle.write([op]).then((hash) => reported.changes.add(hash), failed);
  await circle.blobs.put(new TextEncoder().encode(text)).then((hash) => reported.originals.add(hash), failed);
  return failures;
}

async function expectAll(profile: Profile, reported: Reported): Promise<void> {
  const circle = profile.circles.personal();
  expect(Object.fromEntries(circle.journal.entries())).toEqual(Object.fromEntries(reported.journal));
  for (const hash of reported.changes) expect(circle.fold.has(hash)).toBe(true);
  for (const hash of reported.originals) expect(await circle.blobs.get(hash)).not.toBeNull();
  expect((await profile.verify()).findings).toEqual([]);
  expect(circle.fold.forks()).toEqual([]);
  expect(circle.fold.gaps()).toEqual([]);
}

describe('a disk that is full', () => {
  it.each(['ENOSPC', 'EROFS'])('%s at any call of editing loses nothing that was reported saved', async (errno) => {
    const faults = createFaults();
    let profile = await start(join(root, 'p'), faults);
    await profile.setUp({ name: 'Amina', delegation: 'Kenya', language: 'en' });
    const reported = nothing();
    let refused = 0;
    for (let at = 0; at < 16; at += 1) {
      for (const stays of [false, true]) {
        faults.failAt(at, errno, stays);
        const failures = await edit(profile, `edit ${at} ${stays}`, reported);
        refused += failures.length;
        for (const code of failures) expect(code).toBe(errno === 'ENOSPC' ? 'disk-full' : 'storage-unwritable');
        faults.heal();
        await expectAll(profile, reported);
        expect(await edit(profile, `healed ${at} ${stays}`, reported)).toEqual([]);
      }
      await profile.close();
      expect(faults.openFiles()).toBe(0);
      profile = await start(join(root, 'p'), faults);
      await expectAll(profile, reported);
      expect(profile.notices()).toEqual([]);
    }
    await profile.close();
    expect(refused).toBeGreaterThan(20);
  });

  const mounted = (...options: string[]): boolean =>
    process.platform === 'linux' && spawnSync('mount', options, { stdio: 'ignore' }).status === 0;
  const canMount = (() => {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
    const probe = spawnSync('sh', [
      '-c',
      'd=$(mktemp -d) && mount -t tmpfs -o size=64k tmpfs $d && umount $d; rmdir $d',
    ]);
    return probe.status === 0;
  })();

  it.skipIf(!canMount)('is met and left on a real file system, which then is made read-only', async () => {
    const disk = join(root, 'disk');
    spawnSync('mkdir', [disk]);
    expect(mounted('-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk)).toBe(true);
    try {
      const folder = join(disk, 'p');
      const ballast = join(disk, 'ballast');
      let profile = await start(folder);
      await profile.setUp({ name: 'Amina', delegation: 'Kenya', language: 'en' });
      await writeFile(ballast, Buffer.alloc(1_000_000));
      const reported = nothing();
      let failures: string[] = [];
      for (let number = 0; failures.length === 0 && number < 5000; number += 1) {
        failures = await edit(profile, `${number} ${'x'.repeat(2000)}`, reported);
      }
      expect(new Set(failures)).toEqual(new Set(['disk-full']));
      await edit(profile, `more ${'x'.repeat(5000)}`, reported);
      await expectAll(profile, reported);
      await profile.close();
      // Opening needs no room.
      profile = await start(folder);
      await expectAll(profile, reported);
      await profile.close();
      await rm(ballast);
      profile = await start(folder);
      await expectAll(profile, reported);
      expect(await edit(profile, 'there is room', reported)).toEqual([]);
      await profile.close();

      expect(mounted('-o', 'remount,ro', disk)).toBe(true);
      const error: unknown = await start(folder).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'storage-unwritable' });
      expect(mounted('-o', 'remount,rw', disk)).toBe(true);
      profile = await start(folder);
      await expectAll(profile, reported);
      await profile.close();
    } finally {
      spawnSync('umount', [disk]);
    }
  });
});
