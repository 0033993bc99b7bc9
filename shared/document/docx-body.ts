/**
 * The body of a .docx as paragraphs in reading order. Insertions are read as text, deletions are set aside with the
 * names of those who made them; hidden text is read and reported; field instructions are not text, their results are;
 * text boxes follow the paragraph they are tied to; of alternatives for newer and older programs the first is read.
 */
import { noteAuthor, type DocxFindings } from './docx-findings.ts';
import type { DocxNumbering, ListNumber } from './docx-numbering.ts';
import { chosen, createRunReader, isTransparent } from './docx-runs.ts';
import { headingLevel, readParagraphProperties, type DocxStyles } from './docx-styles.ts';
import { createRichTextBuilder, join, type RichText, type RichTextBuilder } from './rich-text.ts';
import { childNamed, isElement, type XmlElement, type XmlNode } from './xml.ts';

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

/** Reads `w:body`, `w:footnote`, `w:hdr` or any other container of paragraphs. Note keys: `footnote:<id>`, `endnote:<id>`. */
export function readDocxBlocks(container: XmlElement, context: DocxContext): readonly DocxParagraph[] {
  const { styles, numbering, findings } = context;
  const paragraphs: DocxParagraph[] = [];
  /** A paragraph whose mark was deleted runs into the next one. */
  let carried: { builder: RichTextBuilder; from: DocxParagraph } | null = null;
  const runs = createRunReader(styles, findings);

  function readBlocks(children: readonly XmlNode[], out: DocxParagraph[], deleted: boolean): void {
    for (const child of children) {
      if (!isElement(child)) continue;
      if (child.name === 'w:p') readParagraph(child, out, deleted);
      else if (child.name === 'w:tbl') readTable(child, out, deleted);
      else if (child.name === 'w:sdt') readBlocks(childNamed(child, 'w:sdtContent')?.children ?? [], out, deleted);
      else if (child.name === 'mc:AlternateContent') readBlocks(chosen(child), out, deleted);
      else if (child.name === 'w:del' || child.name === 'w:moveFrom') readBlocks(child.children, out, true);
      else if (child.name === 'w:altChunk') findings.embedded += 1;
      else if (isTransparent(child)) readBlocks(child.children, out, deleted);
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
    const box = (content: readonly XmlNode[], deleted: boolean): void => {
      // What a paragraph inside the box carries over does not run into what comes after the box, nor the other way round.
      const before = carried;
      carried = null;
      readBlocks(content, boxes, deleted);
      carried = before;
    };
    runs.read(element.children, { builder, base: style, box }, deletedAround);
    const markDeleted =
      childNamed(markProperties, 'w:del') !== undefined || childNamed(markProperties, 'w:moveFrom') !== undefined;
    noteAuthor(findings, childNamed(markProperties, 'w:ins'));
    noteAuthor(findings, childNamed(markProperties, 'w:del'));
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
        else if (isTransparent(child)) readRows(child.children);
        else if (child.name === 'w:tr') readRow(child);
      }
    };
    const readRow = (row: XmlElement): void => {
      const properties = childNamed(row, 'w:trPr');
      noteAuthor(findings, childNamed(properties, 'w:ins'));
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
    return isTransparent(child) ? cellsOf(child.children) : [];
  });
}
