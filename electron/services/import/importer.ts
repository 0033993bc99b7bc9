/**
 * Imports without holding up the service: long ones are read in a worker thread that can be stopped at any moment, by the
 * person or by the time limit. `createImporter` without a worker reads in process, with the same function and results.
 */
import { Worker } from 'node:worker_threads';
import { WorkbenchError, type ErrorMessage } from '../../../shared/contract/errors.ts';
import type { OutcomeDocument } from '../../../shared/document/outcome-document.ts';
import type { ImportSource } from './read-file.ts';
import { readOutcomeDocument } from './read-outcome-document.ts';
import { isZip } from './zip.ts';

export interface Importer {
  /**
   * Reads one file. Rejects with a WorkbenchError: those of `readOutcomeDocument`, `import-cancelled` when `signal` is
   * aborted, `file-too-large` when it takes longer than the time limit or more memory than is allowed.
   */
  read(source: ImportSource, signal?: AbortSignal): Promise<OutcomeDocument>;
  /** Stops what is running; further reads are refused. */
  close(): Promise<void>;
}

export interface ImporterOptions {
  /** The worker's script (`import-worker.ts` or its bundle). Without it everything is read in process. */
  readonly workerUrl?: URL;
  readonly timeLimitMs?: number;
  /** Texts shorter than this are read in process: a worker takes longer to start than they take to read. */
  readonly inProcessBelowBytes?: number;
  readonly maxMemoryMb?: number;
}

export type WorkerAnswer = { readonly document: OutcomeDocument } | { readonly error: ErrorMessage };

export function createImporter(options: ImporterOptions = {}): Importer {
  const { workerUrl, timeLimitMs = 60_000, inProcessBelowBytes = 128 * 1024, maxMemoryMb = 1024 } = options;
  const running = new Set<Worker>();
  let isClosed = false;

  function readInWorker(url: URL, source: ImportSource, signal: AbortSignal | undefined): Promise<OutcomeDocument> {
    return new Promise((resolve, reject) => {
      const worker = new Worker(url, { workerData: source, resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb } });
      running.add(worker);
      const finish = (settle: () => void): void => {
        if (!running.delete(worker)) return;
        clearTimeout(timer);
        signal?.removeEventListener('abort', cancel);
        void worker.terminate();
        settle();
      };
      const cancel = (): void => finish(() => reject(cancelled(source.fileName)));
      const timer = setTimeout(() => finish(() => reject(tooLong(source.fileName, timeLimitMs))), timeLimitMs);
      signal?.addEventListener('abort', cancel, { once: true });
      worker.once('message', (answer: WorkerAnswer) =>
        finish(() => {
          if ('document' in answer) resolve(answer.document);
          else reject(new WorkbenchError(answer.error.code, answer.error.message, answer.error.data));
        }),
      );
      worker.once('error', (error: NodeJS.ErrnoException) =>
        finish(() => reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooHeavy(source.fileName) : error)),
      );
      worker.once('exit', () => finish(() => reject(cancelled(source.fileName))));
    });
  }

  return {
    async read(source, signal) {
      if (isClosed || signal?.aborted === true) throw cancelled(source.fileName);
      if (workerUrl === undefined || (source.bytes.length < inProcessBelowBytes && !isZip(source.bytes)))
        return readOutcomeDocument(source);
      return readInWorker(workerUrl, source, signal);
    },
    async close() {
      isClosed = true;
      await Promise.all([...running].map((worker) => worker.terminate()));
    },
  };
}

function cancelled(fileName: string): WorkbenchError {
  return new WorkbenchError('import-cancelled', `The import of ${fileName} was stopped; nothing was changed.`);
}

function tooLong(fileName: string, timeLimitMs: number): WorkbenchError {
  return new WorkbenchError(
    'file-too-large',
    `${fileName} took longer than ${Math.round(timeLimitMs / 1000)} seconds to read and was given up; split it and import the parts.`,
  );
}

function tooHeavy(fileName: string): WorkbenchError {
  return new WorkbenchError(
    'file-too-large',
    `${fileName} needs more memory than an import may take; split it and import the parts.`,
  );
}
