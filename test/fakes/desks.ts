/** Several people with whole workbenches of their own, and one shared folder between them. */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { openWorkbench, type Workbench } from '../../electron/services/workbench.ts';
import type { WorkbenchClient } from '../../shared/contract/contract.ts';
import type { CircleId, ReplicaId } from '../../shared/ids.ts';
import { projectFolder } from './temp-workbench.ts';

export interface Desk {
  readonly name: string;
  readonly workbench: Workbench;
  readonly client: WorkbenchClient;
}

/** A room with desks, made anew for each test of the file that asks for it. */
export function useDesks(prefix: string) {
  const desks = new Map<string, Desk>();
  const place = { root: '', folder: '' };
  /** What every clock in the room is ahead. */
  let aheadMs = 0;

  beforeEach(async () => {
    place.root = await mkdtemp(join(tmpdir(), prefix));
    place.folder = join(place.root, 'shared');
    aheadMs = 0;
    await mkdir(place.folder);
  });
  afterEach(async () => {
    for (const { workbench } of desks.values()) await workbench.close();
    desks.clear();
    await rm(place.root, { recursive: true, force: true });
  });

  /** A profile in which nobody may work yet. */
  async function arrive(name: string): Promise<Desk> {
    const workbench = await openWorkbench({
      profileFolder: join(place.root, name),
      programFolder: projectFolder,
      shell: 'memory',
      background: false,
      machine: 'test',
      clock: {
        now: () => Date.now() + aheadMs,
        after(delayMs, run) {
          const timer = setTimeout(run, delayMs);
          return () => clearTimeout(timer);
        },
      },
    });
    const client = workbench.client({ namesPaths: true });
    const desk = { name, workbench, client };
    desks.set(name, desk);
    return desk;
  }

  async function sit(name: string): Promise<Desk> {
    const desk = await arrive(name);
    const { client } = desk;
    const { setUp } = await client.profile.status({});
    if (!setUp) await client.profile.setUp({ name, delegation: `Delegation of ${name}`, language: 'en' });
    return desk;
  }

  async function stand({ name, workbench }: Desk): Promise<void> {
    desks.delete(name);
    await workbench.close();
  }

  const grant = ({ workbench }: Desk, path = place.folder): string => workbench.grants.forPath(path);

  async function view({ client }: Desk, circle: CircleId) {
    return (await client.circles.list({})).circles.find(({ id }) => id === circle)!;
  }

  return {
    place,
    arrive,
    sit,
    stand,
    grant,
    view,
    advance: (byMs: number) => void (aheadMs += byMs),
    sync: ({ client }: Desk) => client.circles.sync({}),
    async found(desk: Desk): Promise<CircleId> {
      return (await desk.client.circles.create({ name: 'Region', folder: grant(desk) })).id;
    },
    async invite(by: Desk, circle: CircleId): Promise<string> {
      return (await by.client.circles.invite({ circle })).invitation;
    },
    async join(desk: Desk, invitation: string, path = place.folder): Promise<void> {
      await desk.client.circles.join({ invitation, folder: grant(desk, path) });
    },
    async write({ client }: Desk, circle: CircleId, title: string): Promise<void> {
      await client.drafts.create({ template: 'blank', title, circle });
    },
    async titles({ client }: Desk, circle: CircleId): Promise<string[]> {
      const { drafts } = await client.drafts.list({});
      return drafts
        .filter((draft) => draft.circle === circle && !draft.removed)
        .map(({ title }) => title)
        .sort();
    },
    async deviceOf(desk: Desk, circle: CircleId, name: string): Promise<ReplicaId> {
      const member = (await view(desk, circle)).members.find((each) => each.name === name)!;
      return member.deviceList[0]!.replica;
    },
    async codes(desk: Desk, circle: CircleId): Promise<string[]> {
      return (await view(desk, circle)).setAside.map(({ code }) => code);
    },
    /** Where the objects of the one circle in a folder lie. */
    async storeIn(path = place.folder): Promise<string> {
      const names = await readdir(path, { recursive: true });
      return join(path, names.find((name) => /(^|\/)circle$/.test(name))!.slice(0, -'circle'.length));
    },
    /** The files of a bundle for everybody. */
    async bundle(from: Desk, circle: CircleId, maxBytes: number | null = null) {
      const { files } = await from.client.circles.writeBundle({ circle, person: null, maxBytes });
      return Promise.all(files.map(({ file }) => from.workbench.grants.readFile(file)));
    },
    async takeIn(desk: Desk, file: { readonly name: string; readonly bytes: Uint8Array }) {
      return desk.client.circles.importBundle({ file: desk.workbench.grants.forBytes(file.name, file.bytes) });
    },
  };
}
