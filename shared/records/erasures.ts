/**
 * Which values owners have ordered to be erased: a function of the set of changes, like everything else, so that a value
 * that comes late is erased on arrival. Dropping it from files is the affair of who keeps them. Rules RC33 and RC62.
 */
import { creatorOf, type VersionId } from '../ids.ts';
import { factTypes, type Authority } from './authority.ts';
import type { Node } from './version-graph.ts';

export interface Erasures {
  /** An erasure's list of targets came; it may count or not. */
  learn(node: Node): void;
  /** The versions named by any erasure. */
  targets(): Iterable<VersionId>;
  isTarget(id: VersionId): boolean;
  /** Whether an erasure that counts may take this version's value. */
  covers(node: Node, authority: Authority): boolean;
  all(): readonly Node[];
}

/** Whether the author of `order` may have the value of `node` erased. */
export function mayErase(order: Pick<Node, 'replica'>, node: Node, authority: Authority): boolean {
  // Rights rest on these, and an erasure of an erasure would bring back what it took.
  if (factTypes.has(node.facet.type) || node.facet.type === 'erasure') return false;
  return [node.replica, creatorOf(node.facet.record)].some((each) => authority.isSamePerson(order.replica, each));
}

export function isErasureOrder({ facet, field }: Node): boolean {
  return facet.type === 'erasure' && field.name === 'targets';
}

/** The versions that an erasure names; none when it was cleared or cannot be read. */
export function targetsOf({ value, shape }: Node): readonly VersionId[] {
  return shape === 'known' && Array.isArray(value) ? (value as unknown as readonly VersionId[]) : [];
}

export function createErasures(): Erasures {
  const orders: Node[] = [];
  const byTarget = new Map<VersionId, Node[]>();

  return {
    learn(node) {
      orders.push(node);
      for (const target of Array.isArray(node.value) ? (node.value as unknown as VersionId[]) : []) {
        const known = byTarget.get(target);
        if (known === undefined) byTarget.set(target, [node]);
        else known.push(node);
      }
    },
    targets: () => byTarget.keys(),
    isTarget: (id) => byTarget.has(id),
    covers: (node, authority) =>
      (byTarget.get(node.id) ?? []).some(
        (order) => order.counts && targetsOf(order).includes(node.id) && mayErase(order, node, authority),
      ),
    all: () => orders,
  };
}
