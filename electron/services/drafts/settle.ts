/** Closing a conflict: a person takes one value over all the versions shown. Nothing picks by itself. */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { Json, RecordId, VersionId } from '../../../shared/ids.ts';
import type { RecordState } from '../../../shared/records/fold.ts';
import type { BlockStyle } from '../../../shared/drafting/block.ts';
import { bracketVersions } from '../../../shared/drafting/bracket-versions.ts';
import {
  concatInline,
  inlineLength,
  normaliseInline,
  sameInline,
  sliceInline,
  type InlineContent,
} from '../../../shared/drafting/inline.ts';
import type { Settlement as LineageSettlement } from '../../../shared/merging/lineage.ts';
import type { IntendedOp } from '../circles/circle.ts';
import { textConflictOf } from './conflicts.ts';
import {
  allHeads,
  contentOfText,
  fieldKey,
  headIds,
  seenOfRecord,
  seenVersions,
  shownValue,
  type FieldRef,
} from './fields.ts';
import { takenInBy, type LineageConflict, type LineageConflicts } from './lineage-conflicts.ts';
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

/** The ops that settle, in one change, and the step that undo takes back. */
export function settlementOf(
  session: Session,
  lineage: LineageConflicts,
  settlement: Settlement,
): { readonly ops: readonly IntendedOp[]; readonly step: Step } {
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
      const over = seenOfRecord(state, session.circle.fold, heads, session.own);
      const step: Step = [{ ...ref('removed'), before: null, after: true }];
      return { ops: [{ ...ref('removed'), over, value: true }], step };
    }
    case 'keepBlock': {
      const over = seenOfRecord(state, session.circle.fold, heads, session.own).filter((id) =>
        isVersionOf(state, 'removed', id),
      );
      return { ops: [{ ...ref('removed'), over, value: null }, ...givenBack(session, state)], step: [] };
    }
    case 'content':
    case 'combined':
    case 'keepBoth': {
      const field = settlement.row === undefined ? 'text' : `cell:${settlement.row}:${settlement.column ?? ''}`;
      const conflict = field === 'text' ? lineage.of(block) : null;
      const way = conflict === null ? null : wayThrough(conflict, choice);
      const value = way === null ? chosenText(session, lineage, state, ref(field), choice) : null;
      if (conflict !== null && (way !== null || conflict.isWhole)) {
        needSeen(session, conflict, heads);
        return { ops: way === null ? wholeInto(session, state, value, conflict) : [...way.ops], step: [] };
      }
      return settle(session, state, ref(field), value, heads);
    }
  }
}

/** Texts that were split or joined meanwhile are settled all together: the way a person took, when it is one shown. */
function wayThrough({ merge, show }: LineageConflict, choice: Settlement['choice']): LineageSettlement | null {
  if (choice.kind === 'combined') return merge.kind === 'combined' ? merge : null;
  if (choice.kind !== 'content') return null;
  return merge.sides.find((side) => sameInline(show(side.settlement), choice.content))?.settlement ?? null;
}

/** Several blocks are settled by what was shown, so nothing may have come since. */
function needSeen(session: Session, { merge }: LineageConflict, heads: readonly VersionId[]): void {
  const seen = new Set([...heads, ...session.own.values()]);
  if (merge.sides.every((side) => side.versions.every((version) => seen.has(version)))) return;
  throw new WorkbenchError('invalid-state', 'Another version has come in the meantime. Look at it and decide again.');
}

/** All the words shown into one block; the others that had some of them are removed, and can be brought back. */
function wholeInto(session: Session, state: RecordState, value: Json, { concerned }: LineageConflict): IntendedOp[] {
  const { fold } = session.circle;
  const ops: IntendedOp[] = [
    { record: state.id, type: 'block', field: 'text', over: headIds(state.fields.get('text')), value },
  ];
  if (state.removalContested) {
    const over = headIds(state.fields.get('removed'));
    ops.push({ record: state.id, type: 'block', field: 'removed', over, value: null });
  }
  for (const block of concerned) {
    const other = fold.record(block);
    if (block === state.id || other === null || other.removed) continue;
    ops.push({ record: block, type: 'block', field: 'removed', over: allHeads(other), value: true });
  }
  return ops;
}

/**
 * A block that another took in, and that is kept all the same, gets its words back: they are cut out of the other, where
 * they still stand there word for word, once. Otherwise they were rewritten there and stay.
 */
function givenBack({ circle, draft }: Session, { id, fields }: RecordState): IntendedOp[] {
  const { fold } = circle;
  const words = contentOfText(shownValue(fields.get('text'), undefined)?.value);
  const length = inlineLength(words);
  return takenInBy(fold, draft, id).flatMap((joiner): IntendedOp[] => {
    const text = fold.field(joiner, 'text');
    if (text === null || text.values.length !== 1) return [];
    const content = contentOfText(text.value);
    const at = flat(content).indexOf(flat(words));
    if (length === 0 || at < 0 || at !== flat(content).lastIndexOf(flat(words))) return [];
    const rest = concatInline(sliceInline(content, 0, at), sliceInline(content, at + length));
    const value = { content: rest, released: [id] } as unknown as Json;
    return [{ record: joiner, type: 'block', field: 'text', over: headIds(text), value }];
  });
}

/** One character for each offset. */
function flat(content: InlineContent): string {
  return content.map((item) => (item.t === 'text' ? item.s : '\ufffc')).join('');
}

function chosenText(
  session: Session,
  lineage: LineageConflicts,
  state: RecordState,
  ref: FieldRef,
  choice: Settlement['choice'],
): Json {
  const field = state.fields.get(ref.field);
  const { fold, authorOf } = session.circle;
  const conflict = textConflictOf(ref, field, { fold, lineage, authorOf });
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
        : bracketVersions(conflict!.versions);
  return (ref.type === 'block' && ref.field === 'text' ? { content } : content) as unknown as Json;
}

function settle(
  session: Session,
  state: RecordState,
  ref: FieldRef,
  value: Json,
  heads: readonly VersionId[],
): { ops: IntendedOp[]; step: Step } {
  const own = session.own.get(fieldKey(ref.record, ref.field));
  const over = seenVersions(session.circle.fold, heads, own);
  const before = shownValue(state.fields.get(ref.field), own)?.value ?? null;
  // Taking a settlement back would hide the versions it closed behind one of them; history has them all.
  const step: Step = state.fields.get(ref.field)?.conflict === true ? [] : [{ ...ref, before, after: value }];
  return { ops: [{ ...ref, over, value }], step };
}

function isVersionOf(state: RecordState, field: string, id: VersionId): boolean {
  return (state.fields.get(field)?.heads ?? []).some((head) => head.id === id);
}
