/**
 * Builds the next change of a chain from what somebody wants to write. Pure: keeping it, announcing it and moving the
 * chain on is the caller's work. Never adds to `over`: what is superseded is what the caller says was on screen.
 */
import {
  creatorOf,
  type ChangeHash,
  type CircleId,
  type Json,
  type RecordId,
  type ReplicaId,
  type VersionId,
} from '../ids.ts';
import { NotCanonicalError } from './canonical.ts';
import { circleIdOf, createChange, isRecordId, isVersionId, type Change, type StoredChange } from './change.ts';
import type { Fold } from './fold.ts';
import { fieldRule, recordTypes, type Registry } from './record-types.ts';

/** Where a replica's chain stands: the seq and prev of the change to be written next. */
export interface ChainState {
  readonly circle: CircleId;
  readonly replica: ReplicaId;
  readonly seq: number;
  readonly prev: ChangeHash | null;
}

/** One field that somebody wants to set. `over` are the heads the author had on screen; null clears the field. */
export interface IntendedOp {
  readonly record: RecordId;
  readonly type: string;
  readonly field: string;
  readonly over: readonly VersionId[];
  readonly value: Json;
}

export type WriteErrorCode =
  | 'nothing-to-write'
  | 'unknown-type'
  | 'unknown-field'
  | 'invalid-value'
  /** `over` or the record id is not well formed. */
  | 'invalid-reference'
  /** The record is of another type. */
  | 'wrong-type'
  /** One change sets a field once. */
  | 'field-set-twice'
  | 'not-allowed';

export interface WriteError {
  readonly code: WriteErrorCode;
  /** Index of the op in question. */
  readonly op: number;
  readonly message: string;
}

export type Written =
  | {
      readonly ok: true;
      readonly hash: ChangeHash;
      readonly stored: StoredChange;
      readonly change: Change;
      /** The chain once this change is kept. */
      readonly chain: ChainState;
    }
  | { readonly ok: false; readonly error: WriteError };

export interface Writing {
  readonly fold: Fold;
  readonly chain: ChainState;
  readonly ops: readonly IntendedOp[];
  /** Milliseconds since 1970, for display. */
  readonly at: number;
  readonly random: (lengthBytes: number) => Uint8Array;
  readonly registry?: Registry;
}

/** The chain of a replica that has written nothing yet. */
export function newChain(circle: CircleId, replica: ReplicaId): ChainState {
  return { circle, replica, seq: 1, prev: null };
}

/** Checks what somebody wants to write by the record types and by the writer's rights, and makes the change. */
export function writeChange({ fold, chain, ops, at, random, registry = recordTypes }: Writing): Written {
  if (ops.length === 0) return refuse('nothing-to-write', 0, 'a change has at least one op');
  const founding = ops.some(
    (op) => op.type === 'circle' && creatorOf(op.record) === chain.replica && circleIdOf(op.record) === chain.circle,
  );
  const set = new Set<string>();
  for (const [index, op] of ops.entries()) {
    const error = check(op, index, { fold, chain, registry, founding });
    if (error !== null) return { ok: false, error };
    const place = `${op.record} ${op.field}`;
    if (set.has(place)) return refuse('field-set-twice', index, `${op.type}.${op.field} is set twice`);
    set.add(place);
  }
  try {
    const made = createChange({ ...chain, at, ops }, random);
    return { ok: true, ...made, chain: { ...chain, seq: chain.seq + 1, prev: made.hash } };
  } catch (error) {
    if (!(error instanceof NotCanonicalError)) throw error;
    return refuse('invalid-value', 0, error.message);
  }
}

function refuse(code: WriteErrorCode, op: number, message: string): { readonly ok: false; readonly error: WriteError } {
  return { ok: false, error: { code, op, message } };
}

interface Context {
  readonly fold: Fold;
  readonly chain: ChainState;
  readonly registry: Registry;
  /** The change makes the circle itself, so that its writer is the founder although no change says so yet. */
  readonly founding: boolean;
}

function check(op: IntendedOp, index: number, { fold, chain, registry, founding }: Context): WriteError | null {
  const name = `${op.type}.${op.field}`;
  const fail = (code: WriteErrorCode, message: string): WriteError => ({ code, op: index, message });
  if (!Object.hasOwn(registry, op.type)) return fail('unknown-type', `no record type ${op.type}`);
  const rule = fieldRule(registry, op.type, op.field);
  if (rule === undefined) return fail('unknown-field', `no field ${name}`);
  if (op.value !== null && !rule.holds(op.value)) return fail('invalid-value', `${name} cannot hold this value`);
  if (!isRecordId(op.record)) return fail('invalid-reference', `${String(op.record)} is not a record id`);
  if (!op.over.every(isVersionId) || new Set(op.over).size !== op.over.length) {
    return fail('invalid-reference', `${name}: over is a list of distinct version ids`);
  }
  if (rule.once === true && (op.over.length > 0 || (fold.field(op.record, op.field)?.heads ?? []).length > 0)) {
    return fail('not-allowed', `${name} is written once, when the record is made`);
  }
  const known = fold.record(op.record);
  if (known !== null && known.type !== op.type) return fail('wrong-type', `${op.record} is a ${known.type}`);
  const allowed =
    fold.mayWrite(chain.replica, op.record, op.type, op.field) || (founding && rule.right === 'administrators');
  return allowed ? null : fail('not-allowed', `${chain.replica} may not write ${name} of ${op.record}`);
}

/**
 * The heads of a field as they are now, suggestions and unreadable versions aside: for services that act without a
 * screen. Where a person acts, pass what was on the person's screen.
 */
export function overHeads(fold: Fold, record: RecordId, field: string): VersionId[] {
  return (fold.field(record, field)?.heads ?? []).map((head) => head.id);
}

/** All heads of all fields of a record as they are now: what a removal names when nothing is on a screen. */
export function removalOver(fold: Fold, record: RecordId): VersionId[] {
  return [...(fold.record(record)?.fields.values() ?? [])].flatMap((field) => field.heads.map((head) => head.id));
}
