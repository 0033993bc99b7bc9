/** Questions and parts with their word counts, counted in pauses: never while a key is on its way to the screen. */
import { useEffect, useState } from 'react';
import { partsOf, totalWords, wordsInBlock, type Part } from './answers.ts';
import { useDraftState, useOpenDraft } from './open-draft.ts';

export interface Counted {
  readonly parts: readonly Part[];
  readonly words: number;
}

/** Blocks counted before the page is let go on; a long draft is counted in several such steps. */
const perStep = 150;

export function useParts(): Counted {
  const { binding, view } = useOpenDraft();
  const revision = useDraftState((state) => state.revision);
  const { language } = view.summary;
  const [counted, setCounted] = useState<Counted>({ parts: [], words: view.summary.words });
  useEffect(() => {
    let at = 0;
    let timer = 0;
    const step = (): void => {
      const blocks = binding.blocks();
      for (const { block } of blocks.slice(at, at + perStep)) wordsInBlock(block, language);
      at += perStep;
      if (at < blocks.length) timer = window.setTimeout(step, 0);
      else setCounted({ parts: partsOf(blocks, language), words: totalWords(blocks, language) });
    };
    timer = window.setTimeout(step, 0);
    return () => window.clearTimeout(timer);
  }, [binding, language, revision]);
  return counted;
}
