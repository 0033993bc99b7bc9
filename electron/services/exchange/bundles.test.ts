import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BundleReport, CircleView } from '../../../shared/contract/circles.ts';
import type { CallContext } from '../../../shared/contract/contract.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { decodeBundle, encodeBundle, type BundleContent } from '../../../shared/sync/bundle.ts';
import { decodeCircleObject } from '../../../shared/sync/circle-object.ts';
import { createGrants, type Grants } from '../files/grants.ts';
import { openProfile, type Profile } from '../profile/profile.ts';
import { createCirclesService, type CirclesService } from './circles-service.ts';

interface Desk {
  readonly profile: Profile;
  readonly circles: CirclesService['service'];
  readonly service: CirclesService;
  readonly grants: Grants;
  readonly clock: { ms: number };
}

const random = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(randomBytes(length));
const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
const context: CallContext = {
  signal: { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined },
  progress: () => undefined,
};
let root: string;
const desks: Desk[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'workbench-bundle-'));
});
afterEach(async () => {
  for (const { service, profile } of desks.splice(0)) {
    await service.close();
    await profile.close();
  }
  await rm(root, { recursive: true, force: true });
});

async function sitDown(name: string): Promise<Desk> {
  const ms = { ms: Date.UTC(2026, 10, 22, 9) };
  const profile = await openProfile({ folder: join(root, name), random, now: () => ms.ms, machine: 'test' });
  if (profile.identity() === null) await profile.setUp({ name, delegation: `Delegation of ${name}`, language: 'en' });
  const grants = createGrants({ random, clock: () => ms.ms });
  const service = await createCirclesService({
    profile,
    grants,
    events: { emit: () => undefined },
    clock: { now: () => ms.ms, after: () => () => undefined },
    random,
    report: (error) => {
      throw error;
    },
    background: false,
  });
  const desk = { profile, circles: service.service, service, grants, clock: ms };
  desks.push(desk);
  return desk;
}
async function standUp(desk: Desk): Promise<void> {
  desks.splice(desks.indexOf(desk), 1);
  await desk.service.close();
  await desk.profile.close();
}
const create = (desk: Desk, folder?: string): Promise<CircleView> =>
  desk.circles.create(
    { name: 'Africa group', ...(folder ? { folder: desk.grants.forPath(folder) } : {}) },
    context,
  ) as Promise<CircleView>;
async function invitationOf(desk: Desk, { id }: CircleView): Promise<string> {
  return (await desk.circles.invite({ circle: id }, context)).invitation;
}
async function write(
  desk: Desk,
  circle: CircleView,
  person: RecordId | null = null,
  maxBytes: number | null = null,
): Promise<Uint8Array[]> {
  const { files } = await desk.circles.writeBundle({ circle: circle.id, person, maxBytes }, context);
  const bytes = await Promise.all(files.map(({ file }) => desk.grants.readFile(file)));
  return bytes.map((each) => each.bytes);
}
const take = (desk: Desk, bytes: Uint8Array, name = 'post.dwbundle'): Promise<BundleReport> =>
  desk.circles.importBundle({ file: desk.grants.forBytes(name, bytes) }, context) as Promise<BundleReport>;
async function joinBy(desk: Desk, invitation: string, ...bundles: readonly Uint8Array[]): Promise<CircleView> {
  const granted = bundles.map((bytes) => desk.grants.forBytes('post.dwbundle', bytes));
  return (await desk.circles.join({ invitation, bundles: granted }, context)) as CircleView;
}
async function writeTitle(desk: Desk, circle: CircleView, value: string): Promise<void> {
  const opened = desk.profile.circles.get(circle.id);
  await opened.write([{ record: opened.newId(), type: 'draft', field: 'title', over: [], value }]);
}
async function addDocument(desk: Desk, circle: CircleView, text: string): Promise<void> {
  const opened = desk.profile.circles.get(circle.id);
  const hash = await desk.profile.originals.put(new TextEncoder().encode(text));
  await opened.write([{ record: opened.newId(), type: 'document', field: 'document', over: [], value: hash }]);
}
const titles = (desk: Desk, circle: CircleView): unknown[] =>
  desk.profile.circles
    .get(circle.id)
    .fold.recordsOfType('draft')
    .flatMap((record) => record.fields.get('title')!.values.map((each) => each.value))
    .sort();
async function memberOf(desk: Desk, circle: CircleView, name: string): Promise<CircleView['members'][number]> {
  const { circles } = await desk.circles.list({}, context);
  return (circles as CircleView[]).find(({ id }) => id === circle.id)!.members.find((one) => one.name === name)!;
}
const personOf = async (desk: Desk, circle: CircleView, name: string): Promise<RecordId> =>
  (await memberOf(desk, circle, name)).person;
function contentOf(bytes: Uint8Array): BundleContent {
  const read = decodeBundle(bytes, sha256);
  if (!read.ok) throw new Error(read.code);
  return read.content;
}

describe('a circle by bundles alone', () => {
  it('[SY72] [SY73] is made without a folder, joined with a bundle, and exchanged both ways', async () => {
    const amina = await sitDown('Amina');
    const circle = await create(amina);
    expect(circle).toMatchObject({ state: 'local', remote: '', mayInvite: true });
    await writeTitle(amina, circle, 'Contribution');
    await addDocument(amina, circle, 'Tunis Agenda');
    const size = await amina.circles.bundleSize({ circle: circle.id, person: null, maxBytes: null }, context);
    const [first] = await write(amina, circle);
    expect(size).toMatchObject({ basis: 'everything', parts: 1, originals: 1, sizeBytes: first!.length });
    expect(
      contentOf(first!)
        .entries.map(({ name }) => name.replace(/[/].*/, ''))
        .sort(),
    ).toEqual(['blobs', 'circle', 'heads', 'receipts', 'segments'].sort());

    const bob = await sitDown('Bob');
    const joined = await joinBy(bob, await invitationOf(amina, circle), first!);
    expect(joined).toMatchObject({ id: circle.id, state: 'local' });
    expect(titles(bob, circle)).toEqual(['Contribution']);
    await writeTitle(bob, circle, 'Reply');
    const [answer] = await write(bob, circle, await personOf(bob, circle, 'Amina'));
    const report = await take(amina, answer!);
    expect(report).toMatchObject({
      circleName: 'Africa group',
      part: 1,
      parts: 1,
      drafts: 1,
      documents: 0,
      setAside: [],
    });
    expect(report.changes).toBeGreaterThan(1);
    expect(titles(amina, circle)).toEqual(['Contribution', 'Reply']);
    expect(await take(amina, answer!)).toMatchObject({ changes: 0, drafts: 0, originals: 0, setAside: [] });
    expect(amina.profile.circles.get(circle.id).fold.snapshot()).toEqual(
      bob.profile.circles.get(circle.id).fold.snapshot(),
    );
  });

  it('[SY70] shows nothing of what is in it, nor of the circle in its name', async () => {
    const amina = await sitDown('Amina');
    const circle = await create(amina);
    await writeTitle(amina, circle, 'Contribution of the Africa group');
    const { files } = await amina.circles.writeBundle({ circle: circle.id, person: null, maxBytes: null }, context);
    expect(files.map(({ name }) => name)).toEqual(['workbench-2026-11-22.dwbundle']);
    const { bytes } = await amina.grants.readFile(files[0]!.file);
    for (const word of ['Africa', 'Contribution', 'Amina']) expect(Buffer.from(bytes).includes(word)).toBe(false);
  });

  it('[SY74] [SY75] holds only what a partner lacks by the last receipt, and says so of each member', async () => {
    const amina = await sitDown('Amina');
    const circle = await create(amina);
    for (let number = 0; number < 40; number += 1)
      await writeTitle(amina, circle, `Paragraph ${number} ${randomBytes(40).toString('hex')}`);
    await addDocument(amina, circle, randomBytes(3000).toString('hex'));
    const [everything] = await write(amina, circle);
    const bob = await sitDown('Bob');
    await joinBy(bob, await invitationOf(amina, circle), everything!);
    const [answer] = await write(bob, circle);
    await take(amina, answer!);
    const person = await personOf(amina, circle, 'Bob');
    expect(await memberOf(amina, circle, 'Bob')).toMatchObject({
      receipt: { lacks: 0, at: '2026-11-22T09:00:00.000Z' },
    });
    expect((await memberOf(amina, circle, 'Amina')).receipt).toBeNull();
    const request = { circle: circle.id, person, maxBytes: null };
    expect(await amina.circles.bundleSize(request, context)).toMatchObject({
      basis: 'receipts',
      changes: 0,
      originals: 0,
    });

    await writeTitle(amina, circle, 'One more');
    expect((await memberOf(amina, circle, 'Bob')).receipt).toMatchObject({ lacks: 1 });
    const plan = await amina.circles.bundleSize(request, context);
    expect(plan).toMatchObject({ basis: 'receipts', changes: 1, originals: 0 });
    expect(plan.sizeBytes).toBeLessThan(everything!.length / 4);
    const [more] = await write(amina, circle, person);
    expect(await take(bob, more!)).toMatchObject({ changes: 1, drafts: 1, setAside: [] });
    // An older receipt that arrives late takes nothing back.
    const [newer] = await write(bob, circle);
    await take(amina, newer!);
    await take(amina, answer!);
    expect((await memberOf(amina, circle, 'Bob')).receipt).toMatchObject({ lacks: 0 });
  });

  it('[SY73] passes on what came from others, also what whoever wrote it never sent there', async () => {
    const amina = await sitDown('Amina');
    const circle = await create(amina);
    const bob = await sitDown('Bob');
    const chen = await sitDown('Chen');
    const invitation = await invitationOf(amina, circle);
    await joinBy(bob, invitation, (await write(amina, circle))[0]!);
    await addDocument(bob, circle, 'from Bob');
    await writeTitle(bob, circle, 'by Bob');
    // Chen has the invitation and only bundles of Amina's.
    await joinBy(chen, invitation);
    expect((await take(amina, (await write(bob, circle))[0]!)).originals).toBe(1);
    const report = await take(chen, (await write(amina, circle))[0]!);
    expect(report).toMatchObject({ drafts: 1, documents: 1, originals: 1, setAside: [] });
    await writeTitle(bob, circle, 'again by Bob');
    await take(amina, (await write(bob, circle, await personOf(bob, circle, 'Amina')))[0]!);
    // And on to a fourth, from somebody who got it at second hand.
    await take(amina, (await write(chen, circle))[0]!);
    await take(chen, (await write(amina, circle, await personOf(amina, circle, 'Chen')))[0]!);
    const dalia = await sitDown('Dalia');
    await joinBy(dalia, invitation, (await write(chen, circle))[0]!);
    expect(titles(dalia, circle)).toEqual(['again by Bob', 'by Bob']);
  });

  it('[SY74] comes in parts of a size, in any order, each of use by itself', async () => {
    const amina = await sitDown('Amina');
    const circle = await create(amina);
    for (let number = 0; number < 6; number += 1) {
      await addDocument(amina, circle, randomBytes(4000).toString('base64'));
      await write(amina, circle);
    }
    const parts = await write(amina, circle, null, 12_000);
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts) expect(part.length).toBeLessThanOrEqual(12_000);
    const bob = await sitDown('Bob');
    await joinBy(bob, await invitationOf(amina, circle));
    const reports: BundleReport[] = [];
    for (const part of parts.toReversed()) reports.push(await take(bob, part));
    expect(reports.map(({ part }) => part)).toEqual(parts.map((_, index) => parts.length - index));
    expect(reports.at(-1)!.setAside).toEqual([]);
    const sum = (of: 'originals' | 'changes'): number => reports.reduce((total, report) => total + report[of], 0);
    expect(sum('originals')).toBe(6);
    for (const record of bob.profile.circles.get(circle.id).fold.recordsOfType('document')) {
      const hash = record.fields.get('document')!.value as string;
      expect(await bob.profile.originals.has(hash)).toBe(true);
    }
    const [whole] = await write(amina, circle, null, 1);
    expect(whole!.length).toBeGreaterThan(1);
  });

  it('[SY71] tells bad bundles apart and takes in nothing of them', async () => {
    const amina = await sitDown('Amina');
    const circle = await create(amina);
    await writeTitle(amina, circle, 'Contribution');
    const [sound] = await write(amina, circle);
    const bob = await sitDown('Bob');
    const refusal = (bytes: Uint8Array, code: string) => expect(take(bob, bytes)).rejects.toMatchObject({ code });
    await refusal(sound!, 'bundle-other-circle');
    const other = await create(bob);
    const invitation = await invitationOf(amina, circle);
    await expect(joinBy(bob, invitation, (await write(bob, other))[0]!)).rejects.toMatchObject({
      code: 'bundle-other-circle',
    });
    expect(bob.profile.circles.all()).toHaveLength(2);
    await joinBy(bob, invitation);
    const before = bob.profile.circles.get(circle.id).fold.stats().changes;
    await refusal(sound!.subarray(0, 700), 'bundle-truncated');
    const damaged = sound!.slice();
    damaged[600]! ^= 1;
    await refusal(damaged, 'bundle-damaged');
    const newer = sound!.slice();
    newer.set([2, 253], 8);
    await refusal(newer, 'bundle-newer-format');
    await refusal(new TextEncoder().encode('Dear all, please find attached'), 'not-a-bundle');
    expect(bob.profile.circles.get(circle.id).fold.stats().changes).toBe(before);
  });

  it('[SY72] sets aside objects that are not what they should be, and takes in the rest', async () => {
    const amina = await sitDown('Amina');
    const circle = await create(amina);
    await writeTitle(amina, circle, 'Contribution');
    await addDocument(amina, circle, 'original');
    const content = contentOf((await write(amina, circle))[0]!);
    const tampered = content.entries.map(({ name, bytes }) => {
      if (!name.startsWith('blobs/')) return { name, bytes };
      const copy = bytes.slice();
      copy[copy.length - 1]! ^= 1;
      return { name, bytes: copy };
    });
    const bob = await sitDown('Bob');
    await joinBy(bob, await invitationOf(amina, circle));
    const report = await take(bob, encodeBundle({ ...content, entries: tampered }, sha256));
    expect(report.drafts).toBe(1);
    expect(report.setAside.map(({ code }) => code)).toEqual(['altered']);
    // A container that names one circle and holds another's objects.
    const other = await create(amina);
    const foreign = contentOf((await write(amina, other))[0]!);
    const mixed = encodeBundle({ ...foreign, circle: circle.id }, sha256);
    await expect(take(bob, mixed)).rejects.toMatchObject({ code: 'folder-other-circle' });
    const head = foreign.entries.filter(({ name }) => name.startsWith('heads/'));
    const smuggled = encodeBundle({ ...content, entries: [...content.entries, ...head] }, sha256);
    expect((await take(bob, smuggled)).setAside.map(({ code }) => code)).toEqual(['other-circle']);
  });

  it('[SY73] writes the same again after cache and catalogue were deleted', async () => {
    const amina = await sitDown('Amina');
    const circle = await create(amina);
    await writeTitle(amina, circle, 'Contribution');
    await write(amina, circle);
    await standUp(amina);
    await rm(join(root, 'Amina', 'cache'), { recursive: true });
    const again = await sitDown('Amina');
    await writeTitle(again, circle, 'Second');
    const [bundle] = await write(again, circle);
    const bob = await sitDown('Bob');
    await joinBy(bob, await invitationOf(again, circle), bundle!);
    expect(titles(bob, circle)).toEqual(['Contribution', 'Second']);
    const object = contentOf(bundle!).entries.find(({ name }) => name === 'circle')!;
    expect(decodeCircleObject(object.bytes)).toMatchObject({ ok: true, content: { circle: circle.id } });
  });
});

describe('a circle by folder and bundles together', () => {
  it('[SY62] [SY73] brings what came through the folder to those with bundles, and the other way', async () => {
    const shared = join(root, 'shared');
    await mkdir(shared);
    const sync = (desk: Desk): unknown => desk.circles.sync({ circle: circle.id }, context);
    const amina = await sitDown('Amina');
    const circle = await create(amina, shared);
    const invitation = await invitationOf(amina, circle);
    const bob = await sitDown('Bob');
    await bob.circles.join({ invitation, folder: bob.grants.forPath(shared) }, context);
    await writeTitle(amina, circle, 'by Amina');
    await sync(amina);
    await sync(bob);
    const chen = await sitDown('Chen');
    await joinBy(chen, invitation, (await write(bob, circle))[0]!);
    expect(titles(chen, circle)).toEqual(['by Amina']);
    await writeTitle(chen, circle, 'by Chen');
    await take(bob, (await write(chen, circle, await personOf(chen, circle, 'Bob')))[0]!);
    expect((await memberOf(bob, circle, 'Amina')).receipt).not.toBeNull();
    // Others' changes are put in the folder once nobody else did so for an hour.
    await sync(bob);
    bob.clock.ms += 2 * 60 * 60 * 1000;
    await sync(bob);
    await sync(amina);
    expect(titles(amina, circle)).toEqual(['by Amina', 'by Chen']);
    expect((await readdir(shared)).sort()).toEqual(['circle', 'heads', 'receipts', 'segments']);
  });
});
