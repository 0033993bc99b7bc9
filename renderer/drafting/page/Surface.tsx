/** The element that Lexical writes into. React renders it once and never looks inside. */
import { useEffect, useRef } from 'react';
import { useText } from '../../app/i18n.tsx';
import { BlockCards } from '../cards/BlockCards.tsx';
import { selectBeginning, selectBlock } from '../editor/block-commands.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { registerQuotationMarks } from './quotation-marks.ts';
import { useOpenDraft } from './open-draft.ts';

export function Surface({ block }: { readonly block: RecordId | null }) {
  const { t } = useText();
  const { editor, binding, view } = useOpenDraft();
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = root.current;
    editor.setRootElement(element);
    element?.style.setProperty('--answer-hint', JSON.stringify(t('drafting.empty.block')));
    const stop = registerQuotationMarks(editor, binding.store, (state) => t(`drafting.quotation.${state}`));
    return () => {
      stop();
      editor.setRootElement(null);
    };
  }, [editor, binding, t]);
  useEffect(() => {
    if (block !== null) {
      selectBlock(editor, block);
      return;
    }
    // Opening a draft is for writing in it, unless something else has been taken up meanwhile.
    const active = document.activeElement;
    const isFree = active === null || active === document.body || active.matches('[data-pane="work"]');
    if (!isFree || !view.mayEdit) return;
    const title = root.current?.closest('.draft-page')?.querySelector<HTMLElement>('.draft-title');
    if (view.title.value === '' && title) title.focus({ preventScroll: true });
    else selectBeginning(editor);
  }, [editor, block, view]);
  return (
    <>
      <div
        ref={root}
        className="draft-surface"
        data-pane-focus
        contentEditable={view.mayEdit}
        suppressContentEditableWarning
        role="textbox"
        aria-multiline="true"
        aria-label={t('drafting.surface')}
        lang={view.summary.language}
        dir={view.direction}
        spellCheck
      />
      <BlockCards />
    </>
  );
}
