/**
 * The log of one circle on disk: every change this profile made or took in, in the order of arrival, one frame
 * (frame-format.ts) each: its hash, then the change as canonical JSON. The log is the truth; everything else can be made from it again.
 *
 * The log only grows. Erasing, which drops values from it, writes it anew (`rewrite` of the frame file).
 */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { ChangeHash, CircleId } from '../../../shared/ids.ts';
import { canonical } from '../../../shared/records/canonical.ts';
import {
  isChangeHash,
  openChange,
  reopenChange,
  type Change,
  type StoredChange,
} from '../../../shared/records/change.ts';
import { atomicWrite } from './atomic-write.ts';
import { openFrameFile, type FrameFileOptions } from './frame-file.ts';
import {
  encodeHeader,
  scanFrames,
  type Finding,
  type Frame,
  type FrameFileKind,
  type FrameSeal,
} from './frame-format.ts';

/** A change with its hash. Whoever appends it has verified it. */
export interface KeptChange {
  readonly hash: ChangeHash;
  readonly stored: StoredChange;
}

export interface ChangeLogFile {
  /**
   * Resolves when all are on the disk, with the place of each; rejects with the log as it was before. `written` is
   * called with the places, in the order in which appends reach the disk.
   */
  append(changes: readonly KeptChange[], written?: (places: readonly number[]) => void): Promise<void>;
  /** The change at a place that `append` or opening gave. Fails with `storage-damaged`. */
  read(place: number): Promise<StoredChange>;
  /**
   * Writes the whole log anew, atomically, each change as `change` gives it back, and gives their places. What cannot be
   * read is left out; `keepDamaged` first puts it into a file beside the log.
   */
  rewrite(
    change: (kept: KeptChange) => KeptChange,
    options: { readonly keepDamaged: boolean },
  ): Promise<ReadonlyMap<ChangeHash, number>>;
  /** Reads the whole file again and says what is wrong with it. */
  verify(): Promise<{ readonly changes: number; readonly findings: readonly Finding[] }>;
  close(): Promise<void>;
}

export interface LoggedChange {
  readonly place: number;
  readonly change: Change;
}

export interface OpenedChangeLog {
  readonly log: ChangeLogFile;
  /** In the order of the file, each hash once. */
  readonly changes: readonly LoggedChange[];
  readonly findings: readonly Finding[];
}

export function logKind(circle: CircleId): FrameFileKind {
  return { magic: 'delegate-workbench-log', format: 1, subject: circle };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** The hash in front: 52 characters of base 32. */
const hashBytes = 52;

function encodeChange({ hash, stored }: KeptChange): Uint8Array {
  return encoder.encode(hash + canonical(stored));
}

function decodeChange(payload: Uint8Array): KeptChange {
  const text = decoder.decode(payload);
  const hash = text.slice(0, hashBytes);
  if (!isChangeHash(hash)) throw new TypeError('it does not begin with a hash');
  return { hash, stored: JSON.parse(text.slice(hashBytes)) as StoredChange };
}

/**
 * Opens the changes of all frames; a frame that is no sound change of this circle is a finding. What this program kept
 * it had verified, and the frame's checksum says that it is still the same, so `open` need not hash everything again.
 */
function openChanges(
  frames: readonly Frame[],
  { circle, path, open }: { readonly circle: CircleId; readonly path: string; readonly open: typeof reopenChange },
): { changes: LoggedChange[]; findings: Finding[] } {
  const changes: LoggedChange[] = [];
  const findings: Finding[] = [];
  const known = new Set<ChangeHash>();
  const found = (frame: Frame, reason: string): void => {
    const message = `The change at byte ${frame.offset} of ${path} was set aside: ${reason}.`;
    findings.push({ file: path, place: `byte ${frame.offset}`, code: 'change-damaged', message });
  };
  for (const frame of frames) {
    let kept: KeptChange;
    try {
      kept = decodeChange(frame.payload);
    } catch (error) {
      found(frame, String(error));
      continue;
    }
    const opened = open(kept.stored, kept.hash);
    if (!opened.ok) found(frame, `${opened.error.path}: ${opened.error.message}`);
    else if (opened.change.circle !== circle) found(frame, `it belongs to circle ${opened.change.circle}`);
    else if (!known.has(opened.change.hash)) {
      known.add(opened.change.hash);
      changes.push({ place: frame.offset, change: opened.change });
    }
  }
  return { changes, findings };
}

/** Null for a frame that holds no sound change of the circle. */
function soundChange(payload: Uint8Array, circle: CircleId): KeptChange | null {
  let kept: KeptChange;
  try {
    kept = decodeChange(payload);
  } catch {
    // Opening the log has reported it; here it is only passed over.
    return null;
  }
  const opened = reopenChange(kept.stored, kept.hash);
  return opened.ok && opened.change.circle === circle ? kept : null;
}

/** What could not be read may still be of use to somebody who knows how. */
async function putBeside(path: string, parts: readonly Uint8Array[], options: FrameFileOptions): Promise<void> {
  const time = new Date((options.now ?? Date.now)()).toISOString().replace(/[^0-9TZ]/g, '');
  const { fileSystem } = options;
  await atomicWrite(`${path}.damaged-${time}`, Buffer.concat(parts), fileSystem ? { fileSystem } : {});
}

/** Opens or makes a circle's log. Fails as `openFrameFile` does. */
export async function openChangeLog(
  path: string,
  circle: CircleId,
  options: FrameFileOptions = {},
): Promise<OpenedChangeLog> {
  const { file, frames, findings } = await openFrameFile(path, logKind(circle), options);
  const opened = openChanges(frames, { circle, path, open: reopenChange });
  const log: ChangeLogFile = {
    append: (changes, written) => file.append(changes.map(encodeChange), written),
    read: async (place) => decodeChange(await file.read(place)).stored,
    async rewrite(change, { keepDamaged }) {
      const bytes = await file.content();
      const scan = scanFrames(bytes, logKind(circle), path, options.fileSystem?.frameSeal);
      const kept = new Map<ChangeHash, Uint8Array>();
      const damaged: Uint8Array[] = [];
      let end = encodeHeader(logKind(circle), options.fileSystem?.frameSeal).length;
      for (const { offset, payload, endsAt } of scan.frames) {
        if (offset > end) damaged.push(bytes.subarray(end, offset));
        end = endsAt;
        const each = soundChange(payload, circle);
        if (each === null) damaged.push(bytes.subarray(offset, endsAt));
        else if (!kept.has(each.hash)) kept.set(each.hash, encodeChange(change(each)));
      }
      if (keepDamaged && damaged.length > 0) await putBeside(path, damaged, options);
      const places = await file.rewrite(() => [...kept.values()]);
      return new Map([...kept.keys()].map((hash, index) => [hash, places[index]!]));
    },
    verify: async () => verifyLog(await file.content(), circle, path, options.fileSystem?.frameSeal),
    close: () => file.close(),
  };
  return { log, changes: opened.changes, findings: [...findings, ...opened.findings] };
}

/** What is wrong with a log, found without changing it; `changes` counts the sound ones. */
export function verifyLog(
  bytes: Uint8Array,
  circle: CircleId,
  path: string,
  seal?: FrameSeal,
): { readonly changes: number; readonly findings: readonly Finding[] } {
  try {
    const scan = scanFrames(bytes, logKind(circle), path, seal);
    const opened = openChanges(scan.frames, { circle, path, open: openChange });
    return { changes: opened.changes.length, findings: [...scan.findings, ...opened.findings] };
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    const code = error.code === 'profile-from-newer-version' ? 'newer-format' : 'header-damaged';
    return { changes: 0, findings: [{ file: path, place: 'byte 0', code, message: error.message }] };
  }
}
