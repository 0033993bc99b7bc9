import { randomBytes } from 'node:crypto';
import { access } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { createGrants, type Grants } from './grants.ts';
import { takeUpload } from './uploads.ts';

const newGrants = (): Grants =>
  createGrants({ random: (length) => new Uint8Array(randomBytes(length)), clock: Date.now });

async function* sent(...parts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield new TextEncoder().encode(part);
}

it('a document beyond the limit is refused, a backup is not: it lies in a file and is read in parts', async () => {
  const grants = newGrants();
  const [half, rest] = ['delegate-', 'workbench-backup'];
  await expect(takeUpload('draft.docx', sent(half, rest), grants, 20)).rejects.toMatchObject({
    code: 'file-too-large',
  });
  const grant = await takeUpload('mine.dwbackup', sent(half, rest), grants, 20);
  const file = await grants.openFile(grant);
  expect(file).toMatchObject({ name: 'mine.dwbackup', sizeBytes: 25 });
  expect(new TextDecoder().decode(await file.read(9, 9))).toBe('workbench');
  await file.close();
  const path = await grants.resolveFolder(grant);
  await grants.dropAll();
  await expect(access(path)).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(grants.openFile(grant)).rejects.toMatchObject({ code: 'grant-expired' });
});

it('a backup that stops arriving leaves nothing behind', async () => {
  const grants = newGrants();
  async function* cut(): AsyncGenerator<Uint8Array> {
    yield* sent('delegate-');
    throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
  }
  await expect(takeUpload('mine.dwbackup', cut(), grants)).rejects.toMatchObject({ code: 'storage-unwritable' });
});
