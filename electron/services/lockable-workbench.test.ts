import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createGrants } from './files/grants.ts';
import { openLockableWorkbench, type LockableOptions } from './lockable-workbench.ts';
import { openProfile } from './profile/profile.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workbench-lockable-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('opens a profile whose unfinished backups cannot be looked for, and says so', async () => {
  // A folder that nobody may list would do, but not where tests run as root.
  await writeFile(join(folder, 'cache'), 'not a folder');
  const random = (lengthBytes: number): Uint8Array => new Uint8Array(randomBytes(lengthBytes));
  const now = (): number => 1_700_000_000_000;
  const profile = await openProfile({ folder, random, now });
  const nobody = {} as never;
  const options: LockableOptions = {
    ...{ folder, now, grants: createGrants({ random, clock: now }) },
    ...{ files: nobody, filesWithPaths: nobody, tools: nobody, secret: undefined, listen: null },
    appearance: async () => null,
    open: async () => ({ profile, services: nobody, announceTo: () => undefined, close: () => profile.close() }),
  };
  const workbench = await openLockableWorkbench(options);
  expect(profile.notices()).toMatchObject([{ code: 'leftovers-stay', message: expect.stringContaining(folder) }]);
  await workbench.close();
});
