/** The second half of the seeds of fuzz-channels.test.ts. */
import { fuzzChannels } from './fuzz-channels-suite.ts';

fuzzChannels([6, 7, 8, 9, 10]);
