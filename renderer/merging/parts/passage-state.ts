import type { PassageState } from '../../../shared/contract/merging/passages.ts';

/** Whether a person still has to decide. */
export function waits(state: PassageState): boolean {
  return state === 'untreated' || state === 'disputed';
}
