/**
 * Importer for HTML: what a reader of the page sees, block by block. Scripts, styles and comments are never text; nothing is
 * executed or loaded. Numbers that a browser prints before list items become markers, although the file does not hold
 * them. Navigation is kept as text: what is page and what is document cannot be told apart for certain.
 */
import { parse } from 'parse5';
import { parseMarker } from '../text/labels.ts';
import { findHtmlNotes, textOfNote, type HtmlNote } from './html-notes.ts';
import {
  attribute,
  childrenOf,
  indexTree,
  isElement,
  isHidden,
  unseen,
  visibleText,
  type HtmlElement,
  type HtmlNode,
} from './html-tree.ts';
import type { ImportArtefact, ImportWarning } from './outcome-document.ts';
import { assembleDocument, type ImportedDocument, type TextSource } from './plain-text.ts';
import { createRichTextBuilder, lineBreak, type Emphasis, type RichTextBuilder } from './rich-text.ts';
import { sliceLine, type LineHints, type SourceLine, type SourceNote } from './source-line.ts';
import { takeReferences } from './text-notes.ts';

const importer = { name: 'html', version: 1 } as const;

const blocks = new Set(
  'address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul caption legend menu'.split(
    ' ',
  ),
);
const emphasis: ReadonlyMap<string, Emphasis> = new Map([
  ['b', 'bold'],
  ['strong', 'bold'],
  ['i', 'italic'],
  ['em', 'italic'],
  ['cite', 'italic'],
  ['u', 'underline'],
  ['ins', 'underline'],
]);
const statedBreaks = [/\n/g, lineBreak] as const;
/** A line end of the mark-up with its indentation is one space; only a tab within a line is one that was typed. */
const wrappedMarkup = [/[ \t\r\f]*\n[ \t\r\n\f]*/g, ' '] as const;
/** Deeper nesting carries no structure; its text is read without recursion. */
const depthLimit = 300;

interface Context {
  readonly styles: ReadonlySet<Emphasis>;
  readonly hints: LineHints;
  readonly depth: number;
  readonly listDepth: number;
}

export function importHtml(source: TextSource): ImportedDocument {
  const tree = parse(source.text, { scriptingEnabled: false });
  const { elements, parents } = indexTree(tree);
  const reader = createHtmlReader(findHtmlNotes(elements, parents));
  reader.read(tree);
  const { lines, notes, artefacts, warnings } = reader.result();
  const noted = takeReferences(lines, notes);
  const find = (name: string): HtmlElement | undefined => elements.find((element) => element.tagName === name);
  const title = find('title');
  const root = find('html');
  return assembleDocument({
    source,
    format: 'html',
    importer,
    lines: noted.lines,
    notes: noted.notes,
    warnings,
    artefacts: [...artefacts, ...noted.artefacts],
    title: title === undefined ? '' : visibleText(title).replace(/\s+/g, ' ').trim(),
    language: root === undefined ? '' : attribute(root, 'lang'),
  });
}

function createHtmlReader(known: ReturnType<typeof findHtmlNotes>) {
  const lines: SourceLine[] = [];
  const notes: SourceNote[] = [];
  const artefacts: ImportArtefact[] = [];
  const warned = new Map<ImportWarning['code'], string>();
  let builder: RichTextBuilder = createRichTextBuilder();
  let hints: LineHints = {};
  /** The marker for the first line of a list item, until that line is written. */
  let itemMarker = '';
  let isPreformatted = false;

  function flush(): void {
    if (!builder.isBlank()) {
      const rich = builder.build();
      const line: SourceLine = {
        text: rich.text,
        styles: rich.styles,
        notes: rich.notes,
        hints: { ...hints, ...shapeOf(rich), ...(itemMarker !== '' && { numberedBy: itemMarker }) },
      };
      lines.push(...splitAtBreaks(dropOwnMarker(line)));
      itemMarker = '';
    }
    builder = createRichTextBuilder();
  }

  function visit(node: HtmlNode, context: Context): void {
    if (node.nodeName === '#text' && 'value' in node) {
      const [lineEnd, by] = isPreformatted ? statedBreaks : wrappedMarkup;
      builder.add(node.value.replace(lineEnd, by), context.styles);
      return;
    }
    if (!isElement(node)) return visitChildren(node, context);
    const { tagName } = node;
    if (tagName === 'head') return;
    if (unseen.has(tagName) || isHidden(node)) return leaveOut(node);
    const note = known.references.get(node);
    if (note !== undefined) {
      builder.note(note.key);
      artefacts.push({ text: visibleText(node).trim(), reason: 'footnote-marker' });
      return;
    }
    const held = known.containers.get(node);
    if (held !== undefined) return takeNote(held);
    if (tagName === 'del' || tagName === 's' || tagName === 'strike') return strike(node);
    if (tagName === 'br') return builder.add(lineBreak, context.styles);
    if (tagName === 'img') {
      const alternative = attribute(node, 'alt').trim();
      warned.set('image-left-out', 'A picture was left out.');
      if (alternative !== '') artefacts.push({ text: alternative, reason: 'metadata' });
      return;
    }
    if (context.depth > depthLimit) return builder.add(visibleText(node), context.styles);
    if (blocks.has(tagName)) return visitBlock(node, { ...context, depth: context.depth + 1 });
    const style = emphasis.get(tagName);
    const styles = style === undefined ? context.styles : new Set([...context.styles, style]);
    visitChildren(node, { ...context, styles, depth: context.depth + 1 });
  }

  function visitChildren(node: HtmlNode, context: Context): void {
    for (const child of childrenOf(node)) visit(child, context);
  }

  function visitBlock(node: HtmlElement, context: Context): void {
    flush();
    const before = hints;
    const wasPreformatted = isPreformatted;
    const direction = attribute(node, 'dir');
    const own: LineHints = {
      ...context.hints,
      ...(direction === 'rtl' || direction === 'ltr' ? { direction } : {}),
      ...(attribute(node, 'align') === 'center' ||
      node.tagName === 'center' ||
      /text-align\s*:\s*center/i.test(attribute(node, 'style'))
        ? { centred: true }
        : {}),
    };
    const heading = /^h([1-6])$/.exec(node.tagName);
    hints = heading === null ? own : { ...own, style: 'heading', level: Number(heading[1]) };
    // Word's and LibreOffice's name for the style of a document's title.
    if (node.tagName === 'p' && /^(?:mso)?title$/i.test(attribute(node, 'class')))
      hints = { ...own, style: 'heading', level: 1 };
    if (node.tagName === 'blockquote') hints = { ...own, style: 'quote' };
    isPreformatted ||= node.tagName === 'pre';
    const inner = { ...context, hints };
    if (node.tagName === 'ol' || node.tagName === 'ul' || node.tagName === 'menu') visitList(node, inner);
    else if (node.tagName === 'table') visitTable(node, inner);
    else visitChildren(node, inner);
    flush();
    hints = before;
    isPreformatted = wasPreformatted;
  }

  function visitList(list: HtmlElement, context: Context): void {
    const items = childrenOf(list).filter((child) => isElement(child) && child.tagName === 'li') as HtmlElement[];
    const isReversed = list.attrs.some((attr) => attr.name === 'reversed');
    const start = Number.parseInt(attribute(list, 'start'), 10);
    let number = Number.isNaN(start) ? (isReversed ? items.length : 1) : start;
    for (const child of childrenOf(list)) {
      if (!isElement(child) || child.tagName !== 'li' || known.containers.has(child)) {
        visit(child, context);
        continue;
      }
      const value = Number.parseInt(attribute(child, 'value'), 10);
      if (!Number.isNaN(value)) number = value;
      flush();
      const marker =
        list.tagName === 'ol' ? listMarker(number, attribute(list, 'type') || attribute(child, 'type')) : '•';
      const isPlain = /list-style(?:-type)?\s*:\s*none/i.test(attribute(list, 'style'));
      itemMarker = isPlain || visibleText(child).trim() === '' ? '' : marker;
      visit(child, {
        ...context,
        listDepth: context.listDepth + 1,
        hints: { ...context.hints, level: context.listDepth + 1 },
      });
      itemMarker = '';
      number += isReversed ? -1 : 1;
    }
  }

  /** Tables that lay out a page are read through; tables of data become their cells in reading order. */
  function visitTable(table: HtmlElement, context: Context): void {
    const { elements } = indexTree(table);
    const cells = elements.filter((element) => element.tagName === 'td' || element.tagName === 'th');
    const isLayout =
      cells.length < 2 ||
      elements.some((element) => element !== table && element.tagName === 'table') ||
      cells.some(
        (cell) => childrenOf(cell).filter((child) => isElement(child) && blocks.has(child.tagName)).length > 1,
      );
    if (isLayout) return visitChildren(table, context);
    for (const row of elements.filter((element) => element.tagName === 'tr' || element.tagName === 'caption')) {
      if (row.tagName === 'caption') visit(row, context);
      const own = childrenOf(row).filter(
        (cell) => isElement(cell) && (cell.tagName === 'td' || cell.tagName === 'th'),
      ) as HtmlElement[];
      const filled = own.filter((cell) => visibleText(cell).trim() !== '');
      const first = filled[0] === undefined ? '' : visibleText(filled[0]).trim();
      if (filled.length === 2 && parseMarker(first)?.rest === '') {
        // A column of numbers beside a column of paragraphs.
        flush();
        itemMarker = first;
        visit(filled[1] as HtmlElement, context);
        itemMarker = '';
        continue;
      }
      warned.set('table-flattened', 'A table was read row by row, cell by cell.');
      for (const cell of own) visit(cell, { ...context, hints: { ...context.hints, style: 'table' } });
    }
  }

  function leaveOut(node: HtmlElement): void {
    const isText = isHidden(node) || node.tagName === 'noscript' || node.tagName === 'svg' || node.tagName === 'object';
    const text = isText ? visibleText(node).replace(/\s+/g, ' ').trim() : '';
    if (text !== '') artefacts.push({ text, reason: 'metadata' });
    if (node.tagName === 'svg' || node.tagName === 'object') warned.set('image-left-out', 'A picture was left out.');
  }

  function strike(node: HtmlElement): void {
    const text = visibleText(node).replace(/\s+/g, ' ').trim();
    if (text === '') return;
    artefacts.push({ text, reason: 'deleted-text' });
    warned.set('tracked-changes', 'Struck-out words were left out; they are listed.');
  }

  function takeNote(note: HtmlNote): void {
    flush();
    notes.push({ key: note.key, marker: note.marker, text: textOfNote(note) });
  }

  return {
    read(root: HtmlNode): void {
      visit(root, { styles: new Set(), hints: {}, depth: 0, listDepth: 0 });
      flush();
    },
    result: () => ({
      lines,
      notes,
      artefacts,
      warnings: [...warned].map(([code, message]): ImportWarning => ({ code, message })),
    }),
  };
}

/** A list item that prints its own marker (`list-style: none` in a style sheet) needs no other. */
function dropOwnMarker(line: SourceLine): SourceLine {
  const { numberedBy, ...hints } = line.hints ?? {};
  if (numberedBy === undefined) return line;
  const own = parseMarker(line.text);
  return own !== null &&
    own.strength === 'marked' &&
    own.rest !== '' &&
    own.scheme !== 'bullet' &&
    own.scheme !== 'decimal'
    ? { ...line, hints }
    : line;
}

function shapeOf(rich: {
  readonly text: string;
  readonly styles: readonly { start: number; end: number; style: Emphasis }[];
}): LineHints {
  const italic = rich.styles.find((style) => style.style === 'italic' && style.start <= 1);
  const bold = rich.styles.find((style) => style.style === 'bold' && style.start === 0);
  return { italicStart: italic !== undefined, boldAll: bold !== undefined && bold.end >= rich.text.length };
}

/** `<br>` ends a paragraph where a sentence ends before it or a marker follows; elsewhere it is a space. */
function splitAtBreaks(line: SourceLine): SourceLine[] {
  if (!line.text.includes('\n')) return [line];
  const whole = { ...line, text: line.text.replaceAll('\n', ' ') };
  const isHeading = line.hints?.style === 'heading';
  const out: SourceLine[] = [];
  let start = 0;
  for (let at = line.text.indexOf('\n'); at >= 0 && !isHeading; at = line.text.indexOf('\n', at + 1)) {
    // The last 100 characters tell how the line ends; more would make a long poem cost its square.
    const before = line.text.slice(Math.max(start, at - 100), at).trimEnd();
    if (before === '' || parseMarker(before)?.rest === '') continue;
    const marker = parseMarker(line.text.slice(at + 1, at + 60).trimStart());
    if (!/[.;:!?。；：！？؟][”"’»)]?$/u.test(before) && marker?.strength !== 'marked') continue;
    out.push(sliceLine(whole, start, at));
    start = at + 1;
  }
  out.push(sliceLine(whole, start));
  return out.map((piece, index) =>
    index === 0 ? piece : { ...piece, hints: { ...piece.hints, numberedBy: undefined } },
  );
}

/** What a browser prints before item `number` of an ordered list. */
function listMarker(number: number, type: string): string {
  if (type === 'a' || type === 'A') {
    let rest = number;
    let letters = '';
    for (; rest > 0; rest = Math.floor((rest - 1) / 26))
      letters = String.fromCharCode(97 + ((rest - 1) % 26)) + letters;
    return `${(type === 'A' ? letters.toUpperCase() : letters) || number}.`;
  }
  if ((type === 'i' || type === 'I') && number > 0 && number < 400) {
    const roman = toRoman(number);
    return `${type === 'I' ? roman.toUpperCase() : roman}.`;
  }
  return `${number}.`;
}

function toRoman(number: number): string {
  const steps: readonly (readonly [number, string])[] = [
    [100, 'c'],
    [90, 'xc'],
    [50, 'l'],
    [40, 'xl'],
    [10, 'x'],
    [9, 'ix'],
    [5, 'v'],
    [4, 'iv'],
    [1, 'i'],
  ];
  let rest = number;
  let out = '';
  for (const [value, sign] of steps) for (; rest >= value; rest -= value) out += sign;
  return out;
}
