/** Keys of epochs that must reach who is entitled to them although objects are lost or come late. Found by the fuzz. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimStore } from '../electron/services/exchange/circle-check.ts';
import { createExchange } from '../electron/services/exchange/exchange.ts';
import { parseObjectName } from '../shared/sync/object-name.ts';
import { createParty, writeNote, type Party, type PartyMember } from './fakes/exchange-party.ts';
import { createMemoryRemoteStore, type MemoryRemoteStore } from './fakes/memory-remote-store.ts';

const hourMs = 60 * 60 * 1000;
let party: Party;
let store: MemoryRemoteStore;

beforeEach(async () => {
  party = await createParty();
  store = createMemoryRemoteStore();
});
afterEach(() => party.dispose());

async function rotate({ circle }: PartyMember): Promise<void> {
  await circle.write(await circle.epochs.openingOps(new Set()));
  await circle.tendKeys();
}

async function exchange(member: PartyMember): Promise<void> {
  party.clock.now += 2 * hourMs;
  const { error } = await member.exchange.run({ check: true });
  if (error && error.code !== 'key-missing') throw error;
}

const titles = ({ circle }: PartyMember) =>
  circle.fold.recordsOfType('draft').map((record) => record.fields.get('title')?.value);

describe('the key of an epoch', () => {
  it('[SY82] [SY86] is taken by who was admitted before anything showed who may give it (fuzz over all channels, seed 1)', async () => {
    const ana = await party.add('ana', store);
    const ben = await party.add('ben', store);
    // Everything that says who founded the circle is put after the key has changed, sealed with the new one.
    await writeNote(ana, 'Of the first epoch');
    await rotate(ana);
    await exchange(ana);
    await exchange(ben);
    await exchange(ana);
    await ana.circle.epochs.admit(ben.circle.replica);
    for (const each of [ana, ben]) await exchange(each);
    expect(titles(ben)).toEqual(['Of the first epoch']);
    expect(ben.circle.fold.gaps()).toEqual([]);
  });

  it('[SY62] [SY81] is put back as it was by who has read it, when its segment and its maker are lost (fuzz, seed 11)', async () => {
    const [ana, ben, cho] = [
      await party.add('ana', store),
      await party.add('ben', store),
      await party.add('cho', store),
    ];
    for (const each of [ana, ben, cho, ana, ben, cho]) await exchange(each);
    const before = new Set(store.objects.keys());
    await rotate(ana);
    await writeNote(ana, 'Of the second epoch');
    await exchange(ana);
    await exchange(ben);
    expect(titles(ben)).toEqual(['Of the second epoch']);
    const lost = [...store.objects.keys()].filter((name) => {
      const parsed = parseObjectName(name);
      return !before.has(name) && parsed?.kind === 'segment' && parsed.replica === ana.circle.replica;
    });
    expect(lost.length).toBeGreaterThan(1);
    for (const name of lost) store.objects.delete(name);
    for (const each of [cho, ben, ben, cho]) await exchange(each);
    expect(titles(cho)).toEqual(['Of the second epoch']);
    expect(cho.circle.fold.gaps()).toEqual([]);
  });

  it('[SY62] [SY81] is passed on from one channel to another by who has both', async () => {
    const ana = await party.add('ana', store);
    const ben = await party.add('ben', store);
    const elsewhere = createMemoryRemoteStore();
    const cho = await party.add('cho', elsewhere);
    await claimStore({ store: elsewhere, circle: ben.circle, engine: party.engine });
    const state = { load: async () => null, save: async () => undefined };
    const clock = () => party.clock.now;
    const other = createExchange({ circle: ben.circle, store: elsewhere, ...party.engine, state, clock });
    const meet = async (): Promise<void> => {
      for (const each of [ana, ben]) await exchange(each);
      await other.learn(await ben.exchange.remembered());
      for (let round = 0; round < 2; round += 1) {
        party.clock.now += 2 * hourMs;
        await other.run({ check: true });
      }
      await ben.exchange.learn(await other.remembered());
      for (const each of [cho, ben, ben, ana]) await exchange(each);
    };
    await meet();
    await meet();
    expect(ana.circle.fold.replicas()).toContain(cho.circle.replica);
    await rotate(ana);
    await writeNote(ana, 'Of the second epoch');
    await meet();
    await meet();
    expect(titles(cho)).toEqual(['Of the second epoch']);
  });
});
