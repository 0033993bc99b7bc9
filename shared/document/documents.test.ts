import { describe, expect, it } from 'vitest';
import type { DocumentId } from '../ids.ts';
import { knownWorkKey, printCitation, printLabel, shortName } from './citation.ts';
import { detectFileKind } from './detect.ts';
import { decodeText } from './encoding.ts';
import { readDate } from './identify.ts';
import { detectLanguage } from './language.ts';
import { recogniseStructure } from './structure.ts';
import { readSymbol } from './symbol.ts';
import { groupIntoWorks } from './work.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('detectFileKind', () => {
  it.each([
    ['empty', bytes(''), 'a.docx'],
    ['empty', bytes(' \n\t '), 'a.txt'],
    ['pdf', bytes('%PDF-1.7 ...'), 'a.docx'],
    ['rtf', bytes('{\\rtf1\\ansi'), 'a.txt'],
    ['doc', new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), 'a.docx'],
    ['docx', bytes('PK\u0003\u0004....[Content_Types].xml....word/document.xml'), 'a.zip'],
    ['zip', bytes('PK\u0003\u0004....photos/1.jpg'), 'a.docx'],
    ['akn', bytes('<?xml version="1.0"?>\n<!-- x --><an:akomaNtoso xmlns:an="x">'), 'a.xml'],
    ['xml', bytes('<?xml version="1.0"?><note/>'), 'a.xml'],
    ['xml', bytes('<!DOCTYPE lolz [<!ENTITY a "b">]><lolz/>'), 'a.xml'],
    ['html', bytes('\uFEFF<!DOCTYPE html><p>x'), 'a.txt'],
    ['html', bytes('<div><p>pasted</p></div>'), 'a'],
    ['markdown', bytes('# Title'), 'a.md'],
    ['text', bytes('1. We < 2.'), 'a.txt'],
    ['text', new Uint8Array([0xff, 0xfe, 0x31, 0, 0x2e, 0]), 'a.txt'],
    ['binary', new Uint8Array([1, 2, 3, 0, 0, 5, 200, 0]), 'a.txt'],
  ])('%s', (kind, content, name) => expect(detectFileKind(content, name)).toBe(kind));
});

describe('decodeText', () => {
  it('reads marks, UTF-8, wide text and code pages', () => {
    expect(decodeText(bytes('\uFEFFé'))).toEqual({ text: 'é', encoding: 'utf-8', isCertain: true });
    expect(decodeText(bytes('信息'))).toMatchObject({ text: '信息', isCertain: true });
    expect(decodeText(new Uint8Array([0xfe, 0xff, 0x06, 0x46]))).toMatchObject({ text: 'ن', encoding: 'utf-16be' });
    expect(decodeText(new Uint8Array([...'résumé'].map((char) => char.charCodeAt(0))))).toMatchObject({
      text: 'résumé',
      encoding: 'windows-1252',
      isCertain: false,
    });
    const cyrillic = [...'Мы признаём'].map((char) =>
      char === ' ' ? 32 : char === 'ё' ? 0xb8 : char.charCodeAt(0) - 0x350,
    );
    expect(decodeText(new Uint8Array(cyrillic))).toMatchObject({ text: 'Мы признаём', encoding: 'windows-1251' });
  });
});

describe('identity', () => {
  it.each([
    ['A/RES/80/173', 'A/RES/80/173', 'A/RES/80/173'],
    ['Document: WSIS-05/TUNIS/DOC/6(Rev.1)-E', 'WSIS-05/TUNIS/DOC/6(Rev.1)-E', 'WSIS-05/TUNIS/DOC/6'],
    ['WSIS-05TUNISDOC6Rev. 1-E', 'WSIS-05/TUNIS/DOC/6(Rev.1)-E', 'WSIS-05/TUNIS/DOC/6'],
    ['WSIS-03/GENEVA/DOC/4-E', 'WSIS-03/GENEVA/DOC/4-E', 'WSIS-03/GENEVA/DOC/4'],
    ['(WSIS-II/PC-3/DT/14 (Rev. 2)-E)', 'WSIS-II/PC-3/DT/14(Rev.2)-E', 'WSIS-II/PC-3/DT/14'],
    ['see A/80/L.41/Rev.1.', 'A/80/L.41/Rev.1', 'A/80/L.41'],
    ['See A/C.2/59/3, annex.', 'A/C.2/59/3', 'A/C.2/59/3'],
    ['CWG-WSIS-32/16-E', 'CWG-WSIS-32/16-E', 'CWG-WSIS-32/16'],
  ])('symbol in %s', (text, symbol, workKey) => expect(readSymbol(text)).toMatchObject({ symbol, workKey }));

  it('finds no symbol in ordinary words', () => {
    for (const text of ['and/or 2025', 'WSIS+10 Vision', 'EUR/12', 'the 24/7 service'])
      expect(readSymbol(text)).toBeNull();
  });

  it('reads dates in the six languages', () => {
    expect(
      [
        '18 November 2005',
        '17 décembre 2025',
        '18 de noviembre de 2005',
        '18 ноября 2005 года',
        '2005年11月18日',
        '18 نوفمبر 2005',
        '40 June 2000',
      ].map(readDate),
    ).toEqual(['2005-11-18', '2025-12-17', '2005-11-18', '2005-11-18', '2005-11-18', '2005-11-18', '']);
  });

  it('tells the six languages and admits doubt', () => {
    const texts = {
      en: 'We recognize that the outcomes of the Summit are of importance for the people in the region.',
      fr: 'Nous reconnaissons que les résultats du Sommet sont importants pour la population de la région.',
      es: 'Reconocemos que los resultados de la Cumbre son importantes para la población de la región.',
      ru: 'Мы признаём, что итоги встречи важны для населения региона.',
      ar: 'نسلم بأن نتائج القمة مهمة لسكان المنطقة.',
      zh: '我们认识到首脑会议的成果对该区域人民十分重要。',
      und: 'Lorem ipsum dolor sit amet consectetur adipiscing.',
    };
    for (const [language, text] of Object.entries(texts)) expect(detectLanguage(text)).toBe(language);
    expect(detectLanguage('ITU')).toBe('und');
  });

  it('groups language versions and revisions, and leaves documents without a symbol alone', () => {
    const make = (id: string, workKey: string, language: string) => ({
      id: id as DocumentId,
      workKey,
      language,
      title: '',
      symbol: '',
      date: '',
    });
    const works = groupIntoWorks([
      make('1', 'A/RES/80/173', 'fr'),
      make('2', '', 'en'),
      make('3', 'A/RES/80/173', 'en'),
      make('4', '', 'en'),
    ]);
    expect(works.map((work) => work.documents.map((document) => document.id))).toEqual([['3', '1'], ['2'], ['4']]);
  });
});

describe('citations', () => {
  const tunis = {
    title: 'TUNIS AGENDA FOR THE INFORMATION SOCIETY',
    symbol: 'WSIS-05/TUNIS/DOC/6(Rev.1)-E',
    workKey: 'WSIS-05/TUNIS/DOC/6',
    language: 'en',
  };
  it('print short name or symbol and the label', () => {
    expect(printCitation(tunis, { label: '35 a)' })).toBe('(Tunis Agenda, 35 a))');
    expect(printCitation({ ...tunis, symbol: '', workKey: '' }, null)).toBe('(Tunis Agenda)');
    expect(knownWorkKey({ ...tunis, symbol: '', workKey: '' })).toBe('WSIS-05/TUNIS/DOC/6');
    const outcome = { title: 'Outcome document', symbol: 'A/RES/80/173', workKey: 'A/RES/80/173', language: 'zh' };
    expect(printCitation(outcome, { label: '88' })).toBe('（A/RES/80/173，88）');
    expect(printCitation({ ...outcome, language: 'fr' }, { label: 'annex I 7' })).toBe('(A/RES/80/173, annexe I 7)');
    expect(printLabel('note 3', 'ar')).toBe('الحاشية 3');
  });
  it('call the Pact by its symbol and only the Compact by its name', () => {
    const pact = { title: 'The Pact for the Future', symbol: 'A/RES/79/1', workKey: 'A/RES/79/1', language: 'en' };
    expect(shortName(pact)).toBe('A/RES/79/1');
    expect(shortName({ ...pact, title: 'Global Digital Compact' })).toBe('Global Digital Compact');
    expect(
      shortName({ ...pact, symbol: '', workKey: '', title: 'A comment on the Tunis Agenda by several governments' }),
    ).toMatch(/^A comment/);
  });
});

describe('recogniseStructure with hints', () => {
  const shape = (lines: Parameters<typeof recogniseStructure>[0]['lines']): string[] =>
    recogniseStructure({ lines }).units.map(
      (unit) => `${unit.kind} ${unit.level} ${unit.label} | ${unit.marker} | ${unit.text}`,
    );

  it('takes markers that the word processor computed', () => {
    expect(
      shape([
        { text: 'Proposal', hints: { style: 'heading', level: 2 } },
        { text: 'We agree:', hints: { numberedBy: '1.', style: 'list', level: 1 } },
        { text: 'to meet;', hints: { numberedBy: 'a)', style: 'list', level: 2 } },
        { text: 'to report.', hints: { numberedBy: 'b)', style: 'list', level: 2 } },
        { text: 'We thank.', hints: { numberedBy: '2.', style: 'list', level: 1 } },
      ]),
    ).toEqual([
      'heading 2  |  | Proposal',
      'paragraph 0 1 | 1. | We agree:',
      'subparagraph 1 1 a) | a) | to meet;',
      'subparagraph 1 1 b) | b) | to report.',
      'paragraph 0 2 | 2. | We thank.',
    ]);
  });

  it('labels paragraphs of annexes by their annex once a body stands before them', () => {
    const units = shape([
      { text: '1. We adopt the annexes.' },
      { text: 'Annex I' },
      { text: '1. First.' },
      { text: '2. Second.' },
      { text: 'Annex II' },
      { text: '1. Third.' },
    ]);
    expect(units.filter((unit) => unit.startsWith('paragraph')).map((unit) => unit.slice(0, 24))).toEqual(
      [
        'paragraph 0 1 | 1. | We ',
        'paragraph 0 annex I 1 | ',
        'paragraph 0 annex I 2 | ',
        'paragraph 0 annex II 1 |',
      ].map((text) => text.slice(0, 24)),
    );
  });

  it('keeps inner numbers apart from the paragraphs that follow them, i) from i and years from numbers', () => {
    expect(
      shape([
        { text: '3. We note:' },
        { text: '1. one;' },
        { text: '2. two;' },
        { text: '3. three;' },
        { text: '4. four.' },
        { text: '4. We also note:' },
        ...[...'abcdefghij'].map((letter) => ({ text: `(${letter}) item;` })),
        { text: '5. We resolve:' },
        { text: '(a) one:' },
        { text: '(i) deep;' },
        { text: '(ii) deep;' },
        { text: '(b) two.' },
        { text: '2015. In that year it ended.' },
      ]).map((unit) => unit.split(' | ')[0]),
    ).toEqual([
      'paragraph 0 3',
      'subparagraph 1 3 1)',
      'subparagraph 1 3 2)',
      'subparagraph 1 3 3)',
      'subparagraph 1 3 4)',
      'paragraph 0 4',
      ...[...'abcdefghij'].map((letter) => `subparagraph 1 4 ${letter})`),
      'paragraph 0 5',
      'subparagraph 1 5 a)',
      'subparagraph 2 5 a) i)',
      'subparagraph 2 5 a) ii)',
      'subparagraph 1 5 b)',
      'text 0 ',
    ]);
  });

  it('puts a note after the unit that first refers to it and reports one that nothing refers to', () => {
    const { units, warnings } = recogniseStructure({
      lines: [
        { text: 'One.', notes: [{ offset: 3, key: 'x' }] },
        { text: 'Two.', notes: [{ offset: 3, key: 'x' }] },
      ],
      notes: [
        { key: 'x', marker: '1', text: 'See.' },
        { key: 'y', marker: '2', text: 'Lost.' },
      ],
    });
    expect(units.map((unit) => [unit.id, unit.kind, unit.label])).toEqual([
      ['u1', 'text', ''],
      ['u2', 'footnote', 'note 1'],
      ['u3', 'text', ''],
      ['u4', 'footnote', 'note 2'],
    ]);
    expect(units[2]?.notes).toEqual([{ offset: 3, note: 'u2' }]);
    expect(warnings.map((warning) => warning.code)).toContain('unmatched-footnote');
  });
});
