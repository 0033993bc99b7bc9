/**
 * Reading the room's records out of the fold. `electron/services/room/` is the room service: room-service.ts puts its parts
 * together, views.ts gives the page its view, changes.ts turns what a person changes into ops, log-entry.ts keeps one
 * line, log-files.ts carries logs between machines, outputs.ts writes files.
 */
import type { Json, RecordId, VersionId } from '../../../shared/ids.ts';
import type { RecordState } from '../../../shared/records/fold.ts';
import type { IntendedOp } from '../circles/circle.ts';

/** The value shown: of several, the first in display order; the page marks the conflict. Null when there is none. */
export function valueOf(state: RecordState, field: string): Json {
  return state.fields.get(field)?.values[0]?.value ?? null;
}

export function textOf(state: RecordState, field: string): string {
  const value = valueOf(state, field);
  return typeof value === 'string' ? value : '';
}

export function textsOf(state: RecordState, field: string): string[] {
  const value = valueOf(state, field);
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

export function numberOf(state: RecordState, field: string): number | null {
  const value = valueOf(state, field);
  return typeof value === 'number' ? value : null;
}

export function recordOf(state: RecordState, field: string): RecordId | null {
  return (textOf(state, field) || null) as RecordId | null;
}

/** A value that is one of a list; what a newer program wrote reads as `otherwise`. */
export function choiceOf<T extends string>(
  state: RecordState,
  field: string,
  known: readonly T[],
  otherwise: NoInfer<T>,
): T {
  const value = valueOf(state, field);
  return known.includes(value as T) ? (value as T) : otherwise;
}

export function headIds(state: RecordState, field: string): VersionId[] {
  return (state.fields.get(field)?.heads ?? []).map(({ id }) => id);
}

export function headsOf(state: RecordState): Record<string, VersionId[]> {
  return Object.fromEntries([...state.fields.keys()].map((field) => [field, headIds(state, field)]));
}

export function allHeadsOf(state: RecordState): VersionId[] {
  return [...state.fields.values()].flatMap(({ heads }) => heads.map(({ id }) => id));
}

/** Fields with a prefix, as `seat:FRA`: by what follows it, cleared ones left out. */
export function keyedFields(state: RecordState, prefix: string): [key: string, value: Json][] {
  return [...state.fields.keys()].flatMap((field): [string, Json][] => {
    if (!field.startsWith(prefix)) return [];
    const value = valueOf(state, field);
    return value === null ? [] : [[field.slice(prefix.length), value]];
  });
}

/** The id under which a record was made, here or in the file it came in. */
export function madeAs(state: RecordState): RecordId {
  const made = (valueOf(state, 'madeAs') ?? {}) as { record?: RecordId };
  const origin = (valueOf(state, 'origin') ?? {}) as { entry?: RecordId };
  return made.record ?? origin.entry ?? state.id;
}

/** When and by whom a record was last changed, by its author's clock. */
export function lastChange(state: RecordState): { readonly at: number } {
  let at = 0;
  for (const { heads } of state.fields.values()) for (const head of heads) at = Math.max(at, head.at);
  return { at };
}

/** Ops that set fields nobody has set yet; null values are left out. */
export function newFields(record: RecordId, type: string, fields: Readonly<Record<string, Json>>): IntendedOp[] {
  return Object.entries(fields)
    .filter(([, value]) => value !== null)
    .map(([field, value]) => ({ record, type, field, over: [], value }));
}
