/**
 * The question that is being answered stays in sight over its answer while one scrolls, with the words written so far. It
 * is a line of the page's own over the text, so that questions of different height never cover each other.
 */
import { useEffect, useState, type RefObject } from 'react';
import { useText } from '../../app/i18n.tsx';
import { selectBlock } from '../editor/block-commands.ts';
import type { Part } from './answers.ts';
import { useOpenDraft } from './open-draft.ts';
import { WordCount } from './WordCount.tsx';

/** A little more than the bar is high. */
const barPx = 40;

export function AnswerBar({
  parts,
  scroller,
}: {
  readonly parts: readonly Part[];
  readonly scroller: RefObject<HTMLElement | null>;
}) {
  const { t } = useText();
  const { editor } = useOpenDraft();
  const [current, setCurrent] = useState(-1);
  const questions = parts.filter((part) => part.kind !== 'heading');
  useEffect(() => {
    const area = scroller.current;
    if (area === null) return undefined;
    let frame = 0;
    const look = (): void => {
      frame = 0;
      const top = area.getBoundingClientRect().top;
      const heads = editor.getRootElement()?.querySelectorAll('.draft-question, .draft-section') ?? [];
      let found = -1;
      for (const head of heads) {
        const box = head.getBoundingClientRect();
        // It is out of sight when the bar covers it.
        if (box.bottom > top + barPx) break;
        found += 1;
      }
      setCurrent(found);
    };
    const later = (): void => {
      frame ||= requestAnimationFrame(look);
    };
    area.addEventListener('scroll', later, { passive: true });
    later();
    return () => {
      area.removeEventListener('scroll', later);
      cancelAnimationFrame(frame);
    };
  }, [editor, scroller, questions.length]);
  const part = questions[current];
  if (part === undefined) return null;
  return (
    <div className="draft-answer-bar no-print" data-kind={part.kind}>
      <button type="button" onClick={() => selectBlock(editor, part.id)} title={t('drafting.question.go')}>
        {part.number === '' ? null : <span className="draft-question-number">{part.number}</span>}
        <span dir="auto">{part.title}</span>
      </button>
      <WordCount part={part} />
    </div>
  );
}
