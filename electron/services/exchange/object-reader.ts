/**
 * Gets objects from a remote and opens them. What a sync tool renamed is found by reading every file under a name that is
 * not one of ours and asking it what it is; nothing is judged by name alone.
 */
import type { AbortSignalLike } from '../../../shared/contract/contract.ts';
import { openObject, type OpenedObject, type Opener, type Result } from '../../../shared/sync/object-format.ts';
import { parseObjectName, type Prefix } from '../../../shared/sync/object-name.ts';
import type { ListedObject, RemoteStore } from '../../../shared/sync/remote-store.ts';
import type { ExchangeState } from './exchange-state.ts';

export interface Listing {
  /** Objects by their own names, whatever they are called on the remote. */
  readonly objects: ReadonlyMap<string, { readonly foundAs: string; readonly sizeBytes: number }>;
  /** Files that are no objects of this circle, or not whole. */
  readonly unreadable: readonly { readonly name: string; readonly code: string; readonly message: string }[];
}

export interface Traffic {
  listings: number;
  bytesIn: number;
  bytesOut: number;
}

export interface ReadObject extends OpenedObject {
  /** The object as it stands on the remote. */
  readonly bytes: Uint8Array;
}

export interface ObjectReader {
  list(prefix: Prefix): Promise<Listing>;
  /** Null when it is nowhere on the remote. `foundAs` where a listing said it is called otherwise. */
  read(name: string, foundAs?: string): Promise<Result<ReadObject> | null>;
  /** The bytes under a name, for comparing. */
  bytes(name: string): Promise<Uint8Array | null>;
}

export interface ObjectReaderOptions {
  readonly store: RemoteStore;
  readonly opener: Opener;
  readonly state: ExchangeState;
  readonly traffic: Traffic;
  readonly signal: AbortSignalLike | undefined;
}

export function createObjectReader({ store, opener, state, traffic, signal }: ObjectReaderOptions): ObjectReader {
  const listings = new Map<Prefix, Promise<Listing>>();

  async function bytes(name: string): Promise<Uint8Array | null> {
    const found = await store.get(name, signal);
    traffic.bytesIn += found?.length ?? 0;
    return found;
  }

  async function listNow(prefix: Prefix): Promise<Listing> {
    traffic.listings += 1;
    const objects = new Map<string, { foundAs: string; sizeBytes: number }>();
    const strays: ListedObject[] = [];
    const unreadable: { name: string; code: string; message: string }[] = [];
    const entries = await store.list(prefix, signal);
    for (const entry of entries) {
      if (parseObjectName(entry.name)) objects.set(entry.name, { foundAs: entry.name, sizeBytes: entry.sizeBytes });
      else strays.push(entry);
    }
    for (const { name: raw, sizeBytes } of strays) {
      const remembered = state.strays[raw];
      let name = remembered?.sizeBytes === sizeBytes ? remembered.name : null;
      if (name === null) {
        const found = await bytes(raw);
        if (!found) continue;
        const opened = openObject(found, raw, opener);
        if (!opened.ok) {
          unreadable.push({ name: raw, ...opened.problem });
          continue;
        }
        name = opened.name;
        state.strays[raw] = { sizeBytes, name };
      }
      if (!objects.has(name)) objects.set(name, { foundAs: raw, sizeBytes });
    }
    const listed = new Set(entries.map((entry) => entry.name));
    for (const raw of Object.keys(state.strays)) {
      if (raw.startsWith(prefix) && !listed.has(raw)) delete state.strays[raw];
    }
    return { objects, unreadable };
  }

  function list(prefix: Prefix): Promise<Listing> {
    const listing = listings.get(prefix) ?? listNow(prefix);
    listings.set(prefix, listing);
    return listing;
  }

  async function readAs(foundAs: string): Promise<Result<ReadObject> | null> {
    const found = await bytes(foundAs);
    const opened = found && openObject(found, foundAs, opener);
    return opened?.ok ? { ...opened, bytes: found! } : opened;
  }

  return {
    list,
    bytes,
    async read(name, foundAs = name) {
      const direct = await readAs(foundAs);
      if (direct?.ok || foundAs !== name) return direct;
      // Gone or damaged under its own name: it may stand beside it, as a conflict copy or under a name cut short.
      const prefix = `${name.slice(0, name.indexOf('/'))}/` as Prefix;
      const other = (await list(prefix)).objects.get(name);
      if (other && other.foundAs !== name) return (await readAs(other.foundAs)) ?? direct;
      const stray = Object.entries(state.strays).find(([, each]) => each.name === name);
      return (stray ? await readAs(stray[0]) : null) ?? direct;
    },
  };
}
