/**
 * Half of the seeds; the other half is in fuzz-channels-more.test.ts. `npm run fuzz -- channels` runs others. Seeds 10 and 12
 * show faults that are not mended yet: an erased value that stands in a folder, and a change that one copied device alone
 * holds; seeds above 12 were not run yet. What was found and mended is in test/epoch-keys.test.ts and
 * test/broken-chains.test.ts.
 */
import { fuzzChannels } from './fuzz-channels-suite.ts';

fuzzChannels([1, 2, 3, 4, 5]);
