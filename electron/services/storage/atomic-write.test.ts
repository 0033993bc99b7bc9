import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFaults } from '../../../test/fakes/faulty-file-system.ts';
import { atomicWrite, removeTemporaryFiles } from './atomic-write.ts';
import { nodeFileSystem } from './file-system.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workbench-atomic-'));
});
afterEach(() => rm(folder, { recursive: true }));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('replacing a whole file', () => {
  it('leaves the new content and nothing else', async () => {
    const path = join(folder, 'a.json');
    await atomicWrite(path, bytes('old'));
    await atomicWrite(path, bytes('new'), { permissions: 0o600 });
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readdir(folder)).toEqual(['a.json']);
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['ENOSPC', 'disk-full', /disk is full/],
    ['EDQUOT', 'disk-full', /disk is full/],
    ['EROFS', 'storage-unwritable', /may not be written/],
    ['EACCES', 'storage-unwritable', /may not be written/],
    ['EIO', 'storage-unwritable', /EIO/],
  ])('%s at any call leaves the old content or the new, whole, and says %s', async (errno, code, words) => {
    const path = join(folder, 'a.json');
    const faults = createFaults();
    await atomicWrite(path, bytes('old'), faults);
    const before = faults.calls();
    await atomicWrite(path, bytes('old'), faults);
    const calls = faults.calls() - before;
    expect(calls).toBeGreaterThan(4);
    for (let at = 0; at < calls; at += 1) {
      faults.failAt(at, errno);
      const error: unknown = await atomicWrite(path, bytes('new content'), faults).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code, data: { path } });
      expect(String(error)).toMatch(words);
      faults.heal();
      expect(['old', 'new content']).toContain(await readFile(path, 'utf8'));
      expect(await readdir(folder)).toEqual(['a.json']);
      await atomicWrite(path, bytes('old'), faults);
    }
    expect(faults.openFiles()).toBe(0);
  });

  it('waits while a scanner on Windows holds the file, and gives up in the end', async () => {
    const path = join(folder, 'a.json');
    const waits: number[] = [];
    let refusals = 3;
    const options = {
      platform: 'win32' as const,
      wait: async (delayMs: number) => void waits.push(delayMs),
      fileSystem: {
        ...nodeFileSystem,
        async rename(from: string, to: string) {
          refusals -= 1;
          if (refusals >= 0) throw Object.assign(new Error('held'), { code: 'EPERM' });
          await nodeFileSystem.rename(from, to);
        },
      },
    };
    await atomicWrite(path, bytes('new'), options);
    expect(waits).toEqual([5, 10, 20]);
    refusals = 1000;
    await expect(atomicWrite(path, bytes('x'), options)).rejects.toMatchObject({ code: 'storage-unwritable' });
    expect(await readFile(path, 'utf8')).toBe('new');
  });

  it('removes what an interrupted write left, and only that', async () => {
    await writeFile(join(folder, '.a.json.123-4.tmp'), 'half');
    await writeFile(join(folder, '.hidden'), 'x');
    await removeTemporaryFiles(folder);
    expect(await readdir(folder)).toEqual(['.hidden']);
  });
});
