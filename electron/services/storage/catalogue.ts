/**
 * The catalogue: facts that make a start quick and can all be made again from logs and originals. What is on the shelf,
 * how far one has read, where an exchange stands. Kept by lowdb in `catalogue.json`, written atomically. A catalogue
 * that cannot be read is set aside and a new one begun; `rebuilt` then tells its users to fill it again.
 */
import { Low, type Adapter } from 'lowdb';
import { z } from '../../../shared/contract/schema.ts';
import type { CircleId, DocumentId, Json } from '../../../shared/ids.ts';
import { atomicWrite } from './atomic-write.ts';
import { nodeFileSystem, readIfSound, writing, type FileSystemPort } from './file-system.ts';

const catalogueFormat = 1;

/** A document on the shelf. `summary` is the library's own, checked by it when read. */
export interface ShelfEntry {
  readonly summary: Json;
  readonly removed: boolean;
  /** Its place on the shelf: ascending. */
  readonly order: number;
}

export interface CatalogueContent {
  shelf: Record<DocumentId, ShelfEntry>;
  positions: Record<DocumentId, string>;
  /** Where the exchange of a circle stands, in the exchange's own form. */
  cursors: Record<CircleId, Json>;
}

export interface Catalogue {
  /** What is there now; changed through `update` only. */
  content(): Readonly<CatalogueContent>;
  /** It was missing or could not be read: everything in it is to be made again. */
  readonly rebuilt: boolean;
  /**
   * Changes the content at once and resolves when it is on disk; several updates share one write. When the write fails
   * (`disk-full`, `storage-unwritable`) the change stands in memory and goes with the next one.
   */
  update(change: (content: CatalogueContent) => void): Promise<void>;
  /** Waits for what is being written. */
  close(): Promise<void>;
}

const schema = z.object({
  format: z.literal(catalogueFormat),
  shelf: z.record(z.string(), z.object({ summary: z.json(), removed: z.boolean(), order: z.number() })),
  positions: z.record(z.string(), z.string()),
  cursors: z.record(z.string(), z.json()),
});
type Stored = { readonly format: number } & CatalogueContent;

const encoder = new TextEncoder();

/** lowdb's port over the atomic write. Reading gives null when the file is missing or not a catalogue. */
function atomicAdapter(path: string, fileSystem: FileSystemPort, now: () => number): Adapter<Stored> {
  return {
    async read() {
      const bytes = await readIfSound(fileSystem, path);
      if (bytes === null) return null;
      try {
        if (bytes === 'damaged') throw new TypeError('not sealed by this profile');
        return schema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))) as unknown as Stored;
      } catch {
        // Damaged, or of a newer version: nothing in it is lost for good, but it is kept for whoever wants to look.
        await writing(path, () => fileSystem.rename(path, `${path}.set-aside-${now()}`));
        return null;
      }
    },
    write: (stored) => atomicWrite(path, encoder.encode(JSON.stringify(stored)), { fileSystem }),
  };
}

/** Opens or begins the catalogue in `path`. */
export async function openCatalogue(
  path: string,
  options: { readonly fileSystem?: FileSystemPort; readonly now?: () => number } = {},
): Promise<Catalogue> {
  const empty: Stored = { format: catalogueFormat, shelf: {}, positions: {}, cursors: {} };
  let found = false;
  const adapter = atomicAdapter(path, options.fileSystem ?? nodeFileSystem, options.now ?? Date.now);
  const low = new Low<Stored>(
    {
      read: async () => {
        const stored = await adapter.read();
        found = stored !== null;
        return stored;
      },
      write: (stored) => adapter.write(stored),
    },
    empty,
  );
  await low.read();
  let writingNow: Promise<void> = Promise.resolve();
  /** The write that has not begun yet and will carry every update until it does. */
  let next: Promise<void> | null = null;
  return {
    content: () => low.data,
    rebuilt: !found,
    update(change) {
      change(low.data);
      if (next === null) {
        next = writingNow.then(() => {
          next = null;
          return low.write();
        });
        writingNow = next.catch(() => undefined);
      }
      return next;
    },
    async close() {
      await writingNow;
    },
  };
}
