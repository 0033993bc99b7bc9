/**
 * Grants: short-lived tokens for files and folders that a person picked, so that the page never names a path. A grant is
 * 26 random base-32 characters; it opens exactly what was picked, nothing beside it.
 */
import { open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { base32 } from '../../../shared/ids.ts';
import { displayName, notRead, readImportFile } from '../import/read-file.ts';

type Granted =
  /** `temporary`: made for this grant, and removed with it. */
  | { readonly kind: 'path'; readonly path: string; readonly name: string; readonly temporary?: true }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly name: string; readonly mediaType: string };

export interface Grants {
  /** A file or folder on disk that the person picked. */
  forPath(path: string): string;
  /** A file in a folder of its own, made for this grant alone and gone with it, under the name that the person knows. */
  forTemporaryFile(path: string, name: string): string;
  /** Bytes uploaded by the page, or made by a service for it to save. */
  forBytes(name: string, bytes: Uint8Array, mediaType?: string): string;
  /** The folder's path. Fails with `grant-expired`, or `invalid-input` when it is not a folder. */
  resolveFolder(grant: string): Promise<string>;
  /** A file's name and contents. Fails with `grant-expired` and the errors of `readImportFile`. */
  readFile(
    grant: string,
    /** Instead of what a document of the file's kind may have. */
    limitBytes?: number,
  ): Promise<{ readonly name: string; readonly bytes: Uint8Array; readonly mediaType: string }>;
  /** A file of any size, to be read in parts. Fails with `grant-expired`, `file-not-found`, `is-a-folder`, `file-not-readable`. */
  openFile(grant: string): Promise<OpenedGrant>;
  /** Moves a file that was made for the grant, which ends with that; false where it was not, or lies on another disk. */
  moveFile(grant: string, to: string): Promise<boolean>;
  drop(grant: string): void;
  /** No grant counts any more; files made for them are removed. */
  dropAll(): Promise<void>;
}

export interface OpenedGrant {
  readonly name: string;
  readonly sizeBytes: number;
  readonly mediaType: string;
  /** Fewer at the end of the file. */
  read(at: number, lengthBytes: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** `clock` in ms; a grant lives `lifetimeMs` after its last use. */
export function createGrants(options: {
  readonly random: (lengthBytes: number) => Uint8Array;
  readonly clock: () => number;
  readonly lifetimeMs?: number;
}): Grants {
  const lifetimeMs = options.lifetimeMs ?? 60 * 60 * 1000;
  const granted = new Map<string, { what: Granted; usedAt: number }>();

  function add(what: Granted): string {
    const now = options.clock();
    for (const [old, entry] of granted) if (now - entry.usedAt > lifetimeMs) void forget(old);
    const grant = base32(options.random(17)).slice(0, 26);
    granted.set(grant, { what, usedAt: now });
    return grant;
  }
  async function forget(grant: string): Promise<void> {
    const what = granted.get(grant)?.what;
    granted.delete(grant);
    if (what?.kind !== 'path' || !what.temporary) return;
    // What cannot be removed lies where the system clears away by itself.
    await rm(dirname(what.path), { recursive: true, force: true }).catch(() => undefined);
  }
  function use(grant: string): Granted {
    const entry = granted.get(grant);
    if (!entry || options.clock() - entry.usedAt > lifetimeMs) {
      void forget(grant);
      throw new WorkbenchError('grant-expired', 'The permission for this file or folder has run out. Choose it again.');
    }
    entry.usedAt = options.clock();
    return entry.what;
  }

  return {
    forPath: (path) => add({ kind: 'path', path, name: basename(path) || path }),
    forTemporaryFile: (path, name) => add({ kind: 'path', path, name, temporary: true }),
    forBytes: (name, bytes, mediaType = 'application/octet-stream') => add({ kind: 'bytes', name, bytes, mediaType }),
    async resolveFolder(grant) {
      const what = use(grant);
      if (what.kind !== 'path') throw new WorkbenchError('invalid-input', `${what.name} is a file, not a folder.`);
      return what.path;
    },
    async readFile(grant, limitBytes) {
      const what = use(grant);
      if (what.kind === 'bytes') return what;
      const { fileName, bytes } = await readImportFile(what.path, limitBytes);
      return { name: fileName, bytes, mediaType: 'application/octet-stream' };
    },
    async openFile(grant) {
      const what = use(grant);
      if (what.kind === 'bytes') {
        const { name, bytes, mediaType } = what;
        const read = async (at: number, lengthBytes: number) => bytes.subarray(at, at + lengthBytes);
        return { name, sizeBytes: bytes.length, mediaType, read, close: async () => undefined };
      }
      const name = what.temporary ? what.name : displayName(what.path);
      try {
        const found = await stat(what.path);
        if (found.isDirectory()) {
          throw new WorkbenchError('is-a-folder', `${name} is a folder; choose the files inside it instead.`);
        }
        const file = await open(what.path, 'r');
        return {
          name,
          sizeBytes: found.size,
          mediaType: 'application/octet-stream',
          async read(at, lengthBytes) {
            const { buffer, bytesRead } = await file.read(Buffer.alloc(lengthBytes), 0, lengthBytes, at);
            return buffer.subarray(0, bytesRead);
          },
          close: () => file.close(),
        };
      } catch (error) {
        throw notRead(name, error);
      }
    },
    async moveFile(grant, to) {
      const what = use(grant);
      if (what.kind !== 'path' || !what.temporary) return false;
      try {
        await rename(what.path, to);
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'EXDEV') return false;
        throw error;
      }
      await forget(grant);
      return true;
    },
    drop: (grant) => void forget(grant),
    async dropAll() {
      for (const grant of [...granted.keys()]) await forget(grant);
    },
  };
}
