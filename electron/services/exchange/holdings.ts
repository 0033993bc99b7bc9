/**
 * What the devices of others hold, going by their receipts, whichever way those came. Receipts only add up (rule SY75 of
 * shared/sync/SPEC.md): a device never loses what it held, for one that was put back goes on under another name.
 */
import type { ChangeHash, RecordId, ReplicaId } from '../../../shared/ids.ts';
import { isChangeHash } from '../../../shared/records/change.ts';
import type { ExchangeCircle } from './circle-port.ts';
import type { OwnChains } from './own-chains.ts';

/** The furthest changes that a device said it holds, and when it last said so by its own clock. */
export interface Held {
  readonly tips: readonly ChangeHash[];
  /** Milliseconds since 1970; null when it did not say. */
  readonly at: number | null;
  /** Originals (SHA-256) that it did not have although it held the records. */
  readonly lacks: readonly string[];
  /** Records of erasures that it carried out. */
  readonly erased: readonly string[];
}

export interface ChainEnd {
  readonly replica: ReplicaId;
  readonly hash: ChangeHash;
  readonly seq: number;
}

export interface Log {
  readonly circle: ExchangeCircle;
  readonly chains: OwnChains;
}

/** Changes that are not here yet say nothing yet; this many of them are kept for later. */
const mostUnknown = 500;

/** What two receipts of one device say together. */
export async function addHeld(known: Held | undefined, said: Held, { circle, chains }: Log): Promise<Held> {
  const at = Math.max(known?.at ?? -Infinity, said.at ?? -Infinity);
  const all = [...new Set([...(known?.tips ?? []), ...said.tips])];
  const erased = [...new Set([...(known?.erased ?? []), ...said.erased])];
  const unknown = all.filter((hash) => !circle.fold.has(hash));
  const here: ChainEnd[] = [];
  for (const hash of all) if (circle.fold.has(hash)) here.push({ hash, ...(await chains.at(hash)) });
  here.sort((a, b) => b.seq - a.seq);
  const kept: ChainEnd[] = [];
  for (const each of here) {
    let isPassed = false;
    for (const later of kept) {
      isPassed ||= later.replica === each.replica && (await chains.isOn(each.hash, each.seq, later.hash));
    }
    if (!isPassed) kept.push(each);
  }
  const tips = [...kept.map((each) => each.hash), ...unknown.slice(-mostUnknown)];
  return { tips, at: Number.isFinite(at) ? at : null, lacks: lackedAfter(known, said, tips), erased };
}

/** Of an older receipt nothing counts, of a newer one alone everything; where neither is clear, both. */
function lackedAfter(known: Held | undefined, said: Held, tips: readonly ChangeHash[]): readonly string[] {
  if (!known) return said.lacks;
  const covers = ({ tips: all }: Held): boolean => tips.every((hash) => all.includes(hash));
  if (covers(said) !== covers(known)) return covers(said) ? said.lacks : known.lacks;
  return [...new Set([...known.lacks, ...said.lacks])];
}

/** The number of the last change of the chain that ends in `end` that the device holds; 0 for none. */
export async function heldTo(device: ReplicaId, held: Held, end: ChainEnd, { circle, chains }: Log): Promise<number> {
  // Whoever wrote a receipt holds its own changes, also those after it.
  if (device === end.replica) return end.seq;
  let highest = 0;
  for (const hash of held.tips) {
    if (!circle.fold.has(hash)) continue;
    const { replica, seq } = await chains.at(hash);
    if (replica !== end.replica || seq <= highest) continue;
    if (seq >= end.seq) {
      if (await chains.isOn(end.hash, end.seq, hash)) return end.seq;
    } else if (await chains.isOn(hash, seq, end.hash)) highest = seq;
  }
  return highest;
}

/** The devices a person now uses: not those that another one of theirs carries on. */
export async function devicesOf(person: RecordId, { circle, chains }: Log): Promise<readonly ReplicaId[]> {
  const { fold } = circle;
  const ended = new Set<ReplicaId>();
  for (const card of fold.recordsOfType('device')) {
    const last = card.fields.get('continues')?.value;
    if (isChangeHash(last) && fold.has(last)) ended.add((await chains.at(last)).replica);
  }
  return fold.replicas().filter((replica) => fold.personOf(replica) === person && !ended.has(replica));
}
