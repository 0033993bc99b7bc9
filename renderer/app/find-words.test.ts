import { describe, expect, it } from 'vitest';
import { filterByWords } from './find-words.ts';

const find = (query: string, items: string[]): string[] => filterByWords(query, items, (item) => item);

describe('finding by words', () => {
  it('needs every word, in any order, and folds capitals and accents', () => {
    expect(find('reunion prep', ['Réunion préparatoire', 'Réunion'])).toEqual(['Réunion préparatoire']);
    expect(find('ПРОЕКТ', ['проект решения'])).toEqual(['проект решения']);
  });

  it('puts beginnings before middles and keeps the order otherwise', () => {
    expect(find('dark', ['Theme: Dark', 'Undarkened', 'Dark theme', 'Darkroom'])).toEqual([
      'Dark theme',
      'Darkroom',
      'Theme: Dark',
      'Undarkened',
    ]);
  });

  it('gives everything for no words', () => {
    expect(find('  ', ['b', 'a'])).toEqual(['b', 'a']);
  });
});
