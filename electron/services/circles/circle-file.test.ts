import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTempWorkbench, type TempWorkbench } from '../../../test/fakes/temp-workbench.ts';
import { circleFileFormat, readCircleFile } from './circle-file.ts';

let desk: TempWorkbench;
let shared: string;
beforeEach(async () => {
  desk = await createTempWorkbench();
  shared = await mkdtemp(join(tmpdir(), 'workbench-shared-'));
});
afterEach(async () => {
  await desk.dispose();
  await rm(shared, { recursive: true, force: true });
});

describe('circle.json of the first format', () => {
  it('opens with its folder as its one channel, and goes on from what was remembered of that', async () => {
    const { client, workbench } = desk;
    const { id } = await client.circles.create({ name: 'Region', folder: workbench.grants.forPath(shared) });
    await workbench.close();
    const folder = join(desk.folder, 'profile', 'circles', id);
    const {
      channels,
      paused: _paused,
      ...rest
    } = JSON.parse(await readFile(join(folder, 'circle.json'), 'utf8')) as {
      channels: unknown[];
      paused: boolean;
    };
    expect(channels).toEqual([{ id: 'first', kind: 'folder', path: shared }]);
    await writeFile(
      join(folder, 'circle.json'),
      JSON.stringify({ ...rest, format: 1, remote: { kind: 'folder', path: shared } }),
    );
    expect(await readCircleFile(folder)).toMatchObject({ format: circleFileFormat, channels, paused: false });
    desk = await desk.reopen();
    const view = (await desk.client.circles.list({})).circles.find((each) => each.id === id);
    expect(view).toMatchObject({ state: 'in-step', remote: shared, unsentChanges: 0 });
  });

  it('keeps channels of kinds that this version does not know', async () => {
    const { client, workbench } = desk;
    const { id } = await client.circles.create({ name: 'Region', folder: workbench.grants.forPath(shared) });
    await workbench.close();
    const path = join(desk.folder, 'profile', 'circles', id, 'circle.json');
    const file = JSON.parse(await readFile(path, 'utf8')) as { channels: object[] };
    const later = { id: 'abc', kind: 'carrier-pigeon', loft: 'north' };
    await writeFile(path, JSON.stringify({ ...file, channels: [...file.channels, later] }));
    desk = await desk.reopen();
    await desk.client.circles.pause({ circle: id });
    expect((JSON.parse(await readFile(path, 'utf8')) as { channels: object[] }).channels).toContainEqual(later);
  });
});
