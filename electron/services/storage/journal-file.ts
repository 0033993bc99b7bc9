/**
 * The typing journal of a circle on disk: what is saved but not yet a change. Each `put` is one frame (frame-format.ts),
 * so its keys are replaced together or not at all; the file is written anew once most of it is out of date.
 */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { CircleId, Json } from '../../../shared/ids.ts';
import type { Journal } from '../circles/circle.ts';
import { openFrameFile, type FrameFileOptions } from './frame-file.ts';
import { scanFrames, type Finding, type Frame, type FrameFileKind, type FrameSeal } from './frame-format.ts';

export interface JournalFile extends Journal {
  sizeBytes(): number;
  /** Writes the file anew without what is out of date: what was typed may be what somebody erased. */
  dropStale(): Promise<void>;
  /** Reads the whole file again and says what is wrong with it. */
  verify(): Promise<readonly Finding[]>;
  close(): Promise<void>;
}

export interface JournalOptions extends FrameFileOptions {
  /** The file is written anew when it is larger than this and four fifths of it are out of date. */
  readonly compactAtBytes?: number;
}

type Entry = readonly [key: string, value: Json | null];

export function journalKind(circle: CircleId): FrameFileKind {
  return { magic: 'delegate-workbench-journal', format: 1, subject: circle };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

function encodeEntries(entries: readonly Entry[]): Uint8Array {
  return encoder.encode(JSON.stringify(entries));
}

function decodeEntries(payload: Uint8Array): readonly Entry[] {
  const value: unknown = JSON.parse(decoder.decode(payload));
  const wellFormed =
    Array.isArray(value) &&
    value.every((entry) => Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string');
  if (!wellFormed) throw new TypeError('not a list of keys and values');
  return value as readonly Entry[];
}

/** The entries of all frames, later ones over earlier ones; a frame that does not read is a finding. */
function replay(frames: readonly Frame[], path: string): { state: Map<string, Json>; findings: Finding[] } {
  const state = new Map<string, Json>();
  const findings: Finding[] = [];
  for (const frame of frames) {
    try {
      apply(state, decodeEntries(frame.payload));
    } catch (error) {
      findings.push({
        file: path,
        place: `byte ${frame.offset}`,
        code: 'content-damaged',
        message: `The entry at byte ${frame.offset} of ${path} cannot be read (${String(error)}).`,
      });
    }
  }
  return { state, findings };
}

function apply(state: Map<string, Json>, entries: readonly Entry[]): void {
  for (const [key, value] of entries) {
    if (value === null) state.delete(key);
    else state.set(key, value);
  }
}

/** Opens or makes a journal. Fails as `openFrameFile` does. */
export async function openJournal(
  path: string,
  circle: CircleId,
  options: JournalOptions = {},
): Promise<{ readonly journal: JournalFile; readonly findings: readonly Finding[] }> {
  const compactAtBytes = options.compactAtBytes ?? 256 * 1024;
  const { file, frames, findings } = await openFrameFile(path, journalKind(circle), options);
  const { state, findings: unread } = replay(frames, path);
  // What could not be read is not thrown away by writing the file anew.
  const mayCompact = unread.length === 0 && findings.every((finding) => finding.code === 'tail-torn');
  let nextCheckBytes = compactAtBytes;

  async function compactIfWorthwhile(): Promise<void> {
    if (!mayCompact || file.sizeBytes() < nextCheckBytes) return;
    nextCheckBytes = Math.max(compactAtBytes, 5 * encodeEntries([...state]).length);
    if (file.sizeBytes() < nextCheckBytes) return;
    // Compaction only saves room: when the disk is full, the journal as it stands is whole and goes on.
    await file.rewrite(() => [encodeEntries([...state])]).catch(() => undefined);
  }

  const journal: JournalFile = {
    async put(entries) {
      if (entries.length === 0) return;
      const list = entries.map(({ key, value }): Entry => [key, value]);
      await file.append([encodeEntries(list)], () => apply(state, list));
      await compactIfWorthwhile();
    },
    entries: () => state,
    sizeBytes: () => file.sizeBytes(),
    async dropStale() {
      if (mayCompact) await file.rewrite(() => (state.size === 0 ? [] : [encodeEntries([...state])]));
    },
    verify: async () => verifyJournal(await file.content(), circle, path, options.fileSystem?.frameSeal),
    close: () => file.close(),
  };
  return { journal, findings: [...findings, ...unread] };
}

/** What is wrong with a journal file, found without changing it. */
export function verifyJournal(bytes: Uint8Array, circle: CircleId, path: string, seal?: FrameSeal): readonly Finding[] {
  try {
    const scan = scanFrames(bytes, journalKind(circle), path, seal);
    return [...scan.findings, ...replay(scan.frames, path).findings];
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    const code = error.code === 'profile-from-newer-version' ? 'newer-format' : 'header-damaged';
    return [{ file: path, place: 'byte 0', code, message: error.message }];
  }
}
