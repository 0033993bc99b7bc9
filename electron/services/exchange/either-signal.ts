import type { AbortSignalLike } from '../../../shared/contract/contract.ts';

/** Aborted when either is. */
export function eitherSignal(first: AbortSignalLike, second: AbortSignalLike | undefined): AbortSignalLike {
  if (!second) return first;
  return {
    get aborted() {
      return first.aborted || second.aborted;
    },
    addEventListener(type, listener) {
      first.addEventListener(type, listener);
      second.addEventListener(type, listener);
    },
    removeEventListener(type, listener) {
      first.removeEventListener(type, listener);
      second.removeEventListener(type, listener);
    },
  };
}
