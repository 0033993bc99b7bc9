/** From the browser's selection to offsets in units, and back to a place on the screen. */
import type { UnitId } from '../../shared/ids.ts';

export interface TextPlace {
  readonly unit: UnitId;
  /** UTF-16 offset in the unit's text. */
  readonly offset: number;
}

export interface TextSelection {
  readonly from: TextPlace;
  readonly to: TextPlace;
  readonly words: string;
  /** Where the selection ends, in viewport pixels. */
  readonly rect: DOMRect;
}

/** The element whose text nodes are exactly a unit's text; what stands inside `[data-aside]` is not of it. */
function textElement(node: Node): HTMLElement | null {
  const element = node instanceof Element ? node : node.parentElement;
  return element?.closest<HTMLElement>('[data-unit-text]') ?? null;
}

function textNodes(element: HTMLElement): Text[] {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes: Text[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (!node.parentElement?.closest('[data-aside]')) nodes.push(node as Text);
  return nodes;
}

/** The offset in a unit's text of a boundary point inside or beside it. */
function offsetIn(element: HTMLElement, node: Node, offset: number): number {
  const point = document.createRange();
  point.setStart(node, offset);
  let total = 0;
  for (const text of textNodes(element)) {
    if (text === node) return total + offset;
    // Every text node that ends before the point counts whole.
    if (point.comparePoint(text, text.length) > 0) break;
    total += text.length;
  }
  return total;
}

/** What is selected inside `root`, or null when nothing is or the selection lies elsewhere. */
export function readSelection(root: HTMLElement): TextSelection | null {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!root.contains(range.commonAncestorContainer)) return null;
  const elements = [...root.querySelectorAll<HTMLElement>('[data-unit-text]')].filter((element) =>
    range.intersectsNode(element),
  );
  const first = textElement(range.startContainer) ?? elements[0];
  const last = textElement(range.endContainer) ?? elements.at(-1);
  if (!first || !last) return null;
  const from = first.contains(range.startContainer) ? offsetIn(first, range.startContainer, range.startOffset) : 0;
  const to = last.contains(range.endContainer)
    ? offsetIn(last, range.endContainer, range.endOffset)
    : textNodes(last).reduce((sum, node) => sum + node.length, 0);
  const words = selection.toString().trim();
  if (words === '' || (first === last && from >= to)) return null;
  const rects = range.getClientRects();
  return {
    from: { unit: first.dataset['unitText'] as UnitId, offset: from },
    to: { unit: last.dataset['unitText'] as UnitId, offset: to },
    words,
    rect: rects[rects.length - 1] ?? range.getBoundingClientRect(),
  };
}
