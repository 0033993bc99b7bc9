/**
 * The keys of a replica and of a circle, and where they lie in the secret store. Raw keys are 32 bytes; in records they
 * stand in base 32. Ed25519 (RFC 8032) signs, X25519 (RFC 7748) receives what is sealed for one device.
 */
import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { base32, fromBase32, type CircleId, type ReplicaId } from '../../../shared/ids.ts';
import type { SecretStore } from '../storage/secret-store.ts';

export interface KeyPair {
  readonly publicKey: Uint8Array;
  /** The seed (Ed25519) or scalar (X25519). */
  readonly privateKey: Uint8Array;
}

export interface ReplicaKeys {
  readonly replica: ReplicaId;
  readonly signing: KeyPair;
  readonly sealing: KeyPair;
}

const keyBytes = 32;
// The fixed beginnings of PKCS #8 and SPKI for these curves (RFC 8410), by which node:crypto takes and gives raw keys.
const privatePrefix = { ed25519: '302e020100300506032b657004220420', x25519: '302e020100300506032b656e04220420' };
const publicPrefix = { ed25519: '302a300506032b6570032100' };

function privateKeyOf(curve: 'ed25519' | 'x25519', raw: Uint8Array): KeyObject {
  const key = Buffer.concat([Buffer.from(privatePrefix[curve], 'hex'), raw]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

function keyPair(curve: 'ed25519' | 'x25519', privateKey: Uint8Array): KeyPair {
  const spki = createPublicKey(privateKeyOf(curve, privateKey)).export({ format: 'der', type: 'spki' });
  return { publicKey: new Uint8Array(spki.subarray(spki.length - keyBytes)), privateKey };
}

/** A replica's id is the hash of its public key: whoever holds the key is the replica. */
export function replicaIdOf(signingKey: Uint8Array): ReplicaId {
  return base32(createHash('sha256').update(signingKey).digest()).slice(0, 26) as ReplicaId;
}

export function replicaKeys(signingSeed: Uint8Array, sealingScalar: Uint8Array): ReplicaKeys {
  const signing = keyPair('ed25519', signingSeed);
  return { replica: replicaIdOf(signing.publicKey), signing, sealing: keyPair('x25519', sealingScalar) };
}

export function newReplicaKeys(random: (lengthBytes: number) => Uint8Array): ReplicaKeys {
  return replicaKeys(random(keyBytes), random(keyBytes));
}

/** Signs the UTF-8 bytes of `message`; base 32. */
export function signText(keys: ReplicaKeys, message: string): string {
  return base32(sign(null, Buffer.from(message), privateKeyOf('ed25519', keys.signing.privateKey)));
}

/** Checks what `signText` made; false for anything that is no key or signature. */
export function verifyText(key: string, message: string, signature: string): boolean {
  try {
    const spki = Buffer.concat([Buffer.from(publicPrefix.ed25519, 'hex'), fromBase32(key)]);
    const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    return verify(null, Buffer.from(message), publicKey, fromBase32(signature));
  } catch {
    // Not base 32, or no point of the curve: whoever wrote that did not sign it.
    return false;
  }
}

const signingName = (replica: ReplicaId): string => `replica-${replica}-signing`;
const sealingName = (replica: ReplicaId): string => `replica-${replica}-sealing`;
const circleName = (circle: CircleId, epoch: number): string => `circle-${circle}-${epoch}`;

/** What `SecretStore.put` needs to keep a replica's keys. */
export function replicaSecrets(keys: ReplicaKeys): Record<string, Uint8Array> {
  return {
    [signingName(keys.replica)]: keys.signing.privateKey,
    [sealingName(keys.replica)]: keys.sealing.privateKey,
  };
}

export function circleSecrets(circle: CircleId, epoch: number, key: Uint8Array): Record<string, Uint8Array> {
  return { [circleName(circle, epoch)]: key };
}

/** Fails with `storage-damaged` when the keys are gone or are not this replica's. */
export function loadReplicaKeys(secrets: SecretStore, replica: ReplicaId): ReplicaKeys {
  const signing = secrets.get(signingName(replica));
  const sealing = secrets.get(sealingName(replica));
  if (signing?.length !== keyBytes || sealing?.length !== keyBytes) {
    const message = `The keys of this device are missing (${replica}). Restore the file of keys from a backup of this profile.`;
    throw new WorkbenchError('storage-damaged', message, { replica });
  }
  const keys = replicaKeys(signing, sealing);
  if (keys.replica !== replica) {
    const message = `The keys of this device (${replica}) are damaged: they belong to no device. Restore the file of keys from a backup of this profile.`;
    throw new WorkbenchError('storage-damaged', message, { replica });
  }
  return keys;
}

/** Null when this profile has not that epoch's key. */
export function loadCircleKey(secrets: SecretStore, circle: CircleId, epoch: number): Uint8Array | null {
  return secrets.get(circleName(circle, epoch));
}
