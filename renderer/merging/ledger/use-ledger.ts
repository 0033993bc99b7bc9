/** The ledger by pages: what is in sight is loaded, the rest when one comes to it. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { z } from '../../../shared/contract/schema.ts';
import type { mergingContract } from '../../../shared/contract/merging.ts';
import type { LedgerRow } from '../../../shared/contract/merging/ledger-row.ts';
import type { PassageState } from '../../../shared/contract/merging/passages.ts';
import { useClient, useConnection } from '../../app/client.ts';
import { useMerge } from '../open-merge.ts';

type Page = z.output<typeof mergingContract.operations.ledger.output>;

export interface LedgerFilter {
  readonly states: readonly PassageState[];
  readonly delegation: string;
  readonly question: string;
  readonly text: string;
}

export interface Ledger {
  readonly rows: readonly LedgerRow[];
  readonly total: number;
  readonly allCounts: Page['allCounts'];
  readonly error: unknown;
  readonly loading: boolean;
  readonly loadMore: () => void;
  readonly reload: () => void;
}

const pageLength = 200;
const noCounts = {} as Page['allCounts'];

export function useLedger({ states, delegation, question, text }: LedgerFilter): Ledger {
  const client = useClient();
  const { generation } = useConnection();
  const { id: merge, revision } = useMerge();
  const [state, setState] = useState<Omit<Ledger, 'loadMore' | 'reload'>>({
    rows: [],
    total: 0,
    allCounts: noCounts,
    error: null,
    loading: true,
  });
  const [attempt, setAttempt] = useState(0);
  const asked = useRef(0);
  const loaded = useRef(0);
  const key = JSON.stringify({ merge, states, delegation, question, text });
  const lastKey = useRef(key);

  const ask = useCallback(
    (from: number, limit: number) => {
      const filter = JSON.parse(key) as LedgerFilter;
      return client.merging.ledger({
        merge,
        ...(filter.states.length > 0 ? { states: [...filter.states] } : {}),
        ...(filter.delegation ? { delegation: filter.delegation } : {}),
        ...(filter.question ? { question: filter.question } : {}),
        ...(filter.text ? { text: filter.text } : {}),
        from,
        limit,
      });
    },
    [client, merge, key],
  );
  useEffect(() => {
    if (generation === 0) return;
    const mine = ++asked.current;
    // After a decision the same stretch is asked for again, so that nothing jumps; after a filter, the beginning.
    const length = lastKey.current === key ? Math.max(pageLength, loaded.current) : pageLength;
    lastKey.current = key;
    setState((before) => ({ ...before, loading: true }));
    ask(0, length).then(
      (page) => {
        if (mine !== asked.current) return;
        loaded.current = page.rows.length;
        setState({ rows: page.rows, total: page.total, allCounts: page.allCounts, error: null, loading: false });
      },
      (error: unknown) => {
        if (mine === asked.current) setState((before) => ({ ...before, error, loading: false }));
      },
    );
  }, [ask, key, generation, revision, attempt]);

  const loadMore = useCallback(() => {
    const mine = ++asked.current;
    ask(loaded.current, pageLength).then(
      (page) => {
        if (mine !== asked.current) return;
        setState((before) => {
          const rows = [...before.rows.slice(0, loaded.current), ...page.rows];
          loaded.current = rows.length;
          return { ...before, rows, total: page.total, allCounts: page.allCounts, loading: false };
        });
      },
      (error: unknown) => {
        if (mine === asked.current) setState((before) => ({ ...before, error, loading: false }));
      },
    );
  }, [ask]);
  return { ...state, loadMore, reload: () => setAttempt((before) => before + 1) };
}
