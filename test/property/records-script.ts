/**
 * What a random run for the change log may hold: a few replicas, the fields they write, the facts that give rights, and
 * the steps, drawn by fast-check so that a failing run shrinks.
 */
import fc from 'fast-check';
import { circleIdOf } from '../../shared/records/change.ts';
import { recordTypes, type Registry } from '../../shared/records/record-types.ts';
import type { CircleId, Json, RecordId, ReplicaId } from '../../shared/ids.ts';

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
export const [founder, second, third, fourth] = replicas as [ReplicaId, ReplicaId, ReplicaId, ReplicaId];
export const recordOf = (replica: ReplicaId, name: string): RecordId =>
  `${replica}.${name.padEnd(10, '2')}` as RecordId;

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
export const targets: readonly { record: RecordId; type: string; field: string; values: readonly Json[] }[] = [
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
export const removable = ['annotation', 'block', 'paper', 'block'] as const;

/** Facts that give rights; any replica may try to state them. */
export const facts: readonly ((replica: number) => { record: RecordId; type: string; field: string; value: Json })[] = [
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
