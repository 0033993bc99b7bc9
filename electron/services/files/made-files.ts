/**
 * Files that are made for a person to save and may be larger than memory. Each lies in a folder of its own below `folder`
 * until it is saved or its grant ends; what a crash left there is cleared away when the program has the folder again.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeFileSystem, writing } from '../storage/file-system.ts';
import type { Grants } from './grants.ts';

export interface MadeFiles {
  /** `make` writes the file; when it fails nothing is left. */
  make(
    name: string,
    make: (path: string) => Promise<number>,
    grants: Pick<Grants, 'forTemporaryFile'>,
  ): Promise<{ readonly file: string; readonly sizeBytes: number }>;
  /**
   * Removes what was not made by this one. Nobody else may be using the folder. Fails with `storage-unwritable` where it
   * cannot be looked into or something in it cannot be removed; what could be removed is.
   */
  clear(): Promise<void>;
}

export function createMadeFiles(folder: string, kind: string): MadeFiles {
  const own = new Set<string>();
  return {
    async make(name, make, grants) {
      const inside = await writing(folder, async () => {
        await mkdir(folder, { recursive: true });
        return mkdtemp(join(folder, `${kind}-`));
      });
      own.add(inside);
      try {
        const path = join(inside, 'file');
        const sizeBytes = await make(path);
        return { file: grants.forTemporaryFile(path, name), sizeBytes };
      } catch (error) {
        await rm(inside, { recursive: true, force: true });
        throw error;
      }
    },
    async clear() {
      const names = await writing(folder, () => nodeFileSystem.list(folder));
      const left = names.filter((name) => name.startsWith(`${kind}-`) && !own.has(join(folder, name)));
      const removed = await Promise.allSettled(
        left.map((name) => writing(join(folder, name), () => rm(join(folder, name), { recursive: true, force: true }))),
      );
      for (const each of removed) if (each.status === 'rejected') throw each.reason;
    },
  };
}
