/**
 * Parts of large originals that nobody finishes: an upload that was given up, or one that was sealed differently by a
 * device that was quicker. Which have come no further since when is remembered in the profile's cache; losing that only
 * makes them stay longer. Rule SY19 of shared/sync/SPEC.md.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { z } from '../../../shared/contract/schema.ts';
import type { RemoteStore } from '../../../shared/sync/remote-store.ts';
import { atomicWriteJson } from '../storage/atomic-write.ts';

/** Whoever is so slow, or so long away, sends again what was taken away. */
export const abandonedAfterMs = 14 * 24 * 60 * 60 * 1000;

export interface UnfinishedSet {
  /** Of this blob and this sealing alone. */
  readonly key: string;
  /** Names of the parts that stand there. */
  readonly parts: readonly string[];
}

const memorySchema = z.record(z.string(), z.object({ parts: z.number(), since: z.number() }));
type Memory = z.output<typeof memorySchema>;

/** `now` in milliseconds since 1970; only how much later it is counts. */
export function createAbandonedParts(options: {
  readonly store: Pick<RemoteStore, 'removeOwn'>;
  readonly file: string;
  readonly now: () => number;
}): { tidy(unfinished: readonly UnfinishedSet[]): Promise<void> } {
  const { store, file, now } = options;
  let memory: Memory | null = null;

  async function load(): Promise<Memory> {
    const text = await readFile(file, 'utf8').catch(() => '{}');
    try {
      return memorySchema.parse(JSON.parse(text));
    } catch {
      // A cache that cannot be read is begun anew.
      return {};
    }
  }

  /** What cannot be taken away, or is another device's to take away, must not keep anybody from reading. */
  async function remove(parts: readonly string[]): Promise<void> {
    for (const name of parts) {
      try {
        await store.removeOwn(name);
      } catch (error) {
        if (!(error instanceof WorkbenchError)) throw error;
      }
    }
  }

  return {
    async tidy(unfinished) {
      memory ??= await load();
      const before = memory;
      if (unfinished.length === 0 && Object.keys(before).length === 0) return;
      const next: Memory = {};
      for (const { key, parts } of unfinished) {
        const known = before[key];
        const stood = known?.parts === parts.length ? now() - known.since : -1;
        const isSame = known !== undefined && stood >= 0 && stood < abandonedAfterMs;
        next[key] = isSame ? known : { parts: parts.length, since: now() };
        if (stood >= abandonedAfterMs) await remove(parts);
      }
      memory = next;
      if (JSON.stringify(next) === JSON.stringify(before)) return;
      // As above: a cache.
      await mkdir(dirname(file), { recursive: true })
        .then(() => atomicWriteJson(file, next))
        .catch(() => undefined);
    },
  };
}
