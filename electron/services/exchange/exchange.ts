/**
 * Exchange of one circle with one remote. `electron/services/exchange/` holds everything between a circle's log and the
 * stores that carry it: the run (exchange-run.ts with publisher.ts and receiver.ts), the folder store, cryptography
 * (sealing.ts), watching and timing (watcher.ts, scheduler.ts) and the service the page talks to (circles-service.ts).
 * The rules are in shared/sync/SPEC.md.
 */
import type { AbortSignalLike, Progress } from '../../../shared/contract/contract.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { Gap } from '../../../shared/records/fold.ts';
import type { Compression, SealingCrypto } from '../../../shared/sync/sealing-crypto.ts';
import type { RemoteStore } from '../../../shared/sync/remote-store.ts';
import { createOriginalsKnown } from './blob-names.ts';
import type { ExchangeCircle } from './circle-port.ts';
import { runExchange } from './exchange-run.ts';
import { loadExchangeState, type ExchangeState, type ExchangeStatePort, type Finding } from './exchange-state.ts';
import { createObjectReader, type Traffic } from './object-reader.ts';
import { createOwnChains, estimateSealedBytes } from './own-chains.ts';
import type { RunState } from './run-state.ts';

export interface ExchangeOptions {
  readonly circle: ExchangeCircle;
  readonly store: RemoteStore;
  readonly crypto: SealingCrypto;
  readonly compression: Compression;
  readonly state: ExchangeStatePort;
  /** Milliseconds since 1970. For display, and for how often to check; decides nothing about content. */
  readonly clock: () => number;
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
}

export interface Exchange {
  /**
   * One exchange. While one is running, another call waits for it and then runs once more. Never rejects because the
   * remote is away or not what it should be: the result says so. Rejects with `cancelled`, and when the local log cannot
   * be written. `check` reads our own objects on the remote again.
   */
  run(options?: {
    readonly signal?: AbortSignalLike;
    readonly onProgress?: (progress: Progress) => void;
    readonly check?: boolean;
  }): Promise<ExchangeResult>;
  status(): Promise<ExchangeStatus>;
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
  let lastError: WorkbenchError | null = null;

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

  async function runOnce(request: Parameters<Exchange['run']>[0] = {}): Promise<ExchangeResult> {
    const state = await stateOf();
    const traffic: Traffic = { listings: 0, bytesIn: 0, bytesOut: 0 };
    const opener = { ...engine, circle: circle.id, keyOf: (epoch: number) => circle.keys.ofEpoch(epoch) };
    const reader = createObjectReader({ store, opener, state, traffic, signal: request.signal });
    const findings = new Map<string, Finding>();
    let gaps: { readonly found: readonly Gap[]; readonly at: number } | null = null;
    const run: RunState = {
      circle,
      store,
      engine,
      opener,
      chains,
      originals,
      reader,
      state,
      save: () => saveIfNews(state),
      clock,
      signal: request.signal,
      traffic,
      opened: new Map(),
      headBytes: new Map(),
      tried: new Set(),
      damaged: new Set(),
      gaps() {
        // Looking for them goes through the whole log, so it is done again only when something was taken in.
        if (gaps?.at !== run.received) gaps = { found: circle.fold.gaps(), at: run.received };
        return gaps.found;
      },
      headSize: () => 0,
      foundAs: (head) => head,
      findings,
      notices: [],
      sent: 0,
      received: 0,
      blobsReceived: 0,
      refused: null,
    };
    let error: WorkbenchError | null = null;
    try {
      const heads = await reader.list('heads/');
      run.headSize = (name) => heads.objects.get(name)?.sizeBytes ?? 0;
      run.foundAs = (name) => heads.objects.get(name)?.foundAs ?? name;
      await runExchange(run, heads, { check: request.check ?? false, circleChecked, onProgress: request.onProgress });
      circleChecked = true;
      error = run.refused;
      state.awaySince = null;
      state.lastExchange = clock();
      state.setAside = [...findings.values()];
      await run.save();
    } catch (thrown) {
      if (!(thrown instanceof WorkbenchError) || !remoteCodes.has(thrown.code)) throw thrown;
      error = thrown;
      circleChecked = false;
      if (thrown.code === 'folder-unreachable') state.awaySince ??= clock();
      await run.save();
    }
    lastError = error;
    const { sent, received, blobsReceived, notices } = run;
    return {
      state: await outcome(state, error),
      ...{ sent, received, blobsReceived, notices, error },
      ...traffic,
      setAside: state.setAside,
    };
  }

  async function outcome(state: ExchangeState, error: WorkbenchError | null): Promise<ExchangeResult['state']> {
    if (error?.code === 'folder-unreachable') return 'away';
    if (error) return 'trouble';
    return (await unsentOf(state)).changes > 0 ? 'unsent' : 'in-step';
  }

  async function unsentOf(state: ExchangeState): Promise<{ changes: number; bytes: number }> {
    const tips = await chains.tips(state.published);
    const ours = tips.filter((tip) => tip.replica === circle.replica);
    const changes = ours.reduce((sum, tip) => sum + tip.unsent.length, 0);
    return { changes, bytes: estimateSealedBytes(ours.reduce((sum, tip) => sum + tip.unsentBytes, 0)) };
  }

  return {
    run(request) {
      running += 1;
      const result = last.then(() => runOnce(request)).finally(() => (running -= 1));
      // The next run must not fail because this one did; whoever asked for this one hears of it.
      last = result.catch(() => undefined);
      return result;
    },
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
      };
    },
  };
}

/** How exact the time of the last exchange is after a restart. */
const timeSavedEveryMs = 10 * 60 * 1000;

/** Failures of the remote, as opposed to those of our own disk. */
const remoteCodes: ReadonlySet<string> = new Set([
  'folder-unreachable',
  'folder-not-a-circle',
  'folder-other-circle',
  'object-newer-format',
  'destination-not-writable',
]);
