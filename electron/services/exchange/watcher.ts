/**
 * Watches the heads of a folder. A hint and no more: network folders deliver no events, sync tools deliver them early or
 * twice, so the scheduler's poll finds whatever this misses.
 */
import { watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';

export interface FolderWatcher {
  dispose(): void;
}

/** Calls `onHint` when something may have changed under `folder`. A folder that cannot be watched is only polled. */
export function watchFolder(folder: string, onHint: () => void): FolderWatcher {
  let watcher: FSWatcher | null = null;
  for (const path of [join(folder, 'heads'), folder]) {
    try {
      watcher = watch(path, { persistent: false }, (_event, name) => {
        // Our own and others' temporary files come and go with every put.
        if (name === null || !name.startsWith('.')) onHint();
      });
    } catch {
      // Away, not made yet, or out of watches: the poll is there for that.
      continue;
    }
    watcher.on('error', () => watcher?.close());
    break;
  }
  return { dispose: () => watcher?.close() };
}
