/**
 * Watches the heads of a folder. A hint and no more: network folders deliver no events, sync tools deliver them early or
 * twice, so the scheduler's poll finds whatever this misses.
 */
import { watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';
import type { ChannelWatch } from './channel-kind.ts';

/**
 * Calls `onHint` when a head may have come or gone. A folder that cannot be watched is only polled; one that is away is
 * forgotten, because what is watched may be another disk's when it is back.
 */
export function watchFolder(folder: string, onHint: () => void): ChannelWatch {
  let watcher: FSWatcher | null = null;
  let disposed = false;

  function forget(): void {
    watcher?.close();
    watcher = null;
  }

  function refresh(): void {
    if (watcher || disposed) return;
    try {
      const opened = watch(join(folder, 'heads'), { persistent: false }, (_event, name) => {
        // Our own and others' temporary files come and go with every put.
        if (name === null || !name.startsWith('.')) onHint();
      });
      opened.on('error', () => {
        opened.close();
        if (watcher === opened) watcher = null;
      });
      watcher = opened;
    } catch {
      // Away, not made yet, or out of watches: the poll is there for that.
      watcher = null;
    }
  }

  refresh();
  return {
    refresh,
    forget,
    // Events of a folder come or do not come; the poll goes on as it does.
    isLive: () => false,
    dispose() {
      disposed = true;
      forget();
    },
  };
}
