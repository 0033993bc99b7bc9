/**
 * Files that a page sends. A backup may be larger than memory: it goes to a file of its own, which is sealed already and
 * goes with its grant. Everything else is a document and is kept in memory, never on the disk.
 */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { storageError } from '../storage/file-system.ts';
import type { Grants } from './grants.ts';

const mebibyte = 1024 * 1024;
const isBackup = (name: string): boolean => /\.dwbackup$/i.test(name);

/** A grant for what arrives. Fails with `file-too-large`, `disk-full` or `storage-unwritable`; nothing is kept then. */
export async function takeUpload(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  grants: Grants,
  largestDocumentBytes = 256 * mebibyte,
): Promise<string> {
  if (isBackup(name)) return toFile(name, chunks, grants);
  return grants.forBytes(name, await toMemory(chunks, largestDocumentBytes));
}

async function toMemory(chunks: AsyncIterable<Uint8Array>, largestDocumentBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    sizeBytes += chunk.length;
    if (sizeBytes > largestDocumentBytes) {
      const message = `The file is larger than ${Math.ceil(largestDocumentBytes / mebibyte)} MB and was not read.`;
      throw new WorkbenchError('file-too-large', message);
    }
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}

async function toFile(name: string, chunks: AsyncIterable<Uint8Array>, grants: Grants): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'workbench-backup-'));
  const path = join(folder, 'upload');
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      for await (const chunk of chunks) await file.writeFile(chunk);
    } finally {
      await file.close();
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw storageError(error, path);
  }
  return grants.forTemporaryFile(path, name);
}
