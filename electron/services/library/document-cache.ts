/**
 * Parsed documents, the most recently used kept in memory: a reading is made again from the original bytes whenever it is
 * needed, so that a better importer is used at once and no derived plaintext lies on disk.
 */
import type { OutcomeDocument } from '../../../shared/document/outcome-document.ts';
import type { DocumentId } from '../../../shared/ids.ts';

export interface DocumentCache {
  get(id: DocumentId): Promise<OutcomeDocument | null>;
  put(document: OutcomeDocument): void;
  drop(id: DocumentId): void;
}

/** `read` makes the reading; null = the bytes are not on this machine. Concurrent requests share one reading. */
export function createDocumentCache(
  read: (id: DocumentId) => Promise<OutcomeDocument | null>,
  capacity = 24,
): DocumentCache {
  const kept = new Map<DocumentId, Promise<OutcomeDocument | null>>();
  function touch(id: DocumentId, document: Promise<OutcomeDocument | null>): void {
    kept.delete(id);
    kept.set(id, document);
    for (const oldest of kept.keys()) {
      if (kept.size <= capacity) break;
      kept.delete(oldest);
    }
  }
  return {
    get(id) {
      const known = kept.get(id);
      const document =
        known ??
        read(id).then(
          (found) => {
            // Bytes may arrive later through a circle: absence is not remembered.
            if (!found) kept.delete(id);
            return found;
          },
          (error: unknown) => {
            kept.delete(id);
            throw error;
          },
        );
      touch(id, document);
      return document;
    },
    drop: (id) => void kept.delete(id),
    put: (document) => touch(document.id, Promise.resolve(document)),
  };
}
