import { createHeadlessEditor } from '@lexical/headless';
import fc from 'fast-check';
import { $getRoot } from 'lexical';
import { describe, expect, it } from 'vitest';
import { inlineLength, normaliseInline, sliceInline } from '../../../shared/drafting/inline.ts';
import { anyInline } from '../testing/arbitrary-content.ts';
import { $createBlockNode, $isBlockNode } from './block-node.ts';
import { carryOffset, commonEnd, commonStart, $nodesForInline, $readInline } from './inline-nodes.ts';
import { draftNodes, registerShape } from './draft-extension.ts';
import { TableCellNode, TableRowNode } from '@lexical/table';

function newEditor() {
  const editor = createHeadlessEditor({
    nodes: [...draftNodes, TableRowNode, TableCellNode],
    onError: (error) => {
      throw error;
    },
  });
  registerShape(editor);
  return editor;
}

const numRuns = Number(process.env.NUM_RUNS ?? 200);

describe('inline content and Lexical nodes', () => {
  it('are the same thing, both ways', () => {
    const editor = newEditor();
    fc.assert(
      fc.property(anyInline, (content) => {
        editor.update(
          () => {
            $getRoot()
              .clear()
              .append($createBlockNode().append(...$nodesForInline(content)));
          },
          { discrete: true },
        );
        const back = editor.read(() => {
          const block = $getRoot().getFirstChild();
          return $isBlockNode(block) ? $readInline(block) : null;
        });
        expect(back).toEqual(normaliseInline(content));
      }),
      { numRuns },
    );
  });

  it('keeps what it is given through Lexical JSON', () => {
    const editor = newEditor();
    fc.assert(
      fc.property(anyInline, (content) => {
        editor.update(
          () =>
            void $getRoot()
              .clear()
              .append($createBlockNode({ kind: 'heading', level: 2 }).append(...$nodesForInline(content))),
          { discrete: true },
        );
        const json = JSON.stringify(editor.getEditorState());
        editor.setEditorState(editor.parseEditorState(json));
        const back = editor.read(() => {
          const block = $getRoot().getFirstChild();
          return $isBlockNode(block) ? { style: block.getBlockStyle(), content: $readInline(block) } : null;
        });
        expect(back).toEqual({ style: { kind: 'heading', level: 2 }, content: normaliseInline(content) });
      }),
      { numRuns: Math.ceil(numRuns / 4) },
    );
  });

  it('finds what two contents share at their ends, never more than there is', () => {
    fc.assert(
      fc.property(anyInline, anyInline, anyInline, (a, b, c) => {
        const left = normaliseInline([...a, ...b]);
        const right = normaliseInline([...a, ...c]);
        const start = commonStart(left, right);
        expect(sliceInline(left, 0, start)).toEqual(sliceInline(right, 0, start));
        const end = commonEnd(left, right);
        expect(sliceInline(left, inlineLength(left) - end)).toEqual(sliceInline(right, inlineLength(right) - end));
      }),
      { numRuns },
    );
  });

  it('carries an offset over what was written before it', () => {
    const before = [{ t: 'text', s: 'by 2030' }] as const;
    const after = [{ t: 'text', s: 'possibly by 2030' }] as const;
    expect(carryOffset(3, before, after)).toBe(12);
    expect(carryOffset(7, before, after)).toBe(16);
    expect(carryOffset(0, after, before)).toBe(0);
  });
});
