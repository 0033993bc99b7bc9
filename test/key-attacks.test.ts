/** What a person with keys of the circle, or the owner of its folder, may try: named, and harmless. Whole workbenches. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compression, createSealingCrypto } from '../electron/services/exchange/sealing.ts';
import { openProfile } from '../electron/services/profile/profile.ts';
import type { OpenedCircle } from '../electron/services/circles/open-circle.ts';
import type { ChangeHash, CircleId, RecordId } from '../shared/ids.ts';
import { canonical, hashText } from '../shared/records/canonical.ts';
import { openChange, type StoredChange } from '../shared/records/change.ts';
import { encodeManifest } from '../shared/sync/manifest.ts';
import { sealObject } from '../shared/sync/object-format.ts';
import { parseObjectName } from '../shared/sync/object-name.ts';
import type { Signer } from '../shared/sync/sealing-crypto.ts';
import { encodeSegment } from '../shared/sync/segment-codec.ts';
import { useDesks, type Desk } from './fakes/desks.ts';

const desks = useDesks('workbench-attacks-');
const { sit, stand, found, invite, join: joinCircle, write, sync, titles, codes, deviceOf, view } = desks;
const engine = { crypto: await createSealingCrypto(), compression };

/** A program of one's own on somebody's profile: it writes and seals as it likes. */
async function asModifiedProgram<T>(name: string, circle: CircleId, act: (circle: OpenedCircle) => Promise<T>) {
  const profile = await openProfile({
    folder: join(desks.place.root, name),
    random: engine.crypto.random,
    now: Date.now,
    machine: 'test',
  });
  try {
    return await act(profile.circles.get(circle));
  } finally {
    await profile.close();
  }
}

interface Sealing {
  readonly circle: CircleId;
  readonly epoch: number;
  readonly key: Uint8Array;
  readonly signer: Signer;
}

/** Puts changes as a segment with its head, past everything that the program would see to. */
async function put(about: Sealing, changes: readonly StoredChange[], tip: ChangeHash): Promise<void> {
  const store = await desks.storeIn();
  const [from, to] = [changes[0]!.skeleton.seq, changes.at(-1)!.skeleton.seq];
  const segment = sealObject({ ...about, kind: 'segment', from, to, body: encodeSegment(changes) }, engine);
  const parsed = parseObjectName(segment.name);
  const hash = parsed?.kind === 'segment' ? parsed.hash : '';
  const segments = [{ from, to, hash, sizeBytes: segment.bytes.length }];
  const body = encodeManifest({ tip, segments });
  const head = sealObject({ ...about, kind: 'head', from: 1, to, body }, engine);
  for (const { name, bytes } of [segment, head]) await writeFile(join(store, name), bytes);
}

async function draftBy(circle: OpenedCircle, title: string): Promise<ChangeHash> {
  const record: RecordId = circle.newId();
  return circle.write([{ record, type: 'draft', field: 'title', over: [], value: title }]);
}

async function chainOf(circle: OpenedCircle, tip: ChangeHash): Promise<StoredChange[]> {
  const changes: StoredChange[] = [];
  for (let at: ChangeHash | null = tip; at !== null;) {
    const change: StoredChange = await circle.readChange(at);
    changes.unshift(change);
    at = change.skeleton.prev as ChangeHash | null;
  }
  return changes;
}

/** A second change after the same one: what no program writes. */
function inAnotherWay({ skeleton, values }: StoredChange, record: RecordId, title: string): StoredChange {
  const [op] = skeleton.ops as readonly { readonly value: string }[];
  const { salt } = values[0] as { readonly salt: string };
  const ops = [{ ...op, record, value: hashText(canonical([salt, title])) }];
  return { skeleton: { ...skeleton, ops }, values: [{ salt, value: title }] } as unknown as StoredChange;
}

const signerOf = (circle: OpenedCircle): Signer => circle.signers().find(({ replica }) => replica === circle.replica)!;
const firstKey = (circle: OpenedCircle) => ({ circle: circle.id, epoch: 1, key: circle.keys.ofEpoch(1)! });

async function twoOfThem(): Promise<{ ana: Desk; ben: Desk; circle: CircleId; old: string }> {
  const [ana, ben] = [await sit('ana'), await sit('ben')];
  const circle = await found(ana);
  const old = await invite(ana, circle);
  await joinCircle(ben, old);
  await write(ben, circle, 'By Ben');
  for (const desk of [ben, ana, ben]) await sync(desk);
  return { ana, ben, circle, old };
}

describe('somebody with the key of the circle', () => {
  it('[SY11] cannot write in the name of another', async () => {
    const { ana, ben, circle } = await twoOfThem();
    const replica = await deviceOf(ana, circle, 'ben');
    await stand(ben);
    await asModifiedProgram('ben', circle, async (opened) => {
      const stranger = engine.crypto.random(32);
      const signer = { replica, publicKey: engine.crypto.publicKeyOf(stranger), seed: stranger };
      const tip = await draftBy(opened, 'Not by Ben');
      await put({ ...firstKey(opened), signer }, await chainOf(opened, tip), tip);
    });
    await sync(ana);
    expect(await codes(ana, circle)).toContain('forged');
    expect(await titles(ana, circle)).toEqual(['By Ben']);
  }, 60_000);

  it('[SY11] is named where what it seals does not open with the key that it names', async () => {
    const { ana, ben, circle } = await twoOfThem();
    await stand(ben);
    await asModifiedProgram('ben', circle, async (opened) => {
      const tip = await draftBy(opened, 'Sealed with another key');
      const about = { ...firstKey(opened), key: engine.crypto.random(32), signer: signerOf(opened) };
      await put(about, await chainOf(opened, tip), tip);
    });
    await sync(ana);
    expect(await codes(ana, circle)).toContain('wrong-key');
    expect(await titles(ana, circle)).toEqual(['By Ben']);
  }, 60_000);

  it('[SY57] that goes on in two ways is named, and both ways are kept', async () => {
    const { ana, ben, circle } = await twoOfThem();
    await stand(ben);
    await asModifiedProgram('ben', circle, async (opened) => {
      const about = { ...firstKey(opened), signer: signerOf(opened) };
      const one = await draftBy(opened, 'One way');
      const chain = await chainOf(opened, one);
      await put(about, chain, one);
      const other = inAnotherWay(chain.at(-1)!, opened.newId(), 'The other way');
      const opening = openChange(other);
      if (!opening.ok) throw new Error(opening.error.message);
      await put(about, [...chain.slice(0, -1), other], opening.change.hash);
    });
    await sync(ana);
    const { activities } = await ana.client.circles.activities({ limit: 100 });
    expect(activities.map(({ text }) => text).join()).toMatch(/two ways/);
    expect(await titles(ana, circle)).toEqual(['By Ben', 'One way', 'The other way']);
  }, 60_000);
});

describe('a removed device with a program of its own', () => {
  it('[SY87] goes on under the key it has: named at everybody, and it counts for nobody', async () => {
    const { ana, ben, circle } = await twoOfThem();
    const device = await deviceOf(ana, circle, 'ben');
    await ana.client.circles.removeDevice({ circle, device });
    await sync(ana);
    await stand(ben);
    await asModifiedProgram('ben', circle, async (opened) => {
      const tip = await draftBy(opened, 'After the removal');
      await put({ ...firstKey(opened), signer: signerOf(opened) }, await chainOf(opened, tip), tip);
    });
    await sync(ana);
    expect(await codes(ana, circle)).toContain('removed-device');
    expect(await titles(ana, circle)).toEqual(['By Ben']);
  }, 60_000);

  it('[SY86] comes back under another name with any key it had: set aside until an administrator admits it', async () => {
    const { ana, ben, circle, old } = await twoOfThem();
    await ana.client.circles.rotateKey({ circle });
    const second = await invite(ana, circle);
    for (const desk of [ana, ben]) await sync(desk);
    await ana.client.circles.removeDevice({ circle, device: await deviceOf(ana, circle, 'ben') });
    await sync(ana);
    for (const [name, invitation] of [
      ['mallory', old],
      ['mirren', second],
    ] as const) {
      const back = await sit(name);
      await joinCircle(back, invitation);
      await write(back, circle, `By ${name}`);
      await sync(back);
    }
    await write(ana, circle, 'Inside');
    await sync(ana);
    expect(await codes(ana, circle)).toContain('not-admitted');
    expect((await view(ana, circle)).newcomers.map(({ name }) => name).sort()).toEqual(['mallory', 'mirren']);
    expect(await titles(ana, circle)).toEqual(['By Ben', 'Inside']);
  }, 60_000);

  it('[SY88] takes part again by a new invitation, as a device of its own; what it wrote before stays', async () => {
    const { ana, ben, circle } = await twoOfThem();
    const before = await deviceOf(ana, circle, 'ben');
    await ana.client.circles.removeDevice({ circle, device: before });
    for (const desk of [ana, ben]) await sync(desk);
    await write(ben, circle, 'While removed');
    await ben.client.circles.sync({});
    expect(await codes(ben, circle)).toContain('device-removed');
    await joinCircle(ben, await invite(ana, circle));
    expect(await codes(ben, circle)).not.toContain('device-removed');
    await write(ben, circle, 'Back again');
    for (const desk of [ben, ana]) await sync(desk);
    expect(await titles(ana, circle)).toEqual(['Back again', 'By Ben']);
    await write(ana, circle, 'To Ben');
    for (const desk of [ana, ben]) await sync(desk);
    expect(await titles(ben, circle)).toEqual(['Back again', 'By Ben', 'To Ben']);
    // What it wrote meanwhile came along, and an administrator may take it.
    const devices = (await view(ana, circle)).members.flatMap(({ deviceList }) => deviceList);
    const { setAside } = devices.find(({ replica }) => replica === before)!;
    await ana.client.circles.acceptLater({ circle, device: before, last: setAside!.last });
    expect(await titles(ana, circle)).toContain('While removed');
    // The profile opens as it was left.
    await stand(ben);
    expect(await titles(await sit('ben'), circle)).toContain('Back again');
  }, 60_000);
});
