import { afterEach, beforeEach, expect, it } from 'vitest';
import type { VersionId } from '../../../shared/ids.ts';
import { createParty, writeNote, type Party, type PartyMember } from '../../../test/fakes/exchange-party.ts';
import { createMemoryRemoteStore, type MemoryRemoteStore } from '../../../test/fakes/memory-remote-store.ts';

let party: Party;
let store: MemoryRemoteStore;
beforeEach(async () => {
  party = await createParty();
  store = createMemoryRemoteStore();
});
afterEach(() => party.dispose());

/** Segments and relays of what a member wrote. */
function segmentsOf({ circle }: PartyMember): Map<string, Uint8Array> {
  return new Map([...store.objects].filter(([name]) => name.startsWith(`segments/${circle.replica}-`)));
}
/** Exchanges until nobody has anything new; later checks come with the hours. */
async function settle(...members: PartyMember[]): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    for (const member of members) await member.exchange.run({ check: true });
    party.clock.now += 3_700_000;
  }
}
async function erase({ circle }: PartyMember, version: VersionId): Promise<void> {
  await circle.write([{ record: circle.newId(), type: 'erasure', field: 'targets', over: [], value: [version] }]);
}
function bringBack(objects: ReadonlyMap<string, Uint8Array>): void {
  for (const [name, bytes] of objects) store.objects.set(name, bytes);
}
function damage(objects: ReadonlyMap<string, Uint8Array>): void {
  for (const [name, bytes] of objects) store.objects.set(name, bytes.slice(0, -1));
}

it('[SY91] removes a loose segment of its own that holds an erased value, however late it appears', async () => {
  const amina = await party.add('amina', store);
  const { version } = await writeNote(amina, 'sent by mistake');
  await settle(amina);
  const before = segmentsOf(amina);
  await erase(amina, version);
  await settle(amina);
  const live = [...segmentsOf(amina).keys()];
  expect(live.filter((name) => before.has(name))).toEqual([]);
  // A sync tool had hidden it from the exchanges in which the erasure was new.
  bringBack(before);
  await settle(amina);
  expect([...segmentsOf(amina).keys()]).toEqual(live);
});

it('[SY91] removes a relay of its own that it does not remember', async () => {
  const amina = await party.add('amina', store);
  const bob = await party.add('bob', store);
  const { version } = await writeNote(amina, 'sent by mistake');
  await settle(amina, bob);
  damage(segmentsOf(amina));
  await settle(bob);
  const relays = new Map([...segmentsOf(amina)].filter(([name]) => name in bob.memory.state!.loose));
  expect(relays.size).toBe(1);
  await erase(amina, version);
  await settle(amina, bob);
  const live = [...segmentsOf(amina).keys()];
  expect(live.filter((name) => relays.has(name))).toEqual([]);
  bringBack(relays);
  // It is not amina's to remove: on a hub she could not.
  await settle(amina);
  expect([...segmentsOf(amina).keys()]).toEqual([...live, ...relays.keys()]);
  await settle(bob);
  expect([...segmentsOf(amina).keys()]).toEqual(live);
});

it('[SY91] removes a relay of a device that exchanges elsewhere (fuzz over all channels, seed 10)', async () => {
  const amina = await party.add('amina', store);
  const bob = await party.add('bob', store);
  const { version } = await writeNote(amina, 'sent by mistake');
  await settle(amina, bob);
  const sound = segmentsOf(amina);
  damage(sound);
  await settle(bob);
  const relays = new Map([...segmentsOf(amina)].filter(([name]) => name in bob.memory.state!.loose));
  expect(relays.size).toBe(1);
  bringBack(sound);
  const elsewhere = createMemoryRemoteStore();
  /** What amina's objects are now, as another who exchanges at both places would pass them on. */
  function carry(): void {
    for (const name of elsewhere.objects.keys())
      if (name.includes(`/${amina.circle.replica}-`) && !relays.has(name)) elsewhere.objects.delete(name);
    for (const [name, bytes] of store.objects)
      if (name === 'circle' || (name.includes(`/${amina.circle.replica}-`) && !relays.has(name)))
        elsewhere.objects.set(name, bytes);
  }
  carry();
  for (const [name, bytes] of relays) elsewhere.objects.set(name, bytes);
  const dan = await party.add('dan', elsewhere);
  await settle(dan);
  expect([...relays.keys()].map((name) => elsewhere.objects.has(name))).toEqual([true]);
  await erase(amina, version);
  await settle(amina);
  carry();
  await settle(dan);
  expect([...relays.keys()].map((name) => elsewhere.objects.has(name))).toEqual([false]);
});

it('[SY91] confirms an erasure in the exchange that brings it only when its own segments are without the value', async () => {
  const amina = await party.add('amina', store);
  const bob = await party.add('bob', store);
  const { record } = await writeNote(amina, 'of amina');
  await settle(amina, bob);
  const { version } = await writeNote(bob, 'of bob, in her record', record);
  await settle(bob, amina);
  const { seq } = bob.circle.fold.version(version)!;
  const held = [...segmentsOf(bob).keys()].filter((name) => Number(name.split('-')[2]) >= seq);
  expect(held).toHaveLength(1);
  await erase(amina, version);
  await amina.exchange.run({ check: true });
  await bob.exchange.run();
  expect(bob.circle.fold.version(version)).toMatchObject({ erased: true });
  await amina.exchange.run({ check: true });
  expect(amina.memory.state!.receipts[bob.circle.replica]!.erased).toHaveLength(1);
  expect(held.filter((name) => store.objects.has(name))).toEqual([]);
});

it('[SY91] leaves a loose segment whose numbers the erasure falls in and that does not hold the value, read once', async () => {
  const amina = await party.add('amina', store);
  const { version } = await writeNote(amina, 'sent by mistake');
  await erase(amina, version);
  await settle(amina);
  const clean = segmentsOf(amina);
  damage(clean);
  await settle(amina);
  const live = [...segmentsOf(amina).keys()];
  expect(live.filter((name) => clean.has(name))).toEqual([]);
  bringBack(clean);
  await settle(amina);
  expect([...segmentsOf(amina).keys()]).toEqual([...live, ...clean.keys()]);
  const reads = (): number =>
    store.operations.filter(({ operation, name }) => operation === 'get' && clean.has(name)).length;
  const readBefore = reads();
  await settle(amina);
  expect(reads()).toBe(readBefore);
});

it('[SY91] an administrator removes what a removed device has put, segments and relays, and passes on what is left', async () => {
  const amina = await party.add('amina', store);
  const bob = await party.add('bob', store);
  const chen = await party.add('chen', store);
  const { record, version } = await writeNote(bob, 'sent by mistake');
  await settle(amina, bob, chen);
  const byChen = await writeNote(chen, 'sent by mistake, too', record);
  await settle(chen, amina, bob);
  // Chen passes on what Bob wrote, and is never seen again.
  damage(segmentsOf(bob));
  await settle(chen);
  const relayed = Object.values(chen.memory.state!.relayed);
  expect(relayed.length).toBeGreaterThan(0);
  await party.close(chen);
  await settle(bob, amina);
  for (const each of [version, byChen.version]) await erase(bob, each);
  await settle(bob, amina, bob, amina);
  const left = [...relayed, ...segmentsOf(chen).keys()].filter((name) => store.objects.has(name));
  expect(left.length).toBeGreaterThan(relayed.length);

  await amina.circle.write(await amina.circle.epochs.removalOps(chen.circle.replica, 'lost'));
  await settle(amina, bob, amina, bob);
  expect(relayed.filter((name) => store.objects.has(name))).toEqual([]);
  const dina = await party.add('dina', store);
  await settle(amina, dina);
  expect(dina.circle.fold.gaps()).toEqual([]);
  for (const each of [version, byChen.version]) {
    expect(dina.circle.fold.version(each)).toMatchObject({ erased: true });
  }
  expect(dina.circle.fold.erasable()).toEqual([]);
});
