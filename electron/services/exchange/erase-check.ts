/**
 * Sees to it that what owners have erased is gone from a remote, as far as it is ours: own segments that still hold such
 * values are put again without them, whatever else we have signed (relays, segments that no head names) is removed, and
 * what is kept here of others' objects to put back is let go. Rules SY90 to SY92 of shared/sync/SPEC.md.
 */
import type { ChangeHash, RecordId, ReplicaId, VersionId } from '../../../shared/ids.ts';
import { hashText } from '../../../shared/records/canonical.ts';
import { changeOf } from '../../../shared/records/change.ts';
import { nameOfSegment } from '../../../shared/sync/manifest.ts';
import { openObject, type Opener } from '../../../shared/sync/object-format.ts';
import { parseObjectName } from '../../../shared/sync/object-name.ts';
import { decodeChanges } from '../../../shared/sync/relay.ts';
import type { SegmentChange } from '../../../shared/sync/segment-codec.ts';
import { isCarriedOut } from './device-views.ts';
import { areRemoved } from './erase-originals.ts';
import type { ExchangeCircle } from './circle-port.ts';
import type { ExchangeState } from './exchange-state.ts';
import type { OwnChains } from './own-chains.ts';
import { removeUnlessKept } from './remove-own.ts';
import type { RunState } from './run-state.ts';

interface ErasedChange {
  readonly hash: ChangeHash;
  readonly replica: ReplicaId;
  readonly seq: number;
  readonly versions: readonly VersionId[];
}

/** Versions whose values were dropped from the log here. */
export function droppedVersions({ fold }: Pick<ExchangeCircle, 'fold'>): VersionId[] {
  const left = new Set(fold.erasable());
  return fold.erasures().flatMap(({ taken }) => taken.filter((id) => !left.has(id)));
}

async function erasedChanges(circle: ExchangeCircle, chains: OwnChains): Promise<ErasedChange[]> {
  const byChange = new Map<ChangeHash, VersionId[]>();
  for (const id of droppedVersions(circle)) {
    const { hash } = changeOf(id);
    byChange.set(hash, [...(byChange.get(hash) ?? []), id]);
  }
  const found: ErasedChange[] = [];
  for (const [hash, versions] of byChange) found.push({ hash, versions, ...(await chains.at(hash)) });
  return found;
}

/**
 * Drops kept objects of others that hold what was erased: nothing can take a value out of what another has signed. One that
 * its owner put again without the value covers the same numbers and is kept, for it may give a key (SY62).
 */
export async function forgetErased(
  loose: ExchangeState['loose'],
  { circle, chains, opener }: { readonly circle: ExchangeCircle; readonly chains: OwnChains; readonly opener: Opener },
): Promise<boolean> {
  const erased = await erasedChanges(circle, chains);
  let isNews = false;
  for (const [name, entry] of Object.entries(loose)) {
    const versions = erased.filter((each) => covers(name, each)).flatMap((each) => each.versions);
    const looked = hashText([...versions].sort().join(' '));
    if (entry.object === undefined || versions.length === 0 || entry.without === looked) continue;
    const object = openObject(new Uint8Array(Buffer.from(entry.object, 'base64')), name, opener);
    const content = object.ok ? decodeChanges(object.body, object.header, opener) : null;
    if (content?.ok === true && !holdsAny(content.changes, versions)) entry.without = looked;
    else delete entry.object;
    isNews = true;
  }
  return isNews;
}

function covers(name: string, { replica, seq }: ErasedChange): boolean {
  const parsed = parseObjectName(name);
  return parsed?.kind === 'segment' && parsed.replica === replica && parsed.from <= seq && seq <= parsed.to;
}

/** Whether one of the values is still with its change. */
function holdsAny(changes: readonly SegmentChange[], versions: readonly VersionId[]): boolean {
  const stored = new Map(changes.map((change) => [change.hash, change.stored]));
  return versions.some((id) => {
    const { hash, index } = changeOf(id);
    return (stored.get(hash)?.values[index] ?? null) !== null;
  });
}

export interface EraseCheck {
  /** Finds what of ours still holds erased values; loose objects when `looking`. Before anything else is put. */
  mark(looking: boolean): Promise<void>;
  /** The same for what was erased since, by what this run has brought. True when there was anything. */
  markNews(): Promise<boolean>;
  /** Remembers what was put again. Erasures that are carried out here and on this remote, as far as it is ours. */
  settle(): readonly RecordId[];
}

export function createEraseCheck(run: RunState): EraseCheck {
  const { circle, state, store } = run;
  const waiting: { branch: ExchangeState['published'][number]; segment: string; versions: readonly VersionId[] }[] = [];

  let erased: readonly ErasedChange[] = [];

  async function mark(looking: boolean): Promise<void> {
    if (circle.fold.erasures().length === 0) return;
    erased = await erasedChanges(circle, run.chains);
    if (looking) await forgetCleared();
    const fresh = new Set<ErasedChange>();
    for (const branch of state.published) {
      for (const each of erased) {
        const left = each.versions.filter((id) => !branch.erased.includes(id));
        if (left.length === 0 || each.replica !== branch.replica) continue;
        const segment = branch.segments.find(({ from, to }) => from <= each.seq && each.seq <= to);
        if (!segment || !(await run.chains.isOn(each.hash, each.seq, branch.tip))) {
          branch.erased.push(...left);
          continue;
        }
        const name = nameOfSegment(branch.replica, segment);
        run.damaged.add(name);
        waiting.push({ branch, segment: name, versions: left });
        fresh.add(each);
      }
    }
    await forgetErased(state.loose, run);
    if (run.refused !== null) return;
    await removeRelays();
    // What a crash left, or a sync tool brings late, is seen by a later look.
    if (looking || fresh.size > 0) await removeLoose();
  }

  async function removeRelays(): Promise<void> {
    for (const [tip, name] of Object.entries(state.relayed)) {
      const holds = erased.some((each) => covers(name, each) && !state.relayedWithout.includes(each.hash));
      if (!holds) continue;
      await remove(name, name);
      delete state.relayed[tip];
    }
    state.relayedWithout = erased.map(({ hash }) => hash);
  }

  /** False when the store keeps it from us, as it does what a device of ours put that was removed since. */
  async function remove(name: string, foundAs: string): Promise<boolean> {
    const isGone = await removeUnlessKept(store, foundAs);
    delete state.loose[name];
    // The listing of this run still shows it.
    run.tried.add(name);
    return isGone;
  }

  /** What an administrator has cleared away for us. */
  async function forgetCleared(): Promise<void> {
    if (state.published.every(({ kept = [] }) => kept.length === 0)) return;
    const { objects } = await run.reader.list('segments/');
    for (const branch of state.published) branch.kept = branch.kept?.filter((name) => objects.has(name));
  }

  /**
   * Objects that we have signed and that no head names, and what others signed and nobody else will see to. What they hold
   * is looked at, not what they cover: another copy of this profile has segments of the same numbers, and two that removed
   * each other's would go on for ever.
   */
  async function removeLoose(): Promise<void> {
    const own = new Set(circle.signers().map(({ replica }) => replica));
    const { objects } = await run.reader.list('segments/');
    for (const name of Object.keys(state.withoutErased)) if (!objects.has(name)) delete state.withoutErased[name];
    const candidates = [...objects].filter(([name]) => erased.some((each) => covers(name, each)));
    if (candidates.length === 0) return;
    const present = await replicasHere();
    const others = [...removedReplicas(), ...[...present].sort()];
    const named = namedSegments(present);
    for (const [name, { foundAs, sizeBytes }] of candidates) {
      if (foundAs === name && named.has(name)) continue;
      const versions = erased.filter((each) => covers(name, each)).flatMap((each) => each.versions);
      const { replica: origin } = parseObjectName(name) as { readonly replica: ReplicaId };
      const withNothing = `${sizeBytes} ${hashText([...versions].sort().join(' '))}`;
      const notOurs = `${withNothing} ${hashText([...others, ...proofsOf(origin)].join(' '))}`;
      if ([withNothing, notOurs].includes(state.withoutErased[name] ?? '')) continue;
      const object = await run.reader.read(name, foundAs);
      const content = object?.ok ? decodeChanges(object.body, object.header, run.opener) : null;
      // What does not open now may do so later: when a key has come, or the rest of the file.
      if (!object?.ok || !content?.ok) continue;
      const { replica } = object.header;
      const isNobodys = removedReplicas().includes(replica!) || !present.has(replica!);
      const isOurs = own.has(replica!) || (isNobodys && (await canBePassedOn(origin, content.changes)));
      if (!holdsAny(content.changes, versions)) state.withoutErased[name] = withNothing;
      else if (!isOurs) state.withoutErased[name] = notOurs;
      // Whatever it alone still has is taken in first; the next look removes it.
      else if (content.changes.every(({ hash }) => circle.fold.has(hash)) && !(await remove(name, foundAs)))
        state.withoutErased[name] = notOurs;
    }
  }

  /** Removed devices mend nothing any more, so an administrator's does. */
  function removedReplicas(): readonly ReplicaId[] {
    const { fold, replica } = circle;
    if (!fold.isAdministrator(replica) || fold.limitOf(replica) !== null) return [];
    return fold.removals().map((each) => each.replica);
  }

  /**
   * Who exchanges here and mends what it has put. What a device has signed that exchanges elsewhere was put back by another
   * (SY62): whoever comes upon it clears it away.
   */
  async function replicasHere(): Promise<ReadonlySet<ReplicaId>> {
    const { objects } = await run.reader.list('heads/');
    const parsed = [...objects.keys()].map(parseObjectName);
    return new Set(parsed.flatMap((each) => (each?.kind === 'head' ? [each.replica] : [])));
  }

  function proofsOf(origin: ReplicaId): ChangeHash[] {
    const tips = Object.entries(state.proofs).filter(([, { replica }]) => replica === origin);
    return tips.map(([tip]) => tip as ChangeHash).sort();
  }

  /** Only what is here with a head of its chain can be passed on without the values (SY61). */
  async function canBePassedOn(origin: ReplicaId, changes: readonly SegmentChange[]): Promise<boolean> {
    const last = changes.at(-1)!;
    if (!circle.fold.has(last.hash)) return false;
    for (const tip of proofsOf(origin)) if (await run.chains.isOn(last.hash, last.seq, tip)) return true;
    return false;
  }

  /** By our heads, which are put again with what they name, and by others' here, which are theirs to put again. */
  function namedSegments(present: ReadonlySet<ReplicaId>): ReadonlySet<string> {
    const ours = state.published.flatMap(({ replica, segments, obsolete }) => [
      ...segments.map((segment) => nameOfSegment(replica, segment)),
      ...obsolete,
    ]);
    const others = Object.values(state.proofs)
      .filter(({ replica }) => present.has(replica) && circle.fold.limitOf(replica)?.reason !== 'removed')
      .flatMap(({ replica, segments }) => segments.map((segment) => nameOfSegment(replica, segment)));
    return new Set([...ours, ...others]);
  }

  async function markNews(): Promise<boolean> {
    const known = new Set(erased.flatMap(({ versions }) => versions));
    if (droppedVersions(circle).every((id) => known.has(id))) return false;
    // What was put again meanwhile is not looked for once more.
    settle();
    await mark(false);
    return true;
  }

  function settle(): readonly RecordId[] {
    const kept = state.published.flatMap((branch) => branch.kept ?? []);
    const open = new Set(
      erased.filter((each) => kept.some((name) => covers(name, each))).flatMap(({ versions }) => versions),
    );
    for (const { branch, segment, versions } of waiting) {
      const isGone = !run.damaged.has(segment) && !branch.obsolete.includes(segment);
      for (const id of versions) {
        if (!isGone) open.add(id);
        else if (!branch.erased.includes(id)) branch.erased.push(id);
      }
    }
    return circle.fold
      .erasures()
      .filter((erasure) => isCarriedOut(circle, erasure) && areRemoved(run, erasure.originals))
      .filter(({ taken }) => !taken.some((id) => open.has(id)))
      .map(({ record }) => record);
  }

  return { mark, markNews, settle };
}
