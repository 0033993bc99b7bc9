/** Where a person has brought a document in: there it is theirs to erase for everybody (RC33). */
import type { DocumentId } from '../../../shared/ids.ts';
import type { RecordState } from '../../../shared/records/fold.ts';
import type { DocumentPlaces } from '../../../shared/contract/library.ts';
import type { Circle, Circles } from '../circles/circle.ts';
import { originalsOf } from '../circles/erased-originals.ts';

/** A record without values of ours to erase is somebody else's. */
function isMine({ fold, replica }: Circle, record: RecordState): boolean {
  const versions = record.fields.get('document')?.values.flatMap((value) => value.versions) ?? [];
  return versions.some(({ id }) => fold.mayErase(replica, id));
}

export function placesOf(circles: Circles, document: DocumentId): DocumentPlaces {
  const places: DocumentPlaces['places'] = [];
  const keptIn: string[] = [];
  for (const circle of circles.all()) {
    const records = circle.fold
      .recordsOfType('document', { withRemoved: true })
      .filter((record) => originalsOf(record).includes(document));
    const mine = records.filter((record) => isMine(circle, record));
    const others = records.filter((record) => !mine.includes(record) && !record.removed);
    const alsoBy = [...new Set(others.map(({ creator }) => circle.authorOf(creator).name))];
    if (mine.length === 0) {
      if (others.length > 0) keptIn.push(circle.name());
      continue;
    }
    const annotations = circle.fold.children('annotation', document);
    const own = annotations.filter(({ creator }) => circle.authorOf(creator).me).length;
    places.push({
      circle: circle.id,
      name: circle.name(),
      personal: circle.personal,
      records: mine.map(({ id }) => id),
      annotations: { mine: own, others: annotations.length - own },
      alsoBy,
    });
  }
  return { places, keptIn };
}
