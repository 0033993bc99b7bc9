/** One line of a session's log as the page is given it, for tests of what follows from a log. */
import type { EntryView } from '../../shared/contract/room/log.ts';
import type { RecordId } from '../../shared/ids.ts';

/** When the sessions of tests begin. */
export const sessionBegan = Date.UTC(2026, 10, 25, 9, 30);

export const noteTaker = { person: null, name: 'N', delegation: '', confirmed: false, me: false };

/** The `n`th line of a device, so many seconds after the beginning: XA states something at paragraph 11. */
export function logEntry(device: string, n: number, seconds: number, more: Partial<EntryView> = {}): EntryView {
  return {
    id: `${device}.${lettersOf(n)}` as RecordId,
    device,
    n,
    at: sessionBegan + seconds * 1000,
    line: '',
    speaker: { id: 'XA', typed: 'XA' },
    capacity: 'national',
    behalf: [],
    item: null,
    document: null,
    label: '11',
    position: 'statement',
    towards: '',
    quotes: [],
    note: '',
    toCheck: false,
    promise: null,
    spokenMs: null,
    author: noteTaker,
    takenBy: '',
    mayEdit: true,
    corrected: false,
    removed: false,
    conflicts: [],
    heads: {},
    allHeads: [],
    ...more,
  };
}

/** Ten letters, as record ids have them; they sort as the numbers do. */
function lettersOf(n: number): string {
  return [...n.toString().padStart(10, '0')].map((digit) => 'abcdefghij'[Number(digit)]!).join('');
}
