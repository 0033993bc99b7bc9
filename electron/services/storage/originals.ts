/**
 * Originals of documents and attachments on disk, one file each, named by the SHA-256 of its content. What is read is
 * checked against its name; a damaged file is set aside under another name and reported, and the blob counts as absent,
 * so that it is fetched or imported again.
 */
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { BlobStore } from '../circles/circle.ts';
import { atomicWrite } from './atomic-write.ts';
import { nodeFileSystem, readIfSound, writing, type FileSystemPort } from './file-system.ts';
import type { Finding } from './frame-format.ts';

export interface Originals extends BlobStore {
  /** All hashes on this machine. */
  list(): Promise<readonly string[]>;
  /** What is wrong, found without changing anything. */
  verify(): Promise<{ readonly checked: number; readonly findings: readonly Finding[] }>;
}

export interface OriginalsOptions {
  readonly fileSystem?: FileSystemPort;
  readonly onDamaged?: (finding: Finding) => void;
}

const hashPattern = /^[0-9a-f]{64}$/;

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The store in `folder`, which is made at the first `put`. `put` fails with `disk-full` or `storage-unwritable`. */
export function createOriginals(folder: string, options: OriginalsOptions = {}): Originals {
  const fileSystem = options.fileSystem ?? nodeFileSystem;
  const pathOf = (hash: string): string => join(folder, hash.slice(0, 2), hash);

  function damaged(hash: string): Finding {
    const file = pathOf(hash);
    const message = `${file} does not have the content that its name says.`;
    return { file, place: 'content', code: 'content-damaged', message };
  }

  async function read(hash: string): Promise<Uint8Array | null | 'damaged'> {
    if (!hashPattern.test(hash)) return null;
    const bytes = await readIfSound(fileSystem, pathOf(hash));
    return bytes instanceof Uint8Array && hashOf(bytes) !== hash ? 'damaged' : bytes;
  }

  async function get(hash: string): Promise<Uint8Array | null> {
    const bytes = await read(hash);
    if (bytes !== 'damaged') return bytes;
    const path = pathOf(hash);
    const found = hashOf(await (fileSystem.underneath ?? fileSystem).readFile(path));
    await writing(path, () => fileSystem.rename(path, `${path}.damaged-${found.slice(0, 16)}`));
    options.onDamaged?.(damaged(hash));
    return null;
  }

  async function list(): Promise<readonly string[]> {
    const found: string[] = [];
    for (const prefix of await fileSystem.list(folder)) {
      if (!/^[0-9a-f]{2}$/.test(prefix)) continue;
      for (const name of await fileSystem.list(join(folder, prefix))) if (hashPattern.test(name)) found.push(name);
    }
    return found.sort();
  }

  return {
    async put(bytes) {
      const hash = hashOf(bytes);
      if ((await get(hash)) !== null) return hash;
      const path = pathOf(hash);
      await writing(path, async () => {
        await fileSystem.makeFolder(dirname(path));
        await fileSystem.syncFolder(folder);
      });
      await atomicWrite(path, bytes, { fileSystem });
      return hash;
    },
    get,
    async has(hash) {
      return hashPattern.test(hash) && (await fileSystem.list(dirname(pathOf(hash)))).includes(hash);
    },
    async remove(hash) {
      if (!hashPattern.test(hash)) return;
      const inside = dirname(pathOf(hash));
      await writing(pathOf(hash), async () => {
        // Names of damaged copies begin with it.
        const there = (await fileSystem.list(inside)).filter((name) => name.startsWith(hash));
        if (there.length === 0) return;
        for (const name of there) await fileSystem.remove(join(inside, name));
        await fileSystem.syncFolder(inside);
      });
    },
    list,
    async verify() {
      const hashes = await list();
      const findings: Finding[] = [];
      for (const hash of hashes) {
        if (!((await read(hash)) instanceof Uint8Array)) findings.push(damaged(hash));
      }
      return { checked: hashes.length, findings };
    },
  };
}
