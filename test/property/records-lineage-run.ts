/**
 * Random runs of people who split, join, move, restyle and type apart, against a model that knows only words: every word
 * of the start and every word typed is written once, so each must stand exactly once at the end unless somebody deleted
 * it, or a person chose a side that has not got it. Every settlement is checked by itself.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import { inlineLength, plainText, type InlineContent } from '../../shared/drafting/inline.ts';
import { createPlaceSource, comparePlaces } from '../../shared/drafting/places.ts';
import type { Json, RecordId, ReplicaId } from '../../shared/ids.ts';
import { base32, newRecordId } from '../../shared/ids.ts';
import { blockText, joinText, splitText } from '../../shared/merging/block-text.ts';
import { createLineageIndex, unsettledBlocks } from '../../shared/merging/lineage-index.ts';
import { mergeLineage, type LineageMerge } from '../../shared/merging/lineage.ts';
import { circleIdOf, type Change } from '../../shared/records/change.ts';
import { createFold, type Fold } from '../../shared/records/fold.ts';
import { newChain, overHeads, removalOver, writeChange, type IntendedOp } from '../../shared/records/writer.ts';

const names = ['a', 'b', 'c'].map((letter) => letter.repeat(26) as ReplicaId);
const root = `${names[0]!}.root222222` as RecordId;
const circle = circleIdOf(root);
const draft = `${names[0]!}.draft22222` as RecordId;

export interface Deed {
  readonly who: number;
  readonly what: 'type' | 'type' | 'replace' | 'delete' | 'split' | 'join' | 'move' | 'restyle';
  readonly block: number;
  readonly at: number;
}

const deed: fc.Arbitrary<Deed> = fc.record({
  who: fc.nat(2),
  what: fc.constantFrom('type', 'type', 'replace', 'delete', 'split', 'split', 'join', 'join', 'move', 'restyle'),
  block: fc.nat(9),
  at: fc.nat(40),
});
/** Rounds of deeds done apart; after each, everything is exchanged and what is offered is taken. */
export const rounds = fc.array(fc.array(deed, { minLength: 2, maxLength: 6, size: 'max' }), {
  minLength: 1,
  maxLength: 2,
});

/** Which side a person takes of each conflict, counted on for ever from the first. */
export const picks = fc.nat(5);

interface Outcome {
  readonly words: string[];
  /** Every word that nobody deleted. */
  readonly expected: string[];
  /** Words of sides that were not chosen. */
  readonly leftOut: ReadonlySet<string>;
  readonly choices: number;
  readonly combined: number;
  readonly reached: Set<string>;
}

export function play(script: readonly (readonly Deed[])[], pick = 0): Outcome {
  let counter = 0;
  const random = (length: number): Uint8Array => {
    counter += 1;
    return Uint8Array.from({ length }, (_, index) => (counter >> (8 * index)) & 255);
  };
  const freshWord = (): string => `w${(counter += 1)}`;
  const people = names.map((replica, index) => ({
    replica,
    fold: createFold({ circle }),
    chain: newChain(circle, replica),
    places: createPlaceSource(base32(Uint8Array.of(index + 1, 7, 7, 7, 7))),
  }));
  const log: Change[] = [];
  const deleted = new Set<string>();
  const written = new Set<string>();
  const leftOut = new Set<string>();
  const reached = new Set<string>();
  let choices = 0;
  let combined = 0;

  const write = (person: (typeof people)[number], ops: readonly IntendedOp[]): void => {
    const made = writeChange({ fold: person.fold, chain: person.chain, ops, at: log.length, random });
    if (!made.ok) throw new Error(made.error.message);
    person.chain = made.chain;
    person.fold.add(made.change);
    log.push(made.change);
  };
  const exchange = (): void => {
    for (const person of people) for (const change of log) person.fold.add(change);
  };
  const set = (fold: Fold, record: RecordId, field: string, value: unknown): IntendedOp => ({
    record,
    type: 'block',
    field,
    over: overHeads(fold, record, field),
    value: value as Json,
  });
  const flow = (fold: Fold) =>
    fold
      .children('block', draft)
      .map(({ id, fields }) => ({ id, place: fields.get('place')!.heads[0]!.value as string, fields }))
      .sort(comparePlaces);
  const standing = (fold: Fold): string[] =>
    flow(fold).flatMap(({ fields }) =>
      fields.get('text')!.heads.flatMap((head) => wordsOf(blockText(head.value).content)),
    );
  const contentOf = (fold: Fold, block: RecordId): InlineContent =>
    blockText(fold.field(block, 'text')!.heads[0]!.value).content;
  const wordsOf = (content: InlineContent): string[] => plainText(content).split(/\s+/).filter(Boolean);
  const content = (words: readonly string[]): InlineContent =>
    words.length === 0 ? [] : [{ t: 'text', s: `${words.join(' ')} ` }];

  let place: string | null = null;
  const first = people[0]!;
  for (let block = 0; block < 3; block += 1) {
    const id = newRecordId(first.replica, random);
    const words = Array.from({ length: 6 }, freshWord);
    for (const word of words) written.add(word);
    place = first.places.between(place, null);
    write(first, [
      { record: id, type: 'block', field: 'draft', over: [], value: draft },
      { record: id, type: 'block', field: 'place', over: [], value: place },
      { record: id, type: 'block', field: 'text', over: [], value: { content: content(words) } as unknown as Json },
    ]);
  }
  exchange();

  const act = ({ who, what, block, at }: Deed): void => {
    const person = people[who]!;
    const { fold } = person;
    const blocks = flow(fold);
    const index = block % blocks.length;
    const target = blocks[index]!;
    // Nobody types into a text that stands in two versions before it is settled.
    if (target.fields.get('text')!.heads.length !== 1) return;
    const version = target.fields.get('text')!.heads[0]!.id;
    const before = contentOf(fold, target.id);
    const words = wordsOf(before);
    const spot = words.length === 0 ? 0 : at % words.length;
    switch (what) {
      case 'type': {
        const word = freshWord();
        written.add(word);
        write(person, [set(fold, target.id, 'text', { content: content(words.toSpliced(spot, 0, word)) })]);
        break;
      }
      case 'replace':
      case 'delete': {
        if (words.length === 0) return;
        deleted.add(words[spot]!);
        const fresh = what === 'replace' ? [freshWord()] : [];
        for (const word of fresh) written.add(word);
        write(person, [set(fold, target.id, 'text', { content: content(words.toSpliced(spot, 1, ...fresh)) })]);
        break;
      }
      case 'split': {
        const tail = newRecordId(person.replica, random);
        const offset = inlineLength(content(words.slice(0, spot)));
        const parts = splitText({ block: target.id, version, content: before, offset, tail });
        write(person, [
          set(fold, target.id, 'text', parts.head),
          set(fold, tail, 'draft', draft),
          set(fold, tail, 'place', person.places.between(target.place, blocks[index + 1]?.place ?? null)),
          set(fold, tail, 'text', parts.tail),
        ]);
        break;
      }
      case 'join': {
        const next = blocks[index + 1];
        if (next === undefined || next.fields.get('text')!.heads.length !== 1) return;
        const fromVersion = next.fields.get('text')!.heads[0]!.id;
        const text = joinText({
          content: before,
          from: next.id,
          version: fromVersion,
          fromContent: contentOf(fold, next.id),
        });
        write(person, [
          set(fold, target.id, 'text', text),
          { record: next.id, type: 'block', field: 'removed', over: removalOver(fold, next.id), value: true },
        ]);
        break;
      }
      case 'move': {
        const to = blocks[at % blocks.length]!;
        const after = blocks[(at % blocks.length) + 1];
        write(person, [set(fold, target.id, 'place', person.places.between(to.place, after?.place ?? null))]);
        break;
      }
      case 'restyle':
        write(person, [set(fold, target.id, 'style', { kind: 'heading', level: 1 + (at % 3) })]);
        break;
    }
  };

  for (const deeds of script) {
    deeds.forEach(act);
    exchange();
    for (let step = 0; ; step += 1) {
      const index = createLineageIndex(first.fold, draft);
      const open = unsettledBlocks(index);
      if (open.length === 0) break;
      if (step > 20) throw new Error(`settling does not end: ${open.join(' ')}`);
      const merge = open.map((block) => mergeLineage(index, block)).find((each) => each !== null);
      if (merge === undefined || merge === null) throw new Error(`nothing is offered for ${open.join(' ')}`);
      if (merge.kind === 'combined') combined += 1;
      else choices += 1;
      reached.add(`${merge.kind} of ${Math.min(3, merge.sides.length)}`);
      if (merge.kind === 'conflict')
        checkReachable(
          index.fold,
          merge.sides.map((side) => side.settlement),
        );
      settle(merge, step);
    }
    exchange();
  }

  /** Takes the combination, or a side; no word of what is taken may go or stand twice, and no other word either. */
  function settle(merge: LineageMerge, step: number): void {
    const side = merge.sides[(pick + step) % merge.sides.length]!;
    const taken = merge.kind === 'combined' ? merge : side.settlement;
    const before = flow(first.fold).flatMap(({ id, fields }) =>
      fields
        .get('text')!
        .heads.flatMap((head) => wordsOf(blockText(head.value).content).map((word) => ({ word, block: id }))),
    );
    const shown = merge.kind === 'combined' ? merge.sides.flatMap((each) => each.versions) : side.versions;
    const held = shown.flatMap((version) => wordsOf(blockText(first.fold.version(version)!.value).content));
    write(first, taken.ops);
    const after = standing(first.fold);
    const given = taken.assignments.flatMap((each) => wordsOf(each.content));
    for (const word of [...given, ...held.filter((each) => !deleted.has(each))]) {
      expect([word, after.filter((each) => each === word).length]).toEqual([word, 1]);
    }
    const concerned = new Set(
      merge.sides.flatMap(({ settlement }) => [
        ...settlement.assignments.map((each) => each.block),
        ...settlement.removals,
      ]),
    );
    for (const { word, block } of before) {
      if (after.includes(word) || deleted.has(word)) continue;
      expect([merge.kind, word, concerned.has(block)]).toEqual(['conflict', word, true]);
      leftOut.add(word);
    }
  }

  /** In a conflict no word has gone: each that stands anywhere is in one of the sides, or in a block they leave alone. */
  function checkReachable(
    fold: Fold,
    sides: { assignments: readonly { block: RecordId; content: InlineContent }[] }[],
  ) {
    const shown = new Set(sides.flatMap((side) => side.assignments.flatMap((each) => wordsOf(each.content))));
    const touched = new Set(sides.flatMap((side) => side.assignments.map((each) => each.block)));
    for (const block of fold.children('block', draft)) {
      if (!touched.has(block.id)) continue;
      for (const head of block.fields.get('text')!.heads) {
        for (const word of wordsOf(blockText(head.value).content)) {
          if (!deleted.has(word)) expect(shown).toContain(word);
        }
      }
    }
  }

  const words = flow(first.fold).flatMap(({ fields }) => {
    const { heads } = fields.get('text')!;
    expect(new Set(heads.map((head) => JSON.stringify(blockText(head.value).content))).size).toBe(1);
    return wordsOf(blockText(heads[0]!.value).content);
  });
  return { words, expected: [...written].filter((word) => !deleted.has(word)), leftOut, choices, combined, reached };
}
