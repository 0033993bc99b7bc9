/**
 * Backup of a whole profile and its restoring, on this machine or another. What is restored is recognised as such when it
 * is opened (machine-mark.ts): it goes on as a new device in every circle, and loses nothing.
 */
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { z } from '../../../shared/contract/schema.ts';
import type { CallContext } from '../../../shared/contract/contract.ts';
import type { PassphraseTools } from '../../../shared/sync/invitation.ts';
import type { PassphraseParameters } from '../../../shared/sync/passphrase.ts';
import { atomicWrite, atomicWriteJson } from '../storage/atomic-write.ts';
import { errnoOf, writing, type FileSystemPort, type OpenFile } from '../storage/file-system.ts';
import {
  pieceBytes,
  portableWraps,
  readBackup,
  readBackupHead,
  writeBackup,
  type BackupInput,
  type BackupSource,
} from './backup-format.ts';
import { filesOfProfile } from './convert-profile.ts';
import { newMasterKey, unwrapKey, wrapByPassphrase, writeKeysFile, type UnlockSecret } from './profile-keys.ts';
import type { Protection } from './protection.ts';

type Tools = PassphraseTools & { readonly parameters: PassphraseParameters };
/** Long work says how far it is, and can be stopped. */
type Watched = Pick<CallContext, 'signal' | 'progress'>;

/**
 * Writes a backup of the open profile in `folder` to the file `target`, and gives its size; whatever goes wrong, no file is
 * left there. `fileSystem` seals nothing. Fails with `passphrase-needed` when nothing that goes along would open it, with
 * `disk-full`, `storage-unwritable` and `cancelled`.
 */
export async function backUp(request: {
  readonly folder: string;
  readonly target: string;
  readonly fileSystem: FileSystemPort;
  readonly protection: Pick<Protection, 'masterKey' | 'wraps'>;
  readonly passphrase: string | undefined;
  readonly tools: Tools;
  readonly context: Watched;
}): Promise<number> {
  const { folder, target, fileSystem, protection, passphrase, tools, context } = request;
  const key = protection.masterKey ?? newMasterKey(tools.crypto);
  const kept = portableWraps(protection.wraps());
  const given = passphrase === undefined ? null : await wrapByPassphrase(key, passphrase, tools);
  const wraps = given === null ? kept : [given, ...kept.filter(({ kind }) => kind !== 'passphrase')];
  if (wraps.length === 0) {
    throw new WorkbenchError('passphrase-needed', 'This profile has no passphrase: give one for the backup.');
  }
  const head = { profile: protection.masterKey === null ? ('plain' as const) : ('sealed' as const), wraps };
  const bytes = writeBackup({ head, key, files: readFiles(folder, fileSystem, context) });
  return writing(target, async () => {
    const file = await fileSystem.open(target, 'create', 0o600);
    let sizeBytes = 0;
    try {
      for await (const part of bytes) {
        await file.write(part, sizeBytes);
        sizeBytes += part.length;
      }
      await file.sync();
    } catch (error) {
      await file.close();
      await fileSystem.remove(target);
      throw error;
    }
    await file.close();
    return sizeBytes;
  });
}

/** Logs before the keys: whoever writes makes the keys first, so that what stands in a log has its keys here. */
const order = ['circle.json', 'changes.log', 'journal.log'];
function placeOf(path: string): number {
  const at = order.findIndex((name) => path.endsWith(name));
  return path === 'secrets.json' ? order.length + 1 : at === -1 ? order.length : at;
}

function refuseWhenStopped({ signal }: Watched): void {
  if (signal.aborted) throw new WorkbenchError('cancelled', 'It was stopped. Nothing was changed.');
}

/** Larger ones stay open while they are read, piece by piece; Windows lets nobody replace a file that is open. */
const wholeUpToBytes = 8 * pieceBytes;

/** They may grow and be replaced meanwhile: each is as it was when its turn came. */
async function* readFiles(folder: string, fileSystem: FileSystemPort, context: Watched): AsyncGenerator<BackupInput> {
  const paths = [...(await filesOfProfile(folder, fileSystem))].filter((path) => !path.endsWith('.tmp'));
  let total = 0;
  for (const path of paths) total += await sizeOf(join(folder, path), fileSystem);
  let done = 0;
  function passed(sizeBytes: number, what: string): void {
    refuseWhenStopped(context);
    done += sizeBytes;
    context.progress({ done: Math.min(done, total), total, what });
  }

  async function* cut(path: string, sizeBytes: number, read: OpenFile['read']): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < sizeBytes;) {
      const piece = await read(at, Math.min(pieceBytes, sizeBytes - at));
      if (piece.length === 0) {
        const message = `${path} became shorter while it was read, so no backup was written. Write it again.`;
        throw new WorkbenchError('invalid-state', message, { path });
      }
      at += piece.length;
      yield piece;
      passed(piece.length, path);
    }
  }

  for (const path of paths.sort((a, b) => placeOf(a) - placeOf(b))) {
    passed(0, path);
    const file = await openIfThere(join(folder, path), fileSystem);
    if (file === null) continue;
    let small: Uint8Array | null = null;
    try {
      const sizeBytes = await file.sizeBytes();
      if (sizeBytes <= wholeUpToBytes) small = await file.read(0, sizeBytes);
      else yield { path, sizeBytes, pieces: cut(path, sizeBytes, (at, lengthBytes) => file.read(at, lengthBytes)) };
    } finally {
      await file.close();
    }
    if (small === null) continue;
    const bytes = small;
    const read = async (at: number, lengthBytes: number) => bytes.subarray(at, at + lengthBytes);
    yield { path, sizeBytes: bytes.length, pieces: cut(path, bytes.length, read) };
  }
}

async function sizeOf(path: string, fileSystem: FileSystemPort): Promise<number> {
  const file = await openIfThere(path, fileSystem);
  if (file === null) return 0;
  try {
    return await file.sizeBytes();
  } finally {
    await file.close();
  }
}

async function openIfThere(path: string, fileSystem: FileSystemPort): Promise<OpenFile | null> {
  try {
    return await fileSystem.open(path, 'read');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

const stagingName = 'restoring';
const completeMark = 'complete';

/**
 * Lays the files of a backup ready beside a profile that nobody has set up; `finishRestoring` puts them in place when
 * nothing is open, which they never are before all of the backup has been read and found sound. Gives the key for opening.
 */
export async function stageRestore(request: {
  readonly folder: string;
  readonly fileSystem: FileSystemPort;
  readonly backup: BackupSource;
  readonly secret: UnlockSecret | undefined;
  readonly tools: Tools;
  readonly context: Watched;
}): Promise<Uint8Array | null> {
  const { folder, fileSystem, backup, secret, tools, context } = request;
  const { head } = await readBackupHead(backup);
  if (secret === undefined) {
    throw new WorkbenchError('passphrase-needed', `${backup.name} is sealed. Give its passphrase or the recovery key.`);
  }
  const key = await unwrapKey(head.wraps, secret, tools);
  const staging = join(folder, stagingName);
  await writing(staging, () => removeTree(staging));
  const passed = (done: number): void => context.progress({ done, total: backup.sizeBytes, what: backup.name });
  try {
    for await (const { path, bytes } of readBackup(backup, key, passed)) {
      refuseWhenStopped(context);
      const target = join(staging, path);
      await writing(target, () => fileSystem.makeFolder(dirname(target)));
      await atomicWrite(target, bytes, { fileSystem, permissions: 0o600 });
    }
    refuseWhenStopped(context);
  } catch (error) {
    await removeTree(staging);
    throw error;
  }
  if (head.profile === 'sealed') await writeKeysFile(staging, { state: 'sealed', wraps: head.wraps }, fileSystem);
  const names = await fileSystem.list(staging);
  await atomicWriteJson(join(staging, completeMark), names, { fileSystem });
  return head.profile === 'sealed' ? key : null;
}

/** What a profile that is not set up may hold already, and what a restored one has its own of, or none. */
const ofTheProfile = [
  'catalogue.json',
  'circles',
  'keys.json',
  'machine.json',
  'originals',
  'secrets.json',
  'settings.json',
];
/** Without it nobody is set up, so it comes last. */
const lastName = 'profile.json';

/**
 * Puts staged files in their places; run again after a crash it goes on where it was. A staging that was never completed
 * is removed. Nothing of the profile is open.
 */
export async function finishRestoring(folder: string, fileSystem: FileSystemPort): Promise<void> {
  const staging = join(folder, stagingName);
  const there = await fileSystem.list(staging);
  if (there.length === 0) return;
  await writing(staging, async () => {
    if (there.includes(completeMark)) {
      const names = namesSchema.parse(
        JSON.parse(new TextDecoder().decode(await fileSystem.readFile(join(staging, completeMark)))),
      );
      for (const name of ofTheProfile) if (!names.includes(name)) await removeTree(join(folder, name));
      for (const name of [...names.filter((each) => each !== lastName), lastName]) {
        if (!there.includes(name)) continue;
        await removeTree(join(folder, name));
        await fileSystem.rename(join(staging, name), join(folder, name));
      }
      await fileSystem.syncFolder(folder);
    }
    await removeTree(staging);
  });
}

const namesSchema = z.array(z.string());

async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}
