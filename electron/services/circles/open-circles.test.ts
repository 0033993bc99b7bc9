import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChangeHash, RecordId } from '../../../shared/ids.ts';
import type { StoredChange } from '../../../shared/records/change.ts';
import { overHeads, type IntendedOp } from '../../../shared/records/writer.ts';
import { createOriginals } from '../storage/originals.ts';
import { openSecretFile } from '../storage/secret-store.ts';
import type { CircleNews } from './circle.ts';
import type { OpenedCircle, RenewalReason } from './open-circle.ts';
import { openCircles, type CirclesOptions, type OpenedCircles } from './open-circles.ts';

let root: string;
const open: OpenedCircles[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'workbench-circles-'));
});
afterEach(async () => {
  for (const circles of open.splice(0)) await circles.close();
  await rm(root, { recursive: true });
});

async function start(name: string, more: Partial<CirclesOptions> = {}): Promise<OpenedCircles> {
  const circles = await openCircles({
    folder: join(root, name, 'circles'),
    secrets: await openSecretFile(join(root, name, 'secrets.json')),
    blobs: createOriginals(join(root, name, 'originals')),
    identity: () => ({ name: `Person ${name}`, delegation: `Land ${name}`, language: 'en' }),
    random: (length) => new Uint8Array(randomBytes(length)),
    now: () => 1_700_000_000_000,
    ...more,
  });
  open.push(circles);
  return circles;
}
async function stop(circles: OpenedCircles): Promise<void> {
  open.splice(open.indexOf(circles), 1);
  await circles.close();
}

async function founder(name: string): Promise<OpenedCircles> {
  await mkdir(join(root, name), { recursive: true });
  const circles = await start(name);
  await circles.create({ name: 'Mine', personal: true });
  return circles;
}

async function joined(name: string, other: OpenedCircle): Promise<{ circles: OpenedCircles; circle: OpenedCircle }> {
  const circles = await founder(name);
  const circle = await circles.join({ circle: other.id, name: other.name(), ...accessOf(other) });
  return { circles, circle };
}
function accessOf(circle: OpenedCircle) {
  return { founder: circle.fold.founder() ?? circle.replica, ...circle.keys.current() };
}

/** Everything of one circle, as any remote would hand it over. */
async function everything(circle: OpenedCircle): Promise<StoredChange[]> {
  const found: StoredChange[] = [];
  for (const tip of circle.fold.tips()) {
    for (let hash: ChangeHash | null = tip; hash !== null;) {
      const stored: StoredChange = await circle.readChange(hash);
      found.push(stored);
      hash = stored.skeleton.prev;
    }
  }
  return found;
}

function note(circle: OpenedCircle, body: string, record: RecordId = circle.newId()): IntendedOp {
  return { record, type: 'annotation', field: 'body', over: overHeads(circle.fold, record, 'body'), value: body };
}

describe('circles of a profile', () => {
  it('founds a circle whose root, device card, person and confirmation are in the log, and opens it again', async () => {
    const circles = await founder('a');
    const circle = await circles.create({ name: 'Region' });
    expect(circle.name()).toBe('Region');
    expect(circle.personal).toBe(false);
    expect(circles.personal().name()).toBe('Mine');
    expect(circle.fold.founder()).toBe(circle.replica);
    expect(circle.fold.administrators()).toEqual([circle.person]);
    const me = { person: circle.person, name: 'Person a', delegation: 'Land a', confirmed: true, me: true };
    expect(circle.authorOf(circle.replica)).toEqual(me);
    const card = await circle.readChange((await everything(circle)).at(-2)!.skeleton.prev!);
    expect(card.skeleton.ops.map((op) => `${op.type}.${op.field}`)).toEqual([
      'device.person',
      'device.signingKey',
      'device.sealingKey',
    ]);
    const before = circle.fold.snapshot();
    const keys = circle.keys.current();
    await stop(circles);

    const again = (await start('a')).get(circle.id);
    expect(again.fold.snapshot()).toEqual(before);
    expect(again.keys.current()).toEqual(keys);
    expect(again.replica).toBe(circle.replica);
    expect(again.findings).toEqual([]);
  });

  it('writes, announces and keeps many changes at once, in the order they were asked for', async () => {
    const circles = await founder('a');
    const circle = circles.personal();
    const news: CircleNews[] = [];
    circles.onChanged((each) => news.push(each));
    const record = circle.newId();
    const hashes = await Promise.all([
      circle.write([note(circle, 'one', record)]),
      ...Array.from({ length: 50 }, (_, index) => circle.write([note(circle, `n${index}`)])),
    ]);
    expect(new Set(hashes).size).toBe(51);
    expect(news.flatMap((each) => each.records)).toContain(record);
    expect(news.every((each) => each.origin === 'own' && each.circle === circle.id)).toBe(true);
    expect(circles.holding(record)).toBe(circle);
    expect(circles.holding(circle.newId())).toBe(undefined);
    expect((await circle.readChange(hashes[1]!)).skeleton.prev).toBe(hashes[0]);
    expect(circle.fold.gaps()).toEqual([]);
    expect(circle.fold.forks()).toEqual([]);
    expect(circle.fold.tips()).toEqual([hashes.at(-1)]);
  });

  it('joins a circle, takes in what others wrote, skips what it knows, and says who wrote what', async () => {
    const one = await founder('a');
    const a = await one.create({ name: 'Region' });
    const { circles, circle: b } = await joined('b', a);
    expect(b.name()).toBe('Region');
    expect(b.keys.current()).toEqual(a.keys.current());
    await a.write([note(a, 'from a')]);
    const news: CircleNews[] = [];
    b.onChanged((each) => news.push(each));
    const all = await everything(a);
    expect(await b.receive(all)).toEqual({ added: all.length });
    expect(await b.receive(all)).toEqual({ added: 0 });
    expect(news.map((each) => each.origin)).toEqual(['partner']);
    await a.receive(await everything(b));
    expect(b.fold.snapshot()).toEqual(a.fold.snapshot());
    expect(b.authorOf(a.replica)).toMatchObject({ name: 'Person a', delegation: 'Land a', confirmed: true, me: false });
    expect(a.authorOf(b.replica)).toMatchObject({ name: 'Person b', confirmed: false, me: false });
    await expect(circles.join({ circle: a.id, name: 'Region', ...accessOf(a) })).rejects.toMatchObject({
      code: 'circle-exists',
    });
  });

  it('refuses what the writer may not write, and keeps nothing of it', async () => {
    const a = await (await founder('a')).create({ name: 'Region' });
    const record = a.newId();
    await a.write([note(a, 'mine', record)]);
    const { circle: b } = await joined('b', a);
    await b.receive(await everything(a));
    const before = b.fold.snapshot();
    await expect(b.write([note(b, 'yours', record)])).rejects.toMatchObject({ code: 'not-allowed' });
    await expect(b.write([])).rejects.toMatchObject({ code: 'invalid-input' });
    expect(b.fold.snapshot()).toEqual(before);
  });

  it('refuses changes that are damaged or of another circle, whole', async () => {
    const one = await founder('a');
    const a = await one.create({ name: 'Region' });
    const { circle: b } = await joined('b', a);
    const all = await everything(a);
    const changed = { ...all[0]!, values: all[0]!.values.map((value) => value && { ...value, value: 'other' }) };
    await expect(b.receive([...all.slice(1), changed])).rejects.toMatchObject({ code: 'object-damaged' });
    await expect(b.receive(await everything(one.personal()))).rejects.toMatchObject({ code: 'object-forged' });
    expect(b.fold.has(a.fold.tips()[0]!)).toBe(false);
  });

  it('writes a new name into every circle', async () => {
    const circles = await founder('a');
    const region = await circles.create({ name: 'Region' });
    await circles.introduce({ name: 'New', delegation: 'Elsewhere', language: 'fr' });
    for (const circle of [region, circles.personal()]) {
      expect(circle.authorOf(circle.replica)).toMatchObject({ name: 'New', delegation: 'Elsewhere', confirmed: true });
    }
    const before = region.fold.stats().changes;
    await circles.introduce({ name: 'New', delegation: 'Elsewhere', language: 'fr' });
    expect(region.fold.stats().changes).toBe(before);
  });

  it('runs the hooks before an exchange and before closing', async () => {
    const circles = await founder('a');
    const seen: string[] = [];
    const dispose = circles.beforeExchange(async (circle) => void seen.push(circle.id));
    const { id } = circles.personal();
    await circles.prepareExchange(circles.personal());
    await stop(circles);
    expect(seen).toEqual([id, id]);
    dispose();
  });

  it('goes on where it was when the making of a circle was interrupted', async () => {
    const circles = await founder('a');
    const { id } = circles.personal();
    await stop(circles);
    const log = join(root, 'a', 'circles', id, 'changes.log');
    const bytes = await readFile(log);
    for (const kept of [0, 30, bytes.length >> 1]) {
      await writeFile(log, bytes.subarray(0, kept));
      const again = await start('a');
      expect(again.personal().authorOf(again.personal().replica)).toMatchObject({ name: 'Person a', confirmed: true });
      expect(again.personal().name()).toBe('Mine');
      await stop(again);
    }
  });
});

describe('a profile that was copied or put back', () => {
  const renewals: RenewalReason[] = [];
  const onRenewed = (_circle: OpenedCircle, reason: RenewalReason) => void renewals.push(reason);
  beforeEach(() => void renewals.splice(0));

  it('goes on under a new replica that names the last change it held, and stays the same person', async () => {
    const circles = await founder('a');
    const circle = await circles.create({ name: 'Region' });
    const mine = circle.newId();
    const last = await circle.write([note(circle, 'before', mine)]);
    await stop(circles);
    await cp(join(root, 'a'), join(root, 'copy'), { recursive: true });

    const original = (await start('a')).get(circle.id);
    const copies = await start('copy', {
      copied: true,
      onRenewed,
      identity: () => ({ name: 'Person a', delegation: 'Land a', language: 'en' }),
    });
    const copy = copies.get(circle.id);
    expect(renewals).toEqual(['profile-copied', 'profile-copied']);
    expect(copy.replica).not.toBe(circle.replica);
    const card = (await everything(copy)).find(
      (change) => change.skeleton.replica === copy.replica && change.skeleton.seq === 1,
    )!;
    const continues = card.skeleton.ops.findIndex((op) => op.field === 'continues');
    expect(card.values[continues]?.value).toBe(last);
    expect(copy.person).toBe(original.person);
    expect(copy.signers().map((signer) => signer.replica)).toEqual([copy.replica, circle.replica]);

    // Both branches are valid and belong to the same person: each may change what the other made.
    await copy.write([note(copy, 'changed in the copy', mine)]);
    await original.write([note(original, 'changed in the original', mine)]);
    await original.receive(await everything(copy));
    await copy.receive(await everything(original));
    expect(original.fold.snapshot()).toEqual(copy.fold.snapshot());
    expect(original.fold.forks()).toEqual([]);
    expect(
      original.fold
        .field(mine, 'body')
        ?.values.map(({ value }) => value)
        .sort(),
    ).toEqual(['changed in the copy', 'changed in the original']);
    expect(original.authorOf(copy.replica)).toMatchObject({ me: true, name: 'Person a', confirmed: true });
  });

  it('is recognised when its own later changes come back from a partner', async () => {
    const circles = await founder('a');
    const circle = await circles.create({ name: 'Region' });
    await circle.write([note(circle, 'first')]);
    await stop(circles);
    await cp(join(root, 'a'), join(root, 'backup'), { recursive: true });
    const later = await start('a');
    await later.get(circle.id).write([note(later.get(circle.id), 'second')]);
    const all = await everything(later.get(circle.id));
    await stop(later);
    await rm(join(root, 'a'), { recursive: true });
    await cp(join(root, 'backup'), join(root, 'a'), { recursive: true });

    const restored = (await start('a', { onRenewed })).get(circle.id);
    expect(restored.replica).toBe(circle.replica);
    await restored.receive(all);
    expect(renewals).toEqual(['published-change-missing']);
    expect(restored.replica).not.toBe(circle.replica);
    await restored.write([note(restored, 'third')]);
    expect(restored.fold.forks()).toEqual([]);
  });

  it('is recognised when the log lost a change that a remote was given', async () => {
    const circles = await founder('a');
    const circle = circles.personal();
    const log = join(root, 'a', 'circles', circle.id, 'changes.log');
    const published = await circle.write([note(circle, 'published')]);
    await circle.notePublished(published);
    await stop(circles);
    const bytes = await readFile(log);
    await writeFile(log, bytes.subarray(0, bytes.length - 5));
    const again = await start('a', { onRenewed });
    expect(renewals).toEqual(['published-change-missing']);
    expect(again.personal().findings.map((finding) => finding.code)).toEqual(['tail-torn']);
    expect(again.personal().replica).not.toBe(circle.replica);
    expect((await readdir(join(root, 'a', 'circles', circle.id))).some((name) => name.includes('.torn-'))).toBe(true);
  });
});

describe('files of a circle that are damaged', () => {
  it('are named, and nothing is written under a foreign name', async () => {
    const circles = await founder('a');
    const { id, replica, person, newId } = circles.personal();
    const mine = newId();
    await stop(circles);
    const path = join(root, 'a', 'circles', id, 'circle.json');
    const whole = await readFile(path, 'utf8');
    const log = await readFile(join(root, 'a', 'circles', id, 'changes.log'));
    const other = (of: string): string => (of.startsWith('a') ? `b${of.slice(1)}` : `a${of.slice(1)}`);
    for (const [damaged, reason] of [
      [whole.replace(`"person": "${person}"`, `"person": "${other(mine)}"`), 'person'],
      [whole.replace(/"root": "[a-z2-7]{26}/, `"root": "${other(replica)}`), 'root'],
      [whole.slice(1), 'it is no JSON'],
    ] as const) {
      expect(damaged).not.toBe(whole);
      await writeFile(path, damaged);
      await expect(start('a')).rejects.toMatchObject({
        code: 'storage-damaged',
        message: `${path} is damaged (${reason}). The log beside it is untouched; restore this file from a backup of the profile.`,
      });
    }
    await writeFile(path, whole);
    const secrets = join(root, 'a', 'secrets.json');
    const keys = await readFile(secrets, 'utf8');
    const flipped = keys.replace(
      /(-signing": ")(.)/,
      (_, name: string, first: string) => name + (first === 'A' ? 'B' : 'A'),
    );
    await writeFile(secrets, flipped);
    await expect(start('a')).rejects.toMatchObject({ code: 'storage-damaged' });
    expect(await readFile(join(root, 'a', 'circles', id, 'changes.log'))).toEqual(log);
  });
});
