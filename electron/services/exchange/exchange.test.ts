import { randomBytes } from 'node:crypto';
import { cp, rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { base32 } from '../../../shared/ids.ts';
import { encodeCircleObject } from '../../../shared/sync/circle-object.ts';
import { parseObjectName } from '../../../shared/sync/object-name.ts';
import { createMemoryRemoteStore, type MemoryRemoteStore } from '../../../test/fakes/memory-remote-store.ts';
import { createPartedRemoteStore } from './parted-remote-store.ts';
import { createParty, stateOf, writeNote, type Party, type PartyMember } from '../../../test/fakes/exchange-party.ts';

let party: Party;
let store: MemoryRemoteStore;
beforeEach(async () => {
  party = await createParty();
  store = createMemoryRemoteStore();
});
afterEach(() => party.dispose());

const names = (prefix: string): string[] => [...store.objects.keys()].filter((name) => name.startsWith(prefix));
/** The only object of a member under a prefix. */
function ownName(prefix: string, member: PartyMember): string {
  const own = names(`${prefix}${member.circle.replica}-`);
  expect(own).toHaveLength(1);
  return own[0]!;
}
async function pair(): Promise<[PartyMember, PartyMember]> {
  const amina = await party.add('amina', store);
  const bob = await party.add('bob', store);
  await settle(amina, bob);
  return [amina, bob];
}
/** Exchanges until nobody has anything new; later checks come with the hours. */
async function settle(...members: PartyMember[]): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    for (const member of members) await member.exchange.run({ check: true });
    party.clock.now += 3_700_000;
  }
}
function flip(name: string, at: number): void {
  const bytes = store.objects.get(name)!.slice();
  bytes[at < 0 ? bytes.length + at : at]! ^= 4;
  store.objects.set(name, bytes);
}

describe('exchange', () => {
  it('[SY50] brings two workbenches to one state, whoever was offline when', async () => {
    const [amina, bob] = await pair();
    const { record } = await writeNote(amina, 'The digital divide');
    store.faults.away = true;
    expect((await amina.exchange.run()).state).toBe('away');
    await writeNote(bob, 'Connectivity', record);
    store.faults.away = false;
    await settle(bob, amina);
    expect(stateOf(amina)).toBe(stateOf(bob));
    expect(
      amina.circle.fold
        .field(record, 'title')
        ?.values.map((each) => each.value)
        .sort(),
    ).toEqual(['Connectivity', 'The digital divide']);
    expect(amina.circle.authorOf(bob.circle.replica).name).toBe('Person bob');
  });

  it('[SY51] makes one listing, and no other request, when nothing is new', async () => {
    const [amina] = await pair();
    await amina.exchange.run();
    store.operations.length = 0;
    const result = await amina.exchange.run();
    expect(result).toMatchObject({ state: 'in-step', listings: 1, bytesIn: 0, bytesOut: 0 });
    expect(store.operations).toEqual([{ operation: 'list', name: 'heads/', bytes: 0 }]);
  });

  it('[SY51] makes one listing and reads a head and a segment when a partner wrote one change', async () => {
    const [amina, bob] = await pair();
    await bob.exchange.run();
    await writeNote(amina, 'x');
    const put = await amina.exchange.run();
    expect(put.sent).toBe(1);
    store.operations.length = 0;
    expect(await bob.exchange.run()).toMatchObject({ received: 1, listings: 1 });
    expect(store.operations.filter((each) => each.operation === 'get')).toHaveLength(2);
  });

  it('[SY51] gets a head that it was told of without a listing, and lists when that is not there', async () => {
    const [amina, bob] = await pair();
    for (const member of [amina, bob]) await member.exchange.run();
    await writeNote(amina, 'first');
    await amina.exchange.run();
    const first = ownName('heads/', amina);
    store.operations.length = 0;
    expect(await bob.exchange.run({ news: [first] })).toMatchObject({ state: 'in-step', received: 1, listings: 0 });
    // The head, its segment, and a receipt, which is due.
    const asked = store.operations.map(({ operation }) => operation);
    expect(asked).toEqual(['get', 'get', 'putIfAbsent', 'removeOwn']);
    // Told again, it asks nothing.
    store.operations.length = 0;
    await bob.exchange.run({ news: [first] });
    expect(store.operations).toEqual([]);
    // What bob puts himself is known without a listing.
    await writeNote(bob, 'from Bob');
    expect(await bob.exchange.run({ news: [first] })).toMatchObject({ sent: 1, listings: 0, notices: [] });
    expect(await bob.exchange.run({ news: [first] })).toMatchObject({ sent: 0, listings: 0, setAside: [] });
    // Replaced before bob came to it.
    await writeNote(amina, 'second');
    await amina.exchange.run();
    const second = ownName('heads/', amina);
    await writeNote(amina, 'third');
    await amina.exchange.run();
    expect(await bob.exchange.run({ news: [second] })).toMatchObject({ received: 2, setAside: [] });
    await amina.exchange.run();
    expect(stateOf(bob)).toBe(stateOf(amina));
  });

  it('[SY51] lists in spite of news when a check is due, and after it could not reach the remote', async () => {
    const [amina, bob] = await pair();
    for (const member of [amina, bob]) await member.exchange.run();
    const told = async () => {
      await writeNote(amina, 'x');
      await amina.exchange.run();
      return [ownName('heads/', amina)];
    };
    const first = await told();
    party.clock.now += 10 * 60_000;
    const checked = await bob.exchange.run({ news: first });
    expect(checked).toMatchObject({ received: 1, looked: true });
    expect(checked.listings).toBeGreaterThan(0);
    const second = await told();
    store.faults.away = true;
    expect((await bob.exchange.run({ news: second })).state).toBe('away');
    store.faults.away = false;
    // No news of what was put meanwhile.
    expect(await bob.exchange.run({ news: first })).toMatchObject({ received: 1, listings: 1 });
  });

  it('[SY52] puts the segment, then the head, then removes the old head', async () => {
    const [amina] = await pair();
    store.operations.length = 0;
    await writeNote(amina, 'x');
    await amina.exchange.run();
    const kinds = store.operations.map(({ operation, name }) => `${operation} ${name.slice(0, name.indexOf('/'))}`);
    const order = ['list heads', 'putIfAbsent segments', 'putIfAbsent heads', 'removeOwn heads'];
    expect(kinds.filter((kind) => order.includes(kind))).toEqual(order);
    ownName('heads/', amina);
  });

  it('[SY28] keeps few segments however many edits are exchanged, all reachable by one who joins later', async () => {
    const [amina] = await pair();
    for (let edit = 0; edit < 70; edit += 1) {
      await writeNote(amina, `edit ${edit}`);
      await amina.exchange.run();
    }
    expect(names(`segments/${amina.circle.replica}`).length).toBeLessThanOrEqual(9);
    const late = await party.add('late', store);
    await settle(late, amina);
    expect(stateOf(late)).toBe(stateOf(amina));
  });

  it('[SY55] sets a damaged segment aside with its kind, and takes it in once its owner has put it again', async () => {
    const [amina, bob] = await pair();
    for (const [damage, code] of [
      [(name: string) => flip(name, -80), 'altered'],
      [(name: string) => store.objects.set(name, store.objects.get(name)!.slice(0, -30)), 'truncated'],
      [(name: string) => store.objects.set(name, new Uint8Array()), 'truncated'],
    ] as const) {
      await writeNote(amina, `before ${code}`);
      const before = new Set(names('segments/'));
      await amina.exchange.run();
      const added = names('segments/').find((name) => !before.has(name))!;
      damage(added);
      const result = await bob.exchange.run();
      expect(result.setAside).toContainEqual(expect.objectContaining({ object: added, code }));
      await settle(amina, bob);
      expect((await bob.exchange.run()).setAside).toEqual([]);
      expect(stateOf(amina)).toBe(stateOf(bob));
    }
  });

  it('[SY55] puts its head again when it was damaged or removed', async () => {
    const [amina, bob] = await pair();
    await writeNote(amina, 'x');
    await amina.exchange.run();
    flip(ownName('heads/', amina), 20);
    expect((await bob.exchange.run()).setAside).toHaveLength(1);
    await settle(amina, bob);
    expect(stateOf(amina)).toBe(stateOf(bob));
    store.objects.delete(ownName('heads/', amina));
    await amina.exchange.run();
    ownName('heads/', amina);
  });

  it('[SY54] takes a conflict copy for the duplicate it is, and a renamed object for itself', async () => {
    const [amina, bob] = await pair();
    await writeNote(amina, 'x');
    await amina.exchange.run();
    const head = ownName('heads/', amina);
    store.objects.set(`${head} (conflicted copy 2026-11-22)`, store.objects.get(head)!);
    for (const segment of names('segments/')) {
      store.objects.set(`${segment} (1)`, store.objects.get(segment)!);
      store.objects.delete(segment);
    }
    store.objects.delete(head);
    expect(await bob.exchange.run()).toMatchObject({ received: 1, setAside: [] });
    expect(stateOf(amina)).toBe(stateOf(bob));
    await settle(amina, bob);
    expect(names('heads/').filter((name) => parseObjectName(name)).length).toBe(2);
  });

  it('[SY56] removes nothing here because something is missing there, and fills an emptied store when asked to', async () => {
    const [amina, bob] = await pair();
    await writeNote(amina, 'kept');
    await settle(amina, bob);
    const before = stateOf(amina);
    const circle = store.objects.get('circle')!;
    store.objects.clear();
    expect(await amina.exchange.run()).toMatchObject({ state: 'trouble', error: { code: 'folder-not-a-circle' } });
    expect(store.objects.size).toBe(0);
    store.objects.set('circle', circle);
    await settle(amina, bob);
    expect(stateOf(amina)).toBe(before);
    const late = await party.add('late', store);
    await settle(late, amina, bob);
    expect(stateOf(late)).toBe(stateOf(amina));
  });

  it('[SY16] refuses a store of another circle and writes nothing there', async () => {
    const amina = await party.add('amina', store);
    const other = base32(randomBytes(17)).slice(0, 26) as typeof amina.circle.id;
    store.objects.set('circle', encodeCircleObject({ circle: other, store: 'x' }));
    const result = await amina.exchange.run();
    expect(result).toMatchObject({ state: 'trouble', error: { code: 'folder-other-circle' } });
    expect([...store.objects.keys()]).toEqual(['circle']);
  });

  it('[SY17] mends the object `circle` when it is damaged and the heads are ours', async () => {
    const [amina, bob] = await pair();
    store.objects.set('circle', new Uint8Array([1, 2, 3]));
    const reopened = await party.add('late', store).catch(() => null);
    expect(reopened).not.toBeNull();
    expect((await reopened!.exchange.run()).state).toBe('in-step');
    await settle(amina, bob);
    expect(store.objects.get('circle')!.length).toBeGreaterThan(50);
  });

  it('[SY57] notices and names a remote in an older state', async () => {
    const [amina, bob] = await pair();
    const old = new Map(store.objects);
    await writeNote(amina, 'newer');
    await settle(amina, bob);
    store.objects.clear();
    for (const [name, bytes] of old) store.objects.set(name, bytes);
    const result = await bob.exchange.run();
    expect(result.setAside).toContainEqual(
      expect.objectContaining({ object: amina.circle.replica, code: 'remote-old-state' }),
    );
    await settle(amina, bob);
    expect((await bob.exchange.run()).setAside).toEqual([]);
    expect(stateOf(amina)).toBe(stateOf(bob));
  });

  it('[SY53] goes on as a new device where its published head is not in its log, and keeps both branches', async () => {
    const [amina, bob] = await pair();
    await writeNote(amina, 'shared');
    await settle(amina, bob);
    await cp(amina.folder, party.folderOf('copy'), { recursive: true });
    const memory = { state: structuredClone(amina.memory.state) };
    const copy = await party.reopen('copy', store, memory);
    const replica = amina.circle.replica;
    expect(copy.circle.replica).toBe(replica);
    const one = await writeNote(amina, 'written on the first');
    const two = await writeNote(copy, 'written on the copy');
    await amina.exchange.run();
    const result = await copy.exchange.run();
    expect(result.notices.map((notice) => notice.code)).toContain('replica-recognised-elsewhere');
    expect(copy.circle.replica).not.toBe(replica);
    await settle(amina, copy, bob);
    expect(stateOf(amina)).toBe(stateOf(bob));
    expect(stateOf(copy)).toBe(stateOf(bob));
    for (const { record } of [one, two]) expect(bob.circle.fold.field(record, 'title')?.values).toHaveLength(1);
  });

  it('[SY53] loses nothing when a backup is put back', async () => {
    const [amina, bob] = await pair();
    await writeNote(amina, 'before the backup');
    await amina.exchange.run();
    await party.close(amina);
    await cp(amina.folder, party.folderOf('backup'), { recursive: true });
    const memory = { state: structuredClone(amina.memory.state) };
    const later = await party.reopen('amina', store, amina.memory);
    const lost = await writeNote(later, 'after the backup');
    await later.exchange.run();
    await party.close(later);
    await rm(amina.folder, { recursive: true });
    await cp(party.folderOf('backup'), amina.folder, { recursive: true });
    const restored = await party.reopen('amina', store, memory);
    await writeNote(restored, 'after putting it back');
    await settle(restored, bob);
    expect(stateOf(restored)).toBe(stateOf(bob));
    expect(restored.circle.fold.field(lost.record, 'title')?.values).toHaveLength(1);
  });

  it('[SY58] goes on where it was cut, at any request', async () => {
    const [amina, bob] = await pair();
    for (let cut = 1; cut <= 12; cut += 1) {
      await writeNote(amina, `cut ${cut}`);
      await writeNote(bob, `cut ${cut}`);
      for (const member of [amina, bob]) {
        let left = cut;
        store.faults.before = () => {
          left -= 1;
          if (left === 0) {
            store.faults.away = true;
            throw Object.assign(new Error('cut'), { code: 'cut' });
          }
        };
        await member.exchange.run().catch(() => undefined);
        store.faults.away = false;
        store.faults.before = () => undefined;
      }
    }
    await settle(amina, bob);
    expect(stateOf(amina)).toBe(stateOf(bob));
    // Nothing lies about that no head names.
    expect(names('heads/')).toHaveLength(2);
    const live = [amina, bob].flatMap((member) => member.memory.state!.published.flatMap((each) => each.segments));
    expect(names('segments/')).toHaveLength(live.length);
  });

  it('[SY58] makes again what it remembered when that is lost', async () => {
    const [amina, bob] = await pair();
    await writeNote(amina, 'x');
    await settle(amina, bob);
    const objects = [...store.objects.keys()].filter((name) => !name.startsWith('receipts/')).sort();
    await party.close(amina);
    const again = await party.reopen('amina', store, { state: null });
    await settle(again, bob);
    expect([...store.objects.keys()].filter((name) => !name.startsWith('receipts/')).sort()).toEqual(objects);
  });

  it('[SY52] reads from a remote that takes nothing, and says why nothing is sent', async () => {
    const [amina, bob] = await pair();
    await writeNote(amina, 'from amina');
    await amina.exchange.run();
    await writeNote(bob, 'from bob');
    store.faults.readOnly = true;
    const result = await bob.exchange.run();
    expect(result).toMatchObject({ state: 'trouble', received: 1, error: { code: 'destination-not-writable' } });
    expect(await bob.exchange.status()).toMatchObject({ unsentChanges: 1 });
    store.faults.readOnly = false;
    await settle(bob, amina);
    expect(stateOf(amina)).toBe(stateOf(bob));
  });

  it('[SY50] counts what is unsent while the remote is away, and forgets it once it is put', async () => {
    const [amina] = await pair();
    store.faults.away = true;
    await writeNote(amina, 'one');
    await writeNote(amina, 'two');
    await amina.exchange.run();
    const status = await amina.exchange.status();
    expect(status).toMatchObject({ unsentChanges: 2, awaySince: party.clock.now });
    expect(status.unsentBytes).toBeGreaterThan(300);
    store.faults.away = false;
    await amina.exchange.run();
    expect(await amina.exchange.status()).toMatchObject({ unsentChanges: 0, unsentBytes: 0, awaySince: null });
  });

  it('[SY18] carries the originals of documents, and mends them', async () => {
    const [amina, bob] = await pair();
    const content = new TextEncoder().encode('An outcome document. '.repeat(2000));
    const hash = await amina.circle.blobs.put(content);
    const record = amina.circle.newId();
    await amina.circle.write([{ record, type: 'document', field: 'document', over: [], value: hash }]);
    await settle(amina, bob);
    expect(Buffer.from((await bob.circle.blobs.get(hash))!).equals(content)).toBe(true);
    const [blob] = names('blobs/');
    expect(store.objects.get(blob!)!.length).toBeLessThan(1000);
    flip(blob!, -1);
    await settle(bob, amina);
    const late = await party.add('late', store);
    await settle(late, amina, bob);
    expect(Buffer.from((await late.circle.blobs.get(hash))!).equals(content)).toBe(true);
  });

  it('[SY18] [SY19] carries a large original in parts, and mends one of them', async () => {
    store = createMemoryRemoteStore(new Map(), { cheapReads: true, inParts: true });
    const parted = createPartedRemoteStore(store, null);
    const [amina, bob] = [await party.add('amina', parted), await party.add('bob', parted)];
    const content = randomBytes(1_700_000);
    const hash = await amina.circle.blobs.put(new Uint8Array(content));
    const record = amina.circle.newId();
    await amina.circle.write([{ record, type: 'document', field: 'document', over: [], value: hash }]);
    await settle(amina, bob);
    expect(Buffer.from((await bob.circle.blobs.get(hash))!).equals(content)).toBe(true);
    const parts = names('blobs/');
    expect(parts).toHaveLength(4);
    flip(parts[1]!, -1);
    store.objects.delete(parts[2]!);
    await settle(bob, amina);
    expect(names('blobs/').sort()).toEqual([...parts].sort());
    const late = await party.add('late', parted);
    expect((await late.exchange.run()).setAside).toEqual([]);
    expect(Buffer.from((await late.circle.blobs.get(hash))!).equals(content)).toBe(true);
    // Who has it already sends it no more.
    const put = (): number => store.operations.filter(({ operation }) => operation === 'putIfAbsent').length;
    late.memory.state!.blobs = {};
    await party.close(late);
    const again = await party.reopen('late', parted, late.memory);
    const before = put();
    await again.exchange.run();
    expect(put()).toBe(before);
    expect(Object.keys(again.memory.state!.blobs)).toHaveLength(1);
  });

  it('[SY29] puts a receipt at most once an hour, and keeps the newest only', async () => {
    const [amina, bob] = await pair();
    const receipts = names('receipts/');
    expect(receipts).toHaveLength(2);
    await writeNote(amina, 'x');
    await amina.exchange.run();
    party.clock.now += 60_000;
    await writeNote(amina, 'y');
    await amina.exchange.run();
    const before = ownName('receipts/', amina);
    party.clock.now += 3_600_000;
    await amina.exchange.run();
    expect(ownName('receipts/', amina)).not.toBe(before);
    expect(bob.circle.replica).not.toBe(amina.circle.replica);
  });

  it('[SY29] puts a receipt at once when a submission of another has come, and once', async () => {
    const [amina, bob] = await pair();
    const before = ownName('receipts/', bob);
    party.clock.now += 60_000;
    await amina.circle.write([
      { record: amina.circle.newId(), type: 'submission', field: 'title', over: [], value: 'Input' },
    ]);
    await amina.exchange.run();
    await bob.exchange.run();
    const after = ownName('receipts/', bob);
    expect(after).not.toBe(before);
    await writeNote(amina, 'x');
    await amina.exchange.run();
    await bob.exchange.run();
    expect(ownName('receipts/', bob)).toBe(after);
  });

  it('[SY60] [SY62] passes on what a device that is gone has left damaged or lost', async () => {
    const [amina, bob] = await pair();
    await writeNote(amina, 'from a laptop that is lost');
    await settle(amina, bob);
    const gone = amina.circle.replica;
    for (const what of ['segments/', 'heads/'] as const) {
      for (const name of names(`${what}${gone}-`)) {
        if (what === 'segments/') flip(name, -70);
        else store.objects.delete(name);
      }
      await settle(bob);
      const late = await party.add(`late-${what.slice(0, -1)}`, store);
      await settle(late, bob);
      expect(stateOf(late)).toBe(stateOf(bob));
      expect(late.circle.fold.gaps()).toEqual([]);
      expect(late.circle.fold.replicas()).toContain(gone);
    }
    // One relay for each extent of the damage, not one for each workbench and each hour.
    const relays = names(`segments/${gone}-`).length;
    await settle(bob);
    expect(names(`segments/${gone}-`)).toHaveLength(relays);
  });

  it('[SY62] leaves mending to an owner who is there, and takes its relay back when the chain went on', async () => {
    const [amina, bob] = await pair();
    await writeNote(amina, 'one');
    await settle(amina, bob);
    for (const name of names(`segments/${amina.circle.replica}-`)) flip(name, -70);
    await bob.exchange.run({ check: true });
    await amina.exchange.run({ check: true });
    await settle(bob, amina);
    expect(bob.memory.state!.relayed).toEqual({});
    for (const name of names(`segments/${amina.circle.replica}-`)) flip(name, -70);
    await settle(bob);
    expect(Object.keys(bob.memory.state!.relayed)).toHaveLength(1);
    await writeNote(amina, 'two');
    await settle(amina, bob);
    expect(bob.memory.state!.relayed).toEqual({});
    const live = amina.memory.state!.published.flatMap((branch) => branch.segments);
    expect(names(`segments/${amina.circle.replica}-`)).toHaveLength(live.length);
  });

  it('[SY62] puts back a segment without a head, whose owner was cut off and then put back to a backup', async () => {
    const [amina, bob] = await pair();
    const lost = await writeNote(amina, 'never announced by a head');
    store.faults.before = (operation, name) => {
      if (operation === 'putIfAbsent' && name.startsWith('heads/')) throw new Error('cut');
    };
    await amina.exchange.run().catch(() => undefined);
    store.faults.before = () => undefined;
    await settle(bob);
    expect(bob.circle.fold.field(lost.record, 'title')?.values).toHaveLength(1);
    // Not amina's to mend: her disk went back to before she wrote it.
    for (const name of names(`segments/${amina.circle.replica}-`)) flip(name, -70);
    await settle(bob);
    const late = await party.add('late', store);
    await settle(late, bob);
    expect(late.circle.fold.field(lost.record, 'title')?.values).toHaveLength(1);
  });
});
