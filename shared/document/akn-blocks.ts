/**
 * AKN4UN mark-up as a flat list of blocks in reading order: one block for every printed paragraph, heading, list point or
 * table row, with what the mark-up says about it. What a block *is* in the terms of an outcome document is decided in
 * `akn-units.ts`, because the mark-up is often silent or wrong about it.
 *
 * Every character outside `meta` ends up in a block, in a note or in the list of left-out pieces: text in an element
 * nobody foresaw becomes a block of its own.
 */
import { headings, inlineElements, lists, numbered, plainContainers, sections } from './akn-vocabulary.ts';
import type { ImportWarning } from './outcome-document.ts';
import { createRichTextBuilder, emptyRichText, join, lineBreak, type Emphasis, type RichText } from './rich-text.ts';
import { isElement, textOf, type XmlElement, type XmlNode } from './xml.ts';

export type AknPart = 'cover' | 'preface' | 'preamble' | 'body' | 'conclusions';

export interface AknBlock {
  readonly part: AknPart;
  /** 0 in the main text, 1 in its first attachment, and so on. */
  readonly attachment: number;
  /** `formula`: "The General Assembly,"; `preambular`: marked as such; `row`: of a table. */
  readonly role: 'paragraph' | 'heading' | 'title' | 'formula' | 'preambular' | 'row';
  /** The content of `num`, empty where there is none. */
  readonly num: string;
  /** True when the number belongs to a section, not to a paragraph. */
  readonly isSection: boolean;
  /** Enclosing lists and sublists. */
  readonly listDepth: number;
  /** Enclosing sections. */
  readonly sectionDepth: number;
  /** Class names of the block and of the numbered element around it. */
  readonly classes: string;
  readonly body: RichText;
}

export interface AknNote {
  readonly key: string;
  /** As in the attribute: `1`, `*`. */
  readonly marker: string;
  readonly body: RichText;
}

export interface AknReading {
  readonly blocks: readonly AknBlock[];
  readonly notes: ReadonlyMap<string, AknNote>;
  /** Superscripts that may be repeated footnote markers: `sup:<n>` as note key in a block, and what is printed there. */
  readonly superscripts: ReadonlyMap<string, string>;
  readonly warnings: readonly ImportWarning[];
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

interface Context {
  readonly part: AknPart;
  readonly attachment: number;
  readonly role: AknBlock['role'];
  readonly listDepth: number;
  readonly sectionDepth: number;
  readonly classes: string;
  /** The number waiting for the first text of its element. */
  readonly pending: { num: string; isSection: boolean };
}

/** Reads the body of an AKN document; `root` is `akomaNtoso`. */
export function readAknBlocks(root: XmlElement): AknReading {
  const blocks: AknBlock[] = [];
  const notes = new Map<string, AknNote>();
  const superscripts = new Map<string, string>();
  const warnings: ImportWarning[] = [];
  const unknown = new Set<string>();
  let attachments = 0;
  let images = 0;

  function push(context: Context, body: RichText, role: AknBlock['role'] = context.role): void {
    const num = context.pending.num;
    if (body.text === '' && body.notes.length === 0 && num === '') return;
    blocks.push({
      part: context.part,
      attachment: context.attachment,
      role,
      num,
      isSection: num !== '' && context.pending.isSection,
      listDepth: context.listDepth,
      sectionDepth: context.sectionDepth,
      classes: context.classes,
      body,
    });
    context.pending.num = '';
  }

  /** The children of a container: runs of inline nodes make blocks of their own, the rest is walked. */
  function walkChildren(children: readonly XmlNode[], context: Context, role?: AknBlock['role']): void {
    let builder = createRichTextBuilder();
    const flush = (): void => {
      if (!builder.isBlank()) push(context, builder.build(), role);
      builder = createRichTextBuilder();
    };
    for (const child of children) {
      if (!isElement(child) || inlineElements.has(child.name)) collectInline(child, builder, noEmphasis);
      else if (child.name === 'num') {
        flush();
        setNumber(child, context);
      } else {
        flush();
        walk(child, context);
      }
    }
    flush();
  }

  function setNumber(num: XmlElement, context: Context): void {
    const builder = createRichTextBuilder();
    for (const child of num.children) collectInline(child, builder, noEmphasis);
    const rich = builder.build();
    // Two numbers in a row, or a number that carries a note: nothing of them may be lost.
    if (context.pending.num !== '' || rich.notes.length > 0) push(context, { ...rich, text: '' });
    context.pending.num = rich.text;
  }

  function walk(element: XmlElement, context: Context): void {
    const { name } = element;
    if (name === 'meta') return;
    const classes = [context.classes, element.attributes.get('class') ?? ''].join(' ').trim();
    const refersTo = element.attributes.get('refersTo') ?? '';
    if (name === 'p' || headings.has(name) || name === 'block') {
      const role = headings.has(name)
        ? refersTo === '#preamble'
          ? 'preambular'
          : 'heading'
        : hasTitle(element) && context.part !== 'cover'
          ? 'title'
          : context.role;
      walkChildren(element.children, { ...context, classes }, role);
      return;
    }
    if (name === 'table') {
      readTable(element, context);
      return;
    }
    if (name === 'authorialNote' || inlineElements.has(name)) {
      walkChildren([element], context);
      return;
    }
    if (lists.has(name)) {
      walkChildren(element.children, { ...context, listDepth: context.listDepth + 1, classes });
      return;
    }
    if (sections.has(name)) {
      const directText = element.children.some((child) => !isElement(child) && child.trim() !== '');
      const inner = { ...context, classes, sectionDepth: context.sectionDepth + 1 };
      // AKN4UN also writes a section's heading as the text of `title`.
      if (directText) walkChildren(element.children, inner, 'heading');
      else withNumber(element, inner, true);
      return;
    }
    if (numbered.has(name)) {
      const role = name === 'recital' || name === 'citation' ? 'preambular' : context.role;
      withNumber(element, { ...context, role, classes }, false);
      return;
    }
    switch (name) {
      case 'coverPage':
        // The emblem on the cover is no picture of the text.
        walkChildren(withoutImages(element).children, { ...context, part: 'cover' });
        return;
      case 'preface':
        walkChildren(element.children, { ...context, part: 'preface' });
        return;
      case 'preamble':
        walkChildren(element.children, { ...context, part: 'preamble', role: 'preambular' });
        return;
      case 'conclusions':
        walkChildren(element.children, { ...context, part: 'conclusions', role: 'paragraph' });
        return;
      case 'body':
      case 'mainBody':
        walkChildren(element.children, { ...context, part: 'body', role: 'paragraph' });
        return;
      case 'formula':
        walkChildren(element.children, { ...context, role: 'formula' });
        return;
      case 'attachment':
      case 'annex':
        attachments += 1;
        walkChildren(element.children, {
          ...context,
          attachment: attachments,
          part: 'body',
          role: 'paragraph',
          listDepth: 0,
          sectionDepth: 0,
        });
        return;
      default:
        if (!plainContainers.has(name) && !unknown.has(name)) {
          unknown.add(name);
          warnings.push({
            code: 'unknown-element',
            message: `The element <${name}> is not known; its text was kept as plain paragraphs.`,
          });
        }
        walkChildren(element.children, { ...context, classes });
    }
  }

  /** A numbered element: its number goes to its first text; an element with nothing but a number still shows it. */
  function withNumber(element: XmlElement, context: Context, isSection: boolean): void {
    const inner: Mutable<Context> = { ...context, pending: { num: '', isSection } };
    // A number of the element around it that has found no text yet comes first.
    if (context.pending.num !== '' && element.children.some((child) => isElement(child) && child.name === 'num'))
      push(context, emptyRichText);
    else if (context.pending.num !== '') inner.pending = { ...context.pending };
    walkChildren(element.children, inner);
    if (inner.pending.num !== '') push(inner, emptyRichText, isSection ? 'heading' : undefined);
    context.pending.num = '';
  }

  /** Row by row, cell by cell; a reader who knows the table finds its letters in their order. */
  function readTable(table: XmlElement, context: Context): void {
    warnings.push({
      code: 'table-flattened',
      message: 'A table was imported row by row as plain paragraphs, the cells separated by tabs.',
    });
    const visit = (element: XmlElement): void => {
      for (const child of element.children) {
        if (!isElement(child)) {
          if (child.trim() !== '') push(context, plain(child), 'row');
        } else if (child.name === 'tr') {
          push(context, join(child.children.map(cellText), '\t'), 'row');
        } else if (child.name === 'caption' || child.name === 'td' || child.name === 'th') {
          push(context, cellText(child), 'row');
        } else visit(child);
      }
    };
    visit(table);
  }

  function cellText(cell: XmlNode): RichText {
    if (!isElement(cell)) return plain(cell);
    const parts: RichText[] = [];
    let builder = createRichTextBuilder();
    const flush = (): void => {
      parts.push(builder.build());
      builder = createRichTextBuilder();
    };
    const visit = (node: XmlNode): void => {
      if (!isElement(node) || inlineElements.has(node.name)) collectInline(node, builder, noEmphasis);
      else {
        flush();
        for (const child of node.children) visit(child);
        flush();
      }
    };
    for (const child of cell.children) visit(child);
    flush();
    return join(parts, '\n');
  }

  function collectInline(
    node: XmlNode,
    builder: ReturnType<typeof createRichTextBuilder>,
    emphasis: ReadonlySet<Emphasis>,
  ): void {
    if (!isElement(node)) {
      builder.add(node, emphasis);
      return;
    }
    switch (node.name) {
      case 'eol':
      case 'br':
        builder.add(lineBreak, emphasis);
        return;
      case 'img':
        images += 1;
        return;
      case 'authorialNote': {
        const key = `note:${notes.size + 1}`;
        // Reserved before the inside is read: a note inside a note must not get the same key.
        notes.set(key, { key, marker: '', body: emptyRichText });
        const body = cellText(node);
        notes.set(key, { key, marker: (node.attributes.get('marker') ?? '').trim(), body });
        builder.note(key);
        return;
      }
      case 'sup':
      case 'span': {
        if (node.name === 'span' && !/\b(superscript|sup|footnote\w*)\b/iu.test(node.attributes.get('class') ?? ''))
          break;
        const text = textOf(node).trim();
        const plainText = node.children.every((child) => !isElement(child) || child.name !== 'authorialNote');
        if (plainText && /^[([\s]*(\d{1,3}|\*+|[)(\][])[)\]\s,]*$/u.test(text)) {
          const key = `sup:${superscripts.size + 1}`;
          superscripts.set(key, textOf(node));
          builder.note(key);
          return;
        }
        break;
      }
      default:
        break;
    }
    const inside = emphasisOf(node, emphasis);
    for (const child of node.children) collectInline(child, builder, inside);
  }

  const outermost: Context = {
    part: 'body',
    attachment: 0,
    role: 'paragraph',
    listDepth: 0,
    sectionDepth: 0,
    classes: '',
    pending: { num: '', isSection: false },
  };
  walk(root, outermost);
  push(outermost, emptyRichText);
  if (images > 0) {
    warnings.push({ code: 'image-left-out', message: `${images} picture(s) were left out; only text is imported.` });
  }
  return { blocks, notes, superscripts, warnings };
}

const noEmphasis: ReadonlySet<Emphasis> = new Set();

function emphasisOf(element: XmlElement, outer: ReadonlySet<Emphasis>): ReadonlySet<Emphasis> {
  const classes = (element.attributes.get('class') ?? '').split(/\s+/u);
  const add: Emphasis[] = [];
  if (element.name === 'i' || element.name === 'em' || classes.includes('italic')) add.push('italic');
  if (element.name === 'b' || element.name === 'strong' || classes.includes('bold')) add.push('bold');
  if (element.name === 'u' || classes.includes('underline')) add.push('underline');
  return add.length === 0 ? outer : new Set([...outer, ...add]);
}

function withoutImages(element: XmlElement): XmlElement {
  const children = element.children
    .filter((child) => !isElement(child) || child.name !== 'img')
    .map((child) => (isElement(child) ? withoutImages(child) : child));
  return { ...element, children };
}

function hasTitle(element: XmlElement): boolean {
  return element.children.some((child) => isElement(child) && child.name === 'docTitle');
}

function plain(text: string): RichText {
  const builder = createRichTextBuilder();
  builder.add(text, noEmphasis);
  return builder.build();
}
