import { lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createGrants, type Grants } from './grants.ts';
import { createMadeFiles } from './made-files.ts';
import { saveFile } from './save-file.ts';

let root: string;
let grants: Grants;
let now = 0;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'workbench-save-'));
  let number = 0;
  grants = createGrants({ random: (length) => new Uint8Array(length).fill((number += 1)), clock: () => now });
  await mkdir(join(root, 'stick'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const quiet = { signal: new AbortController().signal, progress: () => undefined };
const made = () => createMadeFiles(join(root, 'cache'), 'backup');
const content = Buffer.alloc(3_500_000, 'all of it ');
async function makeOne(): Promise<string> {
  const write = async (path: string): Promise<number> => {
    await writeFile(path, content);
    return content.length;
  };
  return (await made().make('mine.dwbackup', write, grants)).file;
}
/** As where the place is on another disk. */
const elsewhere = (): Pick<Grants, 'openFile' | 'moveFile'> => ({ ...grants, moveFile: async () => false });

it('moves what was made for it, and copies it to another disk', async () => {
  const path = join(root, 'stick', 'mine.dwbackup');
  await saveFile(await makeOne(), path, grants, quiet);
  expect((await readFile(path)).equals(content)).toBe(true);
  expect(await readdir(join(root, 'cache'))).toEqual([]);
  const steps: number[] = [];
  const file = await makeOne();
  await saveFile(file, path, elsewhere(), { ...quiet, progress: ({ done }) => void steps.push(done) });
  expect(steps).toHaveLength(4);
  expect((await readFile(path)).equals(content)).toBe(true);
  expect(await readdir(join(root, 'stick'))).toEqual(['mine.dwbackup']);
});

it('leaves what stood there as it was when it is stopped or fails, and nothing beside it', async () => {
  const path = join(root, 'stick', 'mine.dwbackup');
  await writeFile(path, 'the one before');
  const abort = new AbortController();
  const stopping = { signal: abort.signal, progress: () => abort.abort() };
  await expect(saveFile(await makeOne(), path, elsewhere(), stopping)).rejects.toMatchObject({ code: 'cancelled' });
  const broken = {
    ...elsewhere(),
    openFile: async (grant: string) => ({
      ...(await grants.openFile(grant)),
      read: () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })),
    }),
  };
  const failed = saveFile(await makeOne(), path, broken, quiet);
  await expect(failed).rejects.toMatchObject({ code: 'destination-not-writable', message: /disk is full/ });
  expect(await readFile(path, 'utf8')).toBe('the one before');
  expect(await readdir(join(root, 'stick'))).toEqual(['mine.dwbackup']);
});

it.skipIf(process.platform === 'win32')('writes to a device and does not replace it', async () => {
  await saveFile(grants.forBytes('a', content), '/dev/null', grants, quiet);
  expect((await lstat('/dev/null')).isCharacterDevice()).toBe(true);
});

it('names a folder and a folder that is not there', async () => {
  const file = grants.forBytes('a', content);
  await expect(saveFile(file, join(root, 'stick'), grants, quiet)).rejects.toMatchObject({ message: /is a folder/ });
  const nowhere = saveFile(file, join(root, 'none', 'a'), grants, quiet);
  await expect(nowhere).rejects.toMatchObject({ message: /its folder is not there/ });
});

it('clears away what another run left, and keeps its own until the grant ends', async () => {
  await mkdir(join(root, 'cache', 'backup-left'), { recursive: true });
  await mkdir(join(root, 'cache', 'other'));
  const files = made();
  const { file } = await files.make('mine', async (path) => writeFile(path, 'x').then(() => 1), grants);
  await files.clear();
  expect(await readdir(join(root, 'cache'))).toHaveLength(2);
  expect(new TextDecoder().decode((await grants.readFile(file)).bytes)).toBe('x');
  await grants.dropAll();
  expect(await readdir(join(root, 'cache'))).toEqual(['other']);
  const failing = files.make('mine', () => Promise.reject(new Error('no')), grants);
  await expect(failing).rejects.toThrow('no');
  expect(await readdir(join(root, 'cache'))).toEqual(['other']);
});
