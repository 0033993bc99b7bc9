/**
 * A remote in memory that passes the same contract suite as the real ones, with faults to be injected: away, read-only,
 * full, cut in the middle. `objects` is open to tests that truncate, flip, rename, hide or bring back.
 */
import type { AbortSignalLike } from '../../shared/contract/contract.ts';
import { WorkbenchError } from '../../shared/contract/errors.ts';
import { parseObjectName } from '../../shared/sync/object-name.ts';
import type { RemoteStore, StoreCapabilities } from '../../shared/sync/remote-store.ts';

export interface MemoryFaults {
  away: boolean;
  readOnly: boolean;
  full: boolean;
  /** Called before each operation; may throw. */
  before: (operation: 'list' | 'get' | 'putIfAbsent' | 'removeOwn', name: string) => void;
}

export interface MemoryRemoteStore extends RemoteStore {
  readonly objects: Map<string, Uint8Array>;
  readonly faults: MemoryFaults;
  /** Every operation carried out, for counting requests and bytes. */
  readonly operations: { readonly operation: string; readonly name: string; readonly bytes: number }[];
}

export function createMemoryRemoteStore(
  objects = new Map<string, Uint8Array>(),
  capabilities: StoreCapabilities = { cheapReads: true },
): MemoryRemoteStore {
  const faults: MemoryFaults = { away: false, readOnly: false, full: false, before: () => undefined };
  const operations: { operation: string; name: string; bytes: number }[] = [];

  function begin(operation: Parameters<MemoryFaults['before']>[0], name: string, signal?: AbortSignalLike): void {
    if (signal?.aborted) throw new WorkbenchError('cancelled', 'stopped');
    if (faults.away) throw new WorkbenchError('folder-unreachable', 'the store is away');
    faults.before(operation, name);
    const writes = operation === 'putIfAbsent' || operation === 'removeOwn';
    if (writes && faults.readOnly) throw new WorkbenchError('destination-not-writable', 'the store is read-only');
    if (operation === 'putIfAbsent' && faults.full) throw new WorkbenchError('disk-full', 'the store is full');
  }

  return {
    objects,
    faults,
    operations,
    capabilities,
    describe: () => 'memory',
    async list(prefix, signal) {
      begin('list', prefix, signal);
      const listed = [...objects].filter(([name]) => name.startsWith(prefix));
      operations.push({ operation: 'list', name: prefix, bytes: 0 });
      return listed.map(([name, bytes]) => ({ name, sizeBytes: bytes.length }));
    },
    async get(name, signal) {
      begin('get', name, signal);
      const bytes = objects.get(name) ?? null;
      operations.push({ operation: 'get', name, bytes: bytes?.length ?? 0 });
      return bytes && bytes.slice();
    },
    async putIfAbsent(name, bytes, signal) {
      begin('putIfAbsent', name, signal);
      if (!parseObjectName(name)) throw new RangeError(`not the name of an object: ${name}`);
      if (objects.has(name)) return 'present';
      objects.set(name, bytes.slice());
      operations.push({ operation: 'putIfAbsent', name, bytes: bytes.length });
      return 'stored';
    },
    async removeOwn(name) {
      begin('removeOwn', name);
      objects.delete(name);
      operations.push({ operation: 'removeOwn', name, bytes: 0 });
    },
  };
}
