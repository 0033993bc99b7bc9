/**
 * The fold: what a set of changes adds up to. `shared/records/` holds the change log's format (canonical.ts, change.ts),
 * the record types (record-types.ts, values.ts), and this fold with its parts: version-graph.ts (which versions stand),
 * authority.ts (who may write),
 * judgement.ts (whose changes count up to where), erasures.ts (what owners took back), chains.ts (what is here and what is missing), state.ts (what others see). SPEC.md has the
 * rules, numbered. No storage, no network, no clock.
 *
 * State is a function of the set of changes (and of the erasures asked for): order, repetition and lateness do not
 * matter. That is why rights only grow, why a version superseded stays superseded, and why a missing predecessor is
 * waited for by name and not guessed.
 */
import { creatorOf, type ChangeHash, type CircleId, type Json } from '../ids.ts';
import type { RecordId, ReplicaId, VersionId } from '../ids.ts';
import { factTypes, type VerifySignature } from './authority.ts';
import { createChains, type BrokenLink, type Fork, type Gap, type Link } from './chains.ts';
import { versionIdOf, type Change, type Op } from './change.ts';
import { createErasures, isErasureOrder, mayErase, targetsOf } from './erasures.ts';
import { isLimiting, judge as judgeFacts, type Limit } from './judgement.ts';
import { epochState, erasureState, removalState } from './orders.ts';
import type { EpochState, ErasureState, RemovalState } from './orders.ts';
import { createParentIndex } from './parent-index.ts';
import { fieldRule, recordTypes, type Registry } from './record-types.ts';
import { snapshotOf } from './snapshot.ts';
import { historyState, recordState, versionState } from './state.ts';
import type { FieldState, RecordState, Version } from './state.ts';
import { count, createFacet, fieldOf, link, resetStanding, type Facet, type Node } from './version-graph.ts';

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
  const chains = createChains();
  const nodes = new Map<VersionId, Node>();
  const facets = new Map<RecordId, Map<string, Facet>>();
  const ofType = new Map<string, Set<Facet>>();
  const index = createParentIndex(registry);
  /** Versions that name a version not here, by that version. */
  const waiting = new Map<VersionId, Node[]>();
  /** Readable versions without right: looked at again when rights grow. */
  const unauthorised = new Set<Node>();
  /** Values dropped for good. */
  const dropped = new Set<VersionId>();
  const orders = createErasures();
  /** All versions of the types that give rights. */
  const facts: Node[] = [];
  let mayLimit = false;
  /** What came and was not judged yet. */
  let pending: Node[] = [];
  const views = new Map<Facet, RecordState>();
  let judgement = judgeFacts([], { circle, registry, verify, chains });
  let { authority } = judgement;
  let touched = new Set<Facet>();
  let opaqueChanges = 0;
  let opaqueOps = 0;

  function add(change: Change): { added: boolean; changed: readonly RecordId[] } {
    const added = take(change);
    return { added, changed: flush() };
  }

  function addAll(changes: Iterable<Change>): { changed: readonly RecordId[] } {
    for (const change of changes) take(change);
    return { changed: flush() };
  }

  function take(change: Change): boolean {
    if (change.circle !== circle) throw new RangeError(`change ${change.hash} belongs to circle ${change.circle}`);
    const added = chains.add(change);
    if (added) {
      if (change.opaque) opaqueChanges += 1;
      opaqueOps += change.opaqueOps;
      for (const op of change.ops) addOp(change, op);
    } else {
      for (const op of change.ops) fillIn(op);
    }
    return added;
  }

  function addOp(change: Change, op: Op): void {
    const facet = facetOf(op.record, op.type);
    const rule = fieldRule(registry, op.type, op.field);
    const erased = op.erased || dropped.has(op.id);
    const node: Node = {
      id: op.id,
      change: change.hash,
      index: op.index,
      replica: change.replica,
      seq: change.seq,
      at: change.at ?? 0,
      over: op.over,
      facet,
      field: fieldOf(facet, op.field),
      right: rule?.right ?? null,
      once: rule?.once === true,
      shape: 'known',
      value: erased ? undefined : op.value,
      erased,
      ordered: null,
      setAside: false,
      counts: false,
      superseded: false,
      parents: [],
      children: [],
      missing: 0,
      key: undefined,
    };
    nodes.set(node.id, node);
    node.field.nodes.push(node);
    connect(node);
    touched.add(facet);
    if (factTypes.has(op.type)) facts.push(node);
    if (isLimiting(node)) mayLimit = true;
    if (isErasureOrder(node)) orders.learn(node);
    pending.push(node);
  }

  /** Judges what came. Where something may take rights away, a new fact may change what was judged before. */
  function settle(): void {
    const nodes = pending;
    pending = [];
    if (nodes.length === 0) return;
    const isDecisive = ({ facet, replica }: Node): boolean =>
      factTypes.has(facet.type) || judgement.limitOf(replica) !== null;
    if (mayLimit && nodes.some(isDecisive)) {
      judgeAnew();
      return;
    }
    const before = unauthorised.size;
    for (const node of nodes) judge(node);
    const concerns = (node: Node): boolean => isErasureOrder(node) || orders.isTarget(node.id);
    if (unauthorised.size < before || nodes.some(concerns)) carryOutErasures();
  }

  /** Everything from the facts on; what is touched by that are the records of which a version stands otherwise. */
  function judgeAnew(): void {
    const standing = (node: Node): number =>
      Number(node.counts) + 2 * Number(node.superseded) + 4 * Number(node.setAside) + 8 * Number(node.erased);
    const before = new Map<Node, number>();
    for (const node of nodes.values()) before.set(node, standing(node));
    judgement = judgeFacts(facts, { circle, registry, verify, chains });
    authority = judgement.authority;
    const seen = touched;
    for (const node of nodes.values()) restore(node);
    rebuild([...facets.values()].flatMap((types) => [...types.values()]));
    carryOutErasures();
    touched = seen;
    for (const [node, stood] of before) if (standing(node) !== stood) touched.add(node.facet);
  }

  /** Takes the values that owners ordered to be erased. What that makes readable may count, so it is judged again. */
  function carryOutErasures(): void {
    const concerned = new Set<Facet>();
    for (const id of orders.targets()) {
      const node = nodes.get(id);
      if (node === undefined || node.erased || node.value === undefined || !orders.covers(node, authority)) continue;
      node.ordered = { value: node.value };
      node.value = undefined;
      node.key = undefined;
      node.erased = true;
      concerned.add(node.facet);
    }
    if (concerned.size > 0) rebuild([...concerned]);
  }

  /** The value as it came, before it is known again whether it was ordered to be erased. */
  function restore(node: Node): void {
    if (node.ordered === null) return;
    node.value = node.ordered.value;
    node.key = undefined;
    node.erased = false;
    node.ordered = null;
  }

  /** Ties the version to those it names and to those that name it. */
  function connect(node: Node): void {
    for (const id of node.over) {
      const named = nodes.get(id);
      if (named !== undefined) {
        if (named.field === node.field) link(node, named);
        continue;
      }
      node.missing += 1;
      node.field.incomplete.add(node);
      const others = waiting.get(id);
      if (others === undefined) waiting.set(id, [node]);
      else others.push(node);
    }
    for (const later of waiting.get(node.id) ?? []) {
      later.missing -= 1;
      if (later.missing === 0) later.field.incomplete.delete(later);
      if (later.field === node.field) link(later, node);
      touched.add(later.facet);
    }
    waiting.delete(node.id);
  }

  /** Decides whether a version counts; what it teaches about rights may make others count. */
  function judge(node: Node): void {
    node.shape = shapeOf(node);
    if (node.facet.type === 'circle' && authority.recognise(node.facet.record)) judgeAgain();
    node.setAside = judgement.isSetAside(node);
    if (node.setAside) return;
    if (node.shape === 'unreadable') return;
    // What is written once is no matter of rights that may yet grow.
    if (isSecondWriting(node)) return;
    if (node.right !== null && !authority.mayWrite(node.replica, node.facet.record, node.right)) {
      unauthorised.add(node);
      return;
    }
    accept(node);
  }

  function accept(node: Node): void {
    count(node);
    touched.add(node.facet);
    const { record, type } = node.facet;
    const { replica, value } = node;
    if (authority.learn({ replica, record, type, field: node.field.name, value })) judgeAgain();
  }

  /** Rights have grown. Each acceptance may make them grow further; the end is the same whatever comes first. */
  function judgeAgain(): void {
    for (const node of unauthorised) {
      if (!authority.mayWrite(node.replica, node.facet.record, node.right!)) continue;
      unauthorised.delete(node);
      accept(node);
    }
  }

  function shapeOf(node: Node): Node['shape'] {
    if (node.right === null) return 'opaque';
    if (node.value === undefined || node.value === null) return 'known';
    const rule = fieldRule(registry, node.facet.type, node.field.name)!;
    return rule.holds(node.value) ? 'known' : 'unreadable';
  }

  function fillIn(op: Op): void {
    const node = nodes.get(op.id);
    if (node === undefined || op.value === undefined || dropped.has(op.id)) return;
    if (!node.erased || node.ordered !== null) return;
    node.value = op.value;
    node.erased = false;
    if (isErasureOrder(node)) orders.learn(node);
    rejudge(node);
  }

  function erase(change: ChangeHash, op: number): { changed: readonly RecordId[] } {
    const id = versionIdOf(change, op);
    dropped.add(id);
    const node = nodes.get(id);
    if (node !== undefined) {
      const isNews = !node.erased;
      node.ordered = null;
      node.value = undefined;
      node.erased = true;
      if (isNews) rejudge(node);
    }
    return { changed: flush() };
  }

  /** A value came or went, which may make a version readable or not, and give or take what it says about rights. */
  function rejudge(node: Node): void {
    settle();
    node.key = undefined;
    touched.add(node.facet);
    if (factTypes.has(node.facet.type) || isErasureOrder(node)) {
      mayLimit ||= isLimiting(node);
      judgeAnew();
      return;
    }
    rebuild([node.facet]);
    if (orders.isTarget(node.id)) carryOutErasures();
  }

  function rebuild(all: readonly Facet[]): void {
    for (const facet of all) {
      resetStanding(facet);
      touched.add(facet);
      for (const field of facet.fields.values()) for (const node of field.nodes) unauthorised.delete(node);
    }
    for (const facet of all) for (const field of facet.fields.values()) for (const node of field.nodes) judge(node);
  }

  function facetOf(record: RecordId, type: string): Facet {
    let types = facets.get(record);
    if (types === undefined) {
      types = new Map();
      facets.set(record, types);
    }
    let facet = types.get(type);
    if (facet === undefined) {
      facet = createFacet(record, type);
      types.set(type, facet);
      const same = ofType.get(type);
      if (same === undefined) ofType.set(type, new Set([facet]));
      else same.add(facet);
    }
    return facet;
  }

  function flush(): readonly RecordId[] {
    settle();
    const changed = new Set<RecordId>();
    for (const facet of touched) {
      changed.add(facet.record);
      index.refresh(facet);
      // Another type of the same record may have become its own.
      for (const each of facets.get(facet.record)!.values()) views.delete(each);
    }
    touched = new Set();
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
    const persons = authority.personsOf(replica);
    if (persons.length < 2) return persons[0] ?? null;
    const stated: VersionId[] = [];
    for (const facet of ofType.get('device') ?? []) {
      if (!facet.record.startsWith(replica)) continue;
      for (const head of facet.fields.get('person')?.heads ?? []) stated.push(head.id);
    }
    const current = persons.find((person) => stated.some((id) => nodes.get(id)!.value === person));
    return current ?? persons[0]!;
  }

  function mayWrite(replica: ReplicaId, record: RecordId, type: string, field: string): boolean {
    const rule = fieldRule(registry, type, field);
    return rule !== undefined && authority.mayWrite(replica, record, rule.right);
  }

  function stats(): FoldStats {
    const all = [...nodes.values()];
    return {
      changes: chains.count(),
      versions: nodes.size,
      records: facets.size,
      opaqueChanges,
      opaqueOps,
      setAside: all.filter((node) => node.setAside).length,
      suggestions: unauthorised.size + all.filter(isSecondWriting).length,
      unreadable: all.filter((node) => node.shape === 'unreadable').length,
      missingVersions: waiting.size,
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
    recordsOfType: (type, options) => list(ofType.get(type) ?? [], options),
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
    founder: () => authority.founder(),
    administrators: () => authority.administrators(),
    isAdministrator: (replica) => authority.isAdministrator(replica),
    personOf,
    delegationsOf: (person) => authority.delegationsOf(person),
    mayWrite,
    limitOf: (replica) => judgement.limitOf(replica),
    setAsideOf: (replica) => {
      const links = judgement.limitOf(replica) === null ? [] : chains.of(replica);
      return links.filter((one) => judgement.isSetAside({ ...one, change: one.hash })).sort((a, b) => a.seq - b.seq);
    },
    statements: (type, field) =>
      facts.filter((node) => node.facet.type === type && node.field.name === field).map(versionState),
    removals: () => judgement.removals.map((node) => removalState(node)),
    epochs: () => judgement.epochs.map((node) => epochState(node)),
    erasures: () =>
      orders
        .all()
        .filter((node) => node.counts && targetsOf(node).length > 0)
        .map((order) => {
          const find = (id: VersionId): Node | undefined => {
            const node = nodes.get(id);
            return node !== undefined && mayErase(order, node, authority) ? node : undefined;
          };
          return erasureState(order, find);
        }),
    isErased: (id) => dropped.has(id) || (nodes.get(id)?.ordered ?? null) !== null,
    mayErase: (replica, id) => {
      const node = nodes.get(id);
      return node !== undefined && mayErase({ replica }, node, authority);
    },
    erasable: () => [...orders.targets()].filter((id) => (nodes.get(id)?.ordered ?? null) !== null),
    erase,
    snapshot: () =>
      snapshotOf({
        circle,
        chains,
        facets: [...facets.values()].flatMap((types) => [...types.values()]),
        viewOf,
        isOwn: (facet) => ownFacet(facet.record) === facet,
        founder: authority.founder(),
        administrators: authority.administrators(),
        personOf,
        setAside: [...nodes.values()].filter((node) => node.setAside).map((node) => node.id),
        opaque: { changes: opaqueChanges, ops: opaqueOps },
        missing: [...waiting.keys()].sort(),
      }),
    stats,
  };
}

function hasHead(facet: Facet): boolean {
  for (const field of facet.fields.values()) if (field.heads.size > 0) return true;
  return false;
}

/** A field that is written once has nothing to write over. */
function isSecondWriting(node: Node): boolean {
  return node.once && node.over.length > 0 && node.shape !== 'unreadable';
}
