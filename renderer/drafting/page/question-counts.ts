/** Writes beside each question how many words answer it. In the DOM, as Lexical redraws a question whenever it likes. */
import { mergeRegister } from '@lexical/utils';
import { $getRoot } from 'lexical';
import { useEffect } from 'react';
import { useText } from '../../app/i18n.tsx';
import { $blockId } from '../editor/block-state.ts';
import { $isFixedNode, FixedNode } from '../editor/fixed-node.ts';
import { limitState, type Part } from './answers.ts';
import { useOpenDraft } from './open-draft.ts';
import { countWords } from './WordCount.tsx';

export function useQuestionCounts(parts: readonly Part[]): void {
  const { t } = useText();
  const { editor } = useOpenDraft();
  useEffect(() => {
    const byId = new Map<string, Part>(parts.map((part) => [part.id, part]));
    const write = (): void => {
      editor.read(() => {
        for (let node = $getRoot().getFirstChild(); node !== null; node = node.getNextSibling()) {
          if (!$isFixedNode(node)) continue;
          const heading = editor.getElementByKey(node.getKey())?.firstElementChild;
          const part = byId.get($blockId(node));
          if (!(heading instanceof HTMLElement) || part === undefined) continue;
          // An answer that nobody has begun needs no number.
          if (part.words === 0) {
            delete heading.dataset['words'];
            delete heading.dataset['state'];
            continue;
          }
          const words = countWords(t, part);
          if (heading.dataset['words'] !== words) heading.dataset['words'] = words;
          heading.dataset['state'] = limitState(part.words, part.wordLimit);
        }
      });
    };
    write();
    return mergeRegister(editor.registerMutationListener(FixedNode, write, { skipInitialization: true }));
  }, [editor, parts, t]);
}
