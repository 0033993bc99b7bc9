/**
 * Puts what is ours on the remote. Before an object is put its name is remembered as announced, and only afterwards as
 * published: after a crash between the two it is removed again instead of lying there for ever.
 */
import { hashText } from '../../../shared/records/canonical.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { creatorOf, type ChangeHash, type RecordId, type ReplicaId } from '../../../shared/ids.ts';
import { encodeManifest, encodeReceipt, firstEpoch, type LiveSegment } from '../../../shared/sync/manifest.ts';
import { sealBlob, sealObject, type SealedObject } from '../../../shared/sync/object-format.ts';
import { parseObjectName, receiptName } from '../../../shared/sync/object-name.ts';
import type { Step } from '../../../shared/sync/planner.ts';
import type { Signer } from '../../../shared/sync/sealing-crypto.ts';
import { encodeSegment } from '../../../shared/sync/segment-codec.ts';
import { referencedOriginals } from './blob-names.ts';
import { damageToName } from './damage-reports.ts';
import { droppedVersions } from './erase-check.ts';
import type { PublishedState } from './exchange-state.ts';
import type { OwnTip } from './own-chains.ts';
import { removeUnlessKept } from './remove-own.ts';
import type { RunState } from './run-state.ts';

export interface Publisher {
  putSegment(step: Extract<Step, { do: 'putSegment' }>, tip: OwnTip): Promise<void>;
  putHead(tip: OwnTip): Promise<void>;
  removeObsolete(tip: OwnTip): Promise<void>;
  putBlob(content: string): Promise<void>;
  putReceipt(): Promise<void>;
  receiptDue(): Promise<boolean>;
  /** Removes what was announced and not known to have been put: a run was cut between the two. */
  removeAnnounced(): Promise<void>;
}

export function createPublisher(run: RunState): Publisher {
  const { circle, store, engine, state, save } = run;
  /** Branches that this run began, by the end of their chain. */
  const begun = new Map<ChangeHash, PublishedState>();

  function signerOf(replica: ReplicaId): Signer {
    const signer = circle.signers().find((each) => each.replica === replica);
    if (!signer) throw new WorkbenchError('internal', `The key of device ${replica} is not in this profile.`);
    return signer;
  }

  /** The published branch that a chain carries on. One that nothing was put of yet is remembered from its first segment. */
  function branchOf(tip: OwnTip): PublishedState {
    const known = tip.published ?? begun.get(tip.tip);
    if (known) return known;
    const { replica } = tip;
    // What is put from now on comes from a log without them.
    const erased = droppedVersions(circle);
    const branch = { replica, tip: tip.tip, seq: 0, head: null, headBytes: 0, segments: [], obsolete: [], erased };
    begun.set(tip.tip, branch);
    return branch;
  }

  /** Puts an object whose name is a hash of its bytes; what stands there under that name and is not it, is replaced. */
  async function put({ name, bytes }: SealedObject): Promise<void> {
    if ((await store.putIfAbsent(name, bytes, run.signal)) === 'present') {
      const there = await run.reader.bytes(name);
      if (there && there.length === bytes.length && there.every((byte, index) => byte === bytes[index])) return;
      await store.removeOwn(name);
      await store.putIfAbsent(name, bytes, run.signal);
    }
    run.traffic.bytesOut += bytes.length;
  }

  /** `published` makes the object known as ours, at once with it being no longer merely announced. */
  async function putAnnounced(object: SealedObject, published: () => void): Promise<void> {
    state.announced.push(object.name);
    await save();
    await put(object);
    state.announced = state.announced.filter((name) => name !== object.name);
    published();
    await save();
  }

  interface Sealing {
    readonly kind: 'head' | 'segment' | 'receipt';
    readonly replica: ReplicaId;
    readonly from: number;
    readonly to: number;
    readonly body: Uint8Array;
    /** The current one when not given. */
    readonly epoch?: number;
  }

  function seal({ replica, epoch: chosen, ...about }: Sealing): SealedObject {
    const now = circle.keys.current();
    const { epoch, key } = chosen === undefined ? now : { epoch: chosen, key: circle.keys.ofEpoch(chosen) ?? now.key };
    return sealObject({ ...about, circle: circle.id, epoch, key, signer: signerOf(replica) }, engine);
  }

  /** Whoever waits for a key may have opened an epoch that nobody has heard of: this one everybody can read. */
  function epochOfReceipt(): { readonly epoch: number } | null {
    if (run.refused?.code !== 'key-missing') return null;
    const put = state.published.flatMap(({ segments }) => segments.map(({ epoch = firstEpoch }) => epoch));
    return { epoch: Math.max(firstEpoch, ...put) };
  }

  return {
    async putSegment(step, tip) {
      const branch = branchOf(tip);
      const changes = await run.chains.read(tip.tip, step.from, step.to);
      const { from, to, epoch } = step;
      const object = seal({ kind: 'segment', replica: tip.replica, from, to, body: encodeSegment(changes), epoch });
      const parsed = parseObjectName(object.name);
      const hash = parsed?.kind === 'segment' ? parsed.hash : '';
      const sealedIn = epoch === firstEpoch ? {} : { epoch };
      const segment: LiveSegment = { from, to, hash, sizeBytes: object.bytes.length, ...sealedIn };
      await putAnnounced(object, () => {
        branch.segments = [...step.before, segment, ...step.after];
        branch.obsolete.push(...step.replaces, ...(branch.head === null ? [] : [branch.head]));
        branch.head = null;
        if (step.to > branch.seq) {
          run.sent += step.to - branch.seq;
          branch.seq = step.to;
          branch.tip = tip.unsent[tip.unsent.length - 1 - (tip.seq - step.to)] ?? tip.tip;
        }
        if (!state.published.includes(branch)) state.published.push(branch);
      });
      for (const name of step.replaces) run.damaged.delete(name);
    },

    async putHead(tip) {
      const branch = branchOf(tip);
      const body = encodeManifest({ tip: branch.tip, segments: branch.segments });
      const object = seal({ kind: 'head', replica: tip.replica, from: 1, to: branch.seq, body });
      await putAnnounced(object, () => {
        if (branch.head !== null) {
          branch.obsolete.push(branch.head);
          run.damaged.delete(branch.head);
        }
        branch.head = object.name;
        branch.headBytes = object.bytes.length;
        state.taken[object.name] = { replica: tip.replica, seq: branch.seq, tip: branch.tip };
        state.seen[tip.replica] = Math.max(state.seen[tip.replica] ?? 0, branch.seq);
      });
      if (tip.replica === circle.replica) await circle.notePublished(branch.tip);
    },

    async removeObsolete(tip) {
      const branch = branchOf(tip);
      // Heads first: a head that stands must not name a segment that is gone.
      const names = [...new Set(branch.obsolete)].sort();
      for (const name of names) {
        if (await removeUnlessKept(store, name)) delete state.taken[name];
        else if (name.startsWith('segments/')) branch.kept = [...(branch.kept ?? []), name];
        // The listing of this run still shows it.
        run.tried.add(name);
      }
      branch.obsolete = [];
      await save();
    },

    async removeAnnounced() {
      for (const name of state.announced) {
        await removeUnlessKept(store, name);
        run.tried.add(name);
      }
      state.announced = [];
    },

    async putBlob(content) {
      run.tried.add(content);
      const bytes = await circle.blobs.get(content);
      if (!bytes) {
        run.originals.forget(content);
        return;
      }
      const { epoch, key } = circle.keys.current();
      const object = sealBlob({ circle: circle.id, epoch, key, content: bytes }, engine);
      const standing = await sizeOfStanding(object);
      const isPut = standing === null && (await store.putIfAbsent(object.name, object.bytes, run.signal)) === 'stored';
      if (isPut) run.traffic.bytesOut += object.bytes.length;
      state.blobs[object.name] = standing ?? object.bytes.length;
      await save();
    },

    async putReceipt() {
      const { tips, lacks } = await holdings();
      const erased = run.erased();
      const damaged = damageToName(run);
      const before = state.receipt?.number ?? 0;
      let number = before + 1;
      const object = (): SealedObject =>
        seal({
          ...epochOfReceipt(),
          kind: 'receipt',
          replica: circle.replica,
          from: number,
          to: number,
          body: encodeReceipt({ tips, erased, at: run.clock(), lacks, damaged }),
        });
      let sealed = object();
      while ((await store.putIfAbsent(sealed.name, sealed.bytes, run.signal)) === 'present') {
        // What was remembered is older than what was put: the numbers taken are on the remote.
        number = 1 + (await highestReceipt());
        if (run.tried.has(`receipt ${number}`)) break;
        run.tried.add(`receipt ${number}`);
        sealed = object();
      }
      run.traffic.bytesOut += sealed.bytes.length;
      state.receipt = {
        number,
        at: run.clock(),
        tips: digest([...tips, ...lacks]),
        erased: digest(erased),
        damaged: digest(damaged),
        submissions: digest(othersSubmissions()),
      };
      if (before > 0) await store.removeOwn(receiptName(circle.replica, before));
      await save();
    },

    async receiptDue() {
      const last = state.receipt;
      const elapsedMs = last ? run.clock() - last.at : run.receiptIntervalMs;
      // Whoever had something erased waits for this.
      const erased = run.erased();
      if (erased.length > 0 && (last?.erased ?? '') !== digest(erased)) return true;
      // And nobody else will tell its owner.
      const damaged = damageToName(run);
      if (damaged.length > 0 && (last?.damaged ?? '') !== digest(damaged)) return true;
      // Whoever has submitted something waits to hear that it has come.
      const submissions = othersSubmissions();
      if (submissions.length > 0 && (last?.submissions ?? '') !== digest(submissions)) return true;
      // A clock set back must not silence receipts until it has caught up.
      if (elapsedMs >= 0 && elapsedMs < run.receiptIntervalMs) return false;
      const { tips, lacks } = await holdings();
      return last?.tips !== digest([...tips, ...lacks]);
    },
  };

  /**
   * Of an original that somebody has put already, so that it is not sent again; null where none stands that opens. Its size
   * may be another than ours would have: programs compress alike and not the same.
   */
  async function sizeOfStanding({ name, bytes }: SealedObject): Promise<number | null> {
    const listed = (await run.reader.list('blobs/')).objects.get(name);
    if (listed?.foundAs !== name || run.tried.has(name)) return null;
    if (listed.sizeBytes === bytes.length || (await run.reader.read(name))?.ok === true) return listed.sizeBytes;
    return (await removeUnlessKept(store, name)) ? null : listed.sizeBytes;
  }

  function othersSubmissions(): RecordId[] {
    const own = new Set<string>(circle.signers().map((signer) => signer.replica));
    const all = circle.fold.recordsOfType('submission').map(({ id }) => id);
    return all.filter((id) => !own.has(creatorOf(id))).sort();
  }

  /** What a receipt says: the ends of all chains here, up to their gaps, and the originals that are named and not here. */
  async function holdings(): Promise<{ readonly tips: readonly ChangeHash[]; readonly lacks: readonly string[] }> {
    const lacks: string[] = [];
    for (const content of referencedOriginals(circle)) {
      if (!(await run.originals.isHere(content))) lacks.push(content);
    }
    return { tips: await wholeTips(), lacks: lacks.sort() };
  }

  /** Without those that stand above a gap: they would promise what is missing below them. */
  async function wholeTips(): Promise<readonly ChangeHash[]> {
    const above = new Set<ChangeHash>();
    for (const { replica, next, seq } of run.gaps()) {
      for (const { hash } of circle.fold.tipsOf(replica)) {
        if (await run.chains.isOn(next, seq, hash)) above.add(hash);
      }
    }
    return circle.fold.tips().filter((tip) => !above.has(tip));
  }

  async function highestReceipt(): Promise<number> {
    let highest = 0;
    for (const name of (await run.reader.list('receipts/')).objects.keys()) {
      const parsed = parseObjectName(name);
      if (parsed?.kind === 'receipt' && parsed.replica === circle.replica) highest = Math.max(highest, parsed.number);
    }
    return highest;
  }
}

function digest(tips: readonly string[]): string {
  return hashText(tips.join(' '));
}
