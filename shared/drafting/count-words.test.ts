import { describe, expect, it } from 'vitest';
import { countWords } from './count-words.ts';

describe('counting words', () => {
  it.each([
    ['en', '', 0],
    ['en', 'The Internet is for everyone.', 5],
    ['en', 'multi-stakeholder co-operation – in 2027 – isn’t new', 6],
    ['en', 'paragraph 35 a) of the Tunis Agenda', 7],
    ['fr', 'L’accès à l’Internet', 3],
    ['ar', 'مجتمع المعلومات للجميع', 3],
    ['zh', '信息社会世界峰会', 4],
    ['ru', 'Информационное общество для всех', 4],
  ])('%s: %s', (language, text, words) => {
    expect(countWords(text, language)).toBe(words);
  });

  it('sees through marks, and footnote references are no words', () => {
    const id = `${'a'.repeat(26)}.${'b'.repeat(10)}` as never;
    expect(
      countWords(
        [
          { t: 'text', s: 'inter' },
          { t: 'text', s: 'net', m: ['bold'] },
          { t: 'note', id },
        ],
        'en',
      ),
    ).toBe(1);
    expect(countWords([{ t: 'text', s: 'one' }, { t: 'break' }, { t: 'text', s: 'two' }], 'en')).toBe(2);
  });
});
