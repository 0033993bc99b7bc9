/**
 * The form of an append-only file of checksummed frames, which the change log and the typing journal share.
 *
 * The file begins with one line of ASCII, `<magic> <format> <subject> <checksum>\n`, the checksum being the CRC-32 of
 * what stands before it, in eight hexadecimal digits. This line keeps its form in every future format, so that an older
 * program can tell a newer file from a damaged one. Then follow frames, each
 *
 *   4 bytes  f5 44 57 0a   (f5 never occurs in UTF-8, so a reader that lost its way finds the next frame)
 *   4 bytes  length of the payload, big endian
 *   4 bytes  CRC-32 of the length's bytes and the payload
 *   payload  UTF-8 text
 *
 * There is no padding, and every byte stands under a checksum or is fixed: one flipped byte anywhere is seen. In format 2
 * every payload is sealed (protection/profile-seal.ts); in all else it is format 1.
 */
import { crc32 } from 'node:zlib';
import { WorkbenchError } from '../../../shared/contract/errors.ts';

/** One thing found wrong: which file, where in it, what. */
export interface Finding {
  readonly file: string;
  /** For people, e.g. `byte 1204`. */
  readonly place: string;
  readonly code:
    | 'header-damaged'
    | 'frame-damaged'
    | 'tail-torn'
    | 'newer-format'
    | 'change-damaged'
    | 'content-damaged'
    | 'moved-aside';
  readonly message: string;
}

export interface FrameFileKind {
  /** First word of the file, e.g. `delegate-workbench-log`. */
  readonly magic: string;
  readonly format: number;
  /** What the file is about, e.g. the circle's id; no spaces. */
  readonly subject: string;
}

/** Seals payloads for a profile under lock; `about` says which file they belong to, and is covered by the seal. */
export interface FrameSeal {
  seal(payload: Uint8Array, about: string): Uint8Array;
  /** Null when it was not sealed so. */
  open(sealed: Uint8Array, about: string): Uint8Array | null;
}

const sealedFormat = 2;
const aboutOf = ({ magic, subject }: FrameFileKind): string => `${magic} ${subject}`;

export interface Frame {
  readonly offset: number;
  /** Where the next frame begins, if the file is whole. */
  readonly endsAt: number;
  readonly payload: Uint8Array;
}

const marker = Uint8Array.of(0xf5, 0x44, 0x57, 0x0a);
/** Marker, length and checksum. */
export const frameHeaderBytes = 12;
const largestPayloadBytes = 256 * 1024 * 1024;
const longestHeaderBytes = 200;

export function encodeHeader({ magic, format, subject }: FrameFileKind, seal?: FrameSeal): Uint8Array {
  const text = `${magic} ${seal ? sealedFormat : format} ${subject}`;
  return Buffer.from(`${text} ${hexOf(crc32(text))}\n`);
}

export function encodeFrame(payload: Uint8Array): Uint8Array {
  const frame = Buffer.alloc(frameHeaderBytes + payload.length);
  frame.set(marker, 0);
  frame.writeUInt32BE(payload.length, 4);
  frame.set(payload, frameHeaderBytes);
  frame.writeUInt32BE(checksumOf(frame, payload.length), 8);
  return frame;
}

/** A frame as it stands in a file of this kind. */
export function encodeFrameOf(kind: FrameFileKind, payload: Uint8Array, seal: FrameSeal | undefined): Uint8Array {
  return encodeFrame(seal ? seal.seal(payload, aboutOf(kind)) : payload);
}

/** The payload of a frame; null when it is not whole or was not sealed for this file. */
export function decodeFrameOf(kind: FrameFileKind, frame: Uint8Array, seal: FrameSeal | undefined): Uint8Array | null {
  const payload = decodeFrame(frame);
  return payload === null || seal === undefined ? payload : seal.open(payload, aboutOf(kind));
}

function hexOf(checksum: number): string {
  return checksum.toString(16).padStart(8, '0');
}

function checksumOf(frame: Uint8Array, lengthBytes: number): number {
  return crc32(frame.subarray(frameHeaderBytes, frameHeaderBytes + lengthBytes), crc32(frame.subarray(4, 8)));
}

/** What a frame file holds. `wholeBytes` is where an unfinished or damaged last frame begins, or the file's length. */
export interface FrameScan {
  readonly frames: readonly Frame[];
  readonly findings: readonly Finding[];
  readonly wholeBytes: number;
}

/**
 * Reads all whole frames. Never throws at damage; throws `profile-from-newer-version` at a newer format and
 * `storage-damaged` when the file is about another subject.
 */
export function scanFrames(bytes: Uint8Array, of: FrameFileKind, file: string, seal?: FrameSeal): FrameScan {
  const kind = seal ? { ...of, format: sealedFormat } : of;
  const findings: Finding[] = [];
  const frames: Frame[] = [];
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const expected = encodeHeader(kind);
  if (bytes.length < expected.length && Buffer.compare(view, expected.subarray(0, bytes.length)) === 0) {
    // A crash while the file was being made; nothing can have been saved in it.
    if (bytes.length > 0) findings.push(torn(file, 0, bytes.length));
    return { frames, findings, wholeBytes: 0 };
  }
  let at = readHeader(view, kind, file, expected, findings);
  while (at < view.length) {
    const end = frameEnd(view, at);
    if (typeof end === 'number') {
      const payload = bytes.subarray(at + frameHeaderBytes, end);
      const opened = seal ? seal.open(payload, aboutOf(kind)) : payload;
      if (opened === null) findings.push(foreign(file, at));
      else frames.push({ offset: at, endsAt: end, payload: opened });
      at = end;
      continue;
    }
    const next = nextWholeFrame(view, at + 1);
    if (next === -1 && (end === 'unfinished' || view.subarray(at).every((byte) => byte === 0))) {
      // Some file systems lengthen a file before they fill it: zeros at the end are a write that never finished.
      findings.push(torn(file, at, view.length - at));
      return { frames, findings, wholeBytes: at };
    }
    const until = next === -1 ? view.length : next;
    findings.push({
      file,
      place: `byte ${at}`,
      code: 'frame-damaged',
      message: `${file} is damaged from byte ${at} to byte ${until - 1}. Everything else in it was read.`,
    });
    if (next === -1) return { frames, findings, wholeBytes: at };
    at = until;
  }
  return { frames, findings, wholeBytes: view.length };
}

function foreign(file: string, at: number): Finding {
  const message = `The entry at byte ${at} of ${file} was not sealed by this profile for this file, and was passed over.`;
  return { file, place: `byte ${at}`, code: 'frame-damaged', message };
}

function torn(file: string, at: number, lengthBytes: number): Finding {
  return {
    file,
    place: `byte ${at}`,
    code: 'tail-torn',
    message: `${file} ends in an unfinished entry of ${lengthBytes} bytes at byte ${at}.`,
  };
}

/** Where frames begin. */
function readHeader(
  view: Buffer,
  kind: FrameFileKind,
  file: string,
  expected: Uint8Array,
  findings: Finding[],
): number {
  const lineEnd = view.subarray(0, longestHeaderBytes).indexOf(0x0a);
  const words = lineEnd === -1 ? [] : view.toString('latin1', 0, lineEnd).split(' ');
  const [magic, format, subject, checksum] = words;
  const sound =
    words.length === 4 && checksum === hexOf(crc32(`${magic} ${format} ${subject}`)) && magic === kind.magic;
  if (sound && Number(format) > kind.format) {
    throw new WorkbenchError(
      'profile-from-newer-version',
      `${file} was written by a newer version of the workbench (format ${format}, this one reads ${kind.format}). Nothing was changed; open it with the newer version.`,
      { file, format: Number(format) },
    );
  }
  if (sound && subject !== kind.subject) {
    throw new WorkbenchError('storage-damaged', `${file} belongs to ${subject}, not to ${kind.subject}.`, { file });
  }
  if (sound && Number(format) === kind.format) return lineEnd + 1;
  let place = 0;
  while (place < expected.length && view[place] === expected[place]) place += 1;
  findings.push({
    file,
    place: `byte ${place}`,
    code: 'header-damaged',
    message: `The first line of ${file} is damaged at byte ${place}. Its entries were read.`,
  });
  // A header of this format has a known length; if frames do not start there, look for the first one.
  if (typeof frameEnd(view, expected.length) === 'number' || view.length <= expected.length) {
    return Math.min(expected.length, view.length);
  }
  const first = nextWholeFrame(view, 0);
  return first === -1 ? Math.min(expected.length, view.length) : first;
}

/** The end of the whole frame at `at`; `unfinished` when the file ends before the frame does, else `damaged`. */
function frameEnd(view: Buffer, at: number): number | 'unfinished' | 'damaged' {
  const present = Math.min(marker.length, view.length - at);
  for (let index = 0; index < present; index += 1) if (view[at + index] !== marker[index]) return 'damaged';
  if (view.length - at < frameHeaderBytes) return 'unfinished';
  const length = view.readUInt32BE(at + 4);
  if (length > largestPayloadBytes) return 'damaged';
  const end = at + frameHeaderBytes + length;
  if (end > view.length) return 'unfinished';
  return checksumOf(view.subarray(at, end), length) === view.readUInt32BE(at + 8) ? end : 'damaged';
}

function nextWholeFrame(view: Buffer, from: number): number {
  for (let at = view.indexOf(marker, from); at !== -1; at = view.indexOf(marker, at + 1)) {
    if (typeof frameEnd(view, at) === 'number') return at;
  }
  return -1;
}

/** The length of the whole frame that begins with `head` (its first 12 bytes); null when no frame begins so. */
export function frameLength(head: Uint8Array): number | null {
  const view = Buffer.from(head);
  if (view.length < frameHeaderBytes || !view.subarray(0, marker.length).equals(marker)) return null;
  const length = view.readUInt32BE(4);
  return length > largestPayloadBytes ? null : frameHeaderBytes + length;
}

/** The payload of a frame; null when it is not whole. */
export function decodeFrame(frame: Uint8Array): Uint8Array | null {
  const view = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  return view.length > 0 && frameEnd(view, 0) === view.length ? frame.subarray(frameHeaderBytes) : null;
}
