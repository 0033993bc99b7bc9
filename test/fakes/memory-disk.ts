/**
 * A disk in memory for tests that open and close a great many profiles: no fsync to wait for, and it can be copied whole.
 * What a real disk may lose is the affair of power-cut-disk.ts.
 */
import { basename, dirname } from 'node:path';
import type { FileSystemPort } from '../../electron/services/storage/file-system.ts';

interface File {
  /** Has room to grow: appending must not copy a whole log each time. */
  bytes: Uint8Array;
  length: number;
}

export interface MemoryDisk extends FileSystemPort {
  /** As it is now. */
  copy(): MemoryDisk;
  contents(): ReadonlyMap<string, Uint8Array>;
}

function missing(path: string): Error {
  return Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
}

export function createMemoryDisk(from: ReadonlyMap<string, Uint8Array> = new Map()): MemoryDisk {
  const files = new Map<string, File>();
  for (const [path, bytes] of from) files.set(path, { bytes: bytes.slice(), length: bytes.length });
  const contentOf = ({ bytes, length }: File): Uint8Array => bytes.subarray(0, length);

  function need(path: string): File {
    const file = files.get(path);
    if (file === undefined) throw missing(path);
    return file;
  }

  function reserve(file: File, length: number): void {
    if (file.bytes.length >= length) return;
    const next = new Uint8Array(Math.max(length, file.bytes.length * 2, 1024));
    next.set(contentOf(file));
    file.bytes = next;
  }

  const contents = (): Map<string, Uint8Array> =>
    new Map([...files].map(([path, file]) => [path, contentOf(file).slice()]));

  return {
    contents,
    copy: () => createMemoryDisk(contents()),
    async open(path, mode) {
      const known = files.get(path);
      if (mode === 'read' && known === undefined) throw missing(path);
      const file = known ?? { bytes: new Uint8Array(), length: 0 };
      if (mode === 'create') file.length = 0;
      files.set(path, file);
      return {
        async write(bytes, position) {
          reserve(file, position + bytes.length);
          if (position > file.length) file.bytes.fill(0, file.length, position);
          file.bytes.set(bytes, position);
          file.length = Math.max(file.length, position + bytes.length);
        },
        read: async (position, length) => contentOf(file).slice(position, position + length),
        sizeBytes: async () => file.length,
        async truncate(lengthBytes) {
          file.length = Math.min(file.length, lengthBytes);
        },
        async sync() {},
        async close() {},
      };
    },
    readFile: async (path) => contentOf(need(path)).slice(),
    async rename(old, to) {
      const file = need(old);
      files.delete(old);
      files.set(to, file);
    },
    async remove(path) {
      files.delete(path);
    },
    async makeFolder() {},
    async list(path) {
      const names = new Set<string>();
      for (const each of files.keys()) {
        if (each.startsWith(`${path}/`)) names.add(each.slice(path.length + 1).split('/')[0]!);
        else if (dirname(each) === path) names.add(basename(each));
      }
      return [...names];
    },
    async syncFolder() {},
  };
}
