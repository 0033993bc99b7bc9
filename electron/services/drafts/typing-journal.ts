/**
 * What has been typed and is not yet a change of the log: fsynced in the circle's journal, one value per session and
 * field. A log that took a change for every pause would grow to many times its text.
 */
import type { Json, RecordId, VersionId } from '../../../shared/ids.ts';
import type { Circle } from '../circles/circle.ts';
import type { FieldRef } from './fields.ts';

export interface TypedValue extends FieldRef {
  readonly session: string;
  readonly draft: RecordId;
  /** What was on screen when it was typed. */
  readonly over: readonly VersionId[];
  readonly value: Json;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface TypingJournal {
  get(session: string, record: RecordId, field: string): TypedValue | undefined;
  /** Fsynced when it resolves. */
  put(values: readonly TypedValue[]): Promise<void>;
  drop(values: readonly TypedValue[]): Promise<void>;
  /** Those of one session, of some records, or all. */
  list(filter?: { readonly session?: string; readonly records?: ReadonlySet<RecordId> }): TypedValue[];
}

const prefix = 'drafts/';

function keyOf(session: string, record: RecordId, field: string): string {
  return `${prefix}${session}/${record}/${field}`;
}

export function createTypingJournal(circle: Circle): TypingJournal {
  const { journal } = circle;
  return {
    get: (session, record, field) => journal.entries().get(keyOf(session, record, field)) as TypedValue | undefined,
    put: (values) =>
      journal.put(
        values.map((value) => ({
          key: keyOf(value.session, value.record, value.field),
          value: { ...value, over: [...value.over] } as unknown as Json,
        })),
      ),
    drop: (values) =>
      journal.put(values.map((value) => ({ key: keyOf(value.session, value.record, value.field), value: null }))),
    list: (filter = {}) => {
      const found: TypedValue[] = [];
      for (const [key, json] of journal.entries()) {
        if (!key.startsWith(prefix)) continue;
        const value = json as unknown as TypedValue;
        if (filter.session !== undefined && value.session !== filter.session) continue;
        if (filter.records !== undefined && !filter.records.has(value.record)) continue;
        found.push(value);
      }
      return found;
    },
  };
}
