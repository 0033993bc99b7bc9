/** Reading and writing single fields of the records of merging. */
import type { Json, RecordId } from '../../../shared/ids.ts';
import type { Fold, RecordState, Version } from '../../../shared/records/fold.ts';
import type { Circle, IntendedOp } from '../circles/circle.ts';
import { headIds, latestOf, shownValue } from '../drafts/fields.ts';

/** The value that is shown: of several the first by hash, so that all see the same until a person settles. */
export function valueOf(state: RecordState, field: string): Json | null {
  return shownValue(state.fields.get(field), undefined)?.value ?? null;
}

export function textOf(state: RecordState, field: string): string {
  const value = valueOf(state, field);
  return typeof value === 'string' ? value : '';
}

export function idOf(state: RecordState, field: string): RecordId | null {
  const value = valueOf(state, field);
  return typeof value === 'string' ? (value as RecordId) : null;
}

export function listOf(state: RecordState, field: string): readonly string[] {
  const value = valueOf(state, field);
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

/** The first version of a record that is here: who made it and when. */
export function madeBy(fold: Fold, state: RecordState): Version | null {
  const own = [...state.fields.values()]
    .flatMap((field) => fold.history(state.id, field.name))
    .filter((version) => version.replica === state.creator);
  return own.length === 0 ? null : own.reduce((a, b) => (b.seq < a.seq ? b : a));
}

export function latestIn(state: RecordState): Version | null {
  const heads = [...state.fields.values()].flatMap((field) => field.heads);
  return heads.length === 0 ? null : latestOf(heads);
}

/** Ops that set fields of one record over what stands in them now. */
export function setting(
  circle: Circle,
  record: RecordId,
  type: string,
  fields: Readonly<Record<string, Json | null | undefined>>,
): IntendedOp[] {
  return Object.entries(fields)
    .filter((entry): entry is [string, Json | null] => entry[1] !== undefined)
    .map(([field, value]) => ({
      ...{ record, type, field, value },
      over: headIds(circle.fold.field(record, field)),
    }));
}

/** Ops of a removal, over everything that stands here, or of bringing back. */
export function removing(state: RecordState, removed: boolean): IntendedOp[] {
  const heads = removed
    ? [...state.fields.values()].flatMap((field) => headIds(field))
    : headIds(state.fields.get('removed'));
  return [{ record: state.id, type: state.type, field: 'removed', over: heads, value: removed ? true : null }];
}

export const isoOf = (ms: number | undefined | null): string =>
  new Date(ms === undefined || ms === null || !Number.isFinite(ms) || Math.abs(ms) > 8.64e15 ? 0 : ms).toISOString();
