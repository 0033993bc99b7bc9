import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { compression, createSealingCrypto } from '../../electron/services/exchange/sealing.ts';
import { base32, type CircleId } from '../ids.ts';
import { openObject, sealBlob } from './object-format.ts';
import { parseObjectName } from './object-name.ts';
import { cutIntoParts, joinParts, partDataBytes, readPart } from './object-parts.ts';

const crypto = await createSealingCrypto();
const engine = { crypto, compression };
const circle = base32(randomBytes(17)).slice(0, 26) as CircleId;
const key = crypto.random(32);
const content = new Uint8Array(randomBytes(3 * partDataBytes));
const blob = sealBlob({ circle, epoch: 3, key, content }, engine);
const parts = cutIntoParts(blob, crypto)!;

describe('parts of a blob', () => {
  it('[SY19] are named by place and whole, and give back the blob in order', () => {
    const object = base32(crypto.sha256(blob.bytes)).slice(0, 26);
    expect(parts.map(({ name }) => name)).toEqual([1, 2, 3, 4].map((number) => `${blob.name}-${number}-4-${object}`));
    expect(parseObjectName(parts[1]!.name)).toMatchObject({ kind: 'part', blob: blob.name, number: 2, of: 4 });
    const joined = joinParts(
      parts.map(({ bytes }) => bytes),
      crypto,
    )!;
    expect(Buffer.from(joined).equals(blob.bytes)).toBe(true);
    const opened = openObject(joined, blob.name, { ...engine, circle, keyOf: () => key });
    expect(opened.ok && Buffer.from(opened.body).equals(content)).toBe(true);
  });

  it('[SY19] begin with the header of the blob, of kind 16, with a length and a check of their own', () => {
    const { bytes } = parts[3]!;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    expect(Buffer.from(bytes.subarray(0, 5)).toString('latin1')).toBe('DWBO\u0001');
    expect(bytes[5]).toBe(16);
    expect(bytes.subarray(6, 27)).toEqual(blob.bytes.subarray(6, 27));
    expect(view.getUint32(27)).toBe(bytes.length - 35);
    expect(bytes.subarray(31, 35)).toEqual(crypto.sha256(bytes.subarray(0, 31)).subarray(0, 4));
    expect(readPart(bytes, crypto)).toMatchObject({ circle });
  });

  it('[SY19] are none when cut, longer, or another object, and are no object by themselves', () => {
    const { name, bytes } = parts[0]!;
    const longer = new Uint8Array(bytes.length + 1);
    longer.set(bytes);
    for (let at = 0; at < 35; at += 1) {
      const flipped = bytes.slice();
      flipped[at]! ^= 1;
      expect(readPart(flipped, crypto)).toBeNull();
    }
    for (const wrong of [bytes.slice(0, -1), bytes.slice(0, 20), longer, blob.bytes, new Uint8Array()]) {
      expect(readPart(wrong, crypto)).toBeNull();
      expect(joinParts([wrong, parts[1]!.bytes], crypto)).toBeNull();
    }
    const opened = openObject(bytes, name, { ...engine, circle, keyOf: () => key });
    expect(opened).toMatchObject({ ok: false, problem: { code: 'not-an-object' } });
    expect(cutIntoParts(parts[0]!, crypto)).toBeNull();
    expect(cutIntoParts({ name: blob.name, bytes: content }, crypto)).toBeNull();
  });

  it('[SY2] have no names past their number, from 0, or with leading zeros', () => {
    const end = `${'a'.repeat(26)}`;
    for (const bad of [`-5-4-${end}`, `-0-4-${end}`, `-01-4-${end}`, `-1-4`, `-1-4-${end}x`])
      expect(parseObjectName(blob.name + bad)).toBeNull();
  });
});
