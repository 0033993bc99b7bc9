/**
 * A folder of the real file system that obeys FAT: no hard links, names that differ by case alone are one, reserved
 * characters and device names are refused, dots and blanks at the end fall off, times are even seconds, no name is given
 * away that is taken, folders cannot be synced, and files end at 4 GB. Kernels that cannot mount FAT are tested with this.
 */
import * as files from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FolderFiles } from '../../electron/services/exchange/folder-remote-store.ts';

const reserved = /[\x00-\x1f<>:"|?*\\]|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
const longestName = 255;
const fatLargestFileBytes = 2 ** 32 - 1;

const failure = (code: string, path: string): Error => Object.assign(new Error(`${code}: ${path}`), { code });

export function createFatRules({ largestFileBytes = fatLargestFileBytes } = {}): FolderFiles {
  /** Where a name really stands: as it was first written, whatever its case now. */
  async function at(path: string): Promise<string> {
    const name = basename(path).replace(/[. ]+$/, '');
    if (reserved.test(name)) throw failure('EINVAL', path);
    if (name.length > longestName) throw failure('ENAMETOOLONG', path);
    const folder = dirname(path);
    const there = await files.readdir(folder).catch(() => []);
    return join(folder, there.find((each) => each.toLowerCase() === name.toLowerCase()) ?? name);
  }

  /** Even seconds, as a directory entry has them. */
  function rounded<T extends { mtimeMs?: number | bigint; mtime?: Date }>(stats: T): T {
    const even = Math.floor(Number(stats.mtimeMs) / 2000) * 2000;
    return Object.assign(stats, { mtimeMs: even, mtime: new Date(even) });
  }

  async function open(path: string, flags?: string | number, mode?: number): Promise<files.FileHandle> {
    const handle = await files.open(await at(path), flags, mode);
    const isFolder = (await handle.stat()).isDirectory();
    return new Proxy(handle, {
      get(target, key) {
        if (key === 'sync' && isFolder) return () => Promise.reject(failure('EINVAL', path));
        if (key === 'writeFile') {
          return async (bytes: Uint8Array) => {
            if (bytes.length > largestFileBytes) throw failure('EFBIG', path);
            await target.writeFile(bytes);
          };
        }
        const value: unknown = Reflect.get(target, key);
        return typeof value === 'function' ? (value as (...given: unknown[]) => unknown).bind(target) : value;
      },
    });
  }

  const rules = {
    open,
    link: (from: string) => Promise.reject(failure('EPERM', from)),
    lstat: async (path: string) => rounded(await files.lstat(await at(path))),
    stat: async (path: string) => rounded(await files.stat(path)),
    mkdir: async (path: string, options?: { recursive: boolean }) => files.mkdir(await at(path), options),
    readdir: files.readdir,
    rm: async (path: string, options?: { force: boolean }) => files.rm(await at(path), options),
    async rename(from: string, to: string) {
      const target = await at(to);
      if (await files.lstat(target).catch(() => null)) throw failure('EEXIST', to);
      await files.rename(await at(from), target);
    },
  };
  return rules as unknown as FolderFiles;
}
