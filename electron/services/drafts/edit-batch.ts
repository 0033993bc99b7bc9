/**
 * What one call of an editor has gathered and not yet written: fields for one change of the log, typing for the journal,
 * and the step that undo takes back.
 */
import type { Json, RecordId, VersionId } from '../../../shared/ids.ts';
import type { IntendedOp } from '../circles/circle.ts';
import { fieldKey, sameValue, seenVersions, valueIn, type FieldRef } from './fields.ts';
import type { Session, Step, StepChange } from './sessions.ts';
import type { TypedValue, TypingJournal } from './typing-journal.ts';

export interface BatchContext {
  readonly session: Session;
  readonly journal: TypingJournal;
  readonly now: () => number;
  /** Writes one change in the session's name. */
  write(ops: readonly IntendedOp[]): Promise<void>;
  /** Makes changes of what this session has typed into these records. */
  commit(records: ReadonlySet<RecordId>): Promise<void>;
}

export function createEditBatch({ session, journal, now, write, commit }: BatchContext) {
  const { fold } = session.circle;
  /** Fields to be written in one change. */
  const batch = new Map<string, IntendedOp>();
  const typed = new Map<string, TypedValue>();
  const step = new Map<string, StepChange>();
  /** Blocks made by this call: taking it back removes them, whatever else was done to them in it. */
  const made = new Set<RecordId>();

  const batchHas = (record: RecordId): boolean => [...batch.values()].some((op) => op.record === record);

  function current(ref: FieldRef): Json | undefined {
    const key = fieldKey(ref.record, ref.field);
    const unwritten = batch.get(key) ?? typed.get(key) ?? journal.get(session.id, ref.record, ref.field);
    return unwritten === undefined ? valueIn(fold, ref, session.own.get(key)) : unwritten.value;
  }

  /** What the page named and what this session has written since: nothing that arrived unseen. */
  function seen(key: string, named: readonly VersionId[]): VersionId[] {
    return seenVersions(fold, named, session.own.get(key));
  }

  function note(ref: FieldRef, before: Json | undefined, after: Json | null, other?: RecordId): void {
    if (made.has(ref.record)) return;
    const key = fieldKey(ref.record, ref.field);
    const first = step.get(key);
    step.set(key, { ...ref, before: first === undefined ? (before ?? null) : first.before, after, other });
  }

  function put(ref: FieldRef, value: Json | null, over: readonly VersionId[]): void {
    const key = fieldKey(ref.record, ref.field);
    const earlier = batch.get(key);
    const all = [...new Set([...(earlier?.over ?? []), ...over])];
    batch.set(key, { ...ref, over: all, value });
  }

  /** A change of the log, with what undo has to know. */
  function set(ref: FieldRef, value: Json | null, named: readonly VersionId[], other?: RecordId): void {
    note(ref, current(ref), value, other);
    put(ref, value, seen(fieldKey(ref.record, ref.field), named));
  }

  function type(ref: FieldRef, value: Json, named: readonly VersionId[]): void {
    const before = current(ref);
    const field = fold.field(ref.record, ref.field);
    // In a conflict the same words over more heads are a decision.
    if (sameValue(before, value) && field?.conflict !== true) return;
    const key = fieldKey(ref.record, ref.field);
    note(ref, before, value);
    if (batchHas(ref.record)) {
      put(ref, value, seen(key, named));
      return;
    }
    const earlier = typed.get(key) ?? journal.get(session.id, ref.record, ref.field);
    const over = [...new Set([...(earlier?.over ?? []), ...seen(key, named)])];
    typed.set(key, { ...ref, session: session.id, draft: session.draft, over, value, at: now() });
  }

  async function writeBatch(): Promise<void> {
    if (batch.size === 0) return;
    const ops = [...batch.values()];
    batch.clear();
    await write(ops);
  }

  async function keepTyped(): Promise<void> {
    if (typed.size === 0) return;
    const values = [...typed.values()];
    typed.clear();
    await journal.put(values);
  }

  /** What follows needs the versions of these records in the log. */
  async function settle(...records: readonly RecordId[]): Promise<void> {
    if (records.some(batchHas)) await writeBatch();
    await keepTyped();
    await commit(new Set(records));
  }

  return {
    current,
    note,
    put,
    set,
    type,
    settle,
    /** From now on what is done to this record is part of making it. */
    make: (record: RecordId): void => void made.add(record),
    isMade: (record: RecordId): boolean => made.has(record),
    unwritten: (): Iterable<IntendedOp> => batch.values(),
    finish: async (): Promise<Step> => {
      await writeBatch();
      await keepTyped();
      return [...step.values()].filter((change) => !sameValue(change.before ?? undefined, change.after ?? undefined));
    },
  };
}
