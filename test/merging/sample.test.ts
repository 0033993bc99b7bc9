/** The twelve drafts written for the project, from files to clusters: what the tour of the README shows. */
import { describe, expect, it } from 'vitest';
import { plainText } from '../../shared/drafting/inline.ts';
import { compareSubmissions } from '../../shared/merging/collect/compare-submissions.ts';
import { passagesOf, questionsOfPassage } from '../../shared/merging/collect/entry-content.ts';
import { createClustering } from '../../shared/merging/similarity/clustering.ts';
import { readSampleDrafts, sampleQuestions } from './sample-drafts.ts';

const drafts = readSampleDrafts();
const draftOf = (file: string) => drafts.find((draft) => draft.file === file)!;
const answered = (file: string): string[] =>
  draftOf(file).content.answers.map(({ match }) => match.questions.join('+'));

describe('the sample drafts', () => {
  it('are of twelve invented delegations in two languages and three formats', () => {
    expect([...new Set(drafts.map(({ delegation }) => delegation))]).toEqual(
      [...'ABCDEFGHIJKL'].map((letter) => `X${letter}`),
    );
    expect(new Set(drafts.map(({ file }) => file.split('.')[1]))).toEqual(new Set(['txt', 'html', 'md']));
    for (const { content, language } of drafts) expect(content.language).toBe(language);
    expect(new Set(drafts.map(({ language }) => language))).toEqual(new Set(['en', 'fr']));
  });

  it('[MG2] answer the questions under their own numbers, with some left out', () => {
    const all = sampleQuestions.map(({ number }) => number);
    for (const file of ['xc.md', 'xf.md', 'xi.html', 'xk.md']) expect(answered(file)).toEqual(all);
    for (const file of ['xa.txt', 'xb.html', 'xe.html', 'xl.txt']) expect(answered(file)).toEqual(['', ...all]);
    expect(answered('xd.txt')).toEqual(['1', '3', '4', '6', '8', '9', '10', '11']);
    expect(answered('xg.txt')).toEqual(['1+2', '3', '4', '5', '6', '7', '8', '9', '10', '11']);
    expect(answered('xh.txt')).toEqual(['1', '2', '3', '4', '5', '6', '8', '9', '10', '11']);
    expect(answered('xj.md')).toEqual(['4', '9', '10']);
    expect(draftOf('xl.txt').content.answers.find(({ number }) => number === '6')!.passages).toEqual([]);
  });

  it('[MG7] change in one late resubmission', () => {
    const pairs = compareSubmissions(draftOf('xd.txt').content, draftOf('xd-revised.txt').content);
    const counts = Map.groupBy(pairs, ({ kind }) => kind);
    expect([...counts].map(([kind, of]) => [kind, of.length]).sort()).toEqual([
      ['changed', 1],
      ['gone', 3],
      ['new', 3],
      ['unchanged', 9],
    ]);
  });

  it('[MG11] show what is shared, reworded, contradictory and unique', async () => {
    const clustering = createClustering();
    const texts = new Map<string, string>();
    for (const { number } of sampleQuestions) {
      const items = drafts
        .filter(({ file }) => file !== 'xd.txt')
        .flatMap(({ id, delegation, content }) =>
          content.answers.flatMap((answer) =>
            answer.passages
              .filter((passage) => questionsOfPassage(answer, passage, {}).includes(number))
              .map((passage) => {
                const text = plainText(passage.content);
                texts.set(`${id}/${passage.key}`, text);
                return { entry: id, passage: passage.key, delegation, language: passage.language, text };
              }),
          ),
        );
      clustering.setItems(number, items);
    }
    const clusters = await clustering.run();
    const shown = clusters
      .get('3')!
      .map(({ delegations, exclusions }) => [delegations.join(' '), exclusions.map(({ kind }) => kind).join()]);
    expect(shown.slice(0, 2)).toEqual([
      ['XA XC XD XF XG XL', ''],
      ['XB XD XF XI', ''],
    ]);
    expect(shown).toContainEqual(['XB XL', 'negation']);
    expect(shown.at(-1)).toEqual(['XE', '']);
    expect(
      clusters.get('7')!.flatMap(({ exclusions }) => exclusions.map(({ words }) => words.toSorted().join())),
    ).toEqual(expect.arrayContaining(['five,ten', 'sixty,thirty']));
    expect(clusters.get('11')!.some(({ delegations }) => delegations.length === 1)).toBe(true);
    expect(texts.size).toBeGreaterThan(180);
  });

  it('hold more than two hundred passages', () => {
    expect(drafts.flatMap(({ content }) => passagesOf(content)).length).toBeGreaterThan(200);
  });
});
