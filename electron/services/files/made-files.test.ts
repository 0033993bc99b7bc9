import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGrants } from './grants.ts';
import { createMadeFiles } from './made-files.ts';

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'workbench-made-'));
  folder = join(root, 'cache');
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('files that are made to be saved', () => {
  it('clears away what another run left, and nothing of its own or of anybody else', async () => {
    await mkdir(join(folder, 'backup-left'), { recursive: true });
    await writeFile(join(folder, 'backup-left', 'file'), 'half');
    await writeFile(join(folder, 'search.sqlite'), '');
    const made = createMadeFiles(folder, 'backup');
    const grants = createGrants({ random: (lengthBytes) => new Uint8Array(randomBytes(lengthBytes)), clock: Date.now });
    await made.make('mine.dwbackup', async (path) => writeFile(path, 'whole').then(() => 5), grants);
    await made.clear();
    expect((await readdir(folder)).filter((name) => name !== 'search.sqlite')).toEqual([
      expect.stringMatching(/^backup-(?!left)/),
    ]);
    expect(await readdir(folder)).toContain('search.sqlite');
  });

  it('has nothing to clear where there is no folder, and says so where it cannot look into it', async () => {
    const made = createMadeFiles(folder, 'backup');
    await made.clear();
    await writeFile(folder, 'not a folder');
    await expect(made.clear()).rejects.toMatchObject({ code: 'storage-unwritable', data: { path: folder } });
  });
});
