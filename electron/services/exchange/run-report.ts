/** What an exchange has to say at its end: gaps, chains that do not fit, devices that do not count, an older remote. */
import type { ReplicaId } from '../../../shared/ids.ts';
import { olderThanSeen } from '../../../shared/sync/planner.ts';
import type { Listing } from './object-reader.ts';
import { setAside, type RunState } from './run-state.ts';

export function reportFindings(run: RunState, heads: Listing, circleChecked: boolean): void {
  const { state } = run;
  for (const gap of run.gaps()) {
    const message = `Changes of a device up to number ${gap.seq - 1} have not arrived; what came after them is shown as incomplete.`;
    setAside(run, gap.replica, 'gap', message);
  }
  reportChains(run, circleChecked);
  reportLimited(run);
  const seen = new Map(Object.entries(state.seen) as [ReplicaId, number][]);
  for (const each of olderThanSeen([...heads.objects.keys()], seen)) {
    const ours = state.published.some((branch) => branch.replica === each.replica && branch.head !== null);
    if (ours) continue;
    const shown = each.listed === 0 ? 'nothing' : `its changes up to ${each.listed}`;
    const message = `The remote shows ${shown} of a device of which it showed ${each.seen} changes before: it is in an older state. Nothing is removed here because of that.`;
    setAside(run, each.replica, 'remote-old-state', message);
  }
}

/** Devices whose changes came and do not count: removed ones that go on, and such as joined with an old key. */
function reportLimited(run: RunState): void {
  const { circle } = run;
  for (const replica of circle.fold.replicas()) {
    const limit = circle.fold.limitOf(replica);
    const count = limit === null ? 0 : circle.fold.setAsideOf(replica).length;
    if (limit === null || count === 0) continue;
    const text =
      limit.reason === 'removed'
        ? `A device that was removed went on writing: ${count} of its changes are kept and do not count. An administrator may accept them, if its owner wrote them.`
        : `A device joined with a key of the circle that was changed since: ${count} of its changes are kept and do not count until an administrator admits it.`;
    setAside(run, replica, limit.reason === 'removed' ? 'removed-device' : 'not-admitted', text);
  }
}

/** What is wrong with the chains in the log; it can only have changed when something was taken in. */
function reportChains(run: RunState, circleChecked: boolean): void {
  const { circle, state } = run;
  if (run.received === 0 && circleChecked) {
    for (const each of state.setAside)
      if (each.code === 'broken-chain') setAside(run, each.object, each.code, each.message);
    return;
  }
  for (const link of circle.fold.brokenLinks()) {
    setAside(run, link.hash, 'broken-chain', 'A change names as the one before it a change of another chain.');
  }
  for (const fork of circle.fold.forks()) {
    const first = fork.changes[0] ?? fork.replica;
    if (state.toldForks.includes(first)) continue;
    state.toldForks.push(first);
    const message = 'A device went on from one point in two ways, as a copied or restored profile does. Both are kept.';
    run.notices.push({ object: fork.replica, code: 'fork', message });
  }
}
