/**
 * Footnotes in HTML: a short local link (`1`, `[2]`, `*`), mostly raised, whose target lies in a block elsewhere that is
 * no heading. Word's `_ftn1`, Markdown converters' `#fn:1` and hand-made `<a name>` all come down to this.
 */
import {
  attribute,
  childrenOf,
  indexTree,
  isElement,
  visibleText,
  type HtmlElement,
  type HtmlNode,
} from './html-tree.ts';

export interface HtmlNote {
  readonly key: string;
  readonly marker: string;
  /** The block that holds the note; left out of the body. */
  readonly container: HtmlElement;
}

export interface HtmlNotes {
  /** Reference links to their note. */
  readonly references: ReadonlyMap<HtmlNode, HtmlNote>;
  readonly containers: ReadonlyMap<HtmlNode, HtmlNote>;
}

const markerText = /^[[(]?\s*(?:fn\.?\s*|note\s*)?(\d{1,3}|\*{1,4}|†|‡|[a-z])\s*[\])]?$/iu;
const holders = new Set(['li', 'p', 'div', 'aside', 'dd', 'td', 'section', 'tr']);

/** Finds references and their notes in document order. */
export function findHtmlNotes(
  elements: readonly HtmlElement[],
  parents: ReadonlyMap<HtmlNode, HtmlElement>,
): HtmlNotes {
  const targets = new Map<string, HtmlElement>();
  for (const element of elements) {
    for (const name of [attribute(element, 'id'), element.tagName === 'a' ? attribute(element, 'name') : '']) {
      if (name !== '' && !targets.has(name)) targets.set(name, element);
    }
  }
  const references = new Map<HtmlNode, HtmlNote>();
  const containers = new Map<HtmlNode, HtmlNote>();
  const isWithin = (node: HtmlNode, container: HtmlNode): boolean => {
    for (let at: HtmlNode | undefined = node; at !== undefined; at = parents.get(at)) if (at === container) return true;
    return false;
  };
  const isInNote = (node: HtmlNode): boolean => {
    for (let at: HtmlNode | undefined = node; at !== undefined; at = parents.get(at))
      if (containers.has(at)) return true;
    return false;
  };
  for (const link of elements) {
    const href = link.tagName === 'a' ? attribute(link, 'href') : '';
    if (!href.startsWith('#') || href.length < 2) continue;
    const marker = markerText.exec(visibleText(link).trim())?.[1];
    const target = targets.get(decodeFragment(href.slice(1)));
    if (marker === undefined || target === undefined || isInNote(link)) continue;
    const container = holderOf(target, parents);
    if (container === null || isWithin(link, container) || !looksLikeNote(container, marker)) continue;
    const note = containers.get(container) ?? { key: `html ${containers.size + 1}`, marker, container };
    containers.set(container, note);
    references.set(link, note);
  }
  return { references, containers };
}

function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch (error) {
    if (error instanceof URIError) return fragment;
    throw error;
  }
}

function holderOf(target: HtmlElement, parents: ReadonlyMap<HtmlNode, HtmlElement>): HtmlElement | null {
  let at: HtmlElement | undefined = target;
  while (at !== undefined && !holders.has(at.tagName)) {
    if (/^(?:h[1-6]|body|table|ul|ol)$/.test(at.tagName)) return null;
    at = parents.get(at);
  }
  return at ?? null;
}

/** A note begins with its own marker or is a list item; a section that a table of contents points to is neither. */
function looksLikeNote(container: HtmlElement, marker: string): boolean {
  const text = visibleText(container).trim();
  if (text === '' || text.length > 5000) return false;
  const hasHeading = childrenOf(container).some((child) => isElement(child) && /^h[1-6]$/.test(child.tagName));
  if (hasHeading) return false;
  const opening = /^[[(]?\s*([\d*†‡a-z]+)/iu.exec(text)?.[1] ?? '';
  return (
    container.tagName === 'li' ||
    opening.toLowerCase().startsWith(marker.toLowerCase()) ||
    /^(?:fn|foot|note|_ftn|end)/i.test(attribute(container, 'id'))
  );
}

/**
 * What the note says: without the marker that it begins with and the arrow that leads back. A marker in a link or raised
 * is told from the text by that alone (LibreOffice writes no space after it), any other by the space.
 */
export function textOfNote(note: HtmlNote): string {
  const text = visibleText(note.container).replace(/\s+/g, ' ').trim();
  return text.slice(ownMarkerLength(note, text)).replace(/\s*[↩↑^⤴]\uFE0E?\s*$/u, '');
}

function ownMarkerLength({ container, marker }: HtmlNote, text: string): number {
  const apart = indexTree(container).elements.find(({ tagName }) => tagName === 'a' || tagName === 'sup');
  const label = apart === undefined ? '' : visibleText(apart).replace(/\s+/g, ' ').trim();
  if (label !== '' && text.startsWith(label) && markerText.exec(label)?.[1] === marker) {
    return label.length + /^[.:]?\s*/.exec(text.slice(label.length))![0].length;
  }
  const printed = /^[[(]?\s*(?:fn\.?\s*|note\s*)?(\d{1,3}|\*{1,4}|†|‡|[a-z])\s*[\])]?[.:]?\s+/iu.exec(text);
  return printed !== null && printed[1] === marker ? printed[0].length : 0;
}
