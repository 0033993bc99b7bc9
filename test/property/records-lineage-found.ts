/** Runs that once lost a word, doubled one, or did not end; as the search found them, made smaller. */
import type { Deed } from './records-lineage-run.ts';

type Written = readonly [who: number, what: Deed['what'], block: number, at: number];

function round(...deeds: readonly Written[]): Deed[] {
  return deeds.map(([who, what, block, at]) => ({ who, what, block, at }));
}

export const foundRuns: readonly { readonly name: string; readonly script: readonly (readonly Deed[])[] }[] = [
  {
    name: 'a tail takes in what it was split off, moved behind it',
    script: [round([2, 'split', 7, 17], [1, 'type', 4, 30], [2, 'move', 2, 0], [2, 'join', 9, 33])],
  },
  {
    name: 'the same, against a split of the other part',
    script: [
      round([0, 'join', 4, 37]),
      round([1, 'split', 2, 27], [1, 'move', 6, 22], [1, 'join', 6, 18], [2, 'split', 8, 1]),
    ],
  },
  {
    name: 'the same, against a deletion',
    script: [round([2, 'split', 0, 10], [2, 'move', 0, 33], [2, 'join', 8, 15], [0, 'delete', 9, 0])],
  },
  {
    name: 'two splits, a move and a join against typing',
    script: [
      round([1, 'split', 2, 38], [1, 'split', 3, 19], [2, 'type', 8, 25], [1, 'move', 9, 10], [1, 'join', 0, 4]),
    ],
  },
  {
    name: 'a word deleted by who joined its block, which somebody typed into',
    script: [
      round([0, 'type', 3, 34], [0, 'replace', 7, 11], [2, 'type', 7, 36], [0, 'join', 3, 20], [0, 'delete', 2, 38]),
    ],
  },
  {
    name: 'typing and splitting in a join of the round before',
    script: [
      round(
        [0, 'type', 7, 35],
        [0, 'join', 7, 20],
        [0, 'type', 2, 3],
        [0, 'type', 0, 16],
        [1, 'type', 9, 6],
        [1, 'split', 0, 6],
      ),
      round([1, 'replace', 4, 19], [1, 'join', 3, 38], [1, 'type', 8, 25], [1, 'delete', 2, 19], [0, 'split', 1, 1]),
    ],
  },
  {
    name: 'a word typed between two splits of one person',
    script: [round([1, 'split', 9, 29], [2, 'split', 3, 6], [2, 'type', 0, 40], [2, 'split', 4, 1])],
  },
  {
    name: 'the only word of a block replaced and the block joined',
    script: [round([2, 'split', 4, 31]), round([0, 'join', 4, 29], [2, 'replace', 9, 0])],
  },
  {
    name: 'a block of one word emptied and split',
    script: [
      round([0, 'split', 7, 33]),
      round([1, 'delete', 1, 5], [0, 'split', 1, 11], [0, 'delete', 2, 16], [0, 'type', 7, 32]),
    ],
  },
  {
    name: 'a block joined whole and split at its beginning',
    script: [round([0, 'join', 9, 36], [2, 'split', 7, 36])],
  },
  {
    name: 'the only word of a block replaced and the block joined to two',
    script: [
      round([1, 'split', 8, 20], [2, 'split', 1, 5], [0, 'split', 2, 18]),
      round([0, 'replace', 8, 10], [1, 'join', 7, 25], [0, 'move', 8, 24], [0, 'join', 6, 11]),
    ],
  },
  {
    name: 'splits and joins by three, combined into four blocks',
    script: [
      round([1, 'split', 5, 27], [2, 'join', 1, 21], [0, 'split', 7, 14], [0, 'split', 6, 1], [0, 'join', 8, 26]),
    ],
  },
  {
    name: 'a block given back in settling, restyled and joined again',
    script: [
      round([0, 'type', 4, 0], [1, 'split', 4, 0], [0, 'join', 4, 0], [0, 'type', 7, 6]),
      round([2, 'join', 5, 0], [0, 'restyle', 2, 0], [2, 'join', 4, 0]),
    ],
  },
  {
    name: 'a block split and emptied whose taker was taken in itself',
    script: [
      round([1, 'split', 0, 0], [0, 'split', 0, 35], [0, 'type', 0, 16], [0, 'type', 0, 19]),
      round([0, 'split', 7, 0], [1, 'join', 6, 0], [0, 'delete', 9, 0], [1, 'join', 0, 0]),
    ],
  },
  {
    name: 'joins of joins by two, and a split',
    script: [round([1, 'join', 4, 0], [0, 'join', 1, 0], [0, 'join', 0, 0], [1, 'split', 0, 0], [0, 'move', 0, 0])],
  },
  {
    name: 'joins of joins by two against a split at the beginning',
    script: [
      round([0, 'split', 0, 0], [2, 'join', 1, 0], [1, 'join', 1, 0], [1, 'join', 0, 0], [0, 'type', 0, 0]),
      round([0, 'type', 0, 0], [0, 'type', 0, 0]),
    ],
  },
  {
    name: 'one block joined alike by two, one of whom splits and joins on',
    script: [round([2, 'join', 4, 0], [0, 'join', 4, 0], [2, 'split', 1, 1], [0, 'type', 0, 0], [0, 'join', 0, 0])],
  },
  {
    name: 'one block joined alike by two, split by one and joined on by the other',
    script: [
      round([1, 'join', 1, 0], [0, 'join', 1, 0], [0, 'split', 7, 1], [1, 'join', 0, 0]),
      round([0, 'type', 0, 0], [0, 'type', 0, 0]),
    ],
  },
];
