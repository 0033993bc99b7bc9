/** Replacing a whole file so that a reader, a crash or a full disk finds either the old content or the new one. */
import { basename, dirname, join } from 'node:path';
import { errnoOf, nodeFileSystem, writing, type FileSystemPort } from './file-system.ts';

export interface AtomicWriteOptions {
  readonly fileSystem?: FileSystemPort;
  /** Permissions of the new file, e.g. 0o600 for secrets. */
  readonly permissions?: number;
  readonly platform?: NodeJS.Platform;
  readonly wait?: (delayMs: number) => Promise<void>;
}

const retryDelaysMs = [5, 10, 20, 40, 80, 160, 320, 640];
const pause = (delayMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs));
let temporaryNumber = 0;

/**
 * Writes `bytes` to a temporary file in the same folder, fsyncs it, renames it over `path` and fsyncs the folder.
 * Fails with `disk-full` or `storage-unwritable`; then `path` is as it was and the temporary file is gone.
 */
export async function atomicWrite(path: string, bytes: Uint8Array, options: AtomicWriteOptions = {}): Promise<void> {
  const fileSystem = options.fileSystem ?? nodeFileSystem;
  temporaryNumber += 1;
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${temporaryNumber}.tmp`);
  await writing(path, async () => {
    try {
      const file = await fileSystem.open(temporary, 'create', options.permissions);
      try {
        await file.write(bytes, 0);
        await file.sync();
      } finally {
        await file.close();
      }
      await renamePatiently(fileSystem, temporary, path, options);
    } catch (error) {
      // The first error is the one to tell; a temporary file that cannot be removed either is cleaned up at next opening.
      await fileSystem.remove(temporary).catch(() => undefined);
      throw error;
    }
    await fileSystem.syncFolder(dirname(path));
  });
}

export async function atomicWriteJson(path: string, value: unknown, options: AtomicWriteOptions = {}): Promise<void> {
  await atomicWrite(path, new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`), options);
}

/** Virus scanners and indexers on Windows hold a fresh file open for moments, during which it cannot be renamed. */
async function renamePatiently(
  fileSystem: FileSystemPort,
  from: string,
  to: string,
  options: AtomicWriteOptions,
): Promise<void> {
  const platform = options.platform ?? process.platform;
  const passing = platform === 'win32' ? ['EBUSY', 'EPERM', 'EACCES'] : ['EBUSY'];
  for (const delayMs of retryDelaysMs) {
    try {
      await fileSystem.rename(from, to);
      return;
    } catch (error) {
      if (!passing.includes(errnoOf(error))) throw error;
      await (options.wait ?? pause)(delayMs);
    }
  }
  await fileSystem.rename(from, to);
}

/** Removes what interrupted atomic writes left in `folder`. */
export async function removeTemporaryFiles(folder: string, fileSystem: FileSystemPort = nodeFileSystem): Promise<void> {
  for (const name of await fileSystem.list(folder)) {
    if (/^\..+\.\d+-\d+\.tmp$/.test(name)) await fileSystem.remove(join(folder, name));
  }
}
