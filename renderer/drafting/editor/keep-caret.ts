/**
 * The caret stays where it was while the keyboard is elsewhere (the palette, a dialog, the toolbar): focusing an editable
 * element by program puts the browser's caret at its beginning, and the next key would be typed there.
 */
import { mergeRegister } from '@lexical/utils';
import {
  $getNodeByKey,
  $getSelection,
  $isRangeSelection,
  $setSelection,
  BLUR_COMMAND,
  COMMAND_PRIORITY_LOW,
  FOCUS_COMMAND,
  type LexicalEditor,
  type RangeSelection,
} from 'lexical';

export function registerKeepCaret(editor: LexicalEditor): () => void {
  let kept: RangeSelection | null = null;
  let byPointer = false;
  // A press puts the caret where it was made; its focus must not take it away again.
  const onDown = (): void => {
    byPointer = true;
    setTimeout(() => (byPointer = false));
  };
  return mergeRegister(
    editor.registerCommand(
      BLUR_COMMAND,
      () => {
        const selection = $getSelection();
        kept = $isRangeSelection(selection) ? selection.clone() : null;
        return false;
      },
      COMMAND_PRIORITY_LOW,
    ),
    editor.registerCommand(
      FOCUS_COMMAND,
      () => {
        const now = $getSelection();
        // Whoever set another selection meanwhile (an inserted link, an undone step) meant it.
        const isMine = kept !== null && (now === null || kept.is(now));
        const isThere = kept !== null && [kept.anchor, kept.focus].every((point) => $getNodeByKey(point.key) !== null);
        if (isMine && isThere && !byPointer) $setSelection(kept!.clone());
        kept = null;
        return false;
      },
      COMMAND_PRIORITY_LOW,
    ),
    editor.registerRootListener((root, previous) => {
      previous?.removeEventListener('pointerdown', onDown, true);
      root?.addEventListener('pointerdown', onDown, true);
    }),
  );
}
