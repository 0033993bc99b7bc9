/** Files that the system gave the program to open, until a page takes them: a double click may come before any page is there. */
import { basename } from 'node:path';
import type { Grants } from './grants.ts';

export interface OpenedFiles {
  add(paths: readonly string[]): void;
  /** Each file is given once. */
  take(): { readonly name: string; readonly grant: string }[];
  /** Who tells the pages that there are some; a locked profile has none, and its page asks when it is unlocked. */
  announceBy(announce: () => void): void;
}

export function createOpenedFiles(grants: Pick<Grants, 'forPath'>): OpenedFiles {
  let waiting: string[] = [];
  let announce = (): void => undefined;
  return {
    add(paths) {
      if (paths.length === 0) return;
      waiting.push(...paths);
      announce();
    },
    take() {
      const taken = waiting;
      waiting = [];
      return taken.map((path) => ({ name: basename(path), grant: grants.forPath(path) }));
    },
    announceBy(next) {
      announce = next;
    },
  };
}
