/** Closing a conflict: a person takes one value over all the versions shown. Nothing picks by itself. */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { Json, RecordId, VersionId } from '../../../shared/ids.ts';
import type { RecordState } from '../../../shared/records/fold.ts';
import type { BlockStyle } from '../../../shared/drafting/block.ts';
import { normaliseInline, type InlineContent } from '../../../shared/drafting/inline.ts';
import type { BlockText } from '../../../shared/merging/block-text.ts';
import type { IntendedOp } from '../circles/circle.ts';
import { bracketed, textConflictOf } from './conflicts.ts';
import { fieldKey, shownValue, type FieldRef } from './fields.ts';
import type { Session, Step } from './sessions.ts';

export interface Settlement {
  readonly block: RecordId;
  readonly row?: string;
  readonly column?: string;
  readonly choice:
    | { readonly kind: 'content'; readonly content: InlineContent }
    | { readonly kind: 'style'; readonly style: BlockStyle }
    | { readonly kind: 'combined' }
    | { readonly kind: 'keepBoth' }
    | { readonly kind: 'keepRemoved' }
    | { readonly kind: 'keepBlock' };
  readonly heads: readonly VersionId[];
}

/** The op that settles, and the step that undo takes back. */
export function settlementOf(
  session: Session,
  settlement: Settlement,
): { readonly op: IntendedOp; readonly step: Step } {
  const { block, choice, heads } = settlement;
  const state = session.circle.fold.record(block);
  if (state === null || (state.type !== 'block' && state.type !== 'footnote')) {
    throw new WorkbenchError('not-found', 'There is no such paragraph.', { block });
  }
  const ref = (field: string): FieldRef => ({ record: block, type: state.type as FieldRef['type'], field });
  switch (choice.kind) {
    case 'style':
      return settle(session, state, ref('style'), choice.style as unknown as Json, heads);
    case 'keepRemoved': {
      const over = ofRecord(session, state, heads);
      const removal: IntendedOp = { ...ref('removed'), over, value: true };
      return { op: removal, step: [{ ...ref('removed'), before: null, after: true }] };
    }
    case 'keepBlock': {
      const over = ofRecord(session, state, heads).filter((id) => isVersionOf(state, 'removed', id));
      return { op: { ...ref('removed'), over, value: null }, step: [] };
    }
    case 'content':
    case 'combined':
    case 'keepBoth': {
      const field = settlement.row === undefined ? 'text' : `cell:${settlement.row}:${settlement.column ?? ''}`;
      return settle(session, state, ref(field), chosenText(session, state, ref(field), choice), heads);
    }
  }
}

function chosenText(session: Session, state: RecordState, ref: FieldRef, choice: Settlement['choice']): Json {
  const field = state.fields.get(ref.field);
  const conflict = textConflictOf(ref, field, session.circle);
  if (choice.kind !== 'content' && conflict === null) {
    throw new WorkbenchError('invalid-state', 'Somebody has settled this in the meantime; there is one version now.');
  }
  if (choice.kind === 'combined' && conflict!.combined === null) {
    throw new WorkbenchError('invalid-state', 'The versions touch the same words and cannot be combined.');
  }
  const content =
    choice.kind === 'content'
      ? normaliseInline(choice.content)
      : choice.kind === 'combined'
        ? conflict!.combined!
        : bracketed(conflict!.versions);
  if (ref.type !== 'block' || ref.field !== 'text') return content as unknown as Json;
  return { ...settledLineage(state, ref), content } as unknown as Json;
}

/** What the versions record about splits and joins, so that later merges still know. */
function settledLineage(state: RecordState, ref: FieldRef): Partial<BlockText> {
  const values = (state.fields.get(ref.field)?.values ?? []).map((value) => value.value as unknown as BlockText | null);
  return Object.assign({}, ...values.filter((value) => value !== null)) as Partial<BlockText>;
}

function settle(
  session: Session,
  state: RecordState,
  ref: FieldRef,
  value: Json,
  heads: readonly VersionId[],
): { op: IntendedOp; step: Step } {
  const own = session.own.get(fieldKey(ref.record, ref.field));
  const over = [...new Set(own === undefined ? heads : [...heads, own])];
  const before = shownValue(state.fields.get(ref.field), own)?.value ?? null;
  // Taking a settlement back would hide the versions it closed behind one of them; history has them all.
  const step: Step = state.fields.get(ref.field)?.conflict === true ? [] : [{ ...ref, before, after: value }];
  return { op: { ...ref, over, value }, step };
}

/** What the page named and this session's own versions of any field of the record. */
function ofRecord(session: Session, state: RecordState, heads: readonly VersionId[]): VersionId[] {
  const own = [...session.own].filter(([key]) => key.startsWith(`${state.id}/`)).map(([, version]) => version);
  return [...new Set([...heads, ...own])];
}

function isVersionOf(state: RecordState, field: string, id: VersionId): boolean {
  return (state.fields.get(field)?.heads ?? []).some((head) => head.id === id);
}
