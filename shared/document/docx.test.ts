/** What Word writes and what a reader sees, one quirk at a time. */
import { describe, expect, it } from 'vitest';
import {
  deleted,
  documentXml,
  footnoteReference,
  footnotesXml,
  inserted,
  listItem,
  numberingXml,
  paragraph,
  part,
  run,
  styled,
  stylesXml,
} from '../../test/fixtures/docx-parts.ts';
import { readDocxParts, type DocxParts, type DocxReading } from './docx.ts';

function read(body: string[], parts: Partial<DocxParts> = {}): DocxReading {
  return readDocxParts({ document: documentXml(...body), styles: stylesXml, ...parts }, 'draft.docx');
}
const texts = (reading: DocxReading): string[] => reading.lines.map((line) => line.text);
const markers = (reading: DocxReading): string[] => reading.lines.map((line) => line.hints?.numberedBy ?? '');
const codes = (reading: DocxReading): string[] => reading.warnings.map((warning) => warning.code);

describe('list numbers', () => {
  it('counts levels, restarts deeper ones and shows higher ones', () => {
    const numbering = numberingXml(['decimal', '%1.'], ['lowerLetter', '(%2)'], ['lowerRoman', '%1.%2.%3']);
    const reading = read(
      [listItem('one'), listItem('a', 1), listItem('b', 1), listItem('i', 2), listItem('two'), listItem('a again', 1)],
      { numbering },
    );
    expect(markers(reading)).toEqual(['1.', '(a)', '(b)', '1.b.i', '2.', '(a)']);
    expect(reading.computedMarkers).toEqual(markers(reading));
    expect(reading.lines.map((line) => line.hints?.level)).toEqual([1, 2, 2, 3, 1, 2]);
  });

  it('goes on in a list of the same definition and restarts where it is told to', () => {
    const numbering = numberingXml(['decimal', '%1.']);
    const reading = read([listItem('x', 0, 1), listItem('x', 0, 1), listItem('x', 0, 2), listItem('x', 0, 2)], {
      numbering,
    });
    expect(markers(reading)).toEqual(['1.', '2.', '1.', '2.']);
  });

  it.each([
    ['upperRoman', 4, 'IV'],
    ['lowerLetter', 28, 'bb'],
    ['arabicAlpha', 3, 'ت'],
    ['arabicAbjad', 3, 'ج'],
    ['chineseCounting', 12, '十二'],
    ['chineseCountingThousand', 105, '一百零五'],
    ['decimalEnclosedCircle', 3, '③'],
    ['decimalFullWidth', 12, '１２'],
    ['russianLower', 2, 'б'],
    ['decimalZero', 7, '07'],
  ])('%s %d is %s', (format, start, marker) => {
    expect(markers(read([listItem('x')], { numbering: numberingXml([format, '%1', start]) }))).toEqual([marker]);
  });

  it('shows any bullet as a bullet', () => {
    expect(markers(read([listItem('x')], { numbering: numberingXml(['bullet', '\uf0b7']) }))).toEqual(['•']);
  });

  it('takes the list of a style, and leaves it where the paragraph says 0', () => {
    const numbering = numberingXml(['decimal', '%1)']);
    const out = paragraph(run('plain'), '<w:pStyle w:val="Numbered"/><w:numPr><w:numId w:val="0"/></w:numPr>');
    expect(markers(read([styled('Numbered', 'x'), out, styled('Numbered', 'y')], { numbering }))).toEqual([
      '1)',
      '',
      '2)',
    ]);
  });
});

describe('paragraphs', () => {
  it('finds headings by style name in any language, and by inherited outline level', () => {
    const reading = read([styled('berschrift1', 'One'), styled('Sub', 'Two'), styled('Normal', 'Text')]);
    expect(reading.lines.map((line) => [line.hints?.style, line.hints?.level])).toEqual([
      ['heading', 1],
      ['heading', 2],
      [undefined, undefined],
    ]);
  });

  it('keeps emphasis, from styles too, and what interrupts it', () => {
    const reading = read([
      paragraph(
        run('Recalling', '<w:rStyle w:val="Emphasis"/>') +
          run(' its ', '<w:b w:val="0"/>') +
          run('own', '<w:u w:val="single"/>'),
      ),
    ]);
    expect(reading.lines[0]?.styles).toEqual([
      { start: 0, end: 9, style: 'italic' },
      { start: 14, end: 17, style: 'underline' },
    ]);
    expect(reading.lines[0]?.hints?.italicStart).toBe(true);
  });

  it('reads breaks, tabs, hyphens and symbols', () => {
    const content =
      run('a') +
      '<w:r><w:br/></w:r>' +
      run('b') +
      '<w:r><w:tab/></w:r>' +
      run('co') +
      '<w:r><w:softHyphen/></w:r>' +
      run('op') +
      '<w:r><w:noBreakHyphen/></w:r>' +
      run('x') +
      '<w:r><w:sym w:font="Symbol" w:char="F061"/></w:r><w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>';
    expect(texts(read([paragraph(content)]))).toEqual(['a\nb\tco\u00adop\u2011xα✓']);
  });

  it('says where a symbol is not known', () => {
    const reading = read([paragraph('<w:r><w:sym w:font="Wingdings" w:char="F001"/></w:r>')]);
    expect(texts(reading)).toEqual(['\ufffd']);
    expect(codes(reading)).toEqual(['replacement-character']);
  });

  it('takes right-to-left direction from the paragraph', () => {
    expect(read([paragraph(run('80/173'), '<w:bidi/>')]).lines[0]?.hints?.direction).toBe('rtl');
  });

  it('reads hyperlinks, content controls, smart tags and formulas in place', () => {
    const reading = read([
      paragraph(
        `<w:hyperlink r:id="r1">${run('link')}</w:hyperlink><w:sdt><w:sdtContent>${run(' control')}</w:sdtContent></w:sdt><w:smartTag>${run(' tag')}</w:smartTag><m:oMath><m:r><m:t> x=1</m:t></m:r></m:oMath>`,
      ),
      `<w:sdt><w:sdtContent>${paragraph(run('block'))}</w:sdtContent></w:sdt>`,
    ]);
    expect(texts(reading)).toEqual(['link control tag x=1', 'block']);
  });

  it('reads results of fields, not their instructions, also over paragraphs', () => {
    const field = (type: string): string => `<w:r><w:fldChar w:fldCharType="${type}"/></w:r>`;
    const reading = read([
      paragraph(
        run('See ') +
          field('begin') +
          '<w:r><w:instrText> REF _1 \\h </w:instrText></w:r>' +
          field('separate') +
          run('section 3'),
      ),
      paragraph(run('and 4') + field('end') + run(' there.')),
      paragraph(`<w:fldSimple w:instr="PAGE">${run('7')}</w:fldSimple>`),
    ]);
    expect(texts(reading)).toEqual(['See section 3', 'and 4 there.', '7']);
  });

  it('reads one alternative of two and the text of boxes once', () => {
    const box = (text: string): string => `<w:txbxContent>${paragraph(run(text))}</w:txbxContent>`;
    const alternative = `<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>${box('Boxed')}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>${box('Boxed')}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>`;
    expect(texts(read([paragraph(run('Around') + alternative + run(' it'))]))).toEqual(['Around it', 'Boxed']);
  });

  it('counts pictures', () => {
    const reading = read([paragraph('<w:r><w:drawing><pic:pic/></w:drawing></w:r>' + run('x'))]);
    expect(codes(reading)).toEqual(['image-left-out']);
  });
});

describe('what is not plain text', () => {
  it('reads insertions, sets deletions aside, and names the authors', () => {
    const reading = read([paragraph(run('We ') + deleted('note') + inserted(run('recognize')) + run(' this.'))]);
    expect(texts(reading)).toEqual(['We recognize this.']);
    expect(reading.artefacts).toEqual([{ text: 'note', reason: 'deleted-text' }]);
    expect(reading.warnings).toEqual([
      expect.objectContaining({
        code: 'tracked-changes',
        message: expect.stringMatching(/Ana.*1 insertion.*1 deletion/u) as string,
      }),
    ]);
    expect(reading.warnings[0]?.message).toContain('Ben');
  });

  it('joins paragraphs whose mark was deleted, and drops those deleted whole', () => {
    const mark = '<w:rPr><w:del w:id="3" w:author="Ben"/></w:rPr>';
    const reading = read([
      paragraph(run('First '), mark),
      paragraph(run('half.')),
      paragraph(deleted('Gone.'), mark),
      paragraph(run('Last.')),
    ]);
    expect(texts(reading)).toEqual(['First half.', 'Last.']);
  });

  it('does not count a deleted list paragraph', () => {
    const gone = paragraph(
      deleted('two'),
      '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del w:id="3" w:author="B"/></w:rPr>',
    );
    const reading = read([listItem('one'), gone, listItem('three')], { numbering: numberingXml(['decimal', '%1.']) });
    expect(markers(reading)).toEqual(['1.', '2.']);
  });

  it('moves text once', () => {
    const reading = read([
      paragraph(`<w:moveFrom w:id="1" w:author="Ana"><w:r><w:t>moved</w:t></w:r></w:moveFrom>${run('stays')}`),
      paragraph(`<w:moveTo w:id="2" w:author="Ana">${run('moved')}</w:moveTo>`),
    ]);
    expect(texts(reading)).toEqual(['stays', 'moved']);
  });

  it('keeps hidden text and says so', () => {
    const reading = read([paragraph(run('Seen ') + run('unseen', '<w:vanish/>'))]);
    expect(texts(reading)).toEqual(['Seen unseen']);
    expect(codes(reading)).toEqual(['hidden-text']);
  });

  it('numbers footnotes by their references, keeps typed marks, and lists notes nobody refers to', () => {
    const star = '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="9"/><w:t>*</w:t></w:r>';
    const reading = read(
      [
        paragraph(run('Title') + star),
        paragraph(run('One') + footnoteReference(5) + run(' two') + footnoteReference(2) + run('.')),
      ],
      {
        footnotes: footnotesXml({ 2: 'Second.', 5: 'First.', 9: 'Starred.', 11: 'Loose.' }),
        endnotes: part('endnotes', `<w:endnote w:id="2">${paragraph(run('Never.'))}</w:endnote>`),
      },
    );
    expect(reading.notes.map((note) => [note.marker, note.text])).toEqual([
      ['*', 'Starred.'],
      ['1', 'First.'],
      ['2', 'Second.'],
      ['', 'Loose.'],
      ['', 'Never.'],
    ]);
    expect(texts(reading)).toEqual(['Title', 'One two.']);
    expect(reading.lines[1]?.notes?.map((note) => note.offset)).toEqual([3, 7]);
    expect(reading.artefacts).toEqual([{ text: '*', reason: 'footnote-marker' }]);
  });

  it('lists comments and running heads beside the text', () => {
    const reading = read([paragraph(run('Text'))], {
      comments: part('comments', `<w:comment w:id="1" w:author="Ana">${paragraph(run('Really?'))}</w:comment>`),
      runningHeads: [part('hdr', paragraph(run('WSIS-II/PC-3')))],
    });
    expect(texts(reading)).toEqual(['Text']);
    expect(reading.artefacts).toEqual([
      { text: 'Really?', reason: 'metadata' },
      { text: 'WSIS-II/PC-3', reason: 'running-head' },
    ]);
  });
});

describe('tables', () => {
  const cell = (...content: string[]): string => `<w:tc>${content.join('')}</w:tc>`;
  const row = (...cells: string[]): string => `<w:tr>${cells.join('')}</w:tr>`;

  it('reads rows of plain cells as one line each', () => {
    const reading = read([
      `<w:tbl>${row(cell(paragraph(run('Original'))), cell(paragraph(run('Source'))))}${row(cell(paragraph(run('We'))), cell(paragraph('')))}</w:tbl>`,
    ]);
    expect(texts(reading)).toEqual(['Original\tSource', 'We']);
    expect(reading.lines.every((line) => line.hints?.style === 'table')).toBe(true);
    expect(codes(reading)).toEqual(['table-flattened']);
  });

  it('reads cells that hold passages, lists or tables as paragraphs', () => {
    const inner = `<w:tbl>${row(cell(paragraph(run('in'))), cell(paragraph(run('ner'))))}</w:tbl>`;
    const reading = read(
      [`<w:tbl>${row(cell(listItem('one'), listItem('two')), cell(paragraph(run('right')), inner))}</w:tbl>`],
      {
        numbering: numberingXml(['decimal', '%1.']),
      },
    );
    expect(texts(reading)).toEqual(['one', 'two', 'right', 'in\tner']);
    expect(markers(reading)).toEqual(['1.', '2.', '', '']);
  });
});

it('reads the strict form of the format', () => {
  const strict = documentXml(paragraph(run('Strict'))).replaceAll(
    'http://schemas.openxmlformats.org/wordprocessingml/2006/main',
    'http://purl.oclc.org/ooxml/wordprocessingml/main',
  );
  expect(readDocxParts({ document: strict }, 'draft.docx').lines.map((line) => line.text)).toEqual(['Strict']);
});

it('survives styles and lists that point in circles', () => {
  const styles = part(
    'styles',
    '<w:style w:type="paragraph" w:styleId="A"><w:name w:val="A"/><w:basedOn w:val="B"/></w:style><w:style w:type="paragraph" w:styleId="B"><w:name w:val="B"/><w:basedOn w:val="A"/></w:style>',
  );
  expect(texts(read([styled('A', 'x'), listItem('y', 8, 77)], { styles }))).toEqual(['x', 'y']);
});
