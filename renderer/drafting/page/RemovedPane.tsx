/** Blocks that were removed from the draft, newest first, to bring back. */
import { Eraser, RotateCcw, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { askErase } from '../../app/EraseDialog.tsx';
import { ErrorNotice } from '../../app/ErrorNotice.tsx';
import { useText } from '../../app/i18n.tsx';
import { MarginPane } from '../../app/panes.tsx';
import { Button, IconButton } from '../../ui/Button.tsx';
import { plainText } from '../../../shared/drafting/inline.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { authorLine } from '../cards/VersionsCard.tsx';
import type { DraftsClient } from '../contract-types.ts';
import { selectBlock } from '../editor/block-commands.ts';
import { InlineText } from '../../app/InlineText.tsx';
import { useDraftState, useOpenDraft } from './open-draft.ts';

type Removed = Awaited<ReturnType<DraftsClient['removedBlocks']>>['blocks'];

export function RemovedPane() {
  const text = useText();
  const { t } = text;
  const open = useOpenDraft();
  const revision = useDraftState((state) => state.revision);
  const [blocks, setBlocks] = useState<Removed | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    let outdated = false;
    open.client.removedBlocks({ draft: open.id }).then(
      (result) => {
        if (!outdated) setBlocks(result.blocks);
      },
      (thrown: unknown) => {
        if (!outdated) setError(thrown);
      },
    );
    return () => {
      outdated = true;
    };
  }, [open, revision]);

  const bringBack = async (block: RecordId): Promise<void> => {
    const { current } = open.binding.store.getState();
    const after = current ?? open.binding.blocks().at(-1)?.id ?? null;
    if (!(await open.binding.post([{ op: 'revive', block, after }]))) return;
    selectBlock(open.editor, block);
  };

  const erase = (block: RecordId): void =>
    askErase({
      circle: open.view.summary.circle,
      what: t('drafting.removed.erase.what'),
      records: async () => [block],
    });

  return (
    <MarginPane label={t('drafting.removed')}>
      <section className="draft-margin" aria-label={t('drafting.removed')}>
        <header>
          <h2>{t('drafting.removed')}</h2>
          <IconButton
            icon={X}
            label={t('app.close')}
            size="small"
            tipPlacement="bottom"
            onPress={() => open.page.setState({ margin: 'none' })}
          />
        </header>
        {error === null ? null : <ErrorNotice error={error} />}
        {blocks?.length === 0 ? <p className="draft-hint">{t('drafting.removed.none')}</p> : null}
        <ol className="draft-history">
          {(blocks ?? []).map(({ block, content, by, at }) => (
            <li key={block} className="draft-card">
              <p className="draft-version-by">
                <strong>{authorLine(text, by)}</strong> <span>{text.moment(at)}</span>
              </p>
              <p className="draft-version-text" dir="auto">
                {plainText(content) === '' ? <em>{t('drafting.versions.empty')}</em> : <InlineText content={content} />}
              </p>
              <Button size="small" icon={RotateCcw} onPress={() => void bringBack(block)}>
                {t('drafting.removed.bringBack')}
              </Button>
              {by.me ? (
                <Button size="small" variant="quiet" icon={Eraser} onPress={() => erase(block)}>
                  {t('drafting.removed.erase')}
                </Button>
              ) : null}
            </li>
          ))}
        </ol>
      </section>
    </MarginPane>
  );
}
