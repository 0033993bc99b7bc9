/**
 * The versions of one field and which of them stand. A version supersedes the versions it names in `over` and all their
 * ancestors; what counts and is superseded by nothing that counts is a head. Kept incrementally: each version is marked
 * superseded at most once, so that a long history costs no more per change than a short one.
 */
import type { ChangeHash, Json, RecordId, ReplicaId, VersionId } from '../ids.ts';
import { canonical } from './canonical.ts';
import type { Right } from './record-types.ts';

/** How a version relates to what this program knows of its field. */
export type Shape =
  /** Known field, acceptable value. */
  | 'known'
  /** A type or field of a newer program: kept, found under its name, no rights known. */
  | 'opaque'
  /** Known field, a value it may not hold. */
  | 'unreadable';

export interface Node {
  readonly id: VersionId;
  readonly change: ChangeHash;
  readonly index: number;
  readonly replica: ReplicaId;
  readonly seq: number;
  readonly at: number;
  readonly over: readonly VersionId[];
  readonly facet: Facet;
  readonly field: FieldNode;
  readonly right: Right | null;
  /** Of a field that is written once (RC53). */
  readonly once: boolean;
  shape: Shape;
  value: Json | undefined;
  erased: boolean;
  /** The value that an erasure took away, as long as it is kept somewhere here. */
  ordered: { readonly value: Json } | null;
  /** Of a device that was removed before it wrote this, or was not admitted: without any effect. */
  setAside: boolean;
  /** Authorised and readable (or opaque): may be a head, and supersedes. */
  counts: boolean;
  /** A descendant of this version counts. */
  superseded: boolean;
  /** Versions of the same field named in `over` that are here. */
  readonly parents: Node[];
  readonly children: Node[];
  /** How many versions named in `over` are not here. */
  missing: number;
  /** Canonical value, computed when heads have to be compared. */
  key: string | undefined;
}

export interface FieldNode {
  readonly name: string;
  readonly nodes: Node[];
  readonly heads: Set<Node>;
  /** Versions with a missing predecessor. */
  readonly incomplete: Set<Node>;
}

/** What a record is under one type. A record has one, unless somebody wrote to it under a type its maker did not use. */
export interface Facet {
  readonly record: RecordId;
  readonly type: string;
  readonly fields: Map<string, FieldNode>;
  /** Values of the parent field under which the record is indexed. */
  parents: ReadonlySet<string>;
}

export function createFacet(record: RecordId, type: string): Facet {
  return { record, type, fields: new Map(), parents: new Set() };
}

export function fieldOf(facet: Facet, name: string): FieldNode {
  let field = facet.fields.get(name);
  if (field === undefined) {
    field = { name, nodes: [], heads: new Set(), incomplete: new Set() };
    facet.fields.set(name, field);
  }
  return field;
}

/** Lets `child` supersede `parent`, if it counts or is itself superseded by what counts. */
export function link(child: Node, parent: Node): void {
  child.parents.push(parent);
  parent.children.push(child);
  if (child.counts || child.superseded) supersede(parent);
}

function supersede(node: Node): void {
  const stack = [node];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    // What is superseded has superseded ancestors already: links made later go through `link`.
    if (next.superseded) continue;
    next.superseded = true;
    next.field.heads.delete(next);
    stack.push(...next.parents);
  }
}

/** From now on the version counts. */
export function count(node: Node): void {
  if (node.counts) return;
  node.counts = true;
  if (node.superseded) return;
  node.field.heads.add(node);
  for (const parent of node.parents) supersede(parent);
}

/** Forgets what counts and what is superseded, to judge the facet anew. */
export function resetStanding(facet: Facet): void {
  for (const field of facet.fields.values()) {
    field.heads.clear();
    for (const node of field.nodes) {
      node.counts = false;
      node.superseded = false;
      node.setAside = false;
    }
  }
}

/** The canonical value; null when erased. */
export function keyOf(node: Node): string | null {
  if (node.value === undefined) return null;
  return (node.key ??= canonical(node.value));
}

/** All ancestors of `start` that are here, `start` included. */
export function ancestry(start: readonly Node[]): Set<Node> {
  const seen = new Set(start);
  // A set yields what is added while it is walked.
  for (const node of seen) for (const parent of node.parents) seen.add(parent);
  return seen;
}

/** The one nearest common ancestor of `heads`; null when there is none, or several. */
export function nearestCommonAncestor(heads: readonly Node[]): Node | null {
  if (heads.length === 0) return null;
  let common: Set<Node> | undefined;
  for (const head of heads) {
    const ancestors = ancestry([head]);
    common = common === undefined ? ancestors : new Set([...common].filter((node) => ancestors.has(node)));
  }
  const nearest = new Set(common);
  for (const node of common!) for (const parent of node.parents) nearest.delete(parent);
  return nearest.size === 1 ? [...nearest][0]! : null;
}

/** By time shown, then by id: how versions without order between them are listed. No decision hangs on it. */
export function compareForDisplay(a: Node, b: Node): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.change !== b.change) return a.change < b.change ? -1 : 1;
  return a.index - b.index;
}

/** All versions of a field, predecessors before successors, else by time shown. */
export function inOrder(field: FieldNode): Node[] {
  const waitingFor = new Map<Node, number>();
  const ready: Node[] = [];
  for (const node of field.nodes) {
    if (node.parents.length === 0) ready.push(node);
    else waitingFor.set(node, node.parents.length);
  }
  ready.sort(compareForDisplay);
  const ordered: Node[] = [];
  for (let next = ready.shift(); next !== undefined; next = ready.shift()) {
    ordered.push(next);
    for (const child of next.children) {
      const left = waitingFor.get(child)! - 1;
      waitingFor.set(child, left);
      if (left === 0) insert(ready, child);
    }
  }
  return ordered;
}

function insert(sorted: Node[], node: Node): void {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (compareForDisplay(sorted[middle]!, node) < 0) from = middle + 1;
    else to = middle;
  }
  sorted.splice(from, 0, node);
}
