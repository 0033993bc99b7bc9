/**
 * Reading the fields of drafts, blocks and footnotes out of the fold. `electron/services/drafts/` is the drafts service:
 * drafts-service.ts puts its parts together, edits.ts turns what an editor says into changes, typing-journal.ts keeps
 * typing safe until it becomes a change, undo.ts takes steps back, draft-index.ts and views.ts give the page its view.
 */
import type { Json, RecordId, VersionId } from '../../../shared/ids.ts';
import { sameJson } from '../../../shared/records/canonical.ts';
import type { FieldState, FieldValue, Fold, RecordState, Version } from '../../../shared/records/fold.ts';
import type { BlockStyle } from '../../../shared/drafting/block.ts';
import type { Inline, InlineContent } from '../../../shared/drafting/inline.ts';
import { blockText } from '../../../shared/merging/block-text.ts';

export interface FieldRef {
  readonly record: RecordId;
  /** `draft`, `block`, `footnote`; steps of other services that write into a draft have their own. */
  readonly type: string;
  readonly field: string;
}

export function fieldKey(record: RecordId, field: string): string {
  return `${record}/${field}`;
}

/** The last version that one session has given to each field, by `fieldKey`: always on that session's screen. */
export type OwnVersions = ReadonlyMap<string, VersionId>;
export const noOwnVersions: OwnVersions = new Map();

/**
 * What an edit may supersede: the heads that the page named, and the session's own later version where that supersedes one
 * of them (or where the page knows no version of the field yet). A version of the session that stands beside what the page
 * shows is not superseded by going on in the other.
 */
export function seenVersions(fold: Fold, named: readonly VersionId[], own: VersionId | undefined): VersionId[] {
  if (own === undefined || named.includes(own)) return [...new Set(named)];
  return named.length === 0 || supersedes(fold, own, new Set(named))
    ? [...new Set([...named, own])]
    : [...new Set(named)];
}

function supersedes(fold: Fold, version: VersionId, any: ReadonlySet<VersionId>): boolean {
  const seen = new Set([version]);
  for (const id of seen) {
    for (const over of fold.version(id)?.over ?? []) {
      if (any.has(over)) return true;
      seen.add(over);
    }
  }
  return false;
}

/** For a removal, which names versions of every field: the same, field by field. */
export function seenOfRecord(
  state: RecordState,
  fold: Fold,
  named: readonly VersionId[],
  own: OwnVersions,
): VersionId[] {
  const seen = new Set(named);
  for (const name of state.fields.keys()) {
    const ofField = named.filter((id) => fold.version(id)?.field === name);
    for (const id of seenVersions(fold, ofField, own.get(fieldKey(state.id, name)))) seen.add(id);
  }
  return [...seen];
}

export function headIds(field: FieldState | null | undefined): VersionId[] {
  return (field?.heads ?? []).map((head) => head.id);
}

/** All heads of all fields: what somebody who removes the whole record has on screen. */
export function allHeads(state: RecordState): VersionId[] {
  return [...state.fields.values()].flatMap((field) => headIds(field));
}

function firstId(value: FieldValue): VersionId {
  return value.versions.map((version) => version.id).reduce((a, b) => (a < b ? a : b));
}

/**
 * The value that is shown of a field: the only one; of several the session's own if there is one, else the first by
 * hash. Null when there is none (never set, or erased).
 */
export function shownValue(field: FieldState | null | undefined, own: VersionId | undefined): FieldValue | null {
  if (field === null || field === undefined || field.values.length === 0) return null;
  if (field.values.length === 1) return field.values[0]!;
  const mine = field.values.find((value) => value.versions.some((version) => version.id === own));
  return mine ?? field.values.reduce((a, b) => (firstId(a) < firstId(b) ? a : b));
}

/** Undefined when nobody ever set it; null when it was cleared. */
export function valueIn(fold: Fold, ref: FieldRef, own: VersionId | undefined): Json | undefined {
  return shownValue(fold.field(ref.record, ref.field), own)?.value;
}

export function latestOf(versions: readonly Version[]): Version {
  return versions.reduce((a, b) => (b.at > a.at || (b.at === a.at && b.id > a.id) ? b : a));
}

export function sameValue(a: Json | undefined, b: Json | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && sameJson(a, b));
}

const inlineKinds = new Set(['text', 'break', 'note', 'link', 'cite']);

/** Content for the page; an item of a newer program is shown as the text it carries. */
export function readableInline(content: InlineContent): InlineContent {
  if (content.every((item) => inlineKinds.has(item.t))) return content;
  return content.map((item): Inline => {
    if (inlineKinds.has(item.t)) return item;
    const text = (item as { readonly s?: unknown }).s;
    return { t: 'text', s: typeof text === 'string' ? text : '\ufffc' };
  });
}

/** The content of a block's text field. */
export function contentOfText(value: Json | undefined): InlineContent {
  return readableInline(blockText(value).content);
}

/** The content of a cell or a footnote. */
export function contentOfCell(value: Json | undefined): InlineContent {
  return value === null || value === undefined ? [] : readableInline(value as unknown as InlineContent);
}

export function contentIn(
  ref: { readonly type: string; readonly field: string },
  value: Json | undefined,
): InlineContent {
  return ref.type === 'block' && ref.field === 'text' ? contentOfText(value) : contentOfCell(value);
}

/** A style of a newer program is given as it is: the editor shows the block read-only and keeps it. */
export function styleOf(value: Json | undefined): BlockStyle {
  const style = value as unknown as BlockStyle | null | undefined;
  return typeof style?.kind === 'string' ? style : { kind: 'paragraph' };
}

export function stringOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** The smallest of several places: concurrent moves show one, marked. Null for a block without a place. */
export function placeOf(field: FieldState | null | undefined): string | null {
  const places = (field?.values ?? []).map((value) => value.value).filter((value) => typeof value === 'string');
  return places.length === 0 ? null : places.reduce((a, b) => (a < b ? a : b));
}
