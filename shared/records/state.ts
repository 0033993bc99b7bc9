/**
 * What the rest of the program sees of a record: plain values derived from the version graph. They are not changed
 * afterwards; a record that changes gets a new state.
 */
import { creatorOf, type ChangeHash, type Json, type RecordId, type ReplicaId, type VersionId } from '../ids.ts';
import {
  ancestry,
  compareForDisplay,
  inOrder,
  keyOf,
  nearestCommonAncestor,
  type Facet,
  type FieldNode,
  type Node,
} from './version-graph.ts';

export type Standing =
  | 'head'
  | 'superseded'
  /** Its author had not the right; shown as a proposal to those who have. */
  | 'suggestion'
  /** A value this program cannot read in a field it knows. */
  | 'unreadable'
  /** Of a device that was removed before it wrote this, or was not admitted (RC54). */
  | 'set-aside';

/** One value that somebody gave to one field. */
export interface Version {
  readonly id: VersionId;
  readonly change: ChangeHash;
  readonly op: number;
  readonly record: RecordId;
  readonly type: string;
  readonly field: string;
  readonly replica: ReplicaId;
  readonly seq: number;
  /** Milliseconds since 1970 by the author's clock: for display only. */
  readonly at: number;
  readonly over: readonly VersionId[];
  /** Undefined when erased; null when the field was cleared. */
  readonly value: Json | undefined;
  readonly erased: boolean;
  /** It names a version that is not here. */
  readonly incomplete: boolean;
  readonly standing: Standing;
}

/** A value on which one or more heads agree. */
export interface FieldValue {
  readonly value: Json;
  readonly versions: readonly Version[];
}

export interface FieldState {
  readonly name: string;
  /** What nobody supersedes, in display order; what an author sees and names in `over`. */
  readonly heads: readonly Version[];
  /** The heads' distinct values, in display order of their first versions. Erased heads have none. */
  readonly values: readonly FieldValue[];
  /** The value when there is exactly one; undefined otherwise. Null when cleared. */
  readonly value: Json | undefined;
  readonly conflict: boolean;
  /** In a conflict: the nearest common ancestor of the heads. Null when none, several, erased or not certain. */
  readonly base: Version | null;
  /** A version that counts here names one that has not arrived. */
  readonly incomplete: boolean;
  /** Versions without right that nobody entitled has seen yet. */
  readonly suggestions: readonly Version[];
  /** Versions not superseded that this program cannot read. */
  readonly unreadable: readonly Version[];
  /** A field of a newer program. */
  readonly opaque: boolean;
}

export interface RecordState {
  readonly id: RecordId;
  readonly type: string;
  readonly creator: ReplicaId;
  readonly fields: ReadonlyMap<string, FieldState>;
  readonly removed: boolean;
  /** Somebody removed it and somebody else changed it unseen (or restored it): it is alive, and a person is asked. */
  readonly removalContested: boolean;
  /** The versions of `removed` that say so: who removed it. */
  readonly removedBy: readonly Version[];
  readonly incomplete: boolean;
  /** Types other than its own under which somebody wrote to this record. */
  readonly otherTypes: readonly string[];
}

export function versionState(node: Node): Version {
  return {
    id: node.id,
    change: node.change,
    op: node.index,
    record: node.facet.record,
    type: node.facet.type,
    field: node.field.name,
    replica: node.replica,
    seq: node.seq,
    at: node.at,
    over: node.over,
    value: node.value,
    erased: node.erased,
    incomplete: node.missing > 0,
    standing: standingOf(node),
  };
}

function standingOf(node: Node): Standing {
  if (node.superseded) return 'superseded';
  if (node.counts) return 'head';
  if (node.setAside) return 'set-aside';
  return node.shape === 'unreadable' ? 'unreadable' : 'suggestion';
}

/** All versions of a field, predecessors first. */
export function historyState(field: FieldNode): Version[] {
  return inOrder(field).map(versionState);
}

export function fieldState(field: FieldNode): FieldState {
  const heads = [...field.heads].sort(compareForDisplay);
  const incomplete = [...field.incomplete].some((node) => node.counts || node.superseded);
  const open = openOf(field);
  const groups = groupByValue(heads);
  return {
    name: field.name,
    heads: heads.map(versionState),
    values: groups.map((group) => ({ value: group[0]!.value!, versions: group.map(versionState) })),
    value: groups.length === 1 ? groups[0]![0]!.value : undefined,
    conflict: groups.length > 1,
    base: groups.length > 1 && !incomplete ? baseOf(heads) : null,
    incomplete,
    suggestions: open.filter((node) => node.shape !== 'unreadable').map(versionState),
    unreadable: open.filter((node) => node.shape === 'unreadable').map(versionState),
    opaque: field.nodes.some((node) => node.shape === 'opaque'),
  };
}

function groupByValue(heads: readonly Node[]): Node[][] {
  if (heads.length === 1) return heads[0]!.value === undefined ? [] : [[heads[0]!]];
  const groups = new Map<string, Node[]>();
  for (const head of heads) {
    const key = keyOf(head);
    if (key === null) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [head]);
    else group.push(head);
  }
  return [...groups.values()];
}

function baseOf(heads: readonly Node[]): Version | null {
  const base = nearestCommonAncestor(heads);
  return base === null || base.value === undefined || base.shape === 'unreadable' ? null : versionState(base);
}

/** Versions that neither count nor are superseded; of one replica's, only the last in a row. */
function openOf(field: FieldNode): Node[] {
  const open = field.nodes.filter((node) => !node.counts && !node.superseded && !node.setAside);
  if (open.length < 2) return open;
  const replaced = new Set<Node>();
  for (const node of open) {
    for (const earlier of ancestry(node.parents)) if (earlier.replica === node.replica) replaced.add(earlier);
  }
  return open.filter((node) => !replaced.has(node)).sort(compareForDisplay);
}

/** `find` gives the version of an id when it is here: a removal names versions of every field. */
export function recordState(
  facet: Facet,
  otherTypes: readonly string[],
  find: (id: VersionId) => Node | undefined,
): RecordState {
  const fields = new Map<string, FieldState>();
  for (const name of [...facet.fields.keys()].sort()) fields.set(name, fieldState(facet.fields.get(name)!));
  const removals = removalsOf(facet);
  const removed = removals.length > 0 && !isRestored(facet) && isCovered(facet, removals, find);
  return {
    id: facet.record,
    type: facet.type,
    creator: creatorOf(facet.record),
    fields,
    removed,
    removalContested: removals.length > 0 && !removed,
    removedBy: removals.map(versionState),
    incomplete: [...fields.values()].some((field) => field.incomplete),
    otherTypes,
  };
}

function removalsOf(facet: Facet): Node[] {
  const heads = [...(facet.fields.get('removed')?.heads ?? [])];
  return heads.filter((head) => head.value === true).sort(compareForDisplay);
}

/** Somebody restored it, unseen by who removed it. */
function isRestored(facet: Facet): boolean {
  return [...facet.fields.get('removed')!.heads].some((head) => head.value === null);
}

/** Whether every head of every other field was seen by somebody who removed the record. */
function isCovered(facet: Facet, removals: readonly Node[], find: (id: VersionId) => Node | undefined): boolean {
  const named: Node[] = [];
  for (const removal of removals) {
    for (const id of removal.over) {
      const node = find(id);
      if (node !== undefined && node.facet === facet) named.push(node);
    }
  }
  const seen = ancestry(named);
  for (const field of facet.fields.values()) {
    if (field.name === 'removed') continue;
    for (const head of field.heads) if (!seen.has(head)) return false;
  }
  return true;
}
