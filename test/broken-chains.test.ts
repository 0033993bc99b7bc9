/** Chains of which a part is lost for good: what is left of them still reaches everybody. Found by the fuzz. */
import { tmpdir } from 'node:os';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBundle } from '../electron/services/exchange/bundle-import.ts';
import { claimStore } from '../electron/services/exchange/circle-check.ts';
import { createExchange } from '../electron/services/exchange/exchange.ts';
import { createBundleChannel, type BundleChannel } from '../electron/services/exchange/bundle-channel.ts';
import { createParty, stateOf, writeNote, type Party, type PartyMember } from './fakes/exchange-party.ts';
import { createMemoryRemoteStore, type MemoryRemoteStore } from './fakes/memory-remote-store.ts';

const hourMs = 60 * 60 * 1000;
let party: Party;
let store: MemoryRemoteStore;
let outboxes: string;

beforeEach(async () => {
  party = await createParty();
  store = createMemoryRemoteStore();
  outboxes = await mkdtemp(join(tmpdir(), 'workbench-outboxes-'));
});
afterEach(async () => {
  await party.dispose();
  await rm(outboxes, { recursive: true, force: true });
});

async function exchange(member: PartyMember): Promise<void> {
  party.clock.now += 2 * hourMs;
  const { error } = await member.exchange.run({ check: true });
  if (error) throw error;
}

function bundlesOf({ circle, name }: PartyMember): BundleChannel {
  const state = { load: async () => null, save: async () => undefined };
  const memory = { load: () => null, save: async () => undefined };
  const folder = join(outboxes, name);
  const random = (lengthBytes: number): Uint8Array => party.engine.crypto.random(lengthBytes);
  const clock = (): number => party.clock.now;
  return createBundleChannel({ circle, engine: party.engine, folder, outboxState: state, memory, clock, random });
}

const titles = ({ circle }: PartyMember) =>
  circle.fold
    .recordsOfType('draft')
    .map((record) => record.fields.get('title')?.value)
    .sort();

/** Ana's objects that the store has now, and had not before. */
function since(before: ReadonlySet<string>, replica: string): string[] {
  return [...store.objects.keys()].filter((name) => !before.has(name) && name.includes(`/${replica}-`));
}

describe('a chain of which a part is lost for good', () => {
  /** Ben holds the first and the third of ana's notes; the second was lost, and then ana and her objects are. */
  async function lose(): Promise<{ ben: PartyMember }> {
    const founder = await party.add('founder', store);
    const ana = await party.add('ana', store);
    await writeNote(ana, 'First, kept');
    await exchange(founder);
    await exchange(ana);
    const ben = await party.add('ben', store);
    await exchange(ben);
    const before = new Set(store.objects.keys());
    await writeNote(ana, `Second, lost: ${'w '.repeat(2000)}`);
    await exchange(ana);
    const lost = since(before, ana.circle.replica).filter((name) => name.startsWith('segments/'));
    await writeNote(ana, 'Third, kept');
    await exchange(ana);
    expect(lost).toHaveLength(1);
    for (const name of lost) store.objects.delete(name);
    await exchange(ben);
    expect(titles(ben)).toEqual(['First, kept', 'Third, kept']);
    expect(ben.circle.fold.gaps()).toHaveLength(1);
    for (const name of [...store.objects.keys()])
      if (name.includes(`/${ana.circle.replica}-`)) store.objects.delete(name);
    return { ben };
  }

  it('[SY62] is passed on above the gap by whoever holds that (fuzz over all channels, seed 2)', async () => {
    const { ben } = await lose();
    for (let round = 0; round < 3; round += 1) await exchange(ben);
    const cho = await party.add('cho', store);
    for (const each of [cho, ben, cho]) await exchange(each);
    expect(titles(cho)).toEqual(['First, kept', 'Third, kept']);
    expect(stateOf(cho)).toEqual(stateOf(ben));
  });

  it('[SY57] is read below what is lost, also by who had first what stands above it (fuzz, seed 38)', async () => {
    const founder = await party.add('founder', store);
    const ana = await party.add('ana', store);
    await exchange(founder);
    const segmentsOf = (): string[] =>
      [...store.objects.keys()].filter((name) => name.startsWith(`segments/${ana.circle.replica}-`));
    const parts: string[][] = [];
    for (const text of ['First, kept', `Second, lost: ${'w '.repeat(2000)}`, 'Third, kept']) {
      const before = new Set(segmentsOf());
      await writeNote(ana, text);
      await ana.exchange.run();
      parts.push(segmentsOf().filter((name) => !before.has(name)));
    }
    const heads = [...store.objects.keys()].filter((name) => name.startsWith(`heads/${ana.circle.replica}-`));
    for (const name of parts[1]!) store.objects.delete(name);
    const late = new Map([...heads, ...parts[0]!].map((name) => [name, store.objects.get(name)!]));
    for (const name of late.keys()) store.objects.delete(name);
    const cho = await party.add('cho', store);
    await exchange(cho);
    expect(titles(cho)).toEqual(['Third, kept']);
    for (const [name, bytes] of late) store.objects.set(name, bytes);
    await exchange(cho);
    expect(titles(cho)).toEqual(['First, kept', 'Third, kept']);
  });

  describe('when its last head below the gap names less than came', () => {
    /** Ben has heard of the first note with a head of its own; the others came at once, and the third was lost. */
    async function loseLater(): Promise<PartyMember> {
      const ana = await party.add('ana', store);
      const ben = await party.add('ben', store);
      await writeNote(ana, 'First, kept');
      await exchange(ana);
      await exchange(ben);
      const lost: string[] = [];
      // Each much smaller than the one before: else they would be put together in one segment.
      const lengths = { 'Second, kept': 8000, 'Third, lost': 1000, 'Fourth, kept': 0 };
      for (const [text, words] of Object.entries(lengths)) {
        const before = new Set(store.objects.keys());
        const noise = Array.from({ length: words }, (_, at) => Math.imul(at + words, 2654435761).toString(36)).join(
          ' ',
        );
        await writeNote(ana, `${text}: ${noise}`);
        await exchange(ana);
        if (text === 'Third, lost') lost.push(...since(before, ana.circle.replica));
      }
      for (const name of lost.filter((each) => each.startsWith('segments/'))) store.objects.delete(name);
      await exchange(ben);
      expect(starts(ben)).toEqual(['First', 'Fourth', 'Second']);
      expect(ben.circle.fold.gaps()).toHaveLength(1);
      for (const name of [...store.objects.keys()])
        if (name.includes(`/${ana.circle.replica}-`)) store.objects.delete(name);
      return ben;
    }
    const starts = (member: PartyMember) => titles(member).map((title) => String(title).split(',')[0]);

    it('[SY62] is passed on whole, by what each head vouches for (fuzz, seed 16)', async () => {
      const ben = await loseLater();
      for (let round = 0; round < 3; round += 1) await exchange(ben);
      const cho = await party.add('cho', store);
      for (const each of [cho, ben, cho]) await exchange(each);
      expect(starts(cho)).toEqual(['First', 'Fourth', 'Second']);
      expect(stateOf(cho)).toEqual(stateOf(ben));
    });

    it('[SY73] [SY59] goes into bundles whole', async () => {
      const ben = await loseLater();
      const cho = await party.add('cho', createMemoryRemoteStore());
      const bundles = bundlesOf(ben);
      await bundles.shareWith(ben.exchange);
      const { files } = await bundles.write({ person: null, maxBytes: null });
      for (const bytes of files) await bundlesOf(cho).takeIn('post', openBundle('post', bytes, party.engine));
      expect(starts(cho)).toEqual(['First', 'Fourth', 'Second']);
    });
  });

  it('[SY73] goes into bundles above the gap', async () => {
    const { ben } = await lose();
    const cho = await party.add('cho', createMemoryRemoteStore());
    const bundles = bundlesOf(ben);
    await bundles.shareWith(ben.exchange);
    const { files } = await bundles.write({ person: null, maxBytes: null });
    for (const bytes of files) await bundlesOf(cho).takeIn('post', openBundle('post', bytes, party.engine));
    expect(titles(cho)).toEqual(['First, kept', 'Third, kept']);
  });

  it('[SY62] [SY59] is passed on from one channel to another where no head vouches for it (fuzz, seed 8)', async () => {
    const ana = await party.add('ana', store);
    const ben = await party.add('ben', store);
    const elsewhere = createMemoryRemoteStore();
    const cho = await party.add('cho', elsewhere);
    await claimStore({ store: elsewhere, circle: ben.circle, engine: party.engine });
    const state = { load: async () => null, save: async () => undefined };
    const clock = () => party.clock.now;
    const other = createExchange({ circle: ben.circle, store: elsewhere, ...party.engine, state, clock });
    await writeNote(ana, 'Without a head');
    await exchange(ana);
    for (const name of [...store.objects.keys()])
      if (name.startsWith(`heads/${ana.circle.replica}-`)) store.objects.delete(name);
    await exchange(ben);
    expect(titles(ben)).toEqual(['Without a head']);
    await other.learn(await ben.exchange.remembered());
    for (let round = 0; round < 3; round += 1) {
      party.clock.now += 2 * hourMs;
      await other.run({ check: true });
    }
    await exchange(cho);
    expect(titles(cho)).toEqual(['Without a head']);
  });

  it('[SY62] [SY73] is passed on as far as it came, when the part with its end was lost (fuzz, seed 12)', async () => {
    const ana = await party.add('ana', createMemoryRemoteStore());
    const ben = await party.add('ben', store);
    await claimStore({ store, circle: ben.circle, engine: party.engine });
    const bundles = bundlesOf(ana);
    let files: readonly Uint8Array[] = [];
    for (const text of ['First', 'Second', 'Third, lost']) {
      await writeNote(ana, text);
      ({ files } = await bundles.write({ person: null, maxBytes: 1 }));
    }
    const contents = files.map((bytes) => openBundle('post', bytes, party.engine));
    const numbers = contents.map(({ entries }) =>
      entries.flatMap(({ name }) => /^segments\/\w+-\d+-(\d+)-/.exec(name)?.slice(1).map(Number) ?? []),
    );
    expect(numbers.map(({ length }) => length)).toEqual([1, 1, 1]);
    const end = Math.max(...numbers.flat());
    const came = contents.filter((_, index) => !numbers[index]!.includes(end));
    const bens = bundlesOf(ben);
    for (const content of came) await bens.takeIn('post', content);
    expect(titles(ben)).toEqual(['First', 'Second']);
    const cho = await party.add('cho', createMemoryRemoteStore());
    const { files: passedOn } = await bens.write({ person: null, maxBytes: null });
    for (const bytes of passedOn) await bundlesOf(cho).takeIn('post', openBundle('post', bytes, party.engine));
    expect(titles(cho)).toEqual(['First', 'Second']);
    await bens.shareWith(ben.exchange);
    for (let round = 0; round < 2; round += 1) await exchange(ben);
    const dan = await party.add('dan', store);
    await exchange(dan);
    expect(titles(dan)).toEqual(['First', 'Second']);
    expect(dan.circle.fold.gaps()).toEqual([]);
    // With the end, its head vouches for all of it, and nothing needs to be kept.
    for (const content of contents) await bens.takeIn('post', content);
    await bens.shareWith(ben.exchange);
    await exchange(ben);
    expect(Object.values((await ben.exchange.remembered()).loose).some(({ object }) => object !== undefined)).toBe(
      false,
    );
    await exchange(ben);
    await exchange(dan);
    expect(titles(dan)).toEqual(['First', 'Second', 'Third, lost']);
  });
});
