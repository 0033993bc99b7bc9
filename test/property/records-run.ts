/**
 * Plays a random run for the change log: replicas that write, receive some of each other's changes, lose their way (copied
 * profiles), speak of things they have no right to, and meet newer programs. Ids and salts are counted up, so that a run
 * repeats.
 */
import { canonical, hashText } from '../../shared/records/canonical.ts';
import { createChange, openChange, withoutValue } from '../../shared/records/change.ts';
import type { Change, StoredChange } from '../../shared/records/change.ts';
import { createFold, type Fold } from '../../shared/records/fold.ts';
import { overHeads, removalOver } from '../../shared/records/writer.ts';
import type { ChangeHash, Json, RecordId, ReplicaId, VersionId } from '../../shared/ids.ts';
import { circle, facts, recordOf, registry, removable, replicas, targets, third, type Step } from './records-script.ts';

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
