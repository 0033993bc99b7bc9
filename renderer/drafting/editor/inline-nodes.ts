/**
 * Inline content to Lexical nodes and back, without loss either way: `$readInline(nodesFor(x))` is `x` in canonical form.
 * Formats that a draft does not have (code, highlight, colours) do not survive the way back.
 */
import { $createLinkNode, $isLinkNode } from '@lexical/link';
import {
  $createLineBreakNode,
  $createTextNode,
  $isElementNode,
  $isLineBreakNode,
  $isTextNode,
  IS_BOLD,
  IS_ITALIC,
  IS_STRIKETHROUGH,
  IS_SUBSCRIPT,
  IS_SUPERSCRIPT,
  IS_UNDERLINE,
  type ElementNode,
  type LexicalNode,
} from 'lexical';
import {
  inlineLength,
  marks,
  normaliseInline,
  type Inline,
  type InlineContent,
  type Mark,
} from '../../../shared/drafting/inline.ts';
import { $createAtomNode, $isAtomNode } from './atom-node.ts';

const bits: Readonly<Record<Mark, number>> = {
  bold: IS_BOLD,
  italic: IS_ITALIC,
  underline: IS_UNDERLINE,
  superscript: IS_SUPERSCRIPT,
  subscript: IS_SUBSCRIPT,
  strikethrough: IS_STRIKETHROUGH,
};
/** The text formats a draft can hold, as Lexical's bits. */
export const allowedFormat = Object.values(bits).reduce((all, bit) => all | bit, 0);

function formatOf(item: readonly Mark[] | undefined): number {
  return (item ?? []).reduce((format, mark) => format | bits[mark], 0);
}

function marksOf(format: number): readonly Mark[] {
  return format === 0 ? [] : marks.filter((mark) => (format & bits[mark]) !== 0);
}

function $nodeFor(item: Inline): LexicalNode {
  switch (item.t) {
    case 'text':
      return $createTextNode(item.s).setFormat(formatOf(item.m));
    case 'break':
      return $createLineBreakNode();
    case 'link':
      // A link without words cannot be a Lexical link, which must not be empty.
      return item.s === '' ? $createAtomNode(item) : $createLinkNode(item.href).append($createTextNode(item.s));
    default:
      return $createAtomNode(item);
  }
}

export function $nodesForInline(content: InlineContent): LexicalNode[] {
  return content.map($nodeFor);
}

/** The inline content of a block's node, in canonical form. */
export function $readInline(block: ElementNode): InlineContent {
  const out: Inline[] = [];
  $collect(block, out);
  return normaliseInline(out);
}

function $collect(parent: ElementNode, out: Inline[]): void {
  for (let node = parent.getFirstChild(); node !== null; node = node.getNextSibling()) {
    if ($isTextNode(node)) out.push({ t: 'text', s: node.getTextContent(), m: marksOf(node.getFormat()) });
    else if ($isLineBreakNode(node)) out.push({ t: 'break' });
    else if ($isLinkNode(node)) out.push({ t: 'link', href: node.getURL(), s: node.getTextContent() });
    else if ($isAtomNode(node)) out.push(node.getItem());
    // Marks and other inline wrappers of Lexical's own are nothing but their content.
    else if ($isElementNode(node)) $collect(node, out);
  }
}

function sameItem(a: Inline | undefined, b: Inline | undefined): boolean {
  return a !== undefined && b !== undefined && JSON.stringify(a) === JSON.stringify(b);
}

function markKey(item: Inline): string {
  return item.t === 'text' ? (item.m ?? []).join() : '';
}

/** How many offsets the two contents share from their beginning. Never inside a surrogate pair. */
export function commonStart(a: InlineContent, b: InlineContent): number {
  let at = 0;
  for (let index = 0; ; index += 1) {
    const left = a[index];
    const right = b[index];
    if (left?.t === 'text' && right?.t === 'text' && markKey(left) === markKey(right)) {
      const length = Math.min(left.s.length, right.s.length);
      let same = 0;
      while (same < length && left.s.charCodeAt(same) === right.s.charCodeAt(same)) same += 1;
      if (same > 0 && isHighSurrogate(left.s.charCodeAt(same - 1))) same -= 1;
      at += same;
      if (same < left.s.length || same < right.s.length) return at;
    } else if (left !== undefined && left.t !== 'text' && sameItem(left, right)) {
      at += 1;
    } else {
      return at;
    }
  }
}

/** How many offsets the two contents share up to their end. */
export function commonEnd(a: InlineContent, b: InlineContent): number {
  let at = 0;
  for (let back = 1; ; back += 1) {
    const left = a.at(-back);
    const right = b.at(-back);
    if (left?.t === 'text' && right?.t === 'text' && markKey(left) === markKey(right)) {
      const length = Math.min(left.s.length, right.s.length);
      let same = 0;
      while (
        same < length &&
        left.s.charCodeAt(left.s.length - 1 - same) === right.s.charCodeAt(right.s.length - 1 - same)
      ) {
        same += 1;
      }
      if (same > 0 && isLowSurrogate(left.s.charCodeAt(left.s.length - same))) same -= 1;
      at += same;
      if (same < left.s.length || same < right.s.length) return at;
    } else if (left !== undefined && left.t !== 'text' && sameItem(left, right)) {
      at += 1;
    } else {
      return at;
    }
  }
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

/**
 * Where an offset of `before` stands in `after`: unchanged in what both begin with, counted from the end in what both end
 * with, else at the end of the common beginning.
 */
export function carryOffset(offset: number, before: InlineContent, after: InlineContent): number {
  const start = commonStart(before, after);
  if (offset <= start) return offset;
  const fromEnd = inlineLength(before) - offset;
  const end = Math.min(commonEnd(before, after), inlineLength(after) - start);
  return fromEnd <= end ? inlineLength(after) - fromEnd : start;
}
