/**
 * The editor of drafts, as a Lexical extension: its nodes and what keeps them in the shape that a draft can hold. How they
 * become blocks of the log is `../binding/`; keys are `block-keys.ts`; the clipboard is `../paste/`.
 */
import { LinkNode } from '@lexical/link';
import { RichTextExtension } from '@lexical/rich-text';
import { TableCellNode, TableExtension, TableNode, TableRowNode } from '@lexical/table';
import { mergeRegister } from '@lexical/utils';
import {
  $isParagraphNode,
  configExtension,
  defineExtension,
  ParagraphNode,
  TextNode,
  type LexicalEditor,
  type LexicalNode,
} from 'lexical';
import { AtomNode } from './atom-node.ts';
import { $createBlockNode, BlockNode } from './block-node.ts';
import { FixedNode } from './fixed-node.ts';
import { allowedFormat } from './inline-nodes.ts';
import { DraftTableNode, $mendTable } from './table-node.ts';
import { base32 } from '../../../shared/ids.ts';

/** A fresh id of a table row or column: unique within its table, no record of its own. */
export function newPartId(): string {
  return base32(crypto.getRandomValues(new Uint8Array(7))).slice(0, 10);
}

function $tableOf(node: LexicalNode): TableNode | null {
  for (let at: LexicalNode | null = node; at !== null; at = at.getParent()) if (at instanceof TableNode) return at;
  return null;
}

/** Keeps text within the formats of a draft, links without formats, and tables whole. Costs what has changed. */
export function registerShape(editor: LexicalEditor): () => void {
  const mend = (node: LexicalNode): void => {
    const table = $tableOf(node);
    if (table !== null) $mendTable(table, newPartId);
  };
  return mergeRegister(
    editor.registerNodeTransform(TextNode, (node) => {
      const format = node.getParent() instanceof LinkNode ? 0 : node.getFormat() & allowedFormat;
      if (node.getFormat() !== format) node.setFormat(format);
      if (node.getStyle() !== '') node.setStyle('');
    }),
    editor.registerNodeTransform(BlockNode, (node) => {
      if ($isParagraphNode(node) && node.getFormatType() !== '') node.setFormat('');
      if (node.getIndent() !== 0) node.setIndent(0);
    }),
    editor.registerNodeTransform(DraftTableNode, mend),
    editor.registerNodeTransform(TableRowNode, mend),
    editor.registerNodeTransform(TableCellNode, mend),
  );
}

export const draftNodes = [
  BlockNode,
  { replace: ParagraphNode, with: () => $createBlockNode(), withKlass: BlockNode },
  DraftTableNode,
  { replace: TableNode, with: () => new DraftTableNode(), withKlass: DraftTableNode },
  FixedNode,
  AtomNode,
  LinkNode,
];

export const DraftExtension = defineExtension({
  name: 'delegate-workbench/draft',
  namespace: 'delegate-workbench-draft',
  nodes: draftNodes,
  dependencies: [
    RichTextExtension,
    configExtension(TableExtension, {
      hasCellMerge: false,
      hasCellBackgroundColor: false,
      hasHorizontalScroll: false,
      hasTabHandler: true,
    }),
  ],
  theme: {
    text: {
      bold: 'text-bold',
      italic: 'text-italic',
      underline: 'text-underline',
      strikethrough: 'text-strikethrough',
      underlineStrikethrough: 'text-underline-strikethrough',
      superscript: 'text-superscript',
      subscript: 'text-subscript',
    },
    link: 'text-link',
  },
  onError: (error) => {
    throw error;
  },
  register: registerShape,
});
