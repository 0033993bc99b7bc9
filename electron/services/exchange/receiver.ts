/** Takes in what others have put: heads, the segments they name, originals. Nothing unverified passes here. */
import { hex } from './hex.ts';
import type { ReplicaId } from '../../../shared/ids.ts';
import type { StoredChange } from '../../../shared/records/change.ts';
import { decodeManifest, nameOfSegment } from '../../../shared/sync/manifest.ts';
import type { ObjectHeader, Result } from '../../../shared/sync/object-format.ts';
import { headName, nameHash, parseObjectName } from '../../../shared/sync/object-name.ts';
import { decodeChanges, type RelayedChanges } from '../../../shared/sync/relay.ts';
import type { SegmentChange } from '../../../shared/sync/segment-codec.ts';
import { referencedOriginals } from './blob-names.ts';
import { damageCodes, noteRead } from './damage-reports.ts';
import type { PublishedState } from './exchange-state.ts';
import { givesKey } from './own-chains.ts';
import type { ReadObject } from './object-reader.ts';
import { removeUnlessKept } from './remove-own.ts';
import { rememberProofs } from './relay-check.ts';
import { isWhole, setAside, type RunState } from './run-state.ts';
import { isVouchedFor } from './vouching.ts';

/** Changes are handed to the log together, so that joining does not wait for the disk once per segment. */
const batchChanges = 500;
/** Of chains that are not here whole, this much is held to be kept. */
const mostPartialBytes = 4 << 20;

/** A segment, and the head that names it. */
interface PartialSegment {
  readonly head: string;
  readonly changes: readonly SegmentChange[];
  readonly bytes: Uint8Array;
}

export interface Receiver {
  takeHead(name: string): Promise<void>;
  /** `head` is the one that names it. */
  takeSegment(name: string, head: string): Promise<void>;
  /** A segment that no head names: remembered, so that it is read once. */
  takeLoose(name: string, sizeBytes: number): Promise<void>;
  takeBlob(content: string): Promise<void>;
  /** Writes what was received to the log, and keeps the segments that nothing else will vouch for. */
  flush(): Promise<void>;
  /** Takes over opened heads of our own replicas that we do not remember having put. */
  adoptOwnHeads(): Promise<void>;
}

export function createReceiver(run: RunState): Receiver {
  const { circle, state } = run;
  let waiting: StoredChange[] = [];
  const adopted = new Set<string>();
  const partial = new Map<string, PartialSegment>();
  let partialBytes = 0;

  /** Null when it is not to be had, with the reason set aside. */
  async function read(name: string, foundAs?: string): Promise<ReadObject | null> {
    const result: Result<ReadObject> | null = await run.reader.read(name, foundAs);
    if (result) noteRead(run, name, result.ok ? null : result.problem.code);
    if (result?.ok) return result;
    if (result?.problem.code === 'key-missing') run.keyMissing.add(name);
    if (result) setAside(run, name, result.problem.code, result.problem.message);
    else setAside(run, name, 'missing', 'The object has not arrived on the remote yet, or was removed there.');
    return null;
  }

  async function openSegment(name: string): Promise<{
    readonly changes: readonly SegmentChange[];
    readonly bytes: Uint8Array;
    readonly key: boolean;
  } | null> {
    run.tried.add(name);
    const object = await read(name);
    if (!object) return null;
    const decoded = decodeChanges(object.body, object.header, run.opener);
    if (decoded.ok) {
      const { changes, head } = decoded;
      if (head !== null) noteRelayedHead(object.header, head);
      const key = object.header.kind === 'segment' && changes.some(({ stored }) => givesKey(stored));
      return { changes, bytes: object.bytes, key };
    }
    setAside(run, name, decoded.problem.code, decoded.problem.message);
    return null;
  }

  /** It vouches for the changes to others, too: whoever holds them can pass them on (SY62). */
  function noteRelayedHead(
    { origin, to }: ObjectHeader,
    { bytes, manifest }: NonNullable<RelayedChanges['head']>,
  ): void {
    const replica = origin!;
    const name = headName(replica, to, nameHash(run.engine.crypto.sha256(bytes)));
    run.relayedHeads.set(name, { name, replica, manifest, bytes });
  }

  function queue(changes: readonly SegmentChange[]): void {
    for (const change of changes) if (!circle.fold.has(change.hash)) waiting.push(change.stored);
  }

  async function writeWaiting(): Promise<void> {
    if (waiting.length === 0) return;
    const changes = waiting;
    waiting = [];
    run.received += (await circle.receive(changes)).added;
  }

  /** Whether the end that a head names is here with everything before it. */
  const isDone = ({ head }: PartialSegment): boolean => {
    const { replica, manifest } = run.opened.get(head)!;
    return isWhole(run, replica, manifest.tip);
  };

  /** As far as there is room: what is still to be read of a long chain stands on the remote as a rule. */
  function notePartial(name: string, segment: PartialSegment): void {
    if (partialBytes + segment.bytes.length > mostPartialBytes) {
      for (const [each, held] of partial) if (isDone(held)) partial.delete(each);
      partialBytes = [...partial.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
    }
    if (partialBytes + segment.bytes.length > mostPartialBytes) return;
    partial.set(name, segment);
    partialBytes += segment.bytes.length;
  }

  /** A head vouches for its chain once the end is here. Until then the segments of it are kept (SY62). */
  async function keepUnvouched(): Promise<void> {
    if (partial.size === 0) return;
    await rememberProofs(run);
    for (const [name, segment] of partial) {
      const { changes, bytes } = segment;
      const { replica } = run.opened.get(segment.head)!;
      const { hash, seq } = changes.at(-1)!;
      if (isDone(segment) || (await isVouchedFor({ replica, hash, seq }, state.proofs, run))) {
        partial.delete(name);
        delete state.loose[name];
      } else keepLoose(name, changes, bytes.length, bytes, false);
    }
  }

  async function flush(): Promise<void> {
    await writeWaiting();
    await keepUnvouched();
  }

  function keepLoose(
    name: string,
    changes: readonly SegmentChange[],
    sizeBytes: number,
    bytes: Uint8Array | null,
    key: boolean,
  ): void {
    const [first, last] = [changes[0], changes.at(-1)];
    if (!first || !last) return;
    const object = bytes === null ? state.loose[name]?.object : Buffer.from(bytes).toString('base64');
    const kept = object === undefined ? {} : { object, ...(key ? { key } : {}) };
    state.loose[name] = { sizeBytes, from: first.seq, tip: last.hash, ...kept };
  }

  return {
    flush,

    async adoptOwnHeads() {
      const own = new Set(circle.signers().map((signer) => signer.replica));
      for (const { name, replica, manifest } of run.opened.values()) {
        const known = state.published.some((branch) => branch.head === name || branch.obsolete.includes(name));
        if (known || adopted.has(name) || !own.has(replica) || !isWhole(run, replica, manifest.tip)) continue;
        adopted.add(name);
        await adopt({
          replica,
          tip: manifest.tip,
          seq: manifest.segments.at(-1)?.to ?? 0,
          head: name,
          headBytes: run.headSize(name),
          segments: [...manifest.segments],
          obsolete: [],
          erased: [],
        });
      }
    },

    async takeHead(name) {
      run.tried.add(name);
      const object = await read(name, run.foundAs(name));
      if (!object) return;
      const decoded = decodeManifest(object.body, object.header);
      const { replica } = object.header;
      if (!decoded.ok || replica === null) {
        if (!decoded.ok) setAside(run, name, decoded.problem.code, decoded.problem.message);
        return;
      }
      const { manifest } = decoded;
      run.opened.set(name, { name, replica, manifest });
      run.headBytes.set(name, object.bytes);
      state.seen[replica] = Math.max(state.seen[replica] ?? 0, object.header.to);
      if (!circle.signers().some((signer) => signer.replica === replica)) return;
      if (replica === circle.replica && !circle.fold.has(manifest.tip)) {
        const message =
          'Another copy of this profile, or this profile before it was restored, has exchanged here. From now on this ' +
          'device goes by a name of its own; both histories are kept.';
        run.notices.push({ object: name, code: 'replica-recognised-elsewhere', message });
        await circle.startNewReplica(replica);
      }
    },

    async takeSegment(name, head) {
      const opened = await openSegment(name);
      if (!opened) return;
      queue(opened.changes);
      if (opened.key) keepLoose(name, opened.changes, opened.bytes.length, opened.bytes, true);
      else notePartial(name, { head, ...opened });
      if (waiting.length >= batchChanges) await writeWaiting();
    },

    async takeLoose(name, sizeBytes) {
      const opened = await openSegment(name);
      if (!opened) return;
      const { changes, bytes, key } = opened;
      const { replica } = parseObjectName(name) as { readonly replica: ReplicaId };
      const { hash, seq } = changes.at(-1)!;
      const isKept = key || !(await isVouchedFor({ replica, hash, seq }, state.proofs, run));
      queue(changes);
      keepLoose(name, changes, sizeBytes, isKept ? bytes : null, key);
      if (waiting.length >= batchChanges) await writeWaiting();
    },

    async takeBlob(content) {
      run.tried.add(content);
      for (const name of run.originals.names(content)) {
        const result = await run.reader.read(name);
        if (!result) continue;
        noteRead(run, name, result.ok ? null : result.problem.code);
        if (!result.ok) {
          setAside(run, name, result.problem.code, result.problem.message);
          if (mayClearAway(result.problem.code)) await removeUnlessKept(run.store, name);
          continue;
        }
        if (hex(run.engine.crypto.sha256(result.body)) !== content) {
          setAside(run, name, 'forged', 'The original is not the one that its name stands for.');
          continue;
        }
        // It may have been erased while it was on its way, or while it was being written.
        if (!referencedOriginals(circle).has(content)) return;
        await circle.blobs.put(result.body);
        await circle.dropErasedOriginals();
        run.blobsReceived += 1;
        return;
      }
    },
  };

  /**
   * A hub takes an original away for those who brought it and for administrators; whoever else has it could not put it in
   * place of a damaged one (SY18). Where reading is cheap it may still be on its way.
   */
  function mayClearAway(code: string): boolean {
    if (run.refused !== null || run.store.capabilities.cheapReads || !damageCodes.has(code)) return false;
    return circle.fold.isAdministrator(circle.replica) && circle.fold.limitOf(circle.replica) === null;
  }

  /**
   * A head under a key of ours that we do not remember: what we remembered was lost, or it was put by another copy of this
   * profile. What it names is ours to look after, since nobody else may be left to do so.
   */
  async function adopt(found: PublishedState): Promise<void> {
    for (const branch of state.published) {
      if (branch.replica !== found.replica || branch.head === found.head) continue;
      if (branch.tip === found.tip) {
        // Two copies each put a head for one tip. Both may stand; only where ours is gone is the other taken over.
        if (branch.head !== null && !run.damaged.has(branch.head)) return;
        replace(branch, found);
        return;
      }
      if (await run.chains.isOn(found.tip, found.seq, branch.tip)) {
        branch.obsolete.push(found.head!);
        return;
      }
      if (await run.chains.isOn(branch.tip, branch.seq, found.tip)) {
        replace(branch, found);
        return;
      }
    }
    state.published.push(found);
  }

  /** `found` instead of `branch`; what only the latter named is superfluous. */
  function replace(branch: PublishedState, found: PublishedState): void {
    const live = new Set(found.segments.map((segment) => segment.hash));
    found.obsolete.push(...branch.obsolete, ...(branch.head === null ? [] : [branch.head]));
    for (const segment of branch.segments) {
      if (!live.has(segment.hash)) found.obsolete.push(nameOfSegment(branch.replica, segment));
    }
    state.published = [...state.published.filter((each) => each !== branch), found];
  }
}
