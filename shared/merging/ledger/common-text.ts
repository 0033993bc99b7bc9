/** The common text as the ledger reads it: what a draft says now, and where its blocks' words went. */
import type { BlockId, DraftId } from '../../drafting/block.ts';
import type { Fold } from '../../records/fold.ts';
import { blockText } from '../block-text.ts';
import type { CommonBlock, CommonText } from './ledger-model.ts';

/** `blocks`: those that stand, in reading order, as the drafts service shows them. */
export function commonTextOf(fold: Fold, draft: DraftId, blocks: readonly CommonBlock[]): CommonText {
  const moved = new Map<BlockId, Set<BlockId>>();
  const add = (from: BlockId, to: BlockId): void => {
    moved.set(from, (moved.get(from) ?? new Set()).add(to));
  };
  for (const { id } of fold.children('block', draft, { withRemoved: true })) {
    for (const version of fold.history(id, 'text')) {
      if (version.standing === 'unreadable') continue;
      const { tail, origin, joined = [], moved: taken = [] } = blockText(version.value);
      if (tail !== undefined) add(id, tail);
      for (const from of [...(origin === undefined ? [] : [origin]), ...joined, ...taken]) add(from.block, id);
    }
  }
  return { blocks, moved: new Map([...moved].map(([from, to]) => [from, [...to]])) };
}
