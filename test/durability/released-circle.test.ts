/**
 * A circle of the first release, as it was left: its key changed twice, a device removed, which went on writing, and an
 * erasure. Logs, folder, bundle, sealed profile, backup, invitations, device code and session log of it open for ever;
 * `test/fixtures/circle-format-1/write.ts` shows how they were made, and nothing of them is made anew.
 */
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyText } from '../../electron/services/circles/replica-keys.ts';
import { createSealingCrypto } from '../../electron/services/exchange/sealing.ts';
import { createDeriveKey } from '../../electron/services/protection/derive-key.ts';
import { openChangeLog } from '../../electron/services/storage/change-log-file.ts';
import { openWorkbench, type Workbench } from '../../electron/services/workbench.ts';
import type { WorkbenchClient } from '../../shared/contract/contract.ts';
import type { CircleId, RecordId, ReplicaId } from '../../shared/ids.ts';
import { canonical } from '../../shared/records/canonical.ts';
import { createFold } from '../../shared/records/fold.ts';
import { openInvitation, readInvitation } from '../../shared/sync/invitation.ts';
import { readHeader } from '../../shared/sync/object-format.ts';
import { prefixes } from '../../shared/sync/object-name.ts';
import { projectFolder } from '../fakes/temp-workbench.ts';

const fixture = join(projectFolder, 'test/fixtures/circle-format-1');
const text = (name: string): Promise<string> => readFile(join(fixture, name), 'utf8');
const passphrase = 'the river is high';

interface Expected {
  readonly circle: CircleId;
  readonly removed: ReplicaId;
  readonly document: string;
  readonly session: RecordId;
  readonly key: readonly number[];
  readonly snapshot: unknown;
}
const { snapshot, ...expected } = JSON.parse(await text('expected.json')) as Expected;
const { circle } = expected;

let root: string;
const open: Workbench[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'workbench-released-'));
});
afterEach(async () => {
  for (const workbench of open.splice(0)) await workbench.close();
  await rm(root, { recursive: true, force: true });
});

interface Desk {
  readonly workbench: Workbench;
  readonly client: WorkbenchClient;
}

async function sit(name: string, secret?: { readonly passphrase: string }): Promise<Desk> {
  const workbench = await openWorkbench({
    profileFolder: join(root, name),
    programFolder: projectFolder,
    shell: 'memory',
    background: false,
    ...(secret ? { secret } : {}),
  });
  open.push(workbench);
  return { workbench, client: workbench.client({ namesPaths: true }) };
}

async function newcomer(): Promise<Desk> {
  const desk = await sit('newcomer');
  await desk.client.profile.setUp({ name: 'Dalia', delegation: 'Egypt', language: 'en' });
  return desk;
}

const grantOf = async ({ workbench }: Desk, name: string): Promise<string> =>
  workbench.grants.forBytes(name, await readFile(join(fixture, name)));

/** The circle's folder, in a copy that may be written. */
async function folderFor({ workbench }: Desk): Promise<string> {
  await cp(join(fixture, 'shared'), join(root, 'shared'), { recursive: true });
  return workbench.grants.forPath(join(root, 'shared'));
}

/** All that whoever takes part in the circle sees of it. */
async function expectWhole({ client }: Desk): Promise<void> {
  const { drafts } = await client.drafts.list({});
  const titles = drafts.filter((draft) => draft.circle === circle && !draft.removed).map(({ title }) => title);
  expect(titles.sort()).toEqual(['Before the removal', 'Of the first key', 'Of the second key', 'Of the third key']);
  const first = drafts.find(({ title }) => title === 'Of the first key')!;
  const { blocks } = await client.drafts.open({ draft: first.id });
  expect(JSON.stringify(blocks[0]!.content)).toContain('Sealed with the first key — ما بعد');

  const view = (await client.circles.list({})).circles.find(({ id }) => id === circle)!;
  expect(view.name).toBe('Région arabe 阿拉伯');
  const devices = view.members.flatMap(({ deviceList }) => deviceList);
  expect(devices.find(({ replica }) => replica === expected.removed)).toMatchObject({
    state: 'removed',
    removal: { by: 'Amina', reason: 'The laptop is lost.' },
    setAside: { changes: 2 },
  });
  const { erasures } = await client.circles.erasureStatus({ circle });
  expect(erasures).toMatchObject([{ by: 'Bashir', reason: 'A wrong draft.' }]);
  expect((await client.annotations.list({ document: expected.document as never })).annotations).toMatchObject([
    { body: 'Ask for terrestrial access too.' },
  ]);
  expect((await client.room.open({ session: expected.session })).entries).toMatchObject([{ label: '12' }]);
}

describe('a circle of format 1', () => {
  it('[RC52] its log opens to the same state, with removal, epochs and erasure', async () => {
    await cp(join(fixture, 'changes.log'), join(root, 'changes.log'));
    const { log, changes, findings } = await openChangeLog(join(root, 'changes.log'), circle);
    await log.close();
    const fold = createFold({ circle, verify: verifyText });
    fold.addAll(changes.map(({ change }) => change));
    expect(findings).toEqual([]);
    expect(JSON.parse(canonical(fold.snapshot()))).toEqual(snapshot);
    expect(fold.epochs().map(({ keys }) => keys.size)).toEqual([2, 2]);
    expect(fold.removals()).toMatchObject([{ replica: expected.removed }]);
    expect(fold.limitOf(expected.removed)).toMatchObject({ reason: 'removed' });
    expect(fold.erasures()).toHaveLength(1);
    expect(fold.stats().erased).toBeGreaterThan(0);
  });

  it('[SY84] its folder is joined with the key of now, and everything of earlier keys is read', async () => {
    const desk = await newcomer();
    const folder = await folderFor(desk);
    const view = await desk.client.circles.join({ invitation: await text('invitation.txt'), folder });
    expect(view.setAside.map(({ code }) => code)).toEqual(['removed-device']);
    await expectWhole(desk);
    expect((await desk.client.circles.verify({})).findings).toEqual([]);
  });

  it('[SY73] a bundle of it brings everything alone', async () => {
    const desk = await newcomer();
    const bundles = [await grantOf(desk, 'region.dwbundle')];
    await desk.client.circles.join({ invitation: await text('invitation.txt'), bundles });
    await expectWhole(desk);
  });

  it('opens a profile that its passphrase seals, and goes on exchanging', async () => {
    await cp(join(fixture, 'profile'), join(root, 'bashir'), { recursive: true });
    const desk = await sit('bashir', { passphrase });
    expect(await desk.client.protection.status({})).toMatchObject({ locked: false, by: 'passphrase' });
    expect(await desk.client.profile.status({})).toMatchObject({ name: 'Bashir', delegation: 'Jordan' });
    await expectWhole(desk);
    const channel = { kind: 'folder', folder: await folderFor(desk) } as const;
    const { channels } = (await desk.client.circles.list({})).circles.find(({ id }) => id === circle)!;
    const view = await desk.client.circles.connect({ circle, channel, replaces: channels[0]!.id });
    expect(view).toMatchObject({ state: 'in-step', unsentChanges: 0 });
    expect((await desk.client.circles.verify({})).findings).toEqual([]);
  });

  it('restores a backup of an unsealed profile by its passphrase', async () => {
    const desk = await sit('restored');
    await desk.client.protection.restore({ file: await grantOf(desk, 'founder.dwbackup'), passphrase });
    expect(await desk.client.profile.status({})).toMatchObject({ name: 'Amina', delegation: 'Uganda' });
    await expectWhole(desk);
  });

  it('[SY44] [SY45] reads its invitations of format 2, in the clear and under a passphrase', async () => {
    const content = {
      circle,
      key: Uint8Array.from(expected.key),
      name: 'Région arabe 阿拉伯',
      by: 'Amina',
      channels: [
        { kind: 'hub', settings: { url: 'https://hub.example', token: 'one use' } },
        { kind: 'of a later release', settings: { place: 'somewhere' } },
      ],
    };
    expect(readInvitation(await text('invitation-format-2.txt'))).toMatchObject(content);
    const tools = { crypto: await createSealingCrypto(), deriveKey: createDeriveKey() };
    const wrapped = await text('invitation-format-2-wrapped.txt');
    expect(await openInvitation(wrapped, passphrase, tools)).toMatchObject(content);
  });

  it('[SY47] lets a device in by its code', async () => {
    const desk = await sit('second');
    await desk.client.companions.join({ code: await text('device-code.txt'), passphrase });
    const channel = { kind: 'folder', folder: await folderFor(desk) } as const;
    await desk.client.circles.connect({ circle, channel });
    await expectWhole(desk);
    const { members } = (await desk.client.circles.list({})).circles.find(({ id }) => id === circle)!;
    expect(members.find(({ me }) => me)).toMatchObject({ name: 'Bashir' });
  });

  it('takes in a session log as another machine wrote it', async () => {
    const desk = await newcomer();
    const { client } = desk;
    const file = await grantOf(desk, 'second-reading.dwsession');
    const { session, added, from } = await client.room.importLog({ session: null, file });
    expect({ added, from }).toEqual({ added: 1, from: 'Amina' });
    const { head, entries } = await client.room.open({ session });
    expect(head.summary).toMatchObject({ title: 'Second reading', body: 'Committee', timeZone: 'Europe/Zurich' });
    expect(entries).toMatchObject([
      { line: 'fra 12 support as drafted', position: 'support', takenBy: 'Amina', speaker: { id: 'FRA' } },
    ]);
  });

  it('has heads, segments, a relay, receipts and an original, under three keys', async () => {
    const crypto = await createSealingCrypto();
    const kinds = new Set<string>();
    for (const prefix of prefixes) {
      for (const name of await readdir(join(fixture, 'shared', prefix))) {
        const frame = readHeader(await readFile(join(fixture, 'shared', prefix, name)), crypto);
        if (!frame.ok) throw new Error(frame.problem.message);
        kinds.add(frame.header.kind);
        kinds.add(`epoch of generation ${Math.floor(frame.header.epoch / 2 ** 20)}`);
      }
    }
    const epochs = [0, 1, 2].map((generation) => `epoch of generation ${generation}`);
    expect([...kinds].sort()).toEqual(['blob', ...epochs, 'head', 'receipt', 'relay', 'segment']);
  });
});
