/** What the records of epochs say of who has their keys, with changes made by hand. */
import { describe, expect, it } from 'vitest';
import {
  createChangeWorld,
  founder as ana,
  recordNamed as id,
  replicaNamed,
  type ChangeWorld,
} from '../../../test/fakes/change-world.ts';
import type { ReplicaId } from '../../../shared/ids.ts';
import type { EpochState } from '../../../shared/records/fold.ts';
import { firstEpoch } from '../../../shared/sync/manifest.ts';
import { exposureOf, isOpenTo, lackedBy, leftOutSome, wasGiven } from './epoch-holders.ts';

const [ben, cho, dia] = ['b', 'c', 'd'].map(replicaNamed) as [ReplicaId, ReplicaId, ReplicaId];
const generation = 1 << 20;
const [one, two, three] = [generation, 2 * generation, 3 * generation];

interface Opened {
  readonly parent?: number;
  readonly known: readonly ReplicaId[];
  readonly removed?: readonly ReplicaId[];
  readonly given?: readonly ReplicaId[];
}

/** Ana opens an epoch. Without `removed` it is one of an early program. */
function open(world: ChangeWorld, number: number, { parent = firstEpoch, given = [], ...said }: Opened): EpochState {
  const record = id(ana, `epoch${'abc'[number / generation - 1]}`);
  const value = { number, parent, admission: 'k'.repeat(52), ...said };
  world.say(
    ana,
    [record, 'epoch', 'opened', value],
    ...given.map((each) => [record, 'epoch', `key:${each}`, 'x'.repeat(40)] as const),
  );
  return stateOf(world, number);
}

function stateOf({ fold }: ChangeWorld, number: number): EpochState {
  return fold.epochs().find((epoch) => epoch.number === number)!;
}

function remove({ say }: ChangeWorld, replica: ReplicaId): void {
  const value = { replica, last: null, seq: 0, kept: [] };
  say(ana, [id(ana, `gone${replica[0]}`), 'removal-of-device', 'device', value]);
}

const numbers = (epochs: readonly EpochState[]): number[] => epochs.map(({ number }) => number);

describe('who holds the key of an epoch', () => {
  it('[SY80] is everybody for the first, and else who was given it or joined with it', () => {
    const world = createChangeWorld();
    world.introduce(ana, ben, cho);
    open(world, one, { known: [ana, ben, cho], removed: [], given: [ben] });
    world.say(dia, [id(dia, 'card'), 'device', 'admitted', { epoch: one, signature: 's'.repeat(103) }]);
    expect([ben, cho, dia].map((each) => wasGiven(world.fold, each, one))).toEqual([true, false, true]);
    expect(wasGiven(world.fold, cho, firstEpoch)).toBe(true);
  });

  it('[SY80] may become a removed device unless the record shuts it out; of an early record nobody gives it', () => {
    const world = createChangeWorld();
    world.introduce(ana, ben, cho);
    open(world, one, { known: [ana, ben], removed: [], given: [ana, ben] });
    open(world, two, { parent: one, known: [ana, ben], removed: [cho], given: [ana, ben] });
    open(world, three, { parent: two, known: [ana, ben], given: [ana, ben] });
    const exposures = () => [firstEpoch, one, two, three].map((epoch) => exposureOf(world.fold, epoch));
    expect(exposures()).toEqual([0, 0, 0, 0]);
    remove(world, cho);
    expect(exposures()).toEqual([1, 1, 0, 0]);
    remove(world, ben);
    expect(exposures()).toEqual([2, 2, 1, 1]);
  });

  it('[SY85] may become who was overlooked, but nobody whom the record shuts out, under that name or one that carries it on', () => {
    const world = createChangeWorld();
    world.introduce(ana, ben, cho);
    world.say(dia, [id(dia, 'card'), 'device', 'proof', { replica: cho, key: 'k', signature: 's' }]);
    const { removed } = open(world, one, { known: [ana], removed: [cho] });
    expect([ben, cho, dia].map((each) => isOpenTo(world.fold, { removed }, each))).toEqual([true, false, false]);
    expect(isOpenTo(world.fold, {}, ben)).toBe(false);
  });

  it('[SY85] needs those before it as well, back to the one it joined with', () => {
    const world = createChangeWorld();
    world.introduce(ana, ben, cho);
    open(world, one, { known: [ana], removed: [] });
    open(world, two, { parent: one, known: [ana], removed: [] });
    open(world, three, { parent: two, known: [ana, ben], removed: [], given: [ben] });
    const lacked = (replica: ReplicaId): number[] => numbers(lackedBy(world.fold, replica, stateOf(world, three)));
    expect(lacked(ben)).toEqual([two, one]);
    world.say(cho, [id(cho, 'card'), 'device', 'admitted', { epoch: two, signature: 's'.repeat(103) }]);
    expect(lacked(cho)).toEqual([three]);
    // What carries ben on has what ben was given before, but is given the newest in its own name.
    world.say(ana, [stateOf(world, two).record, 'epoch', `key:${ben}`, 'y'.repeat(40)]);
    world.say(dia, [id(dia, 'card'), 'device', 'proof', { replica: ben, key: 'k', signature: 's' }]);
    expect(lacked(ben)).toEqual([one]);
    expect(lacked(dia)).toEqual([three, one]);
  });

  it('[SY85] is looked for once where records name each other as the one before', () => {
    const world = createChangeWorld();
    world.introduce(ana, ben);
    open(world, one, { parent: two, known: [ana], removed: [] });
    const newest = open(world, two, { parent: one, known: [ana], removed: [] });
    expect(numbers(lackedBy(world.fold, ben, newest))).toEqual([two, one]);
    expect(leftOutSome(world.fold, two, () => true)).toBe(false);
  });
});

describe('an epoch that may have been opened because somebody was removed', () => {
  const hasKey =
    (...replicas: readonly ReplicaId[]) =>
    (each: ReplicaId): boolean =>
      replicas.includes(each);

  it('[SY84] is one whose record names such, who has the key in question, or is not here', () => {
    const world = createChangeWorld();
    world.introduce(ana, ben, cho);
    open(world, one, { known: [ana, ben, cho], removed: [] });
    // Cho was overlooked, not removed.
    open(world, two, { parent: one, known: [ana], removed: [ben] });
    expect(leftOutSome(world.fold, two, hasKey(ben))).toBe(true);
    expect(leftOutSome(world.fold, two, hasKey(cho))).toBe(false);
    expect(leftOutSome(world.fold, three, hasKey())).toBe(true);
    expect(leftOutSome(world.fold, firstEpoch, hasKey(ben))).toBe(false);
  });

  it('[SY84] is, of an early program, one that lacks whom one before it knew, or whose way back is not all here', () => {
    const world = createChangeWorld();
    world.introduce(ana, ben, cho);
    open(world, one, { known: [ana, ben, cho] });
    open(world, two, { parent: one, known: [ana, ben] });
    open(world, three, { parent: 9 * generation, known: [ana, ben, cho] });
    expect(leftOutSome(world.fold, two, hasKey(cho))).toBe(true);
    expect(leftOutSome(world.fold, two, hasKey(ben))).toBe(false);
    expect(leftOutSome(world.fold, three, hasKey())).toBe(true);
  });
});
