/**
 * Token buckets by key (a device, an address). Each process of a hub counts for itself, so several allow several times as
 * much: rates protect a process, quotas protect the storage.
 */
import { HubError } from '../hub-error.ts';

export interface RateLimiter {
  /** Fails with `rate-limited` and when to try again. */
  take(key: string): void;
  /** Fails as `take` would, and takes nothing. */
  check(key: string): void;
}

/** Full buckets are as good as none; they are forgotten when there are many. */
const mostBuckets = 10_000;

export function createRateLimiter(burst: number, perSecond: number, clock: () => number): RateLimiter {
  const buckets = new Map<string, { left: number; at: number }>();

  function fill(key: string): { left: number; at: number } {
    const now = clock();
    const bucket = buckets.get(key) ?? { left: burst, at: now };
    // A clock set back must not empty a bucket.
    bucket.left = Math.min(burst, bucket.left + (Math.max(0, now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    if (!buckets.has(key) && buckets.size >= mostBuckets) forgetFull(now);
    buckets.set(key, bucket);
    return bucket;
  }

  function forgetFull(now: number): void {
    for (const [key, { left, at }] of buckets) {
      if (left + ((now - at) / 1000) * perSecond >= burst) buckets.delete(key);
    }
    // All of them in use: the oldest go, so that an attacker with many addresses cannot fill the memory.
    for (const key of buckets.keys()) {
      if (buckets.size < mostBuckets) break;
      buckets.delete(key);
    }
  }

  function check(key: string): { left: number } {
    const bucket = fill(key);
    if (bucket.left >= 1) return bucket;
    const retryAfterSeconds = Math.ceil((1 - bucket.left) / perSecond);
    throw new HubError('rate-limited', 'Too many requests. Try again later.', { retryAfterSeconds });
  }

  return {
    take(key) {
      check(key).left -= 1;
    },
    check: (key) => void check(key),
  };
}
