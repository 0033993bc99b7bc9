/** Everything that stands under a block and asks: versions of its text, cells or style, two places, a contested removal. */
import { useState } from 'react';
import { createPortal } from 'react-dom';
import { useText } from '../../app/i18n.tsx';
import { toastError } from '../../app/toasts.ts';
import { Button } from '../../ui/Button.tsx';
import type { RecordId, VersionId } from '../../../shared/ids.ts';
import { hasCards } from '../binding/draft-store.ts';
import type { BlockView, SettleChoice, TextConflict } from '../contract-types.ts';
import { cardContainer } from '../editor/card-hosts.ts';
import { styleName } from '../page/style-names.ts';
import { useDraftState, useOpenDraft } from '../page/open-draft.ts';
import { authorLine, VersionsCard } from './VersionsCard.tsx';

export function BlockCards() {
  const views = useDraftState((state) => state.views);
  const { editor } = useOpenDraft();
  return [...views.values()]
    .filter(hasCards)
    .map((view) => createPortal(<Cards view={view} />, cardContainer(editor, view.id), view.id));
}

interface Place {
  readonly row: string;
  readonly column: string;
}

/** Settling goes out after what was typed, over every version that the card shows. */
export function useSettle(block: RecordId) {
  const open = useOpenDraft();
  const [isBusy, setBusy] = useState(false);
  const settle = async (choice: SettleChoice, heads: readonly VersionId[], place?: Place): Promise<void> => {
    setBusy(true);
    try {
      await open.binding.flush();
      await open.client.settle({ session: open.binding.session(), block, ...place, choice, heads: [...heads] });
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, settle };
}

export const headsOf = (conflict: TextConflict): VersionId[] => conflict.versions.flatMap((version) => version.heads);

function Cards({ view }: { readonly view: BlockView }) {
  const text = useText();
  const { t } = text;
  const { binding } = useOpenDraft();
  const { isBusy, settle } = useSettle(view.id);
  const { textConflict, styleConflict, removalContested } = view;
  const keepPlace = (): void => {
    const order = binding.blocks().map((block) => block.id);
    const after = order[order.indexOf(view.id) - 1] ?? null;
    void binding.post([{ op: 'move', block: view.id, after, heads: view.heads.place }]);
  };
  return (
    <>
      {textConflict === null ? null : (
        <VersionsCard
          conflict={textConflict}
          title={t('drafting.versions.title', { count: textConflict.versions.length })}
          isBusy={isBusy}
          onSettle={(choice) => void settle(choice, headsOf(textConflict))}
        />
      )}
      {Object.entries(view.table?.cells ?? {}).map(([key, cell]) => {
        const [row = '', column = ''] = key.split(':');
        const { conflict } = cell;
        if (conflict === null || view.table === null) return null;
        const at = {
          row: view.table.rows.findIndex((one) => one.id === row) + 1,
          column: view.table.columns.findIndex((one) => one.id === column) + 1,
        };
        return (
          <VersionsCard
            key={key}
            conflict={conflict}
            title={t('drafting.versions.cell', at)}
            isBusy={isBusy}
            onSettle={(choice) => void settle(choice, headsOf(conflict), { row, column })}
          />
        );
      })}
      {styleConflict === null ? null : (
        <section className="draft-card" data-tone="warn" aria-label={t('drafting.style.title')}>
          <h3>{t('drafting.style.title')}</h3>
          <div className="draft-card-actions">
            {styleConflict.map((version) => (
              <Button
                key={version.heads.join()}
                size="small"
                isDisabled={isBusy}
                onPress={() =>
                  void settle(
                    { kind: 'style', style: version.style },
                    styleConflict.flatMap((one) => one.heads),
                  )
                }
              >
                {t('drafting.style.keep', {
                  style: styleName(t, version.style),
                  name: authorLine(text, version.author),
                })}
              </Button>
            ))}
          </div>
        </section>
      )}
      {view.placeConflict ? (
        <section className="draft-card" data-tone="warn" aria-label={t('drafting.place.title')}>
          <p>{t('drafting.place.title')}</p>
          <div className="draft-card-actions">
            <Button size="small" onPress={keepPlace}>
              {t('drafting.place.keep')}
            </Button>
          </div>
        </section>
      ) : null}
      {removalContested === null ? null : (
        <section className="draft-card" data-tone="warn" aria-label={t('drafting.removal.label')}>
          <p>
            {removalContested.me
              ? t('drafting.removal.mine')
              : t('drafting.removal.theirs', { name: authorLine(text, removalContested) })}
          </p>
          <div className="draft-card-actions">
            <Button size="small" isDisabled={isBusy} onPress={() => void settle({ kind: 'keepBlock' }, view.heads.all)}>
              {t('drafting.removal.keep')}
            </Button>
            <Button
              size="small"
              isDisabled={isBusy}
              onPress={() => void settle({ kind: 'keepRemoved' }, view.heads.all)}
            >
              {t('drafting.removal.remove')}
            </Button>
          </div>
        </section>
      )}
    </>
  );
}
