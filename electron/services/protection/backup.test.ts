import { randomBytes } from 'node:crypto';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Progress } from '../../../shared/contract/contract.ts';
import { createSealingCrypto } from '../exchange/sealing.ts';
import { nodeFileSystem, type FileSystemPort } from '../storage/file-system.ts';
import { createDeriveKey } from './derive-key.ts';
import { backUp, stageRestore } from './backup.ts';

const mebibyte = 1024 * 1024;
const crypto = await createSealingCrypto();
const tools = { crypto, deriveKey: createDeriveKey(), parameters: { memoryKiB: 8, passes: 1 } };
/** Of a profile that is not sealed. */
const protection = { masterKey: null, wraps: () => [] };
const passphrase = 'correct horse battery staple';

let root: string;
let folder: string;
let target: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'workbench-backup-'));
  [folder, target] = [join(root, 'profile'), join(root, 'out', 'file')];
  await mkdir(join(root, 'out'));
  await put('circles/a/changes.log', randomBytes(20 * mebibyte + 1));
  for (let index = 0; index < 6; index += 1) await put(`originals/0${index}/${index}`, randomBytes(3 * mebibyte));
  await put('profile.json', Buffer.from('{}'));
  await put('settings.json', Buffer.alloc(0));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(join(folder, path, '..'), { recursive: true });
  await writeFile(join(folder, path), bytes);
}

/** The disk, with what was read and not yet written counted at every step. */
function counting(written: (sizeBytes: number) => void | Promise<void> = () => undefined) {
  const count = { held: 0, peak: 0 };
  const fileSystem: FileSystemPort = {
    ...nodeFileSystem,
    readFile: () => Promise.reject(new Error('reads a file whole')),
    async open(path, mode, permissions) {
      const file = await nodeFileSystem.open(path, mode, permissions);
      return {
        ...file,
        async read(at, lengthBytes) {
          const bytes = await file.read(at, lengthBytes);
          count.held += bytes.length;
          count.peak = Math.max(count.peak, count.held);
          return bytes;
        },
        async write(bytes, at) {
          await written(bytes.length);
          await file.write(bytes, at);
          count.held -= bytes.length;
        },
      };
    },
  };
  return { count, fileSystem };
}

function write(
  fileSystem: FileSystemPort,
  watch: Partial<{ signal: AbortSignal; progress: (p: Progress) => void }> = {},
) {
  const context = { signal: new AbortController().signal, progress: () => undefined, ...watch };
  return backUp({ folder, target, fileSystem, protection, passphrase, tools, context });
}

it('holds at most eight mebibytes of a profile at a time, however large it is, and all of it comes back', async () => {
  const { count, fileSystem } = counting();
  const shares: number[] = [];
  const sizeBytes = await write(fileSystem, { progress: ({ done, total }) => void shares.push(done / total) });
  expect(count.peak).toBeLessThanOrEqual(8 * mebibyte);
  expect(count.peak).toBeGreaterThan(mebibyte);
  expect(sizeBytes).toBeGreaterThan(38 * mebibyte);
  expect((await stat(target)).size).toBe(sizeBytes);
  expect((await stat(target)).mode & 0o777).toBe(0o600);
  expect(shares.length).toBeGreaterThan(38);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.at(-1)).toBe(1);

  const file = await nodeFileSystem.open(target, 'read');
  const backup = { name: 'mine', sizeBytes, read: file.read };
  const elsewhere = join(root, 'elsewhere');
  await mkdir(elsewhere);
  const context = { signal: new AbortController().signal, progress: () => undefined };
  await stageRestore({
    ...{ folder: elsewhere, fileSystem: nodeFileSystem, backup, secret: { passphrase }, tools, context },
  });
  await file.close();
  for (const path of ['circles/a/changes.log', 'originals/03/3', 'profile.json', 'settings.json']) {
    const [was, is] = await Promise.all([readFile(join(folder, path)), readFile(join(elsewhere, 'restoring', path))]);
    expect(is.equals(was), path).toBe(true);
  }
});

it('leaves no file where the disk is full in the middle, nor where it is stopped', async () => {
  let left = 10 * mebibyte;
  const full = counting((sizeBytes) => {
    left -= sizeBytes;
    if (left < 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
  });
  await expect(write(full.fileSystem)).rejects.toMatchObject({ code: 'disk-full' });
  expect(await readdir(join(root, 'out'))).toEqual([]);
  const abort = new AbortController();
  const stopped = write(nodeFileSystem, {
    signal: abort.signal,
    progress: ({ done, total }) => (done > total / 2 ? abort.abort() : undefined),
  });
  await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
  expect(await readdir(join(root, 'out'))).toEqual([]);
});

it('takes a log as it was when its turn came, though it grows meanwhile, and refuses one that became shorter', async () => {
  const log = join(folder, 'circles/a/changes.log');
  const before = await readFile(log);
  let grown = false;
  const growing = counting(async () => {
    if (grown) return;
    grown = true;
    await appendFile(log, 'more');
  });
  await write(growing.fileSystem);
  expect((await stat(target)).size).toBeGreaterThan(before.length);
  await writeFile(log, before);
  let writes = 0;
  const shrinking = counting(async () => {
    writes += 1;
    if (writes === 8) await truncate(log, 0);
  });
  await rm(target);
  await expect(write(shrinking.fileSystem)).rejects.toMatchObject({ code: 'invalid-state' });
  expect(await readdir(join(root, 'out'))).toEqual([]);
});
