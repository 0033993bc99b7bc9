import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base32, type CircleId, type ReplicaId } from '../ids.ts';
import { planParts, type PartItem } from './bundle-parts.ts';
import { bundleOverheadBytes, decodeBundle, encodeBundle, isBundle, type BundleEntry } from './bundle.ts';
import { blobName, headName, receiptName, segmentName } from './object-name.ts';

const numRuns = Number(process.env['NUM_RUNS'] ?? 60);
const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
const id = (): string => base32(new Uint8Array(randomBytes(17))).slice(0, 26);
const circle = id() as CircleId;
const replica = id() as ReplicaId;
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const entries: readonly BundleEntry[] = [
  { name: 'circle', bytes: bytesOf('{}') },
  { name: receiptName(replica, 3), bytes: bytesOf('receipt') },
  { name: headName(replica, 9, id()), bytes: bytesOf('head') },
  { name: segmentName(replica, 1, 9, id()), bytes: new Uint8Array(randomBytes(300)) },
  { name: blobName(id()), bytes: new Uint8Array() },
];
const whole = encodeBundle({ circle, part: 1, parts: 2, entries }, sha256);
function codeOf(bytes: Uint8Array): string {
  const read = decodeBundle(bytes, sha256);
  return read.ok ? 'ok' : read.code;
}

describe('the container', () => {
  it('[SY70] gives back what was put into it, and takes as many bytes as was said before', () => {
    expect(decodeBundle(whole, sha256)).toEqual({ ok: true, content: { circle, part: 1, parts: 2, entries } });
    const bodies = entries.reduce((sum, entry) => sum + entry.bytes.length, 0);
    expect(whole.length).toBe(bodies + bundleOverheadBytes(entries.map((entry) => entry.name)));
    expect(isBundle(whole.subarray(0, 8))).toBe(true);
    expect(isBundle(bytesOf('PK\u0003\u0004word'))).toBe(false);
    expect(isBundle(whole.subarray(0, 5))).toBe(false);
  });

  it('[SY70] takes each object once, and none under another name than its own', () => {
    const of = (...names: string[]) => names.map((name) => ({ name, bytes: new Uint8Array(1) }));
    for (const bad of [of('circle', 'circle'), of('../circle'), of('heads/x'), of('heads/é')]) {
      expect(() => encodeBundle({ circle, part: 1, parts: 1, entries: bad }, sha256)).toThrow(RangeError);
    }
  });

  it('[SY71] tells a file cut short anywhere from a damaged one', () => {
    for (let length = 8; length < whole.length; length += 1) {
      expect(codeOf(whole.subarray(0, length)), `${length}`).toBe('bundle-truncated');
    }
    expect(codeOf(new Uint8Array())).toBe('not-a-bundle');
  });

  it('[SY71] notices every flipped bit, and what follows the end', () => {
    for (let at = 0; at < whole.length; at += 1) {
      for (const bit of [1, 128]) {
        const flipped = whole.slice();
        flipped[at]! ^= bit;
        expect(codeOf(flipped), `${at}`).toBe(at < 8 ? 'not-a-bundle' : 'bundle-damaged');
      }
    }
    expect(codeOf(Uint8Array.from([...whole, 0]))).toBe('bundle-damaged');
  });

  it('[SY71] knows a newer format from its first ten bytes, and other files for what they are not', () => {
    const newer = whole.slice();
    newer[8] = 2;
    newer[9] = 253;
    expect(codeOf(newer)).toBe('bundle-newer-format');
    expect(codeOf(newer.subarray(0, 10))).toBe('bundle-newer-format');
    for (const other of ['%PDF-1.7 and more', 'DWBO', '{"format":1}'])
      expect(codeOf(bytesOf(other))).toBe('not-a-bundle');
  });

  it('[SY71] never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const begun = Uint8Array.from([...whole.subarray(0, 10), ...bytes]);
        expect(codeOf(bytes)).not.toBe('ok');
        expect(codeOf(begun)).not.toBe('ok');
      }),
      { numRuns },
    );
  });
});

describe('parts', () => {
  const always: PartItem[] = [
    { name: 'circle', sizeBytes: 100 },
    { name: receiptName(replica, 1), sizeBytes: 200 },
  ];

  it('[SY74] hold everything once, each with the heads of its chains, and keep to the limit where objects allow', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 8 });
    fc.assert(
      fc.property(
        fc.array(sizes, { maxLength: 5 }),
        sizes,
        fc.integer({ min: 500, max: 9000 }),
        (chainSizes, rest, max) => {
          const chains = chainSizes.map((bodies, chain) => ({
            head: chain === 3 ? null : { name: `head ${chain}`, sizeBytes: 300 },
            bodies: bodies.map((sizeBytes, index) => ({ name: `body ${chain} ${index}`, sizeBytes })),
          }));
          const originals = rest.map((sizeBytes, index) => ({ name: `original ${index}`, sizeBytes }));
          const parts = planParts({ always, chains, originals, maxBytes: max });
          const names = parts.flatMap((part) => part.items.map((item) => item.name));
          for (const { bodies } of chains) {
            for (const { name } of bodies) expect(names.filter((each) => each === name)).toHaveLength(1);
          }
          for (const { name } of originals) expect(names.filter((each) => each === name)).toHaveLength(1);
          for (const [index, { head, bodies }] of chains.entries()) {
            if (head) expect(names).toContain(head.name);
            for (const part of parts) {
              const own = new Set(part.items.map((item) => item.name));
              if (head && bodies.some((body) => own.has(body.name))) expect(own.has(`head ${index}`)).toBe(true);
            }
          }
          for (const part of parts) {
            const own = part.items.map((item) => item.name);
            expect(new Set(own).size).toBe(own.length);
            for (const item of always) expect(own).toContain(item.name);
            const sum = part.items.reduce((total, item) => total + item.sizeBytes, 0);
            expect(part.sizeBytes).toBe(sum + bundleOverheadBytes(own));
            const bodies = part.items.filter((item) => /body|original/.test(item.name));
            if (bodies.length > 1) expect(part.sizeBytes).toBeLessThanOrEqual(max);
          }
          expect(planParts({ always, chains, originals, maxBytes: null })).toHaveLength(1);
        },
      ),
      { numRuns },
    );
  });

  it('[SY74] are one, with the receipt, where nothing is lacking', () => {
    const parts = planParts({ always, chains: [], originals: [], maxBytes: 1 });
    expect(parts.map((part) => part.items)).toEqual([always]);
  });
});
