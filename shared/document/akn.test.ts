/** Each quirk of real AKN4UN files, in a small file written for it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAkn } from './akn.ts';
import { countNumberedParagraphs, type OutcomeDocument, type Unit } from './outcome-document.ts';
import type { DocumentId } from '../ids.ts';

const tab = '\t';
const nbsp = '\u00a0';

function akn(body: string, language = 'eng', before = ''): string {
  return `<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0" xmlns:akn4un="http://un.org/akn4un">
  <statement name="resolution">
    <meta><identification source="#DGACM">
      <FRBRWork><FRBRuri value="/akn/un/statement/deliberation/unga/2024-12-19/79-900/"/><FRBRdate date="2024-12-19" name="adoption"/></FRBRWork>
      <FRBRExpression><FRBRlanguage language="${language}"/></FRBRExpression>
    </identification></meta>
    ${before}
    ${body}
  </statement>
</akomaNtoso>`;
}
const p = (text: string): string => `<p xml:space="preserve">${text}</p>`;
const para = (num: string, text: string): string =>
  `<paragraph>${num === '' ? '' : `<num>${num}</num>`}<content>${p(text)}</content></paragraph>`;
const note = (marker: string, text: string): string =>
  `<authorialNote marker="${marker}" placement="bottom"><p xml:space="preserve">${text}</p></authorialNote>`;
const main = (...paragraphs: string[]): string => `<mainBody>${paragraphs.join('\n')}</mainBody>`;

function read(xml: string): OutcomeDocument {
  return readAkn(xml, { id: 'd' as DocumentId, fileName: 'resolution.xml' });
}
const brief = (units: readonly Unit[]): string[][] =>
  units.map((unit) => [unit.kind, unit.label, unit.marker, unit.text]);
const codes = (document: OutcomeDocument): string[] => document.report.warnings.map((warning) => warning.code);

describe('numbers', () => {
  it('takes an Arabic number out of the text', () => {
    const document = read(
      akn(
        main(
          para('', `${tab}1 -${tab}نؤكد من جديد التزامنا بهذه الرؤية`),
          para('', `${tab}\u200f2 -${nbsp}ندرك أهمية هذا العمل`),
        ),
        'ara',
      ),
    );
    expect(brief(document.units)).toEqual([
      ['paragraph', '1', '1 -', 'نؤكد من جديد التزامنا بهذه الرؤية'],
      ['paragraph', '2', '2 -', 'ندرك أهمية هذا العمل'],
    ]);
    expect(document.direction).toBe('rtl');
  });

  it('reads numbers without a dot, beyond one, inserted and repeated', () => {
    const document = read(
      akn(main(para('4', 'Four'), para('5 bis.', 'Five again'), para('8.', 'Eight'), para('8.', 'Eight'))),
    );
    expect(document.units.map((unit) => unit.label)).toEqual(['4', '5 bis', '8', '8']);
    expect(codes(document)).toEqual(['numbering-skips', 'numbering-repeats']);
  });

  it('keeps a paragraph that begins with a year or an initial as it is', () => {
    const document = read(akn(main(para('1.', 'One.'), para('', '2025 was the year.'), para('', 'A. Smith spoke.'))));
    expect(document.units.map((unit) => unit.kind)).toEqual(['paragraph', 'text', 'text']);
  });

  it('puts the section before numbers that restart with it', () => {
    const section = (num: string, title: string): string =>
      `<section><num>${num}</num><heading>${title}</heading>${para('1.', 'One')}${para('2.', 'Two')}</section>`;
    const document = read(akn(main(section('I.', 'First'), section('II.', 'Second'))));
    expect(document.units.map((unit) => unit.label)).toEqual(['', 'I 1', 'I 2', '', 'II 1', 'II 2']);
    expect(codes(document)).toEqual([]);
  });

  it.each([
    ['num', '<section><num>II.</num><heading>Means</heading></section>'],
    ['p > num', `<section><p><num>II.</num>${tab}Means</p></section>`],
    ['subheading', `<paragraph class="H23"><subheading>${tab}II.${tab}Means</subheading></paragraph>`],
    ['title', `<title>II.${tab}Means</title>`],
  ])("finds a section's number in %s", (_, xml) => {
    expect(brief(read(akn(main(xml))).units)).toEqual([['heading', '', 'II.', 'Means']]);
  });
});

describe('sub-paragraphs', () => {
  it('places run-in siblings under their paragraph', () => {
    const document = read(
      akn(
        main(
          para('1.', 'Requests:'),
          para('', `${tab}(a)${tab}First;`),
          para('', `${tab}b)${nbsp}Second:`),
          para('', `${tab}(i)${tab}Inner;`),
          para('', `${tab}(ii)${tab}Inner;`),
          para('', `${tab}(c)${tab}Third;`),
          para('2.', 'Decides:'),
          para('', `${tab}(a)${tab}Anew.`),
        ),
      ),
    );
    expect(document.units.map((unit) => [unit.label, unit.level])).toEqual([
      ['1', 0],
      ['1 a)', 1],
      ['1 b)', 1],
      ['1 b) i)', 2],
      ['1 b) ii)', 2],
      ['1 c)', 1],
      ['2', 0],
      ['2 a)', 1],
    ]);
  });

  it('reads i after h as a letter', () => {
    const letters = 'abcdefghij'.split('');
    const document = read(
      akn(main(para('3.', 'Lists:'), ...letters.map((letter) => para('', `${tab}(${letter})${tab}x`)))),
    );
    expect(document.units.slice(1).map((unit) => unit.label)).toEqual(letters.map((letter) => `3 ${letter})`));
  });

  it('reads Arabic letters in the order in which they number, and circled and Chinese numerals', () => {
    const arabic = read(
      akn(
        main(
          para('7 -', 'نطلب'),
          ...['أ', 'ب', 'ج', 'د', 'هـ', 'و'].map((letter) => para('', `${tab}(${letter})${tab}نص`)),
        ),
        'ara',
      ),
    );
    expect(arabic.units.slice(1).map((unit) => unit.label)).toEqual(['7 a)', '7 b)', '7 c)', '7 d)', '7 e)', '7 f)']);
    const chinese = read(
      akn(
        main(
          para('7.', '请'),
          para('', `(a)${tab}甲`),
          para('', `㈠${tab}乙`),
          para('', `㈡${tab}丙`),
          para('', `①${tab}丁`),
        ),
        'chi',
      ),
    );
    expect(chinese.units.map((unit) => unit.label)).toEqual(['7', '7 a)', '7 a) i)', '7 a) ii)', '7 a) ii) 1)']);
  });

  it('takes a sublist beside a point as its continuation, three levels deep', () => {
    const point = (num: string, text: string): string =>
      `<point><num>${num}</num><content>${p(text)}</content></point>`;
    const document = read(
      akn(
        main(
          `<paragraph><num>5.</num><list><intro>${p('Calls for:')}</intro>${point('(a)', 'A')}<sublist>${point('(i)', 'I')}` +
            `${point('(ii)', 'II')}<sublist>${point('a.', 'deep')}</sublist></sublist>${point('(b)', 'B')}</list></paragraph>`,
        ),
      ),
    );
    expect(document.units.map((unit) => [unit.label, unit.level])).toEqual([
      ['5', 0],
      ['5 a)', 1],
      ['5 a) i)', 2],
      ['5 a) ii)', 2],
      ['5 a) ii) a)', 3],
      ['5 b)', 1],
    ]);
  });
});

describe('parts of a resolution', () => {
  it('takes a cross heading that refers to the preamble as a preambular paragraph', () => {
    const document = read(
      akn(
        main(
          `<section><crossHeading refersTo="#preamble"><span class="italic">Recalling</span> its resolution,</crossHeading>${para('1.', 'One')}</section>`,
        ),
      ),
    );
    expect(document.units.map((unit) => unit.kind)).toEqual(['preambular', 'paragraph']);
  });

  it('finds preambular paragraphs without mark-up by their comma, before the first number only', () => {
    const document = read(akn(main(para('', 'Recalling this,'), para('1.', 'One'), para('', 'and going on,'))));
    expect(document.units.map((unit) => unit.kind)).toEqual(['preambular', 'paragraph', 'text']);
  });

  it('tells headings by bold or by style, not sentences', () => {
    const document = read(
      akn(
        main(
          para('', '<span class="bold">Introduction</span>'),
          `<paragraph class="H23"><subheading>${tab}${tab}Means</subheading></paragraph>`,
          para('', '<span class="italic">Access</span>'),
          para('1.', '<span class="bold">Decides</span> to act.'),
        ),
      ),
    );
    expect(document.units.map((unit) => [unit.kind, unit.level])).toEqual([
      ['heading', 2],
      ['heading', 2],
      ['heading', 3],
      ['paragraph', 0],
    ]);
  });

  it('labels several resolutions in one file apart and says so', () => {
    const resolution = (letter: string): string =>
      `<preface>${p(letter)}</preface><preamble><formula name="enactingFormula">${p('The General Assembly,')}</formula></preamble>` +
      main(para('1.', 'One'), para('', `(a)${tab}Sub`), para('2.', 'Two'));
    const document = read(akn(resolution('A') + resolution('B')));
    expect(document.units.filter((unit) => unit.label !== '').map((unit) => unit.label)).toEqual([
      'A 1',
      'A 1 a)',
      'A 2',
      'B 1',
      'B 1 a)',
      'B 2',
    ]);
    expect(codes(document)).toContain('several-resolutions');
  });

  it('labels annexes in attachments', () => {
    const attachment = (heading: string): string =>
      `<attachment><doc name="annex"><mainBody>${para('', `<span class="bold">${heading}</span>`)}${para('1.', 'One')}${para('', `(a)${tab}Sub`)}</mainBody></doc></attachment>`;
    const labels = (xml: string): string[] =>
      read(akn(xml))
        .units.map((unit) => unit.label)
        .filter((label) => label !== '');
    expect(labels(main(para('1.', 'One')) + `<attachments>${attachment('Annex')}</attachments>`)).toEqual([
      '1',
      'annex 1',
      'annex 1 a)',
    ]);
    expect(
      labels(main(para('1.', 'One')) + `<attachments>${attachment('Annex I')}${attachment('Annex II')}</attachments>`),
    ).toEqual(['1', 'annex I 1', 'annex I 1 a)', 'annex II 1', 'annex II 1 a)']);
  });

  it('reads files without preface, preamble, numbers or body', () => {
    expect(brief(read(akn(`<preamble><container>${p('Recalling,')}</container></preamble>`)).units)).toEqual([
      ['preambular', '', '', 'Recalling,'],
    ]);
    const unnumbered = read(akn(main(para('', '<span class="italic">Decides</span> to note the report.'))));
    expect(brief(unnumbered.units)).toEqual([['paragraph', '', '', 'Decides to note the report.']]);
    expect(countNumberedParagraphs(unnumbered.units)).toBe(0);
    expect(read(akn('')).units).toEqual([]);
  });

  it('flattens tables with every letter and says so', () => {
    const document = read(
      akn(
        main(
          `<table><caption>${p('Scale')}</caption><tr><th>${p('State')}</th><th>${p('Share')}</th></tr><tr><td colspan="2">${p(`All ${note('a', 'From 2025.')}`)}</td></tr></table>`,
        ),
      ),
    );
    expect(brief(document.units)).toEqual([
      ['text', '', '', 'Scale'],
      ['text', '', '', 'State\tShare'],
      ['text', '', '', 'All'],
      ['footnote', 'note a', 'a', 'From 2025.'],
    ]);
    expect(codes(document)).toEqual(['table-flattened']);
  });

  it('keeps the text of elements nobody foresaw and says so', () => {
    const document = read(akn(main(`<novelty>Loose <b>text</b>${p('and a paragraph')}</novelty>`)));
    expect(document.units.map((unit) => unit.text)).toEqual(['Loose text', 'and a paragraph']);
    expect(codes(document)).toEqual(['unknown-element']);
  });
});

describe('footnotes', () => {
  it('links a repeated marker and does not glue it to the number before it', () => {
    const document = read(
      akn(main(para('1.', `See${note('9', 'First.')} and resolution 74/263<sup>9</sup> of that year.`))),
    );
    expect(brief(document.units)).toEqual([
      ['paragraph', '1', '1.', 'See and resolution 74/263 of that year.'],
      ['footnote', 'note 9', '9', 'First.'],
    ]);
    expect(document.units[0]?.notes).toEqual([
      { offset: 3, note: 'u2' },
      { offset: 25, note: 'u2' },
    ]);
    expect(document.report.artefacts).toEqual([{ text: '9', reason: 'footnote-marker' }]);
  });

  it('leaves powers and ordinals in the text', () => {
    const document = read(
      akn(main(para('1.', `An area${note('2', 'N.')} of 5 km<sup>2</sup>, n<sup>o</sup> 7, 10<sup>6</sup>`))),
    );
    expect(document.units[0]?.text).toBe('An area of 5 km2, no 7, 106');
  });

  it('takes the brackets of Arabic markers off', () => {
    const document = read(
      akn(
        main(
          para(
            '1 -',
            `انظر<sup>(</sup>${note('1', `${tab}()${tab}القرار.`)}<sup>)</sup>، ثم<sup>(</sup><sup>1</sup><sup>)</sup>.`,
          ),
        ),
        'ara',
      ),
    );
    expect(brief(document.units)).toEqual([
      ['paragraph', '1', '1 -', 'انظر، ثم.'],
      ['footnote', 'note 1', '(1)', 'القرار.'],
    ]);
    expect(document.units[0]?.notes).toHaveLength(2);
  });

  it('keeps a note on the title with the title', () => {
    const preface = `<preface><p><docNumber>79/900.</docNumber> <docTitle><span class="bold">Title${note('*', 'Reissued.')}</span></docTitle></p></preface>`;
    const document = read(akn(main(para('1.', 'One')), 'eng', preface));
    expect(document.title).toBe('Title');
    expect(brief(document.units).slice(0, 2)).toEqual([
      ['heading', '', '79/900.', 'Title'],
      ['footnote', 'note *', '*', 'Reissued.'],
    ]);
  });
});

describe('characters and language', () => {
  it('drops leading tabs, keeps no-break spaces and soft hyphens inside, and styles where they were', () => {
    const [unit] = read(
      akn(main(para('1.', `${tab}${tab}<span class="italic">Noting</span> 17${nbsp}December, co\u00adoperation `))),
    ).units;
    expect(unit?.text).toBe(`Noting 17${nbsp}December, co\u00adoperation`);
    expect(unit?.styles).toEqual([{ start: 0, end: 6, style: 'italic' }]);
  });

  it('trusts the text over a wrong language tag and says so', () => {
    const arabic = Array.from({ length: 5 }, (_, index) =>
      para(`${index + 1} -`, 'نؤكد من جديد التزامنا برؤية القمة العالمية لمجتمع المعلومات'),
    );
    const document = read(akn(main(...arabic), 'eng'));
    expect(document).toMatchObject({ language: 'ar', direction: 'rtl' });
    expect(codes(document)).toContain('language-uncertain');
  });

  it('takes the symbol from the identification when the cover has none', () => {
    expect(read(akn(main(para('1.', 'One'))))).toMatchObject({ symbol: 'A/RES/79/900', date: '2024-12-19' });
  });
});

describe('refused', () => {
  it.each([
    ['a document type', '<!DOCTYPE a><akomaNtoso/>', 'xml-entities'],
    ['entities', '<!DOCTYPE a [<!ENTITY x "y">]><akomaNtoso>&x;</akomaNtoso>', 'xml-entities'],
    ['an undeclared entity', '<akomaNtoso>&nbsp;</akomaNtoso>', 'xml-entities'],
    [
      'XInclude',
      '<akomaNtoso xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/passwd"/></akomaNtoso>',
      'xml-entities',
    ],
    ['truncation', '<akomaNtoso><p>half', 'file-damaged'],
    ['crossed tags', '<akomaNtoso><p></akomaNtoso></p>', 'file-damaged'],
    ['depth', '<akomaNtoso>'.repeat(400), 'file-damaged'],
    ['nothing', '   ', 'file-damaged'],
  ])('%s', (_, xml, code) => {
    expect(() => read(xml)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining('resolution.xml') as string }) as Error,
    );
  });
});

it('loses no letter of any tree of known and unknown elements', () => {
  const words = fc.stringMatching(/^[A-Za-z0-9أ-ي]{1,6}$/u);
  const names =
    'p span paragraph num content list sublist point heading subheading section table tr td formula container preamble mainBody attachment docTitle sup novelty eol b';
  const { node } = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', maxDepth: 6 },
      words.map((word) => ` ${word} `),
      fc
        .tuple(fc.constantFrom(...names.split(' ')), fc.array(tie('node'), { maxLength: 4 }))
        .map(([name, inside]) => (name === 'eol' ? '<eol/>' : `<${name}>${inside.join('')}</${name}>`)),
    ),
  }));
  const ink = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '');
  fc.assert(
    fc.property(fc.array(node, { maxLength: 6 }), (nodes) => {
      const body = nodes.join('');
      const { units, report } = read(akn(body));
      const kept = units.map((unit) => unit.marker + unit.text).join(' ');
      const expected = ink(body.replace(/<[^>]*>/g, ' '));
      // Superscripts may leave the text as footnote markers; none do here, since there are no notes.
      expect(report.artefacts).toEqual([]);
      expect([...ink(kept)].sort().join('')).toBe([...expected].sort().join(''));
    }),
    { numRuns: Number(process.env['NUM_RUNS'] ?? 100) },
  );
});
