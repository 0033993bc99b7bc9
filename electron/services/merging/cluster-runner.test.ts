/** The worker as it is shipped in kind: a thread of its own, from source. */
import { afterEach, expect, it } from 'vitest';
import type { ClusterItem } from '../../../shared/merging/similarity/cluster.ts';
import { createClusterRunner, type ClusterRunner } from './cluster-runner.ts';

const workerUrl = new URL('./cluster-worker.ts', import.meta.url);
/** No two alike, so that there is enough to compare for a cancellation to arrive meanwhile. */
const items = (count: number): ClusterItem[] => {
  let state = 7;
  const word = (): string => `w${(state = (state * 48271) % 2147483647) % 400}`;
  return Array.from({ length: count }, (_, n) => ({
    ...{ entry: `e${n}`, passage: '1.1', delegation: `X${n}`, language: 'en' },
    text: Array.from({ length: 40 }, word).join(' '),
  })) as unknown as ClusterItem[];
};
const request = (of: string, count: number) => ({
  ...{ of, threshold: 500 },
  questions: [['1', items(count)] as const],
});

let runner: ClusterRunner;
afterEach(() => runner.close());

function caller() {
  const heard = new Set<() => void>();
  const seen: { done: number; total: number }[] = [];
  const signal = {
    aborted: false,
    addEventListener: (_: 'abort', run: () => void) => void heard.add(run),
    removeEventListener: (_: 'abort', run: () => void) => void heard.delete(run),
  };
  const abort = (): void => {
    signal.aborted = true;
    for (const run of heard) run();
  };
  let onProgress: () => void = () => undefined;
  const context = {
    signal,
    progress: (each: { done: number; total: number }) => {
      seen.push(each);
      onProgress();
    },
  };
  return { context, seen, heard, abort, whenProgress: (run: () => void) => (onProgress = run) };
}

it('[MG13] clusters in a thread as in process, and tells how far it is', async () => {
  runner = createClusterRunner({ workerUrl });
  const { context, seen, heard } = caller();
  const inThread = await runner.run(request('a', 300), context as never);
  const inProcess = createClusterRunner();
  expect(inThread).toEqual(await inProcess.run(request('a', 300), caller().context as never));
  await inProcess.close();
  expect(seen.length).toBeGreaterThan(0);
  expect(heard.size).toBe(0);
});

it('[MG13] stops when told so, and serves the next request', async () => {
  runner = createClusterRunner({ workerUrl });
  const { context, abort, whenProgress } = caller();
  whenProgress(abort);
  await expect(runner.run(request('a', 2000), context as never)).rejects.toMatchObject({ code: 'cancelled' });
  const after = await runner.run(request('b', 20), caller().context as never);
  expect(after.get('1')!.flatMap(({ members }) => members)).toHaveLength(20);
});

it('refuses what was waiting when it is closed', async () => {
  runner = createClusterRunner({ workerUrl });
  const running = runner.run(request('a', 2000), caller().context as never);
  const refused = expect(running).rejects.toMatchObject({ code: 'cancelled' });
  await runner.close();
  await refused;
});
