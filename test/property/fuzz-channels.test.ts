/**
 * Half of the seeds; the other half is in fuzz-channels-more.test.ts. `npm run fuzz -- channels` runs others: 6 is not mended
 * yet (of two epochs opened apart the newer was not given to a device that the other one knows, so it is admitted and lacks
 * the key), 5 and 7 to 10 wait for a look with the program as it is. What was found is in test/epoch-keys.test.ts and test/broken-chains.test.ts.
 */
import { fuzzChannels } from './fuzz-channels-suite.ts';

fuzzChannels([1, 2], { reaches: true });
