import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  circle,
  createChangeWorld,
  founder as ana,
  recordNamed as id,
  replicaNamed,
  type ChangeWorld,
  type Made,
} from '../../test/fakes/change-world.ts';
import { base32, type ReplicaId } from '../ids.ts';
import { admissionMessage, continuationMessage } from './authority.ts';
import { canonical } from './canonical.ts';
import { createFold } from './fold.ts';
import { overHeads } from './writer.ts';

const [ben, cho, dia] = ['b', 'c', 'd'].map(replicaNamed) as [ReplicaId, ReplicaId, ReplicaId];
const note = id(ben, 'note');

function remove(
  world: ChangeWorld,
  by: ReplicaId,
  replica: ReplicaId,
  last: Made | null,
  { name = 'gone', kept = [] as readonly ReplicaId[] } = {},
): Made {
  const value = { replica, last: last?.change.hash ?? null, seq: last?.change.seq ?? 0, kept };
  return world.say(by, [id(by, name), 'removal-of-device', 'device', value]);
}

function grant(world: ChangeWorld, by: ReplicaId, to: ReplicaId): Made {
  return world.say(by, [id(by, `grant${to[0]}`), 'grant', 'person', id(to, 'person')]);
}

/** The same changes in the other order fold to the same. */
function expectOrderFree({ fold, changes }: ChangeWorld): void {
  const other = createFold({ circle });
  for (const change of [...changes].reverse()) other.add(change);
  expect(canonical(other.snapshot())).toBe(canonical(fold.snapshot()));
}

describe('a removed device', () => {
  it('[RC54] [RC55] keeps what it wrote before, and nothing of it counts after', () => {
    const world = createChangeWorld();
    const { fold, say } = world;
    world.introduce(ana, ben, cho);
    const before = say(ben, [note, 'annotation', 'body', 'rightly written']);
    const after = say(ben, [note, 'annotation', 'body', 'from the thief', before.versions]);
    say(ben, [note, 'aaa', 'body', 'another type, which would be the first by name']);
    const built = say(cho, [note, 'annotation', 'resolved', true]);
    const { changed } = fold.add(remove(world, ana, ben, before).change);
    expect(changed).toEqual([]);
    expect(fold.field(note, 'body')).toMatchObject({ value: 'rightly written', suggestions: [] });
    expect(fold.version(after.versions[0])!.standing).toBe('set-aside');
    expect(fold.version(built.versions[0])!.standing).toBe('head');
    expect(fold.record(note)!.type).toBe('annotation');
    expect(fold.limitOf(ben)).toMatchObject({ reason: 'removed' });
    expect(fold.setAsideOf(ben).map((link) => link.seq)).toEqual([3, 4]);
    expect(fold.removals()).toMatchObject([{ replica: ben, by: ana, last: before.change.hash }]);
    expectOrderFree(world);
  });

  it('[RC55] does not extend its own part', () => {
    const world = createChangeWorld();
    world.introduce(ana, ben);
    grant(world, ana, ben);
    const last = world.say(ben, [note, 'annotation', 'body', 'before']);
    const later = world.say(ben, [note, 'annotation', 'body', 'after', last.versions]);
    remove(world, ben, ben, later, { name: 'itself' });
    expect(world.fold.limitOf(ben)).toBeNull();
    remove(world, ana, ben, last);
    expect(world.fold.field(note, 'body')!.value).toBe('before');
  });

  it('[RC56] counts up to a later change when an administrator accepts it', () => {
    const world = createChangeWorld();
    const { fold, say } = world;
    world.introduce(ana, ben, cho);
    const first = say(ben, [note, 'annotation', 'body', 'one']);
    const second = say(ben, [note, 'annotation', 'body', 'two', first.versions]);
    const third = say(ben, [note, 'annotation', 'body', 'three', second.versions]);
    remove(world, ana, ben, first);
    expect(fold.field(note, 'body')!.value).toBe('one');
    remove(world, cho, ben, third, { name: 'accept' });
    expect(fold.field(note, 'body')!.value).toBe('one');
    remove(world, ana, ben, second, { name: 'accept' });
    expect(fold.field(note, 'body')!.value).toBe('two');
    expect(fold.setAsideOf(ben)).toHaveLength(1);
    expectOrderFree(world);
  });

  it('[RC56] keeps what stands below a gap until the gap is filled', () => {
    const world = createChangeWorld();
    const { fold, say, make } = world;
    world.introduce(ana, ben);
    const first = say(ben, [note, 'annotation', 'body', 'one']);
    const missing = make(ben, [note, 'annotation', 'body', 'two', first.versions]);
    const last = make(ben, [note, 'annotation', 'body', 'three', missing.versions]);
    remove(world, ana, ben, last);
    expect(fold.field(note, 'body')!.value).toBe('one');
    fold.add(last.change);
    expect(fold.field(note, 'body')).toMatchObject({ incomplete: true });
    fold.add(missing.change);
    expect(fold.field(note, 'body')!.value).toBe('three');
    const later = say(ben, [note, 'annotation', 'body', 'four', last.versions]);
    expect(fold.version(later.versions[0])!.standing).toBe('set-aside');
    expectOrderFree(world);
  });

  it('[RC57] loses against whoever is nearer to the founder, whatever it answers', () => {
    const world = createChangeWorld();
    const { fold, say } = world;
    world.introduce(ana, ben, cho, dia);
    grant(world, ana, ben);
    const last = grant(world, ben, cho);
    const seen = world.changes.findLast((change) => change.replica === ana)!;
    remove(world, ana, ben, last);
    // The thief removes the founder, takes its own later changes in, and makes a friend an administrator.
    remove(world, ben, ana, { change: seen, versions: last.versions }, { name: 'revenge' });
    grant(world, ben, dia);
    say(dia, [id(dia, 'grantx'), 'grant', 'person', id(dia, 'person')]);
    expect(fold.removals().map(({ replica }) => replica)).toEqual([ben]);
    expect(fold.isAdministrator(ana)).toBe(true);
    expect(fold.isAdministrator(cho)).toBe(true);
    expect(fold.isAdministrator(dia)).toBe(false);
    expectOrderFree(world);
  });

  it('[RC57] of two equals who remove each other, one result stands everywhere', () => {
    const world = createChangeWorld();
    world.introduce(ana, ben, cho);
    grant(world, ana, ben);
    grant(world, ana, cho);
    const [lastBen, lastCho] = [ben, cho].map((each) => world.say(each, [id(each, 'n'), 'annotation', 'body', 'x']));
    remove(world, cho, ben, lastBen!);
    remove(world, ben, cho, lastCho!);
    expect(world.fold.removals().map(({ replica }) => replica)).toEqual([cho]);
    expectOrderFree(world);
  });

  it('[RC57] is not removed by one whose powers came from changes set aside', () => {
    const world = createChangeWorld();
    world.introduce(ana, ben, cho, dia);
    const early = grant(world, ana, ben);
    const last = world.say(ben, [note, 'annotation', 'body', 'x']);
    grant(world, ben, cho);
    remove(world, cho, dia, null);
    expect(world.fold.limitOf(dia)).not.toBeNull();
    remove(world, ana, ben, last);
    expect(early.change.replica).toBe(ana);
    expect(world.fold.limitOf(dia)).toBeNull();
    expectOrderFree(world);
  });

  it('[RC58] cannot carry itself on under another name, unless an administrator says who stays', () => {
    const bytes = Uint8Array.from({ length: 32 }, (_, index) => index);
    const key = base32(bytes);
    const lost = base32(createHash('sha256').update(bytes).digest()).slice(0, 26) as ReplicaId;
    const signature = 's'.repeat(103);
    const proofFor = (replica: ReplicaId): string =>
      canonical([key, continuationMessage(circle, lost, replica), signature]);
    const proven = new Set([ben, cho].map(proofFor));
    const verify = (...given: string[]): boolean => proven.has(canonical(given));
    const world = createChangeWorld(verify);
    const { fold, say } = world;
    world.introduce(ana);
    const old = id(lost, 'note');
    const last = say(lost, [old, 'annotation', 'body', 'before']);
    for (const replica of [ben, cho]) {
      say(replica, [id(replica, 'card'), 'device', 'proof', { replica: lost, key, signature }]);
    }
    say(ben, [old, 'annotation', 'body', 'of its owner', last.versions]);
    remove(world, ana, lost, last, { kept: [ben] });
    say(cho, [old, 'annotation', 'body', 'of the thief', overHeads(fold, old, 'body')]);
    say(cho, [id(ben, 'block'), 'block', 'place', 'x']);
    expect(fold.field(old, 'body')!.value).toBe('of its owner');
    expect(fold.limitOf(ben)).toBeNull();
    expect(fold.limitOf(cho)).toMatchObject({ reason: 'removed', marks: [] });
    expect(fold.field(id(ben, 'block'), 'place')!.heads).toEqual([]);
  });
});

describe('an epoch', () => {
  const admission = 'k'.repeat(52);
  const signature = 's'.repeat(103);

  function open(world: ChangeWorld, by: ReplicaId, known: readonly ReplicaId[], name = 'epoch'): Made {
    const value = { number: 1 << 20, parent: 1, admission, known };
    return world.say(by, [id(by, name), 'epoch', 'opened', value]);
  }

  it('[RC59] [RC60] sets aside whoever was not known, until an administrator gives the key', () => {
    const world = createChangeWorld();
    const { fold, say } = world;
    world.introduce(ana, ben, cho);
    const place = id(ana, 'block');
    say(ana, [place, 'block', 'place', 'a']);
    open(world, ana, [ana, ben]);
    say(ben, [place, 'block', 'place', 'b', overHeads(fold, place, 'place')]);
    say(cho, [place, 'block', 'place', 'c', overHeads(fold, place, 'place')]);
    expect(fold.field(place, 'place')!.value).toBe('b');
    expect(fold.limitOf(cho)).toEqual({ reason: 'not-admitted', marks: [] });
    const { record } = fold.epochs()[0]!;
    say(ben, [record, 'epoch', `key:${cho}`, 'x'.repeat(40)]);
    expect(fold.limitOf(cho)).not.toBeNull();
    say(ana, [record, 'epoch', `key:${cho}`, 'y'.repeat(40)]);
    expect(fold.limitOf(cho)).toBeNull();
    expect(fold.field(place, 'place')!.value).toBe('c');
    expect([...fold.epochs()[0]!.keys]).toEqual([[cho, 'y'.repeat(40)]]);
    expectOrderFree(world);
  });

  it('[RC59] may say whose removal its writer knew of, in ids of replicas', () => {
    const world = createChangeWorld();
    world.introduce(ana);
    const opening = { number: 1 << 20, parent: 1, admission, known: [ana] };
    for (const [name, removed] of [
      ['good', [ben]],
      ['bad', ['ben']],
      ['none', null],
    ] as const)
      world.say(ana, [id(ana, name), 'epoch', 'opened', { ...opening, removed }]);
    expect(world.fold.epochs()).toMatchObject([{ record: id(ana, 'good'), removed: [ben] }]);
  });

  it('[RC60] admits whoever shows to have had its key, and nobody with an earlier one', () => {
    const message = admissionMessage(circle, 1 << 20, cho);
    const verify = (...given: string[]): boolean => canonical(given) === canonical([admission, message, signature]);
    const world = createChangeWorld(verify);
    world.introduce(ana);
    open(world, ana, [ana]);
    const admitted = (epoch: number) => ({ epoch, signature });
    world.say(cho, [id(cho, 'card'), 'device', 'admitted', admitted(1 << 20)]);
    world.say(dia, [id(dia, 'card'), 'device', 'admitted', admitted(1 << 20)]);
    world.say(ben, [id(ben, 'card'), 'device', 'admitted', admitted(1)]);
    expect([cho, dia, ben].map((each) => world.fold.limitOf(each)?.reason)).toEqual([
      undefined,
      'not-admitted',
      'not-admitted',
    ]);
  });

  it('[RC60] admits nobody by the key of an epoch that another one followed, unless it was known by then', () => {
    const numbers = [1 << 20, (2 << 20) + 5] as const;
    const verify = (key: string, _message: string, given: string): boolean => key === admission && given === signature;
    const world = createChangeWorld(verify);
    world.introduce(ana);
    open(world, ana, [ana]);
    const admitted = { epoch: numbers[0], signature };
    world.say(cho, [id(cho, 'card'), 'device', 'admitted', admitted]);
    const known = [ana, cho];
    const value = { number: numbers[1], parent: numbers[0], admission: 'm'.repeat(52), known };
    world.say(ana, [id(ana, 'next'), 'epoch', 'opened', value]);
    world.say(dia, [id(dia, 'card'), 'device', 'admitted', admitted]);
    expect([cho, dia].map((each) => world.fold.limitOf(each)?.reason)).toEqual([undefined, 'not-admitted']);
    expectOrderFree(world);
  });

  it('[RC61] adds up: what several administrators open or give counts together', () => {
    const world = createChangeWorld();
    world.introduce(ana, ben, cho);
    grant(world, ana, ben);
    open(world, ana, [ana, ben]);
    open(world, ben, [ben, cho], 'other');
    world.say(ana, [world.fold.epochs()[0]!.record, 'epoch', 'previous', [{ epoch: 1, key: 'p'.repeat(60) }]]);
    expect([ana, ben, cho].map((each) => world.fold.limitOf(each))).toEqual([null, null, null]);
    expect(world.fold.epochs().flatMap(({ previous }) => previous)).toHaveLength(1);
    expectOrderFree(world);
  });
});

describe('an erasure', () => {
  it('[RC33] [RC62] drops what its person wrote or made, and nothing else', () => {
    const world = createChangeWorld();
    const { fold, say } = world;
    world.introduce(ana, ben, cho);
    const mine = say(ben, [note, 'annotation', 'body', 'secret']).versions[0];
    const onMine = say(cho, [note, 'annotation', 'resolved', true]).versions[0];
    const other = say(cho, [id(cho, 'note'), 'annotation', 'body', 'another person’s']).versions[0];
    const card = say(ben, [id(ben, 'card'), 'device', 'name', 'telephone']).versions[0];
    say(ben, [id(ben, 'erasure'), 'erasure', 'targets', [mine, onMine, other, card]]);
    expect([mine, onMine, other, card].map((each) => fold.version(each)!.erased)).toEqual([true, true, false, false]);
    expect(fold.erasable()).toEqual([mine, onMine]);
    say(cho, [id(cho, 'erasure'), 'erasure', 'targets', [other]]);
    expect(fold.version(other)!.value).toBeUndefined();
    expect(fold.erasures()).toMatchObject([{ by: ben, taken: [mine, onMine] }, { by: cho }]);
    expectOrderFree(world);
  });

  it('[RC62] meets what comes later on arrival, and is final once it was carried out', () => {
    const world = createChangeWorld();
    const { fold, say, make } = world;
    world.introduce(ana, ben);
    const late = make(ben, [note, 'annotation', 'body', 'secret']);
    const { change } = say(ben, [id(ben, 'erasure'), 'erasure', 'targets', late.versions]);
    fold.add(late.change);
    expect(fold.version(late.versions[0])!.value).toBeUndefined();
    fold.erase(late.change.hash, 0);
    expect(fold.erasable()).toEqual([]);
    fold.add(late.change);
    expect(fold.version(late.versions[0])!.value).toBeUndefined();
    expect(fold.isErased(late.versions[0])).toBe(true);
    // Set aside afterwards: the order no longer counts, and what was dropped stays dropped.
    remove(world, ana, ben, late);
    expect(fold.version(late.versions[0])!.value).toBeUndefined();
    expect(fold.version(`${change.hash}.0` as never)!.standing).toBe('set-aside');
  });
});
