/** Which devices a person lists as theirs beside the one that made their record (RC37), and changing that. */
import type { RecordId, ReplicaId } from '../../../shared/ids.ts';
import type { Fold } from '../../../shared/records/fold.ts';
import { overHeads, type IntendedOp } from '../../../shared/records/writer.ts';

/** As the list stands. One that was on it before keeps its rights (RC35) until an administrator removes it. */
export function listedDevices(fold: Fold, person: RecordId): ReplicaId[] {
  const values = fold.record(person)?.fields.get('devices')?.values ?? [];
  return [...new Set(values.flatMap(({ value }) => (Array.isArray(value) ? (value as ReplicaId[]) : [])))].sort();
}

/** Empty when it is so already. */
export function listingOps(fold: Fold, person: RecordId, device: ReplicaId, isListed: boolean): IntendedOp[] {
  const before = listedDevices(fold, person);
  if (before.includes(device) === isListed) return [];
  const value = isListed ? [...before, device].sort() : before.filter((each) => each !== device);
  return [{ record: person, type: 'person', field: 'devices', over: overHeads(fold, person, 'devices'), value }];
}
