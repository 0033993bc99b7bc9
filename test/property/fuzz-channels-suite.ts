/** The fuzz over all channels as tests, in two files so that two cores share the work. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFuzzHub, type FuzzHub } from './fuzz-channels-places.ts';
import { runChannelsFuzz, shapes, type ChannelsOutcome } from './fuzz-channels-run.ts';

const steps = 2000;

export function fuzzChannels(seeds: readonly number[]): void {
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
      }, 900_000);
    }

    it('reached every shape it is for', () => {
      const total = (shape: (typeof shapes)[number]): number =>
        outcomes.reduce((sum, each) => sum + each.counts[shape], 0);
      expect(shapes.filter((shape) => total(shape) === 0)).toEqual([]);
    });
  });
}
