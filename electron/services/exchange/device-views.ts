/** What the page is shown of the devices of a circle, of those that wait to be admitted, and of what was erased. */
import type { DeviceView, ErasureView } from '../../../shared/contract/devices.ts';
import type { CircleView } from '../../../shared/contract/circles.ts';
import type { ChangeHash, RecordId, ReplicaId } from '../../../shared/ids.ts';
import type { ErasureState } from '../../../shared/records/fold.ts';
import { firstEpoch } from '../../../shared/sync/manifest.ts';
import type { ExchangeCircle } from './circle-port.ts';

/** The times of changes never change, and a view is made after each of them. */
const times = new WeakMap<ExchangeCircle, Map<ChangeHash, string | null>>();

async function timeOf(circle: ExchangeCircle, hash: ChangeHash | undefined): Promise<string | null> {
  if (hash === undefined) return null;
  const known = times.get(circle) ?? new Map<ChangeHash, string | null>();
  times.set(circle, known);
  let time = known.get(hash);
  if (time === undefined) {
    time = instant((await circle.readChange(hash)).skeleton.at);
    known.set(hash, time);
  }
  return time;
}

/** By person. Removed devices stay in the list; those that another one carries on are not in it. */
export async function deviceLists(circle: ExchangeCircle): Promise<Map<RecordId, DeviceView[]>> {
  const { fold } = circle;
  const lists = new Map<RecordId, DeviceView[]>();
  const carriedOn = new Set(
    fold
      .statements('device', 'proof')
      .filter(({ replica }) => fold.limitOf(replica) === null)
      .map(({ value }) => (value as { readonly replica?: ReplicaId } | null | undefined)?.replica),
  );
  const forked = forkedReplicas(circle);
  const { epoch } = circle.keys.current();
  const newest = fold.epochs().find(({ number }) => number === epoch);
  for (const replica of fold.replicas()) {
    const person = fold.personOf(replica);
    if (person === null || (carriedOn.has(replica) && fold.limitOf(replica) === null)) continue;
    const view = await deviceView(circle, replica);
    const hasKey = view.state === 'takes-part' && (epoch === firstEpoch || holdsKey(circle, replica, epoch, newest));
    lists.set(person, [...(lists.get(person) ?? []), { ...view, hasKey, forked: forked.has(replica) }]);
  }
  return lists;
}

/** Replicas whose chain went two ways, and those that carry one of them on. */
function forkedReplicas({ fold }: ExchangeCircle): ReadonlySet<ReplicaId> {
  const forked = new Set(fold.forks().map(({ replica }) => replica));
  const proofs = forked.size === 0 ? [] : fold.statements('device', 'proof');
  for (let before = -1; before !== forked.size;) {
    before = forked.size;
    for (const { replica, value } of proofs) {
      const earlier = (value as { readonly replica?: ReplicaId } | null | undefined)?.replica;
      if (earlier !== undefined && forked.has(earlier)) forked.add(replica);
    }
  }
  return forked;
}

function holdsKey(
  { fold }: ExchangeCircle,
  replica: ReplicaId,
  epoch: number,
  newest: { readonly keys: ReadonlyMap<ReplicaId, string> } | undefined,
): boolean {
  if (newest?.keys.has(replica) === true) return true;
  return fold
    .statements('device', 'admitted')
    .some((card) => card.replica === replica && (card.value as { epoch?: number } | null)?.epoch === epoch);
}

async function deviceView(circle: ExchangeCircle, replica: ReplicaId): Promise<Omit<DeviceView, 'hasKey' | 'forked'>> {
  const { fold } = circle;
  const limit = fold.limitOf(replica);
  const aside = fold.setAsideOf(replica);
  const last = aside.at(-1);
  const tips = fold.tipsOf(replica).sort((a, b) => b.seq - a.seq);
  const card = fold.statements('device', 'person').find((each) => each.replica === replica);
  const name = card && fold.field(card.record, 'name')?.values[0]?.value;
  const removal = fold.removals().find((each) => each.replica === replica);
  return {
    replica,
    name: typeof name === 'string' ? name : '',
    current: replica === circle.replica,
    administrator: limit === null && fold.isAdministrator(replica),
    since: instant(card?.at ?? null),
    lastSeen: await timeOf(circle, tips[0]?.hash),
    state: limit === null ? 'takes-part' : limit.reason,
    removal: removal ? { by: circle.authorOf(removal.by).name, at: instant(removal.at), reason: removal.reason } : null,
    setAside: last ? { changes: aside.length, last: last.hash, at: await timeOf(circle, last.hash) } : null,
  };
}

/** They say who they are, and nothing confirms it: what they wrote of themselves does not count yet. */
export function newcomersOf({ fold }: ExchangeCircle): CircleView['newcomers'] {
  return fold
    .replicas()
    .filter((replica) => fold.limitOf(replica)?.reason === 'not-admitted')
    .map((replica) => {
      const said = (field: string) => fold.statements('person', field).find((each) => each.replica === replica);
      const text = (field: string): string => {
        const value = said(field)?.value;
        return typeof value === 'string' ? value : '';
      };
      return { replica, name: text('name'), delegation: text('delegation'), at: instant(said('name')?.at ?? null) };
    });
}

/** `confirmed` are the devices whose receipts name the erasure. */
export async function erasureView(
  circle: ExchangeCircle,
  erasure: ErasureState,
  confirmedBy: (replica: ReplicaId) => boolean,
): Promise<ErasureView> {
  const author = circle.authorOf(erasure.by);
  const devices: ErasureView['devices'] = [];
  for (const [person, list] of await deviceLists(circle)) {
    for (const { replica, state, current } of list) {
      if (state !== 'takes-part') continue;
      const isDone = current ? isCarriedOut(circle, erasure) : confirmedBy(replica);
      devices.push({ replica, person, name: circle.authorOf(replica).name, confirmed: isDone });
    }
  }
  return {
    erasure: erasure.record,
    by: author.name,
    mine: author.me,
    at: instant(erasure.at),
    reason: erasure.reason,
    values: erasure.targets.length,
    documents: erasure.originals.length,
    devices,
    confirmed: devices.filter((each) => each.confirmed).length,
  };
}

/** Whether nothing of what it names is left in the log here, nor among the originals. */
export function isCarriedOut(
  { fold, isOriginalErased }: Pick<ExchangeCircle, 'fold' | 'isOriginalErased'>,
  { taken, originals }: ErasureState,
): boolean {
  const left = new Set(fold.erasable());
  return taken.every((id) => !left.has(id)) && originals.every(isOriginalErased);
}

function instant(ms: number | null): string | null {
  // A clock years off, or a forged time, must not end the view.
  return ms === null || !Number.isFinite(ms) || Math.abs(ms) > 8.64e15 ? null : new Date(ms).toISOString();
}
