/** The footnotes at the end of the page, in the order of their marks, edited in place. */
import { useEffect, useRef } from 'react';
import { useText } from '../../app/i18n.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import type { RecordId } from '../../../shared/ids.ts';
import { headsOf, useSettle } from '../cards/BlockCards.tsx';
import { VersionsCard } from '../cards/VersionsCard.tsx';
import { InlineEditor } from './InlineEditor.tsx';
import { InlineText } from '../../app/InlineText.tsx';
import { useDraftState, useOpenDraft, usePageState } from './open-draft.ts';

export function FootnotesArea() {
  const { t } = useText();
  const order = useDraftState((state) => state.noteOrder);
  if (order.length === 0) return null;
  return (
    <section className="draft-footnotes" aria-label={t('drafting.footnotes')}>
      <ol>
        {order.map((id, at) => (
          <Footnote key={id} id={id} number={at + 1} />
        ))}
      </ol>
    </section>
  );
}

function Footnote({ id, number }: { readonly id: RecordId; readonly number: number }) {
  const { t } = useText();
  const { editor, binding, page, undo, redo, view } = useOpenDraft();
  const note = useDraftState((state) => state.footnotes.get(id));
  const isOpen = usePageState((state) => state.openNote === id);
  const { isBusy, settle } = useSettle(id);
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isOpen) item.current?.scrollIntoView({ block: 'nearest' });
  }, [isOpen]);
  const content = note?.content ?? [];
  const label = t('drafting.footnote.label', { number });
  const conflict = note?.conflict ?? null;
  const toMark = (): void => {
    page.setState({ openNote: null });
    const mark = editor.getRootElement()?.querySelector<HTMLElement>(`[data-note="${id}"]`);
    mark?.scrollIntoView({ block: 'center' });
    editor.focus();
  };
  return (
    <li ref={item}>
      <LinkButton className="draft-footnote-number" label={t('drafting.footnote.back', { number })} onPress={toMark}>
        {number}
      </LinkButton>
      {isOpen && view.mayEdit ? (
        <InlineEditor
          label={label}
          content={content}
          onChange={(next) => binding.setFootnote(id, next)}
          onLeave={toMark}
          onUndo={(which) => void (which === 'undo' ? undo() : redo())}
        />
      ) : (
        <div
          className="draft-footnote-text"
          role="textbox"
          tabIndex={0}
          aria-label={label}
          aria-readonly={!view.mayEdit}
          dir="auto"
          lang={view.summary.language}
          onFocus={() => page.setState({ openNote: id })}
        >
          {content.length === 0 ? <span className="draft-hint">{t('drafting.footnote.empty')}</span> : null}
          <InlineText content={content} />
        </div>
      )}
      {conflict === null ? null : (
        <VersionsCard
          conflict={conflict}
          title={t('drafting.versions.footnote', { number })}
          isBusy={isBusy}
          onSettle={(choice) => void settle(choice, headsOf(conflict))}
        />
      )}
    </li>
  );
}
