/** The clusters of one question, with progress while they are found and a way to stop. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { z } from '../../../shared/contract/schema.ts';
import type { mergingContract } from '../../../shared/contract/merging.ts';
import type { LedgerRow } from '../../../shared/contract/merging/ledger-row.ts';
import { useClient, useConnection } from '../../app/client.ts';
import { useMerge } from '../open-merge.ts';
import { refKey } from './board-rows.ts';

type Found = z.output<typeof mergingContract.operations.clusters.output>;

export interface Clusters {
  /** What was found last; kept while a newer search is under way. */
  readonly found: Found | null;
  readonly error: unknown;
  readonly loading: boolean;
  readonly progress: { readonly done: number; readonly total: number } | null;
  /** A person stopped the search: what is shown is older than what was asked for. */
  readonly stopped: boolean;
  readonly stop: () => void;
  readonly retry: () => void;
  /** Shows the outcome of an action at once; the next search brings the same. */
  readonly apply: (rows: readonly LedgerRow[]) => void;
}

const pauseMs = 120;

export function useClusters(question: string, threshold: number): Clusters {
  const client = useClient();
  const { generation } = useConnection();
  const { id: merge, revision } = useMerge();
  const [state, setState] = useState<Omit<Clusters, 'stop' | 'retry' | 'apply'>>({
    found: null,
    error: null,
    loading: true,
    progress: null,
    stopped: false,
  });
  const [attempt, setAttempt] = useState(0);
  const running = useRef<AbortController | null>(null);
  const asked = useRef('');

  useEffect(() => {
    if (generation === 0 || question === '') return undefined;
    const abort = new AbortController();
    // Another question begins empty; another threshold or a decision keeps what stands there until the answer comes.
    if (asked.current !== question) setState((before) => ({ ...before, found: null }));
    asked.current = question;
    const begin = (): void => {
      running.current = abort;
      setState((before) => ({ ...before, loading: true, stopped: false, progress: null }));
      client.merging
        .clusters(
          { merge, question, threshold },
          {
            signal: abort.signal,
            onProgress: ({ done, total }) => {
              if (!abort.signal.aborted) setState((before) => ({ ...before, progress: { done, total } }));
            },
          },
        )
        .then(
          (found) => {
            if (!abort.signal.aborted) setState({ found, error: null, loading: false, progress: null, stopped: false });
          },
          (error: unknown) => {
            if (!abort.signal.aborted) setState((before) => ({ ...before, error, loading: false, progress: null }));
          },
        );
    };
    // A slider under the hand asks many times.
    const timer = window.setTimeout(begin, pauseMs);
    return () => {
      window.clearTimeout(timer);
      abort.abort();
    };
  }, [client, generation, merge, question, threshold, revision, attempt]);

  const stop = useCallback(() => {
    running.current?.abort();
    setState((before) => ({ ...before, loading: false, progress: null, stopped: true }));
  }, []);
  const retry = useCallback(() => setAttempt((before) => before + 1), []);
  const apply = useCallback((rows: readonly LedgerRow[]) => {
    const byRef = new Map(rows.map((row) => [refKey(row), row]));
    setState((before) => {
      if (before.found === null) return before;
      const clusters = before.found.clusters.map((cluster) => ({
        ...cluster,
        passages: cluster.passages.map((passage) => {
          const row = byRef.get(refKey(passage));
          return row ? { ...passage, state: row.state, blocks: row.blocks, heads: row.heads } : passage;
        }),
      }));
      return { ...before, found: { ...before.found, clusters } };
    });
  }, []);
  return { ...state, stop, retry, apply };
}
