import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CircleView } from '../../../shared/contract/circles.ts';
import type { CallContext, EventSink } from '../../../shared/contract/contract.ts';
import { createGrants, type Grants } from '../files/grants.ts';
import { openProfile, type Profile } from '../profile/profile.ts';
import { createCirclesService, type CirclesService } from './circles-service.ts';

interface Desk {
  readonly profile: Profile;
  readonly circles: CirclesService['service'];
  readonly service: CirclesService;
  readonly grants: Grants;
  readonly events: { service: string; event: string; payload: unknown }[];
}

const random = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(randomBytes(length));
const context: CallContext = {
  signal: { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined },
  progress: () => undefined,
};
let root: string;
let shared: string;
const desks: Desk[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'workbench-service-'));
  shared = join(root, 'shared');
  await mkdir(shared);
});
afterEach(async () => {
  for (const { service, profile } of desks.splice(0)) {
    await service.close();
    await profile.close();
  }
  await rm(root, { recursive: true, force: true });
});

async function sitDown(name: string, background = false): Promise<Desk> {
  const profile = await openProfile({ folder: join(root, name), random, now: Date.now, machine: 'test' });
  if (profile.identity() === null) await profile.setUp({ name, delegation: `Delegation of ${name}`, language: 'en' });
  const events: Desk['events'] = [];
  const sink: EventSink = { emit: (service, event, payload) => void events.push({ service, event, payload }) };
  const grants = createGrants({ random, clock: Date.now });
  const clock = {
    now: Date.now,
    after(delayMs: number, run: () => void) {
      // Tests need not wait as long as people may.
      const timer = setTimeout(run, Math.min(delayMs, 20));
      return () => clearTimeout(timer);
    },
  };
  const report = (error: unknown): void => {
    throw error;
  };
  const service = await createCirclesService({ profile, grants, events: sink, clock, random, report, background });
  const desk = { profile, circles: service.service, service, grants, events };
  desks.push(desk);
  return desk;
}
async function standUp(desk: Desk): Promise<void> {
  desks.splice(desks.indexOf(desk), 1);
  await desk.service.close();
  await desk.profile.close();
}
const create = (desk: Desk, folder = shared): Promise<CircleView> =>
  desk.circles.create({ name: 'Africa group', folder: desk.grants.forPath(folder) }, context) as Promise<CircleView>;
const join_ = (desk: Desk, invitation: string, folder = shared): Promise<CircleView> =>
  desk.circles.join({ invitation, folder: desk.grants.forPath(folder) }, context) as Promise<CircleView>;
async function invite(desk: Desk, circle: CircleView): Promise<string> {
  return (await desk.circles.invite({ circle: circle.id }, context)).invitation;
}
async function sync(desk: Desk, circle: CircleView): Promise<CircleView> {
  const { circles } = await desk.circles.sync({ circle: circle.id }, context);
  return circles[0] as CircleView;
}
async function writeTitle(desk: Desk, circle: CircleView, value: string): Promise<void> {
  const opened = desk.profile.circles.get(circle.id);
  await opened.write([{ record: opened.newId(), type: 'draft', field: 'title', over: [], value }]);
}
const titles = (desk: Desk, circle: CircleView): unknown[] =>
  desk.profile.circles
    .get(circle.id)
    .fold.recordsOfType('draft')
    .flatMap((record) => record.fields.get('title')!.values.map((each) => each.value));

describe('circles service', () => {
  it('[SY45] [SY46] joins by an invitation under a passphrase, and by no other passphrase', async () => {
    const amina = await sitDown('Amina');
    const circle = await create(amina);
    const passphrase = 'the river is high';
    const { invitation, code } = await amina.circles.invite({ circle: circle.id, passphrase }, context);
    const bob = await sitDown('Bob');
    const folder = bob.grants.forPath(shared);
    for (const [given, expected] of [
      [undefined, 'passphrase-needed'],
      ['the river is low', 'passphrase-wrong'],
    ] as const) {
      const asked = { invitation, ...(given === undefined ? {} : { passphrase: given }) };
      await expect(bob.circles.inspectInvitation(asked, context)).rejects.toMatchObject({ code: expected });
      await expect(bob.circles.join({ ...asked, folder }, context)).rejects.toMatchObject({ code: expected });
    }
    const joined = await bob.circles.join({ invitation: code, passphrase, folder }, context);
    expect(joined).toMatchObject({ id: circle.id, state: 'in-step' });
  });

  it('[SY43] makes a circle in a folder, and lets another join by an invitation', async () => {
    const amina = await sitDown('Amina');
    const circle = await create(amina);
    expect(circle).toMatchObject({
      name: 'Africa group',
      state: 'in-step',
      unsentChanges: 0,
      mayInvite: true,
      mayConfirm: true,
    });
    expect((await readdir(shared)).sort()).toEqual(['circle', 'heads', 'receipts', 'segments']);
    await writeTitle(amina, circle, 'Contribution');
    await sync(amina, circle);

    const bob = await sitDown('Bob');
    const invitation = await invite(amina, circle);
    expect(await bob.circles.inspectInvitation({ invitation }, context)).toEqual({
      circle: circle.id,
      channels: [],
      name: 'Africa group',
      by: 'Amina',
    });
    const joined = await join_(bob, invitation);
    expect(joined).toMatchObject({ id: circle.id, state: 'in-step', mayConfirm: false });
    expect(titles(bob, circle)).toEqual(['Contribution']);
    const members = (await sync(amina, circle)).members;
    expect(
      members.map(({ name, administrator, confirmed, me, devices }) => ({
        name,
        administrator,
        confirmed,
        me,
        devices,
      })),
    ).toEqual(
      expect.arrayContaining([
        { name: 'Amina', administrator: true, confirmed: true, me: true, devices: 1 },
        { name: 'Bob', administrator: false, confirmed: false, me: false, devices: 1 },
      ]),
    );
    // Neither the circle's name nor anybody's words stand in the folder.
    for (const name of await readdir(shared, { recursive: true })) {
      const bytes = await readFile(join(shared, name)).catch(() => Buffer.alloc(0));
      expect(bytes.includes('Africa') || bytes.includes('Contribution') || name.includes('Africa')).toBe(false);
    }
  });

  it('lists the personal circle first and the others by name, after every start alike', async () => {
    const names = async (desk: Desk): Promise<string[]> =>
      (await desk.circles.list({}, context)).circles.map(({ name }) => name);
    const inOrder = ['Personal', 'Africa group', 'Group of five', 'Kenya', 'Zone four'];
    let amina = await sitDown('Amina');
    for (const name of ['Zone four', 'Africa group', 'Kenya', 'Group of five']) {
      await amina.circles.create({ name }, context);
    }
    expect(await names(amina)).toEqual(inOrder);
    await standUp(amina);
    amina = await sitDown('Amina');
    expect(await names(amina)).toEqual(inOrder);
  });

  it('lets an administrator confirm a delegation, and nobody else', async () => {
    const amina = await sitDown('Amina');
    const circle = await create(amina);
    const bob = await sitDown('Bob');
    await join_(bob, await invite(amina, circle));
    const person = (await sync(amina, circle)).members.find((member) => member.name === 'Bob')!.person;
    await expect(bob.circles.confirmDelegation({ circle: circle.id, person }, context)).rejects.toMatchObject({
      code: 'not-allowed',
    });
    const view = await amina.circles.confirmDelegation({ circle: circle.id, person }, context);
    expect(view.members.find((member) => member.person === person)!.confirmed).toBe(true);
    await sync(amina, circle);
    expect((await sync(bob, circle)).members.find((member) => member.me)!.confirmed).toBe(true);
  });

  it('refuses what is not a circle, another circle, and joining twice, and changes nothing', async () => {
    const amina = await sitDown('Amina');
    const circle = await create(amina);
    const invitation = await invite(amina, circle);
    const elsewhere = join(root, 'elsewhere');
    await mkdir(elsewhere);
    const other = await create(amina, elsewhere);
    const bob = await sitDown('Bob');
    const empty = join(root, 'empty');
    await mkdir(empty);
    await expect(join_(bob, invitation, empty)).rejects.toMatchObject({ code: 'folder-not-a-circle' });
    await expect(join_(bob, invitation, elsewhere)).rejects.toMatchObject({ code: 'folder-other-circle' });
    await expect(join_(bob, invitation, join(root, 'gone'))).rejects.toMatchObject({ code: 'folder-unreachable' });
    await expect(join_(bob, 'hello')).rejects.toMatchObject({ code: 'invitation-invalid' });
    await expect(create(bob, shared)).rejects.toMatchObject({ code: 'folder-other-circle' });
    expect(bob.profile.circles.all()).toHaveLength(1);
    expect(await readdir(empty)).toEqual([]);
    await join_(bob, invitation);
    await expect(join_(bob, invitation)).rejects.toMatchObject({ code: 'circle-exists' });
    expect(other.id).not.toBe(circle.id);
    const newer = join(root, 'newer');
    await mkdir(newer);
    await writeFile(join(newer, 'circle'), JSON.stringify({ format: 2 }));
    await expect(join_(await sitDown('Chen'), invitation, newer)).rejects.toMatchObject({
      code: 'object-newer-format',
    });
  });

  it('keeps out of the way of other files: the circle gets a subfolder, and is found in it', async () => {
    await writeFile(join(shared, 'minutes.docx'), 'x');
    const amina = await sitDown('Amina');
    const circle = await create(amina);
    const entries = await readdir(shared);
    expect(entries).toHaveLength(2);
    expect(entries.find((name) => name !== 'minutes.docx')).toMatch(/^workbench-[a-z2-7]{8}$/);
    const bob = await sitDown('Bob');
    expect((await join_(bob, await invite(amina, circle))).state).toBe('in-step');
  });

  it('[SY34] works while the folder is away, says so, and goes on when it is back under another name', async () => {
    const amina = await sitDown('Amina');
    const circle = await create(amina);
    const bob = await sitDown('Bob');
    await join_(bob, await invite(amina, circle));
    const moved = join(root, 'moved');
    await rename(shared, moved);
    await writeTitle(amina, circle, 'offline');
    const away = await sync(amina, circle);
    expect(away).toMatchObject({ state: 'away', unsentChanges: 1 });
    expect(away.awaySince).not.toBeNull();
    const back = await amina.circles.changeFolder({ circle: circle.id, folder: amina.grants.forPath(moved) }, context);
    expect(back).toMatchObject({ state: 'in-step', remote: moved, unsentChanges: 0 });
    await bob.circles.changeFolder({ circle: circle.id, folder: bob.grants.forPath(moved) }, context);
    expect(titles(bob, circle)).toEqual(['offline']);
    const kinds = (await amina.circles.activities({ limit: 100 }, context)).activities.map((each) => each.kind);
    expect(kinds).toContain('away');
    expect(kinds).toContain('back');
  });

  it('[SY56] fills an emptied folder again once a person chooses it', async () => {
    const amina = await sitDown('Amina');
    const circle = await create(amina);
    await writeTitle(amina, circle, 'kept');
    await sync(amina, circle);
    await rm(shared, { recursive: true });
    await mkdir(shared);
    expect(await sync(amina, circle)).toMatchObject({ state: 'trouble' });
    expect(await readdir(shared)).toEqual([]);
    await amina.circles.changeFolder({ circle: circle.id, folder: amina.grants.forPath(shared) }, context);
    const bob = await sitDown('Bob');
    await join_(bob, await invite(amina, circle));
    expect(titles(bob, circle)).toEqual(['kept']);
  });

  it('reports a single flipped byte in any object with its place', async () => {
    const amina = await sitDown('Amina');
    const circle = await create(amina);
    const hash = await amina.profile.originals.put(new TextEncoder().encode('original'));
    const opened = amina.profile.circles.get(circle.id);
    await opened.write([{ record: opened.newId(), type: 'document', field: 'document', over: [], value: hash }]);
    await sync(amina, circle);
    const clean = await amina.circles.verify({}, context);
    expect(clean.findings).toEqual([]);
    // circle, a head, two segments, a receipt, an original.
    expect(clean.checked.objects).toBe(6);
    const names = (await readdir(shared, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    expect(names).toHaveLength(6);
    for (const entry of names) {
      const path = join(entry.parentPath, entry.name);
      const bytes = await readFile(path);
      for (const at of [0, 3, 5, 20, Math.floor(bytes.length / 2), bytes.length - 1]) {
        const flipped = Buffer.from(bytes);
        flipped[at]! ^= 1;
        await writeFile(path, flipped);
        const { findings } = await amina.circles.verify({}, context);
        expect(
          findings.map((finding) => finding.file),
          `${entry.name} at ${at}`,
        ).toEqual([path]);
      }
      await writeFile(path, bytes);
    }
  });

  it('exchanges by itself soon after something was written, and when something arrives', async () => {
    const amina = await sitDown('Amina', true);
    const circle = await create(amina);
    const bob = await sitDown('Bob', true);
    await join_(bob, await invite(amina, circle));
    await writeTitle(amina, circle, 'by itself');
    await vi.waitFor(() => expect(titles(bob, circle)).toEqual(['by itself']), { timeout: 10_000 });
    await vi.waitFor(() => {
      const changed = bob.events.filter((each) => each.event === 'changed');
      expect(changed.length).toBeGreaterThan(0);
    });
    expect(bob.events.some((each) => each.event === 'activity')).toBe(true);
  });

  it('remembers its folder and goes on from where it was after a restart', async () => {
    const amina = await sitDown('Amina');
    const circle = await create(amina);
    await standUp(amina);
    const again = await sitDown('Amina');
    const view = ((await again.circles.list({}, context)).circles as CircleView[]).find(
      (each) => each.id === circle.id,
    )!;
    expect(view).toMatchObject({ state: 'in-step', remote: shared, unsentChanges: 0 });
    const before = await readdir(shared, { recursive: true });
    await sync(again, circle);
    expect(await readdir(shared, { recursive: true })).toEqual(before);
  });

  it('keeps the personal circle on this machine', async () => {
    const amina = await sitDown('Amina');
    const personal = amina.profile.circles.personal().id;
    await expect(amina.circles.invite({ circle: personal }, context)).rejects.toMatchObject({ code: 'invalid-state' });
    const { circles } = await amina.circles.list({}, context);
    expect(circles).toMatchObject([{ personal: true, state: 'local', remote: '', mayInvite: false }]);
  });
});
