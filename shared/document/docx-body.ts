/**
 * The body of a .docx as paragraphs in reading order. Insertions are read as text, deletions are set aside with the
 * names of those who made them; hidden text is read and reported; field instructions are not text, their results are;
 * text boxes follow the paragraph they are tied to; of alternatives for newer and older programs the first is read.
 */
import type { DocxFindings } from './docx-findings.ts';
import type { DocxNumbering, ListNumber } from './docx-numbering.ts';
import { customMarkOf, noteKey } from './docx-references.ts';
import { symbolCharacter } from './docx-symbols.ts';
import {
  headingLevel,
  merge,
  readParagraphProperties,
  readRunProperties,
  type DocxStyles,
  type RunProperties,
} from './docx-styles.ts';
import {
  createRichTextBuilder,
  join,
  lineBreak,
  type Emphasis,
  type RichText,
  type RichTextBuilder,
} from './rich-text.ts';
import { childNamed, childrenNamed, descendantsNamed, isElement, type XmlElement, type XmlNode } from './xml.ts';

export interface DocxParagraph {
  readonly body: RichText;
  readonly styleName: string;
  /** 1 to 6, or 0. */
  readonly headingLevel: number;
  /** The computed list number; null when the paragraph is in no list. */
  readonly list: ListNumber | null;
  readonly rightToLeft: boolean;
  /** A table row whose cells are joined by tabs. */
  readonly isTableRow: boolean;
}

export interface DocxContext {
  readonly styles: DocxStyles;
  readonly numbering: DocxNumbering;
  readonly findings: DocxFindings;
}

/** Element names whose children are read as if they stood in their place. */
const transparent = new Set([
  'w:ins',
  'w:moveTo',
  'w:sdtContent',
  'w:customXml',
  'w:smartTag',
  'w:hyperlink',
  'w:fldSimple',
  'w:dir',
  'w:bdo',
  'w:ruby',
  'w:rubyBase',
  'w:rt',
]);

/** Reads `w:body`, `w:footnote`, `w:hdr` or any other container of paragraphs. Note keys: `footnote:<id>`, `endnote:<id>`. */
export function readDocxBlocks(container: XmlElement, context: DocxContext): readonly DocxParagraph[] {
  const { styles, numbering, findings } = context;
  const paragraphs: DocxParagraph[] = [];
  /** Open fields, innermost last; true while its instruction is being read. A field may span paragraphs. */
  const fields: boolean[] = [];
  /** A paragraph whose mark was deleted runs into the next one. */
  let carried: { builder: RichTextBuilder; from: DocxParagraph } | null = null;

  function readBlocks(children: readonly XmlNode[], out: DocxParagraph[], deleted: boolean): void {
    for (const child of children) {
      if (!isElement(child)) continue;
      if (child.name === 'w:p') readParagraph(child, out, deleted);
      else if (child.name === 'w:tbl') readTable(child, out, deleted);
      else if (child.name === 'w:sdt') readBlocks(childNamed(child, 'w:sdtContent')?.children ?? [], out, deleted);
      else if (child.name === 'mc:AlternateContent') readBlocks(chosen(child), out, deleted);
      else if (child.name === 'w:del' || child.name === 'w:moveFrom') readBlocks(child.children, out, true);
      else if (child.name === 'w:altChunk') findings.embedded += 1;
      else if (transparent.has(child.name)) readBlocks(child.children, out, deleted);
    }
  }

  function readParagraph(element: XmlElement, out: DocxParagraph[], deletedAround: boolean): void {
    const pPr = childNamed(element, 'w:pPr');
    const style = styles.resolve(childNamed(pPr, 'w:pStyle')?.attributes.get('w:val'), 'paragraph');
    const own = readParagraphProperties(pPr);
    const markProperties = childNamed(pPr, 'w:rPr');
    const continued = carried;
    carried = null;
    const builder = continued?.builder ?? createRichTextBuilder();
    const boxes: DocxParagraph[] = [];
    readInline(element.children, builder, style, boxes, deletedAround);
    const markDeleted =
      childNamed(markProperties, 'w:del') !== undefined || childNamed(markProperties, 'w:moveFrom') !== undefined;
    noteAuthor(childNamed(markProperties, 'w:ins'));
    noteAuthor(childNamed(markProperties, 'w:del'));
    if (markDeleted) findings.deletedMarks += 1;
    const body = builder.build();
    const blank = body.text === '' && body.notes.length === 0;
    const isDeleted = deletedAround || (markDeleted && blank);
    const numberingId = own.numberingId ?? style.numberingId;
    let list: ListNumber | null = null;
    // List 0 takes a paragraph out of the list of its style. A deleted paragraph is not counted, an empty one is.
    if (numberingId !== undefined && numberingId !== '0' && !isDeleted && continued === null) {
      const level = own.numberingLevel ?? numbering.levelOfStyle(numberingId, style.id) ?? style.numberingLevel ?? 0;
      list = numbering.next(numberingId, level);
    }
    const paragraph: DocxParagraph = {
      body,
      styleName: style.name,
      headingLevel: headingLevel(style, own.outlineLevel),
      list,
      rightToLeft: own.rightToLeft ?? style.rightToLeft ?? false,
      isTableRow: false,
    };
    const whole = continued === null ? paragraph : { ...continued.from, body };
    if (markDeleted && !blank) carried = { builder, from: whole };
    else if (!blank) out.push(whole);
    out.push(...boxes);
  }

  function readInline(
    children: readonly XmlNode[],
    builder: RichTextBuilder,
    base: RunProperties,
    boxes: DocxParagraph[],
    deleted: boolean,
  ): void {
    for (const child of children) {
      if (!isElement(child)) continue;
      switch (child.name) {
        case 'w:r':
          readRun(child, builder, base, boxes, deleted);
          break;
        case 'w:del':
        case 'w:moveFrom': {
          noteAuthor(child);
          readInline(child.children, builder, base, boxes, true);
          break;
        }
        case 'w:ins':
        case 'w:moveTo':
          if (!deleted) {
            noteAuthor(child);
            findings.insertions += 1;
          }
          readInline(child.children, builder, base, boxes, deleted);
          break;
        case 'w:sdt':
          readInline(childNamed(child, 'w:sdtContent')?.children ?? [], builder, base, boxes, deleted);
          break;
        case 'mc:AlternateContent':
          readInline(chosen(child), builder, base, boxes, deleted);
          break;
        case 'm:oMath':
        case 'm:oMathPara':
          for (const text of descendantsNamed(child, 'm:t')) addText(text.children.join(''), builder, base, deleted);
          break;
        default:
          if (transparent.has(child.name)) readInline(child.children, builder, base, boxes, deleted);
      }
    }
  }

  function readRun(
    run: XmlElement,
    builder: RichTextBuilder,
    base: RunProperties,
    boxes: DocxParagraph[],
    deleted: boolean,
  ): void {
    const rPr = childNamed(run, 'w:rPr');
    const characterStyle = styles.resolve(childNamed(rPr, 'w:rStyle')?.attributes.get('w:val'), 'character');
    const properties = merge(merge(base, runPart(characterStyle)), readRunProperties(rPr));
    const marked = customMarkOf(run);
    if (marked !== null && !deleted) {
      findings.customMarks.set(marked.key, marked.mark);
      builder.note(marked.key);
      return;
    }
    for (const child of run.children) {
      if (isElement(child)) readRunContent(child, builder, properties, boxes, deleted);
    }
  }

  function readRunContent(
    child: XmlElement,
    builder: RichTextBuilder,
    properties: RunProperties,
    boxes: DocxParagraph[],
    deleted: boolean,
  ): void {
    const add = (text: string): void => addText(text, builder, properties, deleted);
    switch (child.name) {
      case 'w:t':
        add(child.children.join(''));
        return;
      case 'w:delText':
        addText(child.children.join(''), builder, properties, true);
        return;
      case 'w:tab':
      case 'w:ptab':
        add('\t');
        return;
      case 'w:br':
      case 'w:cr':
        add(lineBreak);
        return;
      case 'w:noBreakHyphen':
        add('\u2011');
        return;
      case 'w:softHyphen':
        add('\u00ad');
        return;
      case 'w:sym': {
        const character = symbolCharacter(
          child.attributes.get('w:font') ?? '',
          Number.parseInt(child.attributes.get('w:char') ?? '', 16),
        );
        if (character === '\ufffd') findings.unknownSymbols += 1;
        add(character);
        return;
      }
      case 'w:footnoteReference':
      case 'w:endnoteReference':
        if (deleted) findings.deletedNotes.add(noteKey(child));
        else builder.note(noteKey(child));
        return;
      case 'w:fldChar': {
        const type = child.attributes.get('w:fldCharType');
        if (type === 'begin') fields.push(true);
        else if (type === 'separate' && fields.length > 0) fields[fields.length - 1] = false;
        else if (type === 'end') fields.pop();
        return;
      }
      case 'mc:AlternateContent':
        for (const inner of chosen(child)) {
          if (isElement(inner)) readRunContent(inner, builder, properties, boxes, deleted);
        }
        return;
      case 'w:drawing':
      case 'w:pict':
      case 'w:object':
        readDrawing(child, builder, properties, boxes, deleted);
        return;
      default:
    }
  }

  /** Text boxes become paragraphs after the one that holds the drawing; pictures are counted. */
  function readDrawing(
    drawing: XmlElement,
    builder: RichTextBuilder,
    properties: RunProperties,
    boxes: DocxParagraph[],
    deleted: boolean,
  ): void {
    const visit = (element: XmlElement): void => {
      for (const child of element.children) {
        if (!isElement(child)) continue;
        if (child.name === 'w:txbxContent') {
          // A field that is open around the drawing does not reach into its text.
          const outside = fields.splice(0);
          const before = carried;
          carried = null;
          readBlocks(child.children, boxes, deleted);
          carried = before;
          fields.splice(0, fields.length, ...outside);
        } else if (child.name === 'mc:AlternateContent') {
          for (const inner of chosen(child)) if (isElement(inner)) visitOne(inner);
        } else visitOne(child);
      }
    };
    const visitOne = (child: XmlElement): void => {
      if (child.name === 'pic:pic' || child.name === 'v:imagedata') findings.images += 1;
      if (child.name === 'a:t') addText(`${child.children.join('')} `, builder, properties, deleted);
      else visit(child);
    };
    visit(drawing);
  }

  function addText(text: string, builder: RichTextBuilder, properties: RunProperties, deleted: boolean): void {
    if (text === '') return;
    if (deleted) {
      findings.deleted.push(text);
      return;
    }
    if (fields.includes(true)) {
      if (text.trim() !== '') findings.ignoredFieldText.push(text);
      return;
    }
    if (properties.hidden === true && text.trim() !== '') findings.hidden.push(text);
    const emphasis: Emphasis[] = [];
    if (properties.italic === true) emphasis.push('italic');
    if (properties.bold === true) emphasis.push('bold');
    if (properties.underline === true) emphasis.push('underline');
    builder.add(text, new Set(emphasis));
  }

  /**
   * A row is one paragraph, its cells joined by tabs, as long as every cell holds one plain paragraph. Tables used for
   * layout hold whole passages in their cells; those are read as the paragraphs they are.
   */
  function readTable(table: XmlElement, out: DocxParagraph[], deletedAround: boolean): void {
    let flattened = false;
    const readRows = (children: readonly XmlNode[]): void => {
      for (const child of children) {
        if (!isElement(child)) continue;
        if (child.name === 'w:sdt') readRows(childNamed(child, 'w:sdtContent')?.children ?? []);
        else if (transparent.has(child.name)) readRows(child.children);
        else if (child.name === 'w:tr') readRow(child);
      }
    };
    const readRow = (row: XmlElement): void => {
      const properties = childNamed(row, 'w:trPr');
      noteAuthor(childNamed(properties, 'w:ins'));
      const deleted = deletedAround || childNamed(properties, 'w:del') !== undefined;
      const cells = cellsOf(row.children).map((cell) => {
        const inside: DocxParagraph[] = [];
        readBlocks(cell.children, inside, deleted);
        return inside;
      });
      const simple =
        cells.length > 1 &&
        cells.every((cell) => cell.length <= 1 && cell.every((paragraph) => paragraph.list === null));
      const first = cells.flat()[0];
      if (first === undefined) return;
      if (simple) {
        flattened = true;
        out.push({
          ...first,
          body: join(
            cells.flat().map((cell) => cell.body),
            '\t',
          ),
          headingLevel: 0,
          isTableRow: true,
        });
      } else out.push(...cells.flat());
    };
    readRows(table.children);
    if (flattened) findings.tables += 1;
  }

  function noteAuthor(change: XmlElement | undefined): void {
    const author = change?.attributes.get('w:author');
    if (author !== undefined && author.trim() !== '') findings.authors.add(author.trim());
  }

  readBlocks(container.children, paragraphs, false);
  if (carried !== null) {
    const last: { builder: RichTextBuilder; from: DocxParagraph } = carried;
    paragraphs.push({ ...last.from, body: last.builder.build() });
  }
  return paragraphs;
}

function cellsOf(children: readonly XmlNode[]): readonly XmlElement[] {
  return children.flatMap((child) => {
    if (!isElement(child)) return [];
    if (child.name === 'w:tc') return [child];
    if (child.name === 'w:sdt') return cellsOf(childNamed(child, 'w:sdtContent')?.children ?? []);
    return transparent.has(child.name) ? cellsOf(child.children) : [];
  });
}

/** The alternative to read: the first choice, which Word itself shows, else the fallback. */
function chosen(alternative: XmlElement): readonly XmlNode[] {
  const choice = childrenNamed(alternative, 'mc:Choice')[0] ?? childNamed(alternative, 'mc:Fallback');
  return choice?.children ?? [];
}

function runPart(properties: RunProperties): RunProperties {
  const { italic, bold, underline, hidden, vertical } = properties;
  return { italic, bold, underline, hidden, vertical };
}
