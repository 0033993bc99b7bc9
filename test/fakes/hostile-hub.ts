/**
 * A hub whose owner runs a program of their own: what it lists, gives, takes and tells is up to a test. Everything else is
 * the real hub, with a real database, and honest until it is told otherwise.
 */
import { rm } from 'node:fs/promises';
import { defaultLimits } from '../../hub/rules/limits.ts';
import { startHub } from '../../hub/server/app.ts';
import { openStorage } from '../../hub/storage/open-storage.ts';
import type { Caller, NewObject, ObjectFacts, Storage } from '../../hub/storage/storage.ts';
import { newHubFolder } from '../servers/hub-data.ts';

export interface HostileWays {
  /** What is shown of what there is. */
  list: (listed: readonly ObjectFacts[], prefix: string) => readonly Pick<ObjectFacts, 'name' | 'sizeBytes'>[];
  /** What is given under a name, null for nothing. */
  read: (name: string, bytes: Uint8Array | null) => Uint8Array | null | Promise<Uint8Array | null>;
  /** Whether what is put is really kept; it is acknowledged all the same. */
  keeps: (object: NewObject) => boolean;
  /** How the hub sees whoever asks. */
  caller: (caller: Caller | null) => Caller | null;
}

export interface HostileHub {
  readonly url: string;
  /** What it really holds. */
  readonly storage: Storage;
  ways: HostileWays;
  beHonest(): void;
  dispose(): Promise<void>;
}

const honest: HostileWays = {
  list: (listed) => listed,
  read: (_name, bytes) => bytes,
  keeps: () => true,
  caller: (caller) => caller,
};

export async function startHostileHub(): Promise<HostileHub> {
  const folder = await newHubFolder();
  const real = await openStorage({ folder });
  const { objects } = real;
  const owned: Storage = {
    ...real,
    objects: {
      ...objects,
      put: async (object, quota) => (made.ways.keeps(object) ? objects.put(object, quota) : 'stored'),
      async factsFor(...asked) {
        const seen = await objects.factsFor(...asked);
        return { ...seen, caller: made.ways.caller(seen.caller) };
      },
      async listFor(circle, replica, prefix, page) {
        const { caller, found } = await objects.listFor(circle, replica, prefix, page);
        const shown = made.ways.list(found, prefix).map((each) => ({ signer: null, carrier: replica, ...each }));
        return { caller: made.ways.caller(caller), found: shown };
      },
      async readFor(circle, replica, name, part) {
        const { caller, found } = await objects.readFor(circle, replica, name, part);
        const bytes = await made.ways.read(name, found?.bytes ?? null);
        return { caller: made.ways.caller(caller), found: bytes && { sizeBytes: bytes.length, bytes } };
      },
    },
  };
  const limits = { ...defaultLimits, failureBurst: 1e6, foundingBurst: 1e6 };
  const hub = await startHub({ storage: owned, limits, version: '1', port: 0, openToAll: true });
  const made: HostileHub = {
    url: `http://127.0.0.1:${hub.port}`,
    storage: real,
    ways: { ...honest },
    beHonest: () => void (made.ways = { ...honest }),
    async dispose() {
      await hub.close();
      await real.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return made;
}
