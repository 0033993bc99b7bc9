/**
 * A folder as a remote: a shared drive, a stick, a folder that Syncthing, Nextcloud or Dropbox carries about. Everything
 * a sync tool or another machine may do to files can have happened to these, so nothing is believed but the bytes:
 * no modification time, no order of a listing, no file name that is not exactly one of ours. Symbolic links inside the
 * folder are not followed, because whoever can write there could point them anywhere.
 */
import { constants } from 'node:fs';
import * as nodeFiles from 'node:fs/promises';
import { join } from 'node:path';
import type { AbortSignalLike } from '../../../shared/contract/contract.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { base32 } from '../../../shared/ids.ts';
import { parseObjectName, prefixes, type Prefix } from '../../../shared/sync/object-name.ts';
import type { ListedObject, RemoteStore } from '../../../shared/sync/remote-store.ts';

export interface FolderStoreOptions {
  readonly folder: string;
  /**
   * What our temporary files are marked with, [a-z0-9-]: what a crash left behind under this mark is removed at the first
   * put, which is safe because one process at a time writes a profile. The files of others are left alone.
   */
  readonly owner: string;
  readonly random: (lengthBytes: number) => Uint8Array;
  /** Only tests bring their own: of file systems with other rules. */
  readonly files?: Partial<FolderFiles>;
}

/** What is asked of the file system. */
export type FolderFiles = Pick<typeof nodeFiles, 'lstat' | 'mkdir' | 'open' | 'readdir' | 'rm' | 'stat'> & {
  /** Gives a file a second name unless that is taken. */
  link(from: string, to: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
};

/** Larger files are not ours; reading them into memory would only end the program. */
const largestObjectBytes = 600 * 1024 * 1024;

const awayCodes = new Set([
  'ENOENT',
  'ENOTDIR',
  'ENODEV',
  'ENXIO',
  'EIO',
  'ESTALE',
  'ENOTCONN',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'ENETUNREACH',
  'ENETDOWN',
  'ECONNRESET',
  'UNKNOWN',
]);
const refusedCodes = new Set(['EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ELOOP', 'ENAMETOOLONG']);
const fullCodes = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const litter = new Set(
  ['desktop.ini', 'Thumbs.db', 'ehthumbs.db', 'Icon\r', 'System Volume Information', '$RECYCLE.BIN', 'lost+found'].map(
    (name) => name.toLowerCase(),
  ),
);

/** What systems and sync tools leave in a folder that a person would call empty; a dot begins temporary files, ours too. */
export function isLitter(name: string): boolean {
  return name.startsWith('.') || litter.has(name.toLowerCase());
}

/** File systems without hard links (FAT, exFAT, many network shares) answer with one of these. */
const noLinkCodes = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
  'EACCES',
  'UNKNOWN',
  'EINVAL',
  'EXDEV',
  'EISDIR',
]);

export function createFolderRemoteStore(options: FolderStoreOptions): RemoteStore {
  const { folder, owner, random } = options;
  const files: FolderFiles = { ...nodeFiles, ...options.files };
  const { link, lstat, mkdir, open, readdir, rename, rm, stat } = files;
  const temporaryMark = `.put-${owner}-`;
  let swept = false;

  function failure(error: unknown, during: 'reading' | 'writing'): WorkbenchError {
    if (error instanceof WorkbenchError) return error;
    const code = codeOf(error);
    if (fullCodes.has(code)) {
      const message = `There is no room left in ${folder}. What you wrote is safe on this machine and will be put there once there is room.`;
      return new WorkbenchError('disk-full', message, { folder, code }, { cause: error });
    }
    if (during === 'writing' && refusedCodes.has(code)) {
      const message = `Nothing can be written in ${folder}. What you wrote is safe on this machine; ask for the right to write there, or choose another folder.`;
      return new WorkbenchError('destination-not-writable', message, { folder, code }, { cause: error });
    }
    if (awayCodes.has(code) || refusedCodes.has(code)) {
      const message = `${folder} cannot be reached. What you wrote is safe on this machine and will be exchanged when the folder is back.`;
      return new WorkbenchError('folder-unreachable', message, { folder, code }, { cause: error });
    }
    const message = `${folder} cannot be ${during === 'writing' ? 'written' : 'read'} (${code || String(error)}).`;
    return new WorkbenchError('folder-unreachable', message, { folder, code }, { cause: error });
  }

  /** Fails when the folder itself is away, so that "nothing there" is never said of a folder that cannot be seen. */
  async function assertHere(): Promise<void> {
    const info = await stat(folder);
    if (!info.isDirectory()) throw Object.assign(new Error(`${folder} is not a folder`), { code: 'ENOTDIR' });
  }

  /** The path of an object; null when something that is no folder of ours stands in the way. */
  async function place(name: string): Promise<string | null> {
    const slash = name.indexOf('/');
    if (slash < 0) return name === 'circle' ? join(folder, name) : null;
    const [prefix, rest] = [name.slice(0, slash + 1), name.slice(slash + 1)];
    if (!(prefixes as readonly string[]).includes(prefix) || !isPlainFileName(rest)) return null;
    const inside = join(folder, prefix.slice(0, -1));
    const info = await lstat(inside).catch(orMissing);
    if (info && !info.isDirectory()) return null;
    return join(inside, rest);
  }

  /** Removes what a crash of this profile left in the middle of a put. */
  async function sweep(): Promise<void> {
    if (swept) return;
    swept = true;
    for (const prefix of ['', ...prefixes]) {
      const inside = join(folder, prefix);
      if (prefix !== '' && !(await lstat(inside).catch(orMissing))?.isDirectory()) continue;
      for (const entry of await readdir(inside)) {
        if (entry.startsWith(temporaryMark)) await rm(join(inside, entry), { force: true });
      }
    }
  }

  async function writeTemporary(path: string, bytes: Uint8Array): Promise<void> {
    const handle = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o666);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  /** Gives the finished file its name unless that is taken. */
  async function publish(temporary: string, path: string): Promise<'stored' | 'present'> {
    try {
      await link(temporary, path);
    } catch (error) {
      const code = codeOf(error);
      if (code === 'EEXIST') return 'present';
      if (!noLinkCodes.has(code)) throw error;
      if (await lstat(path).catch(orMissing)) return 'present';
      try {
        await rename(temporary, path);
      } catch (renaming) {
        // Somebody was quicker, where a name that is taken is not given away.
        if (codeOf(renaming) !== 'EEXIST') throw renaming;
        return 'present';
      }
    }
    return 'stored';
  }

  return {
    capabilities: { cheapReads: true },
    describe: () => folder,

    async list(prefix: Prefix, signal?: AbortSignalLike) {
      stopIf(signal);
      try {
        await assertHere();
        const inside = join(folder, prefix.slice(0, -1));
        const own = await lstat(inside).catch(orMissing);
        if (!own?.isDirectory()) return [];
        const listed: ListedObject[] = [];
        for (const entry of await readdir(inside, { withFileTypes: true })) {
          if (isLitter(entry.name) || entry.isDirectory() || entry.isSymbolicLink()) continue;
          const info = await lstat(join(inside, entry.name)).catch(orMissing);
          if (info?.isFile()) listed.push({ name: prefix + entry.name, sizeBytes: info.size });
        }
        return listed;
      } catch (error) {
        throw failure(error, 'reading');
      }
    },

    async get(name, signal) {
      stopIf(signal);
      try {
        await assertHere();
        const path = await place(name);
        return path === null ? null : await readPlainFile(path, files);
      } catch (error) {
        throw failure(error, 'reading');
      }
    },

    async putIfAbsent(name, bytes, signal) {
      stopIf(signal);
      if (!parseObjectName(name)) throw new RangeError(`not the name of an object: ${name}`);
      try {
        await assertHere();
        await sweep();
        const path = await place(name);
        if (path === null) throw Object.assign(new Error('something else stands in the way'), { code: 'ELOOP' });
        const inside = join(path, '..');
        if (inside !== folder) await mkdir(inside, { recursive: true });
        if (await lstat(path).catch(orMissing)) return 'present';
        const temporary = join(inside, `${temporaryMark}${base32(random(10))}`);
        try {
          await writeTemporary(temporary, bytes);
          const result = await publish(temporary, path);
          await syncFolder(inside, files);
          return result;
        } finally {
          await rm(temporary, { force: true });
        }
      } catch (error) {
        throw failure(error, 'writing');
      }
    },

    async removeOwn(name) {
      try {
        await assertHere();
        const path = await place(name);
        if (path !== null) await rm(path, { force: true });
      } catch (error) {
        throw failure(error, 'writing');
      }
    },
  };
}

/** Null when it is not there, not a plain file, or larger than any object. */
async function readPlainFile(path: string, { lstat, open }: FolderFiles): Promise<Uint8Array | null> {
  const info = await lstat(path).catch(orMissing);
  if (!info?.isFile() || info.size > largestObjectBytes) return null;
  let handle: nodeFiles.FileHandle;
  try {
    // O_NOFOLLOW closes the gap between looking and opening; where there is no such flag, looking has to do.
    handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    if (['ENOENT', 'ELOOP'].includes(codeOf(error))) return null;
    throw error;
  }
  try {
    return new Uint8Array(await handle.readFile());
  } finally {
    await handle.close();
  }
}

/** Makes the new name durable; Windows has no such call, and FAT and network shares may refuse it. */
async function syncFolder(path: string, { open }: FolderFiles): Promise<void> {
  if (process.platform === 'win32') return;
  let handle: nodeFiles.FileHandle | null = null;
  try {
    handle = await open(path, 'r');
    await handle.sync();
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'EBADF', 'EPERM', 'EACCES', 'EISDIR'].includes(codeOf(error))) throw error;
  } finally {
    await handle?.close();
  }
}

/** A name that stays inside its folder on every system. */
function isPlainFileName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name);
}

function orMissing(error: unknown): null {
  if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return null;
  throw error;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function stopIf(signal: AbortSignalLike | undefined): void {
  if (signal?.aborted) throw new WorkbenchError('cancelled', 'The exchange was stopped. Nothing is lost by that.');
}
