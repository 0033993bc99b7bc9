/** What one exchange with one remote begins with. */
import type { AbortSignalLike } from '../../../shared/contract/contract.ts';
import type { Gap } from '../../../shared/records/fold.ts';
import type { ReplicaId } from '../../../shared/ids.ts';
import type { Engine } from '../../../shared/sync/object-format.ts';
import { receiptIntervalMs, type OpenedHead } from '../../../shared/sync/planner.ts';
import { parseObjectName } from '../../../shared/sync/object-name.ts';
import type { RemoteStore } from '../../../shared/sync/remote-store.ts';
import type { OriginalsKnown } from './blob-names.ts';
import type { ExchangeCircle } from './circle-port.ts';
import type { ExchangeState, Finding } from './exchange-state.ts';
import { createObjectReader, type Listing, type Traffic } from './object-reader.ts';
import type { OwnChains } from './own-chains.ts';
import type { RunState } from './run-state.ts';

export interface NewRun {
  readonly circle: ExchangeCircle;
  readonly store: RemoteStore;
  readonly engine: Engine;
  readonly chains: OwnChains;
  readonly originals: OriginalsKnown;
  readonly state: ExchangeState;
  readonly save: () => Promise<void>;
  readonly clock: () => number;
  readonly signal: AbortSignalLike | undefined;
  readonly receiptIntervalMs?: number;
  readonly limitBytes?: number | null;
  readonly wanted?: ReadonlySet<string>;
  readonly first?: () => ReadonlySet<ReplicaId>;
  /** Heads opened by earlier runs, of which not everything is here yet. */
  readonly opened?: ReadonlyMap<string, OpenedHead>;
  readonly headBytes?: ReadonlyMap<string, Uint8Array>;
}

export function createRun(options: NewRun): RunState {
  const { circle, store, engine, state, signal } = options;
  const traffic: Traffic = { listings: 0, bytesIn: 0, bytesOut: 0 };
  const opener = { ...engine, circle: circle.id, keyOf: (epoch: number) => circle.keys.ofEpoch(epoch) };
  let gaps: { readonly found: readonly Gap[]; readonly at: number } | null = null;
  const run: RunState = {
    receiptIntervalMs,
    limitBytes: null,
    wanted: new Set(),
    first: () => new Set(),
    ...options,
    opener,
    reader: createObjectReader({ store, opener, state, traffic, signal }),
    traffic,
    opened: new Map(options.opened),
    headBytes: new Map(options.headBytes),
    relayedHeads: new Map(),
    tried: new Set(),
    keyMissing: new Set(),
    damaged: new Set(),
    gaps() {
      // Looking for them goes through the whole log, so it is done again only when something was taken in.
      if (gaps?.at !== run.received) gaps = { found: circle.fold.gaps(), at: run.received };
      return gaps.found;
    },
    headSize: () => 0,
    erased: () => [],
    foundAs: (head) => head,
    findings: new Map<string, Finding>(),
    notices: [],
    sent: 0,
    received: 0,
    blobsReceived: 0,
    refused: null,
    asks: null,
    looked: false,
  };
  return run;
}

/** The first thing an exchange asks of a remote. */
export async function listHeads(run: RunState): Promise<Listing> {
  return beginWith(run, await run.reader.list('heads/'));
}

/** Instead of a listing: what the last run knew of, and the heads that the remote has told of since (SY51). */
export function addHeads(run: RunState, known: Listing, news: readonly string[]): Listing {
  const objects = new Map(known.objects);
  for (const name of news) {
    const isHead = parseObjectName(name)?.kind === 'head';
    if (isHead && !objects.has(name)) objects.set(name, { foundAs: name, sizeBytes: 0 });
  }
  return beginWith(run, { ...known, objects });
}

/** What is known of the heads when a run has ended: its own are those it left there. */
export function headsAfter({ circle, state }: RunState, heads: Listing): Listing {
  const objects = new Map(heads.objects);
  const own = new Set<string>(circle.signers().map(({ replica }) => replica));
  for (const name of heads.objects.keys()) {
    const parsed = parseObjectName(name);
    if (parsed?.kind === 'head' && own.has(parsed.replica) && !(name in state.taken)) objects.delete(name);
  }
  for (const { head, headBytes } of state.published)
    if (head !== null) objects.set(head, { foundAs: head, sizeBytes: headBytes });
  return { ...heads, objects };
}

function beginWith(run: RunState, heads: Listing): Listing {
  for (const name of run.opened.keys()) {
    if (heads.objects.has(name)) continue;
    run.opened.delete(name);
    run.headBytes.delete(name);
  }
  run.headSize = (name) => heads.objects.get(name)?.sizeBytes ?? 0;
  run.foundAs = (name) => heads.objects.get(name)?.foundAs ?? name;
  return heads;
}
