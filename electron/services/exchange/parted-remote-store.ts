/**
 * Any store, with large originals in parts (SY19). Above it an original is one object, whole or not there; below it the
 * parts that a cut left are not sent or asked for again. What was got of an original that is not whole yet is kept as it
 * came, sealed, in the profile's cache.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AbortSignalLike } from '../../../shared/contract/contract.ts';
import { parseObjectName, type ObjectName } from '../../../shared/sync/object-name.ts';
import { cutIntoParts, joinParts, partHeaderBytes, wholeUpToBytes } from '../../../shared/sync/object-parts.ts';
import type { ListedObject, RemoteStore } from '../../../shared/sync/remote-store.ts';
import { createAbandonedParts, type UnfinishedSet } from './abandoned-parts.ts';
import { isKeptFromUs } from './remove-own.ts';
import { carryOutAll } from './transfer.ts';

/** All parts of one blob, in order. */
interface PartSet {
  readonly blob: string;
  readonly parts: readonly ListedObject[];
}

interface Sorted {
  /** What is no part. */
  readonly others: readonly ListedObject[];
  /** Of each blob the set that is whole. */
  readonly whole: ReadonlyMap<string, PartSet>;
  readonly parts: readonly (ListedObject & { readonly part: Extract<ObjectName, { kind: 'part' }> })[];
  /** Sets that make no blob, or one that there is already. */
  readonly unfinished: readonly UnfinishedSet[];
}

const crypto = { sha256: (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest()) };

/** `partsFolder`: where received parts are kept; null where reading again costs nothing, and nobody puts parts. */
export function createPartedRemoteStore(
  store: RemoteStore,
  partsFolder: string | null,
  now: () => number = Date.now,
): RemoteStore {
  const file = partsFolder === null ? null : join(partsFolder, `unfinished-${hashText(store.describe())}.json`);
  const abandoned = file === null ? null : createAbandonedParts({ store, file, now });
  /** As the last listing had them. */
  let known: ReadonlyMap<string, PartSet> | null = null;

  async function look(signal?: AbortSignalLike): Promise<Sorted> {
    const sorted = sort(await store.list('blobs/', signal));
    known = sorted.whole;
    return sorted;
  }

  /** What the names of all kept parts of a blob begin with. */
  const keptOf = (blob: string): string => `part-${hashText(`${store.describe()} ${blob}`)}-`;
  const keptAt = (name: string): string | null => {
    const parsed = parseObjectName(name);
    if (partsFolder === null || parsed?.kind !== 'part') return null;
    return join(partsFolder, `${keptOf(parsed.blob)}${hashText(name)}`);
  };

  async function forgetKept(blob: string): Promise<void> {
    if (partsFolder === null) return;
    const names = await readdir(partsFolder).catch((error: NodeJS.ErrnoException) => {
      // What could not be looked for is not known to be gone.
      if (error.code !== 'ENOENT') throw error;
      return [];
    });
    for (const name of names) if (name.startsWith(keptOf(blob))) await rm(join(partsFolder, name), { force: true });
  }

  async function getPart(name: string, signal?: AbortSignalLike): Promise<Uint8Array | null> {
    const path = keptAt(name);
    const kept = path && (await readFile(path).catch(() => null));
    if (kept) return new Uint8Array(kept);
    const bytes = await store.get(name, signal);
    // A cache: where it cannot be written the part is got again after a cut.
    if (path && partsFolder && bytes)
      await mkdir(partsFolder, { recursive: true })
        .then(() => writeFile(path, bytes))
        .catch(() => undefined);
    return bytes;
  }

  async function getSet({ parts }: PartSet, signal?: AbortSignalLike): Promise<Uint8Array | null> {
    const got = new Map<string, Uint8Array>();
    await carryOutAll(parts, store.capabilities.parallelReads ?? 1, async ({ name }) => {
      const bytes = await getPart(name, signal);
      if (bytes) got.set(name, bytes);
    });
    const inOrder = parts.flatMap(({ name }) => got.get(name) ?? []);
    if (inOrder.length < parts.length) return null;
    for (const { name } of parts) {
      const path = keptAt(name);
      if (path) await rm(path, { force: true });
    }
    return joinParts(inOrder, crypto);
  }

  return {
    capabilities: store.capabilities,
    describe: () => store.describe(),

    async list(prefix, signal) {
      if (prefix !== 'blobs/') return store.list(prefix, signal);
      const { others, whole, unfinished } = await look(signal);
      await abandoned?.tidy(unfinished);
      const there = new Set(others.map(({ name }) => name));
      const joined = [...whole.values()].filter(({ blob }) => !there.has(blob));
      return [...others, ...joined.map(({ blob, parts }) => ({ name: blob, sizeBytes: sizeOf(parts) }))];
    },

    async get(name, signal) {
      if (!isBlob(name)) return store.get(name, signal);
      const set = known?.get(name);
      if (set) return getSet(set, signal);
      const whole = await store.get(name, signal);
      if (whole) return whole;
      const found = (await look(signal)).whole.get(name);
      return found ? getSet(found, signal) : null;
    },

    async putIfAbsent(name, bytes, signal) {
      const isLarge = store.capabilities.inParts === true && bytes.length > wholeUpToBytes;
      const parts = isLarge ? cutIntoParts({ name, bytes }, crypto) : null;
      if (!parts) return store.putIfAbsent(name, bytes, signal);
      const { others, whole, parts: there } = await look(signal);
      if (whole.has(name) || others.some((each) => each.name === name)) return 'present';
      const sizes = new Map(there.map((each) => [each.name, each.sizeBytes]));
      for (const part of parts) {
        if (sizes.get(part.name) === part.bytes.length) continue;
        // Not as long as it must be: what a store left that does not put all or nothing.
        if (sizes.has(part.name)) await store.removeOwn(part.name);
        await store.putIfAbsent(part.name, part.bytes, signal);
      }
      return 'stored';
    },

    async removeOwn(name) {
      if (!isBlob(name)) return store.removeOwn(name);
      await forgetKept(name);
      const { parts } = await look();
      const names = [...parts.filter(({ part }) => part.blob === name).map((each) => each.name), name];
      let kept: unknown = null;
      for (const each of names) {
        try {
          await store.removeOwn(each);
        } catch (error) {
          // Some may be another device's to remove, and the rest ours.
          if (!isKeptFromUs(error)) throw error;
          kept = error;
        }
      }
      if (kept !== null) throw kept;
    },
  };
}

const isBlob = (name: string): boolean => parseObjectName(name)?.kind === 'blob';

/** Of the blob they make. */
function sizeOf(parts: readonly ListedObject[]): number {
  return parts.reduce((sum, { sizeBytes }) => sum + sizeBytes - partHeaderBytes, 0);
}

function sort(listed: readonly ListedObject[]): Sorted {
  const others: ListedObject[] = [];
  const parts: Sorted['parts'][number][] = [];
  for (const each of listed) {
    const part = parseObjectName(each.name);
    if (part?.kind === 'part') parts.push({ ...each, part });
    else others.push(each);
  }
  const sets = Map.groupBy(parts, ({ part: { blob, of, hash } }) => `${blob} ${of} ${hash}`);
  const whole = new Map<string, PartSet>();
  const unfinished: UnfinishedSet[] = [];
  // Of two that were sealed differently everybody takes the same one.
  for (const [key, set] of [...sets].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [{ part }] = set as [Sorted['parts'][number]];
    const inOrder = [...set].sort((a, b) => a.part.number - b.part.number);
    const isWhole = inOrder.length === part.of;
    if (isWhole && !whole.has(part.blob)) whole.set(part.blob, { blob: part.blob, parts: inOrder });
    else unfinished.push({ key, parts: inOrder.map(({ name }) => name) });
  }
  return { others, whole, parts, unfinished };
}

function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
