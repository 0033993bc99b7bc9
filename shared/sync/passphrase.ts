/**
 * A key from a passphrase: Argon2id (RFC 9106). Whatever is wrapped so carries its parameters and salt, so that they can
 * grow with the machines; tests bring small ones. The derivation itself comes in from outside, for it takes a worker.
 */
import { WorkbenchError } from '../contract/errors.ts';

export interface PassphraseParameters {
  readonly memoryKiB: number;
  readonly passes: number;
}

/** 32 bytes. `passphrase` has been through `normalPassphrase`; `salt` has `saltBytes`. */
export type DeriveKey = (passphrase: string, salt: Uint8Array, parameters: PassphraseParameters) => Promise<Uint8Array>;

export const saltBytes = 16;

/** About a third of a second on a laptop, in 64 MiB. */
export const usualPassphraseParameters: PassphraseParameters = { memoryKiB: 64 * 1024, passes: 3 };

/** What an invitation or a backup from outside may ask of this machine. */
const largest: PassphraseParameters = { memoryKiB: 1024 * 1024, passes: 32 };

export function arePassphraseParameters({ memoryKiB, passes }: PassphraseParameters): boolean {
  const isIn = (value: number, low: number, high: number): boolean =>
    Number.isInteger(value) && value >= low && value <= high;
  return isIn(memoryKiB, 8, largest.memoryKiB) && isIn(passes, 1, largest.passes);
}

/** One form for what different keyboards make of the same words: NFKC, and no white space around it. */
export function normalPassphrase(passphrase: string): string {
  return passphrase.normalize('NFKC').trim();
}

/** Fails with `invalid-input` at an empty one. How good a passphrase is, its person judges. */
export function requirePassphrase(passphrase: string): string {
  const normal = normalPassphrase(passphrase);
  if (normal === '') throw new WorkbenchError('invalid-input', 'The passphrase is empty. Write some words.');
  return normal;
}
