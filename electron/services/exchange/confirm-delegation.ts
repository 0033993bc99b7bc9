/** An administrator's word that a person speaks for the delegation that person has named. */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { RecordId } from '../../../shared/ids.ts';
import type { ExchangeCircle } from './circle-port.ts';

/** Fails with `not-found`, `invalid-state` when the person names no delegation, `not-allowed` by the circle's rules. */
export async function confirmDelegation(circle: ExchangeCircle, person: RecordId): Promise<void> {
  const record = circle.fold.record(person);
  if (record?.type !== 'person') throw new WorkbenchError('not-found', `There is no person ${person} in this circle.`);
  const delegation = record.fields.get('delegation')?.values[0]?.value;
  if (typeof delegation !== 'string' || delegation === '') {
    throw new WorkbenchError(
      'invalid-state',
      'This person has not named a delegation, so there is nothing to confirm.',
    );
  }
  if (circle.fold.delegationsOf(person).includes(delegation)) return;
  const confirmation = circle.newId();
  const set = (field: string, value: string) => ({
    record: confirmation,
    type: 'confirmation',
    field,
    over: [],
    value,
  });
  await circle.write([set('person', person), set('delegation', delegation)]);
}
