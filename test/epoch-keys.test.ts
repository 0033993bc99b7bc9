/** Keys of epochs that must reach who is entitled to them although objects are lost or come late. Found by the fuzz. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
});
