/**
 * Taking back a session's own last step. Undo is a new change that sets the fields of the step back to what they held,
 * where this session's version is the only head and still holds what the step left; elsewhere it says why not. A partner's
 * words are never touched: `@lexical/history` was measured to undo the partner's paragraph.
 */
import type { Json } from '../../../shared/ids.ts';
import type { RecordState } from '../../../shared/records/fold.ts';
import type { BlockText } from '../../../shared/merging/block-text.ts';
import type { IntendedOp } from '../circles/circle.ts';
import { allHeads, fieldKey, headIds, sameValue } from './fields.ts';
import type { Session, Step, StepChange } from './sessions.ts';

export type Refusal = 'changed-by-partner' | 'removed-by-partner';

export type Reversal = { readonly ops: readonly IntendedOp[]; readonly reversed: Step } | { readonly refused: Refusal };

/** The ops that take `step` back, and the step that would take that back. All of the step or nothing. */
export function reverse(session: Session, step: Step): Reversal {
  const ops: IntendedOp[] = [];
  const reversed: StepChange[] = [];
  for (const change of [...step].reverse()) {
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
    reversed.push({ ...change, before: change.after, after: result.value });
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
    for (const name of state.fields.keys()) if (!isOwn(session, state, name)) return 'changed-by-partner';
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
  if (!sameValue(now.value, change.after)) return 'changed-by-partner';
  return { record, type, field, over: headIds(now), value: rejoined(session, change) };
}

/** A split taken back is a join: the text records which block's words it has again. */
function rejoined(session: Session, change: StepChange): Json {
  if (change.splitOff === undefined || change.before === null) return change.before;
  const before = change.before as unknown as BlockText;
  const tail = session.circle.fold.field(change.splitOff, 'text');
  const after = change.after as unknown as BlockText | null;
  const version = tail?.heads[0]?.id;
  // Only the way back from a split: `after` is what the split left.
  if (version === undefined || after?.tail !== change.splitOff) return change.before;
  const origin = (tail?.value as unknown as BlockText | undefined)?.origin;
  const piece = { block: change.splitOff, version, offset: origin?.offset ?? 0 };
  return { ...before, joined: [...(before.joined ?? []), piece] } as unknown as Json;
}
