/**
 * Whether what is remembered of a remote still stands: that it is this circle's, that our heads, objects and originals are
 * there and whole, and that the log has what it was seen to have. What does not is forgotten, so that the run does it again.
 */
import { checkCircle } from './circle-check.ts';
import { lookAtNamed } from './damage-reports.ts';
import type { Listing } from './object-reader.ts';
import { removeUnlessKept } from './remove-own.ts';
import { refusable, type RunState } from './run-state.ts';
import { checkHeads, checkOwnObjects, isNamedBy, mendedMessage } from './self-check.ts';

const checkIntervalMs = 10 * 60 * 1000;
const deepCheckIntervalMs = 60 * 60 * 1000;

/** Whether a run looks at more than heads. */
export function isCheckDue({ state, clock }: Pick<RunState, 'state' | 'clock'>, isAsked: boolean): boolean {
  return isAsked || Math.abs(clock() - state.checkedAt) >= checkIntervalMs;
}

export interface StandingOptions {
  /** Read our own objects again now, whatever the time of the last check. */
  readonly check: boolean;
  /** Whether the object `circle` was looked at in this process already. */
  readonly circleChecked: boolean;
}

/** How far a run looks: at heads, at everything on the remote, or at the bytes of it too. */
export type Depth = 'heads' | 'everything' | 'bytes';

/** Before a run: how far it looks, once what we put was looked at so far. */
export async function checkStanding(run: RunState, heads: Listing, options: StandingOptions): Promise<Depth> {
  const { state, reader } = run;
  for (const name of await checkHeads(state.published, heads, reader, run.opener)) run.damaged.add(name);
  const now = run.clock();
  if (!options.circleChecked || run.damaged.size > 0 || heads.objects.size === 0) {
    const before = state.store;
    await checkCircle(run, heads);
    // A store made anew, or one that lost our head, may have lost anything.
    if (state.store !== before || run.damaged.size > 0) state.checkedAt = 0;
  }
  const { cheapReads } = run.store.capabilities;
  const deep = cheapReads && (options.check || Math.abs(now - state.checkedDeepAt) >= deepCheckIntervalMs);
  if (!deep && !isCheckDue(run, options.check)) return 'heads';
  const checked = await checkOwnObjects(state.published, reader, run.opener, deep);
  for (const name of checked.damaged) run.damaged.add(name);
  for (const each of checked.findings) run.notices.push(each);
  await checkBlobs(run, deep);
  state.checkedAt = now;
  if (deep) state.checkedDeepAt = now;
  return deep ? 'bytes' : 'everything';
}

/** Forgets heads that are gone, and what a log that lost something, or was restored, does not have any more. */
export async function forgetWhatIsLost(run: RunState, heads: Listing): Promise<void> {
  const { taken } = run.state;
  for (const name of Object.keys(taken)) if (!heads.objects.has(name)) delete taken[name];
  await recogniseRestoredLog(run);
  forgetTakenThatWasLost(run);
}

/** Whether something of ours is damaged that somebody else has read and named; it is to be put again. */
export async function findNamedDamage(run: RunState): Promise<boolean> {
  const { state } = run;
  const damaged = await lookAtNamed(run);
  let isOurs = false;
  for (const name of damaged) {
    if (name in state.blobs) {
      await removeBlob(run, name);
    } else if (state.published.some((branch) => isNamedBy(branch, name))) {
      run.damaged.add(name);
      run.notices.push({ object: name, code: 'altered', message: mendedMessage });
    } else continue;
    isOurs = true;
  }
  return isOurs;
}

/** Originals that vanished, shrank or do not open are forgotten as put, so that whoever has them puts them again. */
async function checkBlobs(run: RunState, deep: boolean): Promise<void> {
  const { state, reader } = run;
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
    if (listed?.foundAs === name) await removeBlob(run, name);
    else delete state.blobs[name];
  }
}

async function removeBlob(run: RunState, name: string): Promise<void> {
  delete run.state.blobs[name];
  // Put by another device, it is that one's to mend (SY65).
  await refusable(run, async () => void (await removeUnlessKept(run.store, name)));
  // The listing of this run still shows it.
  run.tried.add(name);
}

/** A log with a damaged part lacks what was taken in once: it is read again, from whoever put it. */
function forgetTakenThatWasLost({ circle, state, gaps }: RunState): void {
  const incomplete = new Set(gaps().map((gap) => gap.replica));
  for (const [name, { replica, tip }] of Object.entries(state.taken))
    if (incomplete.has(replica) || !circle.fold.has(tip)) delete state.taken[name];
}

/** A log that lacks what we remember having put was restored from a backup. */
async function recogniseRestoredLog({ circle, state }: RunState): Promise<void> {
  const lost = state.published.filter((branch) => !circle.fold.has(branch.tip));
  if (lost.length === 0) return;
  state.published = state.published.filter((branch) => !lost.includes(branch));
  const { replica } = circle;
  if (lost.some((branch) => branch.replica === replica)) await circle.startNewReplica(replica);
}
