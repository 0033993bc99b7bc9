/** A small editor for one run of inline content: a footnote. It saves through `onChange`, which is called as one types. */
import { buildEditorFromExtensions } from '@lexical/extension';
import { mergeRegister } from '@lexical/utils';
import {
  $getRoot,
  COMMAND_PRIORITY_HIGH,
  COMMAND_PRIORITY_LOW,
  defineExtension,
  INSERT_LINE_BREAK_COMMAND,
  INSERT_PARAGRAPH_COMMAND,
  KEY_ESCAPE_COMMAND,
  type LexicalEditor,
  type LexicalEditorWithDispose,
} from 'lexical';
import { useEffect, useRef } from 'react';
import { sameInline, type InlineContent } from '../../../shared/drafting/inline.ts';
import { $patchText } from '../binding/incoming.ts';
import { $createBlockNode, $isBlockNode } from '../editor/block-node.ts';
import { DraftExtension } from '../editor/draft-extension.ts';
import { $nodesForInline, $readInline } from '../editor/inline-nodes.ts';
import { registerPaste } from '../paste/register-paste.ts';

const incoming = 'inline-incoming';

function $content(): InlineContent {
  const block = $getRoot().getFirstChild();
  return $isBlockNode(block) ? $readInline(block) : [];
}

function createInlineEditor(content: InlineContent): LexicalEditorWithDispose {
  return buildEditorFromExtensions(
    defineExtension({
      name: 'delegate-workbench/inline',
      namespace: 'delegate-workbench-inline',
      dependencies: [DraftExtension],
      $initialEditorState: () => {
        $getRoot()
          .clear()
          .append($createBlockNode().append(...$nodesForInline(content)));
      },
    }),
  );
}

export function InlineEditor({
  label,
  content,
  onChange,
  onLeave,
  onUndo,
}: {
  readonly label: string;
  readonly content: InlineContent;
  readonly onChange: (content: InlineContent) => void;
  /** Escape: back to the text. */
  readonly onLeave: () => void;
  readonly onUndo: (which: 'undo' | 'redo') => void;
}) {
  const root = useRef<HTMLDivElement>(null);
  const editor = useRef<LexicalEditor | null>(null);
  const calls = useRef({ onChange, onLeave, onUndo });
  const first = useRef(content);
  useEffect(() => {
    calls.current = { onChange, onLeave, onUndo };
  });
  useEffect(() => {
    const made = createInlineEditor(first.current);
    editor.current = made;
    made.setRootElement(root.current);
    const stop = mergeRegister(
      made.registerUpdateListener(({ dirtyElements, dirtyLeaves, tags, editorState }) => {
        if ((dirtyElements.size === 0 && dirtyLeaves.size === 0) || tags.has(incoming)) return;
        calls.current.onChange(editorState.read($content, { editor: made }));
      }),
      made.registerCommand(
        INSERT_PARAGRAPH_COMMAND,
        () => made.dispatchCommand(INSERT_LINE_BREAK_COMMAND, false),
        COMMAND_PRIORITY_LOW,
      ),
      made.registerCommand(
        KEY_ESCAPE_COMMAND,
        (event) => {
          event.stopPropagation();
          calls.current.onLeave();
          return true;
        },
        COMMAND_PRIORITY_HIGH,
      ),
      registerPaste(made, null),
    );
    made.focus(undefined, { defaultSelection: 'rootEnd' });
    return () => {
      stop();
      made.setRootElement(null);
      made.dispose();
      editor.current = null;
    };
  }, []);
  // A partner's change of the same footnote, while nothing of ours waits to be saved.
  useEffect(() => {
    const made = editor.current;
    if (made === null || sameInline(made.read($content), content)) return;
    made.update(
      () => {
        const block = $getRoot().getFirstChild();
        if ($isBlockNode(block)) $patchText(block, content);
      },
      { discrete: true, tag: incoming },
    );
  }, [content]);
  return (
    <div
      ref={root}
      className="draft-inline-editor"
      contentEditable
      suppressContentEditableWarning
      role="textbox"
      tabIndex={0}
      aria-multiline="true"
      aria-label={label}
      dir="auto"
      spellCheck
      onKeyDown={(event) => {
        if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
        const key = event.key.toLowerCase();
        if (key !== 'z' && key !== 'y') return;
        event.preventDefault();
        calls.current.onUndo(key === 'y' || event.shiftKey ? 'redo' : 'undo');
      }}
    />
  );
}
