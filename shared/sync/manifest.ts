/**
 * The bodies of heads and receipts. A head is what a replica says of itself: its last change and the segments that hold
 * its changes. A receipt is what it says of everybody: the ends of all chains it holds. Rules SY25 to SY29 of SPEC.md.
 */
import type { ChangeHash, ReplicaId } from '../ids.ts';
import { isChangeHash } from '../records/change.ts';
import { nameHashLength, segmentName } from './object-name.ts';
import { problem, type ObjectHeader, type Result } from './object-format.ts';

/** A segment that counts: changes `from` to `to` of one chain. */
export interface LiveSegment {
  readonly from: number;
  readonly to: number;
  readonly hash: string;
  readonly sizeBytes: number;
  /** The epoch it is sealed in; the first where none is given. Segments of different epochs never merge. */
  readonly epoch?: number;
}

export interface Manifest {
  readonly tip: ChangeHash;
  /** In order, without a gap or an overlap, the first from 1, the last to the tip. */
  readonly segments: readonly LiveSegment[];
}

export interface Receipt {
  /** The ends of all chains held, sorted. */
  readonly tips: readonly ChangeHash[];
  /** Records of erasures that this replica has carried out, here and in its own objects. */
  readonly erased: readonly string[];
  /** When it was written, in milliseconds since 1970 by the replica's clock: for display. */
  readonly at?: number;
  /** SHA-256 (hexadecimal) of originals that records held name and that are not there themselves. */
  readonly lacks?: readonly string[];
  /** Names of others' objects on this store that were read and are damaged. */
  readonly damaged?: readonly string[];
}

/** More than any receipt of good will names. */
const mostDamaged = 200;

/** The epoch in which a circle begins. */
export const firstEpoch = 1;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const hashPattern = new RegExp(`^[a-z2-7]{${nameHashLength}}$`);

export function nameOfSegment(replica: ReplicaId, segment: LiveSegment): string {
  return segmentName(replica, segment.from, segment.to, segment.hash);
}

/** `[changes, hash, size, epoch]` for each segment, the first epoch left out: where it begins follows from the one before. */
export function encodeManifest({ tip, segments }: Manifest): Uint8Array {
  const rows = segments.map(({ from, to, hash, sizeBytes, epoch = firstEpoch }) => {
    return [to - from + 1, hash, sizeBytes, ...(epoch === firstEpoch ? [] : [epoch])];
  });
  return encoder.encode(JSON.stringify({ tip, segments: rows }));
}

export function decodeManifest(body: Uint8Array, header: ObjectHeader): Result<{ readonly manifest: Manifest }> {
  const raw = parse(body);
  const tip = raw?.['tip'];
  const rows = raw?.['segments'];
  if (header.kind !== 'head' || !isChangeHash(tip) || !Array.isArray(rows)) {
    return problem('bad-content', 'The head names no tip or no segments.');
  }
  const segments: LiveSegment[] = [];
  let next = 1;
  for (const row of rows as unknown[]) {
    const [count, hash, sizeBytes, epoch = firstEpoch] = Array.isArray(row) ? (row as unknown[]) : [];
    if (
      !isCount(count) ||
      !isCount(sizeBytes) ||
      typeof hash !== 'string' ||
      !hashPattern.test(hash) ||
      !isCount(epoch)
    ) {
      return problem('bad-content', 'The head names a segment that is not well formed.');
    }
    const sealedIn = epoch === firstEpoch ? {} : { epoch };
    segments.push({ from: next, to: next + count - 1, hash, sizeBytes, ...sealedIn });
    next += count;
  }
  if (next - 1 !== header.to) return problem('bad-content', 'The segments of the head do not reach to its tip.');
  return { ok: true, manifest: { tip, segments } };
}

export function encodeReceipt(receipt: Receipt): Uint8Array {
  const { tips, erased, at, lacks = [], damaged = [] } = receipt;
  const more = { ...(lacks.length > 0 ? { lacks } : {}), ...(damaged.length > 0 ? { damaged } : {}) };
  return encoder.encode(JSON.stringify({ tips, erased, at, ...more }));
}

export function decodeReceipt(body: Uint8Array, header: ObjectHeader): Result<{ readonly receipt: Receipt }> {
  const raw = parse(body);
  const tips = raw?.['tips'];
  const erased = raw?.['erased'] ?? [];
  if (header.kind !== 'receipt' || !Array.isArray(tips) || !tips.every(isChangeHash) || !Array.isArray(erased)) {
    return problem('bad-content', 'The receipt names no tips.');
  }
  const at = raw?.['at'];
  const lacks = raw?.['lacks'];
  const damaged = raw?.['damaged'];
  const isText = (each: unknown): each is string => typeof each === 'string';
  return {
    ok: true,
    receipt: {
      tips,
      erased: erased.filter(isText),
      ...(typeof at === 'number' && Number.isFinite(at) ? { at } : {}),
      ...(Array.isArray(lacks) ? { lacks: lacks.filter(isText) } : {}),
      ...(Array.isArray(damaged) ? { damaged: damaged.filter(isText).slice(0, mostDamaged) } : {}),
    },
  };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

function parse(body: Uint8Array): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(decoder.decode(body));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    // Not UTF-8 or not JSON: the caller reports what kind of object it was.
    return null;
  }
}
