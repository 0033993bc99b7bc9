/**
 * How a replica's segments merge: like a counter of base four over their sizes. A new segment stands alone until three of
 * its size or smaller stand before it; then all four become one, which may carry on upwards. So one edit costs one small
 * object three times out of four, every change is written again about once for each fourfold of the whole, and what is
 * live stays at a few segments a device, whose names fit a short head. (Base two was the first choice; it halves the
 * live segments and doubles what is written.) Rule SY28 of SPEC.md.
 */
import { firstEpoch, type LiveSegment } from './manifest.ts';

const mergeAt = 4;
const smallestBytes = 256;
/** Segments past this size are left alone: a cut connection should never have to repeat more than this. */
export const largestMergeBytes = 4 << 20;

function sizeClass(sizeBytes: number): number {
  return Math.floor(Math.log2(Math.max(sizeBytes, smallestBytes) / smallestBytes) / 2);
}

export interface Packing {
  /** Live segments that stay as they are. */
  readonly keep: readonly LiveSegment[];
  /** Live segments that the new one takes in. */
  readonly absorb: readonly LiveSegment[];
}

/** Which of the live segments a new one of about `newBytes`, right behind them, takes in. All are of one epoch. */
export function pack(live: readonly LiveSegment[], newBytes: number, epoch: number = firstEpoch): Packing {
  let kept = live.length;
  let sizeBytes = newBytes;
  for (;;) {
    const limit = sizeClass(sizeBytes);
    let start = kept;
    let sum = sizeBytes;
    while (start > 0) {
      const before = live[start - 1]!;
      if ((before.epoch ?? firstEpoch) !== epoch) break;
      if (sizeClass(before.sizeBytes) > limit || sum + before.sizeBytes > largestMergeBytes) break;
      start -= 1;
      sum += before.sizeBytes;
    }
    if (kept - start < mergeAt - 1) break;
    kept = start;
    sizeBytes = sum;
  }
  return { keep: live.slice(0, kept), absorb: live.slice(kept) };
}
