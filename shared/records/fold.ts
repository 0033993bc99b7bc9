/**
 * The fold: what a set of changes adds up to. `shared/records/` holds the change log's format (canonical.ts, change.ts),
 * the record types (record-types.ts, values.ts), and this fold with its parts: standings.ts (which versions stand) with
 * version-graph.ts (what supersedes what), authority.ts (who may write), judgement.ts (whose changes count up to where) and
 * erasures.ts (what owners took back); chains.ts (what is here and what is missing), state.ts (what others see). SPEC.md has
 * the rules, numbered. No storage, no network, no clock.
 *
 * State is a function of the set of changes (and of the erasures asked for): order, repetition and lateness do not
 * matter. That is why rights only grow, why a version superseded stays superseded, and why a missing predecessor is
 * waited for by name and not guessed.
 */
import { creatorOf, type ChangeHash, type CircleId, type Json } from '../ids.ts';
import type { RecordId, ReplicaId, VersionId } from '../ids.ts';
import type { VerifySignature } from './authority.ts';
import type { BrokenLink, Fork, Gap, Link } from './chains.ts';
import type { Change } from './change.ts';
import { mayErase, targetsOf } from './erasures.ts';
import type { Limit } from './judgement.ts';
import { epochState, erasureState, removalState } from './orders.ts';
import type { EpochState, ErasureState, RemovalState } from './orders.ts';
import { createParentIndex } from './parent-index.ts';
import { fieldRule, recordTypes, type Registry } from './record-types.ts';
import { snapshotOf } from './snapshot.ts';
import { createStandings } from './standings.ts';
import { historyState, recordState, versionState } from './state.ts';
import type { FieldState, RecordState, Version } from './state.ts';
import type { Facet, Node } from './version-graph.ts';

export type { BrokenLink, Fork, Gap, Link } from './chains.ts';
export type { Limit } from './judgement.ts';
export type { EpochState, ErasureState, RemovalState } from './orders.ts';
export type { FieldState, FieldValue, RecordState, Standing, Version } from './state.ts';

export interface FoldStats {
  readonly changes: number;
  readonly versions: number;
  readonly records: number;
  /** Changes of a newer format, and ops of a newer kind: kept and relayed, not folded. */
  readonly opaqueChanges: number;
  readonly opaqueOps: number;
  /** Versions whose author had not the right (yet). */
  readonly suggestions: number;
  /** Versions of devices removed before they wrote them, or not admitted. */
  readonly setAside: number;
  readonly unreadable: number;
  /** Versions named by others and not here. */
  readonly missingVersions: number;
  readonly erased: number;
}

export interface Fold {
  readonly circle: CircleId;
  /**
   * Takes in a change (see openChange). A change known already alters nothing, except that values missing from it before
   * are filled in. `changed` are the records whose state may be another now. Throws RangeError at a change of another
   * circle.
   */
  add(change: Change): { readonly added: boolean; readonly changed: readonly RecordId[] };
  /** As `add`, one after the other, at the price of one where devices were removed. */
  addAll(changes: Iterable<Change>): { readonly changed: readonly RecordId[] };
  has(change: ChangeHash): boolean;
  /** Null when nothing here concerns it. A record that was removed is still here. */
  record(id: RecordId): RecordState | null;
  /** One field; null when nobody wrote it. */
  field(id: RecordId, field: string): FieldState | null;
  /** Records of a type, sorted by id; removed ones only when asked for. */
  recordsOfType(type: string, options?: ListOptions): RecordState[];
  /** Records whose parent field has `parent` as one of its values, sorted by id. */
  children(type: string, parent: string, options?: ListOptions): RecordState[];
  /** All versions of a field, predecessors first, else by time shown. */
  history(record: RecordId, field: string): Version[];
  version(id: VersionId): Version | null;
  /** The open ends of all chains, sorted: the set of hashes that says what is here. */
  tips(): ChangeHash[];
  /** The open ends of one replica's chain. */
  tipsOf(replica: ReplicaId): Link[];
  /** Every replica of which a change is here, sorted. */
  replicas(): ReplicaId[];
  gaps(): Gap[];
  forks(): Fork[];
  brokenLinks(): BrokenLink[];
  /** The replica that made the circle's root record; null before anything names that record. */
  founder(): ReplicaId | null;
  /** Persons with administrators' powers, sorted. */
  administrators(): RecordId[];
  isAdministrator(replica: ReplicaId): boolean;
  /** The person a replica belongs to: what its card says, if the person agrees. With several, the card's own value. */
  personOf(replica: ReplicaId): RecordId | null;
  /** Delegations that administrators confirmed for a person, sorted. */
  delegationsOf(person: RecordId): string[];
  /** Whether an op of this replica would count, going by what is here. False for types and fields unknown. */
  mayWrite(replica: ReplicaId, record: RecordId, type: string, field: string): boolean;
  /** Up to where a replica's changes count; null when all of them do. */
  limitOf(replica: ReplicaId): Limit | null;
  /** Changes of a replica that do not count, in the order of their numbers. */
  setAsideOf(replica: ReplicaId): Link[];
  /** All versions of a field of the types that rights and keys rest on, whatever their standing. */
  statements(type: string, field: string): Version[];
  /** Removals of devices that count, those of the most senior first. */
  removals(): RemovalState[];
  /** Epochs that count. */
  epochs(): EpochState[];
  /** Erasures that count. */
  erasures(): ErasureState[];
  /** Whether an owner ordered the value to be dropped. */
  isErased(version: VersionId): boolean;
  /** Whether a replica may order the value of a version to be dropped. */
  mayErase(replica: ReplicaId, version: VersionId): boolean;
  /** Values that an owner ordered to be dropped and that came with their changes all the same. */
  erasable(): VersionId[];
  /** Drops a value for good; the version stays, marked erased. Who may ask for it is decided outside (RC33). */
  erase(change: ChangeHash, op: number): { readonly changed: readonly RecordId[] };
  /** The whole state as JSON, equal for equal sets of changes. */
  snapshot(): Json;
  stats(): FoldStats;
}

export interface ListOptions {
  readonly withRemoved?: boolean;
}

export interface FoldOptions {
  readonly circle: CircleId;
  readonly registry?: Registry;
  /** Without it, proofs that a replica carries another on (RC41) give nothing. */
  readonly verify?: VerifySignature;
}

export function createFold({ circle, registry = recordTypes, verify }: FoldOptions): Fold {
  const standings = createStandings({ circle, registry, verify });
  const { chains, orders, facts, nodes, facets } = standings;
  const index = createParentIndex(registry);
  const views = new Map<Facet, RecordState>();

  function add(change: Change): { added: boolean; changed: readonly RecordId[] } {
    const added = standings.take(change);
    return { added, changed: flush() };
  }

  function addAll(changes: Iterable<Change>): { changed: readonly RecordId[] } {
    for (const change of changes) standings.take(change);
    return { changed: flush() };
  }

  function flush(): readonly RecordId[] {
    const changed = new Set<RecordId>();
    for (const facet of standings.settle()) {
      changed.add(facet.record);
      index.refresh(facet);
      // Another type of the same record may have become its own.
      for (const each of facets.get(facet.record)!.values()) views.delete(each);
    }
    return [...changed];
  }

  /** The type that a record has: the one its maker wrote under; of several, or before that is here, the first by name. */
  function ownFacet(id: RecordId): Facet | undefined {
    const types = facets.get(id);
    if (types === undefined) return undefined;
    const all = [...types.values()];
    if (all.length === 1) return all[0];
    const maker = creatorOf(id);
    const isWritten = (facet: Facet, by: ReplicaId | null): boolean =>
      [...facet.fields.values()].some((field) =>
        field.nodes.some((node) => !node.setAside && (by === null || node.replica === by)),
      );
    const byMaker = all.filter((facet) => isWritten(facet, maker));
    const byAnybody = byMaker.length > 0 ? byMaker : all.filter((facet) => isWritten(facet, null));
    return (byAnybody.length > 0 ? byAnybody : all).sort((a, b) => (a.type < b.type ? -1 : 1))[0];
  }

  function viewOf(facet: Facet): RecordState {
    let view = views.get(facet);
    if (view === undefined) {
      const types = facets.get(facet.record)!;
      const others = types.size === 1 ? [] : [...types.keys()].filter((type) => type !== facet.type).sort();
      view = recordState(facet, others, (id) => nodes.get(id));
      views.set(facet, view);
    }
    return view;
  }

  function list(candidates: Iterable<Facet>, options: ListOptions | undefined): RecordState[] {
    const found: RecordState[] = [];
    for (const facet of candidates) {
      if (ownFacet(facet.record) !== facet || !hasHead(facet)) continue;
      const view = viewOf(facet);
      if (!view.removed || options?.withRemoved === true) found.push(view);
    }
    return found.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  function personOf(replica: ReplicaId): RecordId | null {
    const persons = standings.authority().personsOf(replica);
    if (persons.length < 2) return persons[0] ?? null;
    const stated: VersionId[] = [];
    for (const facet of standings.ofType('device')) {
      if (!facet.record.startsWith(replica)) continue;
      for (const head of facet.fields.get('person')?.heads ?? []) stated.push(head.id);
    }
    const current = persons.find((person) => stated.some((id) => nodes.get(id)!.value === person));
    return current ?? persons[0]!;
  }

  function mayWrite(replica: ReplicaId, record: RecordId, type: string, field: string): boolean {
    const rule = fieldRule(registry, type, field);
    return rule !== undefined && standings.authority().mayWrite(replica, record, rule.right);
  }

  function stats(): FoldStats {
    const all = [...nodes.values()];
    const opaque = standings.opaque();
    return {
      changes: chains.count(),
      versions: nodes.size,
      records: facets.size,
      opaqueChanges: opaque.changes,
      opaqueOps: opaque.ops,
      setAside: all.filter((node) => node.setAside).length,
      suggestions: standings.suggestions(),
      unreadable: all.filter((node) => node.shape === 'unreadable').length,
      missingVersions: standings.missing().length,
      erased: all.filter((node) => node.erased).length,
    };
  }

  const record = (id: RecordId): RecordState | null => {
    const facet = ownFacet(id);
    return facet === undefined ? null : viewOf(facet);
  };

  return {
    circle,
    add,
    addAll,
    has: chains.has,
    record,
    field: (id, name) => record(id)?.fields.get(name) ?? null,
    recordsOfType: (type, options) => list(standings.ofType(type), options),
    children: (type, parent, options) => list(index.find(type, parent), options),
    history: (id, name) => {
      const field = ownFacet(id)?.fields.get(name);
      return field === undefined ? [] : historyState(field);
    },
    version: (id) => {
      const node = nodes.get(id);
      return node === undefined ? null : versionState(node);
    },
    tips: chains.tips,
    tipsOf: chains.tipsOf,
    replicas: chains.replicas,
    gaps: chains.gaps,
    forks: chains.forks,
    brokenLinks: chains.brokenLinks,
    founder: () => standings.authority().founder(),
    administrators: () => standings.authority().administrators(),
    isAdministrator: (replica) => standings.authority().isAdministrator(replica),
    personOf,
    delegationsOf: (person) => standings.authority().delegationsOf(person),
    mayWrite,
    limitOf: (replica) => standings.judgement().limitOf(replica),
    setAsideOf: (replica) => {
      const judgement = standings.judgement();
      const links = judgement.limitOf(replica) === null ? [] : chains.of(replica);
      return links.filter((one) => judgement.isSetAside({ ...one, change: one.hash })).sort((a, b) => a.seq - b.seq);
    },
    statements: (type, field) =>
      facts.filter((node) => node.facet.type === type && node.field.name === field).map(versionState),
    removals: () => standings.judgement().removals.map((node) => removalState(node)),
    epochs: () => standings.judgement().epochs.map((node) => epochState(node)),
    erasures: () =>
      orders
        .all()
        .filter((node) => node.counts && targetsOf(node).length > 0)
        .map((order) => {
          const find = (id: VersionId): Node | undefined => {
            const node = nodes.get(id);
            return node !== undefined && mayErase(order, node, standings.authority()) ? node : undefined;
          };
          return erasureState(order, find);
        }),
    isErased: (id) => standings.isDropped(id) || (nodes.get(id)?.ordered ?? null) !== null,
    mayErase: (replica, id) => {
      const node = nodes.get(id);
      return node !== undefined && mayErase({ replica }, node, standings.authority());
    },
    erasable: () => [...orders.targets()].filter((id) => (nodes.get(id)?.ordered ?? null) !== null),
    erase(change, op) {
      standings.erase(change, op);
      return { changed: flush() };
    },
    snapshot: () =>
      snapshotOf({
        circle,
        chains,
        facets: [...facets.values()].flatMap((types) => [...types.values()]),
        viewOf,
        isOwn: (facet) => ownFacet(facet.record) === facet,
        founder: standings.authority().founder(),
        administrators: standings.authority().administrators(),
        personOf,
        setAside: [...nodes.values()].filter((node) => node.setAside).map((node) => node.id),
        opaque: standings.opaque(),
        missing: standings.missing(),
      }),
    stats,
  };
}

function hasHead(facet: Facet): boolean {
  for (const field of facet.fields.values()) if (field.heads.size > 0) return true;
  return false;
}
