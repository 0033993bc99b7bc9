import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base32, type ChangeHash, type CircleId, type Json, type RecordId, type ReplicaId } from '../ids.ts';
import { canonical, hashText } from '../records/canonical.ts';
import { createChange, withoutValue, type StoredChange } from '../records/change.ts';
import { decodeManifest, decodeReceipt, encodeManifest, encodeReceipt, type LiveSegment } from './manifest.ts';
import type { ObjectHeader } from './object-format.ts';
import { decodeSegment, encodeSegment } from './segment-codec.ts';

const numRuns = Number(process.env['NUM_RUNS'] ?? 60);
const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
const id = (): string => base32(random(17)).slice(0, 26);
const circle = id() as CircleId;
const replica = id() as ReplicaId;
const encoder = new TextEncoder();
const header = (from: number, to: number): ObjectHeader => {
  return { kind: 'segment', circle, epoch: 1, replica, publicKey: new Uint8Array(32), origin: replica, from, to };
};

/** A chain of changes with these values, from number 1. */
function chainOf(values: readonly Json[]): { stored: StoredChange; hash: ChangeHash }[] {
  let prev: ChangeHash | null = null;
  return values.map((value, index) => {
    const op = { record: `${replica}.abcdefghij` as RecordId, type: 'draft', field: 'title', over: [], value };
    const made = createChange(
      { circle, replica, seq: index + 1, prev, at: 1_790_000_000_000 + index, ops: [op, { ...op, field: 'x' }] },
      random,
    );
    prev = made.hash;
    return { stored: made.stored, hash: made.hash };
  });
}
const stored = (chain: readonly { stored: StoredChange }[]): StoredChange[] => chain.map((each) => each.stored);
/** A segment's body, opened for tampering. */
interface Raw {
  tip: string;
  prev: string | null;
  changes: { v: unknown }[];
}
const bodyWith = (body: Uint8Array, change: (raw: Raw) => void): Uint8Array => {
  const raw = JSON.parse(new TextDecoder().decode(body)) as Raw;
  change(raw);
  return encoder.encode(JSON.stringify(raw));
};

describe('segments', () => {
  it('[SY20] [SY22] give back every change as it was', () => {
    const json = fc.jsonValue({ maxDepth: 3 }).filter((value) => {
      try {
        canonical(value);
        return true;
      } catch {
        return false;
      }
    });
    fc.assert(
      fc.property(fc.array(json, { minLength: 1, maxLength: 6 }), fc.nat(5), (values, skip) => {
        const chain = chainOf(values as Json[]);
        const from = Math.min(skip, chain.length - 1);
        const part = chain.slice(from);
        const decoded = decodeSegment(encodeSegment(stored(part)), header(from + 1, chain.length));
        expect(decoded.ok).toBe(true);
        if (!decoded.ok) return;
        expect(decoded.changes.map((each) => each.hash)).toEqual(part.map((each) => each.hash));
        expect(decoded.changes.map((each) => canonical(each.stored))).toEqual(
          part.map((each) => canonical(each.stored)),
        );
      }),
      { numRuns },
    );
  });

  it('[SY21] [SY22] keep erased values erased, unknown keys, and changes of a newer format', () => {
    const [first] = chainOf(['secret']);
    const erased = withoutValue(first!.stored, 0);
    const odd = {
      ...first!.stored,
      beside: [1],
      skeleton: { ...first!.stored.skeleton, mood: 'x' },
    } as unknown as StoredChange;
    const { ops: _ops, ...rest } = first!.stored.skeleton;
    const newer = { skeleton: { ...rest, v: 2, deeds: [{ value: 1 }] }, values: 'else' } as unknown as StoredChange;
    const kind = {
      ...first!.stored,
      skeleton: { ...first!.stored.skeleton, ops: first!.stored.skeleton.ops.map((op) => ({ ...op, kind: 'later' })) },
    } as unknown as StoredChange;
    for (const change of [erased, odd, newer, kind]) {
      const decoded = decodeSegment(encodeSegment([change]), header(1, 1));
      expect(decoded.ok && canonical(decoded.changes[0]!.stored)).toBe(canonical(change));
    }
  });

  it('[SY21] leave out what can be worked out', () => {
    const [, second] = chainOf(['one', 'two']);
    const body = new TextDecoder().decode(encodeSegment([second!.stored]));
    expect(body).not.toContain(circle);
    expect(body).not.toContain(second!.stored.skeleton.ops[0]!.value);
    expect(body.split(second!.stored.skeleton.prev!)).toHaveLength(2);
  });

  it('[SY23] [SY24] take no change that does not belong where it stands', () => {
    const chain = chainOf(['one', 'two', 'three']);
    const body = encodeSegment(stored(chain));
    const swap = (raw: Raw): void => void raw.changes.reverse();
    const cases: [string, Uint8Array, ObjectHeader][] = [
      ['fewer than it says', body, header(1, 4)],
      ['other numbers', body, header(2, 4)],
      ['another replica', body, { ...header(1, 3), replica: id() as ReplicaId }],
      ['another circle', body, { ...header(1, 3), circle: id() as CircleId }],
      ['another kind', body, { ...header(1, 3), kind: 'head' }],
      ['another order', bodyWith(body, swap), header(1, 3)],
      ['another tip', bodyWith(body, (raw) => void (raw.tip = hashText('x'))), header(1, 3)],
      ['another beginning', bodyWith(body, (raw) => void (raw.prev = hashText('x'))), header(1, 3)],
      ['no JSON', encoder.encode('{'), header(1, 1)],
      ['no changes', encoder.encode('[]'), header(1, 1)],
      [
        'a number that is not canonical',
        bodyWith(body, (raw) => void (raw.changes[0]!.v = [{ salt: 'a'.repeat(16), value: 0.5 }])),
        header(1, 3),
      ],
    ];
    for (const [what, bytes, head] of cases) {
      expect(decodeSegment(bytes, head), what).toMatchObject({ ok: false, problem: { code: 'bad-content' } });
    }
  });

  it('[SY20] are made of one unbroken chain only', () => {
    const chain = stored(chainOf(['one', 'two', 'three']));
    expect(() => encodeSegment([chain[0]!, chain[2]!])).toThrow(RangeError);
    expect(() => encodeSegment([])).toThrow(RangeError);
  });
});

describe('heads and receipts', () => {
  const tip = hashText('tip') as ChangeHash;
  const head = (to: number): ObjectHeader => ({ ...header(1, to), kind: 'head' });

  it('[SY25] [SY26] name the tip and every live segment', () => {
    const segments: LiveSegment[] = [
      { from: 1, to: 64, hash: 'a'.repeat(26), sizeBytes: 12_345 },
      { from: 65, to: 65, hash: 'b'.repeat(26), sizeBytes: 600 },
    ];
    const decoded = decodeManifest(encodeManifest({ tip, segments }), head(65));
    expect(decoded).toEqual({ ok: true, manifest: { tip, segments } });
    expect(decodeManifest(encodeManifest({ tip, segments }), head(66)).ok).toBe(false);
  });

  it('[SY25] that are not well formed are refused', () => {
    for (const raw of [
      '',
      '[]',
      '{"tip":"x","segments":[]}',
      `{"tip":"${tip}","segments":[[0,"${'a'.repeat(26)}",1]]}`,
      `{"tip":"${tip}","segments":[[1,"../..",1]]}`,
      `{"tip":"${tip}","segments":[null]}`,
    ]) {
      expect(decodeManifest(encoder.encode(raw), head(1))).toMatchObject({
        ok: false,
        problem: { code: 'bad-content' },
      });
    }
  });

  it('[SY29] a receipt says which ends of chains are held', () => {
    const receipt = { tips: [tip], erased: [] };
    const about: ObjectHeader = { ...header(4, 4), kind: 'receipt' };
    expect(decodeReceipt(encodeReceipt(receipt), about)).toEqual({ ok: true, receipt });
    expect(decodeReceipt(encoder.encode('{"tips":["x"]}'), about).ok).toBe(false);
  });
});
