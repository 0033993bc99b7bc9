/**
 * The chains of replicas: what each change stands on, which ends are open, what is missing between, and where one
 * replica went two ways (a copied or restored profile). Chains tell what has been received; they do not decide what is
 * folded.
 */
import type { ChangeHash, ReplicaId } from '../ids.ts';

export interface Link {
  readonly hash: ChangeHash;
  readonly replica: ReplicaId;
  readonly seq: number;
  readonly prev: ChangeHash | null;
  readonly opaque: boolean;
}

/** Changes of `replica` before `next` that are not here; `missing` is the last of them. */
export interface Gap {
  readonly replica: ReplicaId;
  readonly missing: ChangeHash;
  readonly next: ChangeHash;
  /** The seq of `next`. */
  readonly seq: number;
}

/** Several changes of one replica that stand on the same change (null: several first changes). */
export interface Fork {
  readonly replica: ReplicaId;
  readonly prev: ChangeHash | null;
  readonly changes: readonly ChangeHash[];
}

/** A change that names, as the one before it, a change of another replica or of another number. */
export interface BrokenLink {
  readonly hash: ChangeHash;
  readonly prev: ChangeHash;
  readonly reason: 'other-replica' | 'wrong-seq';
}

export interface Chains {
  has(hash: ChangeHash): boolean;
  get(hash: ChangeHash): Link | undefined;
  /** False when it is known already. */
  add(link: Link): boolean;
  count(): number;
  /** Changes that no change of the same replica stands on, sorted: with gaps(), what is here. */
  tips(): ChangeHash[];
  /** The open ends of one replica's chain, sorted; several after a fork. */
  tipsOf(replica: ReplicaId): Link[];
  /** All changes of one replica, in the order of arrival. */
  of(replica: ReplicaId): readonly Link[];
  replicas(): ReplicaId[];
  gaps(): Gap[];
  forks(): Fork[];
  brokenLinks(): BrokenLink[];
}

export function createChains(): Chains {
  const links = new Map<ChangeHash, Link>();
  /** Changes of one replica by what they stand on: `<replica>:<hash or empty>`. */
  const successors = new Map<string, Link[]>();
  const perReplica = new Map<ReplicaId, Link[]>();
  /** Asked for at every step of an exchange. */
  const ends = new Map<ReplicaId, Set<Link>>();

  const place = (replica: ReplicaId, prev: ChangeHash | null): string => `${replica}:${prev ?? ''}`;
  const byHash = (a: Link, b: Link): number => (a.hash < b.hash ? -1 : 1);

  function add(link: Link): boolean {
    if (links.has(link.hash)) return false;
    links.set(link.hash, link);
    push(successors, place(link.replica, link.prev), link);
    push(perReplica, link.replica, link);
    moveEnds(link);
    return true;
  }

  function moveEnds(link: Link): void {
    const { replica, hash, prev } = link;
    const open = ends.get(replica) ?? new Set();
    ends.set(replica, open);
    const before = prev === null ? undefined : links.get(prev);
    if (before !== undefined) open.delete(before);
    if (!successors.has(place(replica, hash))) open.add(link);
  }

  function gaps(): Gap[] {
    const found: Gap[] = [];
    for (const link of [...links.values()].sort(byHash)) {
      if (link.prev === null || links.has(link.prev)) continue;
      found.push({ replica: link.replica, missing: link.prev, next: link.hash, seq: link.seq });
    }
    return found;
  }

  function forks(): Fork[] {
    const found: Fork[] = [];
    for (const branches of successors.values()) {
      if (branches.length < 2) continue;
      const { replica, prev } = branches[0]!;
      found.push({ replica, prev, changes: branches.map((link) => link.hash).sort() });
    }
    return found.sort((a, b) => (a.changes[0]! < b.changes[0]! ? -1 : 1));
  }

  function brokenLinks(): BrokenLink[] {
    const found: BrokenLink[] = [];
    for (const link of [...links.values()].sort(byHash)) {
      const before = link.prev === null ? undefined : links.get(link.prev);
      if (before === undefined) continue;
      if (before.replica !== link.replica) found.push({ hash: link.hash, prev: before.hash, reason: 'other-replica' });
      else if (before.seq !== link.seq - 1) found.push({ hash: link.hash, prev: before.hash, reason: 'wrong-seq' });
    }
    return found;
  }

  return {
    has: (hash) => links.has(hash),
    get: (hash) => links.get(hash),
    add,
    count: () => links.size,
    tips: () => [...ends.values()].flatMap((open) => [...open].map((link) => link.hash)).sort(),
    tipsOf: (replica) => [...(ends.get(replica) ?? [])].sort(byHash),
    of: (replica) => perReplica.get(replica) ?? [],
    replicas: () => [...perReplica.keys()].sort(),
    gaps,
    forks,
    brokenLinks,
  };
}

function push<Key>(map: Map<Key, Link[]>, key: Key, link: Link): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [link]);
  else list.push(link);
}
