import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutcomeDocument, Unit } from '../document/outcome-document.ts';
import type { DocumentId, UnitId } from '../ids.ts';
import { NORMAL_FORM_VERSION, normalText } from '../text/normal-form.ts';
import { createAnchorText, type AnchorText } from './anchor-text.ts';
import { describeSelection } from './describe.ts';
import { resolveAnchor } from './resolve.ts';

type Made = Pick<OutcomeDocument, 'id' | 'importer' | 'normalForm' | 'units'>;

function make(paragraphs: readonly (readonly [label: string, text: string])[], id = 'a'): AnchorText {
  const units = paragraphs.map(([label, text], index): Unit => ({
    id: `u${index + 1}` as UnitId,
    kind: label === '' ? 'text' : 'paragraph',
    label,
    marker: label,
    level: 0,
    text,
    styles: [],
    notes: [],
    direction: 'ltr',
  }));
  const made: Made = {
    id: id.repeat(64) as DocumentId,
    importer: { name: 'test', version: 1 },
    normalForm: NORMAL_FORM_VERSION,
    units,
  };
  return createAnchorText(made);
}

function select(text: AnchorText, words: string, occurrence = 0): ReturnType<typeof describeSelection> {
  let seen = 0;
  for (const { unit } of text.units)
    for (let at = unit.text.indexOf(words); at >= 0; at = unit.text.indexOf(words, at + 1)) {
      if (seen++ === occurrence)
        return describeSelection(text, {
          from: { unit: unit.id, offset: at },
          to: { unit: unit.id, offset: at + words.length },
        });
    }
  throw new Error(`no ${words}`);
}

function wordsAt(text: AnchorText, spans: readonly { unit: UnitId; start: number; end: number }[]): string[] {
  return spans.map((span) => text.byId(span.unit)!.unit.text.slice(span.start, span.end));
}

const affordable =
  'We resolve to bring every school and clinic within reach of a broadband network by 2030, subject to available resources.';
const divides = 'We recognize that the cost of a connection still exceeds what a household can spend on it.';
const lookAlike = 'We recognize that the cost of a device still exceeds what a household can spend on it.';

describe('anchors', () => {
  it('[AN1] [AN2] keep document, versions, label, context and offset', () => {
    const text = make([
      ['1', divides],
      ['2', affordable],
    ]);
    const anchor = select(text, ' a broadband network ')!;
    expect(anchor).toEqual({
      document: 'a'.repeat(64),
      importer: { name: 'test', version: 1 },
      normalForm: NORMAL_FORM_VERSION,
      label: '2',
      ordinal: 0,
      whole: false,
      quote: 'a broadband network',
      prefix: ' school and clinic within reach of '.slice(-32),
      suffix: ' by 2030, subject to available resources.'.slice(0, 32),
      start: affordable.indexOf('a broadband'),
    });
  });

  it('[AN3] find words where they were, also in a repeated sentence', () => {
    const text = make([
      ['1', divides],
      ['2', divides],
    ]);
    const anchor = select(text, 'the cost of a connection', 1)!;
    const found = resolveAnchor(text, anchor);
    expect(found.class).toBe('exact');
    expect(found.spans[0]!.unit).toBe('u2');
  });

  it('[AN4] follow a paragraph that was renumbered', () => {
    const anchor = select(make([['11', affordable]]), 'every school and clinic within reach')!;
    const revised = make(
      [
        ['11', divides],
        ['12', affordable],
      ],
      'b',
    );
    const found = resolveAnchor(revised, anchor);
    expect([found.class, wordsAt(revised, found.spans)]).toEqual(['moved', ['every school and clinic within reach']]);
  });

  it('[AN5] do not take short words found once elsewhere without their context', () => {
    const anchor = select(make([['3', `The Internet is ${affordable}`]]), 'Internet')!;
    const found = resolveAnchor(make([['9', 'Nothing here but the Internet of others.']], 'b'), anchor);
    expect(found.class).toBe('ambiguous');
    expect(found.spans).toEqual([]);
    expect(found.offered).toHaveLength(1);
  });

  it('[AN6] offer look-alikes and take none', () => {
    const anchor = select(make([['4', divides]]), 'still exceeds what a household can spend on it')!;
    const revised = make(
      [
        ['5', lookAlike],
        ['6', lookAlike],
      ],
      'b',
    );
    const found = resolveAnchor(revised, anchor);
    expect(found.class).toBe('ambiguous');
    expect(found.spans).toEqual([]);
    expect(found.offered.map((offered) => offered.span.unit)).toEqual(['u1', 'u2']);
  });

  it('[AN7] say that the words of the same paragraph changed', () => {
    const anchor = select(make([['11', affordable]]), 'by 2030, subject to available resources')!;
    const revised = make([['11', affordable.replace('2030', '2029')]], 'b');
    const found = resolveAnchor(revised, anchor);
    expect([found.class, wordsAt(revised, found.spans)]).toEqual([
      'changed',
      ['by 2029, subject to available resources'],
    ]);
  });

  it('[AN7] keep a whole paragraph that was reworded', () => {
    const text = make([['11', affordable]]);
    const anchor = describeSelection(text, { unit: 'u1' as UnitId, whole: true })!;
    const revised = make([['11', affordable.replace('by 2030', 'by 2029')]], 'b');
    expect(resolveAnchor(revised, anchor)).toMatchObject({ class: 'changed', spans: [{ unit: 'u1', start: 0 }] });
  });

  it('[AN8] orphan what is gone, offering what is similar', () => {
    const anchor = select(make([['4', divides]]), 'the cost of a connection still exceeds what a household can spend')!;
    const revised = make(
      [
        ['1', affordable],
        ['2', lookAlike],
      ],
      'b',
    );
    const found = resolveAnchor(revised, anchor);
    expect([found.class, found.spans, found.offered.map((offered) => offered.span.unit)]).toEqual([
      'orphan',
      [],
      ['u2'],
    ]);
    expect(resolveAnchor(make([['1', 'Quite another text.']], 'c'), anchor)).toEqual({
      class: 'orphan',
      spans: [],
      offered: [],
    });
  });

  it('[AN9] give back exactly the words, whatever the normal form dropped', () => {
    const text = make([['1', 'The “digital\u00ad divide”\u00a0\u00a0remains — 😀 التـزام تونـس.']]);
    for (const words of ['“digital\u00ad divide”', 'remains — 😀', 'التـزام تونـس']) {
      const anchor = select(text, words)!;
      expect(wordsAt(text, resolveAnchor(text, anchor).spans)).toEqual([words]);
    }
  });

  it('[AN9] mark words over several paragraphs, each in its own', () => {
    const text = make([
      ['1', 'First words here.'],
      ['2', 'Second words there.'],
    ]);
    const anchor = describeSelection(text, {
      from: { unit: 'u1' as UnitId, offset: 6 },
      to: { unit: 'u2' as UnitId, offset: 6 },
    })!;
    expect(wordsAt(text, resolveAnchor(text, anchor).spans)).toEqual(['words here.', 'Second']);
  });

  it('[AN10] find 5,000 changed characters by their head and tail', () => {
    const long = Array.from(
      { length: 90 },
      (_, i) => `Sentence number ${i} speaks of matter ${(i * 7919) % 101}.`,
    ).join(' ');
    const anchor = select(make([['7', long]]), long)!;
    const changed = long
      .replaceAll('speaks of', 'talks about')
      .replace('Sentence number 0 talks about', 'Sentence number 0 speaks of');
    const revised = make([['7', changed]], 'b');
    const found = resolveAnchor(revised, anchor);
    expect(found.class).toBe('changed');
    expect(found.spans[0]!.end - found.spans[0]!.start).toBeGreaterThan(changed.length * 0.9);
  });

  it('resolves every selection in its own document exactly', () => {
    const word = fc.constantFrom('the', 'network', 'réseau', 'شبكة', '网络', 'a\u00adb', '“x”', '😀', 'e\u0301', '…');
    const paragraph = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.array(paragraph, { minLength: 1, maxLength: 6 }), fc.nat(), fc.nat(), (paragraphs, a, b) => {
        const text = make(
          paragraphs.map((content, index) => [index % 2 === 0 ? String(index + 1) : '', content] as const),
        );
        const { unit } = text.units[a % text.units.length]!;
        const words = [...unit.text.matchAll(/\S+/g)];
        const chosen = words[b % words.length]!;
        const anchor = describeSelection(text, {
          from: { unit: unit.id, offset: chosen.index },
          to: { unit: unit.id, offset: chosen.index + chosen[0].length },
        })!;
        const found = resolveAnchor(text, anchor);
        expect(found.class).toBe('exact');
        expect(found.spans).toHaveLength(1);
        expect(normalText(wordsAt(text, found.spans)[0]!)).toBe(normalText(chosen[0]));
      }),
      { numRuns: Number(process.env['NUM_RUNS'] ?? 300) },
    );
  });
});

it('SPEC.md has no rule that no test cites', () => {
  const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
  const rules = [...read('./SPEC.md').matchAll(/\*\*(AN\d+)\*\*/g)].map((match) => match[1]!);
  expect(rules.length).toBeGreaterThan(5);
  expect(rules.filter((rule) => !read('./anchoring.test.ts').includes(`[${rule}]`))).toEqual([]);
});
