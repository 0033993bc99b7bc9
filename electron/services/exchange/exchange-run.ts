/**
 * One exchange with one remote: carries out the steps of shared/sync/planner.ts until there are none. Whatever is cut
 * short is taken up by the next run: objects are put whole or not at all, what was received is in the log before it is
 * remembered as received, and what we put is remembered before it is put.
 */
import type { Progress } from '../../../shared/contract/contract.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { ChangeHash, ReplicaId } from '../../../shared/ids.ts';
import { planExchange, type OwnChain, type PlanView, type Step } from '../../../shared/sync/planner.ts';
import { referencedOriginals } from './blob-names.ts';
import { checkCircle } from './circle-check.ts';
import type { Listing } from './object-reader.ts';
import type { OwnTip } from './own-chains.ts';
import { lookAtNamed } from './damage-reports.ts';
import { createEraseCheck } from './erase-check.ts';
import { removeErasedOriginals } from './erase-originals.ts';
import { createKeySearch } from './key-search.ts';
import { createPublisher } from './publisher.ts';
import { createReceiver } from './receiver.ts';
import { readReceipts } from './receipts.ts';
import { keyGiversAnew, looseSegments, putBackLoose, relayOthers, rememberProofs } from './relay-check.ts';
import { reportFindings } from './run-report.ts';
import { removeUnlessKept } from './remove-own.ts';
import { isWhole, setAside, type RunState } from './run-state.ts';
import { checkHeads, checkOwnObjects, isNamedBy, mendedMessage } from './self-check.ts';
import { carryOutAll, createAllowance, sizesOf, type Sizes } from './transfer.ts';

const checkIntervalMs = 10 * 60 * 1000;
const deepCheckIntervalMs = 60 * 60 * 1000;
/** A plan that never ends would be a fault of ours; this many rounds are more than any real exchange needs. */
const mostRounds = 10_000;

export interface RunOptions {
  /** Read our own objects again now, whatever the time of the last check. */
  readonly check: boolean;
  /** Whether the object `circle` was looked at in this process already. */
  readonly circleChecked: boolean;
  readonly onProgress: ((progress: ExchangeProgress) => void) | undefined;
}

export interface ExchangeProgress extends Progress {
  readonly doing: 'looking' | 'sending' | 'receiving';
  /** Of objects whose size is known. */
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** Whether a run looks at more than heads. */
export function isCheckDue({ state, clock }: Pick<RunState, 'state' | 'clock'>, isAsked: boolean): boolean {
  return isAsked || Math.abs(clock() - state.checkedAt) >= checkIntervalMs;
}

/** Runs to the end, or throws; `run` then says how far it came, and what was done by then stays done. */
export async function runExchange(run: RunState, heads: Listing, options: RunOptions): Promise<void> {
  const { circle, state, store, reader } = run;
  const publisher = createPublisher(run);
  const receiver = createReceiver(run);
  const keySearch = createKeySearch(run, receiver, heads);
  let tips = new Map<ChangeHash, OwnTip>();
  /** Whether this run looks at everything on the remote, and whether at the bytes too. */
  let looking = false;
  let lookingDeep = false;
  let lookedForErased = false;
  let firstReplicas: ReadonlySet<ReplicaId> | null = null;
  /** What had been received when the keys were last seen to. */
  let tendedAt = 0;
  /** Chains of ours that low-data mode leaves for later. */
  const declinedChains = new Set<ChangeHash>();

  for (const { name, code, message } of heads.unreadable) setAside(run, name, code, message);
  refuseWhenRemoved();
  await checkBefore();
  for (const name of Object.keys(state.taken)) if (!heads.objects.has(name)) delete state.taken[name];
  await recogniseRestoredLog();
  forgetTakenThatWasLost();
  await refusable(() => publisher.removeAnnounced());

  const eraseCheck = createEraseCheck(run);
  run.erased = () => eraseCheck.settle();
  await refusable(() => eraseCheck.mark(looking));
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
  if (run.asks === null && looking && run.refused === null) await refusable(lookAfterOthers);
  if (looking) {
    await readReceipts(run);
    if (await findNamedDamage()) await carryOutRounds();
  }
  run.looked = looking;
  eraseCheck.settle();
  reportFindings(run, heads, options.circleChecked);
  await run.save();

  async function carryOutRounds(): Promise<void> {
    for (let round = 0; round < mostRounds; round += 1) {
      const view = await look();
      const steps = planExchange(view);
      // What is there has been read: somebody may have brought a document in again. The receipt is still to be put.
      if (!steps.some(isRead) && (await seeToErased())) continue;
      if (steps.length === 0) {
        if (await keySearch.search()) continue;
        return;
      }
      const sizes = sizesOf(view, await blobSizes(view));
      if (!allowance.admits(steps, sizes)) decline(steps);
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
    await refusable(async () => {
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
      if (run.refused !== null && isPut(step)) return;
      const doing = isPut(step) ? 'sending' : step.do === 'getHead' ? 'looking' : 'receiving';
      options.onProgress?.({ ...progress, total, totalBytes, what: step.do, doing });
      await carryOut(step);
      progress.done += 1;
      progress.doneBytes += sizes.of(step);
    };
    // What came before a cut is kept, and not asked for again.
    await carryOutAll(steps, parallel, act).finally(() => receiver.flush());
  }

  /** Leaves steps for when somebody has allowed them; what does not depend on them goes on. */
  function decline(steps: readonly Step[]): void {
    for (const step of steps) {
      if (step.do === 'putSegment') declinedChains.add(step.chain);
      else if (step.do === 'getSegment') run.tried.add(step.name);
      else if (step.do === 'putBlob' || step.do === 'getBlob') run.tried.add(step.content);
    }
  }

  /** Looked up once a run, when there is anything to put in order. */
  function wantedFirst(): ReadonlySet<ReplicaId> {
    if (run.opened.size < 2) return new Set();
    firstReplicas ??= run.first();
    return firstReplicas;
  }

  async function blobSizes(view: PlanView): Promise<ReadonlyMap<string, number>> {
    const known = new Map<string, number>();
    for (const content of view.blobsToPut) known.set(content, await run.originals.sizeOf(content));
    for (const content of view.blobsToGet) known.set(content, (await blobOnRemote(content))?.sizeBytes ?? 0);
    return known;
  }

  /** One listing says which of the originals that are lacking have come; asking for each would cost a request for each. */
  async function blobOnRemote(content: string) {
    const { objects } = await reader.list('blobs/');
    return run.originals.names(content).flatMap((name) => objects.get(name) ?? [])[0] ?? null;
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
    await relayOthers(run, heads, listing, lookingDeep);
    await putBackLoose(run, heads, listing, lookingDeep);
  }

  /** That the remote is this circle's, and that what we put there still stands. */
  async function checkBefore(): Promise<void> {
    for (const name of await checkHeads(state.published, heads, reader, run.opener)) run.damaged.add(name);
    const now = run.clock();
    if (!options.circleChecked || run.damaged.size > 0 || heads.objects.size === 0) {
      const before = state.store;
      await checkCircle(run, heads);
      // A store made anew, or one that lost our head, may have lost anything.
      if (state.store !== before || run.damaged.size > 0) state.checkedAt = 0;
    }
    const { cheapReads } = store.capabilities;
    const deep = cheapReads && (options.check || Math.abs(now - state.checkedDeepAt) >= deepCheckIntervalMs);
    if (!deep && !isCheckDue(run, options.check)) return;
    looking = true;
    lookingDeep = deep;
    const checked = await checkOwnObjects(state.published, reader, run.opener, deep);
    for (const name of checked.damaged) run.damaged.add(name);
    for (const each of checked.findings) run.notices.push(each);
    await checkBlobs(deep);
    state.checkedAt = now;
    if (deep) state.checkedDeepAt = now;
  }

  /** Whether something of ours is damaged that somebody else has read and named; it is to be put again. */
  async function findNamedDamage(): Promise<boolean> {
    const damaged = await lookAtNamed(run);
    let isOurs = false;
    for (const name of damaged) {
      if (name in state.blobs) {
        await removeBlob(name);
      } else if (state.published.some((branch) => isNamedBy(branch, name))) {
        run.damaged.add(name);
        run.notices.push({ object: name, code: 'altered', message: mendedMessage });
      } else continue;
      isOurs = true;
    }
    return isOurs;
  }

  /** Originals that vanished, shrank or do not open are forgotten as put, so that whoever has them puts them again. */
  async function checkBlobs(deep: boolean): Promise<void> {
    if (Object.keys(state.blobs).length === 0) return;
    const { objects } = await reader.list('blobs/');
    for (const [name, sizeBytes] of Object.entries(state.blobs)) {
      const listed = objects.get(name);
      const standing = listed?.foundAs === name && listed.sizeBytes === sizeBytes;
      if (standing && !deep) continue;
      if (listed?.foundAs === name && (await reader.read(name))?.ok === true) {
        state.blobs[name] = listed.sizeBytes;
        continue;
      }
      if (listed?.foundAs === name) await removeBlob(name);
      else delete state.blobs[name];
    }
  }

  async function removeBlob(name: string): Promise<void> {
    delete state.blobs[name];
    // Put by another device, it is that one's to mend (SY65).
    await refusable(async () => void (await removeUnlessKept(store, name)));
    // The listing of this run still shows it.
    run.tried.add(name);
  }

  /** A log with a damaged part lacks what was taken in once: it is read again, from whoever put it. */
  function forgetTakenThatWasLost(): void {
    const incomplete = new Set(run.gaps().map((gap) => gap.replica));
    for (const [name, { replica, tip }] of Object.entries(state.taken))
      if (incomplete.has(replica) || !circle.fold.has(tip)) delete state.taken[name];
  }

  /** A log that lacks what we remember having put was restored from a backup. */
  async function recogniseRestoredLog(): Promise<void> {
    const lost = state.published.filter((branch) => !circle.fold.has(branch.tip));
    if (lost.length === 0) return;
    state.published = state.published.filter((branch) => !lost.includes(branch));
    const { replica } = circle;
    if (lost.some((branch) => branch.replica === replica)) await circle.startNewReplica(replica);
  }

  async function look(): Promise<PlanView> {
    // What came may ask for another key before anything of ours is sealed.
    if (run.received > tendedAt) await circle.tendKeys();
    tendedAt = run.received;
    const canPut = run.refused === null;
    tips = canPut ? await ownTips() : new Map<ChangeHash, OwnTip>();
    return {
      ownReplicas: new Set(circle.signers().map((signer) => signer.replica)),
      chains: await Promise.all([...tips.values()].map(chainOf)),
      administrators: administrators(),
      listedHeads: [...heads.objects.keys()],
      opened: run.opened,
      taken: new Set(Object.keys(state.taken)),
      tried: run.tried,
      damaged: run.damaged,
      has: (hash) => circle.fold.has(hash),
      heldTo: (replica) => Math.max(0, ...circle.fold.tipsOf(replica).map((link) => link.seq)),
      missingBelow: (replica) =>
        run
          .gaps()
          .filter((gap) => gap.replica === replica)
          .map((gap) => gap.seq - 1),
      ...(originalsWait ? { blobsToPut: [], blobsToGet: [] } : await blobWork(canPut)),
      receiptDue: !originalsWait && canPut && (await publisher.receiptDue()),
      first: wantedFirst(),
    };
  }

  /** Our own chains; of earlier replicas only what nobody else has put, since another profile may hold that key too. */
  async function ownTips(): Promise<Map<ChangeHash, OwnTip>> {
    const onRemote = new Set<string>(Object.values(state.taken).map((head) => head.tip));
    for (const head of run.opened.values()) onRemote.add(head.manifest.tip);
    const all = (await run.chains.tips(state.published)).filter((each) => !declinedChains.has(each.tip));
    const ours = all.filter(
      (each) => each.replica === circle.replica || each.published?.tip === each.tip || !onRemote.has(each.tip),
    );
    return new Map(ours.map((each) => [each.tip, each]));
  }

  /** Their heads say whether the key has changed, which decides how our own work is sealed. */
  function administrators(): ReadonlySet<ReplicaId> {
    const own = new Set(circle.signers().map((signer) => signer.replica));
    return new Set(circle.fold.replicas().filter((each) => !own.has(each) && circle.fold.isAdministrator(each)));
  }

  async function chainOf(tip: OwnTip): Promise<OwnChain> {
    return {
      chain: tip.tip,
      replica: tip.replica,
      current: tip.replica === circle.replica,
      published: tip.published,
      unsent: await run.chains.nextChunk(tip),
    };
  }

  async function blobWork(canPut: boolean): Promise<Pick<PlanView, 'blobsToPut' | 'blobsToGet'>> {
    const blobsToPut: string[] = [];
    const blobsToGet: string[] = [];
    for (const content of referencedOriginals(circle)) {
      if (run.tried.has(content)) continue;
      if (!(await run.originals.isHere(content))) {
        // In low-data mode an original comes when it is opened.
        const isWanted = run.limitBytes === null || run.wanted.has(content);
        if (isWanted && (await blobOnRemote(content)) !== null) blobsToGet.push(content);
      } else if (canPut && !run.originals.names(content).some((name) => name in state.blobs)) blobsToPut.push(content);
    }
    return { blobsToPut, blobsToGet };
  }

  async function carryOut(step: Step): Promise<void> {
    switch (step.do) {
      case 'getHead':
        return receiver.takeHead(step.name);
      case 'getSegment':
        return receiver.takeSegment(step.name, step.head);
      case 'getBlob':
        return refusable(() => receiver.takeBlob(step.content));
      case 'putSegment':
        return refusable(() => publisher.putSegment(step, tipOf(step.chain)));
      case 'putHead':
        return refusable(() => publisher.putHead(tipOf(step.chain)));
      case 'removeObsolete':
        return refusable(() => publisher.removeObsolete(tipOf(step.chain)));
      case 'putBlob':
        return refusable(() => publisher.putBlob(step.content));
      case 'putReceipt':
        return refusable(() => publisher.putReceipt());
    }
  }

  function tipOf(chain: ChangeHash): OwnTip {
    const tip = tips.get(chain);
    if (!tip) throw new WorkbenchError('internal', `The plan names a chain that is not ours: ${chain}.`);
    return tip;
  }

  /** A remote that takes nothing (read-only, full) can still be read. */
  async function refusable(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      const passes = error instanceof WorkbenchError && refusals.has(error.code);
      if (!passes) throw error;
      run.refused = error;
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

/** What a remote says that takes nothing (more). */
const refusals: ReadonlySet<string> = new Set(['destination-not-writable', 'disk-full', 'hub-full']);

function isPut(step: Step): boolean {
  return !isRead(step) && step.do !== 'getBlob';
}

function isRead(step: Step): boolean {
  return step.do === 'getHead' || step.do === 'getSegment';
}
