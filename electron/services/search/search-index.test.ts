import { describe, expect, it } from 'vitest';
import type { DocumentId, UnitId } from '../../../shared/ids.ts';
import { createSearchIndex, type IndexedText, type SearchIndex } from './search-index.ts';

const document = 'a'.repeat(64) as DocumentId;

function filled(texts: readonly string[], labels: readonly string[] = []): SearchIndex {
  const index = createSearchIndex(':memory:');
  index.replace(
    [document],
    texts.map((text, at): IndexedText => ({
      kind: 'unit',
      owner: document,
      document,
      draft: null,
      unit: `u${at + 1}` as UnitId,
      record: null,
      language: 'en',
      label: labels[at] ?? '',
      text,
    })),
  );
  return index;
}

function find(index: SearchIndex, words: string): (string | null)[] {
  return index.query({ words, limit: 50 }).hits.map((hit) => hit.unit);
}

describe('the search index', () => {
  it('finds words in any order, the last one unfinished', () => {
    const index = filled(['Bridging the digital divide', 'A digital bridge', 'Nothing']);
    expect(find(index, 'divide digital')).toEqual(['u1']);
    expect(find(index, 'digital bri').sort()).toEqual(['u1', 'u2']);
    expect(find(index, 'bri digital')).toEqual([]);
  });

  it('finds phrases in double quotes only where the words stand together', () => {
    const index = filled(['the digital divide', 'the divide, digital or not']);
    expect(find(index, '"digital divide"')).toEqual(['u1']);
  });

  it('folds accents, look-alike letters, Arabic spellings and digits', () => {
    const index = filled(['Réseaux d’État', 'the GDС and С7', 'الإنترنت والمُجتمع', 'year ٢٠٢٥', 'WSlS outcomes']);
    expect(find(index, 'reseaux etat')).toEqual(['u1']);
    expect(find(index, 'GDC')).toEqual(['u2']);
    expect(find(index, 'الانترنت')).toEqual(['u3']);
    expect(find(index, 'والمجتمع')).toEqual(['u3']);
    expect(find(index, '2025')).toEqual(['u4']);
    expect(find(index, 'wsis')).toEqual(['u5']);
  });

  it('finds Chinese words inside a text without spaces, also a single character', () => {
    const index = filled(['我们承诺弥合数字鸿沟并建设信息社会', '另一段文字']);
    expect(find(index, '数字鸿沟')).toEqual(['u1']);
    expect(find(index, '社')).toEqual(['u1']);
    expect(find(index, '鸿沟数字')).toEqual([]);
  });

  it('marks the words in the excerpt', () => {
    const text = `${'Before it much stands that is not wanted here. '.repeat(5)}The digital divide remains.`;
    const [hit] = filled([text]).query({ words: 'digital divide', limit: 5 }).hits;
    expect(hit!.marks.map(([start, end]) => hit!.excerpt.slice(start, end))).toEqual(['digital', 'divide']);
  });

  it('replaces an owner as one and survives words that are operators of the index', () => {
    const index = filled(['old text AND OR NOT NEAR']);
    expect(find(index, 'AND')).toEqual(['u1']);
    for (const words of ['"', '""', '*', 'NEAR(', 'a:b', "'", '(((', '^x', '-'])
      expect(() => find(index, words)).not.toThrow();
    index.replace([document], []);
    expect(find(index, 'old')).toEqual([]);
    expect(index.query({ words: 'old', limit: 5 }).total).toBe(0);
  });

  it('finds a paragraph by its label among the words', () => {
    const index = filled(['one', 'two'], ['35 a)', '36']);
    expect(index.labels(document).map(({ label }) => label)).toEqual(['35 a)', '36']);
    expect(find(index, '36')).toEqual(['u2']);
  });
});
