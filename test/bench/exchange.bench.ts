/**
 * What a one-sentence edit costs a remote, in a draft of 5,000 words that was exchanged before, and what its reader asks
 * for. Against the compressed size of the change itself, which no format can beat by much.
 */
import { brotliCompressSync } from 'node:zlib';
import { canonical } from '../../shared/records/canonical.ts';
import type { RecordId } from '../../shared/ids.ts';
import { parseObjectName } from '../../shared/sync/object-name.ts';
import { createMemoryRemoteStore } from '../fakes/memory-remote-store.ts';
import { createParty } from '../fakes/exchange-party.ts';
import { writeBlock } from './write-block.ts';

export interface BenchRow {
  readonly name: string;
  readonly figure: number;
  readonly baseline: number;
  readonly target: number;
}

const words =
  'the of and to in for digital development information society internet governance access countries capacity building ' +
  'stakeholders should ensure support review process implementation cooperation technology infrastructure knowledge ' +
  'inclusive sustainable through policies financing communities rights human future summit outcomes global regional ' +
  'national connectivity affordable skills data artificial intelligence trust security youth women rural education';
const vocabulary = words.split(' ');

/** Prose of about `count` words, different each time; `random` gives numbers from 0 to 1. */
function prose(count: number, random: () => number): string {
  const out: string[] = [];
  for (let index = 0; index < count; index += 1) out.push(vocabulary[Math.floor(random() * vocabulary.length)]!);
  return `${out.join(' ')}.`;
}

function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export async function run(): Promise<readonly BenchRow[]> {
  const random = mulberry(20261103);
  const party = await createParty();
  try {
    const store = createMemoryRemoteStore();
    const writer = await party.add('writer', store);
    const reader = await party.add('reader', store);
    const draft = writer.circle.newId();
    await writer.circle.write([{ record: draft, type: 'draft', field: 'title', over: [], value: 'Contribution' }]);
    const blocks: RecordId[] = [];
    // Fifty paragraphs of a hundred words, exchanged now and then as somebody writes them.
    for (let paragraph = 0; paragraph < 50; paragraph += 1) {
      const block = writer.circle.newId();
      await writeBlock(writer, block, draft, prose(100, random));
      blocks.push(block);
      if (paragraph % 5 === 4) await writer.exchange.run();
    }
    await reader.exchange.run();
    await writer.exchange.run();
    const costs: { bytes: number; change: number; listings: number; packed: boolean }[] = [];
    for (let edit = 0; edit < 20; edit += 1) {
      const block = blocks[Math.floor(random() * blocks.length)]!;
      await writeBlock(writer, block, draft, `${prose(85, random)} ${prose(15, random)}`);
      const tip = writer.circle.fold.tipsOf(writer.circle.replica)[0]!;
      const change = brotliCompressSync(canonical(await writer.circle.readChange(tip.hash))).length;
      const before = store.operations.length;
      const put = await writer.exchange.run();
      const objects = store.operations.slice(before).filter((each) => each.operation === 'putIfAbsent');
      const parsed = objects.map((each) => parseObjectName(each.name));
      const packed = parsed.some((each) => each?.kind === 'segment' && each.from < each.to);
      const got = await reader.exchange.run();
      costs.push({ bytes: put.bytesOut, change, listings: got.listings, packed });
    }
    if (process.env['BENCH_DETAIL']) console.table(costs);
    // Every fourth edit or so merges segments; the target is for an edit before any packing.
    const unpacked = costs.filter((cost) => !cost.packed).map((cost) => cost.bytes);
    const change = costs.reduce((sum, cost) => sum + cost.change, 0) / costs.length;
    const all = costs.reduce((sum, cost) => sum + cost.bytes, 0) / costs.length;
    return [
      {
        name: 'one edit of 100 words, bytes put (largest without packing)',
        figure: Math.max(...unpacked),
        baseline: Math.round(change),
        target: 1500,
      },
      {
        name: 'one edit of 100 words, bytes put (mean, packing included)',
        figure: Math.round(all),
        baseline: Math.round(change),
        target: 1500,
      },
      {
        name: 'one edit, listings by its reader',
        figure: Math.max(...costs.map((cost) => cost.listings)),
        baseline: 1,
        target: 1,
      },
    ];
  } finally {
    await party.dispose();
  }
}

if (import.meta.main) console.table(await run());
