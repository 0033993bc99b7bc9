/**
 * Half of the seeds; the other half is in fuzz-channels-more.test.ts. `npm run fuzz -- channels` runs others. What was found
 * and mended is in test/epoch-keys.test.ts, test/broken-chains.test.ts, test/damaged-objects.test.ts and erase-check.test.ts.
 * Seed 16 shows a fault that is not mended yet: where a chain has a gap, rememberProofs (relay-check.ts) lets the head go that
 * vouched for what stands below it, so that this is not passed on to a device that was put back.
 */
import { fuzzChannels } from './fuzz-channels-suite.ts';

fuzzChannels([1, 2, 3, 4, 5]);
