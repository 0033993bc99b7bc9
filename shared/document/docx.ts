/**
 * Word documents: the unpacked parts of a .docx become lines and notes for the structure recogniser. Our own reading of
 * the parts rather than a library's, because what a negotiation needs is what libraries drop: the numbers that Word
 * computes, who inserted and deleted what, and the direction of paragraphs.
 *
 * ECMA-376 (transitional and strict), parts 1 and 4. Reading the ZIP package is done in `electron/services/import`.
 */
import { readDocxBlocks, type DocxContext, type DocxParagraph } from './docx-body.ts';
import { createFindings, type DocxFindings } from './docx-findings.ts';
import { formatNumber } from './docx-number-formats.ts';
import { readNumbering } from './docx-numbering.ts';
import { readStyles } from './docx-styles.ts';
import type { ImportArtefact, ImportWarning } from './outcome-document.ts';
import { assembleDocument, type ImportedDocument } from './plain-text.ts';
import { isWholly, join, type RichText } from './rich-text.ts';
import type { SourceLine, SourceNote } from './source-line.ts';
import { childNamed, childrenNamed, parseXml, type XmlElement } from './xml.ts';

export const docxImporter = { name: 'docx', version: 1 } as const;

/** The XML of the parts that are read; absent parts stay undefined. */
export interface DocxParts {
  readonly document: string;
  readonly numbering?: string | undefined;
  readonly styles?: string | undefined;
  readonly footnotes?: string | undefined;
  readonly endnotes?: string | undefined;
  readonly comments?: string | undefined;
  /** Headers and footers. */
  readonly runningHeads?: readonly string[];
}

export interface DocxReading {
  readonly lines: readonly SourceLine[];
  readonly notes: readonly SourceNote[];
  readonly warnings: readonly ImportWarning[];
  readonly artefacts: readonly ImportArtefact[];
  /** List numbers and note numbers that Word computes: printed, but none of the file's characters. In reading order. */
  readonly computedMarkers: readonly string[];
}

const namespaces: readonly (readonly [pattern: RegExp, prefix: string])[] = [
  [/wordprocessingml\/(?:2006\/)?main$/u, 'w'],
  [/markup-compatibility\/2006$/u, 'mc'],
  [/officeDocument\/(?:2006\/)?math$/u, 'm'],
  [/drawingml\/(?:2006\/)?main$/u, 'a'],
  [/drawingml\/(?:2006\/)?picture$/u, 'pic'],
  [/^urn:schemas-microsoft-com:vml$/u, 'v'],
];
const prefixes = new Map<string, string>();
function prefixOf(uri: string): string {
  const known = prefixes.get(uri);
  if (known !== undefined) return known;
  const prefix = namespaces.find(([pattern]) => pattern.test(uri))?.[1] ?? (uri === '' ? '' : 'other');
  // A file may declare any number of namespaces of its own; only the usual ones are worth remembering.
  if (prefix !== 'other') prefixes.set(uri, prefix);
  return prefix;
}

/** Tracked changes the other way round: what was deleted stands, what was inserted is gone. */
const turnedAround: Readonly<Record<string, string>> = {
  'w:ins': 'w:del',
  'w:moveTo': 'w:moveFrom',
  'w:del': 'w:ins',
  'w:moveFrom': 'w:moveTo',
  'w:delText': 'w:t',
  'w:delInstrText': 'w:instrText',
};

function beforeChanges(element: XmlElement): XmlElement {
  return {
    ...element,
    name: turnedAround[element.name] ?? element.name,
    children: element.children.map((child) => (typeof child === 'string' ? child : beforeChanges(child))),
  };
}

/**
 * Reads the parts of one .docx: as its tracked changes propose, or as it was before them.
 *
 * @throws WorkbenchError `file-damaged` (a part is not well formed, or there is no body), `xml-entities`, `file-too-large`.
 */
export function readDocxParts(
  parts: DocxParts,
  fileName: string,
  wanted: 'proposed' | 'original' = 'proposed',
): DocxReading {
  const parse = (xml: string | undefined): XmlElement | undefined => {
    if (xml === undefined) return undefined;
    const root = parseXml(xml, { fileName, prefixOf });
    return wanted === 'original' ? beforeChanges(root) : root;
  };
  const findings = createFindings();
  const styles = readStyles(parse(parts.styles));
  const document = parse(parts.document);
  const body = childNamed(document, 'w:body');
  const context: DocxContext = { styles, numbering: readNumbering(parse(parts.numbering), styles), findings };
  const paragraphs = body === undefined ? [] : readDocxBlocks(body, context);
  const notes = readNotes(paragraphs, parse(parts.footnotes), parse(parts.endnotes), context);
  const lines = paragraphs.map(toLine);
  const artefacts: ImportArtefact[] = [
    ...findings.deleted.map((text) => ({ text, reason: 'deleted-text' as const })),
    ...[...findings.customMarks.values()].map((text) => ({ text, reason: 'footnote-marker' as const })),
    ...findings.ignoredFieldText.map((text) => ({ text, reason: 'word-residue' as const })),
    ...readAside(parse(parts.comments), 'w:comment', context).map((text) => ({ text, reason: 'metadata' as const })),
    ...(parts.runningHeads ?? []).flatMap((xml) => {
      const root = parse(xml);
      return root === undefined
        ? []
        : paragraphTexts(root, context).map((text) => ({ text, reason: 'running-head' as const }));
    }),
  ];
  return {
    lines,
    notes: notes.notes,
    warnings: [...warningsOf(findings), ...notes.warnings],
    artefacts,
    computedMarkers: [
      ...lines.flatMap((line) => (line.hints?.numberedBy === undefined ? [] : [line.hints.numberedBy])),
      ...notes.notes.map((note) => note.marker),
    ],
  };
}

/** A whole Word document; the caller adds the id, the hash of the file's bytes. */
export function importDocx(
  parts: DocxParts,
  fileName: string,
  wanted: 'proposed' | 'original' = 'proposed',
): ImportedDocument {
  const reading = readDocxParts(parts, fileName, wanted);
  return assembleDocument({
    source: { text: '', fileName },
    format: 'docx',
    importer: docxImporter,
    lines: reading.lines,
    notes: reading.notes,
    warnings: reading.warnings,
    artefacts: reading.artefacts,
  });
}

function toLine(paragraph: DocxParagraph): SourceLine {
  const { body, list, headingLevel } = paragraph;
  const isTitle = /^title$/iu.test(paragraph.styleName);
  const style = paragraph.isTableRow
    ? 'table'
    : isTitle
      ? 'title'
      : headingLevel > 0
        ? 'heading'
        : list !== null
          ? 'list'
          : /^toc/iu.test(paragraph.styleName)
            ? 'plain'
            : undefined;
  const level =
    style === 'heading' || style === 'title' ? headingLevel : style === 'list' ? (list?.level ?? 0) + 1 : undefined;
  return {
    // A tab after a number that was typed by hand is white space like any other; between cells it parts them.
    text: body.text,
    styles: body.styles,
    notes: body.notes,
    hints: {
      ...(style === undefined ? {} : { style }),
      ...(level === undefined ? {} : { level }),
      ...(list === null || list.marker === '' ? {} : { numberedBy: list.marker }),
      ...(body.styles.some((span) => span.start === 0 && span.style === 'italic') ? { italicStart: true } : {}),
      ...(isWholly(body, 'bold') ? { boldAll: true } : {}),
      ...(paragraph.rightToLeft ? { direction: 'rtl' as const } : {}),
    },
  };
}

interface ReadNotes {
  readonly notes: readonly SourceNote[];
  readonly warnings: readonly ImportWarning[];
}

/** Notes in the order in which the text refers to them, which is also how Word numbers them; unreferred ones last. */
function readNotes(
  paragraphs: readonly DocxParagraph[],
  footnotes: XmlElement | undefined,
  endnotes: XmlElement | undefined,
  context: DocxContext,
): ReadNotes {
  const bodies = new Map<string, RichText>();
  for (const [root, element, kind] of [
    [footnotes, 'w:footnote', 'footnote'],
    [endnotes, 'w:endnote', 'endnote'],
  ] as const) {
    for (const note of root === undefined ? [] : childrenNamed(root, element)) {
      // Separators are stored among the notes.
      const type = note.attributes.get('w:type');
      if (type !== undefined && type !== 'normal') continue;
      const text = join(
        readDocxBlocks(note, context).map((paragraph) => paragraph.body),
        '\n',
      );
      bodies.set(`${kind}:${note.attributes.get('w:id') ?? ''}`, text);
    }
  }
  const counters = { footnote: 0, endnote: 0 };
  const notes: SourceNote[] = [];
  const warnings: ImportWarning[] = [];
  const seen = new Set<string>();
  const add = (key: string, marker: string): void => {
    const { text, styles } = bodies.get(key) ?? { text: '', styles: [] };
    seen.add(key);
    notes.push({ key, marker, text, styles });
  };
  for (const { key } of paragraphs.flatMap((paragraph) => paragraph.body.notes)) {
    if (seen.has(key)) continue;
    if (!bodies.has(key)) {
      seen.add(key);
      warnings.push({
        code: 'unmatched-footnote',
        message: 'The text refers to a footnote that the file does not hold.',
      });
      continue;
    }
    const mark = context.findings.customMarks.get(key);
    if (mark !== undefined) add(key, mark);
    else {
      const kind = key.startsWith('footnote') ? 'footnote' : 'endnote';
      counters[kind] += 1;
      // Without other settings Word numbers endnotes i, ii, iii.
      add(key, formatNumber(counters[kind], kind === 'footnote' ? 'decimal' : 'lowerRoman'));
    }
  }
  for (const [key, { text }] of bodies) {
    if (seen.has(key) || text === '') continue;
    if (context.findings.deletedNotes.has(key)) {
      context.findings.deleted.push(text);
      continue;
    }
    // The recogniser reports notes without a reference.
    add(key, '');
  }
  return { notes, warnings };
}

function readAside(root: XmlElement | undefined, element: string, context: DocxContext): readonly string[] {
  return root === undefined ? [] : childrenNamed(root, element).flatMap((item) => paragraphTexts(item, context));
}

/** Texts beside the body: what they hide or delete is not the document's, so their findings are not reported. */
function paragraphTexts(root: XmlElement, context: DocxContext): readonly string[] {
  return readDocxBlocks(root, { ...context, findings: createFindings() })
    .map((paragraph) => paragraph.body.text)
    .filter((text) => text !== '');
}

function warningsOf(findings: DocxFindings): readonly ImportWarning[] {
  const warnings: ImportWarning[] = [];
  const deletions = findings.deleted.filter((text) => text.trim() !== '').length + findings.deletedMarks;
  if (findings.insertions + deletions > 0) {
    const authors = [...findings.authors];
    const by = authors.length === 0 ? '' : ` by ${authors.join(', ')}`;
    warnings.push({
      code: 'tracked-changes',
      message: `The file holds tracked changes${by}: ${findings.insertions} insertion(s), imported as text, and ${deletions} deletion(s), left out and listed in the report.`,
    });
  }
  if (findings.hidden.length > 0) {
    warnings.push({
      code: 'hidden-text',
      message: `${findings.hidden.length} passage(s) are hidden in Word and were imported as text, first "${shorten(findings.hidden[0] ?? '')}".`,
    });
  }
  if (findings.tables > 0) {
    warnings.push({
      code: 'table-flattened',
      message: `${findings.tables} table(s) were imported row by row as plain paragraphs, the cells separated by tabs.`,
    });
  }
  if (findings.images > 0) {
    warnings.push({
      code: 'image-left-out',
      message: `${findings.images} picture(s) were left out; only text is imported.`,
    });
  }
  if (findings.unknownSymbols > 0) {
    warnings.push({
      code: 'replacement-character',
      message: `${findings.unknownSymbols} character(s) of symbol fonts are not known and are shown as \ufffd.`,
    });
  }
  if (findings.embedded > 0) {
    warnings.push({
      code: 'unknown-element',
      message: `${findings.embedded} document(s) embedded in the file were not read; import them on their own.`,
    });
  }
  return warnings;
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
