/** A bucket, or a folder in one, as a remote. A PUT stores all or nothing there, so that no temporary names are needed. */
import { parseObjectName } from '../../../shared/sync/object-name.ts';
import type { RemoteStore } from '../../../shared/sync/remote-store.ts';
import { isLitter } from './folder-remote-store.ts';
import { shown, stopped } from './http-failures.ts';
import type { S3Client } from './s3-client.ts';

/** `folder` is empty or ends with a slash. */
export function createS3RemoteStore(client: S3Client, folder: string): RemoteStore {
  return {
    capabilities: { cheapReads: false, parallelReads: 6, inParts: true },
    describe: () => shown(`${client.address}/${folder}`).replace(/\/$/, ''),

    async list(prefix, signal) {
      if (signal?.aborted) throw stopped();
      const listed = await client.list(folder + prefix, signal);
      return listed
        .map(({ key, sizeBytes }) => ({ name: key.slice(folder.length), sizeBytes }))
        .filter(({ name }) => {
          const rest = name.slice(prefix.length);
          return rest !== '' && !rest.includes('/') && !isLitter(rest);
        });
    },

    async get(name, signal) {
      if (signal?.aborted) throw stopped();
      return client.get(folder + name, signal);
    },

    async putIfAbsent(name, bytes, signal) {
      if (signal?.aborted) throw stopped();
      const parsed = parseObjectName(name);
      if (!parsed) throw new RangeError(`not the name of an object: ${name}`);
      // Names with a hash of their bytes are never put twice with different ones; the others are looked for first, for
      // stores that overlook the condition.
      const isNamedByBytes = parsed.kind !== 'circle' && parsed.kind !== 'receipt';
      if (!isNamedByBytes && (await client.has(folder + name, signal))) return 'present';
      return client.put(folder + name, bytes, signal);
    },

    removeOwn: (name) => client.remove(folder + name),
  };
}
