/**
 * Branded identifiers used across layers. All are lower-case ASCII, so that they can stand in file names on any
 * file system.
 *
 * - `ReplicaId`  one profile in one circle: the first 26 base-32 characters of SHA-256 over its Ed25519 public key.
 *                Whoever holds the key is the replica; nobody else can sign for it.
 * - `RecordId`   `<replica>.<nonce>`, nonce = 10 base-32 characters (50 random bits). The replica before the dot is
 *                the record's creator, so a record's owner is fixed by its name and cannot be claimed later.
 * - `ChangeHash` 52 base-32 characters: SHA-256 over a change's canonical skeleton.
 * - `VersionId`  `<ChangeHash>.<index of the op in its change>`: one value that somebody gave to one field.
 * - `DocumentId` 64 hexadecimal characters: SHA-256 over the original bytes of an imported file.
 */
declare const brand: unique symbol;
export type Branded<Name extends string> = string & { readonly [brand]: Name };

export type ReplicaId = Branded<'ReplicaId'>;
export type CircleId = Branded<'CircleId'>;
export type RecordId = Branded<'RecordId'>;
export type ChangeHash = Branded<'ChangeHash'>;
export type VersionId = Branded<'VersionId'>;
export type DocumentId = Branded<'DocumentId'>;
export type UnitId = Branded<'UnitId'>;

/** Any JSON value. Numbers in the change log are safe integers only, so that every engine prints them alike. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The replica that made a record: the part of its id before the dot. */
export function creatorOf(record: RecordId): ReplicaId {
  return record.slice(0, record.indexOf('.')) as ReplicaId;
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** RFC 4648 base 32, lower case, without padding. */
export function base32(bytes: Uint8Array): string {
  let out = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += alphabet[(buffer >>> bits) & 31];
    }
  }
  if (bits > 0) out += alphabet[(buffer << (5 - bits)) & 31];
  return out;
}

/** Inverse of `base32`. Throws RangeError at a character outside the alphabet. */
export function fromBase32(text: string): Uint8Array {
  const out = new Uint8Array(Math.floor((text.length * 5) / 8));
  let buffer = 0;
  let bits = 0;
  let at = 0;
  for (const char of text) {
    const value = alphabet.indexOf(char);
    if (value < 0) throw new RangeError(`not base 32: ${char}`);
    buffer = ((buffer << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      out[at++] = (buffer >>> bits) & 255;
    }
  }
  return out;
}

/** A fresh record id of `replica`; `random` yields that many random bytes. */
export function newRecordId(replica: ReplicaId, random: (lengthBytes: number) => Uint8Array): RecordId {
  return `${replica}.${base32(random(7)).slice(0, 10)}` as RecordId;
}
