/**
 * Puts what a service made at the place that a person chose: whole or not at all. It is written beside it under another
 * name, which it loses at the end, so that a stick pulled out or a full disk never leaves half a file that looks like one.
 */
import { lstat, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { CallContext } from '../../../shared/contract/contract.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { Grants } from './grants.ts';

const copiedAtOnceBytes = 1024 * 1024;
let number = 0;

/** Fails with `grant-expired`, `cancelled`, `destination-not-writable` and, where what was made is gone, `file-not-found`. */
export async function saveFile(
  grant: string,
  path: string,
  grants: Pick<Grants, 'openFile' | 'moveFile'>,
  context: Pick<CallContext, 'signal' | 'progress'>,
): Promise<void> {
  number += 1;
  // A device, a pipe or a link is written to and never replaced.
  const found = await lstat(path).catch(() => null);
  const isReplaced = found === null || found.isFile();
  const target = isReplaced ? join(dirname(path), `.${basename(path)}.${process.pid}-${number}.part`) : path;
  try {
    if (!(isReplaced && (await grants.moveFile(grant, target)))) await copy(grant, target, grants, context);
    if (isReplaced) await rename(target, path);
  } catch (error) {
    if (isReplaced) await rm(target, { force: true }).catch(() => undefined);
    throw notWritten(path, error);
  }
}

async function copy(
  grant: string,
  target: string,
  grants: Pick<Grants, 'openFile'>,
  { signal, progress }: Pick<CallContext, 'signal' | 'progress'>,
): Promise<void> {
  const from = await grants.openFile(grant);
  try {
    const to = await open(target, 'w');
    try {
      for (let at = 0; at < from.sizeBytes;) {
        if (signal.aborted) throw new WorkbenchError('cancelled', 'It was stopped. Nothing was written.');
        progress({ done: at, total: from.sizeBytes, what: from.name });
        const bytes = await from.read(at, Math.min(copiedAtOnceBytes, from.sizeBytes - at));
        if (bytes.length === 0) throw new WorkbenchError('file-not-readable', `${from.name} became shorter meanwhile.`);
        await to.writeFile(bytes);
        at += bytes.length;
      }
      await to.sync().catch((error: NodeJS.ErrnoException) => {
        // Pipes, devices and some network shares have no such thing; any other failure is one of writing.
        if (!['EINVAL', 'ENOTSUP', 'ENOSYS'].includes(error.code ?? '')) throw error;
      });
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}

const whyNot: Readonly<Record<string, string>> = {
  EISDIR: 'is a folder. Give the name of a file in it',
  ENOENT: 'could not be written, because its folder is not there. Make the folder, or choose another place',
  ENOTDIR: 'could not be written, because its folder is a file. Choose another place',
  ENOSPC: 'could not be written, because the disk is full. Free some space, or choose another place',
  EROFS: 'could not be written, because that disk is read-only. Choose another place',
  EBUSY: 'could not be written, because another program has it open. Close it there, or choose another name',
};

/** The sentence for a file that a person wanted saved; what it was made from is unharmed. */
function notWritten(path: string, error: unknown): WorkbenchError {
  if (error instanceof WorkbenchError) return error;
  const errno = error instanceof Error && 'code' in error ? String(error.code) : '';
  const why = whyNot[errno] ?? 'could not be written there. Choose another place';
  return new WorkbenchError('destination-not-writable', `${path} ${why}.`, {}, { cause: error });
}
