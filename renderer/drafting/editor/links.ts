/** Links to the web and citations of paragraphs, as the caret meets them: finding, making, changing and unmaking them. */
import { $createLinkNode, $isLinkNode, type LinkNode } from '@lexical/link';
import {
  $createTextNode,
  $getNodeByKey,
  $getSelection,
  $isElementNode,
  $isRangeSelection,
  $isTextNode,
  type LexicalNode,
  type NodeKey,
  type PointType,
  type RangeSelection,
} from 'lexical';
import type { DocumentId } from '../../../shared/ids.ts';
import { $isAtomNode } from './atom-node.ts';
import { $isBlockNode, $topLevel } from './block-node.ts';

/** What can be followed from a place in the text. */
export type LinkTarget =
  | { readonly kind: 'web'; readonly href: string }
  | { readonly kind: 'paragraph'; readonly document: DocumentId; readonly label: string; readonly citation: string };

export interface LinkPlace {
  readonly key: NodeKey;
  readonly target: LinkTarget;
}

function targetOf(node: LexicalNode | null): LinkPlace | null {
  if (node === null) return null;
  if ($isLinkNode(node)) return { key: node.getKey(), target: { kind: 'web', href: node.getURL() } };
  if (!$isAtomNode(node)) return null;
  const item = node.getItem();
  if (item.t === 'link') return { key: node.getKey(), target: { kind: 'web', href: item.href } };
  if (item.t !== 'cite') return null;
  const { document, label, s: citation } = item;
  return { key: node.getKey(), target: { kind: 'paragraph', document, label, citation } };
}

/** The nodes that a collapsed point stands in or touches, innermost first. */
function $touched(point: PointType): LexicalNode[] {
  const node = $getNodeByKey(point.key);
  if (node === null) return [];
  if ($isTextNode(node)) {
    const beside: (LexicalNode | null)[] = [node.getParent()];
    if (point.offset === 0) beside.push(node.getPreviousSibling());
    if (point.offset === node.getTextContentSize()) beside.push(node.getNextSibling());
    return beside.filter((one) => one !== null);
  }
  if (!$isElementNode(node)) return [node];
  const around = [node.getChildAtIndex(point.offset - 1), node.getChildAtIndex(point.offset)];
  return [node, ...around.filter((one) => one !== null)];
}

/** The link or citation at the caret; with a selection, the one that all of it stands in. */
export function $linkAtCaret(): LinkPlace | null {
  const selection = $getSelection();
  if (!$isRangeSelection(selection)) return null;
  if (!selection.isCollapsed()) {
    const [start, end] = selection.isBackward()
      ? [selection.focus, selection.anchor]
      : [selection.anchor, selection.focus];
    // A selection that only touches the words beside a link stands in the link.
    const isTouched = (node: LexicalNode): boolean =>
      (node.getKey() === start.key && start.offset === node.getTextContentSize()) ||
      (node.getKey() === end.key && end.offset === 0);
    const nodes = selection.getNodes().filter((node) => !$isTextNode(node) || !isTouched(node));
    const inside = nodes.map((node) => ($isLinkNode(node) ? node : node.getParent()));
    const [first] = inside;
    return first && $isLinkNode(first) && inside.every((one) => first.is(one)) ? targetOf(first) : null;
  }
  for (const node of $touched(selection.focus)) {
    const found = targetOf(node);
    if (found !== null) return found;
  }
  return null;
}

/** The source of the quotation with the caret. */
export function $sourceAtCaret(): LinkTarget | null {
  const selection = $getSelection();
  if (!$isRangeSelection(selection)) return null;
  return $sourceOf($topLevel($getNodeByKey(selection.focus.key)));
}

/** Where a quotation was taken from; null for everything else. */
export function $sourceOf(block: LexicalNode | null): LinkTarget | null {
  if (!$isBlockNode(block)) return null;
  const style = block.getBlockStyle();
  if (style.kind !== 'quotation' || style.source === undefined) return null;
  const { document, label, citation } = style.source;
  return { kind: 'paragraph', document, label, citation };
}

/** The target of a node found in the page by its key (a click). */
export function $targetOfNode(node: LexicalNode | null): LinkTarget | null {
  for (let at = node; at !== null; at = at.getParent()) {
    const found = targetOf(at)?.target ?? $sourceOf(at);
    if (found !== null) return found;
  }
  return null;
}

/** The selected words if a link can be made of them: within one block, nothing but text and links. */
export function $linkableWords(): string | null {
  const selection = $getSelection();
  if (!$isRangeSelection(selection)) return null;
  const block = $blockOf(selection);
  if (block === null) return null;
  const fits = selection.getNodes().every((node) => $isTextNode(node) || $isLinkNode(node) || node.is(block));
  return fits ? selection.getTextContent() : null;
}

function $blockOf({ anchor, focus }: RangeSelection): LexicalNode | null {
  const holder = (point: PointType): LexicalNode | null => {
    for (let at = $getNodeByKey(point.key); at !== null; at = at.getParent()) if ($isBlockNode(at)) return at;
    return null;
  };
  const first = holder(anchor);
  return first !== null && first.is(holder(focus)) ? first : null;
}

/** Makes the selection (or, at a caret, new words) a link; the caret stands behind it. */
export function $insertLink(href: string, words: string): void {
  const selection = $getSelection();
  if (!$isRangeSelection(selection) || words === '') return;
  const link = $createLinkNode(href).append($createTextNode(words));
  selection.insertNodes([link]);
  link.selectNext(0, 0);
}

function $link(key: NodeKey): LinkNode | null {
  const node = $getNodeByKey(key);
  return $isLinkNode(node) ? node : null;
}

export function $changeLink(key: NodeKey, href: string): void {
  $link(key)?.setURL(href);
}

/** Leaves the words and takes the link away. */
export function $removeLink(key: NodeKey): void {
  const link = $link(key);
  if (link === null) return;
  for (const child of link.getChildren()) link.insertBefore(child);
  link.remove();
}

/**
 * An address as typed, made whole (`itu.int/wsis` gets its scheme, `a@b.org` becomes a mail address); null when it is none
 * of the web's or mail's.
 */
export function completeAddress(typed: string): string | null {
  const text = typed.trim();
  if (text === '' || /\s/.test(text)) return null;
  if (/^mailto:[^@]+@[^@]+$/i.test(text)) return text;
  if (/^[^@/:]+@[^@/:]+\.[^@/:]+$/.test(text)) return `mailto:${text}`;
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!/^https?:/i.test(whole) || !URL.canParse(whole)) return null;
  const { hostname } = new URL(whole);
  return hostname.includes('.') || hostname === 'localhost' ? whole : null;
}
