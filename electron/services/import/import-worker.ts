/** The worker's side of `importer.ts`: reads the one file it was started with, answers and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { toErrorMessage } from '../../../shared/contract/errors.ts';
import type { WorkerAnswer } from './importer.ts';
import type { ImportSource } from './read-file.ts';
import { readOutcomeDocument } from './read-outcome-document.ts';

function answer(source: ImportSource): WorkerAnswer {
  try {
    return { document: readOutcomeDocument(source) };
  } catch (error) {
    return { error: toErrorMessage(error) };
  }
}

parentPort?.postMessage(answer(workerData as ImportSource));
