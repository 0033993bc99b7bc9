/**
 * What is needed to pass changes of others on (SY62): a head of their chain that reaches them, or else the segment that
 * brought them, as its owner put it. A segment that gives a key goes along as it is in any case.
 */
import type { ChangeHash } from '../../../shared/ids.ts';
import { parseObjectName } from '../../../shared/sync/object-name.ts';
import type { ExchangeState } from './exchange-state.ts';
import type { ChainEnd, Log } from './holdings.ts';

type Proofs = ExchangeState['proofs'];

/** Whether a head that is kept reaches a change, with all in between at hand; or the key of its chain is ours. */
export async function isVouchedFor(change: ChainEnd, proofs: Proofs, { circle, chains }: Log): Promise<boolean> {
  const { replica, hash, seq } = change;
  const isOurs = circle.signers().some((signer) => signer.replica === replica);
  if (isOurs && !circle.fold.gaps().some((gap) => gap.replica === replica)) return true;
  for (const [tip, proof] of Object.entries(proofs)) {
    if (proof.replica !== replica || proof.seq < seq) continue;
    if (await chains.isOn(hash, seq, tip as ChangeHash)) return true;
  }
  return false;
}

/**
 * Whether another head that is kept vouches for all that this one does: it stands after it in its chain, with all in between
 * at hand. Across a gap no head vouches for what another one does.
 */
export async function isPassed(
  tip: ChangeHash,
  { replica, seq }: Proofs[string],
  proofs: Proofs,
  chains: Log['chains'],
): Promise<boolean> {
  for (const [later, proof] of Object.entries(proofs)) {
    if (proof.replica !== replica || proof.seq <= seq) continue;
    if (await chains.isOn(tip, seq, later as ChangeHash)) return true;
  }
  return false;
}

/** Whether a segment is kept to be put elsewhere as it is. */
export async function isToBePassedOn(
  name: string,
  { key, object, tip }: ExchangeState['loose'][string],
  proofs: Proofs,
  log: Log,
): Promise<boolean> {
  const parsed = parseObjectName(name);
  if (key === true) return true;
  if (object === undefined || parsed?.kind !== 'segment') return false;
  return !(await isVouchedFor({ replica: parsed.replica, hash: tip, seq: parsed.to }, proofs, log));
}
