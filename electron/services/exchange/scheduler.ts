/**
 * When to exchange by itself: soon after something was written here, and every so often in case something was put there.
 * Writing goes on in bursts, so each change puts the exchange off a little, but never for longer than `atMostMs`. After a
 * failure it waits, twice as long after each one and never all devices at the same moment, and what is written meanwhile
 * does not shorten that: a network that is away would only be asked more often.
 */
export interface RunOutcome {
  /** Whether the remote was not reached, or did not work. */
  readonly failed: boolean;
  /** When the remote itself said when to come again. */
  readonly retryAfterMs?: number;
}

export interface SchedulerOptions {
  /** Carries out one exchange. Its failure is the business of whoever gave it. */
  readonly run: () => Promise<RunOutcome>;
  readonly now: () => number;
  /** Calls `act` after `delayMs`; what it returns calls that off. */
  readonly after: (delayMs: number, act: () => void) => () => void;
  /** From 0 to 1, spreads tries after a failure. */
  readonly chance?: () => number;
  readonly quietMs?: number;
  readonly atMostMs?: number;
  readonly pollMs?: () => number;
  /** The longest wait after failures. As long as the poll, or shorter: failures change nothing. */
  readonly longestMs?: number;
}

export interface Scheduler {
  /** Something was written, or may have arrived. */
  soon(): void;
  /** Now, whatever failed before: a person asks, or the network is back. */
  atOnce(): void;
  /** When the next exchange begins by itself; null while one is under way. */
  nextAt(): number | null;
  failures(): number;
  /** An exchange that was started otherwise ended so. */
  note(outcome: RunOutcome): void;
  dispose(): void;
}

const longestRetryAfterMs = 60 * 60 * 1000;

export function createScheduler(options: SchedulerOptions): Scheduler {
  const { run, now, after, chance = () => 0.5, quietMs = 1_500, atMostMs = 10_000 } = options;
  const { pollMs = () => 15_000, longestMs = 0 } = options;
  let disposed = false;
  let running = false;
  let askedWhileRunning: 'no' | 'soon' | 'at-once' = 'no';
  let firstAskedAt: number | null = null;
  let failures = 0;
  let backingOff = false;
  let nextAt = now() + pollMs();
  let callOff: () => void = after(pollMs(), start);

  function plan(delayMs: number): void {
    callOff();
    if (disposed) return;
    nextAt = now() + delayMs;
    callOff = after(delayMs, start);
  }

  function note({ failed, retryAfterMs }: RunOutcome): void {
    failures = failed ? failures + 1 : 0;
    backingOff = failed && (longestMs > pollMs() || retryAfterMs !== undefined);
    if (!backingOff) return;
    const doubled = Math.min(longestMs, pollMs() * 2 ** Math.min(failures - 1, 20));
    const spread = doubled * (0.5 + chance());
    plan(Math.max(spread, Math.min(retryAfterMs ?? 0, longestRetryAfterMs)));
  }

  function start(): void {
    if (disposed || running) return;
    running = true;
    firstAskedAt = null;
    askedWhileRunning = 'no';
    callOff();
    const ended = (outcome: RunOutcome): void => {
      running = false;
      note(outcome);
      if (backingOff) return;
      if (askedWhileRunning === 'at-once') plan(0);
      else if (askedWhileRunning === 'soon') soon();
      else plan(pollMs());
    };
    run().then(ended, () => ended({ failed: true }));
  }

  function soon(): void {
    if (disposed) return;
    if (running) {
      if (askedWhileRunning === 'no') askedWhileRunning = 'soon';
      return;
    }
    if (backingOff) return;
    firstAskedAt ??= now();
    const waitedMs = Math.max(0, now() - firstAskedAt);
    plan(Math.max(0, Math.min(quietMs, atMostMs - waitedMs)));
  }

  return {
    soon,
    atOnce() {
      backingOff = false;
      if (running) askedWhileRunning = 'at-once';
      else plan(0);
    },
    nextAt: () => (running || disposed ? null : nextAt),
    failures: () => failures,
    note(outcome) {
      if (running || disposed) return;
      note(outcome);
      if (!backingOff) plan(pollMs());
    },
    dispose() {
      disposed = true;
      callOff();
    },
  };
}
