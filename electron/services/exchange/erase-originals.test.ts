/** Erased originals on a remote: what comes back there, in whatever shape, and whoever was away. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RecordId } from '../../../shared/ids.ts';
import { createParty, type Party, type PartyMember } from '../../../test/fakes/exchange-party.ts';
import { createMemoryRemoteStore, type MemoryRemoteStore } from '../../../test/fakes/memory-remote-store.ts';
import { claimStore } from './circle-check.ts';
import { createExchange, type Exchange } from './exchange.ts';
import type { ExchangeState } from './exchange-state.ts';
import { createPartedRemoteStore } from './parted-remote-store.ts';

/** Over this much an original lies in parts on a server; noise does not pack. */
const largeBytes = 1_200_000;
const hourMs = 3_700_000;

let party: Party;
let store: MemoryRemoteStore;
beforeEach(async () => {
  party = await createParty();
  store = createMemoryRemoteStore();
});
afterEach(() => party.dispose());

async function settle(...exchanges: readonly Pick<Exchange, 'run'>[]): Promise<void> {
  for (const exchange of exchanges) {
    party.clock.now += hourMs;
    expect(await exchange.run({ check: true })).toMatchObject({ error: null });
  }
}

/** A way of its own to another place. */
async function another({ circle }: PartyMember, place: MemoryRemoteStore): Promise<Exchange> {
  let kept: ExchangeState | null = null;
  const state = { load: async () => kept, save: async (next: ExchangeState) => void (kept = structuredClone(next)) };
  if (place.objects.size === 0) await claimStore({ store: place, circle, engine: party.engine });
  return createExchange({ circle, store: place, ...party.engine, state, clock: () => party.clock.now });
}

async function bringIn({ circle }: PartyMember, bytes: Uint8Array) {
  const content = await circle.blobs.put(bytes);
  const record = circle.newId();
  await circle.write([{ record, type: 'document', field: 'document', over: [], value: content }]);
  return { content, record };
}

async function erase({ circle }: PartyMember, record: RecordId, content: string): Promise<void> {
  const targets = circle.fold
    .record(record)!
    .fields.get('document')!
    .heads.map(({ id }) => id);
  const order = { record: circle.newId(), type: 'erasure', over: [] };
  await circle.write([
    { ...order, field: 'targets', value: targets },
    { ...order, field: 'originals', value: [content] },
  ]);
}

const blobs = (): string[] => [...store.objects.keys()].filter((name) => name.startsWith('blobs/'));

it('[SY93] is not put again by whoever was away and hears of the erasure from a relay alone', async () => {
  const [amina, bob, chen] = [
    await party.add('amina', store),
    await party.add('bob', store),
    await party.add('chen', store),
  ];
  const { content, record } = await bringIn(amina, new TextEncoder().encode('sent by mistake'));
  await settle(amina.exchange, bob.exchange, chen.exchange, amina.exchange);
  expect(blobs()).toHaveLength(1);
  // Amina goes elsewhere, and Chen exchanges at both places.
  const elsewhere = createMemoryRemoteStore();
  const [ofAmina, ofChen] = [await another(amina, elsewhere), await another(chen, elsewhere)];
  await settle(ofAmina, ofChen);
  await erase(amina, record, content);
  await settle(ofAmina, ofChen);
  await chen.exchange.learn(await ofChen.remembered());
  await settle(chen.exchange, chen.exchange);
  expect(blobs()).toEqual([]);
  const before = store.operations.length;
  await settle(bob.exchange);
  expect(await bob.circle.blobs.has(content)).toBe(false);
  const since = store.operations.slice(before).filter(({ operation }) => operation === 'putIfAbsent');
  expect(since.filter(({ name }) => name.startsWith('blobs/'))).toEqual([]);
  expect(blobs()).toEqual([]);
});

it('[SY93] goes with the copies that a sync tool made of its parts, whenever these appear', async () => {
  store = createMemoryRemoteStore(new Map(), { cheapReads: false, inParts: true });
  const amina = await party.add('amina', createPartedRemoteStore(store, null));
  const { content, record } = await bringIn(amina, new Uint8Array(randomBytes(largeBytes)));
  await settle(amina.exchange);
  const parts = new Map([...store.objects].filter(([name]) => name.startsWith('blobs/')));
  expect(parts.size).toBe(3);
  const copyAll = (ending: string): void => {
    for (const [name, bytes] of parts) store.objects.set(`${name}${ending}`, bytes);
  };
  copyAll(' (conflicted copy)');
  await erase(amina, record, content);
  await settle(amina.exchange);
  expect(blobs()).toEqual([]);
  copyAll('.sync-conflict-20261128');
  await settle(amina.exchange);
  expect(blobs()).toEqual([]);
});
