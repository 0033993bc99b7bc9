/**
 * Exchange of one circle with one remote. `electron/services/exchange/` holds everything between a circle's log and the
 * stores that carry it: the run (exchange-run.ts with publisher.ts and receiver.ts), the folder store, cryptography
 * (sealing.ts), watching and timing (watcher.ts, scheduler.ts) and the service the page talks to (circles-service.ts).
 * The rules are in shared/sync/SPEC.md.
 */
import type { AbortSignalLike } from '../../../shared/contract/contract.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { Compression, SealingCrypto } from '../../../shared/sync/sealing-crypto.ts';
import type { ChangeHash, ReplicaId } from '../../../shared/ids.ts';
import { awayCodes, type RemoteStore } from '../../../shared/sync/remote-store.ts';
import type { ExchangeCircle } from './circle-port.ts';
import { runExchange, type ExchangeProgress } from './exchange-run.ts';
import { isCheckDue } from './standing-check.ts';
import { loadExchangeState, type ExchangeState, type ExchangeStatePort, type Finding } from './exchange-state.ts';
import { addHeads, createRun, headsAfter, listHeads } from './new-run.ts';
import { createOriginalsKnown } from './blob-names.ts';
import { createOwnChains, estimateSealedBytes } from './own-chains.ts';
import type { Listing } from './object-reader.ts';
import type { RunState } from './run-state.ts';
import type { Asked } from './transfer.ts';
import { isPassed, isToBePassedOn } from './vouching.ts';

export interface ExchangeOptions {
  readonly circle: ExchangeCircle;
  readonly store: RemoteStore;
  readonly crypto: SealingCrypto;
  readonly compression: Compression;
  readonly state: ExchangeStatePort;
  /** Milliseconds since 1970. For display, and for how often to check; decides nothing about content. */
  readonly clock: () => number;
  /** How often a receipt is put at most; hourly when not given. */
  readonly receiptIntervalMs?: number;
  /** Replicas that write in what is open on screen: their changes come first. */
  readonly first?: () => ReadonlySet<ReplicaId>;
}

export interface ExchangeResult {
  readonly state: 'in-step' | 'unsent' | 'away' | 'trouble';
  /** Changes put and taken in, and originals taken in. */
  readonly sent: number;
  readonly received: number;
  readonly blobsReceived: number;
  readonly bytesOut: number;
  readonly bytesIn: number;
  readonly listings: number;
  readonly setAside: readonly Finding[];
  readonly notices: readonly Finding[];
  /** Why the state is `away`, `trouble`, or `unsent` on a remote that takes nothing. */
  readonly error: WorkbenchError | null;
  /** What was left for want of permission in low-data mode. */
  readonly asks: Asked | null;
  /** Whether everything on the remote was looked at, receipts too. */
  readonly looked: boolean;
}

export interface ExchangeStatus {
  readonly lastExchange: number | null;
  readonly awaySince: number | null;
  readonly unsentChanges: number;
  readonly unsentBytes: number;
  readonly setAside: readonly Finding[];
  readonly running: boolean;
  /** Of the last run. */
  readonly error: WorkbenchError | null;
  readonly asks: Asked | null;
}

export interface Exchange {
  /**
   * One exchange. While one is running, another call waits for it and then runs once more. Never rejects because the
   * remote is away or not what it should be, nor because our own disk takes nothing more: the result says so. Rejects with
   * `cancelled`. `check` reads our own objects on the remote again.
   */
  run(options?: {
    readonly signal?: AbortSignalLike;
    readonly onProgress?: (progress: ExchangeProgress) => void;
    readonly check?: boolean;
    /** Low-data mode: more than this is not moved before `allow`. Null or not given: no limit. */
    readonly askAboveBytes?: number | null;
    /** Heads that the remote told of: they are got without a listing where one is not due anyway. */
    readonly news?: readonly string[];
  }): Promise<ExchangeResult>;
  /** Lets what was asked for pass, also when the next run is cut and taken up by later ones. */
  allow(): void;
  /** An original that somebody waits for: fetched also in low-data mode, without asking. */
  want(content: string): void;
  status(): Promise<ExchangeStatus>;
  /** What is remembered of the remote, as it is between runs. */
  remembered(): Promise<ExchangeState>;
  /** What came another way and is passed on here should this remote lack it (SY62): heads, and segments that give keys. */
  learn(from: Pick<ExchangeState, 'proofs' | 'loose'>): Promise<void>;
}

export function createExchange(options: ExchangeOptions): Exchange {
  const { circle, store, clock } = options;
  const engine = { crypto: options.crypto, compression: options.compression };
  const chains = createOwnChains(circle);
  const originals = createOriginalsKnown(circle);
  let loading: Promise<ExchangeState> | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let running = 0;
  let circleChecked = false;
  /** The heads on the remote, as the last run left them; null after a failure. */
  let known: Listing | null = null;
  let lastError: WorkbenchError | null = null;
  let asks: Asked | null = null;
  let grantedBytes = 0;
  const wanted = new Set<string>();
  /** Heads whose changes are not all here yet: read once, although a run was cut or waits for permission. */
  let pending: { readonly opened: RunState['opened']; readonly headBytes: RunState['headBytes'] } | null = null;

  let saved = { content: '', at: 0 };

  /** An exchange that found nothing new needs no writing to disk, only now and then the time of it. */
  async function saveIfNews(state: ExchangeState): Promise<void> {
    const at = state.lastExchange ?? 0;
    const content = JSON.stringify({ ...state, lastExchange: null });
    if (content === saved.content && Math.abs(at - saved.at) < timeSavedEveryMs) return;
    await options.state.save(state);
    saved = { content, at };
  }

  const stateOf = (): Promise<ExchangeState> => (loading ??= loadExchangeState(options.state));

  async function runOnce(request: Request = {}): Promise<ExchangeResult> {
    const result = await runWith(request);
    // Replaced before it was got, or never put: a listing tells.
    const isMissed = request.news?.some((name) =>
      result.setAside.some(({ object, code }) => object === name && code === 'missing'),
    );
    if (isMissed !== true || result.error !== null) return result;
    known = null;
    return bothOf(result, await runWith(request));
  }

  async function runWith(request: Request): Promise<ExchangeResult> {
    await circle.tendKeys();
    const state = await stateOf();
    const { receiptIntervalMs } = options;
    const save = (): Promise<void> => saveIfNews(state);
    const { signal } = request;
    const parts = { circle, store, engine, chains, originals, state, save, clock, signal };
    const askAboveBytes = request.askAboveBytes ?? null;
    const run = createRun({
      ...parts,
      ...pending,
      ...(receiptIntervalMs === undefined ? {} : { receiptIntervalMs }),
      limitBytes: askAboveBytes === null ? null : askAboveBytes + grantedBytes,
      wanted,
      ...(options.first ? { first: options.first } : {}),
    });
    let error: WorkbenchError | null = null;
    const { check = false, news = [] } = request;
    const isListed = news.length === 0 || !circleChecked || isCheckDue(run, check);
    const before = isListed ? null : known;
    known = null;
    try {
      const heads = before ? addHeads(run, before, news) : await listHeads(run);
      await runExchange(run, heads, { check, circleChecked, onProgress: request.onProgress });
      circleChecked = true;
      known = headsAfter(run, heads);
      error = run.refused;
      state.awaySince = null;
      state.lastExchange = clock();
      state.setAside = [...run.findings.values()];
      asks = run.asks;
      if (asks === null) grantedBytes = 0;
      await run.save();
    } catch (thrown) {
      const isTold = thrown instanceof WorkbenchError && (remoteCodes.has(thrown.code) || diskCodes.has(thrown.code));
      if (!isTold) throw thrown;
      error = thrown;
      circleChecked = false;
      if (awayCodes.has(thrown.code)) state.awaySince ??= clock();
      // A disk that does not take the log does not take this either; all of it can be made again.
      if (!diskCodes.has(thrown.code)) await run.save();
    } finally {
      grantedBytes = Math.max(0, grantedBytes - run.traffic.bytesIn - run.traffic.bytesOut);
      pending = stillPending(run);
    }
    lastError = error;
    const { sent, received, blobsReceived, notices } = run;
    return {
      state: await outcome(state, error),
      ...{ sent, received, blobsReceived, notices, error, asks, looked: run.looked },
      ...run.traffic,
      setAside: state.setAside,
    };
  }

  async function outcome(state: ExchangeState, error: WorkbenchError | null): Promise<ExchangeResult['state']> {
    if (error !== null && awayCodes.has(error.code)) return 'away';
    if (error) return 'trouble';
    return (await unsentOf(state)).changes > 0 ? 'unsent' : 'in-step';
  }

  async function unsentOf(state: ExchangeState): Promise<{ changes: number; bytes: number }> {
    const tips = await chains.tips(state.published);
    const ours = tips.filter((tip) => tip.replica === circle.replica);
    const changes = ours.reduce((sum, tip) => sum + tip.unsent.length, 0);
    return { changes, bytes: estimateSealedBytes(ours.reduce((sum, tip) => sum + tip.unsentBytes, 0)) };
  }

  function afterOthers<T>(act: () => Promise<T>): Promise<T> {
    const result = last.then(act);
    // The next one must not fail because this one did; whoever asked for this one hears of it.
    last = result.catch(() => undefined);
    return result;
  }

  return {
    run(request) {
      running += 1;
      return afterOthers(() => runOnce(request)).finally(() => (running -= 1));
    },
    allow() {
      // A little more than was asked: heads and receipts come on top.
      if (asks) grantedBytes = Math.ceil((asks.sendBytes + asks.receiveBytes) * 1.1) + 64 * 1024;
    },
    want: (content) => void wanted.add(content),
    remembered: () => afterOthers(stateOf),
    learn: ({ proofs, loose }) =>
      afterOthers(async () => {
        const state = await stateOf();
        for (const [tip, proof] of Object.entries(proofs)) {
          const at = tip as ChangeHash;
          if (circle.fold.has(at) && !(await isPassed(at, proof, state.proofs, chains))) state.proofs[tip] ??= proof;
        }
        for (const [name, entry] of Object.entries(loose))
          if (await isToBePassedOn(name, entry, state.proofs, { circle, chains })) state.loose[name] ??= entry;
        await saveIfNews(state);
      }),
    async status() {
      const state = await stateOf();
      const unsent = await unsentOf(state);
      return {
        lastExchange: state.lastExchange,
        awaySince: state.awaySince,
        unsentChanges: unsent.changes,
        unsentBytes: unsent.bytes,
        setAside: state.setAside,
        running: running > 0,
        error: lastError,
        asks,
      };
    },
  };
}

type Request = NonNullable<Parameters<Exchange['run']>[0]>;

/** Two runs right after each other, as one. */
function bothOf(first: ExchangeResult, second: ExchangeResult): ExchangeResult {
  return {
    ...second,
    sent: first.sent + second.sent,
    received: first.received + second.received,
    blobsReceived: first.blobsReceived + second.blobsReceived,
    bytesOut: first.bytesOut + second.bytesOut,
    bytesIn: first.bytesIn + second.bytesIn,
    listings: first.listings + second.listings,
    notices: [...first.notices, ...second.notices],
    looked: first.looked || second.looked,
  };
}

/** Heads that were opened and of which something is not in the log: kept for the next run. */
function stillPending({ opened, headBytes, circle }: RunState) {
  const lacking = [...opened].filter(([, { manifest }]) => !circle.fold.has(manifest.tip));
  const bytes = lacking.flatMap(([name]) => {
    const found = headBytes.get(name);
    return found ? [[name, found] as const] : [];
  });
  return { opened: new Map(lacking), headBytes: new Map(bytes) };
}

/** How exact the time of the last exchange is after a restart. */
const timeSavedEveryMs = 10 * 60 * 1000;

/** Failures of our own disk: what was to be taken in comes again with the next exchange. */
const diskCodes: ReadonlySet<string> = new Set(['disk-full', 'storage-unwritable']);

/** Failures of the remote. */
const remoteCodes: ReadonlySet<string> = new Set([
  ...awayCodes,
  'channel-refused',
  'channel-unsuitable',
  'folder-not-a-circle',
  'folder-other-circle',
  'object-newer-format',
  'destination-not-writable',
  'hub-not-admitted',
  'hub-device-removed',
  'hub-circle-unknown',
  'hub-invitation-used',
  'hub-invitation-unknown',
  'hub-code-needed',
  'hub-full',
]);
