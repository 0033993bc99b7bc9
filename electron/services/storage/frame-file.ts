/**
 * An append-only file of checksummed frames (frame-format.ts): what the change log and the typing journal are made of.
 *
 * Appends that wait while a write is under way are written together and share one fsync. An append that fails takes
 * back what it wrote. At opening, an unfinished or damaged frame at the end (a crash in the middle of a write that was
 * never reported as done) is moved to a file of its own beside, never thrown away; damage elsewhere is reported and
 * stays where it is, and every whole frame after it is read.
 */
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
import {
  decodeFrameOf,
  encodeFrameOf,
  encodeHeader,
  frameHeaderBytes,
  frameLength,
  scanFrames,
  type Finding,
  type Frame,
  type FrameFileKind,
} from './frame-format.ts';

export interface FrameFile {
  /**
   * Resolves with each frame's offset once all are on the disk; rejects with the file as it was before. `written` is
   * called with the offsets before anything else happens to the file.
   */
  append(payloads: readonly Uint8Array[], written?: (offsets: readonly number[]) => void): Promise<void>;
  /** The payload of the frame at `offset`. Fails with `storage-damaged`. */
  read(offset: number): Promise<Uint8Array>;
  /** Replaces the whole content, atomically, and gives each frame's offset. `content` is asked when its turn has come, after all earlier appends. */
  rewrite(content: () => readonly Uint8Array[]): Promise<readonly number[]>;
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
  const scan = scanFrames(bytes ?? new Uint8Array(), kind, path, fileSystem.frameSeal);
  const findings = [...scan.findings];
  return writing(path, async () => {
    if (bytes !== null && scan.wholeBytes < bytes.length) {
      const aside = `${name}.torn-${new Date(now()).toISOString().replace(/[^0-9TZ]/g, '')}`;
      await atomicWrite(join(dirname(path), aside), bytes.subarray(scan.wholeBytes), {
        fileSystem: unsealed(fileSystem),
      });
      const last = findings.length - 1;
      findings[last] = { ...findings[last]!, message: `${findings[last]!.message} It was moved to ${aside}.` };
    }
    const handle = await fileSystem.open(path, 'update');
    try {
      let sizeBytes = scan.wholeBytes;
      if (bytes !== null && sizeBytes < bytes.length) await handle.truncate(sizeBytes);
      if (sizeBytes === 0) {
        const header = encodeHeader(kind, fileSystem.frameSeal);
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

/** Files of frames are sealed entry by entry, so nothing seals them as a whole. */
function unsealed(fileSystem: FileSystemPort): FileSystemPort {
  return fileSystem.underneath ?? fileSystem;
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
  const encode = (payload: Uint8Array): Uint8Array => encodeFrameOf(kind, payload, fileSystem.frameSeal);

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
        const frames = payloads.map(encode);
        waiting.push({ frames, written, resolve, reject });
        if (waiting.length === 1) void enqueue(writeGroup);
      });
    },
    async read(offset) {
      refuseWhenClosed();
      return enqueue(async () => {
        const handle = await opened();
        const length = frameLength(await handle.read(offset, frameHeaderBytes));
        const payload =
          length === null ? null : decodeFrameOf(kind, await handle.read(offset, length), fileSystem.frameSeal);
        if (payload === null) {
          throw new WorkbenchError('storage-damaged', `${path} is damaged at byte ${offset}.`, { path, offset });
        }
        return payload;
      });
    },
    async rewrite(content) {
      refuseWhenClosed();
      return enqueue(() =>
        writing(path, async () => {
          if (untidy) await tidy();
          const handle = await opened();
          const header = encodeHeader(kind, fileSystem.frameSeal);
          const encoded = content().map(encode);
          const bytes = Buffer.concat([header, ...encoded]);
          // Windows does not rename over an open file.
          open = null;
          await handle.close();
          await atomicWrite(path, bytes, { fileSystem: unsealed(fileSystem) });
          await opened();
          let at = header.length;
          return encoded.map((frame) => (at += frame.length) - frame.length);
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
