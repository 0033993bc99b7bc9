/**
 * The first half of the seeds; the other half is in fuzz-channels-more.test.ts. `npm run fuzz -- channels` runs others. What
 * they found is in test/epoch-keys.test.ts and test/broken-chains.test.ts.
 */
import { fuzzChannels } from './fuzz-channels-suite.ts';

fuzzChannels([1, 2, 3, 4, 5]);
