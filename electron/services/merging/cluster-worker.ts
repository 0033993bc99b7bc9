/** The worker's side of `cluster-runner.ts`: stays, answers one request after another, and hears of cancellations between. */
import { parentPort } from 'node:worker_threads';
import { toErrorMessage } from '../../../shared/contract/errors.ts';
import { createClusterings, oneTurn, type FromClusterWorker, type ToClusterWorker } from './cluster-runner.ts';

const run = createClusterings();
const cancelled = new Set<number>();

const tell = (message: FromClusterWorker): void => parentPort?.postMessage(message);

parentPort?.on('message', (message: ToClusterWorker) => {
  if ('cancel' in message) {
    cancelled.add(message.id);
    return;
  }
  const { id } = message;
  const signal = {
    get aborted() {
      return cancelled.has(id);
    },
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  };
  run(message.run, { signal, onProgress: (progress) => tell({ id, progress }), pause: oneTurn })
    .then((result) => tell({ id, result }))
    .catch((error: unknown) => tell({ id, error: toErrorMessage(error) }))
    .finally(() => cancelled.delete(id));
});
