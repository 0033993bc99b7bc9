/**
 * Which versions stand. Changes are taken in one by one and their versions tied to those they name; then each is judged:
 * whether its author had the right, whether it can be read, whether it is set aside. What comes may make rights grow, which
 * makes more versions count, or take rights away, which lets everything be judged anew; the end is the same whatever comes
 * first. What others see of it is the affair of fold.ts.
 */
import type { ChangeHash, CircleId, RecordId, VersionId } from '../ids.ts';
import { factTypes, type Authority, type VerifySignature } from './authority.ts';
import { createChains, type Chains } from './chains.ts';
import { versionIdOf, type Change, type Op } from './change.ts';
import { createErasures, isErasureOrder, type Erasures } from './erasures.ts';
import { isLimiting, judge as judgeFacts, type Judgement } from './judgement.ts';
import { fieldRule, type Registry } from './record-types.ts';
import { count, createFacet, fieldOf, link, resetStanding, type Facet, type Node } from './version-graph.ts';

export interface Standings {
  /** True when the change was not here. What it means for the others shows after `settle`. */
  take(change: Change): boolean;
  /** Drops a value for good. */
  erase(change: ChangeHash, op: number): void;
  /** Judges what came; gives what may be another now than when this was last asked. */
  settle(): ReadonlySet<Facet>;
  readonly chains: Chains;
  readonly orders: Erasures;
  /** All versions of the types that give rights. */
  readonly facts: readonly Node[];
  readonly nodes: ReadonlyMap<VersionId, Node>;
  /** What each record is, by type. */
  readonly facets: ReadonlyMap<RecordId, ReadonlyMap<string, Facet>>;
  ofType(type: string): Iterable<Facet>;
  /** As it was last settled. */
  judgement(): Judgement;
  authority(): Authority;
  isDropped(version: VersionId): boolean;
  /** Versions named by others and not here. */
  missing(): readonly VersionId[];
  /** Changes of a newer format, and ops of a newer kind. */
  opaque(): { readonly changes: number; readonly ops: number };
  suggestions(): number;
}

export interface StandingsOptions {
  readonly circle: CircleId;
  readonly registry: Registry;
  readonly verify: VerifySignature | undefined;
}

export function createStandings({ circle, registry, verify }: StandingsOptions): Standings {
  const chains = createChains();
  const nodes = new Map<VersionId, Node>();
  const facets = new Map<RecordId, Map<string, Facet>>();
  const ofType = new Map<string, Set<Facet>>();
  /** Versions that name a version not here, by that version. */
  const waiting = new Map<VersionId, Node[]>();
  /** Readable versions without right: looked at again when rights grow. */
  const unauthorised = new Set<Node>();
  /** Values dropped for good. */
  const dropped = new Set<VersionId>();
  const orders = createErasures();
  const facts: Node[] = [];
  let mayLimit = false;
  /** What came and was not judged yet. */
  let pending: Node[] = [];
  let judgement = judgeFacts([], { circle, registry, verify, chains });
  let { authority } = judgement;
  let touched = new Set<Facet>();
  let opaqueChanges = 0;
  let opaqueOps = 0;

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
    const fresh = pending;
    pending = [];
    if (fresh.length === 0) return;
    const isDecisive = ({ facet, replica }: Node): boolean =>
      factTypes.has(facet.type) || judgement.limitOf(replica) !== null;
    if (mayLimit && fresh.some(isDecisive)) {
      judgeAnew();
      return;
    }
    const before = unauthorised.size;
    for (const node of fresh) judge(node);
    const concerns = (node: Node): boolean => isErasureOrder(node) || orders.isTarget(node.id);
    if (unauthorised.size < before || fresh.some(concerns)) carryOutErasures();
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

  function erase(change: ChangeHash, op: number): void {
    const id = versionIdOf(change, op);
    dropped.add(id);
    const node = nodes.get(id);
    if (node === undefined) return;
    const isNews = !node.erased;
    node.ordered = null;
    node.value = undefined;
    node.erased = true;
    if (isNews) rejudge(node);
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

  return {
    take,
    erase,
    settle() {
      settle();
      const changed = touched;
      touched = new Set();
      return changed;
    },
    chains,
    orders,
    facts,
    nodes,
    facets,
    ofType: (type) => ofType.get(type) ?? [],
    judgement: () => judgement,
    authority: () => authority,
    isDropped: (version) => dropped.has(version),
    missing: () => [...waiting.keys()].sort(),
    opaque: () => ({ changes: opaqueChanges, ops: opaqueOps }),
    suggestions: () => unauthorised.size + [...nodes.values()].filter(isSecondWriting).length,
  };
}

/** A field that is written once has nothing to write over. */
function isSecondWriting(node: Node): boolean {
  return node.once && node.over.length > 0 && node.shape !== 'unreadable';
}
