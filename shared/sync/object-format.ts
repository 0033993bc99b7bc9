/**
 * The envelope of every object on a remote: a header anybody may read, the sealed payload, and the owner's signature
 * over both. Truncation, a flipped bit, a forgery, another circle, a missing or wrong key and a newer format each give a
 * result of their own. Rules SY6 to SY15 of SPEC.md. What the payloads say is segment-codec.ts and manifest.ts.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as pureSha256 } from '@noble/hashes/sha2.js';
import type { CircleId, ReplicaId } from '../ids.ts';
import { base32, fromBase32 } from '../ids.ts';
import { blobName, headName, nameHash, parseObjectName, receiptName, segmentName } from './object-name.ts';
import { bucketPadding, packPayload, unpackPayload } from './payload.ts';
import { replicaOf, type Compression, type SealingCrypto, type Signer } from './sealing-crypto.ts';

export const objectFormat = 1;

export type SealedKind = 'head' | 'segment' | 'receipt' | 'blob' | 'relay';
// One flipped bit never leads from one kind to another whose header has another length. Parts of blobs have 16.
const kindNumbers: Readonly<Record<SealedKind, number>> = { head: 1, segment: 2, receipt: 3, blob: 4, relay: 8 };

/** Of a part of a blob (object-parts.ts), which is no object by itself. */
export const partKind = 16;

export interface ObjectHeader {
  readonly kind: SealedKind;
  readonly circle: CircleId;
  readonly epoch: number;
  /** Null for a blob: it belongs to whoever refers to it. */
  readonly replica: ReplicaId | null;
  readonly publicKey: Uint8Array | null;
  /** Whose changes are in it: the replica itself, but for a relay the one whose changes it carries. */
  readonly origin: ReplicaId | null;
  /** A segment's first and last change; 1 and the tip's number for a head; the receipt's number twice. */
  readonly from: number;
  readonly to: number;
}

export const objectProblemCodes = [
  /** The file ends before the object does. */
  'truncated',
  /** A bit differs from what was written. */
  'altered',
  /** Not an object of this program at all. */
  'not-an-object',
  /** Written by a newer version of the program: kept on the remote, not read. */
  'newer-format',
  /** Intact, and of another circle. */
  'other-circle',
  /** Intact, and sealed in an epoch whose key this profile was not given. */
  'key-missing',
  /** Intact and rightly signed, and the key of its epoch does not open it. */
  'wrong-key',
  /** Not signed by the replica it claims to come from, or moved under a name that is not its own. */
  'forged',
  /** Rightly signed and opened, and what it says is not well formed. */
  'bad-content',
] as const;
export type ObjectProblemCode = (typeof objectProblemCodes)[number];

export interface ObjectProblem {
  readonly code: ObjectProblemCode;
  readonly message: string;
}

export type Result<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly problem: ObjectProblem };

export function problem(code: ObjectProblemCode, message: string): { ok: false; problem: ObjectProblem } {
  return { ok: false, problem: { code, message } };
}

export const magic = Uint8Array.from([0x44, 0x57, 0x42, 0x4f]);
export const packedIdBytes = 17;
export const blobHeaderBytes = 35;
const signedHeaderBytes = 79;
/** A relay names the origin of its changes as well. */
const relayHeaderBytes = signedHeaderBytes + packedIdBytes;
const checkBytes = 4;
const nonceBytes = 24;
const tagBytes = 16;
const signatureBytes = 64;

/** The most a payload may unpack to. A hostile member could otherwise fill every partner's memory. */
export const bodyLimitBytes: Readonly<Record<SealedKind, number>> = {
  head: 4 << 20,
  segment: 256 << 20,
  receipt: 4 << 20,
  relay: 256 << 20,
  blob: 512 << 20,
};

const encoder = new TextEncoder();

export type KeyUse = 'seal' | 'blob-name' | 'blob-nonce' | 'admission' | 'earlier-keys';

/** A key for one use, so that no two uses of a circle's key ever meet. */
export function subkey(key: Uint8Array, use: KeyUse): Uint8Array {
  return hmac(pureSha256, key, encoder.encode(`delegate-workbench/1 ${use}`));
}

/**
 * The name of the blob with this content in an epoch. Keyed, because originals are often public: a plain hash would tell
 * the folder's owner which documents a delegation reads.
 */
export function blobNameFor(contentSha256: Uint8Array, key: Uint8Array): string {
  return blobName(nameHash(hmac(pureSha256, subkey(key, 'blob-name'), contentSha256)));
}

export interface SealRequest {
  readonly kind: Exclude<SealedKind, 'blob'>;
  readonly circle: CircleId;
  readonly epoch: number;
  readonly key: Uint8Array;
  readonly signer: Signer;
  /** Of a relay: whose changes it carries. */
  readonly origin?: ReplicaId;
  readonly from: number;
  readonly to: number;
  readonly body: Uint8Array;
  /** Zero bytes inside the seal that hide the body's length; by default changes are filled up to a bucket (SY14). */
  readonly paddingBytes?: number;
}

/** What sealing and opening need beside the object itself. */
export interface Engine {
  readonly crypto: SealingCrypto;
  readonly compression: Compression;
}

export interface SealedObject {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export function sealObject(request: SealRequest, engine: Engine): SealedObject {
  const { crypto } = engine;
  const { paddingBytes } = request;
  const holdsChanges = request.kind === 'segment' || request.kind === 'relay';
  const padding = paddingBytes === undefined ? (holdsChanges ? bucketPadding : () => 0) : () => paddingBytes;
  const payload = packPayload(request.body, request.signer.replica, engine.compression, padding);
  const header = new Uint8Array(request.kind === 'relay' ? relayHeaderBytes : signedHeaderBytes);
  if (request.kind === 'relay') header.set(packId(request.origin ?? request.signer.replica), 75);
  writeStart(header, request.kind, request.circle, request.epoch, payload.length + tagBytes);
  header.set(request.signer.publicKey, 31);
  writeCount(header, 63, request.from);
  writeCount(header, 69, request.to);
  writeCheck(header, crypto);
  const nonce = crypto.random(nonceBytes);
  const sealed = crypto.seal(payload, header, nonce, subkey(request.key, 'seal'));
  const signed = concat(header, nonce, sealed);
  const bytes = concat(signed, crypto.sign(signed, request.signer.seed));
  const hash = nameHash(crypto.sha256(bytes));
  const origin = request.origin ?? request.signer.replica;
  return { name: nameOf(request.kind, origin, request.from, request.to, hash), bytes };
}

/**
 * Seals an imported original. Two devices that seal the same bytes in one epoch make the same object, so that they do
 * not meet as a conflict copy; the nonce therefore comes from what is sealed, not from chance.
 */
export function sealBlob(
  request: {
    readonly circle: CircleId;
    readonly epoch: number;
    readonly key: Uint8Array;
    readonly content: Uint8Array;
  },
  engine: Engine,
): SealedObject {
  const { crypto } = engine;
  const payload = packPayload(request.content, '', engine.compression);
  const header = new Uint8Array(blobHeaderBytes);
  writeStart(header, 'blob', request.circle, request.epoch, payload.length + tagBytes);
  writeCheck(header, crypto);
  const digest = crypto.sha256(concat(header, payload));
  const nonce = hmac(pureSha256, subkey(request.key, 'blob-nonce'), digest).slice(0, nonceBytes);
  const sealed = crypto.seal(payload, header, nonce, subkey(request.key, 'seal'));
  return {
    name: blobNameFor(crypto.sha256(request.content), request.key),
    bytes: concat(header, nonce, sealed),
  };
}

export interface Frame {
  readonly header: ObjectHeader;
  readonly headerBytes: number;
  /** Where the seal ends, and the signature begins where there is one. */
  readonly sealedEnd: number;
}

/**
 * Reads what stands outside the seal, and that nothing is missing or too much. Needs no key; what it returns is not yet
 * verified against the signature.
 */
export function readHeader(bytes: Uint8Array, crypto: Pick<SealingCrypto, 'sha256'>): Result<Frame> {
  if (bytes.length < 6) return problem('truncated', 'The file is too short to be an object.');
  for (let index = 0; index < magic.length; index += 1) {
    if (bytes[index] !== magic[index]) return problem('not-an-object', 'The file is not an object of this program.');
  }
  if (bytes[4]! > objectFormat) {
    return problem('newer-format', `The object has format ${bytes[4]}; this program reads up to ${objectFormat}.`);
  }
  if (bytes[5] === partKind) return problem('not-an-object', 'This is a part of an original, not an object by itself.');
  const kind = (Object.keys(kindNumbers) as SealedKind[]).find((each) => kindNumbers[each] === bytes[5]);
  if (kind === undefined || bytes[4] === 0) return problem('altered', 'The header is damaged.');
  const headerBytes = kind === 'blob' ? blobHeaderBytes : kind === 'relay' ? relayHeaderBytes : signedHeaderBytes;
  if (bytes.length < headerBytes) return problem('truncated', 'The file ends within the header.');
  const check = crypto.sha256(bytes.subarray(0, headerBytes - checkBytes));
  for (let index = 0; index < checkBytes; index += 1) {
    if (check[index] !== bytes[headerBytes - checkBytes + index]) return problem('altered', 'The header is damaged.');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sealedEnd = headerBytes + nonceBytes + view.getUint32(27);
  const end = sealedEnd + (kind === 'blob' ? 0 : signatureBytes);
  if (bytes.length < end) return problem('truncated', `The file has ${bytes.length} of ${end} bytes.`);
  if (bytes.length > end) return problem('altered', `The file has ${bytes.length - end} bytes too many.`);
  const publicKey = kind === 'blob' ? null : bytes.slice(31, 63);
  const replica = publicKey && replicaOf(publicKey, crypto.sha256);
  return {
    ok: true,
    headerBytes,
    sealedEnd,
    header: {
      kind,
      circle: unpackId(bytes.subarray(6, 6 + packedIdBytes)) as CircleId,
      epoch: view.getUint32(23),
      publicKey,
      replica,
      origin: kind === 'relay' ? (unpackId(bytes.subarray(75, 75 + packedIdBytes)) as ReplicaId) : replica,
      from: publicKey ? readCount(view, 63) : 0,
      to: publicKey ? readCount(view, 69) : 0,
    },
  };
}

export interface Opener extends Engine {
  readonly circle: CircleId;
  readonly keyOf: (epoch: number) => Uint8Array | undefined;
}

export interface OpenedObject {
  readonly header: ObjectHeader;
  /** The name it ought to have, whatever name it was found under. */
  readonly name: string;
  readonly body: Uint8Array;
}

/**
 * Verifies and opens one object. `foundAs` is the name it was found under; when that is a name of this format the object
 * must be the one so named, otherwise (a conflict copy) its own name is worked out from its bytes. Never throws.
 */
export function openObject(bytes: Uint8Array, foundAs: string, opener: Opener): Result<OpenedObject> {
  const { crypto } = opener;
  const claimed = parseObjectName(foundAs);
  const hash = nameHash(crypto.sha256(bytes));
  const hashed = claimed?.kind === 'head' || claimed?.kind === 'segment';
  const intact = hashed ? claimed.hash === hash : null;
  const frame = readHeader(bytes, crypto);
  if (!frame.ok) {
    if (intact === false && frame.problem.code !== 'truncated') {
      return problem('altered', 'The bytes are not those that the name stands for.');
    }
    return frame;
  }
  if (intact === false) return problem('altered', 'The bytes are not those that the name stands for.');
  const { header, headerBytes, sealedEnd } = frame;
  if (header.publicKey) {
    const signature = bytes.subarray(sealedEnd);
    if (!crypto.verify(bytes.subarray(0, sealedEnd), signature, header.publicKey)) {
      // Without a hash in its name, an object that fails here may as well be damaged; nothing tells the two apart.
      return intact === true
        ? problem('forged', `The signature is not that of ${String(header.replica)}.`)
        : problem('altered', 'The bytes are not those that were signed.');
    }
  }
  if (header.circle !== opener.circle) return problem('other-circle', `The object belongs to circle ${header.circle}.`);
  const key = opener.keyOf(header.epoch);
  if (!key) return problem('key-missing', `The key of epoch ${header.epoch} is not in this profile.`);
  const nonce = bytes.subarray(headerBytes, headerBytes + nonceBytes);
  const sealed = bytes.subarray(headerBytes + nonceBytes, sealedEnd);
  const payload = crypto.open(sealed, bytes.subarray(0, headerBytes), nonce, subkey(key, 'seal'));
  if (!payload) {
    return header.kind === 'blob'
      ? problem('altered', 'The original cannot be opened: it is damaged or sealed with another key.')
      : problem('wrong-key', `The key of epoch ${header.epoch} does not open the object.`);
  }
  const body = unpackPayload(payload, header.replica ?? '', opener.compression, bodyLimitBytes[header.kind]);
  if (!body) return problem('bad-content', 'What is sealed in the object cannot be unpacked.');
  const name = ownName(header, hash, () => blobNameFor(crypto.sha256(body), key));
  if (claimed && claimed.name !== name) return problem('forged', `The object was moved here; its own name is ${name}.`);
  return { ok: true, header, name, body };
}

function ownName(header: ObjectHeader, hash: string, nameOfBlob: () => string): string {
  const { kind, origin, from, to } = header;
  return kind === 'blob' || origin === null ? nameOfBlob() : nameOf(kind, origin, from, to, hash);
}

function nameOf(kind: Exclude<SealedKind, 'blob'>, origin: ReplicaId, from: number, to: number, hash: string): string {
  if (kind === 'head') return headName(origin, to, hash);
  return kind === 'receipt' ? receiptName(origin, to) : segmentName(origin, from, to, hash);
}

function writeStart(header: Uint8Array, kind: SealedKind, circle: CircleId, epoch: number, sealedBytes: number): void {
  header.set(magic, 0);
  header[4] = objectFormat;
  header[5] = kindNumbers[kind];
  header.set(packId(circle), 6);
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  view.setUint32(23, epoch);
  view.setUint32(27, sealedBytes);
}

export function writeCheck(header: Uint8Array, crypto: Pick<SealingCrypto, 'sha256'>): void {
  const end = header.length - checkBytes;
  header.set(crypto.sha256(header.subarray(0, end)).subarray(0, checkBytes), end);
}

/** 26 characters are 130 bits: padded to 28 so that none is cut off, 17 bytes hold them. */
function packId(id: string): Uint8Array {
  return fromBase32(`${id}aa`).subarray(0, packedIdBytes);
}

export function unpackId(bytes: Uint8Array): string {
  return base32(bytes).slice(0, 26);
}

/** Counts take six bytes: enough for every safe number of changes. */
function writeCount(bytes: Uint8Array, at: number, value: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  view.setUint16(at, Math.floor(value / 2 ** 32));
  view.setUint32(at + 2, value % 2 ** 32);
}

function readCount(view: DataView, at: number): number {
  return view.getUint16(at) * 2 ** 32 + view.getUint32(at + 2);
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
