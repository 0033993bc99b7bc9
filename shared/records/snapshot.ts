/** The folded state as plain JSON, for comparing: two programs with the same changes must get the same text. */
import type { ChangeHash, CircleId, Json, RecordId, ReplicaId, VersionId } from '../ids.ts';
import type { Chains } from './chains.ts';
import type { FieldState, RecordState, Version } from './state.ts';
import type { Facet } from './version-graph.ts';

export interface SnapshotParts {
  readonly circle: CircleId;
  readonly chains: Chains;
  readonly facets: readonly Facet[];
  readonly viewOf: (facet: Facet) => RecordState;
  readonly isOwn: (facet: Facet) => boolean;
  readonly founder: ReplicaId | null;
  readonly administrators: readonly RecordId[];
  readonly personOf: (replica: ReplicaId) => RecordId | null;
  readonly setAside: readonly VersionId[];
  readonly opaque: { readonly changes: number; readonly ops: number };
  readonly missing: readonly VersionId[];
}

const idsOf = (versions: readonly Version[]): VersionId[] => versions.map((version) => version.id).sort();

function fieldJson(field: FieldState): Json {
  const values = field.values.map(({ value, versions }) => ({ value, versions: idsOf(versions) }));
  return {
    heads: idsOf(field.heads),
    values: values.sort((a, b) => (a.versions[0]! < b.versions[0]! ? -1 : 1)),
    base: field.base?.id ?? null,
    incomplete: field.incomplete,
    suggestions: idsOf(field.suggestions),
    unreadable: idsOf(field.unreadable),
    opaque: field.opaque,
    erased: idsOf(field.heads.filter((head) => head.erased)),
  };
}

function recordJson(state: RecordState, own: boolean): Json {
  return {
    id: state.id,
    type: state.type,
    own,
    removed: state.removed,
    removalContested: state.removalContested,
    removedBy: idsOf(state.removedBy),
    fields: Object.fromEntries([...state.fields].map(([name, field]) => [name, fieldJson(field)])),
  };
}

export function snapshotOf(parts: SnapshotParts): Json {
  const byRecordAndType = (a: Facet, b: Facet): number =>
    a.record !== b.record ? (a.record < b.record ? -1 : 1) : a.type < b.type ? -1 : 1;
  return {
    circle: parts.circle,
    founder: parts.founder,
    administrators: parts.administrators,
    persons: Object.fromEntries(parts.chains.replicas().map((replica) => [replica, parts.personOf(replica)])),
    records: [...parts.facets]
      .sort(byRecordAndType)
      .map((facet) => recordJson(parts.viewOf(facet), parts.isOwn(facet))),
    tips: parts.chains.tips() satisfies ChangeHash[],
    gaps: parts.chains.gaps().map(({ replica, missing, next, seq }) => ({ replica, missing, next, seq })),
    forks: parts.chains.forks().map(({ replica, prev, changes }) => ({ replica, prev, changes })),
    brokenLinks: parts.chains.brokenLinks().map(({ hash, prev, reason }) => ({ hash, prev, reason })),
    opaque: { changes: parts.opaque.changes, ops: parts.opaque.ops },
    // Only where there is any: states without removals read as they always did.
    ...(parts.setAside.length === 0 ? {} : { setAside: [...parts.setAside].sort() }),
    missing: parts.missing,
  };
}
