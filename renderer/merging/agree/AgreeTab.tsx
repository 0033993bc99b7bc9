/**
 * Agreeing: sign-on, support and objection of each delegation on each paragraph of the common text, whether the rules of the
 * body are met and why, and silence procedures. A clock is shown; it decides nothing.
 */
import { Handshake } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { WorkbenchClient } from '../../../shared/contract/contract.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { useCommand } from '../../app/commands.ts';
import { ErrorNotice } from '../../app/ErrorNotice.tsx';
import { useText } from '../../app/i18n.tsx';
import { useLoaded } from '../../app/use-loaded.ts';
import { go, useView } from '../../app/view-state.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/Surface.tsx';
import { useMerge } from '../open-merge.ts';
import './agree.css';
import { ParagraphRow } from './ParagraphRow.tsx';
import { RulesCard } from './RulesCard.tsx';
import { Silences } from './Silences.tsx';
import { StancePane } from './StancePane.tsx';

export type Agreement = Awaited<ReturnType<WorkbenchClient['merging']['agreement']>>;
export type AgreedBlock = Agreement['blocks'][number];

/** The key of a paragraph in this window; the text as a whole has none of its own. */
export const blockKey = (block: RecordId | null): string => block ?? 'whole';

export function AgreeTab() {
  const { t } = useText();
  const { id, view, revision } = useMerge();
  const loaded = useLoaded((client) => client.merging.agreement({ merge: id }), [id, revision]);
  const [selected, setSelected] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const agreement = loaded.data;
  const blocks = useMemo(() => {
    const all = agreement?.blocks ?? [];
    // The text as a whole first: most sign on to that.
    return [...all.filter(({ block }) => block === null), ...all.filter(({ block }) => block !== null)];
  }, [agreement]);
  const at = blocks.findIndex(({ block }) => blockKey(block) === selected);
  const move = (by: number): void => {
    const next = blocks[Math.max(0, Math.min(blocks.length - 1, at + by))];
    if (!next) return;
    setSelected(blockKey(next.block));
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>('[aria-current]')?.focus());
  };
  useCommand({ id: 'merging.agree.down', title: t('merging.down'), key: 'j', hidden: true, run: () => move(1) });
  useCommand({ id: 'merging.agree.up', title: t('merging.up'), key: 'k', hidden: true, run: () => move(-1) });
  useCommand(
    selected === null
      ? null
      : { id: 'merging.agree.close', title: t('app.close'), key: 'Escape', hidden: true, run: () => setSelected(null) },
  );
  useEffect(() => {
    if (selected !== null) useView.setState({ marginOpen: true });
  }, [selected]);
  if (agreement === null) {
    return loaded.error ? (
      <ErrorNotice error={loaded.error} onRetry={loaded.reload} />
    ) : (
      <p className="app-waiting" role="status">
        {t('app.loading')}
      </p>
    );
  }
  const current = blocks[at];
  const hasText = blocks.some(({ block }) => block !== null);
  return (
    <div className="app-scroll">
      {loaded.error ? <ErrorNotice error={loaded.error} onRetry={loaded.reload} /> : null}
      {!hasText ? (
        <EmptyState
          icon={Handshake}
          title={t('merging.agree.empty.title')}
          actions={
            <Button variant="primary" onPress={() => go({ view: 'merge', merge: id, tab: 'board', place: null })}>
              {t('merging.grid.toBoard')}
            </Button>
          }
        >
          {t('merging.agree.empty.detail')}
        </EmptyState>
      ) : (
        <div className="agree">
          <RulesCard agreement={agreement} onChanged={loaded.reload} />
          <Silences blocks={blocks} />
          <section aria-label={t('merging.agree.paragraphs')} ref={list}>
            <h2>{t('merging.agree.paragraphs')}</h2>
            {blocks.map((block, index) => (
              <ParagraphRow
                key={blockKey(block.block)}
                block={block}
                number={view.questions.find((question) => question.key === block.question)?.number ?? ''}
                isCurrent={index === at}
                isStop={index === at || (at < 0 && index === 0)}
                onSelect={() => setSelected(blockKey(block.block))}
                onStep={move}
              />
            ))}
          </section>
        </div>
      )}
      {current ? (
        <StancePane
          key={blockKey(current.block)}
          block={current}
          agreement={agreement}
          onChanged={loaded.reload}
          onClose={() => setSelected(null)}
        />
      ) : null}
    </div>
  );
}
