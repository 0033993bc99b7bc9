/** Devices that are removed, keys that change, and values that are erased: between whole workbenches, through a folder. */
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compression, createSealingCrypto } from '../electron/services/exchange/sealing.ts';
import { openProfile } from '../electron/services/profile/profile.ts';
import { openWorkbench, type Workbench } from '../electron/services/workbench.ts';
import type { WorkbenchClient } from '../shared/contract/contract.ts';
import type { CircleId, ReplicaId } from '../shared/ids.ts';
import { openObject } from '../shared/sync/object-format.ts';
import { projectFolder } from './fakes/temp-workbench.ts';

interface Desk {
  readonly name: string;
  readonly workbench: Workbench;
  readonly client: WorkbenchClient;
}

let root: string;
let folder: string;
const desks = new Map<string, Desk>();

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'workbench-keys-'));
  folder = join(root, 'shared');
  await mkdir(folder);
});
afterEach(async () => {
  for (const { workbench } of desks.values()) await workbench.close();
  desks.clear();
  await rm(root, { recursive: true, force: true });
});

async function sit(name: string): Promise<Desk> {
  const workbench = await openWorkbench({
    profileFolder: join(root, name),
    programFolder: projectFolder,
    shell: 'memory',
    background: false,
    machine: 'test',
  });
  const client = workbench.client({ namesPaths: true });
  const desk = { name, workbench, client };
  desks.set(name, desk);
  const { setUp } = await client.profile.status({});
  if (!setUp) await client.profile.setUp({ name, delegation: `Delegation of ${name}`, language: 'en' });
  return desk;
}

async function stand({ name, workbench }: Desk): Promise<void> {
  desks.delete(name);
  await workbench.close();
}

const grant = ({ workbench }: Desk): string => workbench.grants.forPath(folder);
const sync = ({ client }: Desk) => client.circles.sync({});

async function view({ client }: Desk, circle: CircleId) {
  return (await client.circles.list({})).circles.find(({ id }) => id === circle)!;
}

async function found(desk: Desk): Promise<CircleId> {
  return (await desk.client.circles.create({ name: 'Region', folder: grant(desk) })).id;
}

async function invite(by: Desk, circle: CircleId): Promise<string> {
  return (await by.client.circles.invite({ circle })).invitation;
}

async function join_(desk: Desk, invitation: string): Promise<void> {
  await desk.client.circles.join({ invitation, folder: grant(desk) });
}

async function write({ client }: Desk, circle: CircleId, title: string): Promise<void> {
  await client.drafts.create({ template: 'blank', title, circle });
}

async function titles({ client }: Desk, circle: CircleId): Promise<string[]> {
  const { drafts } = await client.drafts.list({});
  return drafts
    .filter((draft) => draft.circle === circle)
    .map(({ title }) => title)
    .sort();
}

async function deviceOf(desk: Desk, circle: CircleId, name: string): Promise<ReplicaId> {
  const member = (await view(desk, circle)).members.find((each) => each.name === name)!;
  return member.deviceList[0]!.replica;
}

async function objects(): Promise<Map<string, Uint8Array>> {
  const [place] = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('circle'));
  const base = join(folder, place === undefined ? '' : place.slice(0, -'circle'.length));
  const all = new Map<string, Uint8Array>();
  for (const prefix of ['heads', 'segments', 'receipts', 'blobs']) {
    for (const name of await readdir(join(base, prefix)).catch(() => [])) {
      all.set(`${prefix}/${name}`, new Uint8Array(await readFile(join(base, prefix, name))));
    }
  }
  return all;
}

/** Everything that a profile folder opens of these objects, as text, with every key it holds or can unseal. */
async function readableBy(name: string, circle: CircleId, given: ReadonlyMap<string, Uint8Array>): Promise<string> {
  const profile = await openProfile({
    folder: join(root, name),
    random: (length) => new Uint8Array(length),
    now: Date.now,
    machine: 'test',
  });
  try {
    const { keys } = profile.circles.get(circle);
    const crypto = await createSealingCrypto();
    const opener = { crypto, compression, circle, keyOf: (epoch: number) => keys.ofEpoch(epoch) };
    let text = '';
    for (const [object, bytes] of given) {
      const opened = openObject(bytes, object, opener);
      if (opened.ok) text += new TextDecoder().decode(opened.body);
    }
    return text;
  } finally {
    await profile.close();
  }
}

describe('a removed device', () => {
  it('[SY80] [SY81] reads nothing that is put from then on, with everything it ever had', async () => {
    const [ana, ben, cho] = [await sit('ana'), await sit('ben'), await sit('cho')];
    const circle = await found(ana);
    for (const desk of [ben, cho]) await join_(desk, await invite(ana, circle));
    await write(cho, circle, 'Before the theft');
    for (const desk of [cho, ana, ben]) await sync(desk);
    const before = new Set((await objects()).keys());

    const removed = await ana.client.circles.removeDevice({
      circle,
      device: await deviceOf(ana, circle, 'cho'),
      reason: 'The laptop was stolen.',
    });
    expect(removed.members.find(({ name }) => name === 'cho')!.deviceList).toMatchObject([
      { state: 'removed', removal: { by: 'ana', reason: 'The laptop was stolen.' }, hasKey: false },
    ]);
    await write(ana, circle, 'Secret of Ana');
    await sync(ana);
    // Ben hears of it and writes in one and the same exchange.
    await write(ben, circle, 'Secret of Ben');
    await sync(ben);
    await sync(ana);
    for (const desk of [ana, ben]) {
      expect(await titles(desk, circle)).toEqual(['Before the theft', 'Secret of Ana', 'Secret of Ben']);
    }
    const put = new Map([...(await objects())].filter(([name]) => !before.has(name)));

    await sync(cho);
    expect(await titles(cho, circle)).toEqual(['Before the theft']);
    const seen = await view(cho, circle);
    expect(seen.setAside.map(({ code }) => code)).toContain('device-removed');
    await stand(cho);
    const text = await readableBy('cho', circle, put);
    expect(text).not.toMatch(/Secret/);
    await stand(ben);
    expect(await readableBy('ben', circle, put)).toMatch(
      /Secret of Ana[^]*Secret of Ben|Secret of Ben[^]*Secret of Ana/,
    );
  }, 60_000);
});
