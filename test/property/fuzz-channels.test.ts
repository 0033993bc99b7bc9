/**
 * Half of the seeds; the other half is in fuzz-channels-more.test.ts. `npm run fuzz -- channels` runs others. What was found
 * and mended is in test/epoch-keys.test.ts, test/broken-chains.test.ts, test/damaged-objects.test.ts and erase-check.test.ts.
 * Of seeds 1 to 50 one shows a fault that is not mended yet, 42: an administrator whose disk was put back has lost the keys of
 * epochs that it had opened before it knew of some devices. Others hold these keys, and seal with a later one of that branch,
 * whose keys they give under a key that the overlooked devices were never given; so these read nothing new of the others.
 */
import { fuzzChannels } from './fuzz-channels-suite.ts';

fuzzChannels([1, 2, 3, 4, 5]);
