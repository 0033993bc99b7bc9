/** Who changed the current block, when and how; any earlier version can be brought back as a new one. */
import { RotateCcw, X } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { ErrorNotice } from '../../app/ErrorNotice.tsx';
import { useText } from '../../app/i18n.tsx';
import { MarginPane } from '../../app/panes.tsx';
import { toast, toastError } from '../../app/toasts.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import type { RecordId } from '../../../shared/ids.ts';
import { authorLine } from '../cards/VersionsCard.tsx';
import type { HistoryEntry } from '../contract-types.ts';
import { DifferenceText } from '../../app/InlineText.tsx';
import { useDraftState, useOpenDraft } from './open-draft.ts';

export function HistoryPane() {
  const { t } = useText();
  const { page } = useOpenDraft();
  const current = useDraftState((state) => state.current);
  return (
    <MarginPane label={t('drafting.history')}>
      <section className="draft-margin" aria-label={t('drafting.history')}>
        <header>
          <h2>{t('drafting.history')}</h2>
          <IconButton
            icon={X}
            label={t('app.close')}
            size="small"
            tipPlacement="bottom"
            onPress={() => page.setState({ margin: 'none' })}
          />
        </header>
        {current === null ? <p className="draft-hint">{t('drafting.history.choose')}</p> : <Versions block={current} />}
      </section>
    </MarginPane>
  );
}

function Versions({ block }: { readonly block: RecordId }) {
  const text = useText();
  const { t } = text;
  const open = useOpenDraft();
  const revision = useDraftState((state) => state.revision);
  const view = useDraftState((state) => state.views.get(block));
  const [entries, setEntries] = useState<readonly HistoryEntry[] | null>(null);
  const [error, setError] = useState<unknown>(null);

  const load = useCallback(() => {
    let outdated = false;
    open.client.history({ block }).then(
      (result) => {
        if (outdated) return;
        setEntries(result.entries);
        setError(null);
      },
      (thrown: unknown) => {
        if (!outdated) setError(thrown);
      },
    );
    return () => {
      outdated = true;
    };
  }, [open, block]);
  useEffect(load, [load, revision]);

  const bringBack = async (entry: HistoryEntry): Promise<void> => {
    try {
      await open.binding.flush();
      const heads = [...(open.binding.store.getState().views.get(block)?.heads.text ?? [])];
      await open.client.restoreVersion({ session: open.binding.session(), block, version: entry.version, heads });
      toast({ text: t('drafting.history.restored'), undo: () => void open.undo() });
      load();
    } catch (thrown) {
      toastError(thrown);
    }
  };

  if (error !== null) return <ErrorNotice error={error} onRetry={load} />;
  if (entries === null) return <p className="draft-hint">{t('app.loading')}</p>;
  if (entries.length === 0) return <p className="draft-hint">{t('drafting.history.none')}</p>;
  return (
    <ol className="draft-history" aria-busy={view?.pending}>
      {entries.map((entry) => (
        <li key={entry.version} className="draft-card">
          <p className="draft-version-by">
            <strong>{authorLine(text, entry.author)}</strong> <span>{text.moment(entry.at)}</span>
          </p>
          {entry.erased ? (
            <p className="draft-hint">{t('drafting.history.erased')}</p>
          ) : (
            <p className="draft-version-text" dir="auto">
              {entry.difference.length === 0 ? (
                <em className="draft-hint">{t('drafting.versions.empty')}</em>
              ) : (
                <DifferenceText difference={entry.difference} />
              )}
            </p>
          )}
          {entry.incomplete ? <p className="draft-hint">{t('drafting.history.incomplete')}</p> : null}
          {entry.isHead || entry.erased ? (
            <p className="draft-hint">{entry.isHead ? t('drafting.history.now') : null}</p>
          ) : (
            <Button size="small" icon={RotateCcw} onPress={() => void bringBack(entry)}>
              {t('drafting.history.bringBack')}
            </Button>
          )}
        </li>
      ))}
    </ol>
  );
}
