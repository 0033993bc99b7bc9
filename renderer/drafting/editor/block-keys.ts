/**
 * The keys of the editor, and what Enter, Backspace and Delete do at the edges of blocks: a list item goes out of its list
 * before it is joined to anything, and nothing is joined to a question, a section or a table.
 */
import { mergeRegister } from '@lexical/utils';
import {
  $getNodeByKey,
  $getSelection,
  $isNodeSelection,
  $isRangeSelection,
  COMMAND_PRIORITY_HIGH,
  COMMAND_PRIORITY_LOW,
  DELETE_CHARACTER_COMMAND,
  DELETE_LINE_COMMAND,
  DELETE_WORD_COMMAND,
  INDENT_CONTENT_COMMAND,
  INSERT_LINE_BREAK_COMMAND,
  INSERT_PARAGRAPH_COMMAND,
  KEY_DOWN_COMMAND,
  KEY_ESCAPE_COMMAND,
  KEY_TAB_COMMAND,
  OUTDENT_CONTENT_COMMAND,
  type LexicalEditor,
  type LexicalNode,
  type RangeSelection,
} from 'lexical';
import { $findCellNode } from '@lexical/table';
import type { BlockStyle } from '../../../shared/drafting/block.ts';
import { $changeDepth, $moveBlock, $removeBlock, $toggleBlockStyle } from './block-commands.ts';
import { $createBlockNode, $isBlockNode, $topLevel, type BlockNode } from './block-node.ts';
import { $caretOffset, $caretSize } from './caret.ts';
import { $isFixedNode } from './fixed-node.ts';

/** What a chord asks for that is not an editor command but something of the page. */
export interface KeyActions {
  undo(): void;
  redo(): void;
  footnote(): void;
}

function $caretBlock(selection: RangeSelection): BlockNode | null {
  const top = $topLevel($getNodeByKey(selection.focus.key));
  return $isBlockNode(top) ? top : null;
}

/** Whether the caret is collapsed at the start or end of its block. */
function $isAt(selection: RangeSelection, block: BlockNode, edge: 'start' | 'end'): boolean {
  return selection.isCollapsed() && $caretOffset(block, selection.focus) === (edge === 'start' ? 0 : $caretSize(block));
}

/** Questions, sections and tables do not take another block's text in. */
function $takesText(node: LexicalNode | null): boolean {
  return $isBlockNode(node) && node.getBlockStyle().kind !== 'section';
}

function $backAtStart(block: BlockNode): boolean {
  const style = block.getBlockStyle();
  if (style.kind === 'listItem') return $changeDepth(-1);
  if (style.kind === 'section') return true;
  if (style.kind === 'heading' || style.kind === 'quotation') {
    block.setBlockStyle({ kind: 'paragraph' });
    return true;
  }
  const previous = block.getPreviousSibling();
  if ($takesText(previous)) return false;
  // Before it stands something that takes no text in: an empty paragraph goes, unless it is all there is to write in.
  if (block.isEmpty() && ($isBlockNode(previous) || $isBlockNode(block.getNextSibling()))) $removeBlock(block);
  return true;
}

function $deleteAtEnd(block: BlockNode): boolean {
  const next = block.getNextSibling();
  return !($takesText(next) && block.getBlockStyle().kind !== 'section');
}

function $onDelete(isBackward: boolean): boolean {
  const selection = $getSelection();
  if ($isNodeSelection(selection)) return selection.getNodes().some($isFixedNode);
  if (!$isRangeSelection(selection)) return false;
  const block = $caretBlock(selection);
  if (block === null) return false;
  if (isBackward && $isAt(selection, block, 'start')) return $backAtStart(block);
  if (!isBackward && $isAt(selection, block, 'end')) return $deleteAtEnd(block);
  return false;
}

function $onEnter(editor: LexicalEditor): boolean {
  const selection = $getSelection();
  if (!$isRangeSelection(selection)) return false;
  if ($findCellNode(selection.focus.getNode()) !== null) {
    return editor.dispatchCommand(INSERT_LINE_BREAK_COMMAND, false);
  }
  const block = $caretBlock(selection);
  if (block === null || !selection.isCollapsed()) return false;
  const style = block.getBlockStyle();
  if (block.isEmpty()) {
    if (style.kind === 'listItem') return $changeDepth(-1);
    if (style.kind === 'quotation' || style.kind === 'heading') {
      block.setBlockStyle({ kind: 'paragraph' });
      return true;
    }
    return false;
  }
  if (!$isAt(selection, block, 'start')) return false;
  // Before the text: the text keeps its block and an empty one comes before it.
  const before: BlockStyle = style.kind === 'listItem' ? style : { kind: 'paragraph' };
  block.insertBefore($createBlockNode(before), false);
  return true;
}

interface Chord {
  readonly code: string;
  readonly shift?: boolean;
  readonly alt?: boolean;
  run(editor: LexicalEditor): void;
}

const style = (to: BlockStyle): ((editor: LexicalEditor) => void) => {
  return (editor) => editor.update(() => $toggleBlockStyle(to));
};

function chords(actions: KeyActions): readonly Chord[] {
  return [
    { code: 'KeyZ', run: actions.undo },
    { code: 'KeyZ', shift: true, run: actions.redo },
    { code: 'KeyY', run: actions.redo },
    { code: 'Digit0', alt: true, run: (editor) => editor.update(() => $toggleBlockStyle({ kind: 'paragraph' })) },
    { code: 'Digit1', alt: true, run: style({ kind: 'heading', level: 1 }) },
    { code: 'Digit2', alt: true, run: style({ kind: 'heading', level: 2 }) },
    { code: 'Digit3', alt: true, run: style({ kind: 'heading', level: 3 }) },
    { code: 'KeyQ', alt: true, run: style({ kind: 'quotation' }) },
    { code: 'Digit7', shift: true, run: style({ kind: 'listItem', list: 'number', depth: 0 }) },
    { code: 'Digit8', shift: true, run: style({ kind: 'listItem', list: 'bullet', depth: 0 }) },
    { code: 'Digit9', shift: true, run: style({ kind: 'listItem', list: 'letter', depth: 0 }) },
    { code: 'KeyF', alt: true, run: actions.footnote },
  ];
}

function codeOf(event: KeyboardEvent): string {
  // A Latin layout that is not QWERTY (AZERTY's z and w) is followed by its letters, every other by the place of the key.
  return /^[a-z]$/i.test(event.key) ? `Key${event.key.toUpperCase()}` : event.code;
}

export function registerBlockKeys(editor: LexicalEditor, actions: KeyActions): () => void {
  const all = chords(actions);
  const onDelete = (isBackward: boolean): boolean => $onDelete(isBackward);
  return mergeRegister(
    editor.registerCommand(
      KEY_DOWN_COMMAND,
      (event) => {
        if (event.altKey && event.shiftKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
          event.preventDefault();
          editor.update(() => $moveBlock(event.key === 'ArrowUp' ? -1 : 1));
          return true;
        }
        if (event.altKey && event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
          // The page's own key: here it must only not break the paragraph.
          return true;
        }
        if (!(event.ctrlKey || event.metaKey)) return false;
        const code = codeOf(event);
        const chord = all.find(
          (one) => one.code === code && (one.shift ?? false) === event.shiftKey && (one.alt ?? false) === event.altKey,
        );
        if (chord === undefined) return false;
        event.preventDefault();
        chord.run(editor);
        return true;
      },
      COMMAND_PRIORITY_HIGH,
    ),
    editor.registerCommand(
      KEY_TAB_COMMAND,
      (event) => {
        const selection = $getSelection();
        if (!$isRangeSelection(selection) || $findCellNode(selection.focus.getNode()) !== null) return false;
        if (!$changeDepth(event.shiftKey ? -1 : 1)) return false;
        event.preventDefault();
        return true;
      },
      COMMAND_PRIORITY_LOW,
    ),
    // Leaving the text is the page's to do, one step at a time; Lexical would only let go of the focus.
    editor.registerCommand(KEY_ESCAPE_COMMAND, () => true, COMMAND_PRIORITY_LOW),
    // Lexical's own indent is no part of a draft.
    editor.registerCommand(INDENT_CONTENT_COMMAND, () => true, COMMAND_PRIORITY_LOW),
    editor.registerCommand(OUTDENT_CONTENT_COMMAND, () => true, COMMAND_PRIORITY_LOW),
    editor.registerCommand(INSERT_PARAGRAPH_COMMAND, () => $onEnter(editor), COMMAND_PRIORITY_LOW),
    editor.registerCommand(DELETE_CHARACTER_COMMAND, onDelete, COMMAND_PRIORITY_LOW),
    editor.registerCommand(DELETE_WORD_COMMAND, onDelete, COMMAND_PRIORITY_LOW),
    editor.registerCommand(DELETE_LINE_COMMAND, onDelete, COMMAND_PRIORITY_LOW),
  );
}
