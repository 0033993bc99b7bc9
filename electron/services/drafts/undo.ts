/**
 * Taking back a session's own last step. Undo is a new change that sets the fields of the step back to what they held,
 * where this session's version is the only head and still holds what the step left; elsewhere it says why not. A partner's
 * words are never touched: `@lexical/history` was measured to undo the partner's paragraph.
 */
import type { Json } from '../../../shared/ids.ts';
import type { RecordState } from '../../../shared/records/fold.ts';
import { inlineLength, sameInline } from '../../../shared/drafting/inline.ts';
import { blockText, type BlockText } from '../../../shared/merging/block-text.ts';
import type { IntendedOp } from '../circles/circle.ts';
import { allHeads, fieldKey, headIds, sameValue } from './fields.ts';
import type { Session, Step, StepChange } from './sessions.ts';

export type Refusal = 'changed-by-partner' | 'removed-by-partner';

export type Reversal = { readonly ops: readonly IntendedOp[]; readonly reversed: Step } | { readonly refused: Refusal };

/** The ops that take `step` back, and the step that would take that back. All of the step or nothing. */
export function reverse(session: Session, step: Step): Reversal {
  const ops: IntendedOp[] = [];
  const reversed: StepChange[] = [];
  // A record that goes away again goes as it is: setting another of its fields in the same change would keep it.
  const leaving = new Set(
    step.filter((change) => change.field === 'removed' && change.before === true).map((change) => change.record),
  );
  for (const change of [...step].reverse()) {
    if (change.field !== 'removed' && leaving.has(change.record)) continue;
    const state = session.circle.fold.record(change.record);
    // A footnote made in the step stays: nothing refers to it any more, and redo finds it again.
    if (change.type === 'footnote' && (change.before === null || change.after === null)) {
      reversed.push({ ...change, before: change.after, after: change.before });
      continue;
    }
    if (state === null) return { refused: 'changed-by-partner' };
    const result =
      change.field === 'removed' ? reverseRemoval(session, change, state) : reverseField(session, change, state, step);
    if (typeof result === 'string') return { refused: result };
    ops.push(result);
    const covered = change.field === 'removed' ? state.removedBy.flatMap((version) => version.over) : undefined;
    reversed.push({ ...change, before: change.after, after: result.value, covered });
  }
  return { ops, reversed };
}

function isOwn(session: Session, state: RecordState, field: string): boolean {
  const heads = state.fields.get(field)?.heads ?? [];
  const own = session.own.get(fieldKey(state.id, field));
  return heads.every((head) => head.id === own);
}

/** Making, removing and reviving a record. */
function reverseRemoval(session: Session, change: StepChange, state: RecordState): IntendedOp | Refusal {
  const { record, type, field } = change;
  if (change.before === true) {
    if (state.removed) return 'removed-by-partner';
    const known = new Set(change.covered);
    for (const name of state.fields.keys()) {
      const own = session.own.get(fieldKey(record, name));
      if (!headIds(state.fields.get(name)).every((head) => head === own || known.has(head)))
        return 'changed-by-partner';
    }
    return { record, type, field, over: allHeads(state), value: true };
  }
  if (!state.removed || !isOwn(session, state, 'removed')) return 'changed-by-partner';
  return { record, type, field, over: headIds(state.fields.get('removed')), value: null };
}

function reverseField(session: Session, change: StepChange, state: RecordState, step: Step): IntendedOp | Refusal {
  const { record, type, field } = change;
  const revivedHere = step.some((other) => other.record === record && other.field === 'removed');
  if (state.removed && !revivedHere) return 'removed-by-partner';
  const now = state.fields.get(field);
  if (now === undefined || now.conflict || !isOwn(session, state, field)) return 'changed-by-partner';
  if (!holds(change, now.value)) return 'changed-by-partner';
  return { record, type, field, over: headIds(now), value: restored(session, change) };
}

/** Whether the field still holds what the step left; the notes of splits and joins are not what is seen. */
function holds(change: StepChange, value: Json | undefined): boolean {
  if (change.type !== 'block' || change.field !== 'text') return sameValue(value, change.after);
  return sameInline(blockText(value).content, blockText(change.after).content);
}

/**
 * The value to go back to, and what going back does across blocks: taking a split back takes in the words of the other
 * block, taking a join back gives them back.
 */
function restored(session: Session, change: StepChange): Json {
  const { before, other } = change;
  if (before === null || change.type !== 'block' || change.field !== 'text') return before;
  const { content } = blockText(before);
  const left = blockText(change.after);
  if (other === undefined) return json({ content });
  const version = session.circle.fold.field(other, 'text')?.heads[0]?.id;
  const joinedAt = blockText(before).joined?.find((piece) => piece.block === other)?.offset;
  const offset = left.tail === other ? inlineLength(left.content) : joinedAt;
  if (offset !== undefined && version !== undefined) {
    return json({ content, joined: [{ block: other, version, offset }] });
  }
  if (left.joined?.some((piece) => piece.block === other) === true) {
    const tail = blockText(before).tail === other ? { tail: other } : {};
    return json({ content, released: [other], ...tail });
  }
  return json({ content });
}

function json(text: BlockText): Json {
  return text as unknown as Json;
}
