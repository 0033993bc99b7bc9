/**
 * The keys of a circle's epochs, as they travel in its own records: each new key sealed for every device that keeps taking
 * part, and earlier keys sealed with it. Whoever has an epoch's key can make the key pair that shows so (RC60), and whoever
 * reads the record can see by its public half that a key is the right one. Rules SY80 to SY84 of SPEC.md.
 */
import type { CircleId, ReplicaId } from '../ids.ts';
import { base32, fromBase32 } from '../ids.ts';
import { admissionMessage } from '../records/authority.ts';
import { canonical } from '../records/canonical.ts';
import { generationBits, generationOf } from '../records/judgement.ts';
import { subkey } from './object-format.ts';
import type { SealingCrypto } from './sealing-crypto.ts';

export const epochKeyBytes = 32;
const nonceBytes = 24;
const encoder = new TextEncoder();

/** A number after all of `known`. Throws RangeError after 4,095 generations. */
export function nextEpoch(known: readonly number[], random: (lengthBytes: number) => Uint8Array): number {
  const generation = Math.max(0, ...known.map(generationOf)) + 1;
  if (generation >= 2 ** 12) throw new RangeError('the circle has no numbers of epochs left');
  const [a, b, c] = random(3);
  return generation * 2 ** generationBits + (((a! << 16) | (b! << 8) | c!) & (2 ** generationBits - 1));
}

export interface EpochPlace {
  readonly circle: CircleId;
  readonly epoch: number;
}

/** The public key by which a key is known to be that of its epoch. Base 32. */
export function admissionKey(key: Uint8Array, crypto: SealingCrypto): string {
  return base32(crypto.publicKeyOf(subkey(key, 'admission')));
}

/** What a device that joins with the key of an epoch writes into its card. */
export function admissionOf(
  { circle, epoch }: EpochPlace,
  key: Uint8Array,
  replica: ReplicaId,
  crypto: SealingCrypto,
): { readonly epoch: number; readonly signature: string } {
  const message = encoder.encode(admissionMessage(circle, epoch, replica));
  return { epoch, signature: base32(crypto.sign(message, subkey(key, 'admission'))) };
}

/** The key for one device: bound to circle, epoch and device, so that it is none anywhere else. */
export function sealKeyFor(
  place: EpochPlace,
  key: Uint8Array,
  device: { readonly replica: ReplicaId; readonly sealingKey: string },
  crypto: SealingCrypto,
): string {
  const bound = boundTo(place, device.replica, crypto);
  return base32(crypto.sealFor(Uint8Array.from([...bound, ...key]), fromBase32(device.sealingKey)));
}

/** Null when it was not sealed for this device at this place. */
export function openKeyFor(
  place: EpochPlace,
  sealed: string,
  device: { readonly replica: ReplicaId; readonly publicKey: Uint8Array; readonly privateKey: Uint8Array },
  crypto: SealingCrypto,
): Uint8Array | null {
  const bytes = decode(sealed);
  const opened = bytes && crypto.openSealed(bytes, device.publicKey, device.privateKey);
  const bound = boundTo(place, device.replica, crypto);
  if (opened?.length !== bound.length + epochKeyBytes) return null;
  return bound.every((byte, index) => byte === opened[index]) ? opened.slice(bound.length) : null;
}

function boundTo({ circle, epoch }: EpochPlace, replica: ReplicaId, crypto: SealingCrypto): Uint8Array {
  return crypto.sha256(encoder.encode(canonical(['epoch-key', circle, epoch, replica]))).subarray(0, 16);
}

/** The key of `earlier`, for whoever has the key of the epoch at `place`. */
export function sealEarlierKey(
  place: EpochPlace,
  key: Uint8Array,
  earlier: { readonly epoch: number; readonly key: Uint8Array },
  crypto: SealingCrypto,
): string {
  const nonce = crypto.random(nonceBytes);
  const sealed = crypto.seal(earlier.key, associated(place, earlier.epoch), nonce, subkey(key, 'earlier-keys'));
  return base32(Uint8Array.from([...nonce, ...sealed]));
}

export function openEarlierKey(
  place: EpochPlace,
  key: Uint8Array,
  earlier: { readonly epoch: number; readonly key: string },
  crypto: SealingCrypto,
): Uint8Array | null {
  const bytes = decode(earlier.key);
  if (!bytes || bytes.length <= nonceBytes) return null;
  const [nonce, sealed] = [bytes.subarray(0, nonceBytes), bytes.subarray(nonceBytes)];
  const opened = crypto.open(sealed, associated(place, earlier.epoch), nonce, subkey(key, 'earlier-keys'));
  return opened?.length === epochKeyBytes ? opened : null;
}

function associated({ circle, epoch }: EpochPlace, earlier: number): Uint8Array {
  return encoder.encode(canonical(['earlier-key', circle, epoch, earlier]));
}

function decode(text: string): Uint8Array | null {
  return /^[a-z2-7]+$/.test(text) ? fromBase32(text) : null;
}
