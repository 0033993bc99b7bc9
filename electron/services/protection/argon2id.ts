/** Argon2id from libsodium: version 1.3, one lane, 32 bytes. Rule SY45 of shared/sync/SPEC.md. */
import sodium from 'libsodium-wrappers-sumo';
import type { DeriveKeyRequest } from './derive-key.ts';

const keyBytes = 32;

/** Blocks its thread. Throws where the memory cannot be had. */
export async function argon2id({ passphrase, salt, parameters }: DeriveKeyRequest): Promise<Uint8Array> {
  await sodium.ready;
  return sodium.crypto_pwhash(
    keyBytes,
    passphrase,
    salt,
    parameters.passes,
    parameters.memoryKiB * 1024,
    sodium.crypto_pwhash_ALG_ARGON2ID13,
  );
}
