/**
 * What the storage needs of a file system, thin over node:fs/promises, so that tests can make any single call fail as a
 * full disk, a read-only folder or a power cut would. Only `storage/` touches the disk; every other service goes
 * through what stands in this folder.
 */
import { mkdir, open, readdir, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { FrameSeal } from './frame-format.ts';

export interface OpenFile {
  /** Writes all of `bytes` at `position`; when it fails, part of them may be on disk. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Up to `length` bytes from `position`; fewer at the end of the file. */
  read(position: number, length: number): Promise<Uint8Array>;
  sizeBytes(): Promise<number>;
  truncate(lengthBytes: number): Promise<void>;
  /** Returns when the bytes are on the disk itself. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** `read` needs an existing file, `update` reads and writes one, making it if missing, `create` empties or makes it. */
export type OpenMode = 'read' | 'update' | 'create';

/** Errors are Node's, with their `code`. */
export interface FileSystemPort {
  /** `permissions` (e.g. 0o600) apply when the file is made. */
  open(path: string, mode: OpenMode, permissions?: number): Promise<OpenFile>;
  readFile(path: string): Promise<Uint8Array>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file; a missing one is no error. */
  remove(path: string): Promise<void>;
  /** Makes a folder and its parents. */
  makeFolder(path: string): Promise<void>;
  /** Names in a folder; empty when there is no such folder. */
  list(path: string): Promise<readonly string[]>;
  /** Makes names in a folder durable. Does nothing where the system has no such call (Windows). */
  syncFolder(path: string): Promise<void>;
  /** Where everything that is written is sealed: how entries of append-only files are, which stand one by one. */
  readonly frameSeal?: FrameSeal;
  /** Where everything that is written is sealed: the same without that. */
  readonly underneath?: FileSystemPort;
}

export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** What the file holds, or null when there is none. */
export async function readIfThere(fileSystem: FileSystemPort, path: string): Promise<Uint8Array | null> {
  try {
    return await fileSystem.readFile(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** As `readIfThere`; `damaged` for a file that a sealed profile cannot open. For what can be made again or done without. */
export async function readIfSound(fileSystem: FileSystemPort, path: string): Promise<Uint8Array | null | 'damaged'> {
  try {
    return await readIfThere(fileSystem, path);
  } catch (error) {
    if (error instanceof WorkbenchError && error.code === 'storage-damaged') return 'damaged';
    throw error;
  }
}

/**
 * The error of a failed write as it may cross a boundary: `disk-full` or `storage-unwritable`, one sentence that names
 * the file and says that what was saved before is safe.
 */
export function storageError(error: unknown, path: string): WorkbenchError {
  if (error instanceof WorkbenchError) return error;
  const errno = errnoOf(error);
  if (errno === 'ENOSPC' || errno === 'EDQUOT') {
    return new WorkbenchError(
      'disk-full',
      `The disk is full: ${path} could not be written. What was saved before is safe; free some space and try again.`,
      { path },
      { cause: error },
    );
  }
  const reason = ['EROFS', 'EACCES', 'EPERM'].includes(errno)
    ? 'may not be written'
    : `could not be written (${errno || String(error)})`;
  return new WorkbenchError(
    'storage-unwritable',
    `${path} ${reason}. What was saved before is safe; check the folder's permissions and its disk, and try again.`,
    { path, errno },
    { cause: error },
  );
}

/** Runs a write and turns what it throws into `storageError`. */
export async function writing<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw storageError(error, path);
  }
}

const flags: Readonly<Record<OpenMode, string>> = { read: 'r', update: 'r+', create: 'w+' };

async function openHandle(path: string, mode: OpenMode, permissions: number): Promise<FileHandle> {
  try {
    return await open(path, flags[mode], permissions);
  } catch (error) {
    // No flag of Node both keeps an existing file's content, lets one write at a place, and makes a missing file.
    if (mode === 'update' && errnoOf(error) === 'ENOENT') return open(path, 'wx+', permissions);
    throw error;
  }
}

function openFile(handle: FileHandle): OpenFile {
  return {
    async write(bytes, position) {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
        done += bytesWritten;
      }
    },
    async read(position, length) {
      const bytes = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        const { bytesRead } = await handle.read(bytes, done, length - done, position + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return bytes.subarray(0, done);
    },
    sizeBytes: async () => (await handle.stat()).size,
    truncate: (lengthBytes) => handle.truncate(lengthBytes),
    sync: () => handle.sync(),
    close: () => handle.close(),
  };
}

/** The real one. */
export const nodeFileSystem: FileSystemPort = {
  open: async (path, mode, permissions = 0o666) => openFile(await openHandle(path, mode, permissions)),
  readFile: (path) => readFile(path),
  rename,
  remove: (path) => rm(path, { force: true }),
  makeFolder: async (path) => void (await mkdir(path, { recursive: true })),
  async list(path) {
    try {
      return await readdir(path);
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return [];
      throw error;
    }
  },
  async syncFolder(path) {
    if (process.platform === 'win32') return;
    const handle = await open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};
