import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { newReplicaKeys } from '../../electron/services/circles/replica-keys.ts';
import { compression, createSealingCrypto } from '../../electron/services/exchange/sealing.ts';
import { base32, type CircleId } from '../ids.ts';
import { blobNameFor, openObject, sealBlob, sealObject, type Engine, type SealedKind } from './object-format.ts';
import { nameHash, parseObjectName, segmentName } from './object-name.ts';
import { bucketPadding, packPayload, unpackPayload } from './payload.ts';
import type { Signer } from './sealing-crypto.ts';

const numRuns = Number(process.env['NUM_RUNS'] ?? 60);
const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
const circleId = (): CircleId => base32(random(17)).slice(0, 26) as CircleId;
const text = (content: string): Uint8Array => new TextEncoder().encode(content);
function newSigner(): Signer {
  const { replica, signing } = newReplicaKeys(random);
  return { replica, publicKey: signing.publicKey, seed: signing.privateKey };
}

let engine: Engine;
beforeAll(async () => {
  engine = { crypto: await createSealingCrypto(), compression };
});

const circle = circleId();
const key = random(32);
const signer = newSigner();
const opener = (more: Partial<Parameters<typeof openObject>[2]> = {}) => ({
  ...engine,
  circle,
  keyOf: (epoch: number) => (epoch === 1 ? key : undefined),
  ...more,
});
const segment = (body = text('{"changes":[]}'), more = {}) =>
  sealObject({ kind: 'segment', circle, epoch: 1, key, signer, from: 3, to: 9, body, ...more }, engine);
function codeOf(bytes: Uint8Array, name: string, more = {}): string {
  const opened = openObject(bytes, name, opener(more));
  return opened.ok ? 'ok' : opened.problem.code;
}
function flipped(bytes: Uint8Array, at: number, bit = 1): Uint8Array {
  const copy = bytes.slice();
  copy[at]! ^= bit;
  return copy;
}
/** The name that altered bytes would have, had a forger named them anew. */
const renamed = (bytes: Uint8Array): string => segmentName(signer.replica, 3, 9, nameHash(engine.crypto.sha256(bytes)));

describe('object names', () => {
  it('[SY1] [SY2] are exactly those of the format', () => {
    const r = 'a'.repeat(26);
    for (const good of ['circle', `heads/${r}-1-${r}`, `segments/${r}-1-20-${r}`, `receipts/${r}-3`, `blobs/${r}`]) {
      expect(parseObjectName(good)?.name).toBe(good);
      if (good !== 'circle') expect(good).toMatch(/^[a-z]+\/[a-z0-9-]+$/);
    }
    const bad = [
      'Circle',
      `heads/${r}-01-${r}`,
      `heads/${r}-0-${r}`,
      `segments/${r}-5-4-${r}`,
      `receipts/${r}`,
      `blobs/${r}a`,
    ];
    for (const name of [...bad, `heads/${r}-1-${r} (1)`, `blobs/${r}~`, `heads/../${r}`, '']) {
      expect(parseObjectName(name)).toBeNull();
    }
  });
});

describe('envelope', () => {
  it('[SY14] hides how long a short edit is', () => {
    const sizes = new Set<number>();
    for (let words = 1; words <= 40; words += 1) {
      sizes.add(bucketPadding(150 + 6 * words) + 150 + 6 * words);
    }
    // Forty lengths, five sizes.
    expect([...sizes].sort((a, b) => a - b)).toEqual([192, 256, 320, 384, 448]);
    for (const length of [1, 63, 64, 65, 2047, 2048, 5000, 70_000, 1_000_000]) {
      expect(bucketPadding(length) / Math.max(length, 2048)).toBeLessThan(0.04);
    }
  });

  it('[SY6] [SY7] [SY8] seals and opens every kind, with less than 200 bytes beside the payload', () => {
    for (const kind of ['head', 'segment', 'receipt'] as const) {
      const sealed = sealObject({ kind, circle, epoch: 1, key, signer, from: 1, to: 2 ** 40, body: text('x') }, engine);
      const opened = openObject(sealed.bytes, sealed.name, opener());
      expect(opened).toMatchObject({ ok: true, name: sealed.name });
      if (!opened.ok) return;
      expect(opened.header).toMatchObject({ kind, circle, epoch: 1, replica: signer.replica, to: 2 ** 40 });
      expect(opened.body).toEqual(text('x'));
      // Changes are filled up to 64 bytes.
      expect(sealed.bytes.length).toBeLessThan(200 + 64);
    }
  });

  it('[SY4] [SY6] [SY10] makes one object of one original, under a name that needs the key', () => {
    const content = text('Agenda '.repeat(500));
    const one = sealBlob({ circle, epoch: 1, key, content }, engine);
    expect(sealBlob({ circle, epoch: 1, key, content }, engine)).toEqual(one);
    expect(one.name).toBe(blobNameFor(engine.crypto.sha256(content), key));
    expect(blobNameFor(engine.crypto.sha256(content), random(32))).not.toBe(one.name);
    expect(openObject(one.bytes, one.name, opener())).toMatchObject({ ok: true, name: one.name });
    expect(codeOf(one.bytes, `blobs/${'a'.repeat(26)}`)).toBe('forged');
  });

  it('[SY3] [SY11] names every flipped bit altered, and every shortened file truncated', () => {
    const { name, bytes } = segment(text('a body that is long enough to be worth the name'));
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        expect(codeOf(flipped(bytes, bit >> 3, 1 << (bit & 7)), name)).toBe('altered');
      }),
      { numRuns: numRuns * 4 },
    );
    for (let length = 0; length < bytes.length; length += 1)
      expect(codeOf(bytes.slice(0, length), name)).toBe('truncated');
    expect(codeOf(Uint8Array.from([...bytes, 0]), name)).toBe('altered');
  });

  it('[SY11] finds a flipped bit and a cut in receipts and blobs, which have no hash of their bytes in the name', () => {
    const receipt = sealObject(
      { kind: 'receipt', circle, epoch: 1, key, signer, from: 1, to: 1, body: text('x') },
      engine,
    );
    const blob = sealBlob({ circle, epoch: 1, key, content: text('original') }, engine);
    for (const { name, bytes } of [receipt, blob]) {
      for (let at = 0; at < bytes.length; at += 1) {
        expect(['altered', 'not-an-object', 'newer-format']).toContain(codeOf(flipped(bytes, at), name));
        expect(codeOf(bytes.slice(0, at), name)).toBe('truncated');
      }
    }
  });

  it('[SY8] [SY11] names a forgery, however well it is named', () => {
    const { name, bytes } = segment();
    // Any byte of ciphertext or signature changed, and the object renamed to fit.
    for (const at of [110, bytes.length - 1]) {
      const forged = flipped(bytes, at);
      expect(codeOf(forged, renamed(forged))).toBe('forged');
    }
    // A member signs with a key of its own and claims another's name.
    const other = segment(undefined, { signer: newSigner() });
    expect(codeOf(other.bytes, renamed(other.bytes))).toBe('forged');
    // An object moved under another range.
    expect(codeOf(bytes, name.replace('-3-9-', '-4-9-'))).toBe('forged');
  });

  it('[SY11] tells another circle, a missing key, a wrong key and a newer format apart', () => {
    const { name, bytes } = segment();
    expect(codeOf(bytes, name, { circle: circleId() })).toBe('other-circle');
    expect(codeOf(bytes, name, { keyOf: () => undefined })).toBe('key-missing');
    expect(codeOf(bytes, name, { keyOf: () => random(32) })).toBe('wrong-key');
    const newer = bytes.slice();
    newer[4] = 2;
    expect(codeOf(newer, renamed(newer))).toBe('newer-format');
    expect(codeOf(newer, name)).toBe('altered');
    const page = text('<!doctype html><title>Log in to the hotel</title>');
    expect(codeOf(page, renamed(page))).toBe('not-an-object');
  });

  it('[SY5] says what a stray is by its bytes alone', () => {
    const { name, bytes } = segment();
    for (const stray of [`${name} (conflicted copy)`, 'segments/x (1).tmp', `${name}~`]) {
      expect(openObject(bytes, stray, opener())).toMatchObject({ ok: true, name });
    }
    expect(codeOf(flipped(bytes, 120), `${name} (1)`)).toBe('altered');
  });

  it('[SY10] is bound to its header: no part of one can be put into another', () => {
    const one = segment(text('one'), { to: 10 });
    const two = segment(text('two'));
    const mixed = Uint8Array.from([...one.bytes.slice(0, 79), ...two.bytes.slice(79)]);
    expect(codeOf(mixed, renamed(mixed).replace('-3-9-', '-3-10-'))).toBe('forged');
  });

  it('[SY9] seals under keys of use, never under the circle key itself', () => {
    const seen: Uint8Array[] = [];
    const crypto = {
      ...engine.crypto,
      seal: (...args: Parameters<typeof engine.crypto.seal>) => (seen.push(args[3]), engine.crypto.seal(...args)),
    };
    sealObject(
      { kind: 'head', circle, epoch: 1, key, signer, from: 1, to: 1, body: text('x') },
      { crypto, compression },
    );
    sealBlob({ circle, epoch: 1, key, content: text('x') }, { crypto, compression });
    expect(seen).toHaveLength(2);
    for (const each of seen) expect(each).not.toEqual(key);
  });

  it('[SY14] hides lengths by padding', () => {
    const body = text('short');
    const sizes = [0, 1, 127, 128, 5000].map((paddingBytes) => {
      const { name, bytes } = segment(body, { paddingBytes });
      const opened = openObject(bytes, name, opener());
      expect(opened.ok && opened.body).toEqual(body);
      return bytes.length;
    });
    expect(sizes[4]! - sizes[0]!).toBe(5001);
  });
});

describe('payload', () => {
  it('[SY12] [SY13] gives back any body, in any encoding', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), fc.string(), fc.nat(300), (bytes, replica, padding) => {
        for (const body of [bytes, text(replica.repeat(50)), text(`{"changes":[{"s":{"ops":[]}}]}`)]) {
          const payload = packPayload(body, replica, compression, () => padding);
          expect(Buffer.from(unpackPayload(payload, replica, compression, 1 << 20)!)).toEqual(Buffer.from(body));
        }
      }),
      { numRuns },
    );
  });

  it('[SY15] does not unpack past its limit, and takes no nonsense', () => {
    const bomb = packPayload(new Uint8Array(5_000_000), '', compression);
    expect(bomb.length).toBeLessThan(10_000);
    expect(unpackPayload(bomb, '', compression, 4_000_000)).toBeNull();
    expect(unpackPayload(new Uint8Array(), '', compression, 100)).toBeNull();
    expect(unpackPayload(Uint8Array.from([9, 0, 1, 2]), '', compression, 100)).toBeNull();
    expect(unpackPayload(Uint8Array.from([2, 0, 1, 2]), '', compression, 100)).toBeNull();
    expect(unpackPayload(Uint8Array.from([0, 255, 255, 255, 255, 255]), '', compression, 100)).toBeNull();
    const kinds: SealedKind[] = ['head', 'segment', 'receipt', 'blob'];
    expect(kinds).toHaveLength(4);
  });
});
