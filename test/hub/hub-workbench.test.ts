/** Whole workbenches on a hub: set up, invite, join, hear of an edit at once, remove a device. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { WorkbenchClient } from '../../shared/contract/contract.ts';
import { openWorkbench, type WorkbenchClock } from '../../electron/services/workbench.ts';
import { projectFolder } from '../fakes/temp-workbench.ts';
import { startHubProcess, type HubProcess } from '../servers/hub-process.ts';

// Each workbench and the hub take seconds to open on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

/** Polls and long waits never come: what arrives was pushed. */
const longestDelayMs = 10_000;
const withoutPolls: WorkbenchClock = {
  now: Date.now,
  after(delayMs, run) {
    if (delayMs > longestDelayMs) return () => undefined;
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

const cleanUp: (() => Promise<unknown>)[] = [];
let hub: HubProcess;
beforeAll(async () => {
  hub = await startHubProcess();
  cleanUp.push(() => hub.dispose());
});
afterAll(async () => {
  for (const act of cleanUp.reverse()) await act();
});

async function open(name: string): Promise<WorkbenchClient> {
  const folder = await mkdtemp(join(tmpdir(), 'workbench-hub-test-'));
  const workbench = await openWorkbench({
    profileFolder: join(folder, 'profile'),
    programFolder: projectFolder,
    shell: 'memory',
    background: true,
    clock: withoutPolls,
  });
  cleanUp.push(
    () => rm(folder, { recursive: true, force: true }),
    () => workbench.close(),
  );
  const client = workbench.client();
  await client.profile.setUp({ name, delegation: name, language: 'en' });
  return client;
}

/** Resolves with the circle's view once it is as wanted; views are announced whenever they change. */
function seen(client: WorkbenchClient, isWanted: (view: CircleView) => boolean): Promise<CircleView> {
  return new Promise((resolve, reject) => {
    const look = (circles: readonly CircleView[]): void => {
      const found = circles.find((view) => !view.personal && isWanted(view));
      if (!found) return;
      stop();
      resolve(found);
    };
    const stop = client.circles.on('changed', ({ circles }) => look(circles));
    client.circles.list({}).then(({ circles }) => look(circles), reject);
  });
}

type CircleView = Awaited<ReturnType<WorkbenchClient['circles']['list']>>['circles'][number];

it('[HB17][HB30] two workbenches on a hub hear of each other at once, and a removed one of nothing', async () => {
  const founder = await open('Amal');
  const { id } = await founder.circles.create({ name: 'Région arabe' });
  const connected = await founder.circles.connect({ circle: id, channel: { kind: 'hub', url: hub.url } });
  expect(connected.channels).toMatchObject([{ kind: 'hub', place: hub.url, state: 'in-step', reason: null }]);

  const { invitation } = await founder.circles.invite({ circle: id });
  const partner = await open('Badr');
  expect(await partner.circles.inspectInvitation({ invitation })).toMatchObject({
    channels: [{ kind: 'hub', place: hub.url }],
  });
  const joined = await partner.circles.join({ invitation });
  expect(joined.channels).toMatchObject([{ kind: 'hub', state: 'in-step' }]);
  expect(joined.members).toHaveLength(2);
  await seen(founder, (view) => view.members.length === 2);

  // The same invitation admits nobody else, and says so before anything is written.
  const third = await open('Carla');
  await expect(third.circles.join({ invitation })).rejects.toEqual(
    expect.objectContaining({ code: 'hub-invitation-used' }),
  );
  expect((await third.circles.list({})).circles.filter(({ personal }) => !personal)).toEqual([]);

  for (const client of [founder, partner]) await seen(client, ({ channels }) => channels[0]!.pushes);
  const arrived = new Promise<void>((resolve, reject) => {
    const look = (): void => {
      partner.drafts.list({}).then(({ drafts }) => {
        if (drafts.some(({ title }) => title === 'Reply')) resolve();
      }, reject);
    };
    partner.drafts.on('listChanged', look);
  });
  await founder.drafts.create({ template: 'blank', title: 'Reply', circle: id });
  await arrived;

  const device = (await seen(founder, (view) => view.members.length === 2)).members
    .find(({ me }) => !me)!
    .deviceList.find(({ state }) => state === 'takes-part')!;
  await founder.circles.removeDevice({ circle: id, device: device.replica, reason: 'The laptop was stolen.' });
  const refused = await seen(partner, ({ channels }) => channels[0]!.reason?.code === 'hub-device-removed');
  expect(refused.channels[0]).toMatchObject({ state: 'trouble', pushes: false });
  // What it has stays with it.
  expect((await partner.drafts.list({})).drafts.map(({ title }) => title)).toContain('Reply');
});
