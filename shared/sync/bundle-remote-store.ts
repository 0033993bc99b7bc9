/** A bundle as a remote: what reads a folder reads a bundle too. Nothing is put into one that is written. */
import { WorkbenchError } from '../contract/errors.ts';
import type { AbortSignalLike } from '../contract/contract.ts';
import type { BundleEntry } from './bundle.ts';
import { parseObjectName } from './object-name.ts';
import type { RemoteStore } from './remote-store.ts';

/** `name` is what the bundle is called, for display. */
export function createBundleRemoteStore(entries: readonly BundleEntry[], name: string): RemoteStore {
  const objects = new Map(entries.map((entry) => [entry.name, entry.bytes]));
  return {
    capabilities: { cheapReads: true },
    describe: () => name,
    async list(prefix, signal) {
      stopIf(signal);
      return [...objects]
        .filter(([each]) => each.startsWith(prefix))
        .map(([each, bytes]) => ({ name: each, sizeBytes: bytes.length }));
    },
    async get(each, signal) {
      stopIf(signal);
      return objects.get(each)?.slice() ?? null;
    },
    async putIfAbsent(each, _bytes, signal) {
      stopIf(signal);
      if (!parseObjectName(each)) throw new RangeError(`not the name of an object: ${each}`);
      throw readOnly(name);
    },
    async removeOwn() {
      throw readOnly(name);
    },
  };
}

function readOnly(name: string): WorkbenchError {
  return new WorkbenchError('destination-not-writable', `Nothing can be put into ${name}: it is a finished bundle.`);
}

function stopIf(signal: AbortSignalLike | undefined): void {
  if (signal?.aborted) throw new WorkbenchError('cancelled', 'The import was stopped. Nothing is lost by that.');
}
