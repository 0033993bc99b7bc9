/** Keys of epochs that must reach who is entitled to them although objects are lost or come late. Found by the fuzz. */
import { cp } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimStore } from '../electron/services/exchange/circle-check.ts';
import { createExchange } from '../electron/services/exchange/exchange.ts';
import { WorkbenchError } from '../shared/contract/errors.ts';
import type { VersionId } from '../shared/ids.ts';
import { openObject, readHeader } from '../shared/sync/object-format.ts';
import { parseObjectName } from '../shared/sync/object-name.ts';
import type { RemoteStore } from '../shared/sync/remote-store.ts';
import { createParty, stateOf, writeNote, type Party, type PartyMember } from './fakes/exchange-party.ts';
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
  if (error && !['key-missing', 'device-removed'].includes(error.code)) throw error;
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

  async function makeAdministrator({ circle: { person } }: PartyMember, { circle }: PartyMember): Promise<void> {
    await circle.write([{ record: circle.newId(), type: 'grant', field: 'person', over: [], value: person }]);
  }

  async function twoAdministrators() {
    const ana = await party.add('ana', store);
    const ben = await party.add('ben', store);
    for (const each of [ana, ben, ana]) await exchange(each);
    await makeAdministrator(ben, ana);
    for (const each of [ana, ben]) await exchange(each);
    expect(ben.circle.fold.isAdministrator(ben.circle.replica)).toBe(true);
    return { ana, ben };
  }

  it('[SY80] [SY85] is a new one before anything is put that a device removed apart could read (fuzz, seed 9)', async () => {
    const { ana, ben } = await twoAdministrators();
    const cho = await party.add('cho', store);
    const dan = await party.add('dan', store);
    for (const each of [cho, dan, ana, ben, cho, dan]) await exchange(each);
    // Each removes another device, and leaves the one that the other removes in the key. Ana's is the later one.
    await ana.circle.write(await ana.circle.epochs.removalOps(cho.circle.replica, ''));
    await rotate(ana);
    await ben.circle.write(await ben.circle.epochs.removalOps(dan.circle.replica, ''));
    await writeNote(ben, 'Not for dan');
    for (const each of [ana, ben, dan, ana, ben, dan]) await exchange(each);
    expect(titles(dan)).toEqual([]);
    expect(titles(ana)).toEqual(['Not for dan']);
  });

  it('[SY85] is given to a device that an administrator had not heard of (fuzz, seed 6)', async () => {
    const { ana, ben } = await twoAdministrators();
    // Cho is admitted by ana's epoch. Ben, who is away, opens a later one, in which cho is not.
    const cho = await party.add('cho', store);
    for (const each of [cho, ana]) await exchange(each);
    await rotate(ana);
    await rotate(ben);
    await rotate(ben);
    await writeNote(ben, 'Of the newest epoch');
    for (const each of [ana, ben, cho, ana, ben, cho, ana, ben, cho]) await exchange(each);
    expect(titles(cho)).toEqual(['Of the newest epoch']);
    expect(stateOf(cho)).toBe(stateOf(ben));
  });

  it('[SY84] is given to who comes later although a change of an administrator is lost for good (fuzz, seed 30)', async () => {
    const { ana, ben } = await twoAdministrators();
    const before = new Set(store.objects.keys());
    await writeNote(ben, 'Lost');
    await exchange(ben);
    const lost = [...store.objects.keys()].filter((name) => !before.has(name) && name.startsWith('segments/'));
    expect(lost).toHaveLength(1);
    store.objects.delete(lost[0]!);
    await writeNote(ben, 'Of the first epoch');
    // Ben's own check would put it again; this is the last that anybody hears of him.
    await ben.exchange.run();
    store.objects.delete(lost[0]!);
    await exchange(ana);
    expect(ana.circle.fold.gaps()).toHaveLength(1);
    await rotate(ana);
    for (let round = 0; round < 2; round += 1) await exchange(ana);
    const cho = await party.add('cho', store);
    for (let round = 0; round < 2; round += 1) for (const each of [cho, ana, cho]) await exchange(each);
    expect(titles(cho)).toEqual(['Of the first epoch']);
    expect(stateOf(cho)).toBe(stateOf(ana));
  });

  it('[SY84] is not given to who was left out, by who has lost what gives the right to that (fuzz, seed 29)', async () => {
    const ana = await party.add('ana', store);
    const [ben, dan] = [await party.add('ben', store), await party.add('dan', store)];
    for (const each of [ana, ben, dan, ana, ben, dan]) await exchange(each);
    await makeAdministrator(dan, ana);
    for (const each of [ana, dan]) await exchange(each);
    await rotate(dan);
    for (const each of [dan, ana, ben]) await exchange(each);
    const backup = { state: structuredClone(ana.memory.state) };
    await cp(ana.folder, party.folderOf('ana put back'), { recursive: true });
    const before = new Set(store.objects.keys());
    await makeAdministrator(ben, ana);
    for (const each of [ana, ben]) await exchange(each);
    await ben.circle.write(await ben.circle.epochs.removalOps(dan.circle.replica, ''));
    await exchange(ben);
    const { epoch } = ben.circle.keys.current();
    // Ana's disk is put back to before she made ben an administrator, and what she has put since is gone.
    await party.close(ana);
    for (const name of [...store.objects.keys()])
      if (!before.has(name) && name.includes(`/${ana.circle.replica}-`)) store.objects.delete(name);
    const again = await party.reopen('ana put back', store, backup);
    for (let round = 0; round < 2; round += 1) await exchange(again);
    expect(again.circle.keys.epochs()).toContain(epoch);
    expect(again.circle.fold.epochs().map(({ number }) => number)).not.toContain(epoch);
    for (let round = 0; round < 2; round += 1) await exchange(dan);
    expect(dan.circle.keys.epochs()).not.toContain(epoch);
  });

  it('[SY85] is given by any administrator, with those before it, to whom its maker had not heard of (fuzz, seed 42)', async () => {
    const { ana, ben } = await twoAdministrators();
    const cho = await party.add('cho', store);
    // Ben knows cho when he opens an epoch; ana, who does not, opens two, and is not heard of any more.
    for (const each of [cho, ben]) await exchange(each);
    await rotate(ben);
    await rotate(ana);
    await rotate(ana);
    await ana.exchange.run();
    await exchange(ben);
    await rotate(ben);
    await writeNote(ben, 'Of the newest epoch');
    const newest = ben.circle.fold.epochs().find(({ number }) => number === ben.circle.keys.current().epoch)!;
    expect(newest.keys.has(cho.circle.replica)).toBe(true);
    expect(ana.circle.keys.epochs()).toContain(newest.parent);
    for (let round = 0; round < 3; round += 1) for (const each of [ben, cho]) await exchange(each);
    expect(titles(cho)).toEqual(['Of the newest epoch']);
    expect(new Set(cho.circle.keys.epochs())).toEqual(new Set(ben.circle.keys.epochs()));
  });

  it('[SY80] [RC59] [SY85] seals nothing for whom a removal shuts out while somebody who has not heard of it may give it to them', async () => {
    const { ana, ben } = await twoAdministrators();
    const dan = await party.add('dan', store);
    for (const each of [dan, ana]) await exchange(each);
    // Ben opens the later epochs, and has heard neither of dan nor of the removal.
    await ana.circle.write(await ana.circle.epochs.removalOps(dan.circle.replica, ''));
    const { epoch: shutting } = ana.circle.keys.current();
    await rotate(ben);
    await rotate(ben);
    const { epoch: unaware } = ben.circle.keys.current();
    await ben.exchange.run();
    await exchange(ana);
    expect(ana.circle.keys.epochs()).toContain(unaware);
    const opened = ({ circle: { fold, keys } }: PartyMember) =>
      fold.epochs().find(({ number }) => number === keys.current().epoch);
    expect(opened(ana)?.removed).toEqual([dan.circle.replica]);
    expect([unaware, shutting]).not.toContain(opened(ana)?.number);
    for (const each of [ben, ana, ben, ana]) await exchange(each);
    expect(opened(ben)?.removed).toEqual([dan.circle.replica]);
    expect(opened(ben)?.number).toBe(opened(ana)?.number);
  });

  it('[SY62] [SY81] is put back although its maker, whose disk was put back, counts again from before it (fuzz, seed 42)', async () => {
    const ana = await party.add('ana', store);
    const ben = await party.add('ben', store);
    for (const each of [ana, ben, ana]) await exchange(each);
    const backup = { state: structuredClone(ana.memory.state) };
    await cp(ana.folder, party.folderOf('ana put back'), { recursive: true });
    const before = new Map(store.objects);
    await rotate(ana);
    await writeNote(ana, 'Of the lost branch');
    for (const each of [ana, ben]) await exchange(each);
    const { epoch } = ana.circle.keys.current();
    // Nothing on the remote tells ana of her other branch, so that she writes changes of the same numbers.
    await party.close(ana);
    for (const name of [...store.objects.keys()])
      if (name.includes(`/${ana.circle.replica}-`)) store.objects.delete(name);
    for (const [name, bytes] of before) store.objects.set(name, bytes);
    const again = await party.reopen('ana put back', store, backup);
    for (let more = 0; more < 5; more += 1) await writeNote(again, 'Of the new branch');
    for (let round = 0; round < 4; round += 1) for (const each of [again, ben]) await exchange(each);
    expect(again.circle.keys.epochs()).toContain(epoch);
    expect(stateOf(again)).toBe(stateOf(ben));
    expect(titles(again)).toContain('Of the lost branch');
  });

  describe('passed on from one channel to another by who has both', () => {
    /** Ana is at one place, cho at another, ben at both. */
    async function meeting(elsewhere = createMemoryRemoteStore(), of = (_who: string): RemoteStore => elsewhere) {
      const ana = await party.add('ana', store);
      const ben = await party.add('ben', store);
      const cho = await party.add('cho', of('cho'));
      await claimStore({ store: elsewhere, circle: ben.circle, engine: party.engine });
      const state = { load: async () => null, save: async () => undefined };
      const clock = () => party.clock.now;
      const other = createExchange({ circle: ben.circle, store: of('ben'), ...party.engine, state, clock });
      async function meet(): Promise<void> {
        for (const each of [ana, ben]) await exchange(each);
        await other.learn(await ben.exchange.remembered());
        for (let round = 0; round < 2; round += 1) {
          party.clock.now += 2 * hourMs;
          await other.run({ check: true });
        }
        await ben.exchange.learn(await other.remembered());
        for (const each of [cho, ben, ben, ana]) await exchange(each);
      }
      for (let round = 0; round < 2; round += 1) await meet();
      expect(ana.circle.fold.replicas()).toContain(cho.circle.replica);
      return { ana, ben, cho, elsewhere, meet };
    }

    /** Notes until the segment that gives the key, which is larger than theirs, takes all of them in. */
    async function pileUp(ana: PartyMember): Promise<void> {
      for (let live = 0; live !== 3;) {
        await writeNote(ana, 'Another');
        await exchange(ana);
        live = ana.memory.state!.published[0]!.segments.length;
      }
    }

    /** Whether the first segment that gives a key has the first change too. */
    function expectMerged({ memory }: PartyMember): void {
      const [branch] = memory.state!.published;
      expect(branch!.segments[0]).toMatchObject({ from: 1 });
      expect(branch!.segments[1]).toMatchObject({ epoch: expect.any(Number) });
    }

    async function erase({ circle }: PartyMember, version: VersionId): Promise<void> {
      const order = { record: circle.newId(), type: 'erasure', field: 'targets', over: [], value: [version] };
      await circle.write([order]);
    }

    /** Objects at a place that hold a word, for whoever has all keys. */
    function holding(word: string, place: MemoryRemoteStore, { circle }: PartyMember): string[] {
      const opener = { ...party.engine, circle: circle.id, keyOf: (epoch: number) => circle.keys.ofEpoch(epoch) };
      return [...place.objects].flatMap(([name, bytes]) => {
        const opened = openObject(bytes, name, opener);
        return opened.ok && new TextDecoder().decode(opened.body).includes(word) ? [name] : [];
      });
    }

    const keyGivers = async ({ circle, exchange: { remembered } }: PartyMember) =>
      Object.entries((await remembered()).loose)
        .filter(([name, { key }]) => key === true && name.includes(`/${circle.replica}-`) === false)
        .map(([, { object }]) => object !== undefined);

    it('[SY62] [SY81] as it was', async () => {
      const { ana, cho, meet } = await meeting();
      await rotate(ana);
      await writeNote(ana, 'Of the second epoch');
      for (let round = 0; round < 2; round += 1) await meet();
      expect(titles(cho)).toEqual(['Of the second epoch']);
    });

    it('[SY92] put again without an erased value before it was read (fuzz, seed 2)', async () => {
      const { ana, ben, cho, meet } = await meeting();
      const { version } = await writeNote(ana, 'To be erased');
      await exchange(ana);
      await erase(ana, version);
      await pileUp(ana);
      await rotate(ana);
      await writeNote(ana, 'Of the second epoch');
      await exchange(ana);
      expectMerged(ana);
      for (let round = 0; round < 3; round += 1) await meet();
      expect(await keyGivers(ben)).toEqual([true]);
      expect(titles(cho)).toContain('Of the second epoch');
      expect(titles(cho)).not.toContain('To be erased');
    });

    it('[SY92] put again without an erased value after it was read', async () => {
      const { ana, ben, cho, meet } = await meeting();
      const { version } = await writeNote(ana, 'To be erased');
      await pileUp(ana);
      await rotate(ana);
      await writeNote(ana, 'Of the second epoch');
      for (const each of [ana, ben]) await exchange(each);
      expectMerged(ana);
      expect(await keyGivers(ben)).toEqual([true]);
      await erase(ana, version);
      for (let round = 0; round < 3; round += 1) await meet();
      expect((await keyGivers(ben)).sort()).toEqual([false, true]);
      expect(titles(cho)).toContain('Of the second epoch');
      expect(titles(cho)).not.toContain('To be erased');
    });

    it('[SY91] is removed where its owner does not exchange, once something in it is erased (fuzz, seed 10)', async () => {
      const { ana, ben, cho, elsewhere, meet } = await meeting();
      const { version } = await writeNote(ana, 'To be erased');
      await pileUp(ana);
      await rotate(ana);
      await writeNote(ana, 'Of the second epoch');
      for (let round = 0; round < 2; round += 1) await meet();
      expectMerged(ana);
      const putBack = holding('To be erased', elsewhere, ben);
      expect(putBack.some((name) => name.includes(`/${ana.circle.replica}-1-`))).toBe(true);
      await erase(ana, version);
      for (let round = 0; round < 3; round += 1) await meet();
      for (const place of [store, elsewhere]) expect(holding('To be erased', place, ben)).toEqual([]);
      expect(titles(cho)).toContain('Of the second epoch');
      const dan = await party.add('dan', elsewhere);
      await exchange(dan);
      await meet();
      await exchange(dan);
      expect(stateOf(dan)).toBe(stateOf(cho));
    });

    /** As on a hub: what somebody brought, that one alone removes. */
    function asBrought(place: MemoryRemoteStore): (who: string) => RemoteStore {
      const broughtBy = new Map<string, string>();
      return (who) => ({
        ...place,
        async putIfAbsent(name, bytes, signal) {
          const answer = await place.putIfAbsent(name, bytes, signal);
          if (answer === 'stored') broughtBy.set(name, who);
          return answer;
        },
        async removeOwn(name) {
          const kept = broughtBy.get(name) ?? who;
          if (place.objects.has(name) && kept !== who)
            throw new WorkbenchError('channel-refused', 'Another has brought it.', { kept });
          await place.removeOwn(name);
        },
      });
    }

    it('[SY91] [SY62] is removed by who has brought it, and has the head of its chain from a relay (fuzz with many keys, seed 31)', async () => {
      const elsewhere = createMemoryRemoteStore();
      const of = asBrought(elsewhere);
      const { ana, ben, cho, meet } = await meeting(elsewhere, of);
      const { version } = await writeNote(ana, 'To be erased');
      await pileUp(ana);
      await rotate(ana);
      await writeNote(ana, 'Of the second epoch');
      for (let round = 0; round < 2; round += 1) await meet();
      const isAnas = (name: string): boolean => {
        const read = readHeader(elsewhere.objects.get(name)!, party.engine.crypto);
        return read.ok && read.header.kind === 'segment' && read.header.replica === ana.circle.replica;
      };
      const [lost] = holding('To be erased', elsewhere, ben).filter(isAnas);
      // Ben had brought it; cho, who has read it and no head of ana's, puts it back.
      elsewhere.objects.delete(lost!);
      for (let round = 0; round < 2; round += 1) await exchange(cho);
      expect(elsewhere.objects.has(lost!)).toBe(true);
      await erase(ana, version);
      for (let round = 0; round < 4; round += 1) await meet();
      for (const place of [store, elsewhere]) expect(holding('To be erased', place, ben)).toEqual([]);
      expect(stateOf(cho)).toBe(stateOf(ana));
    });
  });
});
