/** SHA-256 and Ed25519 as the hub needs them; keys and signatures are raw bytes. */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { fromBase32, type ReplicaId } from '../../shared/ids.ts';
import { replicaOf } from '../../shared/sync/sealing-crypto.ts';

// The fixed ASN.1 in front of a raw key (RFC 8410); node:crypto takes no raw Ed25519 keys.
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex');

export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

export function isSignature(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    const key = createPublicKey({ key: Buffer.concat([publicPrefix, publicKey]), format: 'der', type: 'spki' });
    return verify(null, message, key, signature);
  } catch {
    // No point of the curve, or not 64 bytes: nobody can have signed with it.
    return false;
  }
}

/** Checks a signature over text by `replica`, whose key and signature are given in base 32. */
export function isSignedBy(replica: ReplicaId, key: string, message: string, signature: string): boolean {
  const publicKey = fromBase32(key);
  return (
    replicaOf(publicKey, sha256) === replica && isSignature(Buffer.from(message), fromBase32(signature), publicKey)
  );
}

/** Whose public key (base 32) it is. */
export function replicaOfKey(key: string): ReplicaId {
  return replicaOf(fromBase32(key), sha256);
}
