import { describe, expect, it } from 'vitest';
import { inlineText, plainText, type InlineContent } from '../drafting/inline.ts';
import type { Json, RecordId, ReplicaId, VersionId } from '../ids.ts';
import { circleIdOf, createChange, versionIdOf } from '../records/change.ts';
import { createFold } from '../records/fold.ts';
import { overHeads, removalOver } from '../records/writer.ts';
import { blockText, joinText, splitText } from './block-text.ts';
import { createLineageIndex, unsettledBlocks } from './lineage-index.ts';
import { mergeLineage, type SettlingOp } from './lineage.ts';

const replica = 'a'.repeat(26) as ReplicaId;
const id = (name: string): RecordId => `${replica}.${name.padEnd(10, '2')}` as RecordId;
const draft = id('draft');
const [first, second, third, fourth] = ['p', 'q', 'r', 's'].map(id) as [RecordId, RecordId, RecordId, RecordId];
const text = (s: string): InlineContent => inlineText(s);

/** A draft whose blocks hold these words; `set` writes over what is named, or over what stands. */
function world(...words: string[]) {
  const circle = circleIdOf(id('root'));
  const fold = createFold({ circle });
  let counter = 0;
  let chain: { seq: number; prev: ReturnType<typeof createChange>['hash'] | null } = { seq: 1, prev: null };
  type Given = { record: RecordId; field: string; value: unknown; over?: readonly VersionId[] };
  const set = (...given: Given[]): VersionId[] => {
    const ops = given.map(({ record, field, value, over }) => ({
      record,
      type: 'block',
      field,
      over: over ?? overHeads(fold, record, field),
      value: value as Json,
    }));
    const random = (length: number): Uint8Array => Uint8Array.from({ length }, () => (counter += 1) & 255);
    const made = createChange({ circle, replica, ...chain, at: (counter += 1), ops }, random);
    chain = { seq: chain.seq + 1, prev: made.hash };
    fold.add(made.change);
    return ops.map((_, index) => versionIdOf(made.hash, index));
  };
  const start = words.map((content, index) => {
    const block = [first, second, third][index]!;
    return set(
      { record: block, field: 'text', value: { content: text(content) } },
      { record: block, field: 'draft', value: draft },
    )[0]!;
  });
  const write = (block: RecordId, content: string, over: readonly VersionId[]): VersionId =>
    set({ record: block, field: 'text', value: { content: text(content) }, over })[0]!;
  const split = (block: RecordId, version: VersionId, content: string, offset: number, tail: RecordId): VersionId => {
    const parts = splitText({ block, version, content: text(content), offset, tail });
    return set(
      { record: tail, field: 'text', value: parts.tail, over: [] },
      { record: block, field: 'text', value: parts.head, over: [version] },
      { record: tail, field: 'draft', value: draft },
    )[0]!;
  };
  const join = (into: RecordId, version: VersionId, from: RecordId, fromVersion: VersionId): void => {
    const content = blockText(fold.version(version)!.value).content;
    const fromContent = blockText(fold.version(fromVersion)!.value).content;
    const over = removalOver(fold, from)
      .filter((seen) => fold.version(seen)!.field !== 'text')
      .concat(fromVersion);
    set(
      {
        record: into,
        field: 'text',
        value: joinText({ content, from, version: fromVersion, fromContent }),
        over: [version],
      },
      { record: from, field: 'removed', value: true, over },
    );
  };
  const merge = (block: RecordId) => mergeLineage(createLineageIndex(fold, draft), block);
  const settle = (ops: readonly SettlingOp[]): void => void set(...ops);
  const shown = (): Record<string, string> =>
    Object.fromEntries(
      fold.children('block', draft).map((block) => [
        block.id[27]!,
        block.fields
          .get('text')!
          .heads.map((head) => plainText(blockText(head.value).content))
          .join(' || '),
      ]),
    );
  const open = (): string[] => unsettledBlocks(createLineageIndex(fold, draft)).map((block) => block[27]!);
  return { fold, start, write, split, join, merge, settle, shown, open, set };
}

describe('lineage', () => {
  it('[RC48] [RC50] a split against an edit of the tail gives the tail its edit, once', () => {
    const { start, split, write, merge, settle, shown, open } = world('We support it. We ask for time.');
    split(first, start[0]!, 'We support it. We ask for time.', 15, fourth);
    write(first, 'We welcome it. We ask for two days.', [start[0]!]);
    expect(open()).toEqual(['p']);
    const result = merge(first)!;
    expect(result.kind).toBe('combined');
    if (result.kind === 'combined') settle(result.ops);
    expect(shown()).toEqual({ p: 'We welcome it. ', s: 'We ask for two days.' });
    expect(open()).toEqual([]);
  });

  it('[RC49] [RC50] a join against an edit of the block taken in keeps the edit, once', () => {
    const { start, join, write, merge, settle, shown, open } = world('We support it. ', 'We ask for time.');
    join(first, start[0]!, second, start[1]!);
    write(second, 'We ask for two days.', [start[1]!]);
    expect(open()).toEqual(['q']);
    const result = merge(second)!;
    if (result.kind !== 'combined') throw new Error('a conflict');
    expect(result.removals).toEqual([second]);
    settle(result.ops);
    expect(shown()).toEqual({ p: 'We support it. We ask for two days.' });
    expect(open()).toEqual([]);
  });

  it('[RC50] two splits at one spot are one', () => {
    const { start, split, merge, settle, shown } = world('one two three four');
    split(first, start[0]!, 'one two three four', 8, third);
    split(first, start[0]!, 'one two three four', 8, fourth);
    const result = merge(first)!;
    if (result.kind !== 'combined') throw new Error('a conflict');
    settle(result.ops);
    expect(Object.values(shown())).toEqual(['one two ', 'three four']);
  });

  it('[RC50] two splits at different spots make three blocks', () => {
    const { start, split, merge, settle, shown } = world('one two three four five six');
    split(first, start[0]!, 'one two three four five six', 8, third);
    split(first, start[0]!, 'one two three four five six', 19, fourth);
    const result = merge(first)!;
    if (result.kind !== 'combined') throw new Error('a conflict');
    settle(result.ops);
    expect(shown()).toEqual({ p: 'one two ', r: 'three four ', s: 'five six' });
  });

  it('[RC49] [RC50] a block taken in by two others apart is a conflict whose every side holds it once', () => {
    const { start, join, set, merge, settle, shown, open } = world('one ', 'two ', 'three ');
    join(first, start[0]!, second, start[1]!);
    const over = [start[1]!];
    const content = joinText({ content: text('three '), from: second, version: start[1]!, fromContent: text('two ') });
    set({ record: third, field: 'text', value: content }, { record: second, field: 'removed', value: true, over });
    expect(open()).toEqual(['p', 'r']);
    const result = merge(second)!;
    expect(result.kind).toBe('conflict');
    const sides = result.sides.map((side) => side.settlement.assignments.map(({ content }) => plainText(content)));
    expect(sides.toSorted()).toEqual([
      ['one ', 'three two '],
      ['one two ', 'three '],
    ]);
    settle(result.sides[0]!.settlement.ops);
    expect(Object.values(shown()).join('').split(' ').toSorted()).toEqual(['', 'one', 'three', 'two']);
    expect(open()).toEqual([]);
  });

  it('[RC49] a join taken back leaves nothing to settle', () => {
    const { fold, start, join, set, open, merge } = world('one ', 'two ');
    join(first, start[0]!, second, start[1]!);
    const released = { content: text('one '), released: [second] };
    set({ record: first, field: 'text', value: released }, { record: second, field: 'removed', value: null });
    expect(fold.record(second)!.removed).toBe(false);
    expect(open()).toEqual([]);
    expect(merge(second)).toBeNull();
  });

  it('[RC22] [RC50] without one common ancestor every version stands by itself', () => {
    const other = world('one', 'two');
    other.write(first, 'right', []);
    const result = other.merge(first)!;
    expect(result).toMatchObject({ kind: 'conflict', base: null });
    expect(result.sides).toHaveLength(2);
  });

  it('[RC50] edits of the same words are a conflict, and three versions combine when apart', () => {
    const { start, write, merge } = world('one two three four five');
    write(first, 'ONE two three four five', [start[0]!]);
    write(first, 'one two THREE four five', [start[0]!]);
    write(first, 'one two three four FIVE', [start[0]!]);
    const combined = merge(first)!;
    expect(combined.kind === 'combined' && plainText(combined.assignments[0]!.content)).toBe('ONE two THREE four FIVE');
    write(first, 'eins two three four five', [start[0]!]);
    expect(merge(first)).toMatchObject({ kind: 'conflict', base: [{ block: first }] });
    expect(merge(first)!.sides).toHaveLength(4);
  });
});
