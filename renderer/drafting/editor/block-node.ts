/**
 * A block with editable text: paragraph, heading, list item, quotation or section, one Lexical node for all, so that a
 * change of style keeps the node, its text and the caret. It extends ParagraphNode and replaces it, because Lexical makes
 * paragraphs wherever it needs a block. Inside a table cell the same node carries the cell's text and has no id.
 */
import {
  $applyNodeReplacement,
  $getState,
  $isRootNode,
  $setState,
  ParagraphNode,
  type DOMExportOutput,
  type EditorConfig,
  type ElementDOMSlot,
  type LexicalEditor,
  type LexicalNode,
  type RangeSelection,
} from 'lexical';
import type { BlockStyle } from '../../../shared/drafting/block.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { blockIdState, blockStyleState, cardState } from './block-state.ts';
import { cardHost } from './card-hosts.ts';

/** The title of a draft is the page's h1, so a block's headings begin at h2; a section is an h2 of its own look. */
function tagOf(style: BlockStyle): string {
  switch (style.kind) {
    case 'heading':
      return `h${style.level + 1}`;
    case 'section':
      return 'h2';
    case 'quotation':
      return 'blockquote';
    default:
      return 'p';
  }
}

function dress(dom: HTMLElement, style: BlockStyle): void {
  dom.className = `draft-block draft-${style.kind}`;
  if (style.kind === 'heading') dom.dataset['level'] = String(style.level);
  else delete dom.dataset['level'];
  if (style.kind === 'listItem') {
    dom.dataset['list'] = style.list;
    dom.dataset['depth'] = String(style.depth);
  } else {
    delete dom.dataset['list'];
    delete dom.dataset['depth'];
    delete dom.dataset['marker'];
  }
  if (style.kind === 'quotation' && style.source !== undefined) dom.dataset['source'] = style.source.citation;
  else {
    delete dom.dataset['source'];
    delete dom.dataset['mark'];
  }
}

export class BlockNode extends ParagraphNode {
  override $config() {
    return this.config('draft-block', {
      extends: ParagraphNode,
      stateConfigs: [
        { stateConfig: blockIdState, flat: true },
        { stateConfig: blockStyleState, flat: true },
      ],
    });
  }

  getBlockStyle(): BlockStyle {
    return $getState(this, blockStyleState);
  }

  setBlockStyle(style: BlockStyle): this {
    return $setState(this, blockStyleState, style);
  }

  override createDOM(_config: EditorConfig, editor?: LexicalEditor): HTMLElement {
    const style = this.getBlockStyle();
    const text = document.createElement(tagOf(style));
    dress(text, style);
    if (!$getState(this, cardState) || editor === undefined) return text;
    const outer = document.createElement('div');
    outer.className = 'draft-with-cards';
    outer.append(text, cardHost(editor, $getState(this, blockIdState) as RecordId));
    return outer;
  }

  override getDOMSlot(element: HTMLElement): ElementDOMSlot {
    const slot = super.getDOMSlot(element);
    return element.className === 'draft-with-cards' ? slot.withElement(element.firstElementChild as HTMLElement) : slot;
  }

  override updateDOM(previous: BlockNode, dom: HTMLElement): boolean {
    const style = this.getBlockStyle();
    const before = previous.getBlockStyleThen();
    if ($getState(this, cardState, 'direct') !== $getState(previous, cardState, 'direct')) return true;
    if (tagOf(style) !== tagOf(before)) return true;
    if (style !== before) {
      dress(dom.className === 'draft-with-cards' ? (dom.firstElementChild as HTMLElement) : dom, style);
    }
    return false;
  }

  /** The style of this very version of the node, not of the latest. */
  getBlockStyleThen(): BlockStyle {
    return $getState(this, blockStyleState, 'direct');
  }

  /** What other programs get on the clipboard: plain elements without our classes. */
  override exportDOM(): DOMExportOutput {
    const style = this.getBlockStyle();
    const element = document.createElement(style.kind === 'listItem' ? 'li' : tagOf(style));
    if (this.isEmpty()) element.append(document.createElement('br'));
    return { element };
  }

  override insertNewAfter(selection: RangeSelection, restoreSelection: boolean): ParagraphNode {
    const next = $createBlockNode(this.styleAfterEnter(selection));
    this.insertAfter(next, restoreSelection);
    return next;
  }

  private styleAfterEnter(selection: RangeSelection): BlockStyle {
    const style = this.getBlockStyle();
    if (style.kind === 'paragraph' || style.kind === 'listItem') return style;
    if (style.kind === 'section') return { kind: 'paragraph' };
    const last = this.getLastDescendant();
    const point = selection.anchor;
    const atEnd =
      last === null ||
      (point.type === 'text'
        ? point.key === last.getKey() && point.offset === last.getTextContentSize()
        : point.key === this.getKey() && point.offset === this.getChildrenSize());
    return atEnd ? { kind: 'paragraph' } : style;
  }

  /** Backspace at the start is decided by `block-keys.ts`; Lexical must not turn or delete the block by itself. */
  override collapseAtStart(): boolean {
    return false;
  }

  /** Alignment and Lexical's own indent are not part of a draft. */
  override canIndent(): false {
    return false;
  }
}

export function $createBlockNode(style: BlockStyle = { kind: 'paragraph' }, id: RecordId | '' = ''): BlockNode {
  const node = $applyNodeReplacement(new BlockNode());
  if (style.kind !== 'paragraph') node.setBlockStyle(style);
  if (id !== '') $setState(node, blockIdState, id);
  return node;
}

export function $isBlockNode(node: LexicalNode | null | undefined): node is BlockNode {
  return node instanceof BlockNode;
}

/** The top-level node that `node` is or stands in; null for the root itself and what is not attached. */
export function $topLevel(node: LexicalNode | null): LexicalNode | null {
  for (let at = node; at !== null; at = at.getParent()) if ($isRootNode(at.getParent())) return at;
  return null;
}

/** Puts up or takes away the place for cards under a top-level node. */
export function $showCards(node: LexicalNode, shown: boolean): void {
  if ($getState(node, cardState) !== shown) $setState(node, cardState, shown);
}
