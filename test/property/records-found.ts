/** Runs of the change log that once failed, as the search found them, made smaller. */
import type { Step } from './records-script.ts';

/** The founder's second device removes a device apart; an epoch of the founder's that knows neither sets it aside. */
export const removedByWhoIsNotAdmitted: readonly Step[] = [
  { do: 'write', who: 0, target: 12, value: 0, over: 'nothing' },
  { do: 'fact', who: 0, fact: 0 },
  { do: 'fact', who: 0, fact: 1 },
  { do: 'fact', who: 1, fact: 0 },
  { do: 'fact', who: 2, fact: 0 },
  { do: 'receive', who: 1, from: 2, only: null },
  { do: 'removeDevice', who: 1, device: 2, back: 0, note: 0 },
  { do: 'write', who: 2, target: 0, value: 0, over: 'screen' },
  { do: 'epoch', who: 0, without: 1, note: 0 },
  { do: 'write', who: 0, target: 0, value: 0, over: 'screen' },
];
