/**
 * A bundle is read-only, so what is put goes to a store beside it, of which a bundle is written before each reading:
 * everything the suite reads has been through the container.
 */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { CircleId } from '../../shared/ids.ts';
import { createBundleRemoteStore } from '../../shared/sync/bundle-remote-store.ts';
import { decodeBundle, encodeBundle } from '../../shared/sync/bundle.ts';
import type { RemoteStore } from '../../shared/sync/remote-store.ts';
import { createMemoryRemoteStore } from '../fakes/memory-remote-store.ts';
import { describeRemoteStore } from './remote-store-suite.ts';

const circle = 'abcdefghijklmnopqrstuvwxyz' as CircleId;
const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());

function throughBundle(objects: ReadonlyMap<string, Uint8Array>): RemoteStore {
  const entries = [...objects].map(([name, bytes]) => ({ name, bytes }));
  const read = decodeBundle(encodeBundle({ circle, part: 1, parts: 1, entries }, sha256), sha256);
  if (!read.ok) throw new Error(read.code);
  return createBundleRemoteStore(read.content.entries, 'post.dwbundle');
}

describeRemoteStore(
  'bundle',
  async () => {
    const objects = new Map<string, Uint8Array>();
    const open = (): RemoteStore => ({
      ...createMemoryRemoteStore(objects),
      list: (prefix, signal) => throughBundle(objects).list(prefix, signal),
      get: (name, signal) => throughBundle(objects).get(name, signal),
    });
    return {
      store: open(),
      again: open,
      plant: async (name, bytes) => void objects.set(name, bytes),
      takeAway: async () => undefined,
      bringBack: async () => undefined,
      dispose: async () => undefined,
    };
  },
  { without: ['strays', 'being away'] },
);

describe('a bundle as a remote', () => {
  it('[SY72] takes nothing, and refuses names that are not of the format first', async () => {
    const store = createBundleRemoteStore([], 'post.dwbundle');
    const readOnly = expect.objectContaining({ code: 'destination-not-writable' });
    await expect(store.putIfAbsent('circle', new Uint8Array(1))).rejects.toEqual(readOnly);
    await expect(store.removeOwn('circle')).rejects.toEqual(readOnly);
    await expect(store.putIfAbsent('../circle', new Uint8Array(1))).rejects.toThrow(RangeError);
  });
});
