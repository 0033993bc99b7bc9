/**
 * An append-only file of checksummed frames: what the change log and the typing journal are made of.
 *
 * The file begins with one line of ASCII, `<magic> <format> <subject> <checksum>\n`, the checksum being the CRC-32 of
 * what stands before it, in eight hexadecimal digits. This line keeps its form in every future format, so that an older
 * program can tell a newer file from a damaged one. Then follow frames, each
 *
 *   4 bytes  f5 44 57 0a   (f5 never occurs in UTF-8, so a reader that lost its way finds the next frame)
 *   4 bytes  length of the payload, big endian
 *   4 bytes  CRC-32 of the length's bytes and the payload
 *   payload  UTF-8 JSON
 *
 * There is no padding, and every byte stands under a checksum or is fixed: one flipped byte anywhere is seen.
 *
 * Appends that wait while a write is under way are written together and share one fsync. An append that fails takes
 * back what it wrote. At opening, an unfinished or damaged frame at the end (a crash in the middle of a write that was
 * never reported as done) is moved to a file of its own beside, never thrown away; damage elsewhere is reported and
 * stays where it is, and every whole frame after it is read.
 */
import { crc32 } from 'node:zlib';
import { basename, dirname, join } from 'node:path';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { atomicWrite } from './atomic-write.ts';
import {
  nodeFileSystem,
  readIfThere,
  storageError,
  writing,
  type FileSystemPort,
  type OpenFile,
} from './file-system.ts';

/** One thing found wrong: which file, where in it, what. */
export interface Finding {
  readonly file: string;
  /** For people, e.g. `byte 1204`. */
  readonly place: string;
  readonly code:
    'header-damaged' | 'frame-damaged' | 'tail-torn' | 'newer-format' | 'change-damaged' | 'content-damaged';
  readonly message: string;
}

export interface FrameFileKind {
  /** First word of the file, e.g. `delegate-workbench-log`. */
  readonly magic: string;
  readonly format: number;
  /** What the file is about, e.g. the circle's id; no spaces. */
  readonly subject: string;
}

export interface Frame {
  readonly offset: number;
  readonly payload: Uint8Array;
}

const marker = Uint8Array.of(0xf5, 0x44, 0x57, 0x0a);
const frameHeaderBytes = 12;
const largestPayloadBytes = 256 * 1024 * 1024;
const longestHeaderBytes = 200;

export function encodeHeader({ magic, format, subject }: FrameFileKind): Uint8Array {
  const text = `${magic} ${format} ${subject}`;
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
export function scanFrames(bytes: Uint8Array, kind: FrameFileKind, file: string): FrameScan {
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
      frames.push({ offset: at, payload: bytes.subarray(at + frameHeaderBytes, end) });
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

export interface FrameFile {
  /**
   * Resolves with each frame's offset once all are on the disk; rejects with the file as it was before. `written` is
   * called with the offsets before anything else happens to the file.
   */
  append(payloads: readonly Uint8Array[], written?: (offsets: readonly number[]) => void): Promise<void>;
  /** The payload of the frame at `offset`. Fails with `storage-damaged`. */
  read(offset: number): Promise<Uint8Array>;
  /** Replaces the whole content, atomically. `content` is asked when its turn has come, after all earlier appends. */
  rewrite(content: () => readonly Uint8Array[]): Promise<void>;
  /** The whole file as it is on disk, between two writes. */
  content(): Promise<Uint8Array>;
  sizeBytes(): number;
  /** Waits for what is being written. */
  close(): Promise<void>;
}

export interface OpenedFrameFile {
  readonly file: FrameFile;
  readonly frames: readonly Frame[];
  readonly findings: readonly Finding[];
}

export interface FrameFileOptions {
  readonly fileSystem?: FileSystemPort;
  readonly now?: () => number;
}

/**
 * Opens or makes a frame file. Fails with `disk-full`, `storage-unwritable`, `profile-from-newer-version` or
 * `storage-damaged` (another subject).
 */
export async function openFrameFile(
  path: string,
  kind: FrameFileKind,
  options: FrameFileOptions = {},
): Promise<OpenedFrameFile> {
  const fileSystem = options.fileSystem ?? nodeFileSystem;
  const now = options.now ?? Date.now;
  const name = basename(path);
  const bytes = await readIfThere(fileSystem, path);
  const scan = scanFrames(bytes ?? new Uint8Array(), kind, path);
  const findings = [...scan.findings];
  return writing(path, async () => {
    if (bytes !== null && scan.wholeBytes < bytes.length) {
      const aside = `${name}.torn-${new Date(now()).toISOString().replace(/[^0-9TZ]/g, '')}`;
      await atomicWrite(join(dirname(path), aside), bytes.subarray(scan.wholeBytes), { fileSystem });
      const last = findings.length - 1;
      findings[last] = { ...findings[last]!, message: `${findings[last]!.message} It was moved to ${aside}.` };
    }
    const handle = await fileSystem.open(path, 'update');
    try {
      let sizeBytes = scan.wholeBytes;
      if (bytes !== null && sizeBytes < bytes.length) await handle.truncate(sizeBytes);
      if (sizeBytes === 0) {
        const header = encodeHeader(kind);
        await handle.write(header, 0);
        sizeBytes = header.length;
      }
      if (sizeBytes !== bytes?.length) await handle.sync();
      if (bytes === null) await fileSystem.syncFolder(dirname(path));
      return { file: frameFile(path, kind, handle, sizeBytes, fileSystem), frames: scan.frames, findings };
    } catch (error) {
      await handle.close();
      throw error;
    }
  });
}

interface Waiting {
  readonly frames: readonly Uint8Array[];
  readonly written: ((offsets: readonly number[]) => void) | undefined;
  resolve(): void;
  reject(error: WorkbenchError): void;
}

function frameFile(
  path: string,
  kind: FrameFileKind,
  firstHandle: OpenFile,
  firstSize: number,
  fileSystem: FileSystemPort,
): FrameFile {
  /** Null while the file could not be opened again after `rewrite`. */
  let open: OpenFile | null = firstHandle;
  let sizeBytes = firstSize;
  let waiting: Waiting[] = [];
  /** What runs on the file, one after the other. */
  let work: Promise<void> = Promise.resolve();
  let closed = false;
  /** Set when a failed write could not be taken back: what stands behind `sizeBytes` must go before anything is added. */
  let untidy = false;

  async function opened(): Promise<OpenFile> {
    if (open === null) {
      open = await fileSystem.open(path, 'update');
      sizeBytes = await open.sizeBytes();
    }
    return open;
  }

  async function writeGroup(): Promise<void> {
    const group = waiting;
    waiting = [];
    if (group.length === 0) return;
    const bytes = Buffer.concat(group.flatMap((entry) => [...entry.frames]));
    try {
      const handle = await opened();
      if (untidy) await tidy();
      await handle.write(bytes, sizeBytes);
      await handle.sync();
    } catch (error) {
      untidy = true;
      // If this fails too, it is done before the next write; until then opening would cut the rest back as torn.
      await tidy().catch(() => undefined);
      const failure = storageError(error, path);
      for (const entry of group) entry.reject(failure);
      return;
    }
    for (const entry of group) {
      const offsets = entry.frames.map((frame) => {
        const offset = sizeBytes;
        sizeBytes += frame.length;
        return offset;
      });
      entry.written?.(offsets);
      entry.resolve();
    }
  }

  async function tidy(): Promise<void> {
    const handle = await opened();
    await handle.truncate(sizeBytes);
    await handle.sync();
    untidy = false;
  }

  function enqueue<T>(act: () => Promise<T>): Promise<T> {
    const done = work.then(act);
    work = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  function refuseWhenClosed(): void {
    if (closed) throw new WorkbenchError('invalid-state', `${path} was closed.`, { path });
  }

  return {
    append(payloads, written) {
      return new Promise((resolve, reject) => {
        refuseWhenClosed();
        const frames = payloads.map(encodeFrame);
        waiting.push({ frames, written, resolve, reject });
        if (waiting.length === 1) void enqueue(writeGroup);
      });
    },
    async read(offset) {
      refuseWhenClosed();
      return enqueue(async () => {
        const handle = await opened();
        const head = Buffer.from(await handle.read(offset, frameHeaderBytes));
        const length = head.length === frameHeaderBytes ? head.readUInt32BE(4) : 0;
        const frame = Buffer.from(
          length > largestPayloadBytes ? [] : await handle.read(offset, frameHeaderBytes + length),
        );
        if (frameEnd(frame, 0) !== frame.length || frame.length === 0) {
          throw new WorkbenchError('storage-damaged', `${path} is damaged at byte ${offset}.`, { path, offset });
        }
        return frame.subarray(frameHeaderBytes);
      });
    },
    async rewrite(content) {
      refuseWhenClosed();
      return enqueue(() =>
        writing(path, async () => {
          if (untidy) await tidy();
          const handle = await opened();
          const bytes = Buffer.concat([encodeHeader(kind), ...content().map(encodeFrame)]);
          // Windows does not rename over an open file.
          open = null;
          await handle.close();
          await atomicWrite(path, bytes, { fileSystem });
          await opened();
        }),
      );
    },
    async content() {
      refuseWhenClosed();
      return enqueue(async () => {
        if (untidy) await tidy();
        return fileSystem.readFile(path);
      });
    },
    sizeBytes: () => sizeBytes,
    async close() {
      if (closed) return;
      closed = true;
      await enqueue(async () => open?.close());
    },
  };
}
