/** Words searched for inside one document, folded as everywhere (shared/text). Pure. */
import type { UnitView } from '../../shared/contract/library.ts';
import type { UnitId } from '../../shared/ids.ts';
import { searchKey } from '../../shared/text/search-key.ts';

export interface Found {
  readonly unit: UnitId;
  readonly start: number;
  readonly end: number;
}

/** Every place where the words stand together, in order; at most `limit`. */
export function findInUnits(units: readonly UnitView[], words: string, limit = 2000): Found[] {
  const wanted = searchKey(words).text.trim();
  if (wanted === '') return [];
  const found: Found[] = [];
  for (const unit of units) {
    const key = searchKey(unit.text);
    for (let at = key.text.indexOf(wanted); at >= 0; at = key.text.indexOf(wanted, at + wanted.length)) {
      found.push({ unit: unit.id, start: key.toSource(at), end: key.toSource(at + wanted.length - 1) + 1 });
      if (found.length >= limit) return found;
    }
  }
  return found;
}
