import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { base32, type Json, type RecordId, type ReplicaId, type VersionId } from '../ids.ts';
import { continuationMessage } from './authority.ts';
import { circleIdOf, createChange, versionIdOf, withoutValue, openChange, type Change } from './change.ts';
import { createFold, type Fold } from './fold.ts';
import { recordTypes } from './record-types.ts';
import { newChain, overHeads, removalOver, writeChange } from './writer.ts';

const [ana, ben, cho] = ['a', 'b', 'c'].map((letter) => letter.repeat(26)) as [ReplicaId, ReplicaId, ReplicaId];
const id = (replica: ReplicaId, name: string): RecordId => `${replica}.${name.padEnd(10, '2')}` as RecordId;
const root = id(ana, 'root');
const circle = circleIdOf(root);
const note = id(ana, 'note');
const block = id(ben, 'block');
const registry = {
  ...recordTypes,
  paper: { fields: { body: { right: 'delegation', holds: () => true } } },
} as const;

/** Changes made by hand: each op `[record, type, field, value, over]`. */
function world(fold: Fold = createFold({ circle, registry })) {
  let counter = 0;
  const random = (length: number): Uint8Array => Uint8Array.from({ length }, () => (counter += 1) & 255);
  const chains = new Map<ReplicaId, { seq: number; prev: Change['prev'] }>();
  type Given = readonly [record: RecordId, type: string, field: string, value: Json, over?: readonly VersionId[]];
  function make(replica: ReplicaId, ...ops: Given[]) {
    const chain = chains.get(replica) ?? { seq: 1, prev: null };
    const given = ops.map(([record, type, field, value, over = []]) => ({ record, type, field, value, over }));
    const made = createChange({ circle, replica, ...chain, at: (counter += 1), ops: given }, random);
    chains.set(replica, { seq: chain.seq + 1, prev: made.hash });
    return { ...made, versions: given.map((_, index) => versionIdOf(made.hash, index)) as [VersionId, ...VersionId[]] };
  }
  function say(replica: ReplicaId, ...ops: Given[]) {
    const made = make(replica, ...ops);
    fold.add(made.change);
    return made;
  }
  return { fold, make, say, random, chains };
}

describe('heads', () => {
  it('[RC16] [RC17] [RC19] a change in sight of all heads closes the conflict', () => {
    const { fold, say } = world();
    const first = say(ben, [block, 'block', 'place', 'a']).versions[0];
    const left = say(ben, [block, 'block', 'place', 'b', [first]]).versions[0];
    const right = say(cho, [block, 'block', 'place', 'c', [first]]).versions[0];
    const field = fold.field(block, 'place')!;
    expect(field).toMatchObject({ conflict: true, value: undefined, base: { id: first, value: 'a' } });
    expect(field.heads.map((head) => head.id).sort()).toEqual([left, right].sort());
    const closing = say(ana, [block, 'block', 'place', 'd', [left, right]]).versions[0];
    expect(fold.field(block, 'place')).toMatchObject({ conflict: false, value: 'd', heads: [{ id: closing }] });
    expect(fold.field(block, 'style')).toBeNull();
  });

  it('[RC17] names of versions of other fields supersede nothing', () => {
    const { fold, say } = world();
    const place = say(ben, [block, 'block', 'place', 'a']).versions[0];
    say(cho, [block, 'block', 'style', { kind: 'paragraph' }, [place]]);
    expect(fold.field(block, 'place')!.value).toBe('a');
  });

  it('[RC12] null clears a field', () => {
    const { fold, say } = world();
    const first = say(ben, [block, 'block', 'place', 'a']).versions[0];
    say(ben, [block, 'block', 'place', null, [first]]);
    expect(fold.field(block, 'place')).toMatchObject({ value: null, conflict: false });
  });

  it('[RC22] has no base with several nearest ancestors, nor with a gap', () => {
    const { fold, say, make } = world();
    const one = say(ben, [block, 'block', 'place', 'a']).versions[0];
    const two = say(cho, [block, 'block', 'place', 'b']).versions[0];
    const left = say(ben, [block, 'block', 'place', 'c', [one, two]]).versions[0];
    say(cho, [block, 'block', 'place', 'd', [one, two]]);
    expect(fold.field(block, 'place')).toMatchObject({ conflict: true, base: null });
    const late = make(ben, [block, 'block', 'place', 'e', [left]]);
    say(ben, [block, 'block', 'place', 'f', [late.versions[0]]]);
    expect(fold.field(block, 'place')).toMatchObject({ incomplete: true, base: null });
    expect(fold.gaps()).toHaveLength(1);
    fold.add(late.change);
    expect(fold.field(block, 'place')!.incomplete).toBe(false);
    expect(fold.gaps()).toEqual([]);
  });

  it('[RC21] keeps up with a base when the missing ancestor arrives', () => {
    const { fold, say, make } = world();
    const base = make(ben, [block, 'block', 'place', 'a']);
    say(ben, [block, 'block', 'place', 'b', base.versions]);
    say(cho, [block, 'block', 'place', 'c', base.versions]);
    expect(fold.field(block, 'place')).toMatchObject({ conflict: true, base: null, incomplete: true });
    expect(fold.add(base.change).changed).toEqual([block]);
    expect(fold.field(block, 'place')).toMatchObject({ conflict: true, base: { value: 'a' }, incomplete: false });
  });

  it('[RC23] lists history with predecessors first, whatever the clocks say', () => {
    const { fold, random } = world();
    const change = (replica: ReplicaId, at: number, value: string, over: VersionId[]) => {
      const op = { record: block, type: 'block', field: 'place', value, over };
      const made = createChange({ circle, replica, seq: 1, prev: null, at, ops: [op] }, random);
      fold.add(made.change);
      return versionIdOf(made.hash, 0);
    };
    const first = change(ana, 900, 'a', []);
    change(ben, 100, 'b', [first]);
    change(cho, 500, 'c', [first]);
    expect(fold.history(block, 'place').map((version) => version.value)).toEqual(['a', 'b', 'c']);
    expect(fold.field(block, 'place')!.conflict).toBe(true);
  });
});

describe('what a program cannot read', () => {
  it('[RC25] keeps an unreadable value out of the heads', () => {
    const { fold, say } = world();
    const first = say(ana, [note, 'annotation', 'kind', 'note']).versions[0];
    say(ana, [note, 'annotation', 'kind', 'shrug', [first]]);
    expect(fold.field(note, 'kind')).toMatchObject({
      value: 'note',
      unreadable: [{ value: 'shrug', standing: 'unreadable' }],
    });
  });

  it('[RC26] [RC39] folds unknown types and fields for a program that knows them', () => {
    const { fold, say } = world();
    say(cho, [block, 'block', 'glow', 3], [id(cho, 'epoch'), 'epoch', 'key', 'k'], [block, 'block', 'constructor', 1]);
    expect(fold.field(block, 'glow')).toMatchObject({ value: 3, opaque: true });
    expect(fold.recordsOfType('epoch')).toHaveLength(1);
    expect(removalOver(fold, block)).toHaveLength(2);
  });

  it('[RC27] keeps what others write under another type apart', () => {
    const { fold, say } = world();
    say(cho, [note, 'block', 'place', 'a']);
    expect(fold.record(note)!.type).toBe('block');
    say(ana, [note, 'annotation', 'body', 'words']);
    expect(fold.record(note)).toMatchObject({ type: 'annotation', otherTypes: ['block'] });
    expect(fold.field(note, 'place')).toBeNull();
    expect(fold.recordsOfType('block')).toEqual([]);
  });
});

describe('removal', () => {
  it('[RC29] [RC30] removes what was seen, is contested by what was not, and is restored', () => {
    const { fold, say } = world();
    const draft = id(ben, 'draft');
    const place = say(ben, [block, 'block', 'draft', draft], [block, 'block', 'place', 'a']).versions[1];
    say(ben, [block, 'block', 'removed', true, removalOver(fold, block)]);
    expect(fold.record(block)).toMatchObject({ removed: true, removalContested: false, removedBy: [{ replica: ben }] });
    expect(fold.children('block', draft)).toEqual([]);
    expect(fold.children('block', draft, { withRemoved: true })).toHaveLength(1);
    say(cho, [block, 'block', 'place', 'b', [place!]]);
    expect(fold.record(block)).toMatchObject({ removed: false, removalContested: true });
    say(cho, [block, 'block', 'removed', null, overHeads(fold, block, 'removed')]);
    expect(fold.record(block)).toMatchObject({ removed: false, removalContested: false });
  });
});

describe('rights', () => {
  it('[RC24] [RC34] shows what another writes into my record as a suggestion', () => {
    const { fold, say } = world();
    const mine = say(ana, [note, 'annotation', 'body', 'mine']).versions[0];
    const theirs = say(ben, [note, 'annotation', 'body', 'theirs', [mine]]).versions[0];
    expect(fold.field(note, 'body')).toMatchObject({ value: 'mine', suggestions: [{ id: theirs }] });
    say(ben, [note, 'annotation', 'resolved', true]);
    expect(fold.field(note, 'resolved')!.value).toBe(true);
    say(ana, [note, 'annotation', 'body', 'mine, after reading', [mine, theirs]]);
    expect(fold.field(note, 'body')).toMatchObject({ value: 'mine, after reading', suggestions: [] });
  });

  it('[RC53] takes what is written once from its maker alone, and keeps the rest as suggestions', () => {
    const { fold, say } = world();
    const paper = id(ben, 'paper');
    const first = say(ben, [paper, 'submission', 'title', 'As sent']).versions[0]!;
    const later = say(ben, [paper, 'submission', 'title', 'As I wish I had sent it', [first]]).versions[0]!;
    const cleared = say(ana, [paper, 'submission', 'title', null, [first, later]]).versions[0]!;
    expect(fold.field(paper, 'title')).toMatchObject({ value: 'As sent', conflict: false });
    expect(
      fold
        .field(paper, 'title')!
        .suggestions.map(({ id: each }) => each)
        .sort(),
    ).toEqual([later, cleared].sort());
    // Whoever signs two first versions is shown to have done so.
    say(ben, [paper, 'submission', 'title', 'Another']);
    expect(fold.field(paper, 'title')).toMatchObject({ value: undefined, conflict: true });
  });

  it('[RC34] lets the maker and the administrators decide what is for coordinators', () => {
    const { fold, say } = world();
    const entry = id(ben, 'entry');
    const choPerson = id(cho, 'person');
    say(ben, [entry, 'merge-entry', 'delegation', 'Fiji']);
    const seen = overHeads(fold, entry, 'delegation');
    say(cho, [id(cho, 'card'), 'device', 'person', choPerson]);
    say(cho, [entry, 'merge-entry', 'delegation', 'Palau', seen]);
    expect(fold.field(entry, 'delegation')!.value).toBe('Fiji');
    say(ana, [root, 'circle', 'name', 'Region']);
    say(ana, [id(ana, 'grant'), 'grant', 'person', choPerson]);
    expect(fold.field(entry, 'delegation')!.value).toBe('Palau');
  });

  it('[RC37] makes a second device the same person only when both say so', () => {
    const { fold, say } = world();
    const person = id(ana, 'person');
    say(ana, [note, 'annotation', 'body', 'first']);
    say(ben, [note, 'annotation', 'body', 'from my telephone', overHeads(fold, note, 'body')]);
    say(ana, [id(ana, 'card'), 'device', 'person', person]);
    say(ben, [id(ben, 'card'), 'device', 'person', person]);
    expect(fold.personOf(ben)).toBeNull();
    expect(fold.field(note, 'body')!.value).toBe('first');
    const { changed } = fold.add(say(ana, [person, 'person', 'devices', [ben]]).change);
    expect(changed).toEqual([]);
    expect(fold.personOf(ben)).toBe(person);
    expect(fold.field(note, 'body')!.value).toBe('from my telephone');
    // Nobody becomes somebody else by listing himself.
    say(cho, [id(cho, 'card'), 'device', 'person', person], [person, 'person', 'devices', [cho]]);
    expect(fold.personOf(cho)).toBeNull();
  });

  it('[RC36] knows the founder by the circle id, and administrators by grants that hold', () => {
    const { fold, say } = world();
    const [benPerson, choPerson] = [id(ben, 'person'), id(cho, 'person')];
    say(ben, [id(ben, 'card'), 'device', 'person', benPerson]);
    say(cho, [id(cho, 'card'), 'device', 'person', choPerson]);
    say(ben, [id(ben, 'grant'), 'grant', 'person', choPerson]);
    say(cho, [root, 'circle', 'name', 'Mine now']);
    expect(fold.founder()).toBe(ana);
    expect(fold.administrators()).toEqual([]);
    say(ana, [id(ana, 'grant'), 'grant', 'person', benPerson]);
    expect(fold.administrators()).toEqual([benPerson, choPerson]);
    expect(fold.field(root, 'name')!.value).toBe('Mine now');
    expect(fold.isAdministrator(cho)).toBe(true);
  });

  it('[RC38] lets a delegation write together once it is confirmed for both', () => {
    const { fold, say } = world();
    const paper = id(ben, 'paper');
    for (const replica of [ben, cho]) say(replica, [id(replica, 'card'), 'device', 'person', id(replica, 'person')]);
    say(ben, [paper, 'paper', 'body', 'ours']);
    say(cho, [id(cho, 'person'), 'person', 'delegation', 'Fiji']);
    say(cho, [paper, 'paper', 'body', 'ours, mended', overHeads(fold, paper, 'body')]);
    const confirm = (by: ReplicaId, name: string, person: RecordId) =>
      say(by, [id(by, name), 'confirmation', 'person', person], [id(by, name), 'confirmation', 'delegation', 'Fiji']);
    confirm(cho, 'self', id(cho, 'person'));
    confirm(ana, 'conf', id(ben, 'person'));
    expect(fold.field(paper, 'body')!.value).toBe('ours');
    say(ana, [root, 'circle', 'name', 'Pacific']);
    confirm(ana, 'confcho', id(cho, 'person'));
    expect(fold.delegationsOf(id(cho, 'person'))).toEqual(['Fiji']);
    expect(fold.field(paper, 'body')!.value).toBe('ours, mended');
  });

  it('[RC41] lets a restored profile carry on with a proof of the earlier key', () => {
    const key = base32(Uint8Array.from({ length: 32 }, (_, index) => index));
    const bytes = Uint8Array.from({ length: 32 }, (_, index) => index);
    const earlier = base32(createHash('sha256').update(bytes).digest()).slice(0, 26) as ReplicaId;
    const signature = 's'.repeat(103);
    const verify = (...given: string[]): boolean =>
      canonicalEqual(given, [key, continuationMessage(circle, earlier, ben), signature]);
    const { fold, say } = world(createFold({ circle, registry, verify }));
    const old = id(earlier, 'note');
    say(earlier, [old, 'annotation', 'body', 'before']);
    say(ben, [old, 'annotation', 'body', 'after', overHeads(fold, old, 'body')]);
    say(cho, [id(cho, 'card'), 'device', 'proof', { replica: earlier, key, signature }]);
    say(cho, [old, 'annotation', 'body', 'stolen', overHeads(fold, old, 'body')]);
    expect(fold.field(old, 'body')!.value).toBe('before');
    say(ben, [id(ben, 'card'), 'device', 'proof', { replica: earlier, key, signature }]);
    expect(fold.field(old, 'body')!.value).toBe('after');
    const other = id(ana, 'card');
    say(ana, [other, 'device', 'proof', { replica: ben, key, signature }]);
    expect(fold.mayWrite(ana, id(ben, 'x'), 'reply', 'body')).toBe(false);
  });

  it('[RC40] every type has `removed`, and a parent field that exists', () => {
    for (const [name, type] of Object.entries(recordTypes)) {
      expect(type.fields, name).toHaveProperty('removed');
      if (type.parent !== undefined) expect(type.fields, name).toHaveProperty(type.parent);
    }
  });
});

describe('erasing', () => {
  it('[RC31] [RC32] [RC33] drops a value for good and keeps the version', () => {
    const { fold, say, make } = world();
    const first = say(ana, [note, 'annotation', 'body', 'secret']);
    expect(fold.erase(first.hash, 0).changed).toEqual([note]);
    expect(fold.field(note, 'body')).toMatchObject({ value: undefined, conflict: false, heads: [{ erased: true }] });
    fold.add(first.change);
    expect(fold.version(first.versions[0])!.value).toBeUndefined();
    const second = make(ana, [note, 'annotation', 'body', 'later', first.versions]);
    const opened = openChange(withoutValue(second.stored, 0));
    fold.add(opened.ok ? opened.change : second.change);
    expect(fold.field(note, 'body')!.value).toBeUndefined();
    expect(fold.add(second.change)).toEqual({ added: false, changed: [note] });
    expect(fold.field(note, 'body')!.value).toBe('later');
  });
});

describe('chains', () => {
  it('[RC42] [RC43] reports tips, gaps, forks and broken links, and folds all the same', () => {
    const { fold, say, make, chains } = world();
    const first = say(ben, [block, 'block', 'place', 'a']);
    const here = { ...chains.get(ben)! };
    const left = say(ben, [block, 'block', 'place', 'b', first.versions]);
    chains.set(ben, here);
    const right = say(ben, [block, 'block', 'place', 'c', first.versions]);
    expect(fold.forks()).toEqual([{ replica: ben, prev: first.hash, changes: [left.hash, right.hash].sort() }]);
    expect(fold.tips()).toEqual([left.hash, right.hash].sort());
    expect(fold.field(block, 'place')!.conflict).toBe(true);
    make(cho, [block, 'block', 'place', 'lost']);
    const after = say(cho, [block, 'block', 'place', 'd']);
    expect(fold.gaps()).toMatchObject([{ replica: cho, next: after.hash, seq: 2 }]);
    chains.set(ana, { seq: 2, prev: right.hash });
    const broken = say(ana, [block, 'block', 'place', 'e']);
    expect(fold.brokenLinks()).toEqual([{ hash: broken.hash, prev: right.hash, reason: 'other-replica' }]);
    expect(fold.tips()).toContain(right.hash);
    expect(() => fold.add({ ...broken.change, circle: 'z'.repeat(26) as typeof circle })).toThrow(RangeError);
  });
});

describe('the writer', () => {
  const { fold, random } = world();
  const chain = newChain(circle, ben);
  const write = (...ops: [RecordId, string, string, Json][]) =>
    writeChange({
      fold,
      chain,
      at: 1,
      random,
      ops: ops.map(([record, type, field, value]) => ({ record, type, field, value, over: [] })),
    });

  it('[RC44] refuses what the fold would not count', () => {
    const refused: [Parameters<typeof write>[0], string][] = [
      [[id(ben, 'x'), 'poem', 'body', 'a'], 'unknown-type'],
      [[id(ben, 'x'), 'reply', 'rhyme', 'a'], 'unknown-field'],
      [[id(ben, 'x'), 'reply', 'body', 1], 'invalid-value'],
      [['x' as RecordId, 'reply', 'body', 'a'], 'invalid-reference'],
      [[id(ana, 'x'), 'reply', 'body', 'a'], 'not-allowed'],
      [[root, 'circle', 'name', 'a'], 'not-allowed'],
    ];
    for (const [op, code] of refused) expect(write(op)).toMatchObject({ ok: false, error: { code, op: 0 } });
    const twice: Parameters<typeof write>[0] = [id(ben, 'x'), 'reply', 'body', 'a'];
    expect(write(twice, twice)).toMatchObject({ ok: false, error: { code: 'field-set-twice', op: 1 } });
    expect(write()).toMatchObject({ ok: false, error: { code: 'nothing-to-write' } });
  });

  it('[RC44] writes what is given, over nothing else, and moves the chain on', () => {
    const made = write([id(ben, 'x'), 'reply', 'body', 'a']);
    if (!made.ok) throw new Error(made.error.message);
    expect(made.change.ops[0]!.over).toEqual([]);
    expect(made.chain).toEqual({ circle, replica: ben, seq: 2, prev: made.hash });
    fold.add(made.change);
    const clash = writeChange({
      fold,
      chain: made.chain,
      at: 1,
      random,
      ops: [{ record: id(ben, 'x'), type: 'block', field: 'place', value: 'a', over: [] }],
    });
    expect(clash).toMatchObject({ ok: false, error: { code: 'wrong-type' } });
  });

  it('[RC36] [RC44] lets the founder name the circle in the change that makes it', () => {
    const empty = createFold({ circle });
    const ops = [
      { record: root, type: 'circle', field: 'name', over: [], value: 'Pacific' },
      { record: id(ana, 'grant'), type: 'grant', field: 'person', over: [], value: id(ben, 'person') },
    ];
    const made = writeChange({ fold: empty, chain: newChain(circle, ana), at: 1, random, ops });
    if (!made.ok) throw new Error(made.error.message);
    empty.add(made.change);
    expect(empty.field(root, 'name')!.value).toBe('Pacific');
    expect(empty.administrators()).toEqual([id(ben, 'person')]);
  });
});

function canonicalEqual(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
