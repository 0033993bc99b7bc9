/**
 * Word files with real styles (Title, Heading 1 to 3, Question, Quote, lists of two levels), real footnotes and tables
 * with a header row, right-to-left where the draft is, A4 with page numbers. The cover block is the table at the head of
 * working-group documents. The properties name the delegation and nobody else.
 */
import {
  AlignmentType,
  Document,
  ExternalHyperlink,
  Footer,
  FootnoteReferenceRun,
  HeadingLevel,
  HeightRule,
  LevelFormat,
  Packer,
  PageNumber,
  PageOrientation,
  Paragraph,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextDirection,
  TextRun,
  VerticalAlign,
  WidthType,
  BorderStyle,
  ShadingType,
  type IParagraphOptions,
  type IRunOptions,
  type ParagraphChild,
} from 'docx';
import type {
  ExportBlock,
  ExportColumn,
  ExportList,
  ExportModel,
  ExportText,
} from '../../../shared/drafting/export-model.ts';
import type { Mark } from '../../../shared/drafting/inline.ts';

/** Fonts that every Word has; calls for input ask for generic ones. Sizes in half-points. */
const font = { ascii: 'Times New Roman', hAnsi: 'Times New Roman', cs: 'Times New Roman', eastAsia: 'SimSun' };
const bodySize = 24;
const noteSize = 20;
const denseSize = 16;
/** Twentieths of a point. */
const inch = 1440;
const a4 = { width: 11906, height: 16838 };
const narrow = 850;

const locales: Readonly<Record<string, string>> = {
  ar: 'ar-SA',
  zh: 'zh-CN',
  en: 'en-GB',
  fr: 'fr-FR',
  ru: 'ru-RU',
  es: 'es-ES',
};

export async function writeDocx(model: ExportModel, delegation: string): Promise<Uint8Array> {
  const margin = model.landscape === true ? narrow : inch;
  const lineWidth = (model.landscape === true ? a4.height : a4.width) - 2 * margin;
  const writer = createWriter(model.direction === 'rtl', lineWidth);
  const locale = locales[model.language] ?? 'en-GB';
  const document = new Document({
    title: model.title,
    creator: delegation,
    lastModifiedBy: delegation,
    styles: {
      default: {
        document: { run: { font, size: bodySize, language: languageOf(locale, model.language) } },
        title: { run: { font, size: 32, bold: true }, paragraph: { spacing: { after: 240 } } },
        heading1: heading(28),
        heading2: heading(26),
        heading3: heading(24),
      },
      paragraphStyles: [
        {
          id: 'Question',
          name: 'Question',
          basedOn: 'Normal',
          next: 'Normal',
          quickFormat: true,
          run: { bold: true },
          paragraph: { keepNext: true, spacing: { before: 240, after: 120 } },
        },
        {
          id: 'Quote',
          name: 'Quote',
          basedOn: 'Normal',
          next: 'Normal',
          quickFormat: true,
          paragraph: { indent: { left: 567, right: 567 }, spacing: { before: 60, after: 120 } },
        },
        {
          id: 'QuoteSource',
          name: 'Quote Source',
          basedOn: 'Quote',
          next: 'Normal',
          quickFormat: true,
          run: { size: noteSize },
          paragraph: { indent: { left: 567, right: 567 }, alignment: AlignmentType.END, spacing: { after: 120 } },
        },
      ],
    },
    numbering: { config: [numbering('bullet'), numbering('number'), numbering('letter')] },
    footnotes: Object.fromEntries(
      model.footnotes.map(({ number, text }) => [
        number,
        {
          children: [writer.paragraph({ style: 'FootnoteText', children: [writer.run(' '), ...writer.inline(text)] })],
        },
      ]),
    ),
    sections: [
      {
        properties: {
          page: {
            size: model.landscape === true ? { ...a4, orientation: PageOrientation.LANDSCAPE } : a4,
            margin: { top: margin, bottom: margin, left: margin, right: margin },
          },
        },
        footers: { default: new Footer({ children: [writer.pageNumber()] }) },
        children: [
          ...(model.cover.length === 0 ? [] : [writer.cover(model.cover), writer.paragraph({})]),
          ...(model.title === ''
            ? []
            : [writer.paragraph({ heading: HeadingLevel.TITLE, children: [writer.run(model.title)] })]),
          ...model.blocks.flatMap((block) => writer.block(block)),
        ],
      },
    ],
  });
  return new Uint8Array(await Packer.toBuffer(document));
}

function languageOf(locale: string, language: string): { value?: string; bidirectional?: string; eastAsia?: string } {
  if (language === 'ar') return { value: 'en-GB', bidirectional: locale };
  return language === 'zh' ? { value: 'en-GB', eastAsia: locale } : { value: locale };
}

function heading(size: number) {
  return {
    run: { font, size, bold: true, color: '000000' },
    paragraph: { keepNext: true, spacing: { before: 240, after: 120 } },
  };
}

const listFormats = {
  bullet: [
    { format: LevelFormat.BULLET, text: '•' },
    { format: LevelFormat.BULLET, text: '–' },
  ],
  number: [
    { format: LevelFormat.DECIMAL, text: '%1.' },
    { format: LevelFormat.DECIMAL, text: '%2.' },
  ],
  letter: [
    { format: LevelFormat.LOWER_LETTER, text: '%1)' },
    { format: LevelFormat.LOWER_LETTER, text: '%2)' },
  ],
} as const;

function numbering(list: ExportList['list']) {
  return {
    reference: list,
    levels: listFormats[list].map(({ format, text }, level) => ({
      level,
      format,
      text,
      // `left` is the leading side of a right-to-left paragraph too; older Words do not read `start`.
      style: { paragraph: { indent: { left: 567 * (level + 1), hanging: 567 } } },
    })),
  };
}

/** `lineWidth`: between the margins, in twentieths of a point. */
function createWriter(isRightToLeft: boolean, lineWidth: number) {
  // Undefined and not false: a false flag on every run would triple the file.
  const rightToLeft = isRightToLeft ? true : undefined;
  /** A number of its own for every list, so that each begins at one. */
  let lists = 0;

  const run = (text: string, options: IRunOptions = {}): TextRun => new TextRun({ ...options, text, rightToLeft });
  const paragraph = (options: IParagraphOptions): Paragraph =>
    new Paragraph({ ...options, bidirectional: rightToLeft });
  const spaced = { spacing: { after: 120 } };

  function inline(text: ExportText, isBold = false, size?: number): ParagraphChild[] {
    return text.map((item): ParagraphChild => {
      switch (item.kind) {
        case 'text':
          return run(item.text, {
            ...runOptions(isBold ? [...item.marks, 'bold'] : item.marks),
            ...(size === undefined ? {} : { size }),
          });
        case 'break':
          return new TextRun({ break: 1, rightToLeft });
        case 'note':
          // Word hangs a footnote on one reference; a further one prints its number.
          return item.first ? new FootnoteReferenceRun(item.number) : run(String(item.number), { superScript: true });
        case 'link':
          return new ExternalHyperlink({ children: [run(item.text, { style: 'Hyperlink' })], link: item.href });
      }
    });
  }

  function block(block: ExportBlock): (Paragraph | Table)[] {
    switch (block.kind) {
      case 'heading':
        return [paragraph({ heading: headings[block.level], children: inline(block.text) })];
      case 'question':
        return [paragraph({ style: 'Question', children: [run(`${block.number}. `), ...inline(block.text)] })];
      case 'paragraph':
        return [paragraph({ ...spaced, children: inline(block.text) })];
      case 'quotation': {
        const words = inline(block.text);
        if (block.citation === '') return [paragraph({ style: 'Quote', children: words })];
        return [
          paragraph({ style: 'Quote', keepNext: true, children: words }),
          paragraph({ style: 'QuoteSource', children: [run(block.citation)] }),
        ];
      }
      case 'table':
        // Word joins tables that stand one on the other, and wants a paragraph after one at the end.
        return [block.columns === undefined ? table(block.rows) : denseTable(block.rows, block.columns), paragraph({})];
      case 'list':
        return list(block, 0);
    }
  }

  function list({ list: reference, items }: ExportList, level: number): Paragraph[] {
    lists += 1;
    const instance = lists;
    return items.flatMap((item) => [
      paragraph({
        style: 'ListParagraph',
        numbering: { reference, level, instance },
        spacing: { after: 80 },
        children: inline(item.text),
      }),
      ...item.inner.flatMap((inner) => list(inner, level + 1)),
    ]);
  }

  function pageNumber(): Paragraph {
    const children = [new TextRun({ children: [PageNumber.CURRENT], size: noteSize, rightToLeft })];
    return paragraph({ alignment: AlignmentType.CENTER, children });
  }

  function table(rows: readonly (readonly ExportText[])[]): Table {
    return new Table({
      width: { size: 100, type: WidthType.PERCENTAGE },
      visuallyRightToLeft: rightToLeft,
      margins: { top: 60, bottom: 60, left: 100, right: 100 },
      rows: rows.map(
        (row, at) => new TableRow({ tableHeader: at === 0 ? true : undefined, children: cells(row, at === 0) }),
      ),
    });
  }

  function cells(row: readonly ExportText[], isHeader: boolean): TableCell[] {
    return row.map(
      (cell) =>
        new TableCell({
          ...(isHeader ? { shading: { type: ShadingType.CLEAR, fill: 'E7E6E6' } } : {}),
          children: [paragraph({ keepNext: isHeader ? true : undefined, children: inline(cell, isHeader) })],
        }),
    );
  }

  /** Widths are fixed: left to itself a program gives a column of long words the room of all others. */
  function denseTable(rows: readonly (readonly ExportText[])[], columns: readonly ExportColumn[]): Table {
    const all = columns.reduce((sum, { width }) => sum + width, 0);
    const widths = columns.map(({ width }) => Math.floor((lineWidth * width) / all));
    const cell = (text: ExportText, column: number, isHeader: boolean): TableCell =>
      new TableCell({
        width: { size: widths[column]!, type: WidthType.DXA },
        ...(isHeader ? { shading: { type: ShadingType.CLEAR, fill: 'E7E6E6' } } : {}),
        ...(isHeader && columns[column]?.turned === true
          ? { textDirection: TextDirection.BOTTOM_TO_TOP_LEFT_TO_RIGHT, verticalAlign: VerticalAlign.CENTER }
          : {}),
        children: [paragraph({ children: inline(text, isHeader, denseSize) })],
      });
    return new Table({
      width: { size: widths.reduce((sum, width) => sum + width, 0), type: WidthType.DXA },
      columnWidths: widths,
      layout: TableLayoutType.FIXED,
      visuallyRightToLeft: rightToLeft,
      margins: { top: 30, bottom: 30, left: 50, right: 50 },
      rows: rows.map(
        (row, at) =>
          new TableRow({
            tableHeader: at === 0 ? true : undefined,
            cantSplit: true,
            // Turned words have no height of their own.
            ...(at === 0 && columns.some(({ turned }) => turned === true)
              ? { height: { value: turnedHeight(row, columns), rule: HeightRule.EXACT } }
              : {}),
            children: row.map((text, column) => cell(text, column, at === 0)),
          }),
      ),
    });
  }

  function cover(fields: ExportModel['cover']): Table {
    const none = { style: BorderStyle.NONE, size: 0, color: 'auto' };
    const borders = { top: none, bottom: none, left: none, right: none, insideHorizontal: none, insideVertical: none };
    const cell = (text: string, size: number, bold: boolean): TableCell =>
      new TableCell({
        width: { size, type: WidthType.PERCENTAGE },
        children: [paragraph({ spacing: { after: 40 }, children: [run(text, bold ? { bold } : {})] })],
      });
    return new Table({
      width: { size: 100, type: WidthType.PERCENTAGE },
      visuallyRightToLeft: rightToLeft,
      borders,
      rows: fields.map(
        ({ label, value }) => new TableRow({ children: [cell(label, 25, true), cell(value, 75, false)] }),
      ),
    });
  }

  return { run, paragraph, inline, block, cover, pageNumber };
}

/** About half an em to a letter, for the longest turned name, within what a page can spare. */
function turnedHeight(row: readonly ExportText[], columns: readonly ExportColumn[]): number {
  const lengths = row.map((text, at) =>
    columns[at]?.turned === true ? text.reduce((sum, item) => sum + ('text' in item ? item.text.length : 0), 0) : 0,
  );
  return Math.min(2400, 300 + Math.max(...lengths) * denseSize * 6);
}

const headings = { 1: HeadingLevel.HEADING_1, 2: HeadingLevel.HEADING_2, 3: HeadingLevel.HEADING_3 } as const;

function runOptions(marks: readonly Mark[]): IRunOptions {
  const has = (mark: Mark): true | undefined => (marks.includes(mark) ? true : undefined);
  return {
    bold: has('bold'),
    italics: has('italic'),
    underline: has('underline') === undefined ? undefined : {},
    superScript: has('superscript'),
    subScript: has('subscript'),
    strike: has('strikethrough'),
  };
}
