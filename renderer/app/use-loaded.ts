/** Loading from the services in a component. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { WorkbenchClient } from '../../shared/contract/contract.ts';
import { useClient, useConnection } from './client.ts';

export interface Loaded<T> {
  /** The last value that arrived; kept while a newer one is under way. */
  readonly data: T | null;
  /** What was thrown by the last attempt; null after a success. */
  readonly error: unknown;
  readonly loading: boolean;
  readonly reload: () => void;
  /** Puts a value that arrived otherwise (an event, an operation's result). */
  readonly set: (value: T) => void;
}

type Subscribe = (client: WorkbenchClient, reload: () => void) => (() => void) | readonly (() => void)[];

/**
 * Calls `load` now, whenever a value of `keys` changes, after every reconnection, and when `subscribe`'s events say so.
 * An answer to an outdated question is dropped. `load` and `subscribe` need not be stable.
 */
export function useLoaded<T>(
  load: (client: WorkbenchClient) => Promise<T>,
  keys: readonly unknown[],
  subscribe?: Subscribe,
): Loaded<T> {
  const client = useClient();
  const { generation } = useConnection();
  const [state, setState] = useState<{ data: T | null; error: unknown; loading: boolean }>({
    data: null,
    error: null,
    loading: true,
  });
  const question = useRef(0);
  const latestLoad = useRef(load);
  latestLoad.current = load;
  const latestSubscribe = useRef(subscribe);
  latestSubscribe.current = subscribe;

  const reload = useCallback(() => {
    question.current += 1;
    const mine = question.current;
    setState((before) => ({ ...before, loading: true }));
    latestLoad.current(client).then(
      (data) => mine === question.current && setState({ data, error: null, loading: false }),
      (error: unknown) => mine === question.current && setState((before) => ({ ...before, error, loading: false })),
    );
  }, [client]);

  const key = JSON.stringify(keys);
  useEffect(() => {
    if (generation === 0) return undefined;
    reload();
    return () => {
      question.current += 1;
    };
  }, [reload, key, generation]);
  useEffect(() => {
    const stop = latestSubscribe.current?.(client, reload);
    return () => {
      if (typeof stop === 'function') stop();
      else stop?.forEach((one) => one());
    };
  }, [client, reload]);
  const set = useCallback((data: T) => {
    question.current += 1;
    setState({ data, error: null, loading: false });
  }, []);
  return { ...state, reload, set };
}
