/**
 * A bundle: objects of one circle in one file, for a stick, a mail or a messenger. It adds nothing to what the objects
 * show of themselves: they are sealed and signed one by one, and are verified one by one when the bundle is read. What the
 * container adds is that a file cut short, damaged on its way, of a newer format or of another circle is told apart at
 * once. Rules SY70 to SY75 of SPEC.md.
 */
import type { CircleId } from '../ids.ts';
import { base32, fromBase32 } from '../ids.ts';
import { parseObjectName } from './object-name.ts';

export const bundleFormat = 1;
/** The ending of a bundle's file name, without the dot. Only for people: a bundle is known by its first bytes. */
export const bundleEnding = 'dwbundle';

/** `DWBUNDLE` in ASCII. */
const magic = Uint8Array.from([0x44, 0x57, 0x42, 0x55, 0x4e, 0x44, 0x4c, 0x45]);
export const bundleMagicBytes = magic.length;
const circleAt = 10;
const circleBytes = 17;
const partAt = circleAt + circleBytes;
const countAt = partAt + 4;
const indexLengthAt = countAt + 4;
const headerCheckAt = indexLengthAt + 4;
const headerCheckBytes = 4;
const indexAt = headerCheckAt + headerCheckBytes;
const indexCheckBytes = 4;
const checksumBytes = 32;

type Sha256 = (bytes: Uint8Array) => Uint8Array;

export interface BundleEntry {
  /** The object's whole name. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface BundleContent {
  readonly circle: CircleId;
  /** From 1 to `parts`: a bundle that was split to a size. */
  readonly part: number;
  readonly parts: number;
  readonly entries: readonly BundleEntry[];
}

export type BundleProblemCode =
  /** Not a bundle at all. */
  | 'not-a-bundle'
  /** The file ends before the bundle does. */
  | 'bundle-truncated'
  /** A bit differs from what was written. */
  | 'bundle-damaged'
  /** Written by a newer version of the program. */
  | 'bundle-newer-format';

export type BundleResult =
  { readonly ok: true; readonly content: BundleContent } | { readonly ok: false; readonly code: BundleProblemCode };

/** Whether a file begins as a bundle does. `start`: its first bytes, at least `bundleMagicBytes` of them. */
export function isBundle(start: Uint8Array): boolean {
  return magic.every((byte, index) => start[index] === byte);
}

/** What the container takes of a file beside the objects themselves. */
export function bundleOverheadBytes(names: readonly string[]): number {
  const index = names.reduce((sum, name) => sum + 1 + name.length + 4, 0);
  return indexAt + index + indexCheckBytes + checksumBytes;
}

/** The whole file. Throws RangeError at a name that is not one of the format, or that occurs twice. */
export function encodeBundle({ circle, part, parts, entries }: BundleContent, sha256: Sha256): Uint8Array {
  const names = entries.map((entry) => entry.name);
  if (new Set(names).size !== names.length || !names.every(parseObjectName)) {
    throw new RangeError('a bundle holds each object once, under its own name');
  }
  const bodies = entries.reduce((sum, entry) => sum + entry.bytes.length, 0);
  const bytes = new Uint8Array(bundleOverheadBytes(names) + bodies);
  const view = new DataView(bytes.buffer);
  bytes.set(magic, 0);
  bytes[8] = bundleFormat;
  bytes[9] = 255 - bundleFormat;
  bytes.set(fromBase32(`${circle}aa`).subarray(0, circleBytes), circleAt);
  view.setUint16(partAt, part);
  view.setUint16(partAt + 2, parts);
  view.setUint32(countAt, entries.length);
  view.setUint32(indexLengthAt, bytes.length - bodies - indexAt - indexCheckBytes - checksumBytes);
  bytes.set(sha256(bytes.subarray(0, headerCheckAt)).subarray(0, headerCheckBytes), headerCheckAt);
  let at = indexAt;
  for (const { name, bytes: body } of entries) {
    bytes[at] = name.length;
    for (let index = 0; index < name.length; index += 1) bytes[at + 1 + index] = name.charCodeAt(index);
    view.setUint32(at + 1 + name.length, body.length);
    at += 1 + name.length + 4;
  }
  bytes.set(sha256(bytes.subarray(0, at)).subarray(0, indexCheckBytes), at);
  at += indexCheckBytes;
  for (const { bytes: body } of entries) {
    bytes.set(body, at);
    at += body.length;
  }
  bytes.set(sha256(bytes.subarray(0, at)), at);
  return bytes;
}

/** Reads a bundle whole or not at all. The objects in it are not opened here. Never throws. */
export function decodeBundle(bytes: Uint8Array, sha256: Sha256): BundleResult {
  for (let index = 0; index < Math.min(magic.length, bytes.length); index += 1) {
    if (bytes[index] !== magic[index]) return { ok: false, code: 'not-a-bundle' };
  }
  if (bytes.length < magic.length) return { ok: false, code: bytes.length < 4 ? 'not-a-bundle' : 'bundle-truncated' };
  if (bytes.length < circleAt) return { ok: false, code: 'bundle-truncated' };
  // The format stands there twice, the second time inverted, so that one flipped bit does not pass for a newer format.
  if (bytes[8]! + bytes[9]! !== 255 || bytes[8] === 0) return { ok: false, code: 'bundle-damaged' };
  if (bytes[8]! > bundleFormat) return { ok: false, code: 'bundle-newer-format' };
  const index = readIndex(bytes, sha256);
  if (!index.ok) return index;
  let at = index.end;
  const end = index.rows.reduce((sum, row) => sum + row.sizeBytes, at) + checksumBytes;
  if (bytes.length < end) return { ok: false, code: 'bundle-truncated' };
  if (bytes.length > end || !startsWith(bytes, end - checksumBytes, sha256(bytes.subarray(0, end - checksumBytes)))) {
    return { ok: false, code: 'bundle-damaged' };
  }
  const entries: BundleEntry[] = [];
  for (const { name, sizeBytes } of index.rows) {
    entries.push({ name, bytes: bytes.subarray(at, at + sizeBytes) });
    at += sizeBytes;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const circle = base32(bytes.subarray(circleAt, circleAt + circleBytes)).slice(0, 26) as CircleId;
  const content = { circle, part: view.getUint16(partAt), parts: view.getUint16(partAt + 2), entries };
  const isSound = content.part >= 1 && content.part <= content.parts && areNames(index.rows.map((row) => row.name));
  return isSound ? { ok: true, content } : { ok: false, code: 'bundle-damaged' };
}

type Index =
  | {
      readonly ok: true;
      readonly rows: readonly { readonly name: string; readonly sizeBytes: number }[];
      readonly end: number;
    }
  | { readonly ok: false; readonly code: BundleProblemCode };

/** A length is only believed once its check fits: a damaged one must not pass for a short file. */
function readIndex(bytes: Uint8Array, sha256: Sha256): Index {
  const truncated: Index = { ok: false, code: 'bundle-truncated' };
  const damaged: Index = { ok: false, code: 'bundle-damaged' };
  if (bytes.length < indexAt) return truncated;
  const headerCheck = sha256(bytes.subarray(0, headerCheckAt)).subarray(0, headerCheckBytes);
  if (!startsWith(bytes, headerCheckAt, headerCheck)) return damaged;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = indexAt + view.getUint32(indexLengthAt);
  if (bytes.length < end + indexCheckBytes) return truncated;
  if (!startsWith(bytes, end, sha256(bytes.subarray(0, end)).subarray(0, indexCheckBytes))) return damaged;
  const rows: { name: string; sizeBytes: number }[] = [];
  let at = indexAt;
  for (let left = view.getUint32(countAt); left > 0; left -= 1) {
    const nameEnd = at + 1 + bytes[at]!;
    if (nameEnd + 4 > end) return damaged;
    rows.push({ name: String.fromCharCode(...bytes.subarray(at + 1, nameEnd)), sizeBytes: view.getUint32(nameEnd) });
    at = nameEnd + 4;
  }
  return at === end ? { ok: true, rows, end: end + indexCheckBytes } : damaged;
}

function startsWith(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  return expected.every((byte, index) => byte === bytes[at + index]);
}

function areNames(names: readonly string[]): boolean {
  return new Set(names).size === names.length && names.every((name) => parseObjectName(name) !== null);
}
