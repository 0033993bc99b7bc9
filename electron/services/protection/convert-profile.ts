/**
 * Brings every file of a profile into the form that its `keys.json` says, sealed or plain. Runs while nothing else has the
 * files open. Each file is replaced whole, so that a crash at any moment leaves each of them in one form or the other;
 * `keys.json` says until the end that this is under way, and the next opening goes on. Files that are in the right form
 * already are passed over.
 */
import { basename, dirname, join } from 'node:path';
import { atomicWrite } from '../storage/atomic-write.ts';
import { errnoOf, writing, type FileSystemPort } from '../storage/file-system.ts';
import { encodeFrameOf, encodeHeader, scanFrames, type FrameFileKind } from '../storage/frame-format.ts';
import { isSealedFile, type ProfileSeal } from './profile-seal.ts';
import { isFrameFile } from './sealed-file-system.ts';

export interface Conversion {
  readonly folder: string;
  /** Seals nothing. */
  readonly fileSystem: FileSystemPort;
  readonly seal: ProfileSeal;
  readonly to: 'sealed' | 'plain';
  /** Called when a log stands under another inode than before: the mark of the machine is to be kept again. */
  readonly onReplaced: () => Promise<void>;
}

/** They say nothing that a person wrote, and must be read before the profile is open, or belong to the running process. */
const staysPlain = new Set([
  'appearance.json',
  'keys.json',
  'machine.json',
  'process.json',
  'profile.lock',
  'workbench.sock',
]);
const magicOf: Readonly<Record<string, string>> = {
  'changes.log': 'delegate-workbench-log',
  'journal.log': 'delegate-workbench-journal',
};

/** Files below `folder`, with `/`; `cache/` is no part: nothing in it is the profile's own. */
export async function filesOfProfile(folder: string, fileSystem: FileSystemPort): Promise<readonly string[]> {
  const found: string[] = [];
  async function walk(below: string): Promise<void> {
    for (const name of await fileSystem.list(join(folder, below))) {
      const path = below === '' ? name : `${below}/${name}`;
      if (path === 'cache' || path === 'restoring' || staysPlain.has(path)) continue;
      try {
        await walk(path);
      } catch (error) {
        if (errnoOf(error) !== 'ENOTDIR') throw error;
        found.push(path);
      }
    }
  }
  await walk('');
  return found.sort();
}

/** What is derived lies there in the clear: the search index of a plain profile. Older programs leave more than one file. */
async function dropIndex({ folder, fileSystem }: Conversion): Promise<void> {
  const cache = join(folder, 'cache');
  for (const name of await fileSystem.list(cache)) {
    if (name.startsWith('search.sqlite')) await fileSystem.remove(join(cache, name));
  }
}

/** Fails with `disk-full` or `storage-unwritable`; then the next opening goes on. */
export async function convertProfile(conversion: Conversion): Promise<void> {
  const { folder, fileSystem } = conversion;
  await writing(folder, () => dropIndex(conversion));
  for (const file of await filesOfProfile(folder, fileSystem)) {
    const path = join(folder, file);
    const bytes = await fileSystem.readFile(path);
    const next = isFrameFile(path) ? convertFrames(path, bytes, conversion) : convertWhole(path, bytes, conversion);
    if (next === null) continue;
    if (next.damaged) await keepDamaged(path, bytes, conversion);
    // Whatever was readable by its owner alone stays so.
    await atomicWrite(path, next.bytes, { fileSystem, ...(file === 'secrets.json' ? { permissions: 0o600 } : {}) });
    if (isFrameFile(path)) await conversion.onReplaced();
  }
}

/** Null when nothing is to be done. */
type Converted = { readonly bytes: Uint8Array; readonly damaged: boolean } | null;

function convertWhole(path: string, bytes: Uint8Array, { seal, to }: Conversion): Converted {
  if (to === 'sealed') return isSealedFile(bytes) ? null : { bytes: seal.sealFile(path, bytes), damaged: false };
  const opened = seal.openFile(bytes);
  return opened === null ? null : { bytes: opened, damaged: false };
}

function convertFrames(path: string, bytes: Uint8Array, { seal, to }: Conversion): Converted {
  const kind = kindOf(path, bytes);
  // Only begun, or no file of ours: opening it makes it anew, or says what is wrong with it.
  if (kind === null) return null;
  const isSealed =
    formatOf(bytes) === 2 || (formatOf(bytes) !== 1 && scanFrames(bytes, kind, path, seal).frames.length > 0);
  if (isSealed === (to === 'sealed')) return null;
  const { frames, findings } = scanFrames(bytes, kind, path, isSealed ? seal : undefined);
  const next = to === 'sealed' ? seal : undefined;
  const parts = [encodeHeader(kind, next), ...frames.map(({ payload }) => encodeFrameOf(kind, payload, next))];
  return { bytes: Buffer.concat(parts), damaged: findings.length > 0 };
}

function firstLine(bytes: Uint8Array): readonly string[] {
  const end = bytes.subarray(0, 200).indexOf(0x0a);
  return end === -1 ? [] : new TextDecoder('latin1').decode(bytes.subarray(0, end)).split(' ');
}

function formatOf(bytes: Uint8Array): number {
  return Number(firstLine(bytes)[1]);
}

/** By the place of the file, for a first line can be damaged. */
function kindOf(path: string, bytes: Uint8Array): FrameFileKind | null {
  const [magic, , subject] = firstLine(bytes);
  const known = magicOf[basename(path)];
  if (known !== undefined)
    return bytes.length === 0 ? null : { magic: known, format: 1, subject: basename(dirname(path)) };
  return magic && subject ? { magic, format: 1, subject } : null;
}

/** Entries that cannot be read are not in the new file; the old one stays beside it, in the form of all others. */
async function keepDamaged(path: string, bytes: Uint8Array, { fileSystem, seal, to }: Conversion): Promise<void> {
  const aside = `${path}.before-${to}`;
  await atomicWrite(aside, to === 'sealed' ? seal.sealFile(aside, bytes) : bytes, { fileSystem });
}
