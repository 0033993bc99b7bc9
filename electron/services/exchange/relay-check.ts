/**
 * Looks after the changes of others on the remote. Their owners mend their own objects; where nobody does (the device is
 * lost, or was put back to an earlier state), whoever holds the changes passes them on. Rules SY60 to SY62 of SPEC.md.
 */
import type { ChangeHash, ReplicaId } from '../../../shared/ids.ts';
import { firstEpoch, nameOfSegment } from '../../../shared/sync/manifest.ts';
import { openObject, readHeader, sealObject } from '../../../shared/sync/object-format.ts';
import { encodeRelay } from '../../../shared/sync/relay.ts';
import { encodeSegment } from '../../../shared/sync/segment-codec.ts';
import { parseObjectName } from '../../../shared/sync/object-name.ts';
import type { ExchangeState } from './exchange-state.ts';
import type { Listing } from './object-reader.ts';
import { removeUnlessKept } from './remove-own.ts';
import { setAside, type RunState } from './run-state.ts';
import { isPassed, isToBePassedOn } from './vouching.ts';

/** Owners get this long to mend what is theirs. */
const patienceMs = 60 * 60 * 1000;

type Proof = ExchangeState['proofs'][string];

/** What is on the remote; `deep` reads bytes where sizes say too little. */
interface Remote {
  readonly heads: Listing;
  readonly segments: Listing;
  readonly deep: boolean;
}

/**
 * Remembers the signed heads of chains whose ends are here. Chains of our own are published; but what is left of one that
 * this profile lost a part of is passed on like others'.
 */
export async function rememberProofs(run: RunState): Promise<void> {
  const { state, circle } = run;
  const own = new Set(circle.signers().map((signer) => signer.replica));
  for (const { name, replica, manifest } of [...run.opened.values(), ...run.relayedHeads.values()]) {
    const bytes = run.headBytes.get(name) ?? run.relayedHeads.get(name)?.bytes;
    if (!bytes || !circle.fold.has(manifest.tip) || (own.has(replica) && !hasGap(run, replica))) continue;
    const object = Buffer.from(bytes).toString('base64');
    const seq = manifest.segments.at(-1)?.to ?? 0;
    state.proofs[manifest.tip] = { name, replica, seq, segments: [...manifest.segments], object };
  }
  for (const [tip, proof] of Object.entries(state.proofs)) {
    const isOurs = own.has(proof.replica) && !hasGap(run, proof.replica);
    if (isOurs || (await isPassed(tip as ChangeHash, proof, state.proofs, run.chains))) delete state.proofs[tip];
  }
}

function hasGap(run: RunState, replica: ReplicaId): boolean {
  return run.gaps().some((gap) => gap.replica === replica);
}

/** Names of segments on the remote that no readable head names and that were not read yet, or may fill a gap. */
export function looseSegments(run: RunState, listing: Listing, heads: Listing): { name: string; sizeBytes: number }[] {
  const { state } = run;
  const named = new Set<string>();
  for (const { replica, manifest } of run.opened.values()) {
    for (const segment of manifest.segments) named.add(nameOfSegment(replica, segment));
  }
  for (const proof of Object.values(state.proofs)) {
    if (!heads.objects.has(proof.name)) continue;
    for (const segment of proof.segments) named.add(nameOfSegment(proof.replica, segment));
  }
  for (const branch of state.published) {
    for (const segment of branch.segments) named.add(nameOfSegment(branch.replica, segment));
    for (const name of branch.obsolete) named.add(name);
  }
  for (const [name, { object, key }] of Object.entries(state.loose)) {
    if (object === undefined && key !== true && !listing.objects.has(name)) delete state.loose[name];
  }
  const incomplete = new Set(run.gaps().map((gap) => gap.replica));
  const mayFill = (name: string): boolean => {
    const parsed = parseObjectName(name);
    return parsed?.kind === 'segment' && incomplete.has(parsed.replica);
  };
  return [...listing.objects]
    .filter(
      ([name, { sizeBytes }]) => !named.has(name) && (state.loose[name]?.sizeBytes !== sizeBytes || mayFill(name)),
    )
    .map(([name, { sizeBytes }]) => ({ name, sizeBytes }));
}

/**
 * Segments that their owners put again in the place of such as gave a key and were let go because they held an erased value:
 * they are read once more, since only the segment itself can pass the key on.
 */
export function keyGiversAnew({ state }: RunState, listing: Listing): { name: string; sizeBytes: number }[] {
  const found = new Map<string, { name: string; sizeBytes: number }>();
  for (const [gone, { key, object }] of Object.entries(state.loose)) {
    const parsed = parseObjectName(gone);
    if (key !== true || object !== undefined || parsed?.kind !== 'segment') continue;
    for (const { replica, segments } of Object.values(state.proofs)) {
      for (const segment of replica === parsed.replica ? segments : []) {
        const name = nameOfSegment(replica, segment);
        const listed = listing.objects.get(name);
        const overlaps = segment.from <= parsed.to && parsed.from <= segment.to;
        if (overlaps && listed && !(name in state.loose)) found.set(name, { name, sizeBytes: listed.sizeBytes });
      }
    }
  }
  return [...found.values()];
}

/** Puts the changes of others that have not been whole on the remote for too long. */
export async function relayOthers(run: RunState, heads: Listing, segments: Listing, deep: boolean): Promise<void> {
  const { state } = run;
  const now = run.clock();
  for (const [tip, proof] of Object.entries(state.proofs)) {
    const from = await firstMissing(run, tip, proof, { heads, segments, deep });
    if (from === null) {
      delete state.uncovered[tip];
      continue;
    }
    const since = (state.uncovered[tip] ??= now);
    if (Math.abs(now - since) < patienceMs) continue;
    await relay(run, tip as ChangeHash, proof, from);
    delete state.uncovered[tip];
  }
  for (const [tip, name] of Object.entries(state.relayed)) {
    if (tip in state.proofs) continue;
    await removeUnlessKept(run.store, name);
    delete state.relayed[tip];
  }
  for (const key of Object.keys(state.uncovered)) {
    if (!(key in state.proofs) && !(key in state.loose)) delete state.uncovered[key];
  }
}

/**
 * Puts back segments that brought what no head vouches for, exactly as their owner had put them, kept only until one does;
 * and those that give a key.
 */
export async function putBackLoose(run: RunState, heads: Listing, segments: Listing, deep: boolean): Promise<void> {
  const { state } = run;
  const now = run.clock();
  for (const [name, loose] of Object.entries(state.loose)) {
    const parsed = parseObjectName(name);
    if (loose.object === undefined || parsed?.kind !== 'segment') continue;
    if (!(await isToBePassedOn(name, loose, state.proofs, run))) {
      delete loose.object;
      continue;
    }
    if (loose.key === true && (await isSealedAlike(run, { ...parsed, tip: loose.tip }, loose.object, segments))) {
      delete state.uncovered[name];
      continue;
    }
    if (await stands(run, name, loose.sizeBytes, { heads, segments, deep })) {
      delete state.uncovered[name];
      continue;
    }
    const since = (state.uncovered[name] ??= now);
    if (Math.abs(now - since) < patienceMs) continue;
    // A damaged one that somebody else has brought is theirs to take away.
    if (!(await removeUnlessKept(run.store, name))) continue;
    // It may have been dropped meanwhile, because something in it was erased.
    const object = state.loose[name]?.object;
    if (object === undefined) continue;
    const bytes = new Uint8Array(Buffer.from(object, 'base64'));
    await run.store.putIfAbsent(name, bytes, run.signal);
    run.traffic.bytesOut += bytes.length;
    delete state.uncovered[name];
  }
}

/**
 * Whether its owner has put what a segment holds in another one that opens with the same key. Numbers say nothing: a device
 * that was put back counts from there again, on a branch of its own.
 */
async function isSealedAlike(
  { state, engine, chains }: RunState,
  { replica, to, tip }: { readonly replica: ReplicaId; readonly to: number; readonly tip: ChangeHash },
  object: string,
  segments: Listing,
): Promise<boolean> {
  const frame = readHeader(new Uint8Array(Buffer.from(object, 'base64')), engine.crypto);
  if (!frame.ok) return false;
  const isIn = (segment: Proof['segments'][number]): boolean =>
    segment.from <= to &&
    to <= segment.to &&
    (segment.epoch ?? firstEpoch) === frame.header.epoch &&
    segments.objects.get(nameOfSegment(replica, segment))?.sizeBytes === segment.sizeBytes;
  for (const [end, proof] of Object.entries(state.proofs)) {
    if (proof.replica !== replica || !proof.segments.some(isIn)) continue;
    if (await chains.isOn(tip, to, end as ChangeHash)) return true;
  }
  return false;
}

/** The number of the first change of a chain that is here and not whole on the remote; null when all of them are there. */
async function firstMissing(run: RunState, tip: string, proof: Proof, remote: Remote): Promise<number | null> {
  // Of a broken chain, what hangs together with this head; what is below the gap has a head of its own, or none.
  const first = hasGap(run, proof.replica) ? await run.chains.heldFrom(tip as ChangeHash) : 1;
  let from: number | null = null;
  if (!(await hasHeadFor(run, proof, first, remote))) {
    // Another head may name the same tip (mended, or of a copy of that device): it is read again and decides next time.
    const taken = run.state.taken;
    const other = Object.keys(taken).find((name) => taken[name]!.tip === tip && name !== proof.name);
    if (other !== undefined) {
      delete taken[other];
      return null;
    }
    from = first;
  }
  for (const segment of from === null ? proof.segments : []) {
    if (segment.to < first) continue;
    if (await stands(run, nameOfSegment(proof.replica, segment), segment.sizeBytes, remote)) continue;
    from = Math.max(segment.from, first);
    break;
  }
  if (from === null) return null;
  for (const [name, loose] of Object.entries(run.state.loose)) {
    if (loose.tip !== tip || loose.from > from) continue;
    if (await stands(run, name, loose.sizeBytes, remote)) return null;
  }
  return from;
}

/** Whether the head stands there, or a newer one that names the same segments: here a gap may part the two, there it need not. */
async function hasHeadFor(run: RunState, proof: Proof, first: number, remote: Remote): Promise<boolean> {
  const isThere = ({ name, object }: Proof): Promise<boolean> =>
    stands(run, name, Buffer.from(object, 'base64').length, remote);
  if (await isThere(proof)) return true;
  const names = ({ replica, segments }: Proof, from: number): string[] =>
    segments.filter(({ to }) => to >= from).map((segment) => nameOfSegment(replica, segment));
  for (const later of Object.values(run.state.proofs)) {
    if (later.replica !== proof.replica || later.seq <= proof.seq) continue;
    const named = new Set(names(later, first));
    if (names(proof, first).every((name) => named.has(name)) && (await isThere(later))) return true;
  }
  return false;
}

async function stands(
  run: RunState,
  name: string,
  sizeBytes: number,
  { heads, segments, deep }: Remote,
): Promise<boolean> {
  const listed = segments.objects.get(name) ?? heads.objects.get(name);
  if (listed?.sizeBytes !== sizeBytes) return false;
  // Somebody named it in a receipt, and it was looked at.
  if (run.state.lookedAt[name]?.damaged === true) return false;
  if (!deep) return true;
  const bytes = await run.reader.bytes(listed.foundAs);
  const opened = bytes && openObject(bytes, name, run.opener);
  if (opened && !opened.ok) setAside(run, name, opened.problem.code, opened.problem.message);
  return opened?.ok === true;
}

async function relay(run: RunState, tip: ChangeHash, proof: Proof, from: number): Promise<void> {
  const { circle, state, engine } = run;
  const signer = circle.signers().find((each) => each.replica === circle.replica)!;
  const changes = await run.chains.read(tip, from, proof.seq);
  const body = encodeRelay(new Uint8Array(Buffer.from(proof.object, 'base64')), encodeSegment(changes));
  const { epoch, key } = circle.keys.current();
  const about = { kind: 'relay', circle: circle.id, epoch, key, signer, origin: proof.replica } as const;
  const { name, bytes } = sealObject({ ...about, from, to: proof.seq, body }, engine);
  const before = state.relayed[tip];
  state.relayed[tip] = name;
  state.loose[name] = { sizeBytes: bytes.length, from, tip };
  await run.save();
  await run.store.putIfAbsent(name, bytes, run.signal);
  run.traffic.bytesOut += bytes.length;
  if (before !== undefined) await removeUnlessKept(run.store, before);
}
