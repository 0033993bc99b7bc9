/**
 * The recovery key: 160 random bits, printed on paper, that open a sealed profile when its passphrase is forgotten. Base
 * 32 in groups of four, each with a fifth character that checks it and its place, so that a slip is named by its group and
 * groups in the wrong order are noticed. Letters are told apart from digits by the alphabet: no 0, 1, 8 or 9 occurs.
 */
import { createHash } from 'node:crypto';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { base32, fromBase32 } from '../../../shared/ids.ts';

export const recoveryKeyBytes = 20;
const groupLength = 4;
const groups = 8;

/** What checks a group: it depends on the place, so that swapped groups do not pass. */
function check(group: string, place: number): string {
  return base32(createHash('sha256').update(`delegate-workbench recovery ${place} ${group}`).digest())[0]!;
}

/** Eight groups of five, in capitals. */
export function writeRecoveryKey(key: Uint8Array): string {
  const text = base32(key);
  const found: string[] = [];
  for (let place = 0; place < groups; place += 1) {
    const group = text.slice(place * groupLength, (place + 1) * groupLength);
    found.push(group + check(group, place));
  }
  return found.join(' ').toUpperCase();
}

/** Reads it however it was typed: capitals or not, with or without spaces and hyphens. Fails with `recovery-key-invalid`. */
export function readRecoveryKey(text: string): Uint8Array {
  // Who reads from paper takes these for letters.
  const typed = text.toLowerCase().replace(/[\s\-‐-―.,]+/gu, '');
  const compact = typed.replaceAll('0', 'o').replaceAll('1', 'i').replaceAll('8', 'b');
  const expected = groups * (groupLength + 1);
  if (!/^[a-z2-7]*$/u.test(compact))
    invalid('The recovery key has a character that none contains. Use letters and the digits 2 to 7.');
  if (compact.length !== expected) {
    invalid(`The recovery key has ${compact.length} characters instead of ${expected}. Read it again from the sheet.`);
  }
  let key = '';
  for (let place = 0; place < groups; place += 1) {
    const group = compact.slice(place * (groupLength + 1), (place + 1) * (groupLength + 1));
    const body = group.slice(0, groupLength);
    if (group[groupLength] !== check(body, place)) {
      invalid(`Group ${place + 1} of the recovery key has a slip. Read it again from the sheet.`, place + 1);
    }
    key += body;
  }
  return fromBase32(key);
}

function invalid(message: string, group = 0): never {
  throw new WorkbenchError('recovery-key-invalid', `${message} Nothing was changed.`, { group });
}
