/**
 * A block that is shown and never edited: a question of a call for inputs, and any block of a kind that this program does
 * not know. It keeps style and content as they came and gives both back untouched.
 */
import {
  $applyNodeReplacement,
  $getState,
  $setState,
  DecoratorNode,
  type DOMExportOutput,
  type EditorConfig,
  type LexicalEditor,
  type LexicalNode,
} from 'lexical';
import type { BlockStyle } from '../../../shared/drafting/block.ts';
import { plainText, type InlineContent } from '../../../shared/drafting/inline.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { blockIdState, blockStyleState, cardState, fixedContentState } from './block-state.ts';
import { cardHost } from './card-hosts.ts';

export class FixedNode extends DecoratorNode<null> {
  override $config() {
    return this.config('draft-fixed', {
      extends: DecoratorNode,
      stateConfigs: [
        { stateConfig: blockIdState, flat: true },
        { stateConfig: blockStyleState, flat: true },
        { stateConfig: fixedContentState, flat: true },
      ],
    });
  }

  getBlockStyle(): BlockStyle {
    return $getState(this, blockStyleState);
  }

  getContent(): InlineContent {
    return $getState(this, fixedContentState);
  }

  override createDOM(_config: EditorConfig, editor: LexicalEditor): HTMLElement {
    const style = this.getBlockStyle();
    const outer = document.createElement('div');
    outer.className = `draft-fixed draft-${style.kind}`;
    const text = document.createElement(style.kind === 'question' ? 'h3' : 'p');
    text.dir = 'auto';
    if (style.kind === 'question') {
      const number = document.createElement('span');
      number.className = 'draft-question-number';
      number.textContent = style.number;
      text.append(number, ' ');
    }
    const words = document.createElement('span');
    words.textContent = plainText(this.getContent());
    text.append(words);
    outer.append(text);
    if ($getState(this, cardState)) outer.append(cardHost(editor, $getState(this, blockIdState) as RecordId));
    return outer;
  }

  override updateDOM(previous: FixedNode): boolean {
    return (
      $getState(this, cardState, 'direct') !== $getState(previous, cardState, 'direct') ||
      $getState(this, blockStyleState, 'direct') !== $getState(previous, blockStyleState, 'direct') ||
      $getState(this, fixedContentState, 'direct') !== $getState(previous, fixedContentState, 'direct')
    );
  }

  override exportDOM(): DOMExportOutput {
    const element = document.createElement('h3');
    element.textContent = plainText(this.getContent());
    return { element };
  }

  override decorate(): null {
    return null;
  }

  override getTextContent(): string {
    return plainText(this.getContent());
  }

  override isInline(): false {
    return false;
  }

  /** The caret passes over it. */
  override isKeyboardSelectable(): boolean {
    return false;
  }
}

export function $createFixedNode(style: BlockStyle, content: InlineContent, id: RecordId | ''): FixedNode {
  const node = $applyNodeReplacement(new FixedNode());
  $setState(node, blockStyleState, style);
  $setState(node, fixedContentState, content);
  if (id !== '') $setState(node, blockIdState, id);
  return node;
}

export function $isFixedNode(node: LexicalNode | null | undefined): node is FixedNode {
  return node instanceof FixedNode;
}
