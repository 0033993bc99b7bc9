/**
 * The body of a segment: changes of one chain, one after the other, without what the reader can work out. Format, circle
 * and replica are in the header, a change's number follows from its place, the hash of the change before it and of every
 * value from the content; together these are most of a small change and do not compress. Leaving them out is lossless:
 * a key is only dropped when it holds exactly what the reader will put there. Rules SY20 to SY24 of SPEC.md.
 */
import type { ChangeHash, CircleId, Json, ReplicaId } from '../ids.ts';
import { NotCanonicalError } from '../records/canonical.ts';
import { changeFormat, isChangeHash, openChange, saltedHash, type StoredChange } from '../records/change.ts';
import { problem, type ObjectHeader, type Result } from './object-format.ts';

type Loose = Record<string, unknown>;

/** One change of a segment, verified. */
export interface SegmentChange {
  readonly hash: ChangeHash;
  readonly seq: number;
  readonly prev: ChangeHash | null;
  readonly stored: StoredChange;
}

export interface SegmentContent {
  readonly changes: readonly SegmentChange[];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** `changes` follow one another in one chain. Throws RangeError when they do not. */
export function encodeSegment(changes: readonly StoredChange[]): Uint8Array {
  const first = changes[0];
  if (!first) throw new RangeError('a segment has at least one change');
  let prev = first.skeleton.prev;
  const packed: Json[] = [];
  for (const [index, change] of changes.entries()) {
    const { skeleton } = change;
    if (skeleton.prev !== prev || skeleton.seq !== first.skeleton.seq + index) {
      throw new RangeError(`change ${skeleton.seq} does not follow the one before it`);
    }
    const opened = openChange(change);
    if (!opened.ok) throw new RangeError(`not a change: ${opened.error.path}: ${opened.error.message}`);
    packed.push(packChange(change) as Json);
    prev = opened.change.hash;
  }
  return encoder.encode(JSON.stringify({ tip: prev, prev: first.skeleton.prev, changes: packed }));
}

function packChange({ skeleton, values, ...beside }: StoredChange): Loose {
  const { circle: _circle, replica: _replica, seq: _seq, prev: _prev, ...rest } = skeleton as unknown as Loose;
  if (rest['v'] === changeFormat) {
    delete rest['v'];
    rest['ops'] = skeleton.ops.map((op, index) => {
      const kept = values[index];
      // An erased value cannot be hashed again, so its hash stays.
      if (!kept) return op;
      const { value: _value, ...others } = op;
      return others;
    });
  }
  return { ...beside, s: rest, v: values };
}

/**
 * Opens the body of a segment against its verified header: every change well formed, of the header's circle and replica,
 * numbered and chained without a break, ending in the tip the body names. What stood before the first change is the
 * caller's to check.
 */
export function decodeSegment(body: Uint8Array, header: ObjectHeader): Result<SegmentContent> {
  const replica = header.replica;
  if (header.kind !== 'segment' || replica === null) return problem('bad-content', 'The object is not a segment.');
  let raw: unknown;
  try {
    raw = JSON.parse(decoder.decode(body));
  } catch {
    return problem('bad-content', 'The segment does not hold JSON.');
  }
  if (!isLoose(raw) || !Array.isArray(raw['changes'])) return problem('bad-content', 'The segment holds no changes.');
  if (raw['changes'].length !== header.to - header.from + 1) {
    return problem(
      'bad-content',
      `The segment holds ${raw['changes'].length} changes for ${header.from} to ${header.to}.`,
    );
  }
  let prev = raw['prev'];
  if (prev !== null && !isChangeHash(prev)) return problem('bad-content', 'The segment does not say what it follows.');
  const changes: SegmentChange[] = [];
  for (const [index, packed] of raw['changes'].entries()) {
    const seq = header.from + index;
    const stored = unpackChange(packed, { circle: header.circle, replica, seq, prev: prev as ChangeHash | null });
    const opened = stored === null ? null : openChange(stored);
    if (stored === null || !opened?.ok) {
      const why = opened && !opened.ok ? `${opened.error.path}: ${opened.error.message}` : 'not a change';
      return problem('bad-content', `Change ${seq} of the segment is not well formed (${why}).`);
    }
    const { change } = opened;
    if (change.circle !== header.circle || change.replica !== replica || change.seq !== seq || change.prev !== prev) {
      return problem('bad-content', `Change ${seq} of the segment does not belong where it stands.`);
    }
    changes.push({ hash: change.hash, seq, prev: change.prev, stored });
    prev = change.hash;
  }
  if (raw['tip'] !== prev) return problem('bad-content', 'The chain of the segment does not end in the tip it names.');
  return { ok: true, changes };
}

interface Place {
  readonly circle: CircleId;
  readonly replica: ReplicaId;
  readonly seq: number;
  readonly prev: ChangeHash | null;
}

function unpackChange(packed: unknown, place: Place): StoredChange | null {
  if (!isLoose(packed) || !isLoose(packed['s'])) return null;
  const { s: rest, v: values, ...beside } = packed;
  const skeleton: Loose = { v: changeFormat, ...rest, ...place };
  if (skeleton['v'] === changeFormat) {
    if (!Array.isArray(skeleton['ops']) || !Array.isArray(values)) return null;
    try {
      skeleton['ops'] = skeleton['ops'].map((op: unknown, index) => withHash(op, (values as unknown[])[index]));
    } catch (error) {
      if (error instanceof NotCanonicalError) return null;
      throw error;
    }
  }
  return { ...beside, skeleton, values } as unknown as StoredChange;
}

function withHash(op: unknown, kept: unknown): unknown {
  if (!isLoose(op) || 'value' in op || !isLoose(kept) || typeof kept['salt'] !== 'string') return op;
  return { ...op, value: saltedHash(kept['salt'], kept['value'] as Json) };
}

function isLoose(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
