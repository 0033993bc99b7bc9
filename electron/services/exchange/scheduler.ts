/**
 * When to exchange by itself: soon after something was written here, and every so often in case something was put there.
 * Writing goes on in bursts, so each change puts the exchange off a little, but never for longer than `atMostMs`.
 */
export interface SchedulerOptions {
  /** Carries out one exchange. Its failure is the business of whoever gave it. */
  readonly run: () => Promise<void>;
  readonly now: () => number;
  /** Calls `act` after `delayMs`; what it returns calls that off. */
  readonly after: (delayMs: number, act: () => void) => () => void;
  readonly quietMs?: number;
  readonly atMostMs?: number;
  readonly pollMs?: number;
}

export interface Scheduler {
  /** Something was written, or may have arrived. */
  soon(): void;
  dispose(): void;
}

export function createScheduler(options: SchedulerOptions): Scheduler {
  const { run, now, after, quietMs = 1_500, atMostMs = 10_000, pollMs = 15_000 } = options;
  let disposed = false;
  let running = false;
  let askedWhileRunning = false;
  let firstAskedAt: number | null = null;
  let callOff: () => void = after(pollMs, start);

  function plan(delayMs: number): void {
    callOff();
    if (!disposed) callOff = after(delayMs, start);
  }

  function start(): void {
    if (disposed || running) return;
    running = true;
    firstAskedAt = null;
    askedWhileRunning = false;
    void run().finally(() => {
      running = false;
      if (askedWhileRunning) soon();
      else plan(pollMs);
    });
  }

  function soon(): void {
    if (disposed) return;
    if (running) {
      askedWhileRunning = true;
      return;
    }
    firstAskedAt ??= now();
    const waitedMs = Math.max(0, now() - firstAskedAt);
    plan(Math.max(0, Math.min(quietMs, atMostMs - waitedMs)));
  }

  return {
    soon,
    dispose() {
      disposed = true;
      callOff();
    },
  };
}
