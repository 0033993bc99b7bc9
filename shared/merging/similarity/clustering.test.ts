import { describe, expect, it } from 'vitest';
import { makeSet } from '../../../test/merging/reworded-sets.ts';
import type { EntryId } from '../collect/entry-content.ts';
import { inlineText, plainText } from '../../drafting/inline.ts';
import { refKey, type Cluster, type ClusterItem } from './cluster.ts';
import { createClustering, type Clustering } from './clustering.ts';
import { differencesFrom } from './differences.ts';

/** `XA: text` lines; the delegation's entry has its name. */
function itemsOf(lines: readonly string[], language = 'en'): ClusterItem[] {
  return lines.map((line, index) => {
    const [delegation = '', text = ''] = line.split(': ');
    return { entry: delegation as EntryId, passage: `1.${index + 1}`, delegation, language, text };
  });
}

async function clustersOf(items: readonly ClusterItem[], threshold?: number): Promise<readonly Cluster[]> {
  const clustering = createClustering();
  clustering.setItems('1', items);
  return (await clustering.run({ threshold })).get('1')!;
}

const made = (seed: number): ClusterItem[][] =>
  makeSet(seed, 'edited', { questions: 2, delegations: 12, perAnswer: 3 }).questions.map((passages) =>
    passages.map((passage) => ({ ...passage, entry: passage.entry as EntryId })),
  );

const forum = [
  'XA: Forums should publish what they agreed on, and report the year after on what was done.',
  'XC: Forums should publish what they agreed on in all working languages, and report the year after on what was done.',
  'XK: Forums should publish recommendations, and report the year after on what was done.',
  'XE: Travel support for delegates from island States should be part of the budget of each forum.',
];

describe('clusters', () => {
  it('[MG11] go from what many say to what only one says, the most central wording first', async () => {
    const clusters = await clustersOf(itemsOf(forum));
    expect(clusters.map(({ delegations }) => delegations)).toEqual([['XA', 'XC', 'XK'], ['XE']]);
    expect(clusters[0]!.members.map(({ delegation }) => delegation)[0]).toBe('XA');
    expect(clusters[0]!.members[0]!.likeness).toBe(1000);
    const likenesses = clusters[0]!.members.map(({ likeness }) => likeness);
    expect(likenesses).toEqual(likenesses.toSorted((a, b) => b - a));
  });

  it('[MG8] keeps languages apart, and folds case, accents and punctuation', async () => {
    const clusters = await clustersOf([
      ...itemsOf(['XA: ITU, UNESCO: digital!', 'XB: itu – unesco, DIGITAL']),
      ...itemsOf(['XC: ITU, UNESCO: digital!'], 'fr'),
    ]);
    expect(clusters.map(({ language, delegations }) => [language, delegations])).toEqual([
      ['en', ['XA', 'XB']],
      ['fr', ['XC']],
    ]);
  });

  it.each([
    [
      'ru',
      'XA: Необходимо расширить доступ к широкополосной связи в сельских районах.',
      'XB: Необходимо расширить доступ к широкополосной связи во всех сельских районах.',
      'XC: Молодежь должна участвовать в работе форума.',
    ],
    [
      'ar',
      'XA: ينبغي توسيع النفاذ إلى النطاق العريض في المناطق الريفية.',
      'XB: ينبغي توسيع النفاذ إلى النطاق العريض في جميع المناطق الريفية.',
      'XC: يشارك الشباب في أعمال المنتدى كل سنة.',
    ],
    ['zh', 'XA: 应当扩大农村地区的宽带接入。', 'XB: 应当扩大所有农村地区的宽带接入。', 'XC: 青年应参加论坛的工作。'],
  ])('[MG8] reads %s', async (language, ...lines) => {
    const clusters = await clustersOf(itemsOf(lines, language));
    expect(clusters.map(({ delegations }) => delegations)).toEqual([['XA', 'XB'], ['XC']]);
  });

  it('[MG9] hold every passage once, and equal ones together, at any threshold', async () => {
    for (const seed of [1, 2, 3]) {
      const [items] = made(seed);
      for (const threshold of [1, 200, 340, 700, 1000]) {
        const clusters = await clustersOf(items!, threshold);
        const refs = clusters.flatMap(({ members }) => members.map(refKey));
        expect(refs.toSorted()).toEqual(items!.map(refKey).sort());
        const clusterOf = new Map(clusters.flatMap(({ id, members }) => members.map((m) => [refKey(m), id] as const)));
        for (const same of Map.groupBy(items!, ({ text }) => text).values())
          expect(new Set(same.map((item) => clusterOf.get(refKey(item)))).size).toBe(1);
      }
    }
  });

  it('[MG9] come apart as the threshold rises', async () => {
    const [items] = made(4);
    const counts = await Promise.all([100, 300, 500, 900].map(async (at) => (await clustersOf(items!, at)).length));
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(counts.at(-1)!).toBeGreaterThan(counts[0]!);
  });

  it('[MG10] are the same in any order and one submission at a time', async () => {
    for (const seed of [5, 6, 7]) {
      const [items] = made(seed);
      const whole = await clustersOf(items!);
      expect(await clustersOf(items!.toReversed())).toEqual(whole);
      const clustering = createClustering();
      const entries = [...Map.groupBy(items!, ({ entry }) => entry).values()];
      for (let count = 1; count <= entries.length; count++) {
        clustering.setItems('1', entries.slice(-count).flat());
        await clustering.run();
      }
      expect((await clustering.run()).get('1')).toEqual(whole);
    }
  });

  it('[MG10] of one question do not depend on the others', async () => {
    const [first, second] = made(8);
    const clustering = createClustering();
    clustering.setItems('2', second!);
    clustering.setItems('1', first!);
    expect((await clustering.run()).get('1')).toEqual(await clustersOf(first!));
  });

  it('[MG12] hint at wordings that may exclude each other', async () => {
    const hintsIn = async (lines: readonly string[], language = 'en'): Promise<(readonly string[])[]> =>
      (await clustersOf(itemsOf(lines, language), 200)).flatMap(({ exclusions }) =>
        exclusions.map(({ kind, words }) => [kind, ...words.toSorted()]),
      );
    expect(
      await hintsIn([
        'XA: The mandate of the forum should be extended by ten years after the review.',
        'XB: The mandate of the forum should be extended by five years after the review.',
      ]),
    ).toEqual([['number', 'five', 'ten']]);
    expect(
      await hintsIn([
        'XA: The mandate of the forum should be extended by 10 years after the review.',
        'XB: The mandate of the forum shall not be extended by 10 years after the review.',
      ]),
    ).toEqual([
      ['negation', '', 'not'],
      ['obligation', 'shall', 'should'],
    ]);
    expect(
      await hintsIn(
        [
          'XA: Les contributions à ce fonds mondial seront obligatoires et ouvertes, cadre contraignant.',
          'XB: Les contributions à ce fonds mondial seront obligatoires et ouvertes, cadre volontaire.',
        ],
        'fr',
      ),
    ).toEqual([['opposite', 'contraignant', 'volontaire']]);
    expect(await hintsIn([forum[0]!, forum[1]!])).toEqual([]);
  });
});

describe('long work', () => {
  const large = (): Clustering => {
    const clustering = createClustering();
    const { questions } = makeSet(9, 'edited', { questions: 4, delegations: 60, perAnswer: 3 });
    questions.forEach((passages, index) =>
      clustering.setItems(
        `${index}`,
        passages.map((passage) => ({ ...passage, entry: passage.entry as EntryId })),
      ),
    );
    return clustering;
  };

  it('[MG13] pauses between slices and says how far it is', async () => {
    const seen: number[] = [];
    let total = 0;
    let pauses = 0;
    await large().run({
      onProgress: (progress) => {
        seen.push(progress.done);
        total = progress.total;
      },
      pause: async () => {
        pauses += 1;
      },
    });
    expect(pauses).toBeGreaterThan(2);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(total);
  });

  it('[MG13] stops when it is cancelled, and ends alike afterwards', async () => {
    const clustering = large();
    const stop = new AbortController();
    const run = clustering.run({ signal: stop.signal, pause: async () => stop.abort() });
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
    expect(await clustering.run()).toEqual(await large().run());
  });

  it('[MG10] regroups for another threshold as if it had been asked first', async () => {
    const clustering = large();
    await clustering.run({ threshold: 340 });
    expect(await clustering.run({ threshold: 500 })).toEqual(await large().run({ threshold: 500 }));
  });
});

it('marks what a wording says otherwise, whatever its emphasis', () => {
  const bold = inlineText('Forums should publish what they agreed on.', 'bold');
  const runs = differencesFrom(bold, inlineText('Forums should publish recommendations.'));
  expect(runs.map(({ op, content }) => [op, plainText(content)])).toEqual([
    ['same', 'Forums should publish '],
    ['del', 'what they agreed on'],
    ['ins', 'recommendations'],
    ['same', '.'],
  ]);
});
