/** Who a replica's versions are attributed to, as far as the changes that are here say so. */
import type { Author } from '../../../shared/contract/common.ts';
import type { RecordId, ReplicaId } from '../../../shared/ids.ts';
import type { Fold } from '../../../shared/records/fold.ts';

/** `mine` is this profile's person. A replica whose device card has not arrived has no person and no name. */
export function authorOf(fold: Fold, replica: ReplicaId, mine: RecordId): Author {
  const person = fold.personOf(replica);
  if (person === null) return { person: null, name: '', delegation: '', confirmed: false, me: false };
  const delegation = textOf(fold, person, 'delegation');
  return {
    person,
    name: textOf(fold, person, 'name'),
    delegation,
    confirmed: delegation !== '' && fold.delegationsOf(person).includes(delegation),
    me: person === mine,
  };
}

/** The first value in display order: a person who renamed on two devices apart still has a name. */
function textOf(fold: Fold, record: RecordId, field: string): string {
  const value = fold.field(record, field)?.values[0]?.value;
  return typeof value === 'string' ? value : '';
}
