/**
 * What a draft's nodes carry beside their text, as Lexical NodeState: the block's id and style, and the ids of table rows
 * and columns. Anything that is not NodeState is lost when Lexical copies, pastes or serializes a node.
 */
import { $getState, $setState, createState, type LexicalNode } from 'lexical';
import type { BlockStyle } from '../../../shared/drafting/block.ts';
import type { Inline } from '../../../shared/drafting/inline.ts';
import type { RecordId } from '../../../shared/ids.ts';

const equalJson = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Empty until the binding has given the node an id. A copied node is a new block. */
export const blockIdState = createState('block', {
  parse: (value): RecordId | '' => (typeof value === 'string' ? (value as RecordId) : ''),
  resetOnCopyNode: true,
});

const paragraph: BlockStyle = { kind: 'paragraph' };

export const blockStyleState = createState('style', {
  parse: (value): BlockStyle =>
    isObject(value) && typeof value['kind'] === 'string' ? (value as unknown as BlockStyle) : paragraph,
  isEqual: equalJson,
});

/** The content of a block that this program shows but does not edit. */
export const fixedContentState = createState('content', {
  parse: (value): readonly Inline[] => (Array.isArray(value) ? (value as Inline[]) : []),
  isEqual: equalJson,
});

/** One item of inline content that is a single character to the caret: a footnote mark, a citation, an unknown item. */
export const atomState = createState('item', {
  parse: (value): Inline =>
    isObject(value) && typeof value['t'] === 'string' ? (value as unknown as Inline) : { t: 'break' },
  isEqual: equalJson,
});

/** Whether something stands beside the block that a person should see: its DOM then has a place for cards. */
export const cardState = createState('card', { parse: (value): boolean => value === true, resetOnCopyNode: true });

export const rowIdState = createState('row', {
  parse: (value): string => (typeof value === 'string' ? value : ''),
  resetOnCopyNode: true,
});
export const columnIdState = createState('column', {
  parse: (value): string => (typeof value === 'string' ? value : ''),
});

export function $blockId(node: LexicalNode): RecordId | '' {
  return $getState(node, blockIdState);
}

export function $setBlockId(node: LexicalNode, id: RecordId | ''): void {
  $setState(node, blockIdState, id);
}
