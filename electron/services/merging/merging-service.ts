/** The merging service of the contract. */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { ServiceImplementation } from '../../../shared/contract/contract.ts';
import { mergingContract } from '../../../shared/contract/merging.ts';

export type MergingService = ServiceImplementation<typeof mergingContract>;

export function createMergingService(): MergingService {
  const unfinished = async (): Promise<never> => {
    throw new WorkbenchError('invalid-state', 'This program cannot do that yet. Nothing was changed.');
  };
  return Object.fromEntries(
    Object.keys(mergingContract.operations).map((name) => [name, unfinished]),
  ) as unknown as MergingService;
}
