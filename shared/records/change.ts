/**
 * The change format: what one user action looks like in the log, in a segment and on any channel. A change is a
 * skeleton, which its hash covers, and the values beside it, of which the skeleton holds only salted hashes; so a value
 * can be erased later without breaking the chain. Rules RC4 to RC12 of SPEC.md.
 *
 * Nothing here knows what a record type means: see record-types.ts for that and fold.ts for what changes add up to.
 */
import type { ChangeHash, CircleId, Json, RecordId, ReplicaId, VersionId } from '../ids.ts';
import { base32 } from '../ids.ts';
import { canonical, hashJson, hashText, NotCanonicalError } from './canonical.ts';

export const changeFormat = 1;

/** One op as the log keeps it: `value` is the salted hash of the value, which stands in `values` at the same index. */
export interface StoredOp {
  readonly record: RecordId;
  readonly type: string;
  readonly field: string;
  readonly over: readonly VersionId[];
  readonly value: string;
}

export interface Skeleton {
  readonly v: number;
  readonly circle: CircleId;
  readonly replica: ReplicaId;
  readonly seq: number;
  readonly prev: ChangeHash | null;
  readonly at: number;
  readonly ops: readonly StoredOp[];
}

/** A value with the salt its hash was made with; null once the value is erased. */
export type StoredValue = { readonly salt: string; readonly value: Json } | null;

/** A change as it is kept and sent. Keys unknown to this program are kept wherever they stand. */
export interface StoredChange {
  readonly skeleton: Skeleton;
  readonly values: readonly StoredValue[];
}

/** One op, opened: `id` names the version it makes. `value` is undefined when erased. */
export interface Op {
  readonly id: VersionId;
  readonly index: number;
  readonly record: RecordId;
  readonly type: string;
  readonly field: string;
  readonly over: readonly VersionId[];
  readonly value: Json | undefined;
  readonly erased: boolean;
}

/** A change, verified and opened. */
export interface Change {
  readonly hash: ChangeHash;
  readonly circle: CircleId;
  readonly replica: ReplicaId;
  /** Place in the replica's chain, from 1. */
  readonly seq: number;
  /** The replica's change before it; null for the first. */
  readonly prev: ChangeHash | null;
  /** Milliseconds since 1970 by the author's clock: for display only. Null in a newer format that has none. */
  readonly at: number | null;
  /** A change of a newer format: kept and relayed, its ops are not read. */
  readonly opaque: boolean;
  /** The ops this program can read. */
  readonly ops: readonly Op[];
  /** How many ops of a newer kind the change holds beside `ops`. */
  readonly opaqueOps: number;
}

export type ChangeErrorCode =
  /** Not a change at all, or a part of it has the wrong shape. */
  | 'malformed'
  /** A number, string or nesting without canonical form. */
  | 'not-canonical'
  /** A value does not match the salted hash in the skeleton. */
  | 'wrong-value'
  /** The skeleton does not have the hash it was announced under. */
  | 'wrong-hash';

export interface ChangeError {
  readonly code: ChangeErrorCode;
  /** Where, e.g. `skeleton.ops[1].over`. */
  readonly path: string;
  readonly message: string;
}

export type OpenedChange =
  { readonly ok: true; readonly change: Change } | { readonly ok: false; readonly error: ChangeError };

const replicaPattern = /^[a-z2-7]{26}$/;
const recordPattern = /^[a-z2-7]{26}\.[a-z2-7]{10}$/;
const hashPattern = /^[a-z2-7]{52}$/;
const versionPattern = /^[a-z2-7]{52}\.(0|[1-9][0-9]{0,5})$/;
const saltPattern = /^[a-z2-7]{13,26}$/;
const saltLengthBytes = 10;
const longestName = 200;

export function isReplicaId(value: unknown): value is ReplicaId {
  return typeof value === 'string' && replicaPattern.test(value);
}
export function isCircleId(value: unknown): value is CircleId {
  return typeof value === 'string' && replicaPattern.test(value);
}
export function isRecordId(value: unknown): value is RecordId {
  return typeof value === 'string' && recordPattern.test(value);
}
export function isChangeHash(value: unknown): value is ChangeHash {
  return typeof value === 'string' && hashPattern.test(value);
}
export function isVersionId(value: unknown): value is VersionId {
  return typeof value === 'string' && versionPattern.test(value);
}

/** The version that op `index` of change `hash` makes. */
export function versionIdOf(hash: ChangeHash, index: number): VersionId {
  return `${hash}.${index}` as VersionId;
}

/** The change that made `version`, and which of its ops. */
export function changeOf(version: VersionId): { readonly hash: ChangeHash; readonly index: number } {
  const dot = version.indexOf('.');
  return { hash: version.slice(0, dot) as ChangeHash, index: Number(version.slice(dot + 1)) };
}

/** The id of the circle whose root record is `root`: whoever made that record is the founder, and nobody else can be. */
export function circleIdOf(root: RecordId): CircleId {
  return hashText(`circle:${root}`).slice(0, 26) as CircleId;
}

/** The salted hash of a value: SHA-256 over the canonical JSON of `[salt, value]`. */
export function saltedHash(salt: string, value: Json): string {
  return hashJson([salt, value]);
}

/** What a caller wants a change to say; `value: null` clears the field. */
export interface ChangeDraft {
  readonly circle: CircleId;
  readonly replica: ReplicaId;
  readonly seq: number;
  readonly prev: ChangeHash | null;
  readonly at: number;
  readonly ops: readonly {
    readonly record: RecordId;
    readonly type: string;
    readonly field: string;
    readonly over: readonly VersionId[];
    readonly value: Json;
  }[];
}

/**
 * Makes a change; `random` yields that many random bytes (for the salts, without which a short value such as `support`
 * could be guessed from its hash after it is erased). Throws Error when the draft is not a well-formed change.
 */
export function createChange(
  draft: ChangeDraft,
  random: (lengthBytes: number) => Uint8Array,
): { readonly hash: ChangeHash; readonly stored: StoredChange; readonly change: Change } {
  const values = draft.ops.map((op) => ({ salt: base32(random(saltLengthBytes)), value: op.value }));
  const skeleton: Skeleton = {
    v: changeFormat,
    circle: draft.circle,
    replica: draft.replica,
    seq: draft.seq,
    prev: draft.prev,
    at: draft.at,
    ops: draft.ops.map((op, index) => ({
      record: op.record,
      type: op.type,
      field: op.field,
      over: [...op.over],
      value: saltedHash(values[index]!.salt, op.value),
    })),
  };
  const stored: StoredChange = { skeleton, values };
  const opened = openChange(stored);
  if (!opened.ok) throw new Error(`not a change: ${opened.error.path}: ${opened.error.message}`);
  return { hash: opened.change.hash, stored, change: opened.change };
}

/** The change without the value of op `index`: what remains when it is erased. Throws RangeError at no such op. */
export function withoutValue(stored: StoredChange, index: number): StoredChange {
  if (stored.values[index] === undefined) throw new RangeError(`the change has no op ${index}`);
  return { ...stored, values: stored.values.map((value, at) => (at === index ? null : value)) };
}

class Malformed extends Error {
  readonly detail: ChangeError;
  constructor(code: ChangeErrorCode, path: string, message: string) {
    super(message);
    this.detail = { code, path, message };
  }
}

function need(condition: boolean, path: string, message: string): asserts condition {
  if (!condition) throw new Malformed('malformed', path, message);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Verifies the shape of a stored change and every value against its salted hash, and opens it. `expectedHash` is the
 * hash it was announced under, when there is one. A change of a newer format opens as opaque. Never throws.
 */
export function openChange(stored: unknown, expectedHash?: ChangeHash): OpenedChange {
  return opening(() => open(stored, expectedHash, false));
}

/**
 * Opens a change that this program verified before it kept it, together with its hash, under a checksum: shapes are
 * checked, hashes are not computed again, which is most of the time it takes to open a long log. Never for what comes
 * from outside. Never throws.
 */
export function reopenChange(stored: unknown, hash: ChangeHash): OpenedChange {
  return opening(() => open(stored, hash, true));
}

function opening(act: () => Change): OpenedChange {
  try {
    return { ok: true, change: act() };
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, error: error.detail };
    if (error instanceof NotCanonicalError) {
      return { ok: false, error: { code: 'not-canonical', path: error.path, message: error.message } };
    }
    throw error;
  }
}

function open(stored: unknown, expectedHash: ChangeHash | undefined, verified: boolean): Change {
  need(isObject(stored), '', 'a change is an object');
  const { skeleton, values } = stored;
  need(isObject(skeleton), 'skeleton', 'a skeleton is an object');
  const { v, circle, replica, seq, prev, at, ops } = skeleton;
  need(Number.isSafeInteger(v) && (v as number) >= 1, 'skeleton.v', 'the format is a whole number from 1');
  need(isCircleId(circle), 'skeleton.circle', 'not a circle id');
  need(isReplicaId(replica), 'skeleton.replica', 'not a replica id');
  need(Number.isSafeInteger(seq) && (seq as number) >= 1, 'skeleton.seq', 'seq counts from 1');
  need(prev === null || isChangeHash(prev), 'skeleton.prev', 'not a change hash');
  need((prev === null) === (seq === 1), 'skeleton.prev', 'the first change, and only it, has no change before it');
  const known = verified ? expectedHash : undefined;
  const hash = known ?? (hashText(canonical(skeleton)) as ChangeHash);
  if (expectedHash !== undefined && hash !== expectedHash) {
    throw new Malformed('wrong-hash', 'skeleton', `the skeleton hashes to ${hash}, not to ${expectedHash}`);
  }
  const chain = { hash, circle, replica, seq: seq as number, prev };
  const time = Number.isSafeInteger(at) && (at as number) >= 0 ? (at as number) : null;
  if (v !== changeFormat) return { ...chain, at: time, opaque: true, ops: [], opaqueOps: 0 };
  need(time !== null, 'skeleton.at', 'the time is in whole milliseconds since 1970');
  need(Array.isArray(ops) && ops.length > 0, 'skeleton.ops', 'a change has at least one op');
  need(Array.isArray(values), 'values', 'values is a list');
  need(values.length === ops.length, 'values', 'there is one value per op');
  const opened: Op[] = [];
  for (let index = 0; index < ops.length; index += 1) {
    const op = openOp(ops[index], values[index], { index, hash, verified });
    if (op !== null) opened.push(op);
  }
  return { ...chain, at: time, opaque: false, ops: opened, opaqueOps: ops.length - opened.length };
}

/** Null for an op of a newer kind (it has the key `kind`): its value is verified, the rest is not read. */
function openOp(
  op: unknown,
  stored: unknown,
  { index, hash, verified }: { readonly index: number; readonly hash: ChangeHash; readonly verified: boolean },
): Op | null {
  const path = `skeleton.ops[${index}]`;
  need(isObject(op), path, 'an op is an object');
  need(isChangeHash(op['value']), `${path}.value`, 'not a salted hash');
  const value = openValue(stored, op['value'], index, verified);
  if ('kind' in op) return null;
  const { record, type, field, over } = op;
  need(isRecordId(record), `${path}.record`, 'not a record id');
  need(isName(type), `${path}.type`, 'not the name of a record type');
  need(isName(field), `${path}.field`, 'not the name of a field');
  need(Array.isArray(over) && over.every(isVersionId), `${path}.over`, 'over is a list of version ids');
  need(new Set(over).size === over.length, `${path}.over`, 'over names a version twice');
  return { id: versionIdOf(hash, index), index, record, type, field, over, value, erased: value === undefined };
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= longestName;
}

/** The value, or undefined when it is erased. */
function openValue(stored: unknown, expected: ChangeHash, index: number, verified: boolean): Json | undefined {
  const path = `values[${index}]`;
  if (stored === null) return undefined;
  need(isObject(stored), path, 'a value is an object with its salt, or null when erased');
  const { salt, value } = stored;
  need(typeof salt === 'string' && saltPattern.test(salt), `${path}.salt`, 'a salt is 13 to 26 characters of base 32');
  need(value !== undefined, `${path}.value`, 'the value is missing');
  const actual = verified ? expected : hashText(canonical([salt, value]));
  if (actual !== expected) throw new Malformed('wrong-value', path, 'the value does not match its salted hash');
  return value as Json;
}
