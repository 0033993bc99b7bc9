import { describe, expect, it } from 'vitest';
import type { BlockStyle } from '../../../shared/drafting/block.ts';
import { inlineText } from '../../../shared/drafting/inline.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { limitState, partsOf, totalWords } from './answers.ts';

const block = (id: string, style: BlockStyle, text: string) => ({
  id: id as RecordId,
  block: { style, content: inlineText(text), table: null },
});

describe('answers', () => {
  const blocks = [
    block('s', { kind: 'section', key: 'a' }, 'Access'),
    block('q1', { kind: 'question', number: '1', wordLimit: 10 }, 'What was done?'),
    block('p1', { kind: 'paragraph' }, 'We connected every school.'),
    block('h', { kind: 'heading', level: 2 }, 'Clinics'),
    block('p2', { kind: 'paragraph' }, 'And clinics too.'),
    block('g', { kind: 'heading', level: 1 }, 'The next group'),
    block('q2', { kind: 'question', number: '2' }, 'What next?'),
  ];

  it('belong to the question above them, lower headings between them included', () => {
    expect(partsOf(blocks, 'en').map((part) => [part.id, part.words])).toEqual([
      ['s', 0],
      ['q1', 8],
      ['h', 0],
      ['g', 0],
      ['q2', 0],
    ]);
  });

  it('are counted without the questions', () => {
    expect(totalWords(blocks, 'en')).toBe(12);
  });

  it('are near their limit from 90 % on', () => {
    expect([8, 9, 10, 11].map((words) => limitState(words, 10))).toEqual(['quiet', 'near', 'near', 'over']);
    expect(limitState(9, null)).toBe('none');
  });
});
