import { describe, expect, it } from 'vitest';
import type { ChangeHash, Json, RecordId, ReplicaId } from '../ids.ts';
import { canonical, hashText } from './canonical.ts';
import { changeOf, circleIdOf, createChange, openChange, versionIdOf, withoutValue } from './change.ts';
import type { ChangeErrorCode, StoredChange } from './change.ts';

/** A change as somebody else's program may send it: any part of it may be anything. */
interface Loose {
  skeleton: Record<string, unknown> & { ops: Record<string, unknown>[] };
  values: { salt: string; value: unknown }[];
  [key: string]: unknown;
}
const loose = (stored: StoredChange): Loose => structuredClone(stored) as unknown as Loose;

const replica = 'a'.repeat(26) as ReplicaId;
const record = `${replica}.note222222` as RecordId;
const circle = circleIdOf(record);
let counter = 0;
const random = (length: number): Uint8Array => Uint8Array.from({ length }, () => (counter += 1) & 255);

function sample(value: Json = 'words') {
  const op = { record, type: 'annotation', field: 'body', over: [], value };
  return createChange({ circle, replica, seq: 1, prev: null, at: 5, ops: [op] }, random);
}

function altered(change: (stored: Loose) => void): Loose {
  const copy = loose(sample().stored);
  change(copy);
  return copy;
}

function codeOf(stored: unknown, expected?: ChangeHash): ChangeErrorCode | 'opened' {
  const opened = openChange(stored, expected);
  return opened.ok ? 'opened' : opened.error.code;
}

describe('a change', () => {
  it('[RC4] [RC5] is a skeleton, identified by its hash, with the values beside it', () => {
    const { hash, stored, change } = sample();
    expect(Object.keys(stored.skeleton).sort()).toEqual(['at', 'circle', 'ops', 'prev', 'replica', 'seq', 'v']);
    expect(hash).toBe(hashText(canonical(stored.skeleton)));
    expect(openChange(JSON.parse(JSON.stringify(stored)), hash)).toEqual({ ok: true, change });
    expect(change.ops).toEqual([
      { id: `${hash}.0`, index: 0, record, type: 'annotation', field: 'body', over: [], value: 'words', erased: false },
    ]);
    expect(JSON.stringify(stored.skeleton)).not.toContain('words');
  });

  it('[RC6] holds its values to their salted hashes', () => {
    const { stored } = sample();
    const { salt, value } = stored.values[0]!;
    expect(stored.skeleton.ops[0]!.value).toBe(hashText(canonical([salt, value])));
    expect(sample().stored.skeleton.ops[0]!.value).not.toBe(stored.skeleton.ops[0]!.value);
    expect(codeOf(altered((copy) => (copy.values[0]!.value = 'other words')))).toBe('wrong-value');
    expect(codeOf(altered((copy) => (copy.values[0]!.salt = 'aaaaaaaaaaaaaaaa')))).toBe('wrong-value');
  });

  it('[RC6] opens without a value that was erased, under the same hash', () => {
    const { stored, hash } = sample();
    const opened = openChange(withoutValue(stored, 0), hash);
    expect(opened.ok && opened.change.ops[0]).toMatchObject({ erased: true, value: undefined });
    expect(() => withoutValue(stored, 1)).toThrow(RangeError);
  });

  it('[RC7] [RC11] is refused with the place where it is wrong', () => {
    const wrong: [(copy: Loose) => void, ChangeErrorCode, string][] = [
      [(copy) => Object.assign(copy, { skeleton: 1 }), 'malformed', 'skeleton'],
      [(copy) => (copy.skeleton.v = 0), 'malformed', 'skeleton.v'],
      [(copy) => (copy.skeleton.circle = 'x'), 'malformed', 'skeleton.circle'],
      [(copy) => (copy.skeleton.replica = 'a'.repeat(27)), 'malformed', 'skeleton.replica'],
      [(copy) => (copy.skeleton.seq = 2), 'malformed', 'skeleton.prev'],
      [(copy) => (copy.skeleton.prev = 'b'.repeat(52)), 'malformed', 'skeleton.prev'],
      [(copy) => (copy.skeleton.at = -1), 'malformed', 'skeleton.at'],
      [(copy) => (copy.skeleton.ops = []), 'malformed', 'skeleton.ops'],
      [(copy) => (copy.skeleton.ops[0]!.record = 'x'), 'malformed', 'skeleton.ops[0].record'],
      [(copy) => (copy.skeleton.ops[0]!.field = ''), 'malformed', 'skeleton.ops[0].field'],
      [(copy) => (copy.skeleton.ops[0]!.over = ['x']), 'malformed', 'skeleton.ops[0].over'],
      [
        (copy) => (copy.skeleton.ops[0]!.over = Array(2).fill(`${'b'.repeat(52)}.0`)),
        'malformed',
        'skeleton.ops[0].over',
      ],
      [(copy) => copy.values.push(copy.values[0]!), 'malformed', 'values'],
      [(copy) => (copy.values[0]!.salt = ''), 'malformed', 'values[0].salt'],
      [(copy) => (copy.skeleton.more = 0.5), 'not-canonical', '$.more'],
    ];
    for (const [change, code, path] of wrong) {
      const opened = openChange(altered(change));
      expect(opened).toMatchObject({ ok: false, error: { code, path } });
    }
    expect(codeOf(null)).toBe('malformed');
    expect(codeOf(sample().stored, 'c'.repeat(52) as ChangeHash)).toBe('wrong-hash');
  });

  it('[RC8] keeps keys it does not know, in the hash where they stand in the skeleton', () => {
    const stored = altered((copy) => {
      copy.skeleton.mood = 'calm';
      copy.skeleton.ops[0]!.tone = 1;
      copy.note = 'outside';
    });
    const opened = openChange(stored);
    expect(opened.ok && opened.change.hash).toBe(hashText(canonical(stored.skeleton)));
  });

  it('[RC9] opens a later format as opaque, in its place in the chain', () => {
    const opened = openChange(
      altered((copy) => {
        copy.skeleton.v = 2;
        delete copy.skeleton.at;
        Object.assign(copy.skeleton, { ops: { other: 'shape' } });
        Object.assign(copy, { values: 'elsewhere' });
      }),
    );
    expect(opened.ok && opened.change).toMatchObject({ opaque: true, seq: 1, prev: null, at: null, ops: [] });
  });

  it('[RC10] reads the ops it knows beside one of a newer kind', () => {
    const draft = { circle, replica, seq: 1, prev: null, at: 5 };
    const op = { record, type: 'annotation', field: 'body', over: [], value: 'a' };
    const { stored } = createChange({ ...draft, ops: [op, { ...op, field: 'kind', value: 'note' }] }, random);
    const copy = loose(stored);
    copy.skeleton.ops[0] = { kind: 'append', value: copy.skeleton.ops[0]!.value };
    const opened = openChange(copy);
    expect(opened.ok && opened.change).toMatchObject({
      opaqueOps: 1,
      opaque: false,
      ops: [{ index: 1, field: 'kind' }],
    });
    copy.values[0]!.value = 'changed';
    expect(codeOf(copy)).toBe('wrong-value');
  });

  it('[RC13] [RC14] names versions by change and op, and a circle by its root record', () => {
    const { hash } = sample();
    expect(changeOf(versionIdOf(hash, 12))).toEqual({ hash, index: 12 });
    expect(circle).toBe(hashText(`circle:${record}`).slice(0, 26));
  });

  it('costs little beside its value', () => {
    expect(JSON.stringify(sample('').stored).length).toBeLessThan(500);
  });
});
