/** Reads what others' receipts on a remote say they hold. */
import { decodeReceipt } from '../../../shared/sync/manifest.ts';
import { parseObjectName } from '../../../shared/sync/object-name.ts';
import { setAside, type RunState } from './run-state.ts';

/** Each receipt once, and of a replica only the one with the highest number; older ones say less. */
export async function readReceipts(run: RunState): Promise<void> {
  const { state, circle, reader } = run;
  const own = new Set(circle.signers().map((signer) => signer.replica));
  const listing = await reader.list('receipts/');
  for (const [name, { foundAs }] of listing.objects) {
    const parsed = parseObjectName(name);
    if (parsed?.kind !== 'receipt' || own.has(parsed.replica)) continue;
    if ((state.receipts[parsed.replica]?.number ?? 0) >= parsed.number) continue;
    const object = await reader.read(name, foundAs);
    if (!object) continue;
    const decoded = object.ok ? decodeReceipt(object.body, object.header) : object;
    if (!decoded.ok) {
      // A damaged receipt says nothing, and its owner soon puts another; one that was tampered with is named.
      const isDamage = ['truncated', 'altered'].includes(decoded.problem.code);
      if (!isDamage) setAside(run, name, decoded.problem.code, decoded.problem.message);
      continue;
    }
    const { tips, at = null, lacks = [], erased, damaged = [] } = decoded.receipt;
    state.receipts[parsed.replica] = {
      number: parsed.number,
      at,
      tips: [...tips],
      lacks: [...lacks],
      erased: [...erased],
      damaged: [...damaged],
    };
  }
}
