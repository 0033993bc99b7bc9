/** What of our own chains has been put and what has not, worked out from the log and what exchange remembers. */
import type { ChangeHash, ReplicaId } from '../../../shared/ids.ts';
import { canonical } from '../../../shared/records/canonical.ts';
import type { StoredChange } from '../../../shared/records/change.ts';
import type { ExchangeCircle } from './circle-port.ts';
import type { PublishedState } from './exchange-state.ts';

/** About how many bytes of changes go into one new segment, so that a cut connection repeats little. */
const chunkBytes = 1 << 20;
/** What sealed and compressed changes come to, of their canonical JSON: measured on drafts, for the display only. */
const sealedShare = 0.4;
const envelopeBytes = 200;

export interface OwnTip {
  readonly replica: ReplicaId;
  readonly tip: ChangeHash;
  readonly seq: number;
  /** The published branch that this tip carries on; null when nothing of it was put. */
  readonly published: PublishedState | null;
  /** Hashes of what was not put, oldest first. */
  readonly unsent: readonly ChangeHash[];
  readonly unsentBytes: number;
}

interface Known {
  readonly replica: ReplicaId;
  readonly seq: number;
  readonly prev: ChangeHash | null;
  readonly sizeBytes: number;
  /** Whether it gives the key of an epoch: then it stands in a segment of its own, sealed with the key before. */
  readonly givesKey: boolean;
}

export interface OwnChains {
  /** The open ends of every chain whose key is ours. */
  tips(published: readonly PublishedState[]): Promise<readonly OwnTip[]>;
  /** Changes `from` to `to` of the chain that ends in `tip`, oldest first. */
  read(tip: ChangeHash, from: number, to: number): Promise<readonly StoredChange[]>;
  /** The number of the last change that goes into the next segment, the size of those, and the epoch to seal them in. */
  nextChunk(tip: OwnTip): Promise<{ readonly to: number; readonly sizeBytes: number; readonly epoch: number } | null>;
  /** Whether `ancestor` is `tip` or stands before it in its chain. */
  isOn(ancestor: ChangeHash, seq: number, tip: ChangeHash): Promise<boolean>;
  /** The number of the first change that is here with all between it and `tip`. */
  heldFrom(tip: ChangeHash): Promise<number>;
  /** Where a change that is here stands. */
  at(change: ChangeHash): Promise<{ readonly replica: ReplicaId; readonly seq: number }>;
}

export function createOwnChains(circle: ExchangeCircle): OwnChains {
  // Links never change; remembering them spares reading the log again for every look at what is unsent.
  const known = new Map<ChangeHash, Known>();

  async function look(hash: ChangeHash): Promise<Known> {
    let link = known.get(hash);
    if (!link) {
      const change = await circle.readChange(hash);
      const { replica, seq, prev } = change.skeleton;
      link = { replica, seq, prev, sizeBytes: canonical(change).length, givesKey: givesKey(change) };
      known.set(hash, link);
    }
    return link;
  }

  /** From `tip` backwards until `stop` says so, or the chain ends or is not here. Newest first. */
  async function walk(tip: ChangeHash, stop: (hash: ChangeHash, link: Known) => boolean): Promise<ChangeHash[]> {
    const passed: ChangeHash[] = [];
    for (let at: ChangeHash | null = tip; at !== null && circle.fold.has(at);) {
      const link: Known = await look(at);
      if (stop(at, link)) break;
      passed.push(at);
      at = link.prev;
    }
    return passed;
  }

  async function tips(published: readonly PublishedState[]): Promise<readonly OwnTip[]> {
    const found: OwnTip[] = [];
    for (const { replica } of circle.signers()) {
      const claimed = new Set<PublishedState>();
      const branches = new Map(published.filter((each) => each.replica === replica).map((each) => [each.tip, each]));
      for (const { hash: tip, seq } of circle.fold.tipsOf(replica)) {
        let branch: PublishedState | null = null;
        const passed = await walk(tip, (hash) => {
          const at = branches.get(hash);
          if (at && !claimed.has(at)) branch = at;
          return branch !== null;
        });
        if (branch) claimed.add(branch);
        const unsent = passed.reverse();
        // A chain of ours with a hole in it was not written by this profile; others will fill it.
        const whole = branch !== null || unsent.length === seq;
        if (!whole) continue;
        const unsentBytes = unsent.reduce((sum, hash) => sum + known.get(hash)!.sizeBytes, 0);
        found.push({ replica, tip, seq, published: branch, unsent, unsentBytes });
      }
    }
    return found;
  }

  return {
    tips,
    at: look,
    async read(tip, from, to) {
      const passed = await walk(tip, (_hash, link) => link.seq < from);
      const wanted = passed.filter((hash) => known.get(hash)!.seq <= to).reverse();
      return Promise.all(wanted.map((hash) => circle.readChange(hash)));
    },
    async nextChunk(tip) {
      let sum = 0;
      let to = 0;
      const [first] = tip.unsent;
      if (first === undefined) return null;
      for (const hash of tip.unsent) {
        const link = known.get(hash)!;
        if (to > 0 && (sum + link.sizeBytes > chunkBytes || link.givesKey)) break;
        sum += link.sizeBytes;
        to = link.seq;
        if (link.givesKey) break;
      }
      const epoch = known.get(first)!.givesKey
        ? circle.sealedIn(await circle.readChange(first))
        : circle.keys.current().epoch;
      return { to, sizeBytes: estimateSealedBytes(sum), epoch };
    },
    async heldFrom(tip) {
      const passed = await walk(tip, () => false);
      return known.get(passed.at(-1) ?? tip)?.seq ?? 1;
    },
    async isOn(ancestor, seq, tip) {
      let hit = false;
      await walk(tip, (hash, link) => {
        hit = hash === ancestor;
        return hit || link.seq <= seq;
      });
      return hit;
    },
  };
}

/** Whether a change gives the key of an epoch: it stands in a segment sealed with the key before (SY81). */
export function givesKey({ skeleton }: StoredChange): boolean {
  if (!Array.isArray(skeleton.ops)) return false;
  return skeleton.ops.some(({ type, field }) => type === 'epoch' && (field === 'opened' || field?.startsWith('key:')));
}

/** About what changes of so many bytes of JSON come to once they are put, for the display. */
export function estimateSealedBytes(jsonBytes: number): number {
  return jsonBytes === 0 ? 0 : Math.round(jsonBytes * sealedShare) + envelopeBytes;
}
