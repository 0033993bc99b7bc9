import { describe, expect, it } from 'vitest';
import { compareLabels, joinLabel, matchesLabel, parseLabelQuery, parseMarker, romanValue } from './labels.ts';

describe('parseMarker', () => {
  it.each([
    ['1.\u00A0What are', '1.', '1', 'number', 'What are'],
    ['1.', '1.', '1', 'number', ''],
    ['45.The', '45.', '45', 'number', 'The'],
    ['1\tto organize', '1', '1', 'number', 'to organize'],
    ['2.\tto invite', '2.', '2', 'number', 'to invite'],
    ['12) text', '12)', '12', 'number', 'text'],
    ['1 - نؤكد', '1 -', '1', 'number', 'نؤكد'],
    ['1 -', '1 -', '1', 'number', ''],
    ['.1 نؤكد', '.1', '1', 'number', 'نؤكد'],
    ['١٢. نص', '١٢.', '12', 'number', 'نص'],
    ['1. 我们', '1.', '1', 'number', '我们'],
    ['1．我们', '1．', '1', 'number', '我们'],
    ['1、我们', '1、', '1', 'number', '我们'],
    ['① 我们', '①', '1', 'number', '我们'],
    ['一、导言', '一、', '1', 'capital-roman', '导言'],
    ['十二、导言', '十二、', '12', 'capital-roman', '导言'],
    ['（a）我们', '（a）', 'a)', 'letter', '我们'],
    ['(a) text', '(a)', 'a)', 'letter', 'text'],
    ['a)\u00A0Over', 'a)', 'a)', 'letter', 'Over'],
    ['a. Focus', 'a.', 'a)', 'letter', 'Focus'],
    ['b Enhancing', 'b', 'b)', 'letter', 'Enhancing'],
    ['(أ) نص', '(أ)', 'a)', 'letter', 'نص'],
    ['(ج) نص', '(ج)', 'c)', 'letter', 'نص'],
    ['ii. encouraging', 'ii.', 'ii)', 'roman', 'encouraging'],
    ['(iv) x', '(iv)', 'iv)', 'roman', 'x'],
    ['A. Preamble', 'A.', 'A', 'capital', 'Preamble'],
    ['IV. Follow-up', 'IV.', 'IV', 'capital-roman', 'Follow-up'],
    ['1.1 Bridging', '1.1', '1.1', 'decimal', 'Bridging'],
    ['11bis. We', '11bis.', '11 bis', 'number', 'We'],
    ['1ter. We', '1ter.', '1 ter', 'number', 'We'],
    ['1quat. We', '1quat.', '1 quater', 'number', 'We'],
    ['New 18 BIS. We', 'New 18 BIS.', '18 bis', 'number', 'We'],
    ['New 39B. We', 'New 39B.', '39 B', 'number', 'We'],
    ['18 Alt 1: and', '18 Alt 1:', '18 alt 1', 'number', 'and'],
    ['23. 23 Alt 1: [We', '23. 23 Alt 1:', '23 alt 1', 'number', '[We'],
    ['[20. We', '[20.', '20', 'number', 'We'],
    ['Paragraph 58', 'Paragraph 58', '58', 'number', ''],
    ['•\tSupport', '•', '', 'bullet', 'Support'],
  ])('%j', (line, marker, part, scheme, rest) => {
    expect(parseMarker(line)).toMatchObject({
      marker,
      part,
      scheme,
      rest,
      strength: line.startsWith('b E') ? 'bare' : 'marked',
    });
  });

  it.each([
    'e.g. the',
    'U.S. policy',
    '3.5 per cent'.slice(0, 3) + 'x',
    'We recognize',
    '3D printing',
    'I recall',
    'A new',
    'A.B. Smith',
    '20.5%',
  ])('finds none in %j', (line) => expect(parseMarker(line)).toBeNull());

  it('says when only a sequence can prove it', () => {
    expect(parseMarker('2005 World Summit')).toMatchObject({ strength: 'bare' });
    expect(parseMarker('2 26 June 2024')).toMatchObject({ strength: 'bare' });
    expect(parseMarker('i) x')).toMatchObject({ scheme: 'letter', rank: 9, romanRank: 1 });
  });
});

describe('labels', () => {
  it('joins and matches in any printed form', () => {
    expect(joinLabel(['35', 'a)', 'ii)'])).toBe('35 a) ii)');
    for (const query of ['35a', '35 a)', '35(a)', '35 (a)', '35.a', '٣٥ أ)'])
      expect(matchesLabel(query, '35 a)')).toBe(true);
    for (const query of ['11bis', '11 BIS', '11 مكرر']) expect(matchesLabel(query, '11 bis')).toBe(true);
    expect(matchesLabel('35', '35 a)')).toBe(false);
    expect(matchesLabel('', '')).toBe(false);
  });

  it('sorts as printed', () => {
    const printed = [
      '3',
      '3 bis',
      '3 ter',
      '3 a)',
      '3 b)',
      '3 b) i)',
      '3 b) ii)',
      '3 b) v)',
      '3 b) ix)',
      '3 c)',
      '4',
      '10',
      'annex I 1',
      'annex II 1',
      '',
    ];
    expect(printed.toReversed().sort(compareLabels)).toEqual(printed);
  });

  it('reads roman numerals in their shortest spelling only', () => {
    expect(['i', 'iv', 'ix', 'xiv', 'xl', 'iiii', 'vx', ''].map(romanValue)).toEqual([
      1,
      4,
      9,
      14,
      40,
      null,
      null,
      null,
    ]);
  });

  it.each([
    ['tunis 35a', 'tunis', '35 a)'],
    ['Tunis Agenda, 35 a)', 'Tunis Agenda', '35 a)'],
    ['35(a)', '', '35 a)'],
    ['35', '', '35'],
    ['11bis', '', '11 bis'],
    ['gdc para 7', 'gdc', '7'],
    ['80/173', '80/173', ''],
    ['A/RES/80/173 88', 'A/RES/80/173', '88'],
    ['80/173, 12 b) ii)', '80/173', '12 b) ii)'],
    ['pact annex I 7', 'pact', 'annex I 7'],
    ['tunis', 'tunis', ''],
  ])('query %j', (query, document, label) => expect(parseLabelQuery(query)).toEqual({ document, label }));
});
