/**
 * From a change of the editor's list of blocks to edits: what was split, joined, removed, inserted, revived and moved.
 * Splits and joins are recognised by their text, whatever made them (Enter, Backspace, a word processor's habits on a
 * phone, pasting over several paragraphs), because merging compares joined lineages.
 */
import type { DraftEdit } from '../../../shared/contract/drafts.ts';
import { inlineLength, sliceInline } from '../../../shared/drafting/inline.ts';
import type { RecordId } from '../../../shared/ids.ts';
import type { BlockContent } from '../editor/block-content.ts';
import { commonEnd, commonStart } from '../editor/inline-nodes.ts';
import { madeHere, type Shadow, type ShadowBlock } from './shadow.ts';
import { blockEdits, tableEdits, textEdit } from './text-edits.ts';

/**
 * Brings the shadow's order (and the blocks that take part) to the editor's and returns the edits that do the same.
 * `read` gives a block as it now stands in the editor. Costs what changed, plus one pass over the list.
 */
export function structureEdits(
  shadow: Shadow,
  order: readonly RecordId[],
  read: (id: RecordId) => BlockContent,
): DraftEdit[] {
  const edits: DraftEdit[] = [];
  const now = new Set(order);
  const gone = shadow.order.filter((id) => !now.has(id));
  const fresh = new Set(order.filter((id) => !shadow.blocks.has(id)));
  if (fresh.size > 0) splits(shadow, order, fresh, read, edits);
  if (gone.length > 0) removals(shadow, now, gone, read, edits);
  places(shadow, order, fresh, read, edits);
  shadow.order = [...order];
  return edits;
}

/** A run of new blocks after one that lost its end: the last of the run took that end with it. */
function splits(
  shadow: Shadow,
  order: readonly RecordId[],
  fresh: Set<RecordId>,
  read: (id: RecordId) => BlockContent,
  edits: DraftEdit[],
): void {
  for (let at = 1; at < order.length; at += 1) {
    const id = order[at - 1] as RecordId;
    if (fresh.has(id) || !fresh.has(order[at] as RecordId)) continue;
    let end = at;
    while (end + 1 < order.length && fresh.has(order[end + 1] as RecordId)) end += 1;
    const tailId = order[end] as RecordId;
    const known = shadow.blocks.get(id);
    if (known === undefined || known.block.table !== null || shadow.removed.has(tailId)) continue;
    const split = splitPoint(known.block, read(id), read(tailId));
    if (split === null) continue;
    const tail = read(tailId);
    const head = sliceInline(known.block.content, 0, split);
    const tailContent = sliceInline(known.block.content, split);
    edits.push({
      op: 'split',
      block: id,
      newBlock: tailId,
      offset: split,
      head: [...head],
      tailContent: [...tailContent],
      tailStyle: tail.style,
      heads: [...known.text],
    });
    known.block = { ...known.block, content: head };
    const made = madeHere({ style: tail.style, content: tailContent, table: null });
    shadow.blocks.set(tailId, made);
    shadow.order.splice(shadow.order.indexOf(id) + 1, 0, tailId);
    fresh.delete(tailId);
    edits.push(...blockEdits(id, known, read(id)), ...blockEdits(tailId, made, tail));
  }
}

/** The offset at which `before` was cut into `head` and `tail`, or null if it was not. */
function splitPoint(before: BlockContent, head: BlockContent, tail: BlockContent): number | null {
  if (tail.table !== null) return null;
  const length = inlineLength(before.content);
  const kept = commonStart(before.content, head.content);
  const moved = Math.min(commonEnd(before.content, tail.content), length - kept);
  if (moved === 0) return null;
  return (kept + moved) * 2 >= length ? length - moved : null;
}

/** A run of removed blocks after one that gained the end of the last of them is a join; the rest are removals. */
function removals(
  shadow: Shadow,
  now: ReadonlySet<RecordId>,
  gone: readonly RecordId[],
  read: (id: RecordId) => BlockContent,
  edits: DraftEdit[],
): void {
  const joined = new Map<RecordId, RecordId>();
  let into: RecordId | null = null;
  let last: RecordId | null = null;
  for (const id of [...shadow.order, null]) {
    if (id !== null && !now.has(id)) {
      last = id;
      continue;
    }
    if (into !== null && last !== null) joined.set(last, into);
    into = id;
    last = null;
  }
  for (const id of gone) {
    const known = shadow.blocks.get(id) as ShadowBlock;
    const target = joined.get(id);
    const targetKnown = target === undefined ? undefined : shadow.blocks.get(target);
    const offset =
      target === undefined || targetKnown === undefined
        ? null
        : joinPoint(targetKnown.block, known.block, read(target));
    if (target !== undefined && targetKnown !== undefined && offset !== null) {
      const content = read(target).content;
      const kept = sliceInline(content, 0, offset);
      const moved = sliceInline(content, offset);
      if (inlineLength(kept) !== inlineLength(targetKnown.block.content))
        edits.push(textEdit(target, targetKnown, kept));
      if (inlineLength(moved) !== inlineLength(known.block.content)) edits.push(textEdit(id, known, moved));
      edits.push({
        op: 'join',
        into: target,
        from: id,
        offset,
        content: [...content],
        heads: [...targetKnown.text],
        fromHeads: [...known.all],
      });
      targetKnown.block = { ...targetKnown.block, content };
    } else {
      edits.push({ op: 'remove', block: id, heads: [...known.all] });
    }
    shadow.blocks.delete(id);
    shadow.removed.set(id, known);
  }
  shadow.order = shadow.order.filter((id) => now.has(id));
}

/** The offset in `joined` at which the end of `from` follows the beginning of `into`, or null if it is no join. */
function joinPoint(into: BlockContent, from: BlockContent, joined: BlockContent): number | null {
  if (into.table !== null || from.table !== null) return null;
  const length = inlineLength(joined.content);
  const kept = commonStart(into.content, joined.content);
  const moved = Math.min(commonEnd(from.content, joined.content), length - kept);
  return moved > 0 && kept + moved === length ? kept : null;
}

/** Inserts, revives and moves, in document order, so that each stands after one that is already in its place. */
function places(
  shadow: Shadow,
  order: readonly RecordId[],
  fresh: ReadonlySet<RecordId>,
  read: (id: RecordId) => BlockContent,
  edits: DraftEdit[],
): void {
  const stays = longestInOrder(shadow.order, order);
  let after: RecordId | null = null;
  for (const id of order) {
    if (fresh.has(id)) edits.push(...arrival(shadow, id, after, read(id)));
    else if (!stays.has(id)) {
      edits.push({ op: 'move', block: id, after, heads: [...(shadow.blocks.get(id)?.place ?? [])] });
    }
    after = id;
  }
}

function arrival(shadow: Shadow, id: RecordId, after: RecordId | null, now: BlockContent): DraftEdit[] {
  const before = shadow.removed.get(id);
  if (before !== undefined) {
    shadow.removed.delete(id);
    shadow.blocks.set(id, before);
    return [{ op: 'revive', block: id, after }, ...blockEdits(id, before, now)];
  }
  const made = madeHere({ ...now, table: null });
  shadow.blocks.set(id, made);
  const insert: DraftEdit = { op: 'insert', block: id, after, style: now.style, content: [...now.content] };
  const edits = now.table === null ? [insert] : [insert, ...tableEdits(id, made, now.table)];
  made.block = now;
  return edits;
}

/** Of the blocks in both lists, the most that can stay where they are (a longest increasing subsequence). */
export function longestInOrder(before: readonly RecordId[], now: readonly RecordId[]): ReadonlySet<RecordId> {
  const rank = new Map(before.map((id, at) => [id, at]));
  const kept = now.filter((id) => rank.has(id));
  const ranks = kept.map((id) => rank.get(id) as number);
  const tails: number[] = [];
  const previous: number[] = [];
  for (const [at, value] of ranks.entries()) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ranks[tails[middle] as number] as number) < value) low = middle + 1;
      else high = middle;
    }
    previous[at] = low > 0 ? (tails[low - 1] as number) : -1;
    tails[low] = at;
  }
  const stays = new Set<RecordId>();
  for (let at = tails.at(-1) ?? -1; at >= 0; at = previous[at] as number) stays.add(kept[at] as RecordId);
  return stays;
}
