/**
 * One circle's drafts: the index, the typing journal, and writing in a session's name. What is typed becomes a change
 * here; the news of every change, own or a partner's, starts here.
 */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { RecordId, VersionId } from '../../../shared/ids.ts';
import { versionIdOf } from '../../../shared/records/change.ts';
import type { RecordState } from '../../../shared/records/fold.ts';
import type { Circle, IntendedOp } from '../circles/circle.ts';
import { createDraftIndex, type DraftEntry, type DraftIndex, type TouchedParts } from './draft-index.ts';
import { fieldKey, sameValue, seenVersions } from './fields.ts';
import type { Session } from './sessions.ts';
import { createTypingJournal, type TypedValue, type TypingJournal } from './typing-journal.ts';

export interface DraftStore {
  readonly circle: Circle;
  readonly index: DraftIndex;
  readonly journal: TypingJournal;
  /** Runs one after the other whatever writes in this circle, so that nothing comes between reading and writing. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** Writes one change; `session` null for what no editor did. Call within `exclusively`. */
  write(session: Session | null, ops: readonly IntendedOp[]): Promise<void>;
  /** Makes one change per session of what has been typed. Call within `exclusively`. */
  commit(filter?: { readonly session?: string; readonly records?: ReadonlySet<RecordId> }): Promise<void>;
  /** Fails with `not-found`. */
  need(draft: RecordId): { readonly entry: DraftEntry; readonly state: RecordState };
  dispose(): void;
}

export interface DraftStoreOptions {
  readonly circle: Circle;
  session(id: string): Session | undefined;
  /** Records of drafts changed in the log: by a session, or (null) by a partner or another program. */
  changed(circle: Circle, session: Session | null, touched: ReadonlyMap<RecordId, TouchedParts>): Promise<void>;
  /** Something failed with nobody waiting for it. */
  report(error: unknown): void;
}

export function createDraftStore({ circle, session: sessionOf, changed, report }: DraftStoreOptions): DraftStore {
  const index = createDraftIndex(circle.fold);
  const journal = createTypingJournal(circle);
  let tail: Promise<unknown> = Promise.resolve();
  /** What this store is writing: its news is told by `write` itself, with the session's name. */
  let writing: ReadonlySet<RecordId> | null = null;

  function exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = tail.then(work);
    // The next in line does not fail because this one did; whoever called this one is told.
    tail = result.catch(() => undefined);
    return result;
  }

  async function write(session: Session | null, ops: readonly IntendedOp[]): Promise<void> {
    await append(session, ops);
    await tell(session, ops);
  }

  async function append(session: Session | null, ops: readonly IntendedOp[]): Promise<void> {
    if (ops.length === 0) return;
    const records = new Set(ops.map((op) => op.record));
    writing = records;
    try {
      const hash = await circle.write(ops);
      if (session !== null) own(session, ops, (at) => versionIdOf(hash, at));
    } finally {
      writing = null;
    }
    index.refresh([...records]);
  }

  async function tell(session: Session | null, ops: readonly IntendedOp[]): Promise<void> {
    if (ops.length === 0) return;
    try {
      await changed(circle, session, index.refresh([...new Set(ops.map((op) => op.record))]));
    } catch (error) {
      // It is written all the same: whoever wrote it must not be told that it failed.
      report(error);
    }
  }

  function own(session: Session, ops: readonly IntendedOp[], versionOf: (at: number) => VersionId): void {
    for (const [at, op] of ops.entries()) session.own.set(fieldKey(op.record, op.field), versionOf(at));
  }

  async function commit(filter?: {
    readonly session?: string;
    readonly records?: ReadonlySet<RecordId>;
  }): Promise<void> {
    const bySession = Map.groupBy(journal.list(filter), (value) => value.session);
    for (const [id, values] of bySession) {
      const session = sessionOf(id) ?? null;
      const ops = values.flatMap((value) => opsOf(value, session));
      await append(session, ops);
      // Told once the journal no longer has it: what is shown is then the version in the log.
      await journal.drop(values);
      await tell(session, ops);
    }
  }

  function opsOf(value: TypedValue, session: Session | null): IntendedOp[] {
    const { record, type, field } = value;
    const now = circle.fold.field(record, field);
    // Typed and taken back again, or committed before a crash that left the journal behind.
    if (now !== null && !now.conflict && sameValue(now.value, value.value)) return [];
    const over = seenVersions(circle.fold, value.over, session?.own.get(fieldKey(record, field)));
    const op: IntendedOp = { record, type, field, over, value: value.value };
    if (type !== 'footnote' || circle.fold.record(record) !== null) return [op];
    return [{ record, type, field: 'draft', over: [], value: value.draft }, op];
  }

  const stop = circle.onChanged((news) => {
    const records = writing === null ? news.records : news.records.filter((record) => !writing!.has(record));
    if (records.length === 0) return;
    exclusively(async () => {
      const touched = index.refresh(records);
      if (touched.size === 0) return;
      // What is being typed in the same blocks becomes a version of its own before the other one is shown.
      await commit({ records: new Set(records) }).catch(report);
      await changed(circle, null, touched);
    }).catch(report);
  });

  function need(draft: RecordId): { readonly entry: DraftEntry; readonly state: RecordState } {
    const entry = index.get(draft);
    const state = circle.fold.record(draft);
    if (entry === null || state === null) throw new WorkbenchError('not-found', 'There is no such draft.', { draft });
    return { entry, state };
  }

  return { circle, index, journal, exclusively, write, commit, need, dispose: stop };
}
