/**
 * Argon2id in a worker thread: a third of a second of computing must not hold up whoever is typing. Without a worker's
 * script (run from source, tests) the same function runs in process.
 */
import { Worker } from 'node:worker_threads';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { DeriveKey, PassphraseParameters } from '../../../shared/sync/passphrase.ts';
import { argon2id } from './argon2id.ts';

export interface DeriveKeyRequest {
  readonly passphrase: string;
  readonly salt: Uint8Array;
  readonly parameters: PassphraseParameters;
}

/** `workerUrl`: the script of `derive-key-worker.ts`, bundled. */
export function createDeriveKey(workerUrl?: URL): DeriveKey {
  return (passphrase, salt, parameters) =>
    workerUrl === undefined
      ? argon2id({ passphrase, salt, parameters })
      : deriveInWorker(workerUrl, { passphrase, salt, parameters });
}

function deriveInWorker(url: URL, request: DeriveKeyRequest): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(url, { workerData: request });
    worker.once('message', (key: Uint8Array) => resolve(key));
    worker.once('error', (cause) => reject(failed(String(cause), cause)));
    // Nothing after an answer; before one it means that the thread was ended, as when memory is short.
    worker.once('exit', () => reject(failed('it was ended', null)));
  });
}

function failed(reason: string, cause: unknown): WorkbenchError {
  const message = `The key could not be computed from the passphrase (${reason}). Nothing was changed; close other programs, for it takes some memory, and try again.`;
  return new WorkbenchError('internal', message, {}, { cause });
}
