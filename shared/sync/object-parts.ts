/**
 * A large original in parts, so that a link that breaks costs a part and not everything that was sent. The sealed blob is
 * cut as it is; parts are put one by one under names that say which they are, and together they are the blob again. Nobody
 * needs a key to cut or join. Rules SY19 of SPEC.md; the stores do it (electron/services/exchange/parted-remote-store.ts).
 */
import type { CircleId } from '../ids.ts';
import {
  blobHeaderBytes,
  magic,
  objectFormat,
  packedIdBytes,
  partKind,
  unpackId,
  writeCheck,
  type SealedObject,
} from './object-format.ts';
import { nameHash, parseObjectName, partName } from './object-name.ts';
import type { SealingCrypto } from './sealing-crypto.ts';

/** A blob that is no larger is put whole. */
export const wholeUpToBytes = 1 << 20;
/** Of the blob in each part but the last. A minute and a half at 50 kbit/s. */
export const partDataBytes = 1 << 19;

/** What a part has besides the bytes of the blob. */
export const partHeaderBytes = blobHeaderBytes;

type Hashing = Pick<SealingCrypto, 'sha256'>;

/** Null for what is no blob. */
export function cutIntoParts({ name, bytes }: SealedObject, crypto: Hashing): readonly SealedObject[] | null {
  const isBlob = parseObjectName(name)?.kind === 'blob' && bytes.length > blobHeaderBytes;
  if (!isBlob || magic.some((byte, index) => bytes[index] !== byte)) return null;
  const hash = nameHash(crypto.sha256(bytes));
  const of = Math.ceil(bytes.length / partDataBytes);
  return Array.from({ length: of }, (_, index) => {
    const data = bytes.subarray(index * partDataBytes, (index + 1) * partDataBytes);
    const part = new Uint8Array(partHeaderBytes + data.length);
    // Circle and epoch as in the blob.
    const header = part.subarray(0, partHeaderBytes);
    header.set(bytes.subarray(0, partHeaderBytes));
    header[5] = partKind;
    new DataView(part.buffer).setUint32(lengthAt, data.length);
    writeCheck(header, crypto);
    part.set(data, partHeaderBytes);
    return { name: partName(name, index + 1, of, hash), bytes: part };
  });
}

export interface Part {
  readonly circle: CircleId;
  readonly data: Uint8Array;
}

/** Null for what is no whole part. */
export function readPart(bytes: Uint8Array, crypto: Hashing): Part | null {
  if (bytes.length <= partHeaderBytes || magic.some((byte, index) => bytes[index] !== byte)) return null;
  if (bytes[4] !== objectFormat || bytes[5] !== partKind) return null;
  const header = bytes.slice(0, partHeaderBytes);
  writeCheck(header, crypto);
  if (header.some((byte, index) => bytes[index] !== byte)) return null;
  const data = bytes.subarray(partHeaderBytes);
  const declared = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(lengthAt);
  if (data.length !== declared) return null;
  return { circle: unpackId(bytes.subarray(circleAt, circleAt + packedIdBytes)) as CircleId, data };
}

/** The blob of all its parts in order; null when one of them is none. Whether it opens is for whoever opens it. */
export function joinParts(parts: readonly Uint8Array[], crypto: Hashing): Uint8Array | null {
  const data: Uint8Array[] = [];
  for (const bytes of parts) {
    const part = readPart(bytes, crypto);
    if (part === null) return null;
    data.push(part.data);
  }
  const whole = new Uint8Array(data.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const each of data) {
    whole.set(each, at);
    at += each.length;
  }
  return whole;
}

const circleAt = 6;
const lengthAt = 27;
