import {
  $createTextNode,
  $getRoot,
  $getSelection,
  $isRangeSelection,
  CONTROLLED_TEXT_INSERTION_COMMAND,
  DELETE_CHARACTER_COMMAND,
  type LexicalEditor,
} from 'lexical';
import { describe, expect, it } from 'vitest';
import { inlineText } from '../../../shared/drafting/inline.ts';
import { newDraftEditor } from '../testing/bound-draft.ts';
import { $createBlockNode, $isBlockNode, type BlockNode } from './block-node.ts';
import { $createFixedNode } from './fixed-node.ts';
import { registerKeepQuestions } from './keep-questions.ts';

type Line = readonly ['question' | 'section' | 'paragraph' | 'listItem', string];

function editorWith(...lines: readonly Line[]): { editor: LexicalEditor; kept: () => number } {
  const editor = newDraftEditor();
  let kept = 0;
  registerKeepQuestions(editor, () => void (kept += 1));
  editor.update(
    () => {
      const root = $getRoot().clear();
      for (const [kind, text] of lines) {
        if (kind === 'question') root.append($createFixedNode({ kind, number: '1' }, inlineText(text), ''));
        else {
          const style =
            kind === 'section'
              ? ({ kind, key: 'purpose' } as const)
              : kind === 'listItem'
                ? ({ kind, list: 'bullet', depth: 0 } as const)
                : ({ kind } as const);
          const block = $createBlockNode(style);
          root.append(text === '' ? block : block.append($createTextNode(text)));
        }
      }
    },
    { discrete: true },
  );
  return { editor, kept: () => kept };
}

const shown = (editor: LexicalEditor): string[] =>
  editor.read(() =>
    $getRoot()
      .getChildren()
      .map((node) => `${$isBlockNode(node) ? '' : 'Q '}${node.getTextContent()}`),
  );

/** Selects from an offset of one line to an offset of another, backward if asked. */
function select(editor: LexicalEditor, from: [number, number], to: [number, number], isBackward = false): void {
  editor.update(
    () => {
      const point = ([line, offset]: [number, number]): [string, number, 'text' | 'element'] => {
        const block = $getRoot().getChildAtIndex(line) as BlockNode;
        const text = block.getFirstChild();
        return text === null ? [block.getKey(), 0, 'element'] : [text.getKey(), offset, 'text'];
      };
      const selection = ($getRoot().getChildAtIndex(from[0]) as BlockNode).selectStart();
      const [anchor, focus] = isBackward ? [to, from] : [from, to];
      selection.anchor.set(...point(anchor));
      selection.focus.set(...point(focus));
    },
    { discrete: true },
  );
}

function press(editor: LexicalEditor): void {
  editor.update(() => void editor.dispatchCommand(DELETE_CHARACTER_COMMAND, true), { discrete: true });
}

const caretText = (editor: LexicalEditor): [string, number] | null =>
  editor.read(() => {
    const selection = $getSelection();
    if (!$isRangeSelection(selection) || !selection.isCollapsed()) return null;
    return [selection.focus.getNode().getTextContent(), selection.focus.offset];
  });

describe('a selection over questions', () => {
  it.each([false, true])('leaves the question and joins nothing across it (backward: %s)', (isBackward) => {
    const { editor, kept } = editorWith(
      ['question', 'one?'],
      ['paragraph', 'answer one'],
      ['paragraph', 'more'],
      ['question', 'two?'],
      ['paragraph', 'answer two'],
    );
    select(editor, [1, 6], [4, 7], isBackward);
    press(editor);
    expect(shown(editor)).toEqual(['Q one?', 'answer', 'Q two?', 'two']);
    expect(caretText(editor)).toEqual(['answer', 6]);
    expect(kept()).toBe(1);
  });

  it('leaves a place to write under every question when all is selected', () => {
    const { editor } = editorWith(
      ['question', 'one?'],
      ['listItem', 'answer'],
      ['paragraph', 'more'],
      ['question', 'two?'],
      ['paragraph', 'answer two'],
    );
    editor.update(() => void $getRoot().select(0, 5), { discrete: true });
    press(editor);
    expect(shown(editor)).toEqual(['Q one?', '', 'Q two?', '']);
  });

  it('leaves the name of a part that stands inside it', () => {
    const { editor } = editorWith(
      ['section', 'Purpose'],
      ['paragraph', 'why'],
      ['section', 'Proposal'],
      ['paragraph', 'what'],
    );
    select(editor, [1, 0], [3, 2]);
    press(editor);
    expect(shown(editor)).toEqual(['Purpose', '', 'Proposal', 'at']);
  });

  it('goes on with what is typed over it where it began', () => {
    const { editor } = editorWith(['paragraph', 'before'], ['question', 'q?'], ['paragraph', 'after']);
    select(editor, [0, 3], [2, 2]);
    editor.update(() => void editor.dispatchCommand(CONTROLLED_TEXT_INSERTION_COMMAND, 'X'), { discrete: true });
    expect(shown(editor)).toEqual(['befX', 'Q q?', 'ter']);
  });

  it('is deleted as ever where no question is in it', () => {
    const { editor, kept } = editorWith(['question', 'q?'], ['paragraph', 'one'], ['paragraph', 'two']);
    select(editor, [1, 1], [2, 1]);
    press(editor);
    expect(shown(editor)).toEqual(['Q q?', 'owo']);
    expect(kept()).toBe(0);
  });
});
