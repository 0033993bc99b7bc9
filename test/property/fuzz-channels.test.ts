import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFuzzHub, type FuzzHub } from './fuzz-channels-places.ts';
import { runChannelsFuzz, shapes, type ChannelsOutcome } from './fuzz-channels-run.ts';

/**
 * A few short seeds here; `npm run fuzz -- channels` runs many long ones. What those found is in test/epoch-keys.test.ts;
 * not all of them pass yet (longer runs still find devices that an epoch's key does not reach).
 */
const seeds = [1, 3];
const steps = 500;
/** Too rare to be reached in so few steps. */
const rare: readonly string[] = ['administrator', 'removedWrites', 'removedPuts'];

describe('fuzz: devices in several circles over all channels', () => {
  const outcomes: ChannelsOutcome[] = [];
  let hub: FuzzHub;
  beforeAll(async () => {
    hub = await startFuzzHub();
  });
  afterAll(() => hub?.close());

  for (const seed of seeds) {
    it(`[SY50] [SY56] [SY81] ends equal, loses nothing, shows nothing to whom it is not for (seed ${seed})`, async () => {
      const outcome = await runChannelsFuzz(seed, hub, steps);
      outcomes.push(outcome);
      expect(outcome.failures, `seed ${seed}, ${steps} steps: ${JSON.stringify(outcome.counts)}`).toEqual([]);
    }, 600_000);
  }

  it('reached every shape it is for', () => {
    const total = (shape: (typeof shapes)[number]): number =>
      outcomes.reduce((sum, each) => sum + each.counts[shape], 0);
    expect(shapes.filter((shape) => !rare.includes(shape) && total(shape) === 0)).toEqual([]);
  });
});
