/**
 * What stands on the shelf: the `document` records of every circle, brought together by the hash of the original bytes.
 * A record in the personal circle that was removed hides the document whatever other circles say.
 */
import type { DocumentId, RecordId } from '../../../shared/ids.ts';
import type { RecordState } from '../../../shared/records/fold.ts';
import type { Circle, Circles } from '../circles/circle.ts';

export interface ShelfEntry {
  readonly id: DocumentId;
  readonly title: string;
  readonly symbol: string;
  readonly language: string;
  readonly fileName: string;
  readonly workKey: string;
  /** Name of the original bytes among the blobs, and the circle that keeps them. */
  readonly blob: string;
  readonly circles: readonly Circle[];
  readonly own: boolean;
  readonly importedAt: number;
  readonly hidden: boolean;
  /** The personal record says no more than that somebody else's document was taken off the shelf. */
  readonly isMark: boolean;
}

export const documentFields = ['document', 'title', 'symbol', 'language', 'fileName', 'workKey', 'blob'] as const;

const textOf = (record: RecordState, field: string): string => {
  const value = record.fields.get(field)?.values[0]?.value;
  return typeof value === 'string' ? value : '';
};

/** Every document of every circle, hidden ones included, in the order in which they came. */
export function readShelf(circles: Circles): Map<DocumentId, ShelfEntry> {
  const shelf = new Map<DocumentId, ShelfEntry>();
  for (const circle of [...circles.all()].sort((a, b) => Number(b.personal) - Number(a.personal))) {
    for (const record of circle.fold.recordsOfType('document', { withRemoved: true })) {
      const id = textOf(record, 'document') as DocumentId;
      if (id === '') continue;
      const known = shelf.get(id);
      if (known) {
        shelf.set(id, {
          ...known,
          circles: known.circles.includes(circle) ? known.circles : [...known.circles, circle],
        });
        continue;
      }
      if (record.removed && !circle.personal) continue;
      shelf.set(id, {
        id,
        title: textOf(record, 'title'),
        symbol: textOf(record, 'symbol'),
        language: textOf(record, 'language') || 'und',
        fileName: textOf(record, 'fileName'),
        workKey: textOf(record, 'workKey'),
        blob: textOf(record, 'blob') || id,
        circles: [circle],
        own: circle.personal,
        importedAt: record.fields.get('document')?.values[0]?.versions[0]?.at ?? 0,
        hidden: circle.personal && record.removed,
        isMark: circle.personal && record.removed && textOf(record, 'blob') === '',
      });
    }
  }
  for (const [id, entry] of shelf) if (entry.isMark && entry.circles.length === 1) shelf.delete(id);
  return shelf;
}

/** The record that stands for a document in one circle, removed or not. */
export function documentRecord(circle: Circle, id: DocumentId): RecordId | null {
  const found = circle.fold
    .recordsOfType('document', { withRemoved: true })
    .find((record) => textOf(record, 'document') === id);
  return found?.id ?? null;
}
