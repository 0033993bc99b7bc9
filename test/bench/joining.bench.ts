/**
 * What it costs to join a circle of fifty devices that have exchanged ten thousand edits, one by one: requests and bytes,
 * against all changes compressed in one piece, which no exchange of separate devices can beat by much; and what an idle
 * check costs afterwards. `BENCH_DEVICES` and `BENCH_EDITS` (each device's) make it smaller.
 */
import { brotliCompressSync, constants } from 'node:zlib';
import { canonical } from '../../shared/records/canonical.ts';
import { overHeads } from '../../shared/records/writer.ts';
import type { RecordId } from '../../shared/ids.ts';
import type { RemoteStore } from '../../shared/sync/remote-store.ts';
import { createMemoryRemoteStore, type MemoryRemoteStore } from '../fakes/memory-remote-store.ts';
import { createParty, type PartyMember } from '../fakes/exchange-party.ts';
import type { BenchRow } from './exchange.bench.ts';
import { paragraphs, seeded } from './prose.ts';

const devices = Number(process.env['BENCH_DEVICES'] ?? 50);
const edits = Number(process.env['BENCH_EDITS'] ?? 200);

/** Shows a device its own objects alone: what it would read of the others is not what is measured here. */
function ownPart(store: MemoryRemoteStore, replica: () => string): RemoteStore {
  return {
    ...store,
    list: async (prefix, signal) => (await store.list(prefix, signal)).filter(({ name }) => name.includes(replica())),
  };
}

async function edit(member: PartyMember, block: RecordId, draft: RecordId, text: string): Promise<void> {
  const { circle } = member;
  const set = (field: string, value: unknown) => ({
    ...{ record: block, type: 'block', field, value: value as string },
    over: overHeads(circle.fold, block, field),
  });
  const content = set('text', { content: [{ t: 'text', s: text }] });
  const isNew = circle.fold.record(block) === null;
  await circle.write(isNew ? [set('draft', draft), set('style', { kind: 'paragraph' }), content] : [content]);
}

export async function run(): Promise<readonly BenchRow[]> {
  const party = await createParty();
  try {
    // As over a network: what stands there is not read again to see whether it still does.
    const store = createMemoryRemoteStore(new Map(), { cheapReads: false });
    const changes: string[] = [];
    const random = seeded(20261127);
    const text = (): string => paragraphs(1, 40, random)[0]!;
    for (let device = 0; device < devices; device += 1) {
      let replica = '';
      const member = await party.add(`device ${device}`, device === 0 ? store : ownPart(store, () => replica));
      replica = member.circle.replica;
      const { circle } = member;
      const draft = circle.newId();
      const blocks = Array.from({ length: 20 }, () => circle.newId());
      await circle.write([{ record: draft, type: 'draft', field: 'title', over: [], value: `Draft ${device}` }]);
      for (let index = 0; index < edits; index += 1) {
        await edit(member, blocks[index % blocks.length]!, draft, text());
        await member.exchange.run();
      }
      const [tip] = circle.fold.tipsOf(replica as never);
      const chain: string[] = [];
      for (let hash = tip?.hash ?? null; hash !== null;) {
        const change = await circle.readChange(hash);
        chain.push(canonical(change));
        hash = change.skeleton.prev;
      }
      changes.push(...chain.reverse());
      // The newcomer is founded upon the first device.
      if (device > 0) await party.close(member);
    }
    const compressed = brotliCompressSync(changes.join('\n'), {
      params: { [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_QUALITY]: 9 },
    }).length;
    const segments = [...store.objects.keys()].filter((name) => name.startsWith('segments/')).length;
    const newcomer = await party.add('newcomer', store);
    store.operations.length = 0;
    const joined = await newcomer.exchange.run();
    const requests = store.operations.length;
    store.operations.length = 0;
    await newcomer.exchange.run();
    const idle = store.operations.length;
    if (process.env['BENCH_DETAIL']) console.log({ changes: changes.length, segments, compressed, ...joined });
    const what = `${devices} devices, ${changes.length} changes`;
    return [
      { name: `joining ${what}: bytes read`, figure: joined.bytesIn, baseline: compressed, target: compressed * 1.3 },
      { name: `joining ${what}: requests`, figure: requests, baseline: segments + devices, target: 500 },
      { name: 'an idle check: requests', figure: idle, baseline: 1, target: 1 },
    ];
  } finally {
    await party.dispose();
  }
}

if (import.meta.main) console.table(await run());
