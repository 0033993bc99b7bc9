import { describe, expect, it } from 'vitest';
import { fakeDocuments } from '../../test/fakes/fake-content.ts';
import { countLanguages, cutAtMarks, filterWorks, preferredDocument, type WorkSummary } from './shelf-filter.ts';

const documents = fakeDocuments('2026-11-22T10:00:00.000Z');
const works: WorkSummary[] = [...new Set(documents.map((one) => one.workKey))].map((key) => {
  const group = documents.filter((one) => one.workKey === key);
  return { key, title: group[0]!.title, symbol: group[0]!.symbol, documents: group };
});

describe('the shelf', () => {
  it('shows a work whole when one of its languages fits', () => {
    const shown = filterWorks(works, { kind: 'language', language: 'ar' });
    expect(shown.map((work) => work.documents.length)).toEqual([3]);
  });

  it('opens a work in the wanted language, else in English, else in what there is', () => {
    expect(preferredDocument(works[0]!, 'fr')?.language).toBe('fr');
    expect(preferredDocument(works[0]!, 'zh')?.language).toBe('en');
    expect(preferredDocument(works[2]!, 'fr')?.language).toBe('ru');
  });

  it('does not open a document that has not arrived while another language has', () => {
    const work = {
      ...works[0]!,
      documents: works[0]!.documents.map((one) => ({ ...one, missing: one.language === 'fr' })),
    };
    expect(preferredDocument(work, 'fr')?.language).toBe('en');
  });

  it('counts languages', () => {
    expect(countLanguages(works)[0]).toEqual({ language: 'en', count: 2 });
  });
});

describe('an excerpt cut at its marks', () => {
  it('loses nothing and doubles nothing, also with overlapping and outlying marks', () => {
    const excerpt = 'shared public access';
    const pieces = cutAtMarks(excerpt, [
      [7, 13],
      [0, 6],
      [10, 16],
      [18, 99],
    ]);
    expect(pieces.map((piece) => piece.text).join('')).toBe(excerpt);
    expect(pieces.filter((piece) => piece.found).map((piece) => piece.text)).toEqual(['shared', 'public', ' ac', 'ss']);
  });
});
