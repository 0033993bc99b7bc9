/**
 * Where reading is dear, owners look at the sizes of their objects alone, and a bit that flipped on the store is seen only
 * by whoever reads the object. That device names it in its receipt; whoever can mend it reads it then, and puts it again
 * when it is damaged indeed. A name in a receipt proves nothing: for a sound object it costs its owner one read, of which
 * so many are made in a day, and nothing is ever put for it. Rule SY65 of shared/sync/SPEC.md.
 */
import { nameOfSegment } from '../../../shared/sync/manifest.ts';
import { parseObjectName, prefixes } from '../../../shared/sync/object-name.ts';
import type { Step } from '../../../shared/sync/planner.ts';
import type { RunState } from './run-state.ts';

/** What a store or a line does to an object, as opposed to what its maker did. */
export const damageCodes: ReadonlySet<string> = new Set(['truncated', 'altered', 'not-an-object']);
const dayMs = 24 * 60 * 60 * 1000;
/** Reads in a day of objects that turned out to be sound. */
const mostVainReads = 64;
const mostVainBytes = 8 << 20;

/** Remembers how an object was found when it was read; `code` is null when it was sound. */
export function noteRead({ state, store, clock }: RunState, name: string, code: string | null): void {
  if (store.capabilities.cheapReads) return;
  if (code === null) delete state.lookedAt[name];
  else if (damageCodes.has(code)) state.lookedAt[name] = { at: clock(), sizeBytes: 0, damaged: true };
}

/**
 * Damaged objects for the receipt. Our own we mend ourselves; but what a disk has lost that was put back, others may hold
 * whom nothing else tells.
 */
export function damageToName({ circle, state }: RunState): readonly string[] {
  const own = new Set<string>(circle.signers().map(({ replica }) => replica));
  const mended = new Set(
    state.published.flatMap(({ replica, head, segments }) => [
      ...(head === null ? [] : [head]),
      ...segments.map((segment) => nameOfSegment(replica, segment)),
    ]),
  );
  const isOurs = (name: string): boolean => {
    const parsed = parseObjectName(name);
    if (parsed?.kind === 'segment') return own.has(parsed.replica) && mended.has(name);
    return parsed?.kind === 'circle' || (parsed !== null && 'replica' in parsed && own.has(parsed.replica));
  };
  return Object.entries(state.lookedAt)
    .filter(([name, { damaged }]) => damaged && !isOurs(name))
    .map(([name]) => name)
    .sort();
}

/**
 * Whether a run that was refused may put something all the same: while a device waits for a key, a receipt that names
 * damage. For what is damaged may be the very segment that gives the key, and nobody else may tell its owner.
 */
export function mayPut(run: RunState, what: Step['do']): boolean {
  if (run.refused === null) return true;
  return what === 'putReceipt' && run.refused.code === 'key-missing' && damageToName(run).length > 0;
}

/**
 * Reads what receipts name and this profile could mend: its own objects, originals that it has put, chains that it could
 * pass on, and what it or another has put for their owners. Gives the names of what is damaged indeed.
 */
export async function lookAtNamed(run: RunState): Promise<ReadonlySet<string>> {
  const { state, store, reader, clock } = run;
  const damaged = new Set<string>();
  if (store.capabilities.cheapReads) return damaged;
  const named = new Set(Object.values(state.receipts).flatMap((receipt) => receipt.damaged));
  for (const name of Object.keys(state.lookedAt)) named.add(name);
  if (named.size === 0) return damaged;
  const now = clock();
  const listed = await sizesOf(run, named);
  for (const name of Object.keys(state.lookedAt)) if (!listed.has(name)) delete state.lookedAt[name];
  const isRecent = (name: string): boolean => Math.abs(now - (state.lookedAt[name]?.at ?? -Infinity)) < dayMs;
  const vain = Object.keys(state.lookedAt).filter((name) => isRecent(name) && !state.lookedAt[name]!.damaged);
  let vainReads = vain.length;
  let vainBytes = vain.reduce((sum, name) => sum + state.lookedAt[name]!.sizeBytes, 0);
  for (const name of mendable(run)) {
    const sizeBytes = listed.get(name);
    if (sizeBytes === undefined) continue;
    if (!isRecent(name)) {
      if (vainReads >= mostVainReads || vainBytes + sizeBytes > mostVainBytes) continue;
      if (run.limitBytes !== null && sizeBytes > run.limitBytes) continue;
      const object = await reader.read(name);
      const isDamaged = object !== null && !object.ok && damageCodes.has(object.problem.code);
      state.lookedAt[name] = { at: now, sizeBytes, damaged: isDamaged };
      vainReads += isDamaged ? 0 : 1;
      vainBytes += isDamaged ? 0 : sizeBytes;
    }
    if (state.lookedAt[name]?.damaged === true) damaged.add(name);
  }
  return damaged;
}

/** Of the names, those that stand on the remote. */
async function sizesOf({ reader }: RunState, names: ReadonlySet<string>): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  for (const prefix of prefixes) {
    const wanted = [...names].filter((name) => name.startsWith(prefix));
    if (wanted.length === 0) continue;
    const { objects } = await reader.list(prefix);
    for (const name of wanted) {
      const found = objects.get(name);
      if (found?.foundAs === name) sizes.set(name, found.sizeBytes);
    }
  }
  return sizes;
}

/** Our own first. */
function* mendable({ state }: RunState): Iterable<string> {
  for (const { replica, head, segments } of state.published) {
    if (head !== null) yield head;
    for (const segment of segments) yield nameOfSegment(replica, segment);
  }
  yield* Object.keys(state.blobs);
  for (const { name, replica, segments } of Object.values(state.proofs)) {
    yield name;
    for (const segment of segments) yield nameOfSegment(replica, segment);
  }
  // Relays, and segments kept to be put back: without them nobody would have to put anything.
  for (const [name, { tip, object }] of Object.entries(state.loose))
    if (object !== undefined || tip in state.proofs) yield name;
}
