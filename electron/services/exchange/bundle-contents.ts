/** What goes into a bundle: rules SY73 and SY74 of shared/sync/SPEC.md. */
import type { ChangeHash, ReplicaId } from '../../../shared/ids.ts';
import type { PartItem } from '../../../shared/sync/bundle-parts.ts';
import { nameOfSegment } from '../../../shared/sync/manifest.ts';
import { openObject, sealObject, type Opener } from '../../../shared/sync/object-format.ts';
import { circleObjectName, parseObjectName, receiptName } from '../../../shared/sync/object-name.ts';
import { encodeRelay } from '../../../shared/sync/relay.ts';
import type { RemoteStore } from '../../../shared/sync/remote-store.ts';
import { encodeSegment } from '../../../shared/sync/segment-codec.ts';
import type { OriginalsKnown } from './blob-names.ts';
import type { ExchangeCircle } from './circle-port.ts';
import type { ExchangeState } from './exchange-state.ts';
import { heldTo, type ChainEnd, type Held } from './holdings.ts';
import type { OwnChains } from './own-chains.ts';
import { isPassed } from './vouching.ts';

export interface BundleItem extends PartItem {
  /** Null when it does not stand in the outbox as it should. */
  load(): Promise<Uint8Array | null>;
}

export interface BundleContents {
  readonly always: readonly BundleItem[];
  readonly chains: readonly { readonly head: BundleItem | null; readonly bodies: readonly BundleItem[] }[];
  readonly originals: readonly BundleItem[];
  /** Changes that whoever it is for lacks, going by the receipts. */
  readonly changes: number;
}

export interface ContentsRequest {
  readonly circle: ExchangeCircle;
  readonly chains: OwnChains;
  readonly originals: OriginalsKnown;
  readonly opener: Opener;
  /** Own objects, all published there. */
  readonly outbox: RemoteStore;
  readonly published: ExchangeState;
  readonly proofs: ExchangeState['proofs'];
  readonly loose: ExchangeState['loose'];
  /** What each device of the reader holds; empty for everything. */
  readonly held: ReadonlyMap<ReplicaId, Held>;
}

export async function gatherContents(request: ContentsRequest): Promise<BundleContents> {
  const { circle, chains, opener, outbox, published, held } = request;
  const own = new Set(circle.signers().map((signer) => signer.replica));
  const gaps = new Set(circle.fold.gaps().map(({ replica }) => replica));
  const gathered: { head: BundleItem | null; bodies: BundleItem[] }[] = [];
  let changes = 0;

  /** Up to where every device holds the chain. */
  async function heldByAll(end: ChainEnd): Promise<number> {
    let lowest = held.size === 0 ? 0 : Infinity;
    for (const [device, tips] of held) lowest = Math.min(lowest, await heldTo(device, tips, end, request));
    return lowest;
  }

  function fromOutbox(name: string, sizeBytes: number): BundleItem {
    return {
      name,
      sizeBytes,
      async load() {
        const bytes = await outbox.get(name);
        const isSound =
          bytes?.length === sizeBytes && (name === circleObjectName || openObject(bytes, name, opener).ok);
        return isSound ? bytes : null;
      },
    };
  }
  const atHand = (name: string, bytes: Uint8Array): BundleItem => ({
    name,
    sizeBytes: bytes.length,
    load: async () => bytes,
  });

  async function ownChains(): Promise<void> {
    for (const { replica, tip, seq, head, headBytes, segments } of published.published) {
      const from = (await heldByAll({ replica, hash: tip, seq })) + 1;
      if (head === null || from > seq) continue;
      changes += seq - from + 1;
      const lacking = segments.filter((segment) => segment.to >= from);
      gathered.push({
        head: fromOutbox(head, headBytes),
        bodies: lacking.map((segment) => fromOutbox(nameOfSegment(replica, segment), segment.sizeBytes)),
      });
    }
  }

  async function relayed(proof: ExchangeState['proofs'][string], end: ChainEnd): Promise<void> {
    // Of a chain with a gap, what is here above it.
    const first = gaps.has(end.replica) ? await chains.heldFrom(end.hash) : 1;
    const from = Math.max(first, (await heldByAll(end)) + 1);
    if (from > end.seq) return;
    changes += end.seq - from + 1;
    const head = new Uint8Array(Buffer.from(proof.object, 'base64'));
    const body = encodeRelay(head, encodeSegment(await chains.read(end.hash, from, end.seq)));
    const { epoch, key } = circle.keys.current();
    const signer = circle.signers().find((each) => each.replica === circle.replica)!;
    const about = { kind: 'relay', circle: circle.id, epoch, key, signer, origin: end.replica } as const;
    const relay = sealObject({ ...about, from, to: end.seq, body }, opener);
    gathered.push({ head: atHand(proof.name, head), bodies: [atHand(relay.name, relay.bytes)] });
  }

  /** Of each end of a chain, the newest head that vouches for it or for what is before it. */
  async function othersChains(): Promise<void> {
    for (const replica of circle.fold.replicas()) {
      if (own.has(replica) && !gaps.has(replica)) continue;
      for (const [tip, proof] of Object.entries(request.proofs).sort(([, a], [, b]) => b.seq - a.seq)) {
        const hash = tip as ChangeHash;
        if (proof.replica !== replica || !circle.fold.has(hash)) continue;
        if (!(await isPassed(hash, proof, request.proofs, chains)))
          await relayed(proof, { replica, hash, seq: proof.seq });
      }
    }
  }

  async function looseSegments(): Promise<void> {
    for (const [name, { object, from, tip, key }] of Object.entries(request.loose)) {
      const parsed = parseObjectName(name);
      if (object === undefined || parsed?.kind !== 'segment' || !circle.fold.has(tip)) continue;
      if (own.has(parsed.replica) && !gaps.has(parsed.replica)) continue;
      const holds = await heldByAll({ replica: parsed.replica, hash: tip, seq: parsed.to });
      if (holds >= parsed.to) continue;
      // What gives a key goes along in a relay too, which opens only with that key.
      if (key !== true) changes += parsed.to - Math.max(from - 1, holds);
      gathered.push({ head: null, bodies: [atHand(name, new Uint8Array(Buffer.from(object, 'base64')))] });
    }
  }

  /** Those whose records are not held, and those that a receipt asks for. */
  async function originalsLacking(): Promise<BundleItem[]> {
    const lacking = new Map<string, BundleItem>();
    for (const record of circle.fold.recordsOfType('document')) {
      for (const { value, versions } of record.fields.get('document')?.values ?? []) {
        if (typeof value !== 'string' || !(await request.originals.isHere(value))) continue;
        const name = request.originals.names(value).find((each) => each in published.blobs);
        if (name === undefined) continue;
        const isAskedFor = [...held.values()].some(({ lacks }) => lacks.includes(value));
        if (isAskedFor) lacking.set(name, fromOutbox(name, published.blobs[name]!));
        for (const version of versions) {
          const at = { replica: version.replica, hash: version.change, seq: version.seq };
          if ((await heldByAll(at)) < at.seq) lacking.set(name, fromOutbox(name, published.blobs[name]!));
        }
      }
    }
    return [...lacking.values()];
  }

  await ownChains();
  await othersChains();
  await looseSegments();
  const always: BundleItem[] = [];
  const names = [circleObjectName];
  if (published.receipt) names.push(receiptName(circle.replica, published.receipt.number));
  for (const name of names) {
    const bytes = await outbox.get(name);
    if (bytes) always.push(fromOutbox(name, bytes.length));
  }
  return { always, chains: gathered, originals: await originalsLacking(), changes };
}
