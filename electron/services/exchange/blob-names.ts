/** The names under which an original may stand on a remote: one for each epoch whose key this profile has. */
import { fromHex } from './hex.ts';
import { blobNameFor } from '../../../shared/sync/object-format.ts';
import type { CircleKeys } from '../../../shared/sync/sealing-crypto.ts';

/** `content` is the SHA-256 of the original in hexadecimal. The newest epoch first. */
export function blobNamesOf(content: string, keys: CircleKeys): readonly string[] {
  const newestFirst = [...keys.epochs()].sort((a, b) => b - a);
  return newestFirst.flatMap((epoch) => {
    const key = keys.ofEpoch(epoch);
    return key ? [blobNameFor(fromHex(content), key)] : [];
  });
}
