/** The `room` service: sessions logged live. */
import type { Services } from '../../../shared/contract/contract.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { roomContract } from '../../../shared/contract/room.ts';

export function createRoomService(): Services['room'] {
  const refuse = async (): Promise<never> => {
    throw new WorkbenchError('invalid-state', 'The room cannot do this yet in this version.');
  };
  return Object.fromEntries(
    Object.keys(roomContract.operations).map((operation) => [operation, refuse]),
  ) as unknown as Services['room'];
}
