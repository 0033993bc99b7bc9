/**
 * One exchange with one remote: carries out the steps of shared/sync/planner.ts until there are none. Whatever is cut
 * short is taken up by the next run: objects are put whole or not at all, what was received is in the log before it is
 * remembered as received, and what we put is remembered before it is put.
 */
import type { Progress } from '../../../shared/contract/contract.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { planExchange, type Step } from '../../../shared/sync/planner.ts';
import { mayPut } from './damage-reports.ts';
import { createEraseCheck } from './erase-check.ts';
import { removeErasedOriginals } from './erase-originals.ts';
import { createKeySearch } from './key-search.ts';
import type { Listing } from './object-reader.ts';
import { createPlanViews } from './plan-view.ts';
import { createPublisher } from './publisher.ts';
import { createReceiver } from './receiver.ts';
import { readReceipts } from './receipts.ts';
import { keyGiversAnew, looseSegments, putBackLoose, relayOthers, rememberProofs } from './relay-check.ts';
import { reportFindings } from './run-report.ts';
import { isWhole, refusable, setAside, type RunState } from './run-state.ts';
import { checkStanding, findNamedDamage, forgetWhatIsLost, type StandingOptions } from './standing-check.ts';
import { carryOutAll, createAllowance, type Sizes } from './transfer.ts';

/** A plan that never ends would be a fault of ours; this many rounds are more than any real exchange needs. */
const mostRounds = 10_000;

export interface RunOptions extends StandingOptions {
  readonly onProgress: ((progress: ExchangeProgress) => void) | undefined;
}

export interface ExchangeProgress extends Progress {
  readonly doing: 'looking' | 'sending' | 'receiving';
  /** Of objects whose size is known. */
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** Runs to the end, or throws; `run` then says how far it came, and what was done by then stays done. */
export async function runExchange(run: RunState, heads: Listing, options: RunOptions): Promise<void> {
  const { circle, state, store, reader } = run;
  const publisher = createPublisher(run);
  const receiver = createReceiver(run);
  const keySearch = createKeySearch(run, receiver, heads);
  const views = createPlanViews(run, heads, () => publisher.receiptDue());
  let lookedForErased = false;

  for (const { name, code, message } of heads.unreadable) setAside(run, name, code, message);
  refuseWhenRemoved();
  const depth = await checkStanding(run, heads, options);
  const looking = depth !== 'heads';
  await forgetWhatIsLost(run, heads);
  await refusable(run, () => publisher.removeAnnounced());

  const eraseCheck = createEraseCheck(run);
  run.erased = () => eraseCheck.settle();
  await refusable(run, () => eraseCheck.mark(looking));
  await keySearch.search();
  const allowance = createAllowance(run.limitBytes);
  const progress = { done: 0, doneBytes: 0 };
  /** Originals and the receipt wait for what no head names: it may say that an original was erased, or bring in another. */
  let originalsWait = looking;
  await carryOutRounds();
  if (allowance.asks() === null && (looking || isIncomplete())) await takeLooseSegments();
  if (originalsWait) {
    originalsWait = false;
    await carryOutRounds();
  }
  run.asks = allowance.asks();
  if (run.asks === null && looking && run.refused === null) await refusable(run, lookAfterOthers);
  if (looking) {
    await readReceipts(run);
    if (await findNamedDamage(run)) await carryOutRounds();
  }
  run.looked = looking;
  eraseCheck.settle();
  reportFindings(run, heads, options.circleChecked);
  await run.save();

  async function carryOutRounds(): Promise<void> {
    for (let round = 0; round < mostRounds; round += 1) {
      const view = await views.look(originalsWait);
      const steps = planExchange(view);
      // What is there has been read: somebody may have brought a document in again. The receipt is still to be put.
      if (!steps.some(isRead) && (await seeToErased())) continue;
      if (steps.length === 0) {
        if (await keySearch.search()) continue;
        return;
      }
      const sizes = await views.sizesIn(view);
      if (!allowance.admits(steps, sizes)) views.decline(steps);
      else await carryOutRound(steps, sizes);
      await receiver.flush();
      await receiver.adoptOwnHeads();
      await rememberTaken();
      await keySearch.search();
      refuseWhenRemoved();
    }
  }

  /** Whether that may have changed what is to be done. */
  async function seeToErased(): Promise<boolean> {
    if (run.refused !== null) return false;
    let isNews = false;
    await refusable(run, async () => {
      isNews = await removeErasedOriginals(run, looking && !lookedForErased);
      isNews = (await eraseCheck.markNews()) || isNews;
    });
    lookedForErased = true;
    return isNews;
  }

  async function carryOutRound(steps: readonly Step[], sizes: Sizes): Promise<void> {
    const total = progress.done + steps.length;
    const totalBytes = progress.doneBytes + steps.reduce((sum, step) => sum + sizes.of(step), 0);
    const parallel = steps.some(isPut) ? 1 : (store.capabilities.parallelReads ?? 1);
    const act = async (step: Step): Promise<void> => {
      if (run.signal?.aborted) {
        const message = 'The exchange was stopped. Nothing is lost; the next one goes on from here.';
        throw new WorkbenchError('cancelled', message);
      }
      if (isPut(step) && !mayPut(run, step.do)) return;
      const doing = isPut(step) ? 'sending' : step.do === 'getHead' ? 'looking' : 'receiving';
      options.onProgress?.({ ...progress, total, totalBytes, what: step.do, doing });
      await carryOut(step);
      progress.done += 1;
      progress.doneBytes += sizes.of(step);
    };
    // What came before a cut is kept, and not asked for again.
    await carryOutAll(steps, parallel, act).finally(() => receiver.flush());
  }

  /** Whether something is known to be missing that no head leads to. */
  function isIncomplete(): boolean {
    return run.gaps().length > 0 || [...run.opened.values()].some(({ manifest }) => !circle.fold.has(manifest.tip));
  }

  /** Nothing of a removed device counts any more, so it puts nothing; what it can still read it reads. */
  function refuseWhenRemoved(): void {
    if (circle.fold.limitOf(circle.replica)?.reason !== 'removed' || run.refused !== null) return;
    const text =
      'This device was removed from the circle by an administrator. What you write from now on stays here and nobody receives it; ask the administrator for a new invitation if that was a mistake.';
    run.refused = new WorkbenchError('device-removed', text, { circle: circle.id });
  }

  /** Segments that no head names may hold what is missing. */
  async function takeLooseSegments(): Promise<void> {
    const listing = await reader.list('segments/');
    for (let keys = -1; keys !== circle.keys.epochs().length;) {
      keys = circle.keys.epochs().length;
      const segments = [...looseSegments(run, listing, heads), ...(looking ? keyGiversAnew(run, listing) : [])];
      for (const { name, sizeBytes } of segments) {
        if (!run.tried.has(name)) await receiver.takeLoose(name, sizeBytes);
      }
      await receiver.flush();
      // One of them may have given the key to others.
      if (keys !== circle.keys.epochs().length) keySearch.tryAgain();
    }
    await rememberTaken();
  }

  /** What others have lost, we may have. */
  async function lookAfterOthers(): Promise<void> {
    const listing = await reader.list('segments/');
    await relayOthers(run, heads, listing, depth === 'bytes');
    await putBackLoose(run, heads, listing, depth === 'bytes');
  }

  async function carryOut(step: Step): Promise<void> {
    switch (step.do) {
      case 'getHead':
        return receiver.takeHead(step.name);
      case 'getSegment':
        return receiver.takeSegment(step.name, step.head);
      case 'getBlob':
        return refusable(run, () => receiver.takeBlob(step.content));
      case 'putSegment':
        return refusable(run, () => publisher.putSegment(step, views.tipOf(step.chain)));
      case 'putHead':
        return refusable(run, () => publisher.putHead(views.tipOf(step.chain)));
      case 'removeObsolete':
        return refusable(run, () => publisher.removeObsolete(views.tipOf(step.chain)));
      case 'putBlob':
        return refusable(run, () => publisher.putBlob(step.content));
      case 'putReceipt':
        return refusable(run, () => publisher.putReceipt());
    }
  }

  /** Heads of which everything is in the log now need not be read again. */
  async function rememberTaken(): Promise<void> {
    await rememberProofs(run);
    for (const { name, replica, manifest } of run.opened.values()) {
      if (!isWhole(run, replica, manifest.tip)) continue;
      state.taken[name] = { replica, seq: manifest.segments.at(-1)?.to ?? 0, tip: manifest.tip };
    }
  }
}

function isPut(step: Step): boolean {
  return !isRead(step) && step.do !== 'getBlob';
}

function isRead(step: Step): boolean {
  return step.do === 'getHead' || step.do === 'getSegment';
}
