/**
 * Reads parts out of a ZIP package (.docx) without trusting it. Sizes in a ZIP's directory are claims: every part is
 * inflated with a hard limit and checked against its claimed length and CRC, so that a bomb stops early and a damaged
 * part is never taken for a short document. (fflate reads ZIP files well, but checks no CRC and bounds nothing.)
 *
 * Format: PKWARE APPNOTE 4.3; ZIP64 is not read, since no document of ours comes near its sizes.
 */
import { crc32, inflateRawSync } from 'node:zlib';
import { WorkbenchError } from '../../../shared/contract/errors.ts';

export interface ZipEntry {
  readonly name: string;
  readonly compressedSizeBytes: number;
  readonly sizeBytes: number;
  readonly crc: number;
  readonly method: number;
  readonly encrypted: boolean;
  readonly headerOffset: number;
}

export const zipLimits = {
  entries: 4096,
  /** One part, unpacked. */
  partBytes: 64 * 1024 * 1024,
  /** All parts together, unpacked, whether they are read or not. */
  totalBytes: 512 * 1024 * 1024,
  /** Unpacked to packed; real documents stay below 100, and small parts may say anything. */
  ratio: 200,
  ratioFromBytes: 1024 * 1024,
} as const;

const endSignature = 0x06054b50;
const directorySignature = 0x02014b50;
const localSignature = 0x04034b50;

export function isZip(bytes: Uint8Array): boolean {
  return (
    bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5) && (bytes[3] === 4 || bytes[3] === 6)
  );
}

/** The directory of a package. Throws `file-damaged` (truncated, overlapping, no directory) or `zip-bomb`. */
export function listZip(bytes: Uint8Array, fileName: string): readonly ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  if (end < 0) throw damaged(fileName);
  const count = view.getUint16(end + 10, true);
  if (count > zipLimits.entries) throw bomb(fileName, `it lists ${count} parts`);
  let at = view.getUint32(end + 16, true);
  const entries: ZipEntry[] = [];
  let total = 0;
  let packed = 0;
  for (let i = 0; i < count; i += 1) {
    if (at + 46 > end || view.getUint32(at, true) !== directorySignature) throw damaged(fileName);
    const nameLength = view.getUint16(at + 28, true);
    const next = at + 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > end) throw damaged(fileName);
    const entry: ZipEntry = {
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength)),
      compressedSizeBytes: view.getUint32(at + 20, true),
      sizeBytes: view.getUint32(at + 24, true),
      crc: view.getUint32(at + 16, true),
      method: view.getUint16(at + 10, true),
      encrypted: (view.getUint16(at + 8, true) & 1) !== 0,
      headerOffset: view.getUint32(at + 42, true),
    };
    if (entry.sizeBytes > zipLimits.ratioFromBytes && entry.sizeBytes > entry.compressedSizeBytes * zipLimits.ratio)
      throw bomb(fileName, `its part ${entry.name} unpacks to more than ${zipLimits.ratio} times its size`);
    total += entry.sizeBytes;
    packed += entry.compressedSizeBytes;
    if (total > zipLimits.totalBytes)
      throw bomb(fileName, `it unpacks to more than ${zipLimits.totalBytes / 1024 / 1024} MB`);
    // Parts that claim more than the file holds lie over one another: the trick of the best-known bombs.
    if (packed > bytes.length) throw bomb(fileName, 'its parts overlap');
    entries.push(entry);
    at = next;
  }
  return entries;
}

/** The unpacked bytes of one part. Throws `file-damaged` or `zip-bomb`. */
export function readZipEntry(bytes: Uint8Array, entry: ZipEntry, fileName: string): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = entry.headerOffset;
  if (at + 30 > bytes.length || view.getUint32(at, true) !== localSignature) throw damaged(fileName);
  const start = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  const end = start + entry.compressedSizeBytes;
  if (end > bytes.length) throw damaged(fileName);
  if (entry.encrypted) {
    throw new WorkbenchError(
      'file-kind-unsupported',
      `${fileName} is protected with a password; open it in the program that made it, save it without the password and import that.`,
    );
  }
  if (entry.sizeBytes > zipLimits.partBytes) {
    throw new WorkbenchError(
      'file-too-large',
      `${fileName} holds a part of ${Math.ceil(entry.sizeBytes / 1024 / 1024)} MB, more than the ${zipLimits.partBytes / 1024 / 1024} MB that can be imported; split the document and import the parts.`,
    );
  }
  const packed = bytes.subarray(start, end);
  let unpacked: Uint8Array;
  if (entry.method === 0) unpacked = packed;
  else if (entry.method === 8) {
    try {
      unpacked = inflateRawSync(packed, { maxOutputLength: Math.max(entry.sizeBytes, 1) });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
        throw bomb(fileName, `its part ${entry.name} unpacks to more than it claims`);
      throw damaged(fileName, error);
    }
  } else throw damaged(fileName);
  if (unpacked.length !== entry.sizeBytes || crc32(unpacked) !== entry.crc) throw damaged(fileName);
  return unpacked;
}

/** The end record stands in the last 64 kB, before a comment; -1 when there is none. */
function findEnd(view: DataView): number {
  const lowest = Math.max(0, view.byteLength - 22 - 0xffff);
  for (let at = view.byteLength - 22; at >= lowest; at -= 1) {
    if (view.getUint32(at, true) === endSignature) return at;
  }
  return -1;
}

function damaged(fileName: string, cause?: unknown): WorkbenchError {
  return new WorkbenchError(
    'file-damaged',
    `${fileName} is damaged or only partly copied; get it again from its source.`,
    {},
    { cause },
  );
}

function bomb(fileName: string, how: string): WorkbenchError {
  return new WorkbenchError(
    'zip-bomb',
    `${fileName} was not opened because ${how}, as files made to fill a computer do; ask its sender for a clean copy.`,
  );
}
