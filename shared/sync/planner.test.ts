import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChangeHash, ReplicaId } from '../ids.ts';
import { nameOfSegment, type LiveSegment } from './manifest.ts';
import { headName } from './object-name.ts';
import { largestMergeBytes, pack } from './packing.ts';
import { olderThanSeen, planExchange, type OwnChain, type PlanView, type PublishedBranch } from './planner.ts';

const numRuns = Number(process.env['NUM_RUNS'] ?? 60);
const me = 'm'.repeat(26) as ReplicaId;
const earlier = 'e'.repeat(26) as ReplicaId;
const other = 'o'.repeat(26) as ReplicaId;
const tip = (name: string): ChangeHash => name.padEnd(52, 'a') as ChangeHash;
const live = (from: number, to: number, sizeBytes = 600): LiveSegment => {
  return { from, to, hash: `h${from}x${to}`.replaceAll(/[^a-z2-7]/g, 'q').padEnd(26, 'a'), sizeBytes };
};
const head = (replica: ReplicaId, seq: number): string => headName(replica, seq, 'h'.repeat(26));
const branch = (more: Partial<PublishedBranch> = {}): PublishedBranch => {
  return { replica: me, tip: tip('three'), seq: 3, head: head(me, 3), segments: [live(1, 3)], obsolete: [], ...more };
};
const chain = (more: Partial<OwnChain> = {}): OwnChain => {
  return { chain: tip('three'), replica: me, current: true, published: branch(), unsent: null, ...more };
};
const view = (more: Partial<PlanView> = {}): PlanView => ({
  ownReplicas: new Set([me, earlier]),
  chains: [chain()],
  listedHeads: [head(me, 3)],
  opened: new Map(),
  taken: new Set([head(me, 3)]),
  tried: new Set(),
  damaged: new Set(),
  has: () => false,
  heldTo: () => 0,
  missingBelow: () => [],
  endsOf: () => [],
  blobsToPut: [],
  blobsToGet: [],
  receiptDue: false,
  ...more,
});
const kinds = (more: Partial<PlanView>): string[] => planExchange(view(more)).map((step) => step.do);
const opened = (segments: readonly LiveSegment[]) => {
  const name = head(other, segments.at(-1)!.to);
  return new Map([[name, { name, replica: other, manifest: { tip: tip('theirs'), segments } }]]);
};

describe('planner', () => {
  it('[SY51] has nothing to do when nothing is new', () => {
    expect(kinds({})).toEqual([]);
  });

  it('[SY52] puts own work first, then asks for heads, then segments, originals, a receipt', () => {
    const unsent = { to: 4, sizeBytes: 600 };
    const everything: Partial<PlanView> = {
      listedHeads: [head(me, 3), head(other, 9)],
      opened: opened([live(1, 8)]),
      blobsToPut: ['a'],
      blobsToGet: ['b'],
      receiptDue: true,
    };
    expect(kinds({ ...everything, chains: [chain({ unsent })] })).toEqual(['putSegment', 'putHead', 'removeObsolete']);
    expect(kinds(everything)).toEqual(['getHead']);
    expect(kinds({ ...everything, listedHeads: [] })).toEqual(['getSegment']);
    expect(kinds({ ...everything, listedHeads: [], opened: new Map() })).toEqual(['putBlob', 'getBlob']);
    expect(kinds({ receiptDue: true })).toEqual(['putReceipt']);
  });

  it('[SY53] looks first at heads under our own name that we do not know', () => {
    const unknown = head(me, 7);
    const plan = planExchange(
      view({
        listedHeads: [head(me, 3), unknown, head(other, 1)],
        chains: [chain({ unsent: { to: 4, sizeBytes: 1 } })],
      }),
    );
    expect(plan).toEqual([{ do: 'getHead', name: unknown }]);
  });

  it('[SY53] puts branches of earlier replicas after everything was received', () => {
    const old = chain({
      chain: tip('old'),
      replica: earlier,
      current: false,
      published: null,
      unsent: { to: 2, sizeBytes: 9 },
    });
    expect(kinds({ chains: [chain(), old], listedHeads: [head(other, 1)] })).toEqual(['getHead']);
    expect(planExchange(view({ chains: [chain(), old] }))[0]).toMatchObject({
      do: 'putSegment',
      chain: tip('old'),
      from: 1,
      to: 2,
    });
  });

  it('[SY55] puts again what a check found damaged: the segment first, then the head', () => {
    const published = branch({ segments: [live(1, 2), live(3, 3)] });
    const bad = nameOfSegment(me, live(1, 2));
    expect(planExchange(view({ chains: [chain({ published })], damaged: new Set([bad]) }))).toEqual([
      {
        do: 'putSegment',
        chain: tip('three'),
        from: 1,
        to: 2,
        epoch: 1,
        before: [],
        after: [live(3, 3)],
        replaces: [bad],
      },
    ]);
    expect(kinds({ damaged: new Set([head(me, 3)]) })).toEqual(['putHead', 'removeObsolete']);
    expect(kinds({ chains: [chain({ published: branch({ head: null }) })] })).toEqual(['putHead', 'removeObsolete']);
    expect(kinds({ chains: [chain({ published: branch({ obsolete: ['segments/x'] }) })] })).toEqual(['removeObsolete']);
  });

  it('[SY26] [SY50] asks for the segments it lacks and no others', () => {
    const segments = [live(1, 8), live(9, 10), live(11, 11)];
    const names = (more: Partial<PlanView>): string[] =>
      planExchange(view({ opened: opened(segments), ...more })).map((step) =>
        step.do === 'getSegment' ? step.name : '',
      );
    const [one, two, three] = segments.map((segment) => nameOfSegment(other, segment));
    expect(names({})).toEqual([one, two, three]);
    expect(names({ heldTo: () => 10 })).toEqual([three]);
    expect(names({ heldTo: () => 10, missingBelow: () => [9], endsOf: () => [8, 10] })).toEqual([two, three]);
    expect(names({ has: () => true, heldTo: () => 11 })).toEqual([]);
    expect(names({ has: () => true, heldTo: () => 11, missingBelow: () => [4] })).toEqual([one]);
    expect(names({ tried: new Set([one!, two!, three!]) })).toEqual([]);
  });

  it('[SY57] asks for what stands below a missing change, which may be lost for good, and is not here', () => {
    const segments = [live(1, 3), live(4, 8), live(9, 10), live(11, 11)];
    const [one, two, three] = segments.map((segment) => nameOfSegment(other, segment));
    const below = (more: Partial<PlanView>): string[] =>
      planExchange(
        view({ opened: opened(segments), has: () => true, heldTo: () => 11, missingBelow: () => [10], ...more }),
      ).map((step) => (step.do === 'getSegment' ? step.name : ''));
    expect(below({ endsOf: () => [11] })).toEqual([one, two, three]);
    expect(below({ endsOf: () => [11], tried: new Set([three!]) })).toEqual([one, two]);
    expect(below({ endsOf: () => [3, 11] })).toEqual([two, three]);
    expect(below({ endsOf: () => [9, 11] })).toEqual([three]);
  });

  it('[SY27] asks for the last segment of a branch even where the other branch is longer', () => {
    const plan = planExchange(view({ opened: opened([live(1, 8), live(9, 10)]), heldTo: () => 40 }));
    expect(plan).toEqual([{ do: 'getSegment', name: nameOfSegment(other, live(9, 10)), head: head(other, 10) }]);
  });

  it('[SY57] notices when less is shown than before', () => {
    const seen = new Map([
      [me, 3],
      [other, 9],
      [earlier, 2],
    ]);
    expect(olderThanSeen([head(me, 3), head(other, 8), 'heads/stray (1)'], seen)).toEqual([
      { replica: other, seen: 9, listed: 8 },
      { replica: earlier, seen: 2, listed: 0 },
    ]);
  });
});

describe('order', () => {
  it('[SY64] gets the segments of whoever writes in what is open before those of others', () => {
    const heads = [other, earlier].map((replica) => {
      const name = head(replica, 8);
      return [name, { name, replica, manifest: { tip: tip(`of ${replica}`), segments: [live(1, 8)] } }] as const;
    });
    const names = (first: ReadonlySet<ReplicaId>): string[] =>
      planExchange(view({ opened: new Map(heads), first })).map((step) => ('name' in step ? step.name : step.do));
    const [a, b] = names(new Set());
    expect(a).toContain(other);
    expect(names(new Set([earlier]))).toEqual([b, a]);
  });
});

describe('packing', () => {
  it('[SY28] keeps few live segments and rewrites each change seldom, for edits of any sizes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 300, max: 20_000 }), { minLength: 1, maxLength: 400 }), (sizes) => {
        let segments: LiveSegment[] = [];
        let written = 0;
        for (const [index, size] of sizes.entries()) {
          const { keep, absorb } = pack(segments, size);
          expect([...keep, ...absorb]).toEqual(segments);
          const sizeBytes = size + absorb.reduce((sum, segment) => sum + segment.sizeBytes, 0);
          segments = [...keep, { ...live((keep.at(-1)?.to ?? 0) + 1, index + 1), sizeBytes }];
          written += sizeBytes;
        }
        const total = sizes.reduce((sum, size) => sum + size, 0);
        const classes = Math.log2(total / 256) / 2 + 1;
        expect(segments.length).toBeLessThanOrEqual(5 * classes);
        expect(written).toBeLessThanOrEqual(total * (classes + 1));
      }),
      { numRuns },
    );
  });

  it('[SY28] makes nothing too large to repeat', () => {
    const large = [1, 2, 3, 4].map((n) => live(n, n, largestMergeBytes / 2));
    expect(pack(large, largestMergeBytes / 2).absorb).toEqual([]);
  });
});
