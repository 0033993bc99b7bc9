/** What came from the service, put together with what is being worked on here: field by field, place by place. */
import { sameInline, type InlineContent } from '../../../shared/drafting/inline.ts';
import type { RecordId } from '../../../shared/ids.ts';
import type { BlockView } from '../contract-types.ts';
import { sameStyle } from '../editor/block-content.ts';
import type { Busy } from './incoming.ts';
import type { LocalWork } from './local-work.ts';
import { shadowOf, shownHeads, type ShadowBlock } from './shadow.ts';

/**
 * What this editor knows of a block once `view` has come. A field that is being worked on keeps what was known of it, heads
 * included, so that its edit goes out over what was on screen. `isHeld`: something of the view could not be shown yet.
 */
export function mergeView(
  view: BlockView,
  old: ShadowBlock | undefined,
  busy: Busy,
): { readonly entry: ShadowBlock; readonly isHeld: boolean } {
  const entry = shadowOf(view);
  if (old === undefined) return { entry, isHeld: false };
  let isHeld = false;
  if (busy.text) {
    // Only a version that this editor has sent may be superseded by what is being typed.
    const isMine = sameInline(view.content, old.block.content);
    entry.block = { ...entry.block, content: old.block.content };
    entry.text = isMine ? shownHeads(view.content, view.heads.text, view.textConflict) : old.text;
    if (!isMine) {
      isHeld = true;
      entry.all = old.all;
    }
  }
  if (busy.style) {
    isHeld ||= !sameStyle(view.style, old.block.style);
    entry.block = { ...entry.block, style: old.block.style };
    entry.style = old.style;
  }
  const { table } = entry.block;
  if (table !== null && old.block.table !== null && (busy.cells.size > 0 || busy.parts)) {
    const cells: Record<string, InlineContent> = { ...table.cells };
    const heads = new Map(entry.cells);
    for (const key of busy.cells) {
      const content = old.block.table.cells[key];
      if (content === undefined) delete cells[key];
      else cells[key] = content;
      heads.set(key, old.cells.get(key) ?? []);
    }
    isHeld = true;
    entry.all = old.all;
    const shape = busy.parts ? { rows: old.block.table.rows, columns: old.block.table.columns } : {};
    entry.block = { ...entry.block, table: { ...table, ...shape, cells } };
    entry.cells = heads;
  }
  return { entry, isHeld };
}

/**
 * The service's order, with what was placed here kept behind its neighbour and what was removed here left out. A block that
 * a partner removed stays while it is being written in.
 */
export function mergeOrder(
  order: readonly RecordId[],
  here: readonly RecordId[],
  gone: ReadonlySet<RecordId>,
  work: LocalWork,
  isKnown: (id: RecordId) => boolean,
): RecordId[] {
  const named = new Set(order);
  const mine = here.filter((id) => work.placed.has(id) || (!named.has(id) && (!gone.has(id) || work.busy(id).text)));
  const own = new Set(mine);
  const target = order.filter((id) => !own.has(id) && !work.removed.has(id) && isKnown(id));
  for (const id of mine) {
    const before = here.slice(0, here.indexOf(id)).findLast((other) => target.includes(other));
    target.splice(before === undefined ? 0 : target.indexOf(before) + 1, 0, id);
  }
  return target;
}
