/** The list pane of an open draft: its questions, parts and headings, each with the words under it. */
import { useText } from '../../app/i18n.tsx';
import { ListPane } from '../../app/panes.tsx';
import { selectBlock } from '../editor/block-commands.ts';
import { limitState, type Part } from './answers.ts';
import { useDraftState, useOpenDraft } from './open-draft.ts';

export function Outline({ parts }: { readonly parts: readonly Part[] }) {
  const { t, number } = useText();
  const { editor } = useOpenDraft();
  const current = useDraftState((state) => state.current);
  const order = useOpenDraft().binding.blocks();
  if (parts.length === 0) return null;
  const ids = order.map((block) => block.id);
  const at = current === null ? -1 : ids.indexOf(current);
  const open = parts.findLast((part) => ids.indexOf(part.id) <= at)?.id;
  return (
    <ListPane label={t('drafting.outline')}>
      <nav aria-label={t('drafting.outline')} className="draft-outline">
        <div className="app-list-head">{t('drafting.outline')}</div>
        <ul>
          {parts.map((part) => (
            <li key={part.id}>
              <button
                type="button"
                className="draft-outline-row"
                data-level={part.level}
                data-kind={part.kind}
                aria-current={part.id === open ? 'location' : undefined}
                onClick={() => selectBlock(editor, part.id)}
              >
                <span dir="auto" className="draft-outline-title">
                  {part.number === '' ? '' : `${part.number}. `}
                  {part.title}
                </span>
                {part.kind === 'heading' ? null : (
                  <span className="draft-outline-words" data-state={limitState(part.words, part.wordLimit)}>
                    {number(part.words)}
                  </span>
                )}
              </button>
            </li>
          ))}
        </ul>
      </nav>
    </ListPane>
  );
}
