/** The worker's side of `derive-key.ts`: computes the one key it was started for, answers and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { argon2id } from './argon2id.ts';
import type { DeriveKeyRequest } from './derive-key.ts';

parentPort?.postMessage(await argon2id(workerData as DeriveKeyRequest));
