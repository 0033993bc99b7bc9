/**
 * Clustering the passages of 193 delegations that answer eleven questions, and the account of them; against reading the
 * same passages into words and comparing all pairs of a question by shared words.
 */
import { inlineText } from '../../shared/drafting/inline.ts';
import type { RecordId } from '../../shared/ids.ts';
import type { EntryContent, EntryId } from '../../shared/merging/collect/entry-content.ts';
import { deriveLedger } from '../../shared/merging/ledger/ledger.ts';
import type { LedgerEntry } from '../../shared/merging/ledger/ledger-model.ts';
import { createClustering, type Clustering } from '../../shared/merging/similarity/clustering.ts';
import { alternatives } from '../merging/quality.ts';
import { makeSet, type MadePassage } from '../merging/reworded-sets.ts';
import type { BenchRow } from './exchange.bench.ts';

const size = { questions: 11, delegations: 193, perAnswer: 3 };
const targetMs = 3000;
const rounds = 3;

async function bestOf(work: () => unknown): Promise<number> {
  let best = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    await work();
    best = Math.min(best, performance.now() - started);
  }
  return best;
}

function fill(clustering: Clustering, questions: readonly (readonly MadePassage[])[], without = ''): void {
  questions.forEach((passages, index) =>
    clustering.setItems(
      `${index}`,
      passages.flatMap((each) => (each.entry === without ? [] : [{ ...each, entry: each.entry as EntryId }])),
    ),
  );
}

function entriesOf(questions: readonly (readonly MadePassage[])[]): LedgerEntry[] {
  return [...Map.groupBy(questions.flat(), ({ entry }) => entry)].map(([id, passages]) => ({
    ...{ id: id as EntryId, delegation: passages[0]!.delegation, replaces: null, withdrawn: null, seen: [] },
    treatments: Object.fromEntries(
      passages.map(({ passage, family }) => [passage, [{ as: 'whole' as const, blocks: [family as RecordId] }]]),
    ),
    content: {
      ...{ format: 1, title: '', cover: [], language: 'en', footnotes: {} },
      answers: [
        {
          ...{ key: '1', sections: [], number: '1', heading: '' },
          match: { questions: ['1'], by: 'number', confidence: 1 },
          passages: passages.map(({ passage, text }) => ({
            ...{
              key: passage,
              kind: 'paragraph',
              marker: '',
              under: '',
              content: inlineText(text),
              words: 40,
              language: 'en',
            },
          })),
        },
      ],
    } satisfies EntryContent as EntryContent,
  }));
}

export async function run(): Promise<readonly BenchRow[]> {
  const { questions } = makeSet(77, 'edited', size);
  const passages = questions.flat();
  const last = passages.at(-1)!.entry;
  const jaccard = alternatives.find(({ name }) => name === 'word Jaccard, average linkage')!.grouping;
  const baseline = await bestOf(() => questions.map((each) => jaccard(each, 350)));
  const anew = await bestOf(async () => {
    const clustering = createClustering();
    fill(clustering, questions);
    await clustering.run();
  });
  const added: number[] = [];
  const regrouped: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const clustering = createClustering();
    fill(clustering, questions, last);
    await clustering.run();
    const started = performance.now();
    fill(clustering, questions);
    await clustering.run();
    const between = performance.now();
    await clustering.run({ threshold: 420 });
    added.push(between - started);
    regrouped.push(performance.now() - between);
  }
  const entries = entriesOf(questions);
  const firsts = new Map(passages.map(({ family, text }) => [family, text]));
  const text = {
    blocks: [...firsts].map(([id, words]) => ({ id: id as RecordId, content: inlineText(words) })),
    moved: new Map(),
  };
  const account = await bestOf(() => deriveLedger(entries, text));
  const named = `${passages.length} passages of ${size.delegations} delegations`;
  return [
    { name: `clustering ${named}, all anew (best of ${rounds}, ms)`, figure: anew, baseline, target: targetMs },
    {
      name: 'the same with one submission added, all its questions (ms)',
      figure: Math.min(...added),
      baseline: anew,
      target: targetMs / 2,
    },
    {
      name: 'the same at another threshold (ms)',
      figure: Math.min(...regrouped),
      baseline: anew,
      target: targetMs / 3,
    },
    { name: 'the ledger of the same, all treated (ms)', figure: account, baseline: anew, target: targetMs },
  ];
}
