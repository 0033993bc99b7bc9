/**
 * One item of inline content that is a single character to the caret: the mark of a footnote, a citation of a paragraph,
 * and any item of a newer program, which is shown by its words and kept as it is.
 */
import {
  $applyNodeReplacement,
  $getState,
  $setState,
  DecoratorNode,
  type DOMExportOutput,
  type LexicalNode,
} from 'lexical';
import type { Inline } from '../../../shared/drafting/inline.ts';
import { atomState } from './block-state.ts';

function wordsOf(item: Inline): string {
  return 's' in item && typeof item.s === 'string' ? item.s : '';
}

export class AtomNode extends DecoratorNode<null> {
  override $config() {
    return this.config('draft-atom', {
      extends: DecoratorNode,
      stateConfigs: [{ stateConfig: atomState, flat: true }],
    });
  }

  getItem(): Inline {
    return $getState(this, atomState);
  }

  override createDOM(): HTMLElement {
    const item = this.getItem();
    const dom = document.createElement(item.t === 'note' ? 'sup' : 'span');
    dom.className = `text-${item.t}`;
    if (item.t === 'note') {
      dom.dataset['note'] = item.id;
      dom.setAttribute('role', 'doc-noteref');
    } else {
      dom.textContent = wordsOf(item);
      if (item.t === 'cite') dom.dataset['label'] = item.label;
    }
    return dom;
  }

  override updateDOM(previous: AtomNode): boolean {
    return $getState(this, atomState, 'direct') !== $getState(previous, atomState, 'direct');
  }

  override exportDOM(): DOMExportOutput {
    const item = this.getItem();
    const element = document.createElement('span');
    element.textContent = wordsOf(item);
    return { element: item.t === 'note' ? null : element };
  }

  override decorate(): null {
    return null;
  }

  override getTextContent(): string {
    return wordsOf(this.getItem());
  }

  override isInline(): true {
    return true;
  }

  override isKeyboardSelectable(): boolean {
    return false;
  }
}

export function $createAtomNode(item: Inline): AtomNode {
  return $setState($applyNodeReplacement(new AtomNode()), atomState, item);
}

export function $isAtomNode(node: LexicalNode | null | undefined): node is AtomNode {
  return node instanceof AtomNode;
}
