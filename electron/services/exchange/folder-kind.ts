/** A folder as a channel: a shared drive, a stick, a folder that a sync tool carries about. */
import { findCircle, lookInto, makePlace, requireCircle } from './circle-folder.ts';
import type { ChannelKind } from './channel-kind.ts';
import { createFolderRemoteStore } from './folder-remote-store.ts';
import { watchFolder } from './watcher.ts';

export const folderKind: ChannelKind<'folder'> = {
  kind: 'folder',
  overNetwork: false,
  pollMs: 15_000,

  async settle({ wish: { path: chosen }, circle, purpose }, { random }) {
    const at = (path: string, isNew: boolean) => ({ config: { kind: 'folder' as const, path }, secret: null, isNew });
    if (circle === null || purpose === 'found') return at(await makePlace(chosen, random), true);
    if (purpose === 'join') return at(await requireCircle(chosen, circle.id, circle.name, random), false);
    const { place, other } = await findCircle(chosen, circle.id, random);
    if (place !== null) return at(place, false);
    // Says what is there instead.
    if (other !== null) await requireCircle(chosen, circle.id, circle.name, random);
    return at(await makePlace(chosen, random), true);
  },

  // A shared folder has another name on every machine.
  invite: async () => null,
  wishFrom: () => null,

  look: ({ wish, circle }, { random }) => lookInto(wish.path, circle?.id ?? null, random),

  open({ config, circle }, { random }) {
    return {
      store: createFolderRemoteStore({ folder: config.path, owner: circle.replica, random }),
      watch: (onHint) => watchFolder(config.path, onHint),
    };
  },
};
