/**
 * A second implementation of the fold, written from SPEC.md alone and as plainly as possible: everything is computed
 * anew from the whole set, with no thought for speed. The fold is compared with it. It shares only the record types and
 * the opening of changes with the program.
 */
import { creatorOf, type Json, type RecordId, type ReplicaId, type VersionId } from '../../shared/ids.ts';
import { canonical, hashText } from '../../shared/records/canonical.ts';
import type { Change } from '../../shared/records/change.ts';
import { fieldRule, type Registry } from '../../shared/records/record-types.ts';

interface V {
  readonly id: VersionId;
  readonly replica: ReplicaId;
  readonly record: RecordId;
  readonly type: string;
  readonly field: string;
  readonly over: readonly VersionId[];
  readonly value: Json | undefined;
  readonly change: string;
  readonly seq: number;
}

export interface Model {
  readonly snapshot: Json;
  readonly counting: ReadonlySet<VersionId>;
  readonly heads: ReadonlySet<VersionId>;
}

export function model(
  given: readonly Change[],
  { circle, registry, erased = new Set() }: { circle: string; registry: Registry; erased?: ReadonlySet<VersionId> },
): Model {
  const changes = [...new Map(given.map((change) => [change.hash, change])).values()];
  const versions = new Map<VersionId, V>();
  for (const change of given) {
    for (const op of change.ops) {
      const known = versions.get(op.id)?.value;
      const value = erased.has(op.id) ? undefined : (known ?? op.value);
      versions.set(op.id, { ...op, replica: change.replica, value, change: change.hash, seq: change.seq });
    }
  }
  let all = [...versions.values()];
  const rule = (v: V) => fieldRule(registry, v.type, v.field);
  const sameField = (a: V, b: V): boolean => a.record === b.record && a.type === b.type && a.field === b.field;
  const parents = (v: V): V[] =>
    v.over.flatMap((id) => versions.get(id) ?? []).filter((parent) => sameField(parent, v));
  const upwards = (v: V): Set<V> => {
    const found = new Set<V>();
    const visit = (each: V): void => {
      if (found.has(each)) return;
      found.add(each);
      parents(each).forEach(visit);
    };
    visit(v);
    return found;
  };
  const readable = (v: V): boolean =>
    rule(v) === undefined || v.value === undefined || v.value === null || rule(v)!.holds(v.value);

  // Rights: assume nothing, then add whoever is shown to have them, until nothing is added.
  const root = all.find((v) => v.type === 'circle' && hashText(`circle:${v.record}`).slice(0, 26) === circle);
  const founder = root === undefined ? null : creatorOf(root.record);
  let counting = new Set<V>();
  const stated = (type: string, field: string): V[] =>
    [...counting].filter((v) => v.type === type && v.field === field && v.value !== undefined && v.value !== null);
  const personsOf = (replica: ReplicaId): string[] =>
    stated('device', 'person')
      .filter((v) => creatorOf(v.record) === replica)
      .map((v) => v.value as RecordId)
      .filter(
        (person, index, list) =>
          list.indexOf(person) === index &&
          (creatorOf(person) === replica ||
            stated('person', 'devices').some((v) => v.record === person && (v.value as string[]).includes(replica))),
      )
      .sort();
  const meet = (a: readonly string[], b: readonly string[]): boolean => a.some((each) => b.includes(each));
  const isSame = (a: ReplicaId, b: ReplicaId): boolean => a === b || meet(personsOf(a), personsOf(b));
  const granted = (): string[] => stated('grant', 'person').map((v) => v.value as string);
  const isAdministrator = (replica: ReplicaId): boolean =>
    (founder !== null && isSame(replica, founder)) || meet(personsOf(replica), granted());
  const delegations = (replica: ReplicaId): string[] =>
    stated('confirmation', 'person')
      .filter((v) => personsOf(replica).includes(v.value as string))
      .flatMap((v) =>
        stated('confirmation', 'delegation')
          .filter((w) => w.record === v.record)
          .map((w) => w.value as string),
      );

  // Removals and epochs take away; they are judged one by one, and each stands once it was judged.
  const removals: V[] = [];
  const epochs: V[] = [];
  const hashed = new Map(changes.map((change) => [change.hash as string, change]));
  type Removal = { replica: string; last: string | null; seq: number };
  const reaches = (v: V, { replica, last, seq }: Removal): boolean => {
    let below = seq + 1;
    for (let at = last; at !== null;) {
      const change = hashed.get(at);
      if (change === undefined || change.replica !== replica) return v.seq < below;
      if (at === v.change) return true;
      below = change.seq;
      at = change.prev;
    }
    return false;
  };
  const admitted = (replica: ReplicaId): boolean =>
    epochs.some(
      (epoch) =>
        (epoch.value as { known: string[] }).known.includes(replica) ||
        [...counting].some(
          (v) => v.record === epoch.record && v.field === `key:${replica}` && v.value !== undefined && v.value !== null,
        ),
    );
  const setAside = (v: V): boolean => {
    const own = removals.map((each) => each.value as unknown as Removal).filter((each) => each.replica === v.replica);
    if (own.length > 0) return !own.some((each) => each.last !== null && reaches(v, each));
    return epochs.length > 0 && !admitted(v.replica);
  };
  const depth = (replica: ReplicaId, passed: readonly V[] = []): number => {
    if (founder !== null && isSame(replica, founder)) return 0;
    const grants = stated('grant', 'person').filter(
      (v) => !passed.includes(v) && personsOf(replica).includes(v.value as RecordId),
    );
    return Math.min(Infinity, ...grants.map((v) => depth(v.replica, [...passed, v]) + 1));
  };
  const isOrder = (v: V): boolean =>
    v.value !== undefined &&
    v.value !== null &&
    ((v.type === 'epoch' && v.field === 'opened') ||
      (v.type === 'removal-of-device' &&
        v.field === 'device' &&
        (v.value as unknown as Removal).replica !== v.replica));

  const allowed = (v: V): boolean => {
    if (rule(v)?.once === true && v.over.length > 0) return false;
    switch (rule(v)?.right) {
      case undefined:
      case 'anybody':
        return true;
      case 'self':
        return v.replica === creatorOf(v.record);
      case 'creator':
        return isSame(v.replica, creatorOf(v.record));
      case 'delegation':
        return isSame(v.replica, creatorOf(v.record)) || meet(delegations(v.replica), delegations(creatorOf(v.record)));
      case 'coordinators':
        return isSame(v.replica, creatorOf(v.record)) || isAdministrator(v.replica);
      case 'administrators':
        return isAdministrator(v.replica);
    }
  };
  const count = (): void => {
    counting = new Set();
    for (let size = -1; size !== counting.size;) {
      size = counting.size;
      counting = new Set(all.filter((v) => readable(v) && !setAside(v) && (counting.has(v) || allowed(v))));
    }
  };
  for (;;) {
    count();
    const open = [...counting].filter((v) => isOrder(v) && !removals.includes(v) && !epochs.includes(v));
    const key = (v: V): string => `${v.type === 'epoch' ? 1 : 0} ${v.record} ${v.id}`;
    open.sort((a, b) => depth(a.replica) - depth(b.replica) || (key(a) < key(b) ? -1 : 1));
    if (open.length === 0) break;
    (open[0]!.type === 'epoch' ? epochs : removals).push(open[0]!);
  }
  // Erasures concern no facts, so who may order them is settled by now.
  const lasting = ['circle', 'device', 'person', 'grant', 'confirmation', 'removal-of-device', 'epoch', 'erasure'];
  const orders = [...counting].filter((v) => v.type === 'erasure' && v.field === 'targets' && Array.isArray(v.value));
  all = all.map((v) => {
    const isErased = orders.some(
      (order) =>
        (order.value as string[]).includes(v.id) &&
        !lasting.includes(v.type) &&
        (isSame(order.replica, v.replica) || isSame(order.replica, creatorOf(v.record))),
    );
    return isErased ? { ...v, value: undefined } : v;
  });
  for (const v of all) versions.set(v.id, v);
  // Versions are compared as the objects they are.
  for (const list of [removals, epochs]) list.splice(0, list.length, ...list.map((v) => versions.get(v.id)!));
  count();

  const superseded = new Set<V>();
  for (const v of counting) for (const each of upwards(v)) if (each !== v) superseded.add(each);
  const isHead = (v: V): boolean => counting.has(v) && !superseded.has(v);

  const facets = [...new Set(all.map((v) => `${v.record} ${v.type}`))].sort();
  const ids = (list: readonly V[]): VersionId[] => list.map((v) => v.id).sort();

  const fieldJson = (own: readonly V[]): Json => {
    const heads = own.filter(isHead);
    const groups = new Map<string, V[]>();
    for (const head of heads) {
      if (head.value === undefined) continue;
      groups.set(canonical(head.value), [...(groups.get(canonical(head.value)) ?? []), head]);
    }
    const incomplete = own.some(
      (v) => (counting.has(v) || superseded.has(v)) && v.over.some((id) => !versions.has(id)),
    );
    const open = own.filter((v) => !counting.has(v) && !superseded.has(v) && !setAside(v));
    const last = open.filter((v) => !open.some((w) => w !== v && w.replica === v.replica && upwards(w).has(v)));
    const common = own.filter((v) => heads.every((head) => upwards(head).has(v)));
    const nearest = common.filter((v) => !common.some((w) => w !== v && upwards(w).has(v)));
    const base = nearest.length === 1 ? nearest[0]! : null;
    const usable = groups.size > 1 && !incomplete && base !== null && base.value !== undefined && readable(base);
    return {
      heads: ids(heads),
      values: [...groups.values()]
        .map((group) => ({ value: group[0]!.value!, versions: ids(group) }))
        .sort((a, b) => (a.versions[0]! < b.versions[0]! ? -1 : 1)),
      base: usable ? base.id : null,
      incomplete,
      suggestions: ids(last.filter(readable)),
      unreadable: ids(last.filter((v) => !readable(v))),
      opaque: own.some((v) => rule(v) === undefined),
      erased: ids(heads.filter((head) => head.value === undefined)),
    };
  };

  const recordJson = (facet: string): Json => {
    const [id, type] = facet.split(' ') as [RecordId, string];
    const own = all.filter((v) => v.record === id && v.type === type);
    const types = (list: readonly V[]): string[] => list.filter((v) => v.record === id).map((v) => v.type);
    const effective = all.filter((v) => !setAside(v));
    const byMaker = types(effective.filter((v) => v.replica === creatorOf(id)));
    const byAnybody = byMaker.length > 0 ? byMaker : types(effective);
    const ownType = (byAnybody.length > 0 ? byAnybody : types(all)).sort()[0];
    const removals = own.filter((v) => isHead(v) && v.field === 'removed' && v.value === true);
    const restored = own.some((v) => isHead(v) && v.field === 'removed' && v.value === null);
    const seen = new Set<V>();
    for (const removal of removals) {
      for (const named of removal.over) {
        const v = versions.get(named);
        if (v !== undefined && v.record === id && v.type === type) for (const each of upwards(v)) seen.add(each);
      }
    }
    const unseen = own.some((v) => isHead(v) && v.field !== 'removed' && !seen.has(v));
    const removed = removals.length > 0 && !restored && !unseen;
    const names = [...new Set(own.map((v) => v.field))];
    return {
      id,
      type,
      own: ownType === type,
      removed,
      removalContested: removals.length > 0 && !removed,
      removedBy: ids(removals),
      fields: Object.fromEntries(names.map((name) => [name, fieldJson(own.filter((v) => v.field === name))])),
    };
  };

  const personOf = (replica: ReplicaId): string | null => {
    const persons = personsOf(replica);
    const card = all.filter(
      (v) => isHead(v) && v.type === 'device' && v.field === 'person' && creatorOf(v.record) === replica,
    );
    return persons.find((person) => card.some((v) => v.value === person)) ?? persons[0] ?? null;
  };

  const hashes = new Map(changes.map((change) => [change.hash, change]));
  const byHash = [...changes].sort((a, b) => (a.hash < b.hash ? -1 : 1));
  const forks = new Map<string, string[]>();
  for (const { replica, prev, hash } of byHash) {
    const key = JSON.stringify({ replica, prev });
    forks.set(key, [...(forks.get(key) ?? []), hash]);
  }
  const aside = ids(all.filter(setAside));
  const missing = new Set(all.flatMap((v) => v.over).filter((id) => !versions.has(id)));
  return {
    counting: new Set(ids([...counting])),
    heads: new Set(ids(all.filter(isHead))),
    snapshot: {
      circle,
      founder,
      administrators: [...new Set([...(founder === null ? [] : personsOf(founder)), ...granted()])].sort(),
      persons: Object.fromEntries(changes.map(({ replica }) => [replica, personOf(replica)])),
      records: facets.map(recordJson),
      tips: byHash
        .filter(({ hash, replica }) => !changes.some((next) => next.prev === hash && next.replica === replica))
        .map(({ hash }) => hash),
      gaps: byHash
        .filter(({ prev }) => prev !== null && !hashes.has(prev))
        .map(({ replica, prev, hash, seq }) => ({ replica, missing: prev, next: hash, seq })),
      forks: [...forks]
        .filter(([, list]) => list.length > 1)
        .map(([key, list]) => ({ ...(JSON.parse(key) as { replica: string; prev: string | null }), changes: list })),
      brokenLinks: [],
      opaque: {
        changes: changes.filter((change) => change.opaque).length,
        ops: changes.reduce((sum, change) => sum + change.opaqueOps, 0),
      },
      missing: [...missing].sort(),
      ...(aside.length > 0 ? { setAside: aside } : {}),
    },
  };
}
