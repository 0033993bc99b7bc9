/** The few questions an importer asks of a parse5 tree. Nothing is executed or loaded: the tree is data. */
import type { DefaultTreeAdapterMap } from 'parse5';

export type HtmlNode = DefaultTreeAdapterMap['node'];
export type HtmlElement = DefaultTreeAdapterMap['element'];

export const isElement = (node: HtmlNode): node is HtmlElement => 'tagName' in node;

export function childrenOf(node: HtmlNode): readonly HtmlNode[] {
  return 'childNodes' in node ? node.childNodes : [];
}

/** Lower-case value of nothing but what is written; empty when the attribute is missing. */
export function attribute(element: HtmlElement, name: string): string {
  return element.attrs.find((attr) => attr.name === name)?.value ?? '';
}

/** Elements whose content a reader of the page never sees as text. */
export const unseen = new Set([
  'script',
  'style',
  'template',
  'head',
  'noscript',
  'iframe',
  'object',
  'svg',
  'math-ml',
  'datalist',
  'title',
]);

export function isHidden(element: HtmlElement): boolean {
  return (
    element.attrs.some((attr) => attr.name === 'hidden') || /display\s*:\s*none/i.test(attribute(element, 'style'))
  );
}

/** All text below `node` that a reader sees, by an explicit stack: files may nest deeper than the engine's. */
export function visibleText(node: HtmlNode): string {
  let text = '';
  const stack: HtmlNode[] = [node];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (at.nodeName === '#text' && 'value' in at) text += at.value;
    if (isElement(at) && at !== node && (unseen.has(at.tagName) || isHidden(at))) continue;
    const children = childrenOf(at);
    for (let index = children.length - 1; index >= 0; index--) stack.push(children[index] as HtmlNode);
  }
  return text;
}

/** All elements in document order, and each node's parent element. */
export function indexTree(root: HtmlNode): { elements: HtmlElement[]; parents: Map<HtmlNode, HtmlElement> } {
  const elements: HtmlElement[] = [];
  const parents = new Map<HtmlNode, HtmlElement>();
  const stack: HtmlNode[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (isElement(node)) elements.push(node);
    const children = childrenOf(node);
    for (let index = children.length - 1; index >= 0; index--) {
      const child = children[index] as HtmlNode;
      if (isElement(node)) parents.set(child, node);
      stack.push(child);
    }
  }
  return { elements, parents };
}
