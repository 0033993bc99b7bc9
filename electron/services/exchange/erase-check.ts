/**
 * Sees to it that what owners have erased is gone from a remote, as far as it is ours: own segments that still hold such
 * values are put again without them, own relays and loose copies of own segments are removed, and what is kept here of
 * others' objects to put back is let go. Rules SY90 to SY92 of shared/sync/SPEC.md.
 */
import type { ChangeHash, RecordId, ReplicaId, VersionId } from '../../../shared/ids.ts';
import { changeOf } from '../../../shared/records/change.ts';
import { nameOfSegment } from '../../../shared/sync/manifest.ts';
import { parseObjectName } from '../../../shared/sync/object-name.ts';
import { isCarriedOut } from './device-views.ts';
import type { ExchangeCircle } from './circle-port.ts';
import type { ExchangeState } from './exchange-state.ts';
import type { OwnChains } from './own-chains.ts';
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

/** Drops kept objects of others that hold what was erased: nothing can take a value out of what another has signed. */
export async function forgetErased(
  loose: ExchangeState['loose'],
  circle: ExchangeCircle,
  chains: OwnChains,
): Promise<boolean> {
  const erased = await erasedChanges(circle, chains);
  let isNews = false;
  for (const [name, entry] of Object.entries(loose)) {
    if (entry.object === undefined || !erased.some((each) => covers(name, each))) continue;
    delete entry.object;
    isNews = true;
  }
  return isNews;
}

function covers(name: string, { replica, seq }: ErasedChange): boolean {
  const parsed = parseObjectName(name);
  return parsed?.kind === 'segment' && parsed.replica === replica && parsed.from <= seq && seq <= parsed.to;
}

export interface EraseCheck {
  /** Finds what of ours still holds erased values. Before anything else is put. */
  mark(): Promise<void>;
  /** Remembers what was put again. Erasures that are carried out here and on this remote, as far as it is ours. */
  settle(): readonly RecordId[];
}

export function createEraseCheck(run: RunState): EraseCheck {
  const { circle, state, store } = run;
  const waiting: { branch: ExchangeState['published'][number]; segment: string; versions: readonly VersionId[] }[] = [];

  async function mark(): Promise<void> {
    if (circle.fold.erasures().length === 0) return;
    const erased = await erasedChanges(circle, run.chains);
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
    await forgetErased(state.loose, circle, run.chains);
    if (run.refused === null) await removeOurCopies(erased, fresh.size > 0);
  }

  /** Relays of ours, and, when something was erased anew, segments of ours that no head of ours names. */
  async function removeOurCopies(erased: readonly ErasedChange[], isNew: boolean): Promise<void> {
    for (const [tip, name] of Object.entries(state.relayed)) {
      const holds = erased.some((each) => covers(name, each) && !state.relayedWithout.includes(each.hash));
      if (!holds) continue;
      await store.removeOwn(name);
      delete state.relayed[tip];
      delete state.loose[name];
    }
    state.relayedWithout = erased.map(({ hash }) => hash);
    if (!isNew) return;
    const own = new Set(circle.signers().map(({ replica }) => replica));
    const live = new Set(
      state.published.flatMap(({ replica, segments, obsolete }) => [
        ...segments.map((segment) => nameOfSegment(replica, segment)),
        ...obsolete,
      ]),
    );
    for (const [name, { foundAs }] of (await run.reader.list('segments/')).objects) {
      const parsed = parseObjectName(name);
      if (parsed?.kind !== 'segment' || !own.has(parsed.replica)) continue;
      if (foundAs === name && live.has(name)) continue;
      if (erased.some((each) => covers(name, each))) await store.removeOwn(foundAs);
    }
  }

  function settle(): readonly RecordId[] {
    const open = new Set<VersionId>();
    for (const { branch, segment, versions } of waiting) {
      const isGone = !run.damaged.has(segment) && !branch.obsolete.includes(segment);
      for (const id of versions) {
        if (!isGone) open.add(id);
        else if (!branch.erased.includes(id)) branch.erased.push(id);
      }
    }
    return circle.fold
      .erasures()
      .filter((erasure) => isCarriedOut(circle, erasure) && !erasure.taken.some((id) => open.has(id)))
      .map(({ record }) => record);
  }

  return { mark, settle };
}
