/**
 * Grants: short-lived tokens for files and folders that a person picked, so that the page never names a path. A grant is
 * 26 random base-32 characters; it opens exactly what was picked, nothing beside it.
 */
import { basename } from 'node:path';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { base32 } from '../../../shared/ids.ts';
import { readImportFile } from '../import/read-file.ts';

type Granted =
  | { readonly kind: 'path'; readonly path: string; readonly name: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly name: string; readonly mediaType: string };

export interface Grants {
  /** A file or folder on disk that the person picked. */
  forPath(path: string): string;
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
  drop(grant: string): void;
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
    for (const [old, entry] of granted) if (now - entry.usedAt > lifetimeMs) granted.delete(old);
    const grant = base32(options.random(17)).slice(0, 26);
    granted.set(grant, { what, usedAt: now });
    return grant;
  }
  function use(grant: string): Granted {
    const entry = granted.get(grant);
    if (!entry || options.clock() - entry.usedAt > lifetimeMs) {
      granted.delete(grant);
      throw new WorkbenchError('grant-expired', 'The permission for this file or folder has run out. Choose it again.');
    }
    entry.usedAt = options.clock();
    return entry.what;
  }

  return {
    forPath: (path) => add({ kind: 'path', path, name: basename(path) || path }),
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
    drop: (grant) => void granted.delete(grant),
  };
}
