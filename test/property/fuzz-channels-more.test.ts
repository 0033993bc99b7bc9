/** The other seeds of fuzz-channels.test.ts, so that two cores share the work. */
import { fuzzChannels } from './fuzz-channels-suite.ts';

fuzzChannels([6, 7, 8, 9, 10]);
