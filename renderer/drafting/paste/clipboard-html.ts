/**
 * Clipboard HTML of word processors and web pages, as blocks of a draft. Kept: paragraphs, headings, lists (Word's
 * paragraphs in list's clothing too), quotations, tables, links, footnotes, and bold, italic, underline, strikethrough,
 * super- and subscript. Everything else is only its words, or nothing: styles, scripts, images, comments, hidden text,
 * tracked deletions.
 *
 * parse5 builds plain objects: nothing here can run a script or load anything.
 */
import { parse, type DefaultTreeAdapterTypes } from 'parse5';
import type { BlockStyle } from '../../../shared/drafting/block.ts';
import {
  inlineLength,
  normaliseInline,
  plainText,
  sliceInline,
  type Inline,
  type InlineContent,
  type Mark,
} from '../../../shared/drafting/inline.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { cellKey, type BlockContent, type TableContent } from '../editor/block-content.ts';
import { readStyle, marksOfElement, type StyleMap } from './html-styles.ts';

type Element = DefaultTreeAdapterTypes.Element;
type ChildNode = DefaultTreeAdapterTypes.ChildNode;
type ParentNode = DefaultTreeAdapterTypes.ParentNode;

export interface PastedContent {
  readonly blocks: readonly BlockContent[];
  readonly footnotes: readonly { readonly id: RecordId; readonly content: InlineContent }[];
}

export interface PasteIds {
  newRecordId(): RecordId;
  newPartId(): string;
}

const dropped = new Set(
  'head script style meta link title noscript template iframe object embed img picture svg math video audio canvas map input button select textarea option dialog'.split(
    ' ',
  ),
);
const blockTags = new Set(
  'address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul'.split(
    ' ',
  ),
);
const listLevel = /\bl\d+\s+level(\d+)/i;

/** Where the walk is: marks and kind of block that apply to what comes. */
interface Scope {
  readonly marks: ReadonlySet<Mark>;
  readonly style: BlockStyle;
  readonly listDepth: number;
  readonly pre: boolean;
}

const plain: Scope = { marks: new Set(), style: { kind: 'paragraph' }, listDepth: -1, pre: false };

export function readClipboardHtml(html: string, ids: PasteIds): PastedContent {
  const document = parse(html);
  const notes = collectNotes(document, ids);
  const reader = createReader(ids, notes);
  reader.children(document, plain);
  const blocks = reader.finish();
  const used = new Set(blocks.flatMap(noteIds));
  const footnotes = [...notes.values()].filter((note) => used.has(note.id));
  return { blocks, footnotes: footnotes.map((note) => ({ id: note.id, content: note.read() })) };
}

function noteIds(block: BlockContent): RecordId[] {
  const contents = [block.content, ...Object.values(block.table?.cells ?? {})];
  return contents.flatMap((content) => content.flatMap((item) => (item.t === 'note' ? [item.id] : [])));
}

function isElement(node: ChildNode): node is Element {
  return 'tagName' in node;
}

function attribute(element: Element, name: string): string {
  return element.attrs.find((one) => one.name === name)?.value ?? '';
}

interface Note {
  readonly id: RecordId;
  read(): InlineContent;
}

/** Word puts footnotes at the end: `<div style="mso-element:footnote" id="ftn1">`. By that id. */
function collectNotes(root: ParentNode, ids: PasteIds): Map<string, Note> {
  const notes = new Map<string, Note>();
  const visit = (node: ParentNode): void => {
    for (const child of node.childNodes) {
      if (!isElement(child)) continue;
      const element = readStyle(attribute(child, 'style')).get('mso-element');
      if (element === 'footnote' || element === 'endnote') {
        notes.set(attribute(child, 'id'), { id: ids.newRecordId(), read: () => noteText(child, ids) });
      } else visit(child);
    }
  };
  visit(root);
  return notes;
}

function noteText(element: Element, ids: PasteIds): InlineContent {
  const reader = createReader(ids, new Map());
  reader.children(element, plain);
  return joinBlocks(reader.finish());
}

/** Several blocks as one run with line breaks, as a cell or a footnote takes them. */
export function joinBlocks(blocks: readonly BlockContent[]): InlineContent {
  const out: Inline[] = [];
  for (const block of blocks) {
    const cells = block.table === null ? [block.content] : Object.values(block.table.cells);
    for (const content of cells) {
      if (content.length === 0) continue;
      if (out.length > 0) out.push({ t: 'break' });
      out.push(...content);
    }
  }
  return normaliseInline(out);
}

/** Word's own marks of what is no text: list markers, comments, the separator of footnotes, hidden runs. */
function isHidden(element: Element, style: StyleMap): boolean {
  if (style.get('display') === 'none' || style.get('mso-hide') === 'all') return true;
  if (/^ignore$/i.test(style.get('mso-list') ?? '')) return true;
  if (/footnote|endnote|comment/i.test(style.get('mso-element') ?? '')) return true;
  if (style.has('mso-comment-reference') || style.get('mso-special-character') === 'comment') return true;
  if (/MsoCommentReference|msocomanchor/i.test(attribute(element, 'class'))) return true;
  // A tracked deletion says who and when; a plain `del` is struck out on purpose.
  return element.tagName === 'del' && attribute(element, 'datetime') !== '';
}

function createReader(ids: PasteIds, notes: ReadonlyMap<string, Note>) {
  const blocks: BlockContent[] = [];
  let current: Inline[] = [];
  let currentStyle: BlockStyle = { kind: 'paragraph' };

  function flush(): void {
    const isHeading = currentStyle.kind === 'heading';
    // What is bold because it stands in a heading is not a mark of the words.
    const content = trimInline(isHeading ? current.map(withoutBold) : current);
    current = [];
    if (content.length > 0) blocks.push({ style: currentStyle, content, table: null });
  }

  function text(value: string, scope: Scope): void {
    const marks = [...scope.marks];
    if (scope.pre) {
      for (const [at, line] of value.split(/\r?\n/).entries()) {
        if (at > 0) current.push({ t: 'break' });
        if (line !== '') current.push({ t: 'text', s: line, m: marks });
      }
      return;
    }
    // HTML's own white space only: a no-break space is a letter of the author's.
    let words = value.replace(/[ \t\r\n\f]+/g, ' ').replace(/[\u0000-\u0008\u000b-\u001f\ufeff]/g, '');
    const last = current.at(-1);
    const open = last === undefined || last.t === 'break' || (last.t === 'text' && last.s.endsWith(' '));
    if (open) words = words.replace(/^ /, '');
    if (words !== '') current.push({ t: 'text', s: words, m: marks });
  }

  function children(parent: ParentNode, scope: Scope): void {
    for (const child of parent.childNodes) {
      if (isElement(child)) element(child, scope);
      else if (child.nodeName === '#text') text((child as DefaultTreeAdapterTypes.TextNode).value, scope);
    }
  }

  function element(node: Element, scope: Scope): void {
    const tag = node.tagName;
    const style = readStyle(attribute(node, 'style'));
    if (dropped.has(tag) || isHidden(node, style)) return;
    if (tag === 'br') {
      if (style.get('page-break-before') !== 'always' && !style.has('mso-break-type')) current.push({ t: 'break' });
      return;
    }
    if (tag === 'a' && anchor(node, style, scope)) return;
    const inner = { ...scope, marks: marksOfElement(tag, style, scope.marks) };
    if (!blockTags.has(tag)) return children(node, inner);
    flush();
    if (tag === 'table') table(node);
    else block(node, style, inner);
    flush();
    currentStyle = scope.style;
  }

  /** True when the link has been dealt with. */
  function anchor(node: Element, style: StyleMap, scope: Scope): boolean {
    const reference = style.get('mso-footnote-id') ?? style.get('mso-endnote-id');
    const note = reference === undefined ? undefined : notes.get(reference);
    if (note !== undefined) {
      current.push({ t: 'note', id: note.id });
      return true;
    }
    const href = attribute(node, 'href').trim();
    // The mark before a footnote's own text, and links inside the page, lead nowhere from a draft.
    if (/^#_(ftn|edn)ref/i.test(href) || reference !== undefined) return true;
    if (!/^(https?:\/\/|mailto:)/i.test(href)) return false;
    const words = wordsOf(node);
    if (words.trim() === '') return true;
    const last = current.at(-1);
    const spaced = last === undefined || last.t !== 'text' || last.s.endsWith(' ');
    if (/^\s/.test(words) && !spaced) text(' ', scope);
    current.push({ t: 'link', href, s: words.trim() });
    if (/\s$/.test(words)) text(' ', scope);
    return true;
  }

  function block(node: Element, style: StyleMap, scope: Scope): void {
    const tag = node.tagName;
    if (tag === 'ul' || tag === 'ol') {
      const depth = Math.min(1, scope.listDepth + 1);
      const list = tag === 'ul' ? 'bullet' : /^[ai]$/i.test(attribute(node, 'type')) ? 'letter' : 'number';
      const item: BlockStyle = { kind: 'listItem', list, depth: depth as 0 | 1 };
      return children(node, { ...scope, style: item, listDepth: scope.listDepth + 1 });
    }
    const inner = { ...scope, style: styleOfBlock(node, style, scope), pre: scope.pre || tag === 'pre' };
    currentStyle = inner.style;
    children(node, inner);
  }

  function table(node: Element): void {
    const rows = rowsOf(node);
    const grid = rows.map((row) => cellsOf(row).flatMap((cell) => cellBlocks(cell)));
    const width = Math.max(0, ...grid.map((row) => row.length));
    if (width === 0) return;
    // A table of one cell is a frame that a page is laid out in.
    if (grid.length === 1 && width === 1) {
      blocks.push(...(grid[0]?.[0] ?? []));
      return;
    }
    const rowIds = grid.map(() => ids.newPartId());
    const columns = Array.from({ length: width }, () => ids.newPartId());
    const cells: Record<string, InlineContent> = {};
    for (const [at, row] of grid.entries()) {
      for (const [column, cell] of row.entries()) {
        const content = joinBlocks(cell);
        if (content.length > 0) cells[cellKey(rowIds[at] as string, columns[column] as string)] = content;
      }
    }
    const content: TableContent = { rows: rowIds, columns, cells };
    if (Object.keys(cells).length > 0) blocks.push({ style: { kind: 'table' }, content: [], table: content });
  }

  /** The cell's blocks, and nothing for every further column that it spans. */
  function cellBlocks(cell: Element): BlockContent[][] {
    const reader = createReader(ids, notes);
    reader.children(cell, plain);
    const span = Math.min(50, Math.max(1, Number.parseInt(attribute(cell, 'colspan'), 10) || 1));
    return [reader.finish(), ...Array.from({ length: span - 1 }, () => [])];
  }

  return {
    children,
    finish(): BlockContent[] {
      flush();
      return blocks;
    },
  };
}

function withoutBold(item: Inline): Inline {
  return item.t === 'text' ? { ...item, m: (item.m ?? []).filter((mark) => mark !== 'bold') } : item;
}

function rowsOf(table: Element): Element[] {
  return table.childNodes.filter(isElement).flatMap((child) => {
    if (child.tagName === 'tr') return [child];
    return ['thead', 'tbody', 'tfoot'].includes(child.tagName) ? rowsOf(child) : [];
  });
}

function cellsOf(row: Element): Element[] {
  return row.childNodes.filter(isElement).filter((child) => child.tagName === 'td' || child.tagName === 'th');
}

function styleOfBlock(node: Element, style: StyleMap, scope: Scope): BlockStyle {
  const tag = node.tagName;
  const heading = /^h([1-6])$/.exec(tag)?.[1] ?? style.get('mso-outline-level');
  if (heading !== undefined) {
    return { kind: 'heading', level: Math.min(3, Math.max(1, Number(heading) || 1)) as 1 | 2 | 3 };
  }
  const wordClass = attribute(node, 'class');
  if (/\bMsoTitle\b/.test(wordClass)) return { kind: 'heading', level: 1 };
  const level = listLevel.exec(style.get('mso-list') ?? '')?.[1];
  if (level !== undefined) {
    return { kind: 'listItem', list: listOfMarker(markerOf(node)), depth: Number(level) > 1 ? 1 : 0 };
  }
  if (tag === 'blockquote' || /\bMso(Intense)?Quote\b/.test(wordClass)) return { kind: 'quotation' };
  return scope.style;
}

/** What Word wrote as the list's marker, in a span that other programs are to ignore. */
function markerOf(node: ParentNode): string {
  for (const child of node.childNodes) {
    if (!isElement(child)) continue;
    if (/^ignore$/i.test(readStyle(attribute(child, 'style')).get('mso-list') ?? '')) return wordsOf(child).trim();
    const inside = markerOf(child);
    if (inside !== '') return inside;
  }
  return '';
}

function listOfMarker(marker: string): 'bullet' | 'number' | 'letter' {
  if (/^\(?\d/.test(marker)) return 'number';
  // `o` alone is the hollow bullet of Word's Courier.
  return /^\(?[a-z]{1,4}[.)]/i.test(marker) ? 'letter' : 'bullet';
}

function wordsOf(node: ParentNode): string {
  let out = '';
  for (const child of node.childNodes) {
    if (isElement(child)) {
      if (!dropped.has(child.tagName)) out += wordsOf(child);
    } else if (child.nodeName === '#text') out += (child as DefaultTreeAdapterTypes.TextNode).value;
  }
  return out.replace(/[ \t\r\n\f]+/g, ' ');
}

/** Without white space and line breaks at either end; nothing if only no-break spaces are left. */
function trimInline(content: readonly Inline[]): InlineContent {
  let out = normaliseInline(content);
  if (out.every((item) => item.t === 'break' || (item.t === 'text' && /^\s*$/.test(item.s)))) return [];
  for (;;) {
    const first = out[0];
    const last = out.at(-1);
    if (first?.t === 'break') out = out.slice(1);
    else if (last?.t === 'break') out = out.slice(0, -1);
    else if (first?.t === 'text' && /^[ \t\n]/.test(first.s)) out = sliceInline(out, 1);
    else if (last?.t === 'text' && /[ \t\n]$/.test(last.s)) out = sliceInline(out, 0, inlineLength(out) - 1);
    else return out;
  }
}

/** Plain text: blank lines part paragraphs; without any, every line is one. */
export function readClipboardText(value: string): BlockContent[] {
  const clean = value.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b-\u001f\ufeff]/g, '');
  const parts = /\n[ \t]*\n/.test(clean.trim()) ? clean.split(/\n(?:[ \t]*\n)+/) : clean.split('\n');
  return parts.flatMap((part): BlockContent[] => {
    const content = part
      .split('\n')
      .flatMap((line, at): Inline[] => [...(at > 0 ? [{ t: 'break' } as const] : []), { t: 'text', s: line }]);
    const trimmed = parts.length === 1 ? normaliseInline(content) : trimInline(content);
    return plainText(trimmed) === '' ? [] : [{ style: { kind: 'paragraph' }, content: trimmed, table: null }];
  });
}
