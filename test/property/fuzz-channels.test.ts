/**
 * Half of the seeds; the other half is in fuzz-channels-more.test.ts. `npm run fuzz -- channels` runs others. What was found
 * and mended is in test/epoch-keys.test.ts, test/broken-chains.test.ts, test/damaged-objects.test.ts,
 * test/erasing-documents.test.ts and erase-check.test.ts.
 */
import { fuzzChannels } from './fuzz-channels-suite.ts';

fuzzChannels([1, 2, 3, 4, 5]);
