/** Whose changes are wanted first: those of the devices that have written in what is open on screen. */
import type { RecordId, ReplicaId } from '../../../shared/ids.ts';
import type { ExchangeCircle } from './circle-port.ts';

/** Devices that wrote a draft's record or what stands in one of its blocks now. */
export function writersOf({ fold }: Pick<ExchangeCircle, 'fold'>, drafts: readonly RecordId[]): Set<ReplicaId> {
  const writers = new Set<ReplicaId>();
  const open = new Set<unknown>(drafts);
  if (open.size === 0) return writers;
  const records = drafts.flatMap((draft) => fold.record(draft) ?? []);
  const blocks = fold
    .recordsOfType('block')
    .filter((block) => block.fields.get('draft')?.values.some(({ value }) => open.has(value)));
  for (const record of [...records, ...blocks])
    for (const field of record.fields.values()) for (const { replica } of field.heads) writers.add(replica);
  return writers;
}
