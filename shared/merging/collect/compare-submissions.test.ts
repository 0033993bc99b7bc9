import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inlineText, plainText } from '../../drafting/inline.ts';
import type { RecordId } from '../../ids.ts';
import { compareSubmissions } from './compare-submissions.ts';
import type { EntryContent } from './entry-content.ts';

/** Answers as lists of passages. */
function contentOf(answers: readonly (readonly string[])[]): EntryContent {
  return {
    ...{ format: 1, title: '', cover: [], language: 'en', footnotes: {} },
    answers: answers.map((passages, index) => ({
      ...{ key: `${index + 1}`, sections: [], number: `${index + 1}`, heading: '' },
      match: { questions: [`${index + 1}`], by: 'number', confidence: 500 },
      passages: passages.map((text, at) => ({
        ...{ key: `${index + 1}.${at + 1}`, kind: 'paragraph', marker: '', under: '', language: 'en' },
        ...{ content: inlineText(text), words: text.split(' ').length },
      })),
    })),
  };
}

it('[MG7] tells the unchanged, the moved, the changed, the new and the gone apart', () => {
  const before = contentOf([
    ['Access has grown in all regions.', 'Schools were connected first of all.'],
    ['The Union keeps the stocktaking database.'],
    ['Costs remain too high for many households.'],
  ]);
  const after = contentOf([
    ['Schools were connected first of all.', 'Access has grown in nearly all regions.'],
    ['Costs remain too high for many households.'],
    ['Women’s networks need predictable funds.'],
  ]);
  const said = compareSubmissions(before, after).map(({ kind, before: old, after: now }) => [kind, old?.key, now?.key]);
  expect(said).toEqual([
    ['unchanged', '1.2', '1.1'],
    ['changed', '1.1', '1.2'],
    ['unchanged', '3.1', '2.1'],
    ['new', undefined, '3.1'],
    ['gone', '2.1', undefined],
  ]);
});

it('[MG7] counts typesetting as nothing and a footnote as text', () => {
  const plain = contentOf([['The “respective roles” of States remain open.']]);
  const typeset = contentOf([['The "respective  roles" of States remain open.']]);
  expect(compareSubmissions(plain, typeset).map(({ kind }) => kind)).toEqual(['unchanged']);
  const noted = (note: string): EntryContent => {
    const content = contentOf([['See the note.']]);
    const [answer] = content.answers;
    const passage = {
      ...answer!.passages[0]!,
      content: [...inlineText('See the note.'), { t: 'note' as const, id: 'n' as RecordId }],
    };
    return { ...content, answers: [{ ...answer!, passages: [passage] }], footnotes: { n: inlineText(note) } };
  };
  expect(compareSubmissions(noted('Until 2022.'), noted('Until 2024.')).map(({ kind }) => kind)).toEqual(['changed']);
});

it('[MG7] puts each passage into one pair, and pairs equal words whenever both sides have them', () => {
  const word = fc.constantFrom('access', 'skills', 'trust', 'funds', 'forum', 'youth', 'law');
  const passage = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '));
  const answers = fc.array(fc.array(passage, { maxLength: 5 }), { maxLength: 4 });
  const counted = (texts: readonly string[]): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
    return counts;
  };
  fc.assert(
    fc.property(answers, answers, (old, now) => {
      const [before, after] = [contentOf(old), contentOf(now)];
      const pairs = compareSubmissions(before, after);
      const keys = (content: EntryContent): string[] =>
        content.answers.flatMap((a) => a.passages.map(({ key }) => key));
      expect(pairs.flatMap((pair) => pair.before?.key ?? []).sort()).toEqual(keys(before).sort());
      expect(pairs.flatMap((pair) => pair.after?.key ?? [])).toEqual(keys(after));
      const same = pairs.filter(({ kind }) => kind === 'unchanged');
      for (const pair of same) expect(plainText(pair.before!.content)).toBe(plainText(pair.after!.content));
      const left = counted(old.flat());
      const right = counted(now.flat());
      const both = [...left].reduce((sum, [text, count]) => sum + Math.min(count, right.get(text) ?? 0), 0);
      expect(same.length).toBe(both);
    }),
    { numRuns: 300 },
  );
});
