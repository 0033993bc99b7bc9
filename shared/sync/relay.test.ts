import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { newReplicaKeys } from '../../electron/services/circles/replica-keys.ts';
import { compression, createSealingCrypto } from '../../electron/services/exchange/sealing.ts';
import { base32, type ChangeHash, type CircleId, type RecordId } from '../ids.ts';
import { createChange, type StoredChange } from '../records/change.ts';
import { encodeManifest } from './manifest.ts';
import { openObject, sealObject, type Engine, type Opener } from './object-format.ts';
import { decodeChanges, encodeRelay } from './relay.ts';
import { encodeSegment } from './segment-codec.ts';
import type { Signer } from './sealing-crypto.ts';

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
const circle = base32(random(17)).slice(0, 26) as CircleId;
const key = random(32);
function newSigner(): Signer {
  const { replica, signing } = newReplicaKeys(random);
  return { replica, publicKey: signing.publicKey, seed: signing.privateKey };
}
const origin = newSigner();
const carrier = newSigner();

let engine: Engine;
let opener: Opener;
beforeAll(async () => {
  engine = { crypto: await createSealingCrypto(), compression };
  opener = { ...engine, circle, keyOf: () => key };
});

function chainOf(signer: Signer, length: number): { stored: StoredChange[]; tip: ChangeHash } {
  const stored: StoredChange[] = [];
  let prev: ChangeHash | null = null;
  for (let seq = 1; seq <= length; seq += 1) {
    const record = `${signer.replica}.abcdefghij` as RecordId;
    const ops = [{ record, type: 'draft', field: 'title', over: [], value: `value ${seq}` }];
    const made = createChange({ circle, replica: signer.replica, seq, prev, at: 1_790_000_000_000, ops }, random);
    stored.push(made.stored);
    prev = made.hash;
  }
  return { stored, tip: prev! };
}
function headOf(signer: Signer, tip: ChangeHash, to: number): Uint8Array {
  const segments = [{ from: 1, to, hash: 'a'.repeat(26), sizeBytes: 1 }];
  const body = encodeManifest({ tip, segments });
  return sealObject({ kind: 'head', circle, epoch: 1, key, signer, from: 1, to, body }, engine).bytes;
}
function relayed(body: Uint8Array, to = 5): string {
  const about = { kind: 'relay', circle, epoch: 1, key, signer: carrier, origin: origin.replica, from: 3, to } as const;
  const { name, bytes } = sealObject({ ...about, body }, engine);
  const opened = openObject(bytes, name, opener);
  if (!opened.ok) return opened.problem.code;
  expect(name).toMatch(new RegExp(`^segments/${origin.replica}-3-${to}-`));
  const decoded = decodeChanges(opened.body, opened.header, opener);
  return decoded.ok ? decoded.changes.map((each) => each.seq).join(' ') : decoded.problem.code;
}

describe('relay', () => {
  it('[SY60] [SY61] brings changes that their own replica vouches for, whoever carries them', () => {
    const { stored, tip } = chainOf(origin, 5);
    expect(relayed(encodeRelay(headOf(origin, tip, 5), encodeSegment(stored.slice(2))))).toBe('3 4 5');
  });

  it('[SY61] brings nothing that the origin has not signed', () => {
    const { stored, tip } = chainOf(origin, 5);
    const other = chainOf(origin, 5);
    const segment = encodeSegment(stored.slice(2));
    const damaged = headOf(origin, tip, 5);
    damaged[100]! ^= 1;
    expect(relayed(encodeRelay(headOf(carrier, tip, 5), segment))).toBe('forged');
    expect(relayed(encodeRelay(headOf(origin, other.tip, 5), segment))).toBe('forged');
    expect(relayed(encodeRelay(headOf(origin, tip, 6), segment))).toBe('forged');
    expect(relayed(encodeRelay(damaged, segment))).toBe('forged');
    expect(relayed(new Uint8Array(2))).toBe('bad-content');
    expect(relayed(encodeRelay(headOf(origin, tip, 5), encodeSegment(stored.slice(0, 4))))).toBe('bad-content');
  });

  it('[SY7] [SY60] is found damaged like every other object', () => {
    const { stored, tip } = chainOf(origin, 5);
    const body = encodeRelay(headOf(origin, tip, 5), encodeSegment(stored.slice(2)));
    const about = {
      kind: 'relay',
      circle,
      epoch: 1,
      key,
      signer: carrier,
      origin: origin.replica,
      from: 3,
      to: 5,
    } as const;
    const { name, bytes } = sealObject({ ...about, body }, engine);
    for (let at = 0; at < bytes.length; at += 7) {
      const flipped = bytes.slice();
      flipped[at]! ^= 1;
      expect(openObject(flipped, name, opener)).toMatchObject({ ok: false, problem: { code: 'altered' } });
    }
  });
});
