/**
 * Clustering without holding up the service: a worker thread keeps what was compared, so that another threshold or one
 * more submission costs little. Without a built worker the same function runs in process, in slices.
 */
import { Worker } from 'node:worker_threads';
import type { CallContext } from '../../../shared/contract/contract.ts';
import { WorkbenchError, type ErrorMessage } from '../../../shared/contract/errors.ts';
import type { Cluster, ClusterItem } from '../../../shared/merging/similarity/cluster.ts';
import { createClustering, type Clustering } from '../../../shared/merging/similarity/clustering.ts';

export interface ClusterRequest {
  /** Whose comparisons are kept together: a merge. */
  readonly of: string;
  readonly threshold: number;
  readonly questions: readonly (readonly [question: string, items: readonly ClusterItem[]])[];
}

export interface ClusterRunner {
  /** Clusters by question. Rejects with `cancelled`. */
  run(request: ClusterRequest, context: CallContext): Promise<ReadonlyMap<string, readonly Cluster[]>>;
  close(): Promise<void>;
}

export type ToClusterWorker =
  { readonly id: number; readonly run: ClusterRequest } | { readonly id: number; readonly cancel: true };
export type FromClusterWorker =
  | { readonly id: number; readonly progress: { readonly done: number; readonly total: number } }
  | { readonly id: number; readonly result: ReadonlyMap<string, readonly Cluster[]> }
  | { readonly id: number; readonly error: ErrorMessage };

/** Merges whose comparisons are kept; the one asked for longest ago goes first. */
const mostKept = 4;

/** Runs one request after another over what was compared before. */
export function createClusterings() {
  const kept = new Map<string, Clustering>();
  let last: Promise<unknown> = Promise.resolve();

  async function run(request: ClusterRequest, options: Parameters<Clustering['run']>[0]) {
    const clustering = kept.get(request.of) ?? createClustering();
    kept.delete(request.of);
    kept.set(request.of, clustering);
    for (const oldest of kept.keys()) {
      if (kept.size <= mostKept) break;
      kept.delete(oldest);
    }
    for (const [question, items] of request.questions) clustering.setItems(question, items);
    const all = await clustering.run({ ...options, threshold: Math.max(1, request.threshold) });
    const asked = new Set(request.questions.map(([question]) => question));
    return new Map([...all].filter(([question]) => asked.has(question)));
  }

  return (request: ClusterRequest, options: Parameters<Clustering['run']>[0]) => {
    const result = last.then(() => run(request, options));
    // The next request is served although this one was cancelled; whoever made this one is told.
    last = result.catch(() => undefined);
    return result;
  };
}

export const oneTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const what = 'passages';

export function createClusterRunner(options: { readonly workerUrl?: URL | undefined } = {}): ClusterRunner {
  const inProcess = createClusterings();
  const waiting = new Map<number, (message: FromClusterWorker) => void>();
  let worker: Worker | null = null;
  let next = 0;
  let isClosed = false;

  function started(url: URL): Worker {
    if (worker !== null) return worker;
    const made = new Worker(url);
    made.on('message', (message: FromClusterWorker) => waiting.get(message.id)?.(message));
    const fail = (error: Error): void => {
      if (worker === made) worker = null;
      const message = {
        code: 'internal' as const,
        message: `Comparing the passages failed: ${error.message}`,
        data: {},
      };
      for (const [id, answer] of [...waiting]) answer({ id, error: message });
    };
    made.on('error', fail);
    made.on('exit', () => fail(new Error('the worker ended')));
    worker = made;
    return made;
  }

  function runInWorker(url: URL, request: ClusterRequest, { signal, progress }: CallContext) {
    return new Promise<ReadonlyMap<string, readonly Cluster[]>>((resolve, reject) => {
      const id = (next += 1);
      const at = started(url);
      const cancel = (): void => at.postMessage({ id, cancel: true } satisfies ToClusterWorker);
      waiting.set(id, (message) => {
        if ('progress' in message) return progress({ ...message.progress, what });
        waiting.delete(id);
        signal.removeEventListener('abort', cancel);
        if ('result' in message) resolve(message.result);
        else reject(new WorkbenchError(message.error.code, message.error.message, message.error.data));
      });
      signal.addEventListener('abort', cancel);
      at.postMessage({ id, run: request } satisfies ToClusterWorker);
      if (signal.aborted) cancel();
    });
  }

  return {
    async run(request, context) {
      if (isClosed) throw new WorkbenchError('cancelled', 'The workbench is closing.');
      if (options.workerUrl !== undefined) return runInWorker(options.workerUrl, request, context);
      return inProcess(request, {
        signal: context.signal,
        onProgress: (progress) => context.progress({ ...progress, what }),
        pause: oneTurn,
      });
    },
    async close() {
      isClosed = true;
      for (const [id, answer] of [...waiting]) {
        answer({ id, error: { code: 'cancelled', message: 'The workbench is closing.', data: {} } });
      }
      const ending = worker;
      worker = null;
      await ending?.terminate();
    },
  };
}
