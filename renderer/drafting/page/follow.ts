/** Goes where a link, a citation or a quotation's source leads. */
import type { WorkbenchClient } from '../../../shared/contract/contract.ts';
import { go } from '../../app/view-state.ts';
import type { LinkTarget } from '../editor/links.ts';

/**
 * A paragraph opens in the reader, or its document where the paragraph is not found under its label any more; an address
 * opens outside, in a page that learns nothing of this one.
 */
export async function follow(library: WorkbenchClient['library'], target: LinkTarget): Promise<void> {
  if (target.kind === 'web') {
    if (!/^(https?|mailto):/i.test(target.href)) return;
    const link = document.createElement('a');
    link.href = target.href;
    link.target = '_blank';
    link.rel = 'noopener noreferrer';
    link.click();
    return;
  }
  const { document: id, label } = target;
  const { hits } = await library.findLabel({ query: label, document: id, limit: 20 });
  const hit = hits.find((one) => one.label === label) ?? hits[0];
  go({ view: 'document', document: id, unit: hit?.unit ?? null });
}
