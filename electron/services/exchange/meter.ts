/** What one channel moves: bytes over the network so far, and how far the exchange under way has come. */
import type { ChannelProgress } from '../../../shared/contract/channels.ts';
import type { ExchangeProgress } from './exchange-run.ts';

export interface Meter {
  /** Bytes as they go. */
  traffic(bytes: { readonly sent: number; readonly received: number }): void;
  begin(): void;
  progress(progress: ExchangeProgress): void;
  end(): void;
  /** Null while nothing is under way. */
  now(): ChannelProgress | null;
  total(): { readonly sent: number; readonly received: number };
}

/** No rate is told before so much time or so many bytes. */
const leastMs = 2_000;
const leastBytes = 4_096;

export function createMeter(clock: () => number, onChanged: () => void): Meter {
  let total = { sent: 0, received: 0 };
  let startedAt = 0;
  let running = 0;
  let last: ExchangeProgress | null = null;
  /** Bytes that went since the last object was finished: part of the one under way. */
  let within = 0;

  return {
    traffic({ sent, received }) {
      total = { sent: total.sent + sent, received: total.received + received };
      within += sent + received;
      onChanged();
    },
    begin() {
      running += 1;
      if (running > 1) return;
      startedAt = clock();
      last = null;
      within = 0;
      onChanged();
    },
    progress(progress) {
      last = progress;
      within = 0;
      onChanged();
    },
    end() {
      running -= 1;
      onChanged();
    },
    now() {
      if (running === 0) return null;
      const { done, total: count, doneBytes, totalBytes, doing } = last ?? nothingYet;
      const moved = Math.min(totalBytes, doneBytes + within);
      const elapsedMs = clock() - startedAt;
      const canTell = elapsedMs >= leastMs && moved >= leastBytes;
      return {
        ...{ doing, done, total: count, totalBytes, doneBytes: moved },
        startedAt: new Date(startedAt).toISOString(),
        secondsLeft: canTell ? Math.round(((totalBytes - moved) * elapsedMs) / moved / 1000) : null,
      };
    },
    total: () => total,
  };
}

const nothingYet = { doing: 'looking' as const, done: 0, total: 0, doneBytes: 0, totalBytes: 0 };
