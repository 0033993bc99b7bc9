/**
 * What must be known of a whole draft at every edit and costs too much to work out anew: the order of its blocks, its
 * words, its conflicts, when it was last changed. Built from the fold when a draft is first asked for, and kept up with
 * only the records that changed.
 */
import type { RecordId } from '../../../shared/ids.ts';
import type { Fold, RecordState, Version } from '../../../shared/records/fold.ts';
import { countWords } from '../../../shared/drafting/count-words.ts';
import { indexOfPlaced, type Placed } from '../../../shared/drafting/places.ts';
import { lineageConflictsOf, noLineageConflicts, type LineageConflicts } from './lineage-conflicts.ts';
import { contentOfCell, contentOfText, latestOf, placeOf, shownValue, stringOf, styleOf } from './fields.ts';

interface Part {
  readonly words: number;
  readonly conflict: boolean;
  /** Texts rewritten apart, joined here and changed there, or joined to two: lineage conflicts are looked for. */
  readonly entangled: boolean;
  readonly live: boolean;
}

export interface DraftEntry {
  readonly id: RecordId;
  /** Blocks in order, removed ones included: they hold their place for when they are brought back. */
  readonly placed: readonly Placed[];
  isLive(block: RecordId): boolean;
  has(block: RecordId): boolean;
  /** Live blocks in order. */
  order(): RecordId[];
  footnotes(): RecordId[];
  words(): number;
  conflicts(): number;
  latest(): Version | null;
  lineage(): LineageConflicts;
}

export interface DraftIndex {
  drafts(): readonly RecordState[];
  /** Null when there is no such draft in this circle. */
  get(draft: RecordId): DraftEntry | null;
  /** Something about these records has changed: which drafts, and which of their blocks and footnotes. */
  refresh(records: readonly RecordId[]): ReadonlyMap<RecordId, TouchedParts>;
}

export interface TouchedParts {
  readonly blocks: RecordId[];
  readonly footnotes: RecordId[];
}

interface Entry extends DraftEntry {
  update(state: RecordState): void;
}

export function createDraftIndex(fold: Fold): DraftIndex {
  const entries = new Map<RecordId, Entry>();

  function get(draft: RecordId): Entry | null {
    const known = entries.get(draft);
    if (known !== undefined) return known;
    const state = fold.record(draft);
    if (state === null || state.type !== 'draft') return null;
    const entry = createEntry(fold, state);
    entries.set(draft, entry);
    return entry;
  }

  return {
    drafts: () => fold.recordsOfType('draft', { withRemoved: true }),
    get,
    refresh: (records) => {
      const touched = new Map<RecordId, TouchedParts>();
      for (const id of records) {
        const state = fold.record(id);
        const draft = state === null ? null : draftOf(state);
        if (state === null || draft === null) continue;
        let parts = touched.get(draft);
        if (parts === undefined) touched.set(draft, (parts = { blocks: [], footnotes: [] }));
        if (state.type === 'block') parts.blocks.push(id);
        if (state.type === 'footnote') parts.footnotes.push(id);
        entries.get(draft)?.update(state);
      }
      return touched;
    },
  };
}

/** The draft that a record belongs to or is; null for records that are none of a draft's. */
export function draftOf(state: RecordState): RecordId | null {
  if (state.type === 'draft') return state.id;
  if (state.type !== 'block' && state.type !== 'footnote') return null;
  const draft = shownValue(state.fields.get('draft'), undefined)?.value;
  return typeof draft === 'string' ? (draft as RecordId) : null;
}

function createEntry(fold: Fold, first: RecordState): Entry {
  const placed: Placed[] = [];
  const places = new Map<RecordId, string>();
  const parts = new Map<RecordId, Part>();
  const notes = new Set<RecordId>();
  let language = '';
  let words = 0;
  let conflicts = 0;
  let latest: Version | null = null;
  const entangled = new Set<RecordId>();
  let lineage: LineageConflicts | null = null;

  function update(state: RecordState): void {
    lineage = null;
    for (const field of state.fields.values()) {
      if (field.heads.length > 0) latest = latest === null ? latestOf(field.heads) : latestOf([latest, ...field.heads]);
    }
    if (state.type === 'draft') {
      const now = stringOf(shownValue(state.fields.get('language'), undefined)?.value) || 'en';
      if (now !== language) {
        language = now;
        recount();
      }
      setPart(state.id, { words: 0, conflict: hasConflict(state), entangled: false, live: true });
    } else if (state.type === 'block') {
      setPlace(state.id, placeOf(state.fields.get('place')) ?? '}');
      setPart(state.id, {
        words: wordsOfBlock(state, language),
        conflict: hasConflict(state),
        entangled: isEntangled(state),
        live: !state.removed,
      });
    } else {
      if (state.removed) notes.delete(state.id);
      else notes.add(state.id);
      // Counted as an answer is: limits are for the text, not for its notes.
      setPart(state.id, { words: 0, conflict: hasConflict(state), entangled: false, live: !state.removed });
    }
  }

  function setPlace(id: RecordId, place: string): void {
    const before = places.get(id);
    if (before === place) return;
    if (before !== undefined) placed.splice(indexOfPlaced(placed, { id, place: before }), 1);
    placed.splice(indexOfPlaced(placed, { id, place }), 0, { id, place });
    places.set(id, place);
  }

  function setPart(id: RecordId, part: Part): void {
    const before = parts.get(id);
    if (before?.live === true) {
      words -= before.words;
      conflicts -= before.conflict ? 1 : 0;
    }
    parts.set(id, part);
    if (part.entangled) entangled.add(id);
    else entangled.delete(id);
    if (part.live) {
      words += part.words;
      conflicts += part.conflict ? 1 : 0;
    }
  }

  function recount(): void {
    for (const id of parts.keys()) {
      const state = fold.record(id);
      if (state !== null && state.type !== 'draft') update(state);
    }
  }

  function lineageNow(): LineageConflicts {
    lineage ??= entangled.size === 0 ? noLineageConflicts : lineageConflictsOf(fold, first.id);
    return lineage;
  }

  update(first);
  for (const type of ['block', 'footnote']) {
    for (const state of fold.children(type, first.id, { withRemoved: true })) update(state);
  }

  const isLive = (block: RecordId): boolean => places.has(block) && parts.get(block)?.live === true;
  return {
    id: first.id,
    placed,
    isLive,
    has: (block) => places.has(block),
    order: () => placed.filter((item) => isLive(item.id as RecordId)).map((item) => item.id as RecordId),
    footnotes: () => [...notes],
    words: () => words,
    // A block may show a conflict of its neighbours' making that is none of its own fields'.
    conflicts: () => conflicts + [...lineageNow().blocks].filter((block) => parts.get(block)?.conflict !== true).length,
    latest: () => latest,
    lineage: lineageNow,
    update,
  };
}

/** Fields whose several values stand as a conflict; a place shows the smallest. */
function hasConflict(state: RecordState): boolean {
  if (state.removalContested) return true;
  for (const field of state.fields.values()) {
    if (!field.conflict || field.name === 'removed' || field.name === 'draft') continue;
    if (field.name.startsWith('row:') || field.name.startsWith('column:')) continue;
    return true;
  }
  return false;
}

function isEntangled(state: RecordState): boolean {
  if (state.removalContested || state.fields.get('text')?.conflict === true) return true;
  return state.removedBy.length > 1;
}

/** The call's own wording is nobody's answer: questions count no words. */
function wordsOfBlock(state: RecordState, language: string): number {
  const style = styleOf(shownValue(state.fields.get('style'), undefined)?.value);
  if (style.kind === 'question') return 0;
  let words = countWords(contentOfText(shownValue(state.fields.get('text'), undefined)?.value), language);
  if (style.kind !== 'table') return words;
  for (const [name, field] of state.fields) {
    if (name.startsWith('cell:')) words += countWords(contentOfCell(shownValue(field, undefined)?.value), language);
  }
  return words;
}
