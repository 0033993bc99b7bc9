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

  it('leaves no timer behind', async () => {
    const { time, scheduler } = setUp();
    scheduler.soon();
    scheduler.dispose();
    scheduler.soon();
    expect(time.waiting()).toBe(0);
  });
});
