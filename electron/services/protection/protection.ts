/**
 * A profile's lock: finds out whether the profile is sealed, opens it, finishes a conversion that was cut short, and
 * changes what wraps its key. A profile that nothing protects has none of this. Where the system has a key store a profile
 * is sealed without anybody being asked.
 */
import { join } from 'node:path';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { PassphraseTools } from '../../../shared/sync/invitation.ts';
import type { PassphraseParameters } from '../../../shared/sync/passphrase.ts';
import type { SealingCrypto } from '../../../shared/sync/sealing-crypto.ts';
import { readIfThere, type FileSystemPort } from '../storage/file-system.ts';
import type { SecretCipher } from '../storage/secret-store.ts';
import { convertProfile } from './convert-profile.ts';
import {
  newMasterKey,
  readKeysFile,
  removeKeysFile,
  unwrapKey,
  wrapByPassphrase,
  wrapByRecoveryKey,
  wrapBySystem,
  writeKeysFile,
  type KeysFile,
  type KeyWrap,
  type UnlockSecret,
} from './profile-keys.ts';
import { createProfileSeal, isSealedFile } from './profile-seal.ts';
import { recoveryKeyBytes, writeRecoveryKey } from './recovery-key.ts';
import { createSealedFileSystem } from './sealed-file-system.ts';

export interface Protection {
  /** What the profile reads and writes through. */
  readonly fileSystem: FileSystemPort;
  /** Null while nothing protects the profile, `sealing` included. */
  readonly masterKey: Uint8Array | null;
  readonly wraps: () => readonly KeyWrap[];
  by(): 'nothing' | 'passphrase' | 'system';
  /**
   * Sets or changes the passphrase. `current` is needed where there is one, unless the recovery key opened the profile.
   * Gives the key with which the profile is to be opened again, for its files to be sealed; null where they are already.
   * Fails with `passphrase-wrong`, `passphrase-needed`, `disk-full`, `storage-unwritable`; then nothing has changed.
   */
  setPassphrase(request: { readonly current: string | null; readonly passphrase: string }): Promise<Uint8Array | null>;
  /** As `setPassphrase`. Where the system has a key store, that takes over. */
  removePassphrase(current: string | null): Promise<Uint8Array | null>;
  /** A new recovery key, as it stands on the sheet; an older sheet opens nothing from then on. */
  makeRecoveryKey(current: string | null): Promise<string>;
}

export interface ProtectionOptions {
  readonly folder: string;
  /** Seals nothing. */
  readonly fileSystem: FileSystemPort;
  readonly crypto: SealingCrypto;
  readonly deriveKey: PassphraseTools['deriveKey'];
  readonly parameters: PassphraseParameters;
  readonly cipher?: SecretCipher | undefined;
  readonly secret?: UnlockSecret | undefined;
  /** See `Conversion`. */
  readonly onReplaced: () => Promise<void>;
}

/** Fails with `profile-locked`, `passphrase-wrong`, `recovery-key-invalid`, and as the conversion does. */
export async function openProtection(options: ProtectionOptions): Promise<Protection> {
  const { folder, fileSystem, crypto, secret } = options;
  let file = await readKeysFile(folder, fileSystem);
  if (file === null) {
    await refuseLostKeys(folder, fileSystem);
    file = await sealBySystem(options);
    if (file === null) return createProtection(options, null, null);
  }
  const masterKey = await unwrapKey(file.wraps, secret, options);
  const seal = createProfileSeal(masterKey, crypto);
  if (file.state === 'unsealing') {
    await convertProfile({ ...options, seal, to: 'plain' });
    await removeKeysFile(folder, fileSystem);
    return createProtection(options, null, null);
  }
  if (file.state === 'sealing') {
    await convertProfile({ ...options, seal, to: 'sealed' });
    file = { ...file, state: 'sealed' };
    await writeKeysFile(folder, file, fileSystem);
  }
  return createProtection(options, file, masterKey);
}

/** A sealed profile without its file of keys must not be taken for one that nothing protects. */
async function refuseLostKeys(folder: string, fileSystem: FileSystemPort): Promise<void> {
  const path = join(folder, 'profile.json');
  const bytes = await readIfThere(fileSystem, path);
  if (bytes === null || !isSealedFile(bytes)) return;
  const message = `The profile ${folder} is sealed, and its keys.json is gone. Nothing was changed; restore that file from a backup of the profile.`;
  throw new WorkbenchError('storage-damaged', message, { path });
}

/** The keys of a profile that from now on the system's key store protects; null where it has none. */
async function sealBySystem({ folder, fileSystem, crypto, cipher }: ProtectionOptions): Promise<KeysFile | null> {
  const masterKey = newMasterKey(crypto);
  const wrap = await wrapBySystem(masterKey, cipher);
  if (wrap === null) return null;
  const file: KeysFile = { state: 'sealing', wraps: [wrap] };
  await writeKeysFile(folder, file, fileSystem);
  return file;
}

function createProtection(
  options: ProtectionOptions,
  firstFile: KeysFile | null,
  masterKey: Uint8Array | null,
): Protection {
  const { folder, fileSystem, crypto, deriveKey, parameters, cipher } = options;
  let file = firstFile;
  /** Whoever came in with the recovery key need not know the passphrase that they set anew. */
  let isRecovered = options.secret !== undefined && 'recoveryKey' in options.secret;
  let work: Promise<unknown> = Promise.resolve();

  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = work.then(act);
    work = done.catch(() => undefined);
    return done;
  }

  async function keep(next: KeysFile): Promise<void> {
    await writeKeysFile(folder, next, fileSystem);
    file = next;
  }

  const has = (kind: KeyWrap['kind']): boolean => file?.wraps.some((wrap) => wrap.kind === kind) ?? false;
  const recovery = (): readonly KeyWrap[] => file?.wraps.filter(({ kind }) => kind === 'recovery') ?? [];

  async function requireCurrent(current: string | null): Promise<void> {
    if (!has('passphrase') || isRecovered) return;
    if (current === null || current === '') {
      throw new WorkbenchError('passphrase-needed', 'Give the passphrase that this profile has now.');
    }
    await unwrapKey(file!.wraps, { passphrase: current }, { crypto, deriveKey });
  }

  return {
    masterKey,
    fileSystem:
      masterKey === null ? fileSystem : createSealedFileSystem(fileSystem, createProfileSeal(masterKey, crypto)),
    wraps: () => file?.wraps ?? [],
    by: () => (has('passphrase') ? 'passphrase' : has('system') ? 'system' : 'nothing'),
    setPassphrase: ({ current, passphrase }) =>
      inTurn(async () => {
        await requireCurrent(current);
        const key = masterKey ?? newMasterKey(crypto);
        const wrap = await wrapByPassphrase(key, passphrase, { crypto, deriveKey, parameters });
        await keep({ state: masterKey === null ? 'sealing' : 'sealed', wraps: [wrap, ...recovery()] });
        isRecovered = false;
        return masterKey === null ? key : null;
      }),
    removePassphrase: (current) =>
      inTurn(async () => {
        if (masterKey === null || file === null || !has('passphrase')) {
          throw new WorkbenchError('invalid-state', 'This profile has no passphrase.');
        }
        await requireCurrent(current);
        const system = await wrapBySystem(masterKey, cipher);
        if (system === null) await keep({ ...file, state: 'unsealing' });
        else await keep({ state: 'sealed', wraps: [system, ...recovery()] });
        return system === null ? masterKey : null;
      }),
    makeRecoveryKey: (current) =>
      inTurn(async () => {
        if (masterKey === null || file === null) {
          throw new WorkbenchError('invalid-state', 'This profile is not sealed: set a passphrase first.');
        }
        await requireCurrent(current);
        const key = crypto.random(recoveryKeyBytes);
        const others = file.wraps.filter(({ kind }) => kind !== 'recovery');
        await keep({ ...file, wraps: [...others, wrapByRecoveryKey(masterKey, key, crypto)] });
        return writeRecoveryKey(key);
      }),
  };
}
