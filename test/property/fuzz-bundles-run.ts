/**
 * One seed of the bundle fuzz: three workbenches that never share a folder write each other bundles, for one partner or
 * for all, whole or in parts, and a bad post carries them: twice, late, in any order, cut short, damaged, or not at all.
 * An independent model keeps the values that were reported written. At the end each writes one bundle for each of the
 * others, those arrive, and all states must be equal and every value there.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBundleChannel, type BundleChannel } from '../../electron/services/exchange/bundle-channel.ts';
import { openBundle } from '../../electron/services/exchange/bundle-import.ts';
import { toErrorMessage } from '../../shared/contract/errors.ts';
import type { RecordId } from '../../shared/ids.ts';
import { overHeads } from '../../shared/records/writer.ts';
import { createParty, stateOf, type PartyMember } from '../fakes/exchange-party.ts';
import { createMemoryRemoteStore } from '../fakes/memory-remote-store.ts';
import { createRandom } from './fuzz-folder-run.ts';

export const bundleShapes = [
  'written',
  'forOne',
  'forAll',
  'split',
  'imported',
  'twice',
  'late',
  'lost',
  'truncated',
  'damaged',
  'forwarded',
  'original',
  'relearned',
] as const;
export type BundleShape = (typeof bundleShapes)[number];

export interface BundleFuzzOutcome {
  readonly seed: number;
  readonly counts: Readonly<Record<BundleShape, number>>;
  readonly values: number;
  /** Empty when everything held. */
  readonly failures: readonly string[];
}

interface Posted {
  readonly from: number;
  readonly to: number;
  readonly bytes: Uint8Array;
  arrived: number;
}

const names = ['amina', 'bob', 'chen'] as const;

export async function runBundleFuzz(seed: number, steps = 70): Promise<BundleFuzzOutcome> {
  const random = createRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const bytes = (length: number) => Uint8Array.from({ length }, () => below(256));
  const root = await mkdtemp(join(tmpdir(), 'workbench-bundles-'));
  const party = await createParty(bytes);
  const counts = Object.fromEntries(bundleShapes.map((shape) => [shape, 0])) as Record<BundleShape, number>;
  const failures: string[] = [];
  const written: { readonly value: string; readonly record: RecordId }[] = [];
  const contents: Uint8Array[] = [];
  const post: Posted[] = [];
  const members: PartyMember[] = [];
  const channels: BundleChannel[] = [];
  const kept: { outbox: unknown; memory: unknown }[] = [];

  function openChannel(index: number): void {
    const { circle, name } = members[index]!;
    const keep = (kept[index] ??= { outbox: null, memory: null });
    channels[index] = createBundleChannel({
      circle,
      engine: party.engine,
      folder: join(root, name),
      outboxState: {
        load: async () => keep.outbox,
        save: async (state) => void (keep.outbox = structuredClone(state)),
      },
      memory: { load: () => keep.memory, save: async (memory) => void (keep.memory = structuredClone(memory)) },
      clock: () => party.clock.now,
      random: bytes,
    });
  }

  async function write(by: number): Promise<void> {
    const { circle } = members[by]!;
    const known = written[below(written.length + 1)];
    const record = known && random() < 0.6 ? known.record : circle.newId();
    const value = `value ${written.length + 1} of seed ${seed}`;
    const over = overHeads(circle.fold, record, 'title');
    await circle.write([{ record, type: 'draft', field: 'title', over, value }]);
    written.push({ value, record });
    if (random() > 0.1) return;
    counts.original += 1;
    const content = new TextEncoder().encode(`original ${contents.length} of seed ${seed}`);
    contents.push(content);
    const document = await circle.blobs.put(content);
    await circle.write([{ record: circle.newId(), type: 'document', field: 'document', over: [], value: document }]);
  }

  async function send(from: number, to: number, forOne: boolean, maxBytes: number | null): Promise<Posted[]> {
    counts.written += 1;
    counts[forOne ? 'forOne' : 'forAll'] += 1;
    const person = forOne ? members[to]!.circle.person : null;
    const { files, parts } = await channels[from]!.write({ person, maxBytes });
    if (files.some((file, index) => file.length !== parts[index]!.sizeBytes))
      failures.push('a size was not as planned');
    if (files.length > 1) counts.split += 1;
    return files.map((file) => ({ from, to, bytes: file, arrived: 0 }));
  }

  async function arrive({ to, bytes: file }: Posted): Promise<void> {
    const content = openBundle('post', file, party.engine);
    const { setAside } = await channels[to]!.takeIn('post', content);
    const bad = setAside.filter(({ code }) => code !== 'gap');
    if (bad.length > 0) failures.push(`set aside: ${JSON.stringify(bad)}`);
    counts.imported += 1;
  }

  async function deliver(): Promise<void> {
    if (post.length === 0) return;
    const one = post[below(post.length)]!;
    const fate = random();
    if (fate < 0.1) {
      counts.lost += 1;
      post.splice(post.indexOf(one), 1);
      return;
    }
    if (fate < 0.25) {
      const isCut = random() < 0.5;
      counts[isCut ? 'truncated' : 'damaged'] += 1;
      const file = isCut ? one.bytes.slice(0, 8 + below(one.bytes.length - 8)) : one.bytes.slice();
      if (!isCut) file[8 + below(file.length - 8)]! ^= 1 << below(8);
      const before = stateOf(members[one.to]!);
      const code = await arrive({ ...one, bytes: file }).then(
        () => 'taken in',
        (error: unknown) => toErrorMessage(error).code,
      );
      if (code !== (isCut ? 'bundle-truncated' : 'bundle-damaged')) failures.push(`a bad bundle: ${code}`);
      if (stateOf(members[one.to]!) !== before) failures.push('a bad bundle changed something');
      return;
    }
    if (one.arrived > 0) counts.twice += 1;
    if (post.indexOf(one) < post.length - 1) counts.late += 1;
    // Somebody may hand a bundle on to whom it was not written for.
    const to = random() < 0.15 ? below(names.length) : one.to;
    if (to !== one.to) counts.forwarded += 1;
    one.arrived += 1;
    await arrive({ ...one, to });
    if (random() < 0.5) post.splice(post.indexOf(one), 1);
  }

  try {
    const unused = createMemoryRemoteStore();
    for (const [index, name] of names.entries()) {
      members.push(await party.add(name, unused));
      openChannel(index);
    }
    for (let step = 0; step < steps; step += 1) {
      party.clock.now += 60_000;
      const by = below(names.length);
      const what = random();
      if (what < 0.4) await write(by);
      else if (what < 0.65) {
        const to = (by + 1 + below(names.length - 1)) % names.length;
        const maxBytes = random() < 0.4 ? 1500 + below(3000) : null;
        post.push(...(await send(by, to, random() < 0.7, maxBytes)));
      } else if (what < 0.97) await deliver();
      else {
        // The program ends and is started again; or its catalogue and cache were deleted meanwhile.
        counts.relearned += 1;
        if (random() < 0.5) {
          kept[by] = { outbox: null, memory: null };
          await rm(join(root, names[by]!), { recursive: true, force: true });
        }
        openChannel(by);
      }
    }
    // Two rounds by each one's last receipts, in a chain: what the first wrote reaches the third through the second.
    const round = [
      [0, 1],
      [1, 2],
      [2, 1],
      [1, 0],
      [0, 2],
      [2, 0],
    ] as const;
    for (const [from, to] of [...round, ...round]) {
      const parts = await send(from, to, true, 2500);
      for (const part of parts.toReversed()) await arrive(part);
    }
    const [first, ...others] = members.map(stateOf);
    if (others.some((state) => state !== first)) failures.push('the states differ');
    for (const member of members) {
      for (const { value, record } of written) {
        const history = member.circle.fold.history(record, 'title');
        if (!history.some((version) => version.value === value)) failures.push(`${member.name} lacks ${value}`);
      }
      for (const content of contents) {
        const hash = Buffer.from(party.engine.crypto.sha256(content)).toString('hex');
        if (!(await member.circle.blobs.has(hash))) failures.push(`${member.name} lacks an original`);
      }
    }
    return { seed, counts, values: written.length, failures };
  } finally {
    await party.dispose();
    await rm(root, { recursive: true, force: true });
  }
}
