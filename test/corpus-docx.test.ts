/**
 * The Word importer on files made by another program's writer (npm `docx`) and on random ones, against a reading of the
 * package that shares no code with it: unzipped by fflate, tags taken out by regular expressions. Texts of the corpus are
 * put into a file while the test runs; without the corpus that part is skipped.
 */
import { existsSync, readFileSync } from 'node:fs';
import {
  AlignmentType,
  DeletedTextRun,
  Document,
  FootnoteReferenceRun,
  HeadingLevel,
  InsertedTextRun,
  LevelFormat,
  Packer,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  type ISectionOptions,
} from 'docx';
import fc from 'fast-check';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readOutcomeDocument } from '../electron/services/import/read-outcome-document.ts';
import { readDocxPackage } from '../electron/services/import/docx-package.ts';
import { readDocxParts } from '../shared/document/docx.ts';
import { countNumberedParagraphs, type OutcomeDocument } from '../shared/document/outcome-document.ts';
import {
  deleted,
  documentXml,
  footnoteReference,
  footnotesXml,
  inserted,
  listItem,
  numberingXml,
  packDocx,
  paragraph,
  run,
  styled,
  stylesXml,
} from './fixtures/docx-parts.ts';

const ink = (text: string): string => text.normalize('NFKC').replace(/[^\p{L}\p{N}]|\u0640/gu, '');
const unescape = (text: string): string =>
  text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&amp;/g, '&');

/** Every `w:t` of a part, in order. */
function inkOfPart(zip: Record<string, Uint8Array>, path: string): string {
  const xml = zip[path] === undefined ? '' : strFromU8(zip[path]);
  const notes = xml.replace(/<w:(?:foot|end)note [^>]*w:type=[\s\S]*?<\/w:(?:foot|end)note>/g, '');
  return [...notes.matchAll(/<w:t(?:\s[^>]*)?>([^<]*)<\/w:t>/g)].map((match) => ink(unescape(match[1] ?? ''))).join('');
}

/** What the units show, without the numbers that Word computes: of lists and of notes. */
function shown(document: OutcomeDocument, bytes: Uint8Array): { body: string; notes: string } {
  const computed = [...readDocxParts(readDocxPackage(bytes, 'x'), 'x').lines];
  const computedMarkers = computed.flatMap((line) => line.hints?.numberedBy ?? []);
  let next = 0;
  const body = document.units
    .filter((unit) => unit.kind !== 'footnote')
    .map((unit) => {
      // Units follow the order of the lines, so the next computed marker is the one to leave out.
      if (unit.marker !== '' && unit.marker === computedMarkers[next]) {
        next += 1;
        return ink(unit.text);
      }
      return ink(unit.marker + unit.text);
    })
    .join('');
  const notes = document.units.filter((unit) => unit.kind === 'footnote').map((unit) => ink(unit.text));
  return { body, notes: notes.join('') };
}

async function pack(section: ISectionOptions, footnotes: Record<number, string> = {}): Promise<Uint8Array> {
  const document = new Document({
    sections: [section],
    footnotes: Object.fromEntries(
      Object.entries(footnotes).map(([id, text]) => [id, { children: [new Paragraph(text)] }]),
    ),
    numbering: {
      config: [
        {
          reference: 'paragraphs',
          levels: [
            { level: 0, format: LevelFormat.DECIMAL, text: '%1.', alignment: AlignmentType.START },
            { level: 1, format: LevelFormat.LOWER_LETTER, text: '(%2)', alignment: AlignmentType.START },
            { level: 2, format: LevelFormat.LOWER_ROMAN, text: '(%3)', alignment: AlignmentType.START },
          ],
        },
      ],
    },
  });
  return new Uint8Array(await Packer.toBuffer(document));
}
const numbered = (text: string, level = 0): Paragraph =>
  new Paragraph({ text, numbering: { reference: 'paragraphs', level } });

describe('a file of another writer', () => {
  it('as LibreOffice saves it: outline and list numbers, lists going on past a heading, footnotes, an endnote', async () => {
    const bytes = new Uint8Array(readFileSync(new URL('fixtures/documents/libreoffice.docx', import.meta.url)));
    const document = readOutcomeDocument({ bytes, fileName: 'libreoffice.docx' });
    const zip = unzipSync(bytes);
    const { body, notes } = shown(document, bytes);
    expect(body).toBe(inkOfPart(zip, 'word/document.xml'));
    expect(notes).toBe(inkOfPart(zip, 'word/footnotes.xml') + inkOfPart(zip, 'word/endnotes.xml'));
    expect(document.title).toBe('Chair’s text of the review');
    const numbered = document.units.filter(({ kind }) => kind === 'paragraph' || kind === 'subparagraph');
    expect(numbered.map(({ label }) => label)).toEqual(['1', '2', '2 a)', '2 a) i)', '2 a) ii)', '2 b)', '3', '4']);
    const headings = document.units.filter(({ kind }) => kind === 'heading');
    expect(headings.map(({ marker, text }) => `${marker} ${text}`.trim())).toEqual([
      'Chair’s text of the review',
      'I. Vision',
      'A. Access',
      'II. Annex',
    ]);
  });

  it('gives headings, computed labels, sub-paragraphs, notes, tables, tracked changes and direction', async () => {
    const change = { id: 1, author: 'Amina', date: '2026-01-01T00:00:00Z' };
    const bytes = await pack(
      {
        children: [
          new Paragraph({ text: 'Draft contribution on digital inclusion', heading: HeadingLevel.TITLE }),
          new Paragraph({ text: 'Introduction', heading: HeadingLevel.HEADING_1 }),
          numbered('We recognize the importance of connectivity for all.'),
          numbered('We commit to the following:'),
          numbered('bridging divides;', 1),
          numbered('between countries;', 2),
          numbered('within countries;', 2),
          numbered('building capacity.', 1),
          new Paragraph({
            numbering: { reference: 'paragraphs', level: 0 },
            children: [
              new TextRun('We recall the '),
              new TextRun({ text: 'Tunis Agenda', italics: true }),
              new FootnoteReferenceRun(1),
              new TextRun(' and '),
              new DeletedTextRun({ ...change, text: 'note' }),
              new InsertedTextRun({ ...change, text: 'welcome' }),
              new TextRun(' its review.'),
            ],
          }),
          new Table({
            rows: [
              new TableRow({
                children: ['Line', 'Lead'].map((text) => new TableCell({ children: [new Paragraph(text)] })),
              }),
              new TableRow({
                children: ['C2', 'ITU'].map((text) => new TableCell({ children: [new Paragraph(text)] })),
              }),
            ],
          }),
          new Paragraph({ text: 'نؤكد من جديد التزامنا بهذه الرؤية.', bidirectional: true }),
        ],
      },
      { 1: 'See A/60/687.' },
    );
    const document = readOutcomeDocument({ fileName: 'draft.docx', bytes });
    expect(document.title).toBe('Draft contribution on digital inclusion');
    expect(document.units.map((unit) => [unit.kind, unit.label, unit.marker, unit.level])).toEqual([
      ['heading', '', '', 1],
      ['heading', '', '', 1],
      ['paragraph', '1', '1.', 0],
      ['paragraph', '2', '2.', 0],
      ['subparagraph', '2 a)', '(a)', 1],
      ['subparagraph', '2 a) i)', '(i)', 2],
      ['subparagraph', '2 a) ii)', '(ii)', 2],
      ['subparagraph', '2 b)', '(b)', 1],
      ['paragraph', '3', '3.', 0],
      ['footnote', 'note 1', '1', 0],
      ['text', '', '', 0],
      ['text', '', '', 0],
      ['text', '', '', 0],
    ]);
    const recall = document.units[8];
    expect(recall?.text).toBe('We recall the Tunis Agenda and welcome its review.');
    expect(recall?.notes).toEqual([{ offset: 26, note: 'u10' }]);
    expect(document.units.at(-1)?.direction).toBe('rtl');
    expect(document.report.artefacts).toEqual([{ text: 'note', reason: 'deleted-text' }]);
    expect(document.report.warnings.map((warning) => warning.code)).toEqual(['tracked-changes', 'table-flattened']);
    expect(document.report.warnings[0]?.message).toContain('Amina');
    const zip = unzipSync(bytes);
    expect(shown(document, bytes)).toEqual({
      body: inkOfPart(zip, 'word/document.xml'),
      notes: inkOfPart(zip, 'word/footnotes.xml'),
    });
  });
});

const compact = new URL('../../shared/corpus/global-digital-compact-2024.en.txt', import.meta.url);
describe.skipIf(!existsSync(compact))('a text of the corpus, put into a Word file', () => {
  it('gives the same paragraphs as the text', async () => {
    const text = readFileSync(compact, 'utf8');
    const lines = text.split(/\r?\n/u).filter((line) => line.trim() !== '');
    const bytes = await pack({ children: lines.map((line) => new Paragraph(line)) });
    const document = readOutcomeDocument({ fileName: 'compact.docx', bytes });
    const plain = readOutcomeDocument({ fileName: 'compact.txt', bytes: new Uint8Array(Buffer.from(text)) });
    expect(countNumberedParagraphs(document.units)).toBe(countNumberedParagraphs(plain.units));
    const kept = document.units.map((unit) => unit.marker + unit.text).join('');
    expect(
      ink(kept + document.report.artefacts.map((artefact) => artefact.text).join('')).length,
    ).toBeGreaterThanOrEqual(ink(lines.join('')).length);
    expect(shown(document, bytes).body).toBe(ink(lines.join('')));
  });
});

describe('any file', () => {
  const words = fc
    .array(fc.stringMatching(/^[A-Za-z0-9&<éñßжقرア一.,;:()'"-]{1,8}$/u), { minLength: 1, maxLength: 6 })
    .map((list) => list.join(' '));
  type Piece = { xml: string; text: string; note?: string };
  const piece: fc.Arbitrary<Piece> = fc.oneof(
    words.map((text) => ({ xml: run(`${text} `), text })),
    words.map((text) => ({ xml: run(`${text} `, '<w:i/><w:b/>'), text })),
    words.map((text) => ({ xml: inserted(run(`${text} `)), text })),
    words.map((text) => ({ xml: deleted(text), text: '' })),
    words.map((text) => ({ xml: `<w:sdt><w:sdtContent>${run(text)}</w:sdtContent></w:sdt>`, text })),
    words.map((text) => ({ xml: `<w:hyperlink>${run(`${text} `)}</w:hyperlink>`, text })),
    words.map((text) => ({ xml: '', text: '', note: text })),
  );
  const block = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.array(piece, { maxLength: 5 }), fc.constant('plain')) },
    { weight: 1, arbitrary: fc.tuple(fc.array(piece, { maxLength: 3 }), fc.constant('cell')) },
    {
      weight: 2,
      arbitrary: fc.tuple(
        words.map((text) => [{ xml: text, text }]),
        fc.constantFrom('list', 'list1', 'heading'),
      ),
    },
  );

  it('keeps every letter of what is not deleted, in order', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 8 }), (blocks) => {
        const notes: Record<string, string> = {};
        let expected = '';
        const body = blocks.map(([pieces, kind]) => {
          expected += pieces.map((one: Piece) => one.text).join('');
          if (kind === 'list') return listItem(pieces[0]?.xml ?? '');
          if (kind === 'list1') return listItem(pieces[0]?.xml ?? '', 1);
          if (kind === 'heading') return styled('berschrift1', pieces[0]?.xml ?? '');
          const content = pieces
            .map((one: Piece) => {
              if (one.note === undefined) return one.xml;
              const id = Object.keys(notes).length + 1;
              notes[id] = one.note;
              return footnoteReference(id);
            })
            .join('');
          return kind === 'cell'
            ? `<w:tbl><w:tr><w:tc>${paragraph(content)}</w:tc><w:tc>${paragraph(run('9'))}</w:tc></w:tr></w:tbl>`
            : paragraph(content);
        });
        expected = blocks
          .map(([pieces, kind]) => pieces.map((one: Piece) => one.text).join('') + (kind === 'cell' ? '9' : ''))
          .join('');
        const bytes = packDocx(documentXml(...body), {
          'word/numbering.xml': numberingXml(['decimal', '%1.'], ['lowerLetter', '(%2)']),
          'word/styles.xml': stylesXml,
          'word/footnotes.xml': footnotesXml(notes),
        });
        // The reading before structure: text alone, so that computed numbers cannot hide a loss.
        const reading = readDocxParts(readDocxPackage(bytes, 'any.docx'), 'any.docx');
        expect(ink(reading.lines.map((line) => line.text).join(''))).toBe(ink(expected));
        expect(ink(reading.notes.map((note) => note.text).join(''))).toBe(ink(Object.values(notes).join('')));
        // And with it: nothing beyond the text and the computed markers, nothing less.
        const { units } = readOutcomeDocument({ fileName: 'any.docx', bytes });
        const sorted = (text: string): string => [...ink(text)].sort().join('');
        expect(sorted(units.map((unit) => unit.marker + unit.text).join(''))).toBe(
          sorted(expected + Object.values(notes).join('') + reading.computedMarkers.join('')),
        );
      }),
      { numRuns: Number(process.env['NUM_RUNS'] ?? 150) },
    );
  });
});
