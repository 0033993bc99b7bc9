/**
 * How much the steps of an exchange move, for showing how far it has come and for low-data mode, which asks before more
 * than a chosen size. Sizes are of what is known before: segments stand in heads, originals in a listing; heads and
 * receipts are small and never asked about.
 */
import { nameOfSegment } from '../../../shared/sync/manifest.ts';
import type { OwnChain, PlanView, Step } from '../../../shared/sync/planner.ts';

export interface Sizes {
  of(step: Step): number;
}

/** `blobs`: sizes of originals by content hash, as far as they are known. */
export function sizesOf(view: PlanView, blobs: ReadonlyMap<string, number>): Sizes {
  const segments = new Map<string, number>();
  for (const { replica, manifest } of view.opened.values()) {
    for (const segment of manifest.segments) segments.set(nameOfSegment(replica, segment), segment.sizeBytes);
  }
  const chains = new Map<string, OwnChain>(view.chains.map((chain) => [chain.chain, chain]));
  return {
    of(step) {
      if (step.do === 'getSegment') return segments.get(step.name) ?? 0;
      if (step.do === 'putBlob' || step.do === 'getBlob') return blobs.get(step.content) ?? 0;
      if (step.do !== 'putSegment') return 0;
      const chain = chains.get(step.chain);
      const absorbed = (chain?.published?.segments ?? []).filter(({ from, to }) => from >= step.from && to <= step.to);
      return (chain?.unsent?.sizeBytes ?? 0) + absorbed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    },
  };
}

export interface Asked {
  readonly sendBytes: number;
  readonly receiveBytes: number;
}

export interface Allowance {
  /** Whether these steps, which belong together, may be taken; what may not is added up in `asks`. */
  admits(steps: readonly Step[], sizes: Sizes): boolean;
  /** Null when nothing had to be asked for. */
  asks(): Asked | null;
}

/** `limitBytes` for all of one exchange; null for none. */
export function createAllowance(limitBytes: number | null): Allowance {
  let spent = 0;
  let asked: Asked | null = null;
  return {
    admits(steps, sizes) {
      let [sendBytes, receiveBytes] = [0, 0];
      for (const step of steps) {
        if (step.do === 'putSegment' || step.do === 'putBlob') sendBytes += sizes.of(step);
        else receiveBytes += sizes.of(step);
      }
      if (limitBytes === null || spent + sendBytes + receiveBytes <= limitBytes) {
        spent += sendBytes + receiveBytes;
        return true;
      }
      const before = asked ?? { sendBytes: 0, receiveBytes: 0 };
      asked = { sendBytes: before.sendBytes + sendBytes, receiveBytes: before.receiveBytes + receiveBytes };
      return false;
    },
    asks: () => asked,
  };
}

/** Carries out steps that do not depend on each other, at most `parallel` at a time. The first failure ends it. */
export async function carryOutAll<T>(
  items: readonly T[],
  parallel: number,
  act: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failed = false;
  async function work(): Promise<void> {
    while (next < items.length && !failed) {
      const item = items[next]!;
      next += 1;
      try {
        await act(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  }
  const workers = await Promise.allSettled(Array.from({ length: Math.min(parallel, items.length) }, work));
  const rejected = workers.find((each) => each.status === 'rejected');
  if (rejected) throw rejected.reason;
}
