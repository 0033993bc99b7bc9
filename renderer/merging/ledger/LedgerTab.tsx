/**
 * The ledger: every passage of every text with what became of it. It is derived from the decisions and the common text as
 * they are now; `n` goes to the next that waits, and "done" can be recorded only when none does.
 */
import { ScrollText, Search } from 'lucide-react';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { passageStates, type PassageState } from '../../../shared/contract/merging/passages.ts';
import { useCommand } from '../../app/commands.ts';
import { ErrorNotice } from '../../app/ErrorNotice.tsx';
import { useText } from '../../app/i18n.tsx';
import { toast } from '../../app/toasts.ts';
import { Select } from '../../ui/Select.tsx';
import { Chip, EmptyState } from '../../ui/Surface.tsx';
import { SearchField } from '../../ui/TextField.tsx';
import { VirtualList } from '../../ui/VirtualList.tsx';
import { useMerge } from '../open-merge.ts';
import { waits } from '../parts/passage-state.ts';
import { Done } from './Done.tsx';
import './ledger.css';
import { LedgerRow } from './LedgerRow.tsx';
import { useLedger } from './use-ledger.ts';

export function LedgerTab({ place }: { readonly place: string | null }) {
  const { t, number, compare } = useText();
  const { view } = useMerge();
  const [states, setStates] = useState<readonly PassageState[]>([]);
  const [delegation, setDelegation] = useState('');
  const [question, setQuestion] = useState('');
  const [typed, setTyped] = useState('');
  const text = useDeferredValue(typed.trim());
  const ledger = useLedger({ states, delegation, question, text });
  const { rows, total, allCounts } = ledger;
  const [current, setCurrent] = useState<string | null>(place);
  const [moved, setMoved] = useState(0);
  const at = useMemo(() => rows.findIndex((row) => `${row.entry}/${row.passage}` === current), [rows, current]);
  // A passage that was asked for may stand further down than what has been loaded.
  const { loadMore } = ledger;
  useEffect(() => {
    if (current !== null && at < 0 && rows.length < total && current === place) loadMore();
  }, [current, at, rows.length, total, place, loadMore]);

  const goTo = (index: number): void => {
    const row = rows[index];
    if (!row) return;
    setCurrent(`${row.entry}/${row.passage}`);
    setMoved((count) => count + 1);
  };
  const toNext = (): void => {
    const after = rows.findIndex((row, index) => index > at && waits(row.state));
    const next = after >= 0 ? after : rows.findIndex((row) => waits(row.state));
    if (next >= 0) goTo(next);
    else if ((allCounts.untreated ?? 0) + (allCounts.disputed ?? 0) > 0) setStates(['untreated', 'disputed']);
    else toast({ text: t('merging.next.none') });
  };
  const search = useRef<HTMLInputElement>(null);
  useCommand({ id: 'merging.ledger.next', title: t('merging.next'), key: 'n', run: toNext });
  useCommand({
    id: 'merging.ledger.down',
    title: t('merging.down'),
    key: 'j',
    hidden: true,
    run: () => goTo(Math.min(rows.length - 1, at + 1)),
  });
  useCommand({
    id: 'merging.ledger.up',
    title: t('merging.up'),
    key: 'k',
    hidden: true,
    run: () => goTo(Math.max(0, at - 1)),
  });
  useCommand({
    id: 'merging.ledger.search',
    title: t('merging.ledger.search'),
    key: '/',
    run: () => search.current?.focus(),
  });

  const toggle = (state: PassageState): void =>
    setStates(states.includes(state) ? states.filter((one) => one !== state) : [...states, state]);
  const delegations = view.grid.map((row) => row.delegation).toSorted(compare);
  return (
    <div className="ledger">
      <header className="ledger-head">
        <Done counts={allCounts} />
        <div className="ledger-filters" role="group" aria-label={t('merging.ledger.states')}>
          {passageStates.map((state) => {
            const count = allCounts[state] ?? 0;
            if (count === 0 && !states.includes(state)) return null;
            return (
              <Chip key={state} isOn={states.includes(state)} onPress={() => toggle(state)}>
                {t(`merging.state.${state}`)} {number(count)}
              </Chip>
            );
          })}
        </div>
        <div className="ledger-filters">
          <Select
            label={t('merging.ledger.delegation')}
            hideLabel
            value={delegation}
            onChange={setDelegation}
            options={[
              { id: '', label: t('merging.ledger.delegation.all') },
              ...delegations.map((name) => ({ id: name, label: name })),
            ]}
          />
          <Select
            label={t('merging.ledger.question')}
            hideLabel
            value={question}
            onChange={setQuestion}
            options={[
              { id: '', label: t('merging.ledger.question.all') },
              ...view.questions.map((one) => ({ id: one.key, label: `${one.number}. ${one.text}` })),
            ]}
          />
          <SearchField
            label={t('merging.ledger.search')}
            placeholder={t('merging.ledger.search')}
            clearLabel={t('app.clear')}
            icon={Search}
            value={typed}
            onChange={setTyped}
            inputRef={search}
          />
          <span className="wb-quiet" role="status">
            {ledger.loading && total === 0 ? t('app.loading') : t('merging.ledger.shown', { count: total })}
          </span>
        </div>
      </header>
      {ledger.error ? <ErrorNotice error={ledger.error} onRetry={ledger.reload} /> : null}
      {!ledger.loading && rows.length === 0 ? (
        <EmptyState icon={ScrollText} title={t('merging.ledger.empty.title')}>
          {t('merging.ledger.empty.detail')}
        </EmptyState>
      ) : (
        <VirtualList
          label={t('merging.tab.ledger')}
          items={rows}
          keyOf={(row) => `${row.entry}/${row.passage}`}
          estimate={84}
          {...(at >= 0 ? { scrollTo: at } : {})}
          render={(row, index) => (
            <LedgerRow
              row={row}
              isCurrent={index === at}
              isStop={index === at || (at < 0 && index === 0)}
              moved={moved}
              onFocus={() => setCurrent(`${row.entry}/${row.passage}`)}
              onStep={(by) => goTo(index + by)}
              onSeen={index === rows.length - 1 && rows.length < total ? ledger.loadMore : null}
            />
          )}
        />
      )}
    </div>
  );
}
