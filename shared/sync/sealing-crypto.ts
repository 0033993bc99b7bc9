/** What the object format needs of cryptography and compression: ports, so that `shared/` stays free of any engine. */
import type { ReplicaId } from '../ids.ts';
import { base32 } from '../ids.ts';

/**
 * XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha), Ed25519 (RFC 8032) and SHA-256. Keys are raw bytes: 32 for sealing, the
 * 32-byte seed for signing, the 32-byte point for verifying.
 */
export interface SealingCrypto {
  /** Ciphertext followed by its 16-byte tag. `nonce` has 24 bytes and is never used twice under one key. */
  seal(plaintext: Uint8Array, associated: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array;
  /** Null when the tag does not fit. */
  open(sealed: Uint8Array, associated: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array | null;
  /** 64 bytes. */
  sign(message: Uint8Array, seed: Uint8Array): Uint8Array;
  verify(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean;
  /** The public key (Ed25519) of a seed. */
  publicKeyOf(seed: Uint8Array): Uint8Array;
  /** Seals for whoever has the private key (X25519) of `publicKey`, without saying from whom: libsodium's sealed box. */
  sealFor(plaintext: Uint8Array, publicKey: Uint8Array): Uint8Array;
  /** Null when it was not sealed for this key, or was altered. */
  openSealed(sealed: Uint8Array, publicKey: Uint8Array, privateKey: Uint8Array): Uint8Array | null;
  sha256(bytes: Uint8Array): Uint8Array;
  random(lengthBytes: number): Uint8Array;
}

/** Both directions of the two encodings of SPEC.md. Unpacking throws on bad input and past `limitBytes`. */
export interface Compression {
  deflate(bytes: Uint8Array, dictionary: Uint8Array): Uint8Array;
  inflate(bytes: Uint8Array, dictionary: Uint8Array, limitBytes: number): Uint8Array;
  brotli(bytes: Uint8Array): Uint8Array;
  unbrotli(bytes: Uint8Array, limitBytes: number): Uint8Array;
}

/** The key of each epoch of one circle. */
export interface CircleKeys {
  current(): { readonly epoch: number; readonly key: Uint8Array };
  /** Undefined for an epoch this profile was never given. */
  ofEpoch(epoch: number): Uint8Array | undefined;
  epochs(): readonly number[];
}

/** A replica whose signing key this profile holds. */
export interface Signer {
  readonly replica: ReplicaId;
  readonly publicKey: Uint8Array;
  readonly seed: Uint8Array;
}

/** The replica that a public key is: nobody else can sign for it. */
export function replicaOf(publicKey: Uint8Array, sha256: (bytes: Uint8Array) => Uint8Array): ReplicaId {
  return base32(sha256(publicKey)).slice(0, 26) as ReplicaId;
}
