/**
 * Completeness of the plain-text, Markdown and HTML importers, against readings of the sources that are made here and
 * share nothing with the importers; and what a reader who holds the printed document expects to find.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText } from '../shared/document/encoding.ts';
import { importHtml } from '../shared/document/html.ts';
import { importMarkdown } from '../shared/document/markdown.ts';
import type { Unit } from '../shared/document/outcome-document.ts';
import { importPlainText, type ImportedDocument } from '../shared/document/plain-text.ts';
import { countNumberedParagraphs } from '../shared/document/outcome-document.ts';

const numRuns = Number(process.env.NUM_RUNS ?? 150);
const corpus = new URL('../../shared/corpus/', import.meta.url);
const hasCorpus = existsSync(corpus);
const fixtures = new URL('fixtures/documents/', import.meta.url);

/** This file's own idea of what must not be lost: letters and digits, however encoded. */
const essence = (text: string): string =>
  [...text.normalize('NFKC')].filter((char) => /^[\p{L}\p{N}]$/u.test(char) && char !== 'ـ').join('');
const printed = (units: readonly Unit[]): string => essence(units.map((unit) => unit.marker + unit.text).join(''));

/** Takes each piece out of `text` once, in any order; says which one is not there. */
function without(text: string, pieces: readonly string[]): string {
  let rest = text;
  for (const piece of pieces) {
    const at = rest.indexOf(piece);
    expect(at, `the source does not hold the artefact ${JSON.stringify(piece)}`).toBeGreaterThanOrEqual(0);
    rest = rest.slice(0, at) + rest.slice(at + piece.length);
  }
  return rest;
}

function importText(url: URL): { document: ImportedDocument; source: string } {
  const { text } = decodeText(readFileSync(url));
  return { document: importPlainText({ text, fileName: url.pathname.split('/').at(-1) ?? '' }), source: text };
}

/** Body and footnotes apart, since notes move to the place where they are referred to. */
function expectComplete(document: ImportedDocument, body: string, footnotes: string): void {
  const notes = document.units.filter((unit) => unit.kind === 'footnote');
  expect(printed(document.units.filter((unit) => unit.kind !== 'footnote'))).toBe(essence(body));
  expect(printed(notes)).toBe(essence(footnotes));
}

const labels = (document: ImportedDocument, kinds: readonly string[]): string[] =>
  document.units.filter((unit) => kinds.includes(unit.kind)).map((unit) => unit.label);
const texts = (document: ImportedDocument, kind: string): string[] =>
  document.units.filter((unit) => unit.kind === kind).map((unit) => unit.text);

const range = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

describe.skipIf(!hasCorpus)('real plain-text documents', () => {
  it('RCC input: eleven questions under four headings, one footnote, no residue', () => {
    const { document, source } = importText(new URL('rcc-common-input-wsis20-call.txt', corpus));
    expect(labels(document, ['question'])).toEqual(range(1, 11));
    expect(labels(document, ['paragraph'])).toEqual([]);
    const outline = document.units
      .filter((unit) => unit.kind === 'heading' || unit.kind === 'question')
      .map((unit) => (unit.kind === 'heading' ? unit.text : unit.label));
    expect(outline).toEqual([
      'Purpose',
      'Action required',
      'Common RCC Input to the Call for Inputs on the WSIS+20 Review on the ITU web site',
      'The WSIS Implementation Process',
      '1',
      '2',
      '3',
      '4',
      'WSIS Action Lines',
      '5',
      '6',
      '7',
      'WSIS Action Line for advancing the SDGs',
      '8',
      'Future Vision and WSIS beyond 2025',
      '9',
      '10',
      '11',
    ]);
    expect(document.units.every((unit) => !/\[bookmark|footnoteRef|\[1:/.test(unit.text))).toBe(true);
    expect(labels(document, ['footnote'])).toEqual(['note 1']);
    const holder = document.units.find((unit) => unit.notes.length > 0);
    expect(holder?.text.endsWith('the implementation of its outcomes.')).toBe(true);
    expect(holder?.notes[0]?.offset).toBe((holder?.text.length ?? 0) - 1);
    expect(document.units[document.units.indexOf(holder as Unit) + 1]?.text).toMatch(/^This group was led/);
    expect(labels(document, ['subparagraph']).filter((label) => label !== '')).toEqual([
      '3 a)',
      '3 b)',
      '3 c)',
      '3 d)',
      '3 e)',
    ]);
    const note = /\[1:\s*([^\]]*)\]/.exec(source);
    const body = without(source, ['[footnoteRef:1]', '[bookmark: OLE_LINK1]', note?.[0] ?? '']);
    expectComplete(document, body, `1${note?.[1] ?? ''}`);
    expect(document.report.artefacts.map((artefact) => artefact.text).toSorted()).toEqual([
      '[bookmark: OLE_LINK1]',
      '[footnoteRef:1]',
    ]);
  });

  it('CWG contribution: six parts and the seven points of its proposal', () => {
    const { document, source } = importText(new URL('cwg-internet-contribution-tunis-agenda.txt', corpus));
    expect(texts(document, 'heading')).toEqual([
      'Purpose',
      'Action required',
      'References',
      'Introduction',
      'Discussion',
      'Proposal',
    ]);
    expect(labels(document, ['paragraph'])).toEqual(range(1, 7));
    expect(
      document.units.filter((unit) => unit.kind === 'paragraph').every((unit) => unit.text.startsWith('to ')),
    ).toBe(true);
    expectComplete(document, source, '');
    expect(document.report.artefacts).toEqual([]);
  });

  it('Global Digital Compact: 74 paragraphs, the five objectives inside paragraph 7, lettered commitments, six notes', () => {
    const { document, source } = importText(new URL('global-digital-compact-2024.en.txt', corpus));
    expect(labels(document, ['paragraph'])).toEqual(range(1, 74));
    expect(countNumberedParagraphs(document.units)).toBe(74);
    const subs = labels(document, ['subparagraph']);
    expect(subs.filter((label) => label.startsWith('7 '))).toEqual(['7 1)', '7 2)', '7 3)', '7 4)', '7 5)']);
    expect(subs.filter((label) => label.startsWith('8 '))).toEqual(
      [...'abcdefghijklm'].map((letter) => `8 ${letter})`),
    );
    expect(subs.every((label) => /^\d+ [a-m1-5]\)$/.test(label))).toBe(true);
    expect(subs.length).toBe((source.match(/^\([a-z]\) /gm) ?? []).length + 5);
    expect(labels(document, ['footnote'])).toEqual(range(17, 22).map((number) => `note ${number}`));
    expect(texts(document, 'heading')).toHaveLength(23);
    expect(document.title).toBe('Global Digital Compact');
    const [body = '', list = ''] = source.split('____________');
    expectComplete(document, body.replace(/\[fn \d+\]/g, ''), list);
    expect(document.report.warnings).toEqual([]);
  });

  it('Tunis Agenda in pieces: every label as printed, nothing glued to a neighbour', () => {
    const { document, source } = importText(new URL('partial/tunis-agenda-2005-partial.en.txt', corpus));
    const expected = [
      ...range(1, 8),
      '24',
      '27',
      ...range(43, 47),
      '58',
      '63',
      '68',
      '70',
      ...range(70, 72),
      ...range(74, 79),
      ...range(94, 97),
      '101',
      '102',
      ...range(107, 112),
    ];
    expect(labels(document, ['paragraph'])).toEqual(expected);
    expect(labels(document, ['subparagraph'])).toEqual([
      'h)',
      'i)',
      '27 a)',
      '27 b)',
      '27 c)',
      '27 c) i)',
      '27 c) ii)',
      '27 d)',
      '27 e)',
      '27 f)',
      '27 g)',
      '72 a)',
      '72 b)',
      '101 a)',
      '102 a)',
      '102 b)',
      '102 c)',
    ]);
    expect(texts(document, 'heading')).toEqual([
      'TUNIS AGENDA FOR THE INFORMATION SOCIETY',
      'INTRODUCTION',
      'FINANCIAL MECHANISMS FOR MEETING THE CHALLENGES OF ICT FOR DEVELOPMENT',
    ]);
    expect(document).toMatchObject({
      symbol: 'WSIS-05/TUNIS/DOC/6(Rev.1)-E',
      workKey: 'WSIS-05/TUNIS/DOC/6',
      date: '2005-11-18',
      language: 'en',
    });
    expectComplete(document, source.replaceAll('WSIS-05TUNISDOC6Rev. 1-E', ''), '');
    expect(new Set(document.report.artefacts.map((artefact) => artefact.text))).toEqual(
      new Set(['WSIS-05TUNISDOC6Rev. 1-E']),
    );
  });

  it('negotiation drafts keep Alt, BIS and [agreed] and lose only page furniture', () => {
    const alt = importText(new URL('drafts/2005-corrigendum-alt-bis.txt', corpus));
    expect(labels(alt.document, ['paragraph'])).toEqual([
      '18',
      '18 alt 1',
      '18 alt 2',
      '18 alt 3',
      '18 alt 4',
      '18 bis',
      '23 alt 1',
    ]);
    expectComplete(alt.document, alt.source, '');
    const vision = importText(new URL('drafts/2014-vision-rev3-agreed-marks.txt', corpus));
    expect(labels(vision.document, ['subparagraph'])).toEqual([...'abcdefg'].map((letter) => `${letter})`));
    expect(vision.document.units.filter((unit) => unit.text.includes('[agreed]'))).toHaveLength(2);
    expectComplete(
      vision.document,
      vision.source.replace('\n1\nGeneva 2014\nWSIS+10 Vision for WSIS Beyond 2015\n', '\n'),
      '',
    );
    const heads = importText(new URL('drafts/2005-running-head-margin-headings.txt', corpus));
    expect(texts(heads.document, 'heading')).toEqual(['Key principles', 'Development orientation']);
    expect(labels(heads.document, ['paragraph'])).toEqual(['4', '5', '6']);
    expectComplete(heads.document, without(heads.source, ['- 2 -', '(WSIS-II/PC-3/DOC/8-E)']), '');
    const openings = importText(new URL('drafts/2024-gdc-rev1-rev2-openings.txt', corpus));
    expect(labels(openings.document, ['paragraph'])).toEqual([...range(1, 5), ...range(1, 5)]);
    expectComplete(openings.document, openings.source, '');
  });
});

describe('documents written for this project', () => {
  it('there are fixtures for every text-like format', () => {
    expect(readdirSync(fixtures)).toEqual(
      expect.arrayContaining(['declaration.ar.txt', 'declaration.fr.html', 'statement.zh.txt', 'zero-draft.en.md']),
    );
  });

  it('Arabic: numbers with a dash, abjad letters as a), b), c), preamble, right to left', () => {
    const { document, source } = importText(new URL('declaration.ar.txt', fixtures));
    expect(document).toMatchObject({ language: 'ar', direction: 'rtl' });
    expect(labels(document, ['paragraph', 'subparagraph'])).toEqual(['1', '2', '2 a)', '2 b)', '2 c)', '3']);
    expect(texts(document, 'preambular')).toHaveLength(2);
    expect(document.units.every((unit) => unit.direction === 'rtl')).toBe(true);
    expectComplete(document, source, '');
  });

  it('Chinese: no spaces, full-width brackets', () => {
    const { document, source } = importText(new URL('statement.zh.txt', fixtures));
    expect(document.language).toBe('zh');
    expect(labels(document, ['paragraph', 'subparagraph'])).toEqual(['1', '2', '2 a)', '2 b)', '2 c)', '3']);
    expectComplete(document, source, '');
    const oneLine = importPlainText({ text: source.replace(/(?<=。|；|：)\n/g, ''), fileName: 'x.txt' });
    expect(labels(oneLine, ['paragraph'])).toEqual(['1', '2', '3']);
    expectComplete(oneLine, source, '');
  });

  it('Russian in a code page', () => {
    const { document, source } = importText(new URL('declaration.ru-1251.txt', fixtures));
    expect(document.language).toBe('ru');
    expect(labels(document, ['paragraph', 'subparagraph'])).toEqual(['1', '2', '2 a)', '2 b)', '2 bis', '3']);
    expect(texts(document, 'preambular')).toHaveLength(1);
    expectComplete(document, source, '');
  });

  it('wrapped pages: hyphens only where proved, lone numbers, paragraphs on one line, notes under a rule', () => {
    const { document, source } = importText(new URL('wrapped.en.txt', fixtures));
    expect(labels(document, ['paragraph', 'subparagraph'])).toEqual([
      '1',
      '2',
      '2 a)',
      '2 b)',
      '3',
      '4',
      '5',
      '6',
      '7',
    ]);
    expect(document.title).toBe('Outcome of the Consultation on Digital Co-operation');
    expect(document.units.find((unit) => unit.label === '1')?.text).toContain('matter of development, and');
    expect(texts(document, 'heading')).toContain('Financing');
    expect(texts(document, 'text')).toEqual(['2005. In that year the second phase was held.']);
    const [body = '', note = ''] = source.split('____________');
    expectComplete(
      document,
      without(body, ['- 1 -', '- 2 -', 'REGIONAL MEETING PAPER', 'REGIONAL MEETING PAPER', '¹']),
      note,
    );
  });

  it('Markdown: headings, lists, table, notes', () => {
    const url = new URL('zero-draft.en.md', fixtures);
    const source = readFileSync(url, 'utf8');
    const document = importMarkdown({ text: source, fileName: 'zero-draft.en.md' });
    expect(labels(document, ['paragraph', 'subparagraph'])).toEqual([
      '1',
      '2',
      '2 a)',
      '2 b)',
      '2 b) i)',
      '2 b) ii)',
      '2 c)',
      '2 bis',
      '3',
      '4',
    ]);
    expect(document.units.filter((unit) => unit.kind === 'heading').map((unit) => unit.level)).toEqual([1, 2, 2, 2]);
    const first = document.units.find((unit) => unit.label === '1');
    expect(first?.styles.map(({ start, end, style }) => [first.text.slice(start, end), style])).toEqual([
      ['affordable', 'italic'],
    ]);
    expect(document.report.warnings.map((warning) => warning.code)).toEqual(['table-flattened']);
    const [, , afterMatter = ''] = source.split(/^---$/m);
    const [body = '', notes = ''] = afterMatter.split('\n[^1]:');
    expectComplete(document, body.replaceAll(/\[\^\w+\]|\(https:[^)]*\)/g, ''), `1${notes}`);
  });

  it('HTML: browser numbering, tables, notes; scripts, comments, struck and hidden words are no text', () => {
    const source = readFileSync(new URL('declaration.fr.html', fixtures), 'utf8');
    const document = importHtml({ text: source, fileName: 'declaration.fr.html' });
    expect(document).toMatchObject({ language: 'fr', date: '2026-03-14', symbol: 'WSIS-II/PC-3/DT/99-F' });
    expect(labels(document, ['paragraph', 'subparagraph'])).toEqual([
      '1',
      '2',
      '2 a)',
      '2 b)',
      '2 b) i)',
      '2 b) ii)',
      '2 d)',
      '3',
      '4',
      '5',
    ]);
    const visible = source
      .replace(/^[\s\S]*<body[^>]*>/, '')
      .replace(/<!--[\s\S]*?-->|<del>[\s\S]*?<\/del>|<p hidden>[\s\S]*?<\/p>|<sup>[\s\S]*?<\/sup>/g, '')
      // Browsers number these six items; the file does not.
      .replace('<ol type="a"><li>', 'a.')
      .replace('<li><p>connecter', 'b.connecter')
      .replace('<li>en', 'i.en')
      .replace('<li>en', 'ii.en')
      .replace('<li value="4">', 'd.')
      .replaceAll('&nbsp;', ' ')
      .replace(/<[^>]*>/g, ' ');
    const [body = '', note = ''] = visible.split(/(?=1 +Voir)/);
    expectComplete(document, body, note);
    expect(JSON.stringify(document)).not.toMatch(/jamais lu|commentaire|alert/);
  });

  it.each(['libreoffice.html', 'libreoffice-xhtml.html'])('%s, as LibreOffice saves it', (fileName) => {
    const document = importHtml({ text: readFileSync(new URL(fileName, fixtures), 'utf8'), fileName });
    expect(document.title).toBe('Chair’s text of the review');
    expect(labels(document, ['paragraph', 'subparagraph'])).toEqual([
      '1',
      '2',
      '2 a)',
      '2 a) i)',
      '2 a) ii)',
      '2 b)',
      '3',
      '4',
    ]);
    const texts = document.units.map((unit) => unit.text);
    expect(texts).toContain('We connect every school.');
    expect(document.units.filter((unit) => unit.kind === 'footnote').map((unit) => unit.text)).toEqual([
      'See document WSIS-03/GENEVA/DOC/4-E.',
      'By 2030.',
      'An endnote in a cell.',
    ]);
  });
});

describe('nothing is lost', () => {
  const word = fc.constantFrom(
    'We',
    'recognize',
    'that',
    'the',
    'Summit',
    'digital',
    'co-operation',
    'نؤكد',
    '信息',
    'A',
    'a',
    'i',
    'GDC',
    '2005',
    '[agreed]',
    '“respective”',
    '😀',
    'é',
    'e\u0301',
    '\u00AD',
  );
  const opening = fc.constantFrom(
    '',
    '',
    '1.',
    '2.',
    '3. ',
    '4)',
    '(a) ',
    'a) ',
    'b) ',
    'i. ',
    'A. ',
    'II. ',
    '1.1 ',
    '• ',
    '- ',
    '12 - ',
    '.1 ',
    '（a）',
    '①',
    '一、',
    'New 18 BIS. ',
    '3 Alt 1: ',
    '== ',
    '# ',
    'Paragraph 5',
    '\t',
    '  ',
  );
  const ending = fc.constantFrom('', '.', ',', ';', ':', '?', ' 2. We', ': a) one; b) two', '-');
  const line = fc
    .tuple(opening, fc.array(word, { maxLength: 14 }), ending)
    .map(([start, words, end]) => start + words.join(' ') + end);
  const text = fc
    .array(
      fc.oneof({ weight: 5, arbitrary: line }, fc.constantFrom('', '', '- 3 -', '7', '____', 'Annex II', 'References')),
      { maxLength: 30 },
    )
    .map((list) => list.join('\n'));

  /** Everything removed is listed, so that units and artefacts together hold every character the source has. */
  const bag = (value: string): string => [...essence(value)].toSorted().join('');

  it('in plain text', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'binary', maxLength: 300 })), (source) => {
        const document = importPlainText({ text: source, fileName: 'x.txt' });
        const removed = document.report.artefacts.map((artefact) => artefact.text).join('');
        expect(bag(document.units.map((unit) => unit.marker + unit.text).join('') + removed)).toBe(bag(source));
        if (document.report.artefacts.length === 0) expect(printed(document.units)).toBe(essence(source));
        for (const unit of document.units) {
          expect(unit.text).toBe(unit.text.trim());
          for (const style of unit.styles) expect(style.end).toBeLessThanOrEqual(unit.text.length);
        }
        expect(document.units.map((unit) => unit.id)).toEqual(document.units.map((_, index) => `u${index + 1}`));
      }),
      { numRuns },
    );
  });

  it('in Markdown and in HTML paragraphs', () => {
    fc.assert(
      fc.property(text, (source) => {
        const escaped = source.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
        const html = importHtml({
          text: `<body>${escaped
            .split('\n')
            .map((part) => `<p>${part}</p>`)
            .join('')}</body>`,
          fileName: 'x.html',
        });
        const shown =
          html.units.map((unit) => unit.marker + unit.text).join('') +
          html.report.artefacts.map((artefact) => artefact.text).join('');
        expect(bag(shown)).toBe(bag(source));
        const markdown = importMarkdown({ text: source, fileName: 'x.md' });
        const kept =
          markdown.units.map((unit) => unit.marker + unit.text).join('') +
          markdown.report.artefacts.map((artefact) => artefact.text).join('');
        expect(bag(kept)).toBe(bag(source));
      }),
      { numRuns },
    );
  });
});

describe('size', () => {
  const paragraph =
    'We recognize the role of all stakeholders, including governments (and others); see “A/RES/70/125”: a) first; b) second. ';
  it.each([
    [
      'numbered paragraphs',
      Array.from({ length: 11_000 }, (_, index) => `${index + 1}. ${paragraph.repeat(3)}`).join('\n\n'),
    ],
    ['one line', Array.from({ length: 40_000 }, (_, index) => `${(index % 400) + 1}. ${paragraph}`).join('')],
    ['short lines', 'Word list\n'.repeat(400_000)],
    [
      'wrapped lines',
      `${'The quick delegates wrote a paragraph that went on over very many lines of text\n'.repeat(60)}.\n\n`.repeat(
        1000,
      ),
    ],
    ['brackets', '[1: [fn ( ** [^ '.repeat(250_000)],
    ['digits', '1. '.repeat(1_500_000)],
  ])('4 to 5 MB of %s import without quadratic cost', (_, text) => {
    const started = Date.now();
    const document = importPlainText({ text, fileName: 'x.txt' });
    expect(document.units.length).toBeGreaterThan(0);
    // Seconds when linear, hours when not; the bound only tells these apart on a busy machine.
    expect(Date.now() - started).toBeLessThan(40_000);
  });
});
