/**
 * A folder on a WebDAV server as a remote. An object is put under a name of its own beside the prefixes and then moved to
 * its place with `Overwrite: F`, so that nobody ever sees half of one and nothing is overwritten; what a crash left
 * behind under our mark is removed at the first put. ETags, locks and times are not used.
 */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { base32 } from '../../../shared/ids.ts';
import { parseObjectName } from '../../../shared/sync/object-name.ts';
import type { RemoteStore } from '../../../shared/sync/remote-store.ts';
import { isLitter } from './folder-remote-store.ts';
import { shown, stopped, unsuitable } from './http-failures.ts';
import type { WebdavClient } from './webdav-client.ts';

export interface WebdavStoreOptions {
  readonly client: WebdavClient;
  /** What our unfinished files are marked with, [a-z0-9-]. */
  readonly owner: string;
  readonly random: (lengthBytes: number) => Uint8Array;
}

export function createWebdavRemoteStore({ client, owner, random }: WebdavStoreOptions): RemoteStore {
  const mark = `put-${owner}-`;
  let swept = false;

  /** A folder that went away on the server must not look like one in which nothing is. */
  async function assertHere(): Promise<void> {
    if ((await client.list('')) !== null) return;
    throw unsuitable(client.base, 'there is no such folder on the server (any more).');
  }

  async function sweep(): Promise<void> {
    if (swept) return;
    swept = true;
    const entries = await client.list('');
    if (entries === null) throw unsuitable(client.base, 'there is no such folder on the server (any more).');
    for (const { name } of entries) if (name.startsWith(mark)) await client.remove(name);
  }

  return {
    capabilities: { cheapReads: false, parallelReads: 6, inParts: true },
    describe: () => shown(client.base).replace(/\/$/, ''),

    async list(prefix, signal) {
      if (signal?.aborted) throw stopped();
      const entries = await client.list(prefix, signal);
      if (entries === null) {
        await assertHere();
        return [];
      }
      return entries
        .filter(({ name, isCollection }) => !isCollection && name !== '' && !isLitter(name))
        .map(({ name, sizeBytes }) => ({ name: prefix + name, sizeBytes: Math.max(0, sizeBytes) }));
    },

    async get(name, signal) {
      if (signal?.aborted) throw stopped();
      if (!isInside(name)) return null;
      const found = await client.get(name, signal);
      if (found === null && name === 'circle') await assertHere();
      return found;
    },

    async putIfAbsent(name, bytes, signal) {
      if (signal?.aborted) throw stopped();
      const parsed = parseObjectName(name);
      if (!parsed) throw new RangeError(`not the name of an object: ${name}`);
      await sweep();
      const temporary = mark + base32(random(10));
      const isThere = await client.put(temporary, bytes, signal);
      if (!isThere) throw unsuitable(client.base, 'there is no such folder on the server (any more).');
      try {
        let moved = await client.move(temporary, name, signal);
        if (moved === 'missing' && name.includes('/')) {
          await client.makeFolder(name.slice(0, name.indexOf('/') + 1), signal);
          moved = await client.move(temporary, name, signal);
        }
        if (moved === 'missing') {
          const message = `${shown(client.base)} took an object and did not have it afterwards. It is put again later.`;
          throw new WorkbenchError('network-unreachable', message, { name });
        }
        if (moved === 'present') await client.remove(temporary);
        return moved === 'present' ? 'present' : 'stored';
      } catch (error) {
        // Swept later where this fails too.
        swept = false;
        throw error;
      }
    },

    async removeOwn(name) {
      if (isInside(name)) await client.remove(name);
    },
  };
}

/** `circle`, or one plain name in one of the folders. */
function isInside(name: string): boolean {
  return name === 'circle' || /^(heads|segments|receipts|blobs)\/(?!\.{1,2}$)[^/\\\0]+$/.test(name);
}
