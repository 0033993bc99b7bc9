/**
 * Edits on their way: sent in order, one batch at a time, a batch being what one pause in typing gathered (and one step of
 * undo). Nothing leaves the box before the service has said that it is on disk; a failed batch is sent again as it was.
 */
import type { DraftEdit } from '../../../shared/contract/drafts.ts';
import { toErrorMessage, type ErrorMessage } from '../../../shared/contract/errors.ts';

export interface Saved {
  readonly savedAt: string;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

export interface Timers {
  set(run: () => void, delayMs: number): number;
  clear(timer: number): void;
}

export interface OutboxPort {
  send(edits: DraftEdit[]): Promise<Saved>;
  /** A batch is on disk; `idle` when nothing else waits. */
  saved(result: Saved, idle: boolean): void;
  /** A batch could not be saved and will be sent again. */
  failed(error: ErrorMessage): void;
  sending(): void;
  /** The service refuses the batch as such: sending it again cannot help. The edits are handed back. */
  refused(edits: readonly DraftEdit[], error: ErrorMessage): void;
}

export interface Outbox {
  /** Puts one batch at the end and sends it when its turn comes. */
  post(edits: DraftEdit[]): void;
  /** All edits not yet saved, in order. */
  waiting(): readonly DraftEdit[];
  /** Resolves when everything posted before is saved; false when that fails or the box is emptied. */
  settled(): Promise<boolean>;
  retryNow(): void;
  /** Takes everything out, for starting over with a new session. */
  empty(): void;
  dispose(): void;
}

/** These will not change by waiting. */
const final: ReadonlySet<string> = new Set([
  'invalid-input',
  'invalid-state',
  'not-found',
  'not-allowed',
  'operation-unknown',
  'connection-closed',
]);
const retryDelaysMs = [500, 1000, 2000, 5000, 10_000];

export function createOutbox(port: OutboxPort, timers: Timers): Outbox {
  const batches: DraftEdit[][] = [];
  let sending = false;
  let attempts = 0;
  let timer: number | null = null;
  let disposed = false;
  let generation = 0;
  let waiters: ((saved: boolean) => void)[] = [];

  const wake = (saved: boolean): void => {
    const all = waiters;
    waiters = [];
    for (const resolve of all) resolve(saved);
  };

  async function pump(): Promise<void> {
    const batch = batches[0];
    if (sending || disposed || timer !== null || batch === undefined) return;
    sending = true;
    const mine = generation;
    port.sending();
    try {
      const result = await port.send(batch);
      sending = false;
      if (mine !== generation || disposed) return;
      batches.shift();
      attempts = 0;
      port.saved(result, batches.length === 0);
      if (batches.length === 0) wake(true);
      else void pump();
    } catch (error) {
      sending = false;
      if (mine !== generation || disposed) return;
      const message = toErrorMessage(error);
      if (final.has(message.code)) {
        const edits = batches.flat();
        batches.length = 0;
        wake(false);
        port.refused(edits, message);
        return;
      }
      port.failed(message);
      timer = timers.set(
        () => {
          timer = null;
          void pump();
        },
        retryDelaysMs[Math.min(attempts, retryDelaysMs.length - 1)] as number,
      );
      attempts += 1;
      wake(false);
    }
  }

  const retryNow = (): void => {
    if (timer !== null) timers.clear(timer);
    timer = null;
    void pump();
  };

  return {
    post(edits) {
      if (edits.length === 0) return;
      batches.push(edits);
      void pump();
    },
    waiting: () => batches.flat(),
    settled() {
      if (batches.length === 0) return Promise.resolve(true);
      return new Promise((resolve) => {
        waiters.push(resolve);
        if (timer !== null) retryNow();
      });
    },
    retryNow,
    empty() {
      generation += 1;
      sending = false;
      batches.length = 0;
      if (timer !== null) timers.clear(timer);
      timer = null;
      wake(false);
    },
    dispose() {
      disposed = true;
      if (timer !== null) timers.clear(timer);
      wake(false);
    },
  };
}
