/**
 * The cryptography and compression behind `shared/sync`: XChaCha20-Poly1305 from libsodium (Electron's BoringSSL does not
 * reliably have it), Ed25519 and SHA-256 from node:crypto, deflate and brotli from node:zlib.
 */
import { createHash, createPrivateKey, createPublicKey, randomBytes, sign, verify, type KeyObject } from 'node:crypto';
import { brotliCompressSync, brotliDecompressSync, constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import sodium from 'libsodium-wrappers-sumo';
import type { Compression, SealingCrypto } from '../../../shared/sync/sealing-crypto.ts';

// The fixed ASN.1 in front of a raw key (RFC 8410); node:crypto takes no raw Ed25519 keys.
const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex');

/** Waits for libsodium's WebAssembly once; every call after that is synchronous. */
export async function createSealingCrypto(): Promise<SealingCrypto> {
  await sodium.ready;
  return {
    seal: (plaintext, associated, nonce, key) =>
      sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, associated, null, nonce, key),
    open(sealed, associated, nonce, key) {
      try {
        return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed, associated, nonce, key);
      } catch {
        // libsodium says "wrong tag" by throwing; the port says it with null.
        return null;
      }
    },
    sign: (message, seed) => new Uint8Array(sign(null, message, privateKeyOf(seed))),
    verify(message, signature, publicKey) {
      let key: KeyObject;
      try {
        key = createPublicKey({ key: Buffer.concat([publicPrefix, publicKey]), format: 'der', type: 'spki' });
      } catch {
        // Not a point on the curve: nobody can have signed with it.
        return false;
      }
      return verify(null, message, key, signature);
    },
    publicKeyOf: (seed) => {
      const spki = createPublicKey(privateKeyOf(seed)).export({ format: 'der', type: 'spki' });
      return new Uint8Array(spki.subarray(spki.length - 32));
    },
    sealFor: (plaintext, publicKey) => sodium.crypto_box_seal(plaintext, publicKey),
    openSealed(sealed, publicKey, privateKey) {
      try {
        return sodium.crypto_box_seal_open(sealed, publicKey, privateKey);
      } catch {
        // As with `open`: for another key, or altered.
        return null;
      }
    },
    sha256,
    random: (lengthBytes) => new Uint8Array(randomBytes(lengthBytes)),
  };
}

export const compression: Compression = {
  deflate: (bytes, dictionary) => deflateRawSync(bytes, { level: 9, memLevel: 9, dictionary }),
  inflate: (bytes, dictionary, limitBytes) => inflateRawSync(bytes, { dictionary, maxOutputLength: limitBytes }),
  brotli: (bytes) =>
    brotliCompressSync(bytes, {
      params: {
        // Quality 11 takes a second per megabyte; nobody should wait for that when an original is sent.
        [constants.BROTLI_PARAM_QUALITY]: bytes.length > 256 * 1024 ? 6 : 11,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  unbrotli: (bytes, limitBytes) => brotliDecompressSync(bytes, { maxOutputLength: limitBytes }),
};

function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

function privateKeyOf(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([privatePrefix, seed]), format: 'der', type: 'pkcs8' });
}
