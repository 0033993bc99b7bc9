/**
 * A circle's bundles: written from the outbox and the log, read as remotes. The outbox is a folder in the profile's cache
 * to which the circle's own chains are published exactly as to any folder, so that own objects keep their names from one
 * bundle to the next; it can be deleted at any time. What came from others is passed on in relays.
 */
import { mkdir, rm } from 'node:fs/promises';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { AbortSignalLike, Progress } from '../../../shared/contract/contract.ts';
import type { ChangeHash, RecordId, ReplicaId } from '../../../shared/ids.ts';
import { planParts, type PlannedPart } from '../../../shared/sync/bundle-parts.ts';
import { encodeBundle, type BundleContent } from '../../../shared/sync/bundle.ts';
import { decodeCircleObject } from '../../../shared/sync/circle-object.ts';
import type { Engine } from '../../../shared/sync/object-format.ts';
import { circleObjectName } from '../../../shared/sync/object-name.ts';
import { createOriginalsKnown } from './blob-names.ts';
import { gatherContents, type BundleContents, type BundleItem } from './bundle-contents.ts';
import { importBundle, type BundleBrought } from './bundle-import.ts';
import { loadBundleMemory, type BundleMemory, type BundleMemoryPort } from './bundle-memory.ts';
import { claimStore } from './circle-check.ts';
import type { ExchangeCircle } from './circle-port.ts';
import { forgetErased } from './erase-check.ts';
import { createExchange, type Exchange } from './exchange.ts';
import type { ExchangeState, ExchangeStatePort } from './exchange-state.ts';
import { createFolderRemoteStore } from './folder-remote-store.ts';
import { addHeld, devicesOf, heldTo, type Held } from './holdings.ts';
import { createOwnChains } from './own-chains.ts';
import { isPassed, isToBePassedOn } from './vouching.ts';

export interface BundleRequest {
  /** Only what this person's devices lack by their receipts; null for everything. */
  readonly person: RecordId | null;
  /** Null for one file of any size. */
  readonly maxBytes: number | null;
}

export interface BundlePlan {
  /** Changes and originals that it holds beyond what the person holds. */
  readonly changes: number;
  readonly originals: number;
  readonly basis: 'everything' | 'receipts';
  readonly parts: readonly { readonly sizeBytes: number }[];
}

export interface BundleChannel {
  /** What a bundle would hold; sizes are exact until something is written or received. */
  plan(request: BundleRequest): Promise<BundlePlan>;
  /** The files of a bundle, in order. Fails with `disk-full` or `destination-not-writable` of the profile's own disk. */
  write(request: BundleRequest): Promise<BundlePlan & { readonly files: readonly Uint8Array[] }>;
  takeIn(
    file: string,
    content: BundleContent,
    options?: { readonly signal?: AbortSignalLike; readonly onProgress?: (progress: Progress) => void },
  ): Promise<BundleBrought>;
  /**
   * How many of our changes a person lacks by the last receipt of theirs that holds least, and when that was written;
   * null when no receipt of theirs has come.
   */
  lackedBy(person: RecordId): Promise<{ readonly lacks: number; readonly at: number | null } | null>;
  /** Whether a device has said that it carried out an erasure. */
  hasErased(device: ReplicaId, erasure: RecordId): boolean;
  /** Drops what is kept for bundles and may hold erased values; it is made again from the log when it is needed. */
  dropErased(): Promise<void>;
  /** Whether a device of the person says that it has a change of the log; null when no receipt of theirs has come. */
  has(person: RecordId, change: ChangeHash): Promise<{ readonly has: boolean; readonly at: number | null } | null>;
  /** Takes over what an exchange another way has learned, and tells it what bundles have brought. */
  shareWith(exchange: Exchange): Promise<void>;
}

export interface BundleChannelOptions {
  readonly circle: ExchangeCircle;
  readonly engine: Engine;
  /** The outbox; made when it is first needed. */
  readonly folder: string;
  readonly outboxState: ExchangeStatePort;
  readonly memory: BundleMemoryPort;
  readonly clock: () => number;
  readonly random: (lengthBytes: number) => Uint8Array;
}

interface Gathered {
  readonly contents: BundleContents;
  readonly basis: BundlePlan['basis'];
}

export function createBundleChannel(options: BundleChannelOptions): BundleChannel {
  const { circle, engine, folder, clock, random } = options;
  const outbox = createFolderRemoteStore({ folder, owner: circle.replica, random });
  const state = options.outboxState;
  const exchange = createExchange({ circle, store: outbox, ...engine, state, clock, receiptIntervalMs: 0 });
  const chains = createOwnChains(circle);
  const originals = createOriginalsKnown(circle);
  const log = { circle, chains };
  const opener = { ...engine, circle: circle.id, keyOf: (epoch: number) => circle.keys.ofEpoch(epoch) };
  const memory: BundleMemory = loadBundleMemory(options.memory);
  let last: Promise<unknown> = Promise.resolve();

  /** One thing at a time: a bundle is written of a log that stands still for it, as far as bundles go. */
  function afterOthers<T>(act: () => Promise<T>): Promise<T> {
    const result = last.then(act);
    // The next one must not fail because this one did; whoever asked for this one hears of it.
    last = result.catch(() => undefined);
    return result;
  }

  /** Puts everything of ours into the outbox. `check` reads what stands there again. */
  async function publish(check: boolean): Promise<ExchangeState> {
    await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
      const message = `The folder ${folder} could not be made, so no bundle was written. Free some space, or check its permissions.`;
      throw new WorkbenchError('storage-unwritable', message, { folder }, { cause });
    });
    const bytes = await outbox.get(circleObjectName);
    const decoded = bytes && decodeCircleObject(bytes);
    if (!decoded?.ok || decoded.content.circle !== circle.id) {
      await outbox.removeOwn(circleObjectName);
      await claimStore({ store: outbox, circle, engine });
    }
    const { error } = await exchange.run({ check });
    if (error) throw error;
    return exchange.remembered();
  }

  async function heldBy(person: RecordId): Promise<Map<ReplicaId, Held>> {
    const held = new Map<ReplicaId, Held>();
    for (const device of await devicesOf(person, log)) {
      const known = memory.held[device];
      if (known) held.set(device, known);
    }
    return held;
  }

  async function gather({ person }: BundleRequest, check: boolean): Promise<Gathered> {
    const published = await publish(check);
    const held = person === null ? new Map<ReplicaId, Held>() : await heldBy(person);
    const { proofs, loose } = memory;
    const request = { circle, chains, originals, opener, outbox, published, proofs, loose, held };
    return { contents: await gatherContents(request), basis: held.size === 0 ? 'everything' : 'receipts' };
  }

  function partsOf({ contents }: Gathered, { maxBytes }: BundleRequest): readonly PlannedPart[] {
    return planParts({ ...contents, maxBytes });
  }

  function planOf({ contents, basis }: Gathered, parts: readonly PlannedPart[]): BundlePlan {
    const { changes } = contents;
    return {
      changes,
      originals: contents.originals.length,
      basis,
      parts: parts.map(({ sizeBytes }) => ({ sizeBytes })),
    };
  }

  /** Null when something in the outbox is not as it was put there. */
  async function encode(gathered: Gathered, parts: readonly PlannedPart[]): Promise<Uint8Array[] | null> {
    const { always, chains: found, originals: blobs } = gathered.contents;
    const bodies = found.flatMap(({ head, bodies: all }) => (head ? [head, ...all] : all));
    const items = new Map<string, BundleItem>([...always, ...bodies, ...blobs].map((item) => [item.name, item]));
    const files: Uint8Array[] = [];
    for (const [index, part] of parts.entries()) {
      const entries = [];
      for (const { name } of part.items) {
        const bytes = await items.get(name)!.load();
        if (!bytes) return null;
        entries.push({ name, bytes });
      }
      const content = { circle: circle.id, part: index + 1, parts: parts.length, entries };
      files.push(encodeBundle(content, engine.crypto.sha256));
    }
    return files;
  }

  async function addReceipts(receipts: ExchangeState['receipts']): Promise<boolean> {
    let isNews = false;
    for (const [device, { tips, at, lacks, erased }] of Object.entries(receipts)) {
      const added = await addHeld(memory.held[device], { tips, at, lacks, erased }, log);
      isNews ||= JSON.stringify(added) !== JSON.stringify(memory.held[device]);
      memory.held[device] = { tips: [...added.tips], at: added.at, lacks: [...added.lacks], erased: [...added.erased] };
    }
    return isNews;
  }

  /** Keeps of a state what lets others' changes be passed on. */
  async function addProofs({ proofs }: ExchangeState): Promise<boolean> {
    let isNews = false;
    for (const [tip, proof] of Object.entries(proofs)) {
      const at = tip as ChangeHash;
      if (memory.proofs[tip] || !circle.fold.has(at) || (await isPassed(at, proof, memory.proofs, chains))) continue;
      memory.proofs[tip] = proof;
      isNews = true;
    }
    for (const [tip, proof] of isNews ? Object.entries(memory.proofs) : [])
      if (await isPassed(tip as ChangeHash, proof, memory.proofs, chains)) delete memory.proofs[tip];
    return isNews;
  }

  /** Segments that go along as they are: whoever a bundle is for may lack them. */
  async function addLoose({ loose }: ExchangeState): Promise<boolean> {
    let isNews = false;
    for (const [name, entry] of Object.entries(loose)) {
      if (memory.loose[name] || !(await isToBePassedOn(name, entry, memory.proofs, log))) continue;
      memory.loose[name] = entry;
      isNews = true;
    }
    return isNews;
  }

  return {
    plan: (request) =>
      afterOthers(async () => {
        const gathered = await gather(request, false);
        return planOf(gathered, partsOf(gathered, request));
      }),
    write: (request) =>
      afterOthers(async () => {
        for (const check of [false, true]) {
          const gathered = await gather(request, check);
          const parts = partsOf(gathered, request);
          const files = await encode(gathered, parts);
          if (files) return { ...planOf(gathered, parts), files };
        }
        const message = `What is kept for bundles in ${folder} cannot be read back. Nothing is lost; check the disk and write the bundle again.`;
        throw new WorkbenchError('storage-damaged', message, { folder });
      }),
    takeIn: (file, content, request = {}) =>
      afterOthers(async () => {
        const from = { circle, engine, chains, originals, memory, clock, file, content, ...request };
        const { brought, state: learned } = await importBundle(from);
        await addReceipts(learned.receipts);
        memory.proofs = learned.proofs;
        memory.toldForks = learned.toldForks;
        memory.loose = {};
        for (const [name, entry] of Object.entries(learned.loose)) {
          const isKept = entry.object !== undefined && (await isToBePassedOn(name, entry, learned.proofs, log));
          if (isKept) memory.loose[name] = entry;
        }
        await options.memory.save(memory);
        return brought;
      }),
    async lackedBy(person) {
      const held = await heldBy(person);
      if (held.size === 0) return null;
      let worst: { lacks: number; at: number | null } = { lacks: -1, at: null };
      for (const [device, tips] of held) {
        let lacks = 0;
        for (const { replica } of circle.signers()) {
          for (const end of circle.fold.tipsOf(replica)) lacks += end.seq - (await heldTo(device, tips, end, log));
        }
        if (lacks > worst.lacks) worst = { lacks, at: tips.at };
      }
      return worst;
    },
    hasErased: (device, erasure) => memory.held[device]?.erased.includes(erasure) === true,
    dropErased: () =>
      afterOthers(async () => {
        await rm(folder, { recursive: true, force: true });
        if (await forgetErased(memory.loose, { circle, chains, opener })) await options.memory.save(memory);
      }),
    async has(person, change) {
      const held = await heldBy(person);
      if (held.size === 0) return null;
      const end = { hash: change, ...(await chains.at(change)) };
      let latest: number | null = null;
      let found = false;
      for (const [device, tips] of held) {
        latest = tips.at === null ? latest : Math.max(latest ?? tips.at, tips.at);
        found ||= (await heldTo(device, tips, end, log)) >= end.seq;
      }
      return { has: found, at: latest };
    },
    shareWith: (other) =>
      afterOthers(async () => {
        const remembered = await other.remembered();
        let isNews = await addReceipts(remembered.receipts);
        isNews = (await addProofs(remembered)) || isNews;
        isNews = (await addLoose(remembered)) || isNews;
        if (isNews) await options.memory.save(memory);
        await other.learn(memory);
      }),
  };
}
