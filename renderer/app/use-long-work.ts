/** One long piece of work of a form: whether it runs, how far it is, what failed, and a way to stop it. */
import { useEffect, useRef, useState } from 'react';
import type { Progress } from '../../shared/contract/contract.ts';
import { WorkbenchError } from '../../shared/contract/errors.ts';

/** The options of a call that says how far it is. */
export interface LongWork {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

export function useLongWork() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [progress, setProgress] = useState<{ readonly done: number; readonly total: number } | null>(null);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);
  const stop = (): void => abort.current?.abort();

  /** `act` gives null where something is missing; then nothing runs. */
  function run(act: (watch: LongWork) => Promise<unknown> | null): void {
    if (busy) return;
    const controller = new AbortController();
    const work = act({
      signal: controller.signal,
      onProgress: ({ done, total }) => setProgress({ done, total }),
    });
    if (work === null) return;
    abort.current = controller;
    setBusy(true);
    setError(null);
    work
      .catch((thrown: unknown) => {
        // Whoever stopped it knows.
        const isStopped = controller.signal.aborted && thrown instanceof WorkbenchError && thrown.code === 'cancelled';
        if (!isStopped) setError(thrown);
      })
      .finally(() => {
        setBusy(false);
        setProgress(null);
      });
  }
  return { busy, error, progress, run, stop };
}
