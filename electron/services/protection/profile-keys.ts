/**
 * `keys.json`: how the key of a sealed profile is wrapped. The key itself is random and made once; a passphrase, the
 * recovery key on paper and the system's key store each wrap it, so that changing one of them writes this small file anew
 * and nothing else. The file is there exactly while the profile is sealed, or being sealed, or being opened for good.
 */
import { join } from 'node:path';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { z } from '../../../shared/contract/schema.ts';
import {
  arePassphraseParameters,
  normalPassphrase,
  requirePassphrase,
  saltBytes,
  type PassphraseParameters,
} from '../../../shared/sync/passphrase.ts';
import type { PassphraseTools } from '../../../shared/sync/invitation.ts';
import { atomicWriteJson } from '../storage/atomic-write.ts';
import { writing, type FileSystemPort } from '../storage/file-system.ts';
import { readFormatFile } from '../storage/format-file.ts';
import type { SecretCipher } from '../storage/secret-store.ts';
import { keyOfUse } from './profile-seal.ts';
import { readRecoveryKey } from './recovery-key.ts';

export const keysFormat = 1;
const masterKeyBytes = 32;
const nonceBytes = 24;

/** All bytes in base 64; `sealed` is nonce and ciphertext of the master key. */
const passphraseWrap = z.object({
  kind: z.literal('passphrase'),
  algorithm: z.literal('argon2id'),
  memoryKiB: z.number().int(),
  passes: z.number().int(),
  salt: z.base64(),
  sealed: z.base64(),
});
const recoveryWrap = z.object({ kind: z.literal('recovery'), sealed: z.base64() });
const systemWrap = z.object({ kind: z.literal('system'), sealed: z.base64() });
export const keyWrap = z.discriminatedUnion('kind', [passphraseWrap, recoveryWrap, systemWrap]);
export type KeyWrap = z.output<typeof keyWrap>;

const schema = z.object({
  format: z.literal(keysFormat),
  /** `sealing`, `unsealing`: files of both forms may lie in the profile until the conversion has been through. */
  state: z.enum(['sealed', 'sealing', 'unsealing']),
  wraps: z.array(keyWrap).min(1),
});
export type KeysFile = Omit<z.output<typeof schema>, 'format'>;

/** What opens a sealed profile. */
export type UnlockSecret =
  | { readonly passphrase: string }
  | { readonly recoveryKey: string }
  /** In memory already: a profile that is closed and opened again. */
  | { readonly masterKey: Uint8Array };

const pathOf = (folder: string): string => join(folder, 'keys.json');
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
const about = (kind: KeyWrap['kind']): Uint8Array => new TextEncoder().encode(`delegate-workbench-key/1 ${kind}`);

/** Null when the profile is not sealed. `fileSystem` seals nothing. */
export async function readKeysFile(folder: string, fileSystem: FileSystemPort): Promise<KeysFile | null> {
  const path = pathOf(folder);
  const read = await readFormatFile({
    ...{ path, fileSystem, schema, format: keysFormat },
    newer: `The profile ${folder} was sealed by a newer version of the workbench. Nothing was changed; open it with that version.`,
    damaged: (_reason, cause) => damaged(path, cause),
  });
  if (read === null) return null;
  const { format: _format, ...file } = read;
  return file;
}

function damaged(path: string, cause: unknown): WorkbenchError {
  const message = `${path}, which holds the wrapped key of this profile, is damaged. Nothing was changed; restore this file from a backup of the profile.`;
  return new WorkbenchError('storage-damaged', message, { path }, { cause });
}

export async function writeKeysFile(folder: string, file: KeysFile, fileSystem: FileSystemPort): Promise<void> {
  await atomicWriteJson(pathOf(folder), { format: keysFormat, ...file }, { fileSystem, permissions: 0o600 });
}

export async function removeKeysFile(folder: string, fileSystem: FileSystemPort): Promise<void> {
  await writing(pathOf(folder), async () => {
    await fileSystem.remove(pathOf(folder));
    await fileSystem.syncFolder(folder);
  });
}

type Crypto = PassphraseTools['crypto'];

export function newMasterKey(crypto: Crypto): Uint8Array {
  return crypto.random(masterKeyBytes);
}

function sealKey(masterKey: Uint8Array, kind: KeyWrap['kind'], key: Uint8Array, crypto: Crypto): string {
  const nonce = crypto.random(nonceBytes);
  return base64(Buffer.concat([nonce, crypto.seal(masterKey, about(kind), nonce, key)]));
}

function openKey(sealed: string, kind: KeyWrap['kind'], key: Uint8Array, crypto: Crypto): Uint8Array | null {
  const bytes = bytesOf(sealed);
  if (bytes.length <= nonceBytes) return null;
  return crypto.open(bytes.subarray(nonceBytes), about(kind), bytes.subarray(0, nonceBytes), key);
}

export async function wrapByPassphrase(
  masterKey: Uint8Array,
  passphrase: string,
  tools: PassphraseTools & { readonly parameters: PassphraseParameters },
): Promise<KeyWrap> {
  const { crypto, deriveKey, parameters } = tools;
  const salt = crypto.random(saltBytes);
  const key = await deriveKey(requirePassphrase(passphrase), salt, parameters);
  const sealed = sealKey(masterKey, 'passphrase', key, crypto);
  return { kind: 'passphrase', algorithm: 'argon2id', ...parameters, salt: base64(salt), sealed };
}

/** `recoveryKey`: the 20 bytes of recovery-key.ts, random enough to need no slow derivation. */
export function wrapByRecoveryKey(masterKey: Uint8Array, recoveryKey: Uint8Array, crypto: Crypto): KeyWrap {
  return { kind: 'recovery', sealed: sealKey(masterKey, 'recovery', keyOfUse(recoveryKey, 'recovery'), crypto) };
}

/** Null where the system has no key store. */
export async function wrapBySystem(masterKey: Uint8Array, cipher: SecretCipher | undefined): Promise<KeyWrap | null> {
  const sealed = (await cipher?.seal(masterKey)) ?? null;
  return sealed === null ? null : { kind: 'system', sealed: base64(sealed) };
}

/**
 * The master key. Fails with `passphrase-wrong`, `recovery-key-invalid`, or, where `secret` is of no use here,
 * `profile-locked`.
 */
export async function unwrapKey(
  wraps: readonly KeyWrap[],
  secret: UnlockSecret | undefined,
  tools: PassphraseTools & { readonly cipher?: SecretCipher | undefined },
): Promise<Uint8Array> {
  const { crypto, deriveKey, cipher } = tools;
  if (secret !== undefined && 'masterKey' in secret) return secret.masterKey;
  for (const wrap of wraps) {
    if (wrap.kind === 'system') {
      const key = (await cipher?.open(bytesOf(wrap.sealed))) ?? null;
      if (key?.length === masterKeyBytes) return key;
    } else if (wrap.kind === 'passphrase' && secret !== undefined && 'passphrase' in secret) {
      const { memoryKiB, passes } = wrap;
      if (!arePassphraseParameters({ memoryKiB, passes })) throw damaged('keys.json', null);
      const key = await deriveKey(normalPassphrase(secret.passphrase), bytesOf(wrap.salt), { memoryKiB, passes });
      const opened = openKey(wrap.sealed, 'passphrase', key, crypto);
      if (opened !== null) return opened;
      const message = 'The passphrase is not the one of this profile. Nothing was changed; try again.';
      throw new WorkbenchError('passphrase-wrong', message);
    } else if (wrap.kind === 'recovery' && secret !== undefined && 'recoveryKey' in secret) {
      const key = keyOfUse(readRecoveryKey(secret.recoveryKey), 'recovery');
      const opened = openKey(wrap.sealed, 'recovery', key, crypto);
      if (opened !== null) return opened;
      const message =
        'This recovery key belongs to another profile, or a newer sheet was printed since. Nothing was changed.';
      throw new WorkbenchError('recovery-key-invalid', message);
    }
  }
  throw lockedError(wraps);
}

export function lockedError(wraps: readonly KeyWrap[]): WorkbenchError {
  const has = (kind: KeyWrap['kind']): boolean => wraps.some((wrap) => wrap.kind === kind);
  const how = has('passphrase')
    ? 'It opens with its passphrase'
    : "It is sealed by the desktop's key store, which cannot be asked here: open it in the desktop window";
  const paper = has('recovery') ? ', or with the recovery key from its sheet' : '';
  return new WorkbenchError('profile-locked', `This profile is locked. ${how}${paper}. Nothing was changed.`, {
    passphrase: has('passphrase'),
    recoveryKey: has('recovery'),
  });
}
