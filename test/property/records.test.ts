/** The change log as a whole, against random runs and an independent model. Rules: shared/records/SPEC.md. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factTypes } from '../../shared/records/authority.ts';
import { canonical } from '../../shared/records/canonical.ts';
import { versionIdOf, type Change } from '../../shared/records/change.ts';
import type { Fold } from '../../shared/records/fold.ts';
import { removedByWhoIsNotAdmitted } from './records-found.ts';
import { model } from './records-model.ts';
import { foldOf, openAll, play, stripped, type Run } from './records-run.ts';
import { circle, registry, replicas, runs, type Step } from './records-script.ts';

const numRuns = Number(process.env.NUM_RUNS ?? 60);
const text = (fold: Fold): string => canonical(fold.snapshot());

/** A run, and the order in which its changes arrive somewhere: shuffled, some twice, some only at the end. */
const arrivals = fc.tuple(runs(), fc.infiniteStream(fc.nat({ max: 1 << 30 })));

function shuffled<T>(list: readonly T[], draws: Iterator<number>): T[] {
  const out = [...list];
  for (let at = out.length - 1; at > 0; at -= 1) {
    const other = draws.next().value! % (at + 1);
    [out[at], out[other]] = [out[other]!, out[at]!];
  }
  return out;
}

const erasedOf = (run: Run) => new Set(run.erasures.map(({ change, op }) => versionIdOf(change, op)));

describe('any set of changes', () => {
  it('[RC15] folds to the same state in any order, with repeats', () => {
    fc.assert(
      fc.property(arrivals, ([script, draws]) => {
        const { changes } = play(script);
        const expected = text(foldOf(changes));
        const order = shuffled([...changes, ...changes.slice(0, 5)], draws);
        expect(text(foldOf(order))).toBe(expected);
        expect(text(foldOf([...changes].reverse()))).toBe(expected);
      }),
      { numRuns },
    );
  });

  it('[RC15] [RC21] folds to the same state when gaps are filled late', () => {
    fc.assert(
      fc.property(arrivals, ([script, draws]) => {
        const { changes } = play(script);
        const late = new Set(changes.filter(() => draws.next().value! % 3 === 0));
        const fold = foldOf(changes.filter((change) => !late.has(change)));
        // What stands before the gaps are filled is looked at, so that nothing remembered from then survives.
        text(fold);
        for (const change of shuffled([...late], draws)) fold.add(change);
        expect(text(fold)).toBe(text(foldOf(changes)));
      }),
      { numRuns },
    );
  });

  it('[RC15] folds to what a second implementation computes from scratch, gaps and erasures included', () => {
    fc.assert(
      fc.property(arrivals, ([script, draws]) => {
        const run = play(script);
        const here = run.changes.filter(() => draws.next().value! % 5 !== 0);
        const fold = foldOf(shuffled(here, draws), run.erasures);
        const expected = model(here, { circle, registry, erased: erasedOf(run) });
        expect(fold.snapshot()).toEqual(JSON.parse(canonical(expected.snapshot)));
      }),
      { numRuns },
    );
  });

  it('[RC15] [RC16] reports every record whose state becomes another', () => {
    fc.assert(
      fc.property(arrivals, ([script, draws]) => {
        const { changes } = play(script);
        const fold = foldOf([]);
        const statesOf = (): Map<string, string> => {
          const { records } = fold.snapshot() as { records: { id: string }[] };
          const byId = new Map<string, string>();
          for (const record of records) byId.set(record.id, (byId.get(record.id) ?? '') + JSON.stringify(record));
          return byId;
        };
        let before = statesOf();
        for (const change of shuffled(changes, draws)) {
          const changed = new Set<string>(fold.add(change).changed);
          const after = statesOf();
          for (const [id, state] of after) if (before.get(id) !== state) expect(changed).toContain(id);
          before = after;
        }
      }),
      { numRuns: Math.ceil(numRuns / 3) },
    );
  });
});

describe('versions', () => {
  it('[RC18] what an author had not on screen is never superseded', () => {
    fc.assert(
      fc.property(runs({ honest: true }), (script) => {
        const { changes, inSight } = play(script);
        const fold = foldOf(changes);
        const { counting } = model(changes, { circle, registry });
        for (const id of counting) {
          const version = fold.version(id)!;
          if (version.standing === 'head') continue;
          const successors = fold
            .history(version.record, version.field)
            .concat(changes.flatMap((change) => change.ops.map((op) => fold.version(op.id)!)))
            .filter((other) => other.over.includes(id) && other.field === version.field);
          expect(successors.some((other) => inSight.get(other.id)!.has(id))).toBe(true);
        }
        for (const [id, seen] of inSight) for (const over of fold.version(id)!.over) expect(seen).toContain(over);
      }),
      { numRuns },
    );
  });

  it('[RC24] an op without the right never becomes a head and supersedes nothing', () => {
    fc.assert(
      fc.property(runs({ orders: false }), (script) => {
        const { changes } = play(script);
        const { counting } = model(changes, { circle, registry });
        const without = foldOf(changes);
        for (const change of changes) {
          for (const op of change.ops) {
            if (!counting.has(op.id)) expect(without.version(op.id)!.standing).not.toBe('head');
          }
        }
        // Taking such ops away changes no head. Only changes that hold nothing else can be taken away whole.
        // Whoever names the circle's root record makes the founder known, right or not (RC36).
        const rightful = changes.filter((change) =>
          change.ops.every((op) => counting.has(op.id) || op.type === 'circle'),
        );
        const named = new Set(rightful.flatMap((change) => change.ops.flatMap((op) => op.over)));
        const bridges = changes.some((change) => change.ops.some((op) => !counting.has(op.id) && named.has(op.id)));
        if (bridges) return;
        expect(headsOf(foldOf(rightful), rightful)).toEqual(headsOf(without, rightful));
      }),
      { numRuns },
    );
  });

  it('[RC20] heads of equal value count as one', () => {
    fc.assert(
      fc.property(runs(), (script) => {
        const { changes } = play(script);
        const fold = foldOf(changes);
        for (const id of new Set(changes.flatMap((change) => change.ops.map((op) => op.record)))) {
          for (const field of fold.record(id)!.fields.values()) {
            const distinct = new Set(field.heads.filter((head) => !head.erased).map((head) => canonical(head.value)));
            expect(field.values.length).toBe(distinct.size);
            expect(field.conflict).toBe(distinct.size > 1);
            expect(field.value === undefined).toBe(distinct.size !== 1);
          }
        }
      }),
      { numRuns },
    );
  });

  it('[RC28] every value ever written is found in the history of its field', () => {
    fc.assert(
      fc.property(runs({ orders: false }), (script) => {
        const { changes } = play(script);
        const fold = foldOf(changes);
        for (const change of changes) {
          for (const op of change.ops) {
            expect(fold.version(op.id)!.value).toEqual(op.value);
            if (fold.record(op.record)!.type !== op.type) continue;
            expect(fold.history(op.record, op.field).map((version) => version.id)).toContain(op.id);
          }
        }
      }),
      { numRuns },
    );
  });
});

describe('a device that was removed, or was not admitted', () => {
  /** @returns whether there was anything that could be left out */
  function leavesNoTrace(script: readonly Step[]): boolean {
    const { changes } = play(script);
    const fold = foldOf(changes);
    // A removal that was judged before its author was removed stays judged (RC57).
    const judged = new Set<string>([...fold.removals(), ...fold.epochs()].map(({ record }) => record));
    const isAside = (change: Change): boolean =>
      change.ops.length > 0 &&
      !change.ops.some((op) => judged.has(op.record)) &&
      change.ops.every((op) => fold.version(op.id)!.standing === 'set-aside');
    // What an author had accepted before he heard of the removal still stands behind what he made of it; and whoever
    // names the circle's root record makes the founder known, right or not (RC36).
    const others = new Set(
      changes.filter((change) => !isAside(change) || change.ops.some((op) => op.type === 'circle')),
    );
    const byVersion = new Map(changes.flatMap((change) => change.ops.map((op) => [op.id, change])));
    // A set yields what is added while it is walked.
    for (const { ops } of others) {
      for (const id of ops.flatMap((op) => op.over)) if (byVersion.has(id)) others.add(byVersion.get(id)!);
    }
    const left = changes.filter((change) => !others.has(change));
    if (left.length === 0) return false;
    const without = foldOf(others);
    // What was judged may rest on a card or a grant that it came to set aside; without those it is not judged.
    const hasFacts = left.some((change) => change.ops.some((op) => factTypes.has(op.type)));
    if (hasFacts && ordersOf(without) !== ordersOf(fold)) return false;
    expect(ordersOf(without)).toBe(ordersOf(fold));
    expect(headsOf(without, [...others])).toEqual(headsOf(fold, [...others]));
    return true;
  }

  it('[RC54] changes nothing any more: without what it wrote, every record has the same heads', () => {
    let tried = 0;
    fc.assert(
      fc.property(runs(), (script) => {
        tried += Number(leavesNoTrace(script));
      }),
      { numRuns },
    );
    expect(tried).toBeGreaterThan(numRuns / 10);
  });

  it('[RC57] a removal stays judged when what gave its author the right to it is set aside', () => {
    const { changes } = play(removedByWhoIsNotAdmitted);
    const fold = foldOf(changes);
    const [card] = changes.flatMap((change) => change.ops).filter((op) => op.record.startsWith(`${replicas[1]!}.card`));
    expect(fold.version(card!.id)!.standing).toBe('set-aside');
    expect(fold.removals().map(({ by, replica }) => [by, replica])).toEqual([[replicas[1], replicas[2]]]);
    // Whoever was removed counts up to the change named; whoever was only not admitted does not count at all.
    expect(fold.limitOf(replicas[1]!)?.reason).toBe('not-admitted');
    expect(fold.limitOf(replicas[2]!)?.reason).toBe('removed');
    const expected = model(changes, { circle, registry });
    expect(fold.snapshot()).toEqual(JSON.parse(canonical(expected.snapshot)));
    leavesNoTrace(removedByWhoIsNotAdmitted);
  });

  it('[RC55] [RC56] loses nothing that it wrote up to the change that was named', () => {
    fc.assert(
      fc.property(runs(), (script) => {
        const { changes } = play(script);
        const fold = foldOf(changes);
        const byHash = new Map(changes.map((change) => [change.hash, change]));
        for (const { replica, last } of fold.removals()) {
          for (let at = last; at !== null; at = byHash.get(at)!.prev) {
            if (byHash.get(at)?.replica !== replica) break;
            for (const op of byHash.get(at)!.ops) expect(fold.version(op.id)!.standing).not.toBe('set-aside');
          }
        }
      }),
      { numRuns },
    );
  });
});

describe('removal', () => {
  it('[RC29] against an edit keeps the edit, whole', () => {
    fc.assert(
      fc.property(runs({ honest: true }), (script) => {
        const { changes, inSight } = play(script);
        const fold = foldOf(changes);
        for (const id of new Set(changes.flatMap((change) => change.ops.map((op) => op.record)))) {
          const record = fold.record(id)!;
          if (!record.removed) continue;
          // Whatever stands in a removed record was in sight of somebody who removed it.
          for (const field of record.fields.values()) {
            if (field.name === 'removed') continue;
            for (const head of field.heads) {
              expect(record.removedBy.some((removal) => inSight.get(removal.id)!.has(head.id))).toBe(true);
            }
          }
        }
      }),
      { numRuns },
    );
  });
});

describe('erased values', () => {
  it('[RC31] [RC32] a change with and without a value is the same change, whichever comes first', () => {
    fc.assert(
      fc.property(arrivals, ([script, draws]) => {
        const { stored } = play(script);
        const places = new Set(stored.map((_, index) => index).filter(() => draws.next().value! % 4 === 0));
        const some = openAll(stripped(stored, places));
        const full = openAll(stored);
        const expected = text(foldOf(full));
        expect(text(foldOf([...some, ...full]))).toBe(expected);
        expect(text(foldOf(shuffled([...full, ...some], draws)))).toBe(expected);
        expect(foldOf(some).snapshot()).toEqual(JSON.parse(canonical(model(some, { circle, registry }).snapshot)));
      }),
      { numRuns },
    );
  });

  it('[RC32] what was asked to be erased stays away, whenever it was asked', () => {
    fc.assert(
      fc.property(arrivals, ([script, draws]) => {
        const { changes, erasures } = play(script);
        const before = foldOf([], erasures);
        for (const change of shuffled(changes, draws)) before.add(change);
        const after = foldOf(changes, erasures);
        for (const change of changes) after.add(change);
        expect(text(before)).toBe(text(after));
        for (const { change, op } of erasures) {
          const version = after.version(versionIdOf(change, op));
          if (version !== null) expect(version.value).toBeUndefined();
        }
      }),
      { numRuns },
    );
  });
});

it('the runs reach what they are for', () => {
  const reached = { conflicts: 0, bases: 0, contested: 0, removed: 0, suggestions: 0, unreadable: 0, late: 0 };
  const orders = { removals: 0, setAside: 0, notAdmitted: 0, void: 0, ordered: 0, epochs: 0 };
  const shapes = {
    ...reached,
    ...orders,
    forks: 0,
    gaps: 0,
    incomplete: 0,
    opaque: 0,
    erased: 0,
    agreed: 0,
    otherTypes: 0,
  };
  for (const script of fc.sample(runs(), { numRuns: 150, seed: 20261122 })) {
    const run = play(script);
    const fold = foldOf(run.changes, run.erasures);
    const half = foldOf(run.changes.filter((_, index) => index % 3 !== 0));
    shapes.forks += fold.forks().length;
    shapes.gaps += half.gaps().length;
    shapes.opaque += fold.stats().opaqueChanges + fold.stats().opaqueOps;
    shapes.erased += fold.stats().erased;
    shapes.late += half.stats().missingVersions;
    shapes.removals += fold.removals().length;
    shapes.epochs += fold.epochs().length;
    shapes.setAside += fold.stats().setAside;
    shapes.ordered += fold.erasable().length;
    for (const replica of fold.replicas())
      shapes.notAdmitted += Number(fold.limitOf(replica)?.reason === 'not-admitted');
    // Removals by whoever would have the right, had nobody removed them first.
    const open = run.changes.flatMap((change) => change.ops).filter((op) => op.type === 'removal-of-device');
    shapes.void += open.filter((op) => fold.version(op.id)!.standing === 'set-aside').length;
    for (const id of new Set(run.changes.flatMap((change) => change.ops.map((op) => op.record)))) {
      const record = fold.record(id)!;
      shapes.removed += Number(record.removed);
      shapes.contested += Number(record.removalContested);
      shapes.otherTypes += record.otherTypes.length;
      shapes.incomplete += Number(half.record(id)?.incomplete ?? false);
      for (const field of record.fields.values()) {
        shapes.conflicts += Number(field.conflict);
        shapes.bases += Number(field.base !== null);
        shapes.suggestions += field.suggestions.length;
        shapes.unreadable += field.unreadable.length;
        shapes.agreed += Number(field.values.some((value) => value.versions.length > 1));
      }
    }
  }
  for (const [shape, times] of Object.entries(shapes))
    expect(times, `${shape} in ${JSON.stringify(shapes)}`).toBeGreaterThan(10);
});

it('[RC35] rights arrive late in every way: card, acceptance, grant, confirmation', () => {
  let promoted = 0;
  for (const script of fc.sample(runs(), { numRuns: 150, seed: 7 })) {
    const { changes } = play(script);
    const isFact = (change: Change): boolean =>
      change.ops.some((op) => ['device', 'person', 'grant', 'confirmation'].includes(op.type));
    const fold = foldOf(changes.filter((change) => !isFact(change)));
    const others = changes.filter((change) => !isFact(change)).flatMap((change) => change.ops);
    const waiting = (): number => others.filter((op) => fold.version(op.id)!.standing === 'suggestion').length;
    const before = waiting();
    for (const change of changes.filter(isFact)) fold.add(change);
    promoted += before - waiting();
    expect(text(fold)).toBe(text(foldOf(changes)));
  }
  expect(promoted).toBeGreaterThan(20);
});

/** What takes something away, as it was judged. */
function ordersOf(fold: Fold): string {
  return JSON.stringify([
    fold.removals(),
    fold.epochs().map(({ record, number, known }) => ({ record, number, known })),
  ]);
}

function headsOf(fold: Fold, changes: readonly Change[]): string[] {
  return changes
    .flatMap((change) => change.ops)
    .filter((op) => fold.version(op.id)!.standing === 'head')
    .map((op) => op.id)
    .sort();
}
