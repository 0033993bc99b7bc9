/** What the planner is told in each round: our own chains and originals, what the remote shows, what is lacking here. */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { ChangeHash, ReplicaId } from '../../../shared/ids.ts';
import type { OwnChain, PlanView, Step } from '../../../shared/sync/planner.ts';
import { referencedOriginals } from './blob-names.ts';
import { mayPut } from './damage-reports.ts';
import type { Listing } from './object-reader.ts';
import type { OwnTip } from './own-chains.ts';
import type { RunState } from './run-state.ts';
import { sizesOf, type Sizes } from './transfer.ts';

export interface PlanViews {
  /** `originalsWait`: neither originals nor the receipt are to be seen to yet. */
  look(originalsWait: boolean): Promise<PlanView>;
  /** How much each step of a plan for this view moves. */
  sizesIn(view: PlanView): Promise<Sizes>;
  /** Leaves steps for when somebody has allowed them; what does not depend on them goes on. */
  decline(steps: readonly Step[]): void;
  /** The chain of ours that a step names. */
  tipOf(chain: ChangeHash): OwnTip;
}

export function createPlanViews(run: RunState, heads: Listing, receiptDue: () => Promise<boolean>): PlanViews {
  const { circle, state, reader } = run;
  let tips = new Map<ChangeHash, OwnTip>();
  let firstReplicas: ReadonlySet<ReplicaId> | null = null;
  /** What had been received when the keys were last seen to. */
  let tendedAt = 0;
  /** Chains of ours that low-data mode leaves for later. */
  const declinedChains = new Set<ChangeHash>();

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

  async function chainOf(tip: OwnTip): Promise<OwnChain> {
    return {
      chain: tip.tip,
      replica: tip.replica,
      current: tip.replica === circle.replica,
      published: tip.published,
      unsent: await run.chains.nextChunk(tip),
    };
  }

  /** Their heads say whether the key has changed, which decides how our own work is sealed. */
  function administrators(): ReadonlySet<ReplicaId> {
    const own = new Set(circle.signers().map((signer) => signer.replica));
    return new Set(circle.fold.replicas().filter((each) => !own.has(each) && circle.fold.isAdministrator(each)));
  }

  /** Looked up once a run, when there is anything to put in order. */
  function wantedFirst(): ReadonlySet<ReplicaId> {
    if (run.opened.size < 2) return new Set();
    firstReplicas ??= run.first();
    return firstReplicas;
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

  /** One listing says which of the originals that are lacking have come; asking for each would cost a request for each. */
  async function blobOnRemote(content: string) {
    const { objects } = await reader.list('blobs/');
    return run.originals.names(content).flatMap((name) => objects.get(name) ?? [])[0] ?? null;
  }

  async function look(originalsWait: boolean): Promise<PlanView> {
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
      endsOf: (replica) => circle.fold.tipsOf(replica).map((link) => link.seq),
      ...(originalsWait ? { blobsToPut: [], blobsToGet: [] } : await blobWork(canPut)),
      receiptDue: !originalsWait && mayPut(run, 'putReceipt') && (await receiptDue()),
      first: wantedFirst(),
    };
  }

  return {
    look,
    async sizesIn(view) {
      const blobs = new Map<string, number>();
      for (const content of view.blobsToPut) blobs.set(content, await run.originals.sizeOf(content));
      for (const content of view.blobsToGet) blobs.set(content, (await blobOnRemote(content))?.sizeBytes ?? 0);
      return sizesOf(view, blobs);
    },
    decline(steps) {
      for (const step of steps) {
        if (step.do === 'putSegment') declinedChains.add(step.chain);
        else if (step.do === 'getSegment') run.tried.add(step.name);
        else if (step.do === 'putBlob' || step.do === 'getBlob') run.tried.add(step.content);
      }
    },
    tipOf(chain) {
      const tip = tips.get(chain);
      if (!tip) throw new WorkbenchError('internal', `The plan names a chain that is not ours: ${chain}.`);
      return tip;
    },
  };
}
