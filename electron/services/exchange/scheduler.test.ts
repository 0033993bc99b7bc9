import { describe, expect, it } from 'vitest';
import { createScheduler } from './scheduler.ts';

/** Time that passes when told to. */
function createTime() {
  let now = 0;
  let timers: { at: number; act: () => void }[] = [];
  return {
    now: () => now,
    waiting: () => timers.length,
    after(delayMs: number, act: () => void) {
      const timer = { at: now + delayMs, act };
      timers.push(timer);
      return () => void (timers = timers.filter((each) => each !== timer));
    },
    async pass(ms: number) {
      const end = now + ms;
      // What ended before now has its say first.
      await new Promise((resolve) => setImmediate(resolve));
      for (;;) {
        const next = timers.filter((each) => each.at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        now = next.at;
        timers = timers.filter((each) => each !== next);
        next.act();
        await new Promise((resolve) => setImmediate(resolve));
      }
      now = end;
    },
  };
}

function setUp(run: () => Promise<void> = async () => undefined) {
  const time = createTime();
  const runs: number[] = [];
  const scheduler = createScheduler({
    now: time.now,
    after: time.after,
    run: async () => {
      runs.push(time.now());
      await run();
      return { failed: false };
    },
  });
  return { time, runs, scheduler };
}

describe('scheduler', () => {
  it('exchanges every fifteen seconds when nothing happens', async () => {
    const { time, runs } = setUp();
    await time.pass(46_000);
    expect(runs).toEqual([15_000, 30_000, 45_000]);
  });

  it('exchanges once, soon after the last of a burst of changes', async () => {
    const { time, runs, scheduler } = setUp();
    for (let change = 0; change < 5; change += 1) {
      scheduler.soon();
      await time.pass(1_000);
    }
    await time.pass(5_000);
    expect(runs).toEqual([5_500]);
  });

  it('does not wait for ever while somebody keeps writing', async () => {
    const { time, runs, scheduler } = setUp();
    for (let change = 0; change < 24; change += 1) {
      scheduler.soon();
      await time.pass(500);
    }
    expect(runs).toEqual([10_000]);
  });

  it('exchanges again after a change that came during an exchange, and never two at a time', async () => {
    let finish: () => void = () => undefined;
    const { time, runs, scheduler } = setUp(() => new Promise((resolve) => (finish = resolve)));
    scheduler.soon();
    await time.pass(1_500);
    scheduler.soon();
    await time.pass(60_000);
    expect(runs).toEqual([1_500]);
    finish();
    await time.pass(0);
    await time.pass(1_500);
    expect(runs).toHaveLength(2);
  });

  it('exchanges again at once after news that came during an exchange', async () => {
    let finish: () => void = () => undefined;
    const { time, runs, scheduler } = setUp(() => new Promise((resolve) => (finish = resolve)));
    scheduler.atOnce();
    await time.pass(0);
    scheduler.soon();
    scheduler.atOnce();
    scheduler.soon();
    await time.pass(100);
    finish();
    await time.pass(0);
    await time.pass(0);
    expect(runs).toEqual([0, 100]);
  });

  it('leaves no timer behind', async () => {
    const { time, scheduler } = setUp();
    scheduler.soon();
    scheduler.dispose();
    scheduler.soon();
    expect(time.waiting()).toBe(0);
  });
});

describe('scheduler after failures', () => {
  function failing(chance = 0.5) {
    const time = createTime();
    const runs: number[] = [];
    const outcome: { failed: boolean; retryAfterMs?: number } = { failed: true };
    const scheduler = createScheduler({
      now: time.now,
      after: time.after,
      chance: () => chance,
      longestMs: 15 * 60_000,
      run: async () => {
        runs.push(time.now());
        return { ...outcome };
      },
    });
    return { time, runs, scheduler, outcome };
  }
  const waits = (runs: readonly number[]): number[] => runs.slice(1).map((at, index) => at - runs[index]!);

  it('waits twice as long after each, up to a quarter of an hour, and says when it tries again', async () => {
    const { time, runs, scheduler } = failing();
    await time.pass(15_000);
    expect(scheduler.nextAt()).toBe(30_000);
    expect(scheduler.failures()).toBe(1);
    await time.pass(2 * 3_600_000);
    expect(waits(runs).slice(0, 8)).toEqual([15, 30, 60, 120, 240, 480, 900, 900].map((seconds) => seconds * 1000));
  });

  it('scatters the waits, so that devices that lost one server do not come back at one moment', async () => {
    const [early, late] = [failing(0), failing(1)];
    for (const { time } of [early, late]) await time.pass(15_000);
    expect(early.scheduler.nextAt()).toBe(15_000 + 7_500);
    expect(late.scheduler.nextAt()).toBe(15_000 + 22_500);
  });

  it('is not hurried by what is written meanwhile, but by a person', async () => {
    const { time, runs, scheduler } = failing();
    await time.pass(75_000);
    const before = runs.length;
    scheduler.soon();
    await time.pass(20_000);
    expect(runs).toHaveLength(before);
    scheduler.atOnce();
    await time.pass(0);
    expect(runs).toHaveLength(before + 1);
  });

  it('comes again when the server said, and is as before once it works', async () => {
    const { time, runs, scheduler, outcome } = failing();
    outcome.retryAfterMs = 600_000;
    await time.pass(15_000);
    expect(scheduler.nextAt()).toBe(615_000);
    Object.assign(outcome, { failed: false, retryAfterMs: undefined });
    await time.pass(600_000);
    expect(scheduler.failures()).toBe(0);
    expect(scheduler.nextAt()).toBe(630_000);
    expect(runs).toEqual([15_000, 615_000]);
  });
});
