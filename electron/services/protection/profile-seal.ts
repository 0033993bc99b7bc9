/**
 * How the files of a sealed profile stand on the disk. `protection/` holds everything about a profile under lock: its key
 * and what wraps that (`profile-keys.ts`), the seal, the conversion of a profile into the other form, the recovery key,
 * and the backup. What the services write and read stays the same; the file system they are given seals.
 *
 * A whole file is sealed with XChaCha20-Poly1305 under a random nonce: binary behind the line `delegate-workbench-sealed 1`,
 * or, where the name ends in `.json`, as `{"format":1000,"sealed":"<base 64>"}`, which the first release takes for a
 * newer version's and leaves alone. Files of frames are sealed frame by frame (storage/frame-format.ts).
 */
import { createHmac } from 'node:crypto';
import type { SealingCrypto } from '../../../shared/sync/sealing-crypto.ts';
import type { FrameSeal } from '../storage/frame-format.ts';

export interface ProfileSeal extends FrameSeal {
  sealFile(name: string, bytes: Uint8Array): Uint8Array;
  /** Null when it was not sealed by this profile. */
  openFile(bytes: Uint8Array): Uint8Array | null;
}

const encoder = new TextEncoder();
const mark = encoder.encode('delegate-workbench-sealed 1\n');
/** Above every format of a file of JSON. */
const jsonFormat = 1000;
const jsonStart = encoder.encode(`{"format":${jsonFormat},"sealed":"`);
const nonceBytes = 24;

function beginsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return start.every((byte, at) => bytes[at] === byte);
}

export function isSealedFile(bytes: Uint8Array): boolean {
  return beginsWith(bytes, mark) || beginsWith(bytes, jsonStart);
}

/** Keys of use, so that what was sealed as one thing never opens as another. */
export function keyOfUse(masterKey: Uint8Array, use: string): Uint8Array {
  return new Uint8Array(createHmac('sha256', masterKey).update(`delegate-workbench-profile/1 ${use}`).digest());
}

export function createProfileSeal(masterKey: Uint8Array, crypto: SealingCrypto): ProfileSeal {
  const fileKey = keyOfUse(masterKey, 'file');
  const frameKey = keyOfUse(masterKey, 'frame');

  function seal(bytes: Uint8Array, about: Uint8Array, key: Uint8Array): Uint8Array {
    const nonce = crypto.random(nonceBytes);
    return Buffer.concat([nonce, crypto.seal(bytes, about, nonce, key)]);
  }
  function open(sealed: Uint8Array, about: Uint8Array, key: Uint8Array): Uint8Array | null {
    if (sealed.length < nonceBytes) return null;
    return crypto.open(sealed.subarray(nonceBytes), about, sealed.subarray(0, nonceBytes), key);
  }

  return {
    seal: (payload, about) => seal(payload, encoder.encode(about), frameKey),
    open: (sealed, about) => open(sealed, encoder.encode(about), frameKey),
    sealFile(name, bytes) {
      const sealed = seal(bytes, mark, fileKey);
      if (!name.endsWith('.json')) return Buffer.concat([mark, sealed]);
      return encoder.encode(`{"format":${jsonFormat},"sealed":"${Buffer.from(sealed).toString('base64')}"}\n`);
    },
    openFile(bytes) {
      if (beginsWith(bytes, mark)) return open(bytes.subarray(mark.length), mark, fileKey);
      if (!beginsWith(bytes, jsonStart)) return null;
      const end = bytes.indexOf('"'.charCodeAt(0), jsonStart.length);
      if (end === -1) return null;
      const text = Buffer.from(bytes.buffer, bytes.byteOffset + jsonStart.length, end - jsonStart.length);
      return open(new Uint8Array(Buffer.from(text.toString('latin1'), 'base64')), mark, fileKey);
    },
  };
}
