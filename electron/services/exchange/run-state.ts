/** What the parts of one exchange share while it runs. */
import type { AbortSignalLike } from '../../../shared/contract/contract.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { ChangeHash, RecordId, ReplicaId } from '../../../shared/ids.ts';
import type { Gap } from '../../../shared/records/fold.ts';
import type { Engine, Opener } from '../../../shared/sync/object-format.ts';
import type { OpenedHead } from '../../../shared/sync/planner.ts';
import type { RemoteStore } from '../../../shared/sync/remote-store.ts';
import type { OriginalsKnown } from './blob-names.ts';
import type { ExchangeCircle } from './circle-port.ts';
import type { ExchangeState, Finding } from './exchange-state.ts';
import type { ObjectReader, Traffic } from './object-reader.ts';
import type { OwnChains } from './own-chains.ts';
import type { Asked } from './transfer.ts';

export interface RunState {
  readonly circle: ExchangeCircle;
  readonly store: RemoteStore;
  readonly engine: Engine;
  readonly opener: Opener;
  readonly chains: OwnChains;
  readonly reader: ObjectReader;
  readonly originals: OriginalsKnown;
  readonly state: ExchangeState;
  readonly save: () => Promise<void>;
  readonly clock: () => number;
  /** How often a receipt is put at most. */
  readonly receiptIntervalMs: number;
  readonly signal: AbortSignalLike | undefined;
  /** What may be moved without asking; null for anything. Then originals come only when they are `wanted`. */
  readonly limitBytes: number | null;
  /** Originals that somebody waits for, by content hash. */
  readonly wanted: ReadonlySet<string>;
  /** Replicas that write in what is open on screen. */
  readonly first: () => ReadonlySet<ReplicaId>;
  readonly traffic: Traffic;
  /** Heads opened in this run, by name. */
  readonly opened: Map<string, OpenedHead>;
  /** Their bytes. */
  readonly headBytes: Map<string, Uint8Array>;
  /** Heads that came within relays, by name: they vouch for a chain as those that stand on the remote do. */
  readonly relayedHeads: Map<string, OpenedHead & { readonly bytes: Uint8Array }>;
  /** Objects tried in this run. */
  readonly tried: Set<string>;
  /** Objects of this run that are sealed with a key that is not here. */
  readonly keyMissing: Set<string>;
  /** Own objects found missing or damaged, until they are put again. */
  readonly damaged: Set<string>;
  /** Erasures that are carried out here and in our own objects on this remote. */
  erased: () => readonly RecordId[];
  /** Gaps in the log as it is now. */
  readonly gaps: () => readonly Gap[];
  /** What a head is called on the remote, by its own name, and its size there. */
  foundAs: (head: string) => string;
  headSize: (head: string) => number;
  readonly findings: Map<string, Finding>;
  readonly notices: Finding[];
  /** Changes put and taken in. */
  sent: number;
  received: number;
  blobsReceived: number;
  refused: WorkbenchError | null;
  /** What was left for want of permission. */
  asks: Asked | null;
  /** Whether everything on the remote was looked at, receipts too. */
  looked: boolean;
}

/** What was not taken in, once for each object and reason. */
export function setAside(run: RunState, object: string, code: string, message: string): void {
  run.findings.set(`${object} ${code}`, { object, code, message });
}

/** Whether the chain that ends in `tip` is here to its beginning. */
export function isWhole(run: RunState, replica: ReplicaId, tip: ChangeHash): boolean {
  return run.circle.fold.has(tip) && !run.gaps().some((gap) => gap.replica === replica);
}

/** What a remote says that takes nothing (more). */
const refusals: ReadonlySet<string> = new Set(['destination-not-writable', 'disk-full', 'hub-full']);

/** A remote that takes nothing (read-only, full) can still be read: that it refused is remembered, and the run goes on. */
export async function refusable(run: RunState, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    const passes = error instanceof WorkbenchError && refusals.has(error.code);
    if (!passes) throw error;
    run.refused = error;
  }
}
