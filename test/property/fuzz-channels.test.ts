/**
 * Half of the seeds; the other half is in fuzz-channels-more.test.ts. `npm run fuzz -- channels` runs others: 6 is not mended
 * yet (two who have only the mail lack what the others have), 5, 7, 9 and 10 wait for a look with the program as it is. What
 * was found is in test/epoch-keys.test.ts and test/broken-chains.test.ts.
 */
import { fuzzChannels } from './fuzz-channels-suite.ts';

fuzzChannels([1, 2]);
