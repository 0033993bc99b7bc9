/**
 * Turns what an editor says into what is kept. Typing (text, cells, footnotes, title, cover) goes to the typing journal;
 * everything else goes to the log at once, one change per call, after the typing it depends on.
 */
import type { DraftEdit } from '../../../shared/contract/drafts.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { creatorOf, type Json, type RecordId, type VersionId } from '../../../shared/ids.ts';
import { normaliseInline, sameInline, type InlineContent } from '../../../shared/drafting/inline.ts';
import { comparePlaces, indexOfPlaced, type Placed, type PlaceSource } from '../../../shared/drafting/places.ts';
import { blockText, type BlockText } from '../../../shared/merging/block-text.ts';
import type { DraftEntry } from './draft-index.ts';
import { createEditBatch, type BatchContext } from './edit-batch.ts';
import { fieldKey, headIds, sameValue, seenOfRecord, shownValue, type FieldRef } from './fields.ts';
import type { Step } from './sessions.ts';
import { linesOf } from './views.ts';

export interface EditContext extends BatchContext {
  readonly entry: DraftEntry;
  readonly places: PlaceSource;
}

type Op<Name extends DraftEdit['op']> = Extract<DraftEdit, { op: Name }>;

/** A field of any record of the circle that goes into the same change as the edits, and is taken back with them. */
export interface FieldSetting extends FieldRef {
  readonly value: Json | null;
  /** The heads on the author's screen. */
  readonly heads: readonly VersionId[];
}

/** Applies the edits in order. Everything is fsynced when it resolves; the result is what `undo` takes back. */
export async function applyEdits(
  context: EditContext,
  edits: readonly DraftEdit[],
  also: readonly FieldSetting[] = [],
): Promise<Step> {
  const run = createRun(context);
  for (const { value, heads, ...ref } of also) run.set(ref, value, heads);
  for (const edit of edits) await run.apply(edit);
  return run.finish();
}

function createRun(context: EditContext) {
  const { session, entry, places } = context;
  const { circle } = session;
  const { fold } = circle;
  const batch = createEditBatch(context);
  const { current, note, put, set, type } = batch;
  /** The draft's places with those of this call, so that a long text pasted at once does not cost its square. */
  let standing: { readonly list: Placed[]; readonly written: number } | null = null;

  async function settle(...records: readonly RecordId[]): Promise<void> {
    standing = null;
    await batch.settle(...records);
  }

  function needBlock(block: RecordId): void {
    if (!entry.has(block) && !batch.isMade(block)) {
      throw new WorkbenchError('not-found', 'This draft has no such paragraph.', { block });
    }
  }

  function needNew(record: RecordId): void {
    if (fold.record(record) !== null || batch.isMade(record)) {
      throw new WorkbenchError('invalid-input', 'There is a paragraph with this id already.', { block: record });
    }
    if (creatorOf(record) !== circle.replica) {
      throw new WorkbenchError('invalid-input', 'The id of a new paragraph begins with another device.', {
        block: record,
      });
    }
  }

  function placesNow(): Placed[] {
    if (standing?.written === entry.placed.length) return standing.list;
    const changed = new Map<string, string>();
    for (const op of batch.unwritten()) {
      if (op.field === 'place' && typeof op.value === 'string') changed.set(op.record, op.value);
    }
    const list = entry.placed.filter((item) => !changed.has(item.id));
    for (const [id, place] of changed) list.push({ id, place });
    list.sort(comparePlaces);
    standing = { list, written: entry.placed.length };
    return list;
  }

  /** A place for `block`, which it then gets, right after another; blocks of equal place behind that move on. */
  function placeAfter(after: RecordId | null, block: RecordId): string {
    const list = placesNow();
    const known = batch.isMade(block) || entry.has(block) ? list.findIndex((item) => item.id === block) : -1;
    if (known >= 0) list.splice(known, 1);
    const at = after === null ? -1 : list.findLastIndex((item) => item.id === after);
    if (after !== null && at < 0) {
      throw new WorkbenchError('not-found', 'The paragraph to stand after is not in this draft.', { block: after });
    }
    const { place, moved } = places.after(list, at);
    for (const item of moved) {
      const ref: FieldRef = { record: item.id as RecordId, type: 'block', field: 'place' };
      put(ref, item.place, headIds(fold.field(ref.record, 'place')));
    }
    const item = { id: block, place };
    if (moved.length > 0) standing = null;
    else list.splice(indexOfPlaced(list, item), 0, item);
    return place;
  }

  function insert(block: RecordId, after: RecordId | null, style: Json, text: Json): void {
    const ref = (field: string): FieldRef => ({ record: block, type: 'block', field });
    const place = placeAfter(after, block);
    note(ref('removed'), true, null);
    batch.make(block);
    put(ref('draft'), session.draft, []);
    put(ref('place'), place, []);
    put(ref('style'), style, []);
    put(ref('text'), text, []);
  }

  function remove(block: RecordId, heads: readonly VersionId[]): void {
    const ref: FieldRef = { record: block, type: 'block', field: 'removed' };
    note(ref, null, true);
    const state = fold.record(block);
    put(ref, true, state === null ? heads : seenOfRecord(state, fold, heads, session.own));
  }

  function textOf(block: RecordId): BlockText {
    return blockText(current({ record: block, type: 'block', field: 'text' }));
  }

  /** The version of a block's text that stands in the log, to be named as where something came from. */
  function versionOf(block: RecordId): VersionId | undefined {
    const shown = shownValue(fold.field(block, 'text'), session.own.get(fieldKey(block, 'text')));
    return shown?.versions[0]?.id;
  }

  async function split(edit: Op<'split'>): Promise<void> {
    needNew(edit.newBlock);
    await settle(edit.block);
    const version = versionOf(edit.block);
    const head: BlockText = { content: normaliseInline(edit.head), tail: edit.newBlock };
    set({ record: edit.block, type: 'block', field: 'text' }, json(head), edit.heads, edit.newBlock);
    const origin = version === undefined ? {} : { origin: { block: edit.block, version, offset: edit.offset } };
    const tail: BlockText = { content: normaliseInline(edit.tailContent), ...origin };
    insert(edit.newBlock, edit.block, json(edit.tailStyle), json(tail));
  }

  async function join(edit: Op<'join'>): Promise<void> {
    await settle(edit.into, edit.from);
    const version = versionOf(edit.from);
    const piece = version === undefined ? {} : { joined: [{ block: edit.from, version, offset: edit.offset }] };
    const joined: BlockText = { content: normaliseInline(edit.content), ...piece };
    set({ record: edit.into, type: 'block', field: 'text' }, json(joined), edit.heads, edit.from);
    remove(edit.from, edit.fromHeads);
  }

  function revive(edit: Op<'revive'>): void {
    const state = fold.record(edit.block);
    const ref: FieldRef = { record: edit.block, type: 'block', field: 'removed' };
    note(ref, state?.removed === true ? true : null, null);
    put(ref, null, headIds(state?.fields.get('removed')));
    const order = entry.order();
    const standsAfter = liveBefore(edit.block, order);
    if (standsAfter === edit.after) return;
    const places = headIds(state?.fields.get('place'));
    set({ record: edit.block, type: 'block', field: 'place' }, placeAfter(edit.after, edit.block), places);
  }

  /** The live block before the place that a block holds. */
  function liveBefore(block: RecordId, order: readonly RecordId[]): RecordId | null {
    const live = new Set(order);
    let before: RecordId | null = null;
    for (const item of entry.placed) {
      if (item.id === block) return before;
      if (live.has(item.id as RecordId)) before = item.id as RecordId;
    }
    return before;
  }

  function insertLine(block: RecordId, kind: 'row' | 'column', id: string, after: string | null): void {
    const state = fold.record(block);
    const lines: { id: string; place: string }[] = state === null ? [] : [...linesOf(state, kind)];
    for (const op of batch.unwritten()) {
      if (op.record !== block || !op.field.startsWith(`${kind}:`) || typeof op.value !== 'string') continue;
      const item = { id: op.field.slice(kind.length + 1), place: op.value };
      lines.splice(indexOfPlaced(lines, item), 0, item);
    }
    const at = after === null ? -1 : lines.findIndex((line) => line.id === after);
    if (after !== null && at < 0) throw new WorkbenchError('not-found', `The table has no ${kind} ${after}.`);
    const ref = (line: string): FieldRef => ({ record: block, type: 'block', field: `${kind}:${line}` });
    const { place, moved } = places.after(lines, at);
    for (const line of moved) put(ref(line.id), line.place, headIds(state?.fields.get(ref(line.id).field)));
    set(ref(id), place, headIds(state?.fields.get(ref(id).field)));
  }

  async function removeLine(block: RecordId, kind: 'row' | 'column', id: string, named: readonly VersionId[]) {
    await settle(block);
    const state = fold.record(block);
    const line = state === null ? undefined : linesOf(state, kind).find((each) => each.id === id);
    // Its cells too: what this session wrote into them since is on its screen.
    const own = [...session.own.values()].filter((version) => line?.heads.includes(version) === true);
    set({ record: block, type: 'block', field: `${kind}:${id}` }, null, [...new Set([...named, ...own])]);
  }

  async function apply(edit: DraftEdit): Promise<void> {
    switch (edit.op) {
      case 'setText': {
        needBlock(edit.block);
        const ref: FieldRef = { record: edit.block, type: 'block', field: 'text' };
        const content = normaliseInline(edit.content);
        // The notes of a split or join belong to the version that did it; the same words again are no new version.
        if (sameInline(content, textOf(edit.block).content) && fold.field(edit.block, 'text')?.conflict !== true)
          return;
        return type(ref, json({ content }), edit.heads);
      }
      case 'setStyle': {
        needBlock(edit.block);
        const ref: FieldRef = { record: edit.block, type: 'block', field: 'style' };
        if (sameValue(current(ref), json(edit.style)) && fold.field(edit.block, 'style')?.conflict !== true) return;
        return set(ref, json(edit.style), edit.heads);
      }
      case 'insert':
        needNew(edit.block);
        return insert(edit.block, edit.after, json(edit.style), json({ content: normaliseInline(edit.content) }));
      case 'move':
        needBlock(edit.block);
        if (edit.after === edit.block) throw new WorkbenchError('invalid-input', 'A paragraph cannot follow itself.');
        return set(
          { record: edit.block, type: 'block', field: 'place' },
          placeAfter(edit.after, edit.block),
          edit.heads,
        );
      case 'remove':
        needBlock(edit.block);
        await settle(edit.block);
        return remove(edit.block, edit.heads);
      case 'revive':
        needBlock(edit.block);
        return revive(edit);
      case 'split':
        needBlock(edit.block);
        return split(edit);
      case 'join':
        needBlock(edit.into);
        needBlock(edit.from);
        return join(edit);
      case 'setFootnote':
        return type({ record: edit.footnote, type: 'footnote', field: 'text' }, withoutNotes(edit.content), edit.heads);
      case 'setCell': {
        needBlock(edit.block);
        const field = `cell:${edit.row}:${edit.column}`;
        const content = json(normaliseInline(edit.content));
        return type({ record: edit.block, type: 'block', field }, content, edit.heads);
      }
      case 'insertRow':
        needBlock(edit.block);
        return insertLine(edit.block, 'row', edit.row, edit.after);
      case 'insertColumn':
        needBlock(edit.block);
        return insertLine(edit.block, 'column', edit.column, edit.after);
      case 'removeRow':
        needBlock(edit.block);
        return removeLine(edit.block, 'row', edit.row, edit.heads);
      case 'removeColumn':
        needBlock(edit.block);
        return removeLine(edit.block, 'column', edit.column, edit.heads);
      case 'setTitle':
        return type({ record: session.draft, type: 'draft', field: 'title' }, edit.value.toWellFormed(), edit.heads);
      case 'setCover': {
        const ref: FieldRef = { record: session.draft, type: 'draft', field: `cover:${edit.key}` };
        return type(ref, edit.value.toWellFormed(), edit.heads);
      }
    }
  }

  return { apply, set, finish: batch.finish };
}

/** A footnote has no footnotes. */
function withoutNotes(content: InlineContent): Json {
  return json(normaliseInline(content.filter((item) => item.t !== 'note')));
}

function json(value: unknown): Json {
  return value as Json;
}
