/**
 * Up to where the changes of each replica count. An administrator removes a device by naming the last change of it that
 * counts; an epoch names the devices known when it was opened, and who joins later shows that it was given a newer key.
 * What does not count is set aside: kept and relayed, shown to administrators, and without effect.
 *
 * Unlike other facts these take something away, so they cannot simply add up: two administrators may remove each other,
 * and who stole a laptop may answer its removal with removals. They are therefore judged one by one, those of the most
 * senior first, each by the rights that are left after those before it. That makes the result a function of the set of
 * changes. Rules RC54 to RC61 of SPEC.md.
 */
import { creatorOf, type ChangeHash, type CircleId, type Json, type RecordId, type ReplicaId } from '../ids.ts';
import { admissionMessage, createAuthority, isProven, type Authority } from './authority.ts';
import type { Proof, VerifySignature } from './authority.ts';
import type { Chains } from './chains.ts';
import { fieldRule, type Registry } from './record-types.ts';
import type { Node } from './version-graph.ts';

export type LimitReason = 'removed' | 'not-admitted';

/** A change up to which a chain counts. */
export interface Mark {
  readonly change: ChangeHash;
  readonly seq: number;
}

export interface Limit {
  readonly reason: LimitReason;
  readonly marks: readonly Mark[];
}

/** `seq` is the number of `last`, 0 where nothing counts; `kept` carry the device on and stay. */
export interface RemovalOfDevice {
  readonly replica: ReplicaId;
  readonly last: ChangeHash | null;
  readonly seq: number;
  readonly kept: readonly ReplicaId[];
}

export interface Opening {
  readonly number: number;
  /** The epoch that was current before. */
  readonly parent: number;
  /** The public key (Ed25519, base 32) of the key pair made from the epoch's key. */
  readonly admission: string;
  /** Every replica that was known and counted when it was opened. */
  readonly known: readonly ReplicaId[];
  /** Every replica that whoever opened it knew to be removed. Early programs did not say. */
  readonly removed?: readonly ReplicaId[];
}

export interface Judgement {
  readonly authority: Authority;
  /** Null for a replica all of whose changes count. */
  limitOf(replica: ReplicaId): Limit | null;
  isSetAside(node: Pick<Node, 'replica' | 'change' | 'seq'>): boolean;
  /** Removals that count, in the order in which they were judged. */
  readonly removals: readonly Node[];
  /** Epochs that count, in the order in which they were judged. */
  readonly epochs: readonly Node[];
}

export interface JudgementOptions {
  readonly circle: CircleId;
  readonly registry: Registry;
  readonly verify: VerifySignature | undefined;
  readonly chains: Chains;
}

/** Whether a version is one that may take something away. */
export function isLimiting(node: Node): boolean {
  const { type } = node.facet;
  return (
    (type === 'removal-of-device' && node.field.name === 'device') || (type === 'epoch' && node.field.name === 'opened')
  );
}

/** How many epochs came one after another up to this one, by its number: the first has none before it. */
export function generationOf(epoch: number): number {
  return Math.floor(epoch / 2 ** generationBits);
}

/** The bits of an epoch's number that are chance, so that epochs opened apart have different numbers. */
export const generationBits = 20;

const keyField = /^key:([a-z2-7]{26})$/;

/** `facts` are all versions of the types that give rights (authority.ts), whatever their standing. */
export function judge(facts: readonly Node[], { circle, registry, verify, chains }: JudgementOptions): Judgement {
  const readable = facts.filter((node) => isReadable(node, registry));
  const removed = new Map<ReplicaId, { marks: Mark[]; kept: Set<ReplicaId> }>();
  const removals: Node[] = [];
  const epochs: Node[] = [];
  const earlierOf = provenContinuations(readable, circle, verify);
  let admitted = new Set<ReplicaId>();
  let reaches = new Map<Mark, Reach>();

  /** Removed itself, or carrying on one that was, without an administrator's word that it stays. */
  function marksOf(replica: ReplicaId, visited = new Set<ReplicaId>()): readonly Mark[] | null {
    const own = removed.get(replica);
    if (own !== undefined) return own.marks;
    if (visited.has(replica)) return null;
    visited.add(replica);
    for (const earlier of earlierOf.get(replica) ?? []) {
      const isKept = removed.get(earlier)?.kept.has(replica) === true;
      if (!isKept && marksOf(earlier, visited) !== null) return [];
    }
    return null;
  }

  function isAdmitted(replica: ReplicaId, visited = new Set<ReplicaId>()): boolean {
    if (admitted.has(replica)) return true;
    if (visited.has(replica)) return false;
    visited.add(replica);
    return [...(earlierOf.get(replica) ?? [])].some((earlier) => isAdmitted(earlier, visited));
  }

  function limitOf(replica: ReplicaId): Limit | null {
    const marks = removed.size === 0 ? null : marksOf(replica);
    if (marks !== null) return { reason: 'removed', marks };
    return epochs.length > 0 && !isAdmitted(replica) ? { reason: 'not-admitted', marks: [] } : null;
  }

  function isSetAside({ replica, change, seq }: Pick<Node, 'replica' | 'change' | 'seq'>): boolean {
    const limit = limitOf(replica);
    if (limit === null) return false;
    return !limit.marks.some((mark) => {
      const reach = reaches.get(mark) ?? reachOf(mark, replica, chains);
      reaches.set(mark, reach);
      return reach.changes.has(change) || seq < reach.below;
    });
  }

  /** The rights under the limits as they are: the least ones closed under the rules. */
  function settle(): { readonly authority: Authority; readonly counted: ReadonlySet<Node> } {
    const carriesOn = (earlier: ReplicaId, replica: ReplicaId): boolean =>
      removed.size === 0 || marksOf(earlier) === null || removed.get(earlier)?.kept.has(replica) === true;
    const authority = createAuthority(circle, verify, carriesOn);
    for (const { facet } of facts) if (facet.type === 'circle') authority.recognise(facet.record);
    const counted = new Set<Node>();
    const open = new Set(epochs.map(({ facet }) => facet.record));
    admitted = new Set(epochs.flatMap(({ value }) => [...(value as unknown as Opening).known]));
    for (const node of readable) {
      if (node.facet.type === 'device' && node.field.name === 'admitted' && isOwnCard(node)) admitBySignature(node);
    }
    const waiting = new Set(readable);
    for (let news = true; news;) {
      news = false;
      for (const node of waiting) {
        if (node.right !== null && !authority.mayWrite(node.replica, node.facet.record, node.right)) continue;
        if (isSetAside(node)) continue;
        waiting.delete(node);
        counted.add(node);
        news = true;
        authority.learn(factOf(node));
        const given = node.value === undefined || node.value === null ? null : keyField.exec(node.field.name);
        if (given !== null && open.has(node.facet.record)) admitted.add(given[1] as ReplicaId);
      }
    }
    return { authority, counted };
  }

  function admitBySignature({ replica, value }: Node): void {
    const { epoch, signature } = value as unknown as { readonly epoch: number; readonly signature: string };
    const newest = Math.max(...epochs.map((each) => generationOf((each.value as unknown as Opening).number)));
    // A device that was removed since still has the keys before.
    if (generationOf(epoch) < newest) return;
    const message = admissionMessage(circle, epoch, replica);
    for (const each of epochs) {
      const { number, admission } = each.value as unknown as Opening;
      if (number === epoch && verify?.(admission, message, signature) === true) admitted.add(replica);
    }
  }

  for (;;) {
    const { authority, counted } = settle();
    const judged = new Set([...removals, ...epochs]);
    const open = [...counted].filter((node) => isLimiting(node) && isOrder(node) && !judged.has(node));
    const [next] = open
      .map((node) => ({ node, depth: authority.depthOf(node.replica) }))
      .sort((a, b) => a.depth - b.depth || compare(a.node, b.node));
    if (next === undefined) return { authority, limitOf, isSetAside, removals, epochs };
    if (next.node.facet.type === 'epoch') {
      epochs.push(next.node);
      continue;
    }
    removals.push(next.node);
    const { replica, last, seq, kept } = next.node.value as unknown as RemovalOfDevice;
    const entry = removed.get(replica) ?? { marks: [], kept: new Set<ReplicaId>() };
    if (last !== null) entry.marks.push({ change: last, seq });
    for (const each of kept) entry.kept.add(each);
    removed.set(replica, entry);
    reaches = new Map();
  }
}

function isReadable(node: Node, registry: Registry): boolean {
  const rule = fieldRule(registry, node.facet.type, node.field.name);
  if (rule === undefined || node.value === undefined || node.value === null) return true;
  return rule.holds(node.value);
}

/** A removal that a device writes about itself is none: it could only serve to let its own later changes count. */
function isOrder({ value, facet, replica }: Node): boolean {
  if (value === undefined || value === null) return false;
  return facet.type === 'epoch' || (value as { readonly replica?: Json }).replica !== replica;
}

function isOwnCard({ facet, replica, value }: Node): boolean {
  return creatorOf(facet.record) === replica && value !== undefined && value !== null;
}

/** Which earlier replicas each one was shown to carry on, whether its card counts or not. */
function provenContinuations(
  facts: readonly Node[],
  circle: CircleId,
  verify: VerifySignature | undefined,
): Map<ReplicaId, Set<ReplicaId>> {
  const found = new Map<ReplicaId, Set<ReplicaId>>();
  for (const node of facts) {
    if (node.facet.type !== 'device' || node.field.name !== 'proof' || !isOwnCard(node)) continue;
    const proof = node.value as unknown as Proof;
    if (!isProven(circle, verify, node.replica, proof)) continue;
    const earlier = found.get(node.replica) ?? new Set();
    found.set(node.replica, earlier.add(proof.replica));
  }
  return found;
}

interface Reach {
  readonly changes: ReadonlySet<ChangeHash>;
  /** Where the way back is cut by a gap, what has a lower number counts. */
  readonly below: number;
}

/** A mark and everything before it on its chain. */
function reachOf({ change, seq }: Mark, replica: ReplicaId, chains: Chains): Reach {
  const changes = new Set<ChangeHash>();
  let below = seq + 1;
  for (let at: ChangeHash | null = change; at !== null;) {
    const link = chains.get(at);
    if (link?.replica !== replica) return { changes, below };
    changes.add(at);
    below = link.seq;
    at = link.prev;
  }
  return { changes, below: 0 };
}

function factOf({ replica, facet, field, value }: Node) {
  return { replica, record: facet.record as RecordId, type: facet.type, field: field.name, value };
}

/** Removals before epochs, then by record. */
function compare(a: Node, b: Node): number {
  const key = ({ facet, id }: Node): string => `${facet.type === 'epoch' ? 1 : 0} ${facet.record} ${id}`;
  const [left, right] = [key(a), key(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
