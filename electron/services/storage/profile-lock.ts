/**
 * One process writes a profile. The lock is SQLite's exclusive lock on a small file (fcntl or LockFileEx underneath): it
 * belongs to the operating system, so it ends with the process however that ends, and nothing stale is ever left to be
 * guessed about. Node itself has no file lock, and a file with a process id is only a guess.
 *
 * Beside it stands `process.json`, which tells others where to talk to the process that has the profile. It is a
 * file of its own because POSIX drops all of a process's locks on a file when any handle to that file is closed.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { z } from '../../../shared/contract/schema.ts';
import { atomicWriteJson } from './atomic-write.ts';
import { nodeFileSystem, readIfThere, writing, type FileSystemPort } from './file-system.ts';

/** SQLITE_BUSY, https://sqlite.org/rescode.html. */
const sqliteBusy = 5;

const schema = z.object({ pid: z.number(), address: z.string() });

/** Who has the profile and where to talk to it (profile-socket.ts). */
export type ProfileProcess = z.output<typeof schema>;

export interface ProfileLock {
  /** Tells other processes where to talk to this one. */
  announce(address: string): Promise<void>;
  release(): Promise<void>;
}

/**
 * Takes the profile in `folder`, which exists. Fails with `profile-in-use`, whose data has `pid` and `address` where
 * these are known, or with `storage-unwritable`.
 */
export async function lockProfile(folder: string, fileSystem: FileSystemPort = nodeFileSystem): Promise<ProfileLock> {
  const path = join(folder, 'profile.lock');
  const processFile = join(folder, 'process.json');
  const database = await writing(path, async () => new DatabaseSync(path));
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (!isBusy(error)) return writing(path, () => Promise.reject(error));
    const holder = await findProfileProcess(folder, fileSystem);
    const who = holder === null ? 'another process' : `another process (number ${holder.pid})`;
    throw new WorkbenchError(
      'profile-in-use',
      `The workbench is already open with this profile, in ${who}: ${folder}. Use that window, or close it first.`,
      { folder, ...holder },
    );
  }
  let released = false;
  return {
    announce: (address) =>
      atomicWriteJson(processFile, { pid: process.pid, address }, { fileSystem, permissions: 0o600 }),
    async release() {
      if (released) return;
      released = true;
      // What a crash leaves of this file misleads nobody: the lock decides, and connecting to the address fails.
      await fileSystem.remove(processFile).catch(() => undefined);
      database.close();
    },
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === sqliteBusy;
}

/** What the process that has (or had) the profile says of itself; null when it says nothing that can be read. */
export async function findProfileProcess(
  folder: string,
  fileSystem: FileSystemPort = nodeFileSystem,
): Promise<ProfileProcess | null> {
  const bytes = await readIfThere(fileSystem, join(folder, 'process.json'));
  if (bytes === null) return null;
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    // It is only a hint; without it the profile is in use by somebody unnamed.
    return null;
  }
}
