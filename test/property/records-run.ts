/**
 * Random runs for the change log: a few replicas that write, receive some of each other's changes, lose their way
 * (copied profiles), speak of things they have no right to, and meet newer programs. A run is a list of steps drawn by
 * fast-check, so that a failing one shrinks; ids and salts are counted up, so that it repeats.
 */
import fc from 'fast-check';
import { canonical, hashText } from '../../shared/records/canonical.ts';
import { circleIdOf, createChange, openChange, withoutValue } from '../../shared/records/change.ts';
import type { Change, StoredChange } from '../../shared/records/change.ts';
import { createFold, type Fold } from '../../shared/records/fold.ts';
import { recordTypes, type Registry } from '../../shared/records/record-types.ts';
import { overHeads, removalOver } from '../../shared/records/writer.ts';
import type { ChangeHash, CircleId, Json, RecordId, ReplicaId, VersionId } from '../../shared/ids.ts';

/** The types of this release and one that has every other way of writing: by a delegation, by coordinators, once. */
export const registry: Registry = {
  ...recordTypes,
  paper: {
    fields: {
      body: { right: 'delegation', holds: (value) => typeof value === 'string' },
      standing: { right: 'coordinators', holds: (value) => typeof value === 'string' },
      words: { right: 'self', holds: (value) => typeof value === 'string', once: true },
      removed: { right: 'delegation', holds: (value) => value === true },
    },
  },
};

export const replicas = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(26) as ReplicaId);
const [founder, second, third, fourth] = replicas as [ReplicaId, ReplicaId, ReplicaId, ReplicaId];
const recordOf = (replica: ReplicaId, name: string): RecordId => `${replica}.${name.padEnd(10, '2')}` as RecordId;

export const root = recordOf(founder, 'root');
export const circle: CircleId = circleIdOf(root);
/** `second` is the founder's second device, if the founder accepts it. */
export const personOfReplica: readonly RecordId[] = [
  recordOf(founder, 'person'),
  recordOf(founder, 'person'),
  recordOf(third, 'person'),
  recordOf(fourth, 'person'),
];
const documentId = '0'.repeat(64);

/** What may be written in a run: record, type, field, values. */
const targets: readonly { record: RecordId; type: string; field: string; values: readonly Json[] }[] = [
  { record: recordOf(founder, 'note'), type: 'annotation', field: 'body', values: ['x', 'y', 'z', null, 7] },
  { record: recordOf(founder, 'note'), type: 'annotation', field: 'resolved', values: [true, false] },
  { record: recordOf(founder, 'note'), type: 'annotation', field: 'document', values: [documentId] },
  { record: recordOf(third, 'block'), type: 'block', field: 'place', values: ['a', 'b', 'c'] },
  { record: recordOf(third, 'block'), type: 'block', field: 'cell:r:c', values: [[], [{ t: 'break' }], 'bad'] },
  { record: recordOf(third, 'block'), type: 'block', field: 'draft', values: [recordOf(third, 'draft')] },
  { record: recordOf(third, 'block'), type: 'block', field: 'colour', values: [1, 2] },
  { record: recordOf(third, 'block'), type: 'annotation', field: 'resolved', values: [true] },
  { record: recordOf(fourth, 'sub'), type: 'paper', field: 'body', values: ['p', 'q'] },
  { record: recordOf(fourth, 'sub'), type: 'paper', field: 'standing', values: ['in', 'out'] },
  { record: recordOf(fourth, 'sub'), type: 'paper', field: 'words', values: ['w', 'x', null] },
  { record: recordOf(fourth, 'vote'), type: 'ballot', field: 'choice', values: [1, 2] },
  { record: root, type: 'circle', field: 'name', values: ['C', 'D'] },
];
const removable = ['annotation', 'block', 'paper', 'block'] as const;

/** Facts that give rights; any replica may try to state them. */
const facts: readonly ((replica: number) => { record: RecordId; type: string; field: string; value: Json })[] = [
  (replica) => ({
    record: recordOf(replicas[replica]!, 'card'),
    type: 'device',
    field: 'person',
    value: personOfReplica[replica]!,
  }),
  () => ({ record: recordOf(founder, 'person'), type: 'person', field: 'devices', value: [second] }),
  () => ({ record: recordOf(fourth, 'person'), type: 'person', field: 'devices', value: [second, fourth] }),
  () => ({ record: recordOf(founder, 'grant'), type: 'grant', field: 'person', value: recordOf(third, 'person') }),
  () => ({ record: recordOf(third, 'grant'), type: 'grant', field: 'person', value: recordOf(fourth, 'person') }),
  () => ({ record: recordOf(third, 'conf'), type: 'confirmation', field: 'person', value: recordOf(third, 'person') }),
  () => ({ record: recordOf(third, 'conf'), type: 'confirmation', field: 'delegation', value: 'Fiji' }),
  () => ({ record: recordOf(founder, 'conf'), type: 'confirmation', field: 'person', value: personOfReplica[3]! }),
  () => ({ record: recordOf(founder, 'conf'), type: 'confirmation', field: 'delegation', value: 'Fiji' }),
];

export type Step =
  | { readonly do: 'write'; who: number; target: number; value: number; over: 'screen' | 'nothing' }
  | { readonly do: 'overAnything'; who: number; target: number; value: number; pick: number }
  | { readonly do: 'fact'; who: number; fact: number }
  | { readonly do: 'remove'; who: number; target: number; restore: boolean }
  | { readonly do: 'receive'; who: number; from: number; only: number | null }
  | { readonly do: 'fork'; who: number; back: number }
  | { readonly do: 'newer'; who: number; whole: boolean }
  | { readonly do: 'erase'; pick: number }
  /** An order that takes something away: of a device, of all who are not named, of a value. */
  | { readonly do: 'removeDevice'; who: number; device: number; back: number; note: number }
  | { readonly do: 'epoch'; who: number; without: number; note: number }
  | { readonly do: 'admit'; who: number; by: number; device: number; note: number }
  | { readonly do: 'order'; who: number; pick: number };

const who = fc.nat(replicas.length - 1);
/** Mostly those who may. */
const administrator = fc.constantFrom(0, 0, 2, 2, 1, 3);
const steps = {
  write: fc.record({
    do: fc.constant('write' as const),
    who,
    target: fc.nat(targets.length - 1),
    value: fc.nat(9),
    over: fc.constantFrom('screen' as const, 'screen' as const, 'screen' as const, 'nothing' as const),
  }),
  overAnything: fc.record({
    do: fc.constant('overAnything' as const),
    who,
    target: fc.nat(targets.length - 1),
    value: fc.nat(9),
    pick: fc.nat(),
  }),
  fact: fc.record({ do: fc.constant('fact' as const), who, fact: fc.nat(facts.length - 1) }),
  remove: fc.record({
    do: fc.constant('remove' as const),
    who,
    target: fc.nat(targets.length - 1),
    restore: fc.boolean(),
  }),
  receive: fc.record({
    do: fc.constant('receive' as const),
    who,
    from: who,
    only: fc.oneof({ arbitrary: fc.constant(null), weight: 3 }, { arbitrary: fc.nat(), weight: 1 }),
  }),
  fork: fc.record({ do: fc.constant('fork' as const), who, back: fc.integer({ min: 1, max: 3 }) }),
  newer: fc.record({ do: fc.constant('newer' as const), who, whole: fc.boolean() }),
  erase: fc.record({ do: fc.constant('erase' as const), pick: fc.nat() }),
  removeDevice: fc.record({
    do: fc.constant('removeDevice' as const),
    who: administrator,
    device: who,
    back: fc.nat(3),
    note: fc.nat(2),
  }),
  epoch: fc.record({ do: fc.constant('epoch' as const), who: administrator, without: who, note: fc.nat(1) }),
  admit: fc.record({
    do: fc.constant('admit' as const),
    who: administrator,
    by: administrator,
    device: who,
    note: fc.nat(1),
  }),
  order: fc.record({ do: fc.constant('order' as const), who, pick: fc.nat() }),
} satisfies Record<string, fc.Arbitrary<Step>>;

/** Two who have the same before them do different things to it: without this, few runs come to a conflict with a base. */
const apart: fc.Arbitrary<Step[]> = fc
  .record({ one: who, other: who, target: fc.nat(targets.length - 1), value: fc.nat(9), removes: fc.boolean() })
  .map(({ one, other, target, value, removes }) => [
    { do: 'receive', who: one, from: other, only: null },
    { do: 'write', who: one, target, value: value + 2, over: 'screen' },
    { do: 'receive', who: other, from: one, only: null },
    removes
      ? { do: 'remove', who: one, target, restore: false }
      : { do: 'write', who: one, target, value, over: 'screen' },
    { do: 'write', who: other, target, value: value + 1, over: 'screen' },
  ]);

/** Two remove each other apart, and both go on. */
const retaliation: fc.Arbitrary<Step[]> = fc
  .record({ one: administrator, other: who, back: fc.nat(2), target: fc.nat(targets.length - 1), value: fc.nat(9) })
  .map(({ one, other, back, target, value }) => [
    { do: 'receive', who: one, from: other, only: null },
    { do: 'receive', who: other, from: one, only: null },
    { do: 'removeDevice', who: one, device: other, back, note: 0 },
    { do: 'removeDevice', who: other, device: one, back, note: 0 },
    { do: 'write', who: other, target, value, over: 'screen' },
    { do: 'write', who: one, target, value: value + 1, over: 'screen' },
  ]);

/** `honest`: nobody names in `over` what was not on the screen, and nobody erases. `orders`: devices are removed. */
export function runs({
  honest = false,
  orders,
  longest = 45,
}: { honest?: boolean; orders?: boolean; longest?: number } = {}): fc.Arbitrary<Step[]> {
  const every: { arbitrary: fc.Arbitrary<Step | Step[]>; weight: number }[] = [
    { arbitrary: steps.write, weight: 10 },
    { arbitrary: apart, weight: 5 },
    { arbitrary: steps.receive, weight: 9 },
    { arbitrary: steps.fact, weight: 6 },
    { arbitrary: steps.remove, weight: 4 },
    { arbitrary: steps.fork, weight: 1 },
    { arbitrary: steps.newer, weight: 1 },
  ];
  if (!honest) every.push({ arbitrary: steps.overAnything, weight: 2 }, { arbitrary: steps.erase, weight: 1 });
  if (orders ?? !honest) {
    every.push(
      { arbitrary: steps.removeDevice, weight: 3 },
      { arbitrary: retaliation, weight: 2 },
      { arbitrary: steps.epoch, weight: 2 },
      { arbitrary: steps.admit, weight: 2 },
      { arbitrary: steps.order, weight: 2 },
    );
  }
  const body = fc.array(fc.oneof(...every), { minLength: 12, maxLength: longest, size: 'max' });
  // A few fields per run, so that people meet on them; some of the facts at the start, so that some have rights.
  const focus = fc.uniqueArray(fc.nat(targets.length - 1), { minLength: 1, maxLength: 3 });
  return fc
    .tuple(fc.subarray(prelude), focus, body)
    .map(([opening, fields, script]) => [
      ...opening,
      ...script
        .flat()
        .map((step) => ('target' in step ? { ...step, target: fields[step.target % fields.length]! } : step)),
    ]);
}

/** The facts, stated by those who may. */
const prelude: Step[] = [
  // Naming the circle makes its founder known.
  { do: 'write', who: 0, target: targets.length - 1, value: 0, over: 'nothing' },
  ...[0, 1, 2, 3].map((actor): Step => ({ do: 'fact', who: actor, fact: 0 })),
  ...[1, 3, 7, 8].map((fact): Step => ({ do: 'fact', who: 0, fact })),
  ...[4, 5, 6].map((fact): Step => ({ do: 'fact', who: 2, fact })),
  ...[1, 2, 3].map((actor): Step => ({ do: 'receive', who: actor, from: 0, only: null })),
];

export interface Run {
  readonly stored: readonly StoredChange[];
  readonly changes: readonly Change[];
  /** For each version, those its author had received or written when making it. */
  readonly inSight: ReadonlyMap<VersionId, ReadonlySet<VersionId>>;
  readonly erasures: readonly { change: ChangeHash; op: number }[];
}

interface Actor {
  readonly fold: Fold;
  readonly known: Set<VersionId>;
  readonly changes: StoredChange[];
  /** Where the chain stood after each of its changes. */
  readonly past: { seq: number; prev: ChangeHash | null }[];
}

type DraftOp = { record: RecordId; type: string; field: string; over: readonly VersionId[]; value: Json };

export function play(script: readonly Step[]): Run {
  let counter = 0;
  const random = (lengthBytes: number): Uint8Array => {
    counter += 1;
    return Uint8Array.from({ length: lengthBytes }, (_, index) => (counter >> (8 * index)) & 255);
  };
  const actors: Actor[] = replicas.map(() => ({
    fold: createFold({ circle, registry }),
    known: new Set(),
    changes: [],
    past: [{ seq: 1, prev: null }],
  }));
  const all: StoredChange[] = [];
  const changes: Change[] = [];
  const inSight = new Map<VersionId, ReadonlySet<VersionId>>();
  const erasures: { change: ChangeHash; op: number }[] = [];

  const take = (actor: Actor, stored: StoredChange): Change => {
    const opened = openChange(stored);
    if (!opened.ok) throw new Error(opened.error.message);
    if (actor.fold.add(opened.change).added) actor.changes.push(stored);
    for (const op of opened.change.ops) actor.known.add(op.id);
    return opened.change;
  };
  const publish = (actor: Actor, stored: StoredChange): void => {
    const sight = new Set(actor.known);
    const change = take(actor, stored);
    for (const op of change.ops) inSight.set(op.id, sight);
    actor.past.push({ seq: change.seq + 1, prev: change.hash });
    all.push(stored);
    changes.push(change);
  };
  const write = (index: number, ops: readonly DraftOp[]): void => {
    const actor = actors[index]!;
    const chain = { circle, replica: replicas[index]!, ...actor.past.at(-1)!, at: 1_000 + (all.length % 3) };
    publish(actor, createChange({ ...chain, ops }, random).stored);
  };

  for (const step of script) {
    if (step.do === 'erase') {
      const change = changes[step.pick % Math.max(1, changes.length)];
      if (change !== undefined) erasures.push({ change: change.hash, op: 0 });
      continue;
    }
    const actor = actors[step.who]!;
    switch (step.do) {
      case 'write': {
        const target = targets[step.target]!;
        const value = target.values[step.value % target.values.length]!;
        const over = step.over === 'screen' ? overHeads(actor.fold, target.record, target.field) : [];
        write(step.who, [{ ...target, over, value }]);
        break;
      }
      case 'overAnything': {
        const target = targets[step.target]!;
        const known = [...inSight.keys()];
        const over = known.length === 0 ? [] : [known[step.pick % known.length]!];
        write(step.who, [{ ...target, over, value: target.values[step.value % target.values.length]! }]);
        break;
      }
      case 'fact': {
        const fact = facts[step.fact]!(step.who);
        write(step.who, [{ ...fact, over: overHeads(actor.fold, fact.record, fact.field) }]);
        break;
      }
      case 'remove': {
        const { record, type } = targets[step.target]!;
        const over = removalOver(actor.fold, record);
        const kind = (removable as readonly string[]).includes(type) ? type : 'block';
        if (step.restore) {
          const heads = overHeads(actor.fold, record, 'removed');
          write(step.who, [{ record, type: kind, field: 'removed', over: heads, value: null }]);
        } else write(step.who, [{ record, type: kind, field: 'removed', over, value: true }]);
        break;
      }
      case 'removeDevice': {
        const chain = actor.changes.filter(({ skeleton }) => skeleton.replica === replicas[step.device]!);
        const last = chain[chain.length - 1 - step.back];
        const opened = last && openChange(last);
        const value = {
          replica: replicas[step.device]!,
          last: opened?.ok ? opened.change.hash : null,
          seq: last?.skeleton.seq ?? 0,
          kept: [],
        };
        const record = recordOf(replicas[step.who]!, `gone${'abc'[step.note]}`);
        write(step.who, [{ record, type: 'removal-of-device', field: 'device', over: [], value }]);
        break;
      }
      case 'epoch': {
        const known = actor.fold.replicas().filter((each) => each !== replicas[step.without]);
        const value = { number: 2 + step.note, parent: 1, admission: 'k'.repeat(52), known };
        const record = recordOf(replicas[step.who]!, `epoch${'abc'[step.note]}`);
        write(step.who, [{ record, type: 'epoch', field: 'opened', over: [], value }]);
        break;
      }
      case 'admit': {
        const record = recordOf(replicas[step.by]!, `epoch${'abc'[step.note]}`);
        const field = `key:${replicas[step.device]!}`;
        write(step.who, [{ record, type: 'epoch', field, over: [], value: 's'.repeat(40) }]);
        break;
      }
      case 'order': {
        const known = [...actor.known];
        const targeted = known.length === 0 ? [] : [known[step.pick % known.length]!];
        const record = recordOf(replicas[step.who]!, `erasure${'abcdef'[step.pick % 6]}`);
        write(step.who, [{ record, type: 'erasure', field: 'targets', over: [], value: targeted }]);
        break;
      }
      case 'receive': {
        const others = actors[step.from]!.changes;
        const chosen = step.only === null ? others : others.slice(step.only % Math.max(1, others.length)).slice(0, 1);
        for (const stored of chosen === others ? others.slice() : chosen) take(actor, stored);
        break;
      }
      case 'fork':
        actor.past.push(actor.past[Math.max(0, actor.past.length - 1 - step.back)]!);
        break;
      case 'newer':
        publish(actor, newerChange(step.whole, replicas[step.who]!, actor.past.at(-1)!, all.length));
        break;
    }
  }
  return { stored: all, changes, inSight, erasures };
}

/** As a later program would write: another format, or an op of another kind beside an ordinary one. */
function newerChange(
  whole: boolean,
  replica: ReplicaId,
  chain: { seq: number; prev: ChangeHash | null },
  number: number,
): StoredChange {
  const base = { v: whole ? 2 : 1, circle, replica, ...chain, at: number, note: 'of a newer program' };
  const salt = 'aaaaaaaaaaaaaaaa';
  const value = hashText(canonical([salt, number]));
  const ops = [
    { record: recordOf(third, 'block'), type: 'block', field: 'place', over: [], value },
    { kind: 'count-up', value },
  ];
  const skeleton = { ...base, ops: whole ? { any: 'thing' } : ops };
  const values = whole ? [] : ops.map(() => ({ salt, value: number }));
  return { skeleton, values } as unknown as StoredChange;
}

export function openAll(stored: readonly StoredChange[]): Change[] {
  return stored.map((each) => {
    const opened = openChange(each);
    if (!opened.ok) throw new Error(opened.error.message);
    return opened.change;
  });
}

export function foldOf(changes: Iterable<Change>, erasures: Run['erasures'] = []): Fold {
  const fold = createFold({ circle, registry });
  for (const change of changes) fold.add(change);
  for (const { change, op } of erasures) fold.erase(change, op);
  return fold;
}

/** The stripped form of the changes at these places. */
export function stripped(stored: readonly StoredChange[], places: ReadonlySet<number>): StoredChange[] {
  return stored.map((each, index) => (places.has(index) && each.values.length > 0 ? withoutValue(each, 0) : each));
}
