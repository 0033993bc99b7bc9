import { chmod, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startS3, type S3Server } from '../../test/servers/s3.ts';
import { createTempWorkbench, type TempWorkbench } from '../../test/fakes/temp-workbench.ts';
import { parseCommandLine } from './arguments.ts';
import { runCommand } from './run-command.ts';

let desk: TempWorkbench;
let server: S3Server;
beforeEach(async () => {
  server = await startS3();
  desk = await createTempWorkbench();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await desk.dispose();
  await server.stop();
});
const run = (...argv: string[]) => runCommand(desk.client, parseCommandLine(argv));

describe('workbench circle', () => {
  it('connects a circle with a secret from the environment, shows, pauses, resumes and disconnects its channels', async () => {
    vi.stubEnv('WORKBENCH_PASSWORD', server.secretKey);
    await run('circle', 'create', '--name', 'Region');
    const s3 = ['--s3', server.endpoint, '--bucket', server.bucket, '--user', server.accessKey, '--prefix', 'ab'];
    const connected = await run('circle', 'connect', ...s3);
    expect(connected.lines[1]).toContain(`s3  ${server.endpoint}/region-ab/ab  (in-step, 0 unsent)`);
    expect(JSON.stringify(connected)).not.toContain(server.secretKey);
    expect((await run('circle', 'channels')).lines).toEqual(connected.lines);
    expect((await run('circle', 'pause')).lines[0]).toContain('(paused)');
    expect((await run('circle', 'resume')).lines[0]).not.toContain('(paused)');
    const gone = await run('circle', 'disconnect');
    expect(gone.lines[1]).toBe('no channel: exchanged by bundles');
  });

  it('joins through a channel that is named, and says why one cannot be reached', async () => {
    vi.stubEnv('WORKBENCH_PASSWORD', server.secretKey);
    await run('circle', 'create', '--name', 'Region');
    const s3 = ['--s3', server.endpoint, '--bucket', server.bucket, '--user', server.accessKey];
    await run('circle', 'connect', ...s3);
    const invitation = (await run('circle', 'invite')).lines.join('\n');
    const other = await createTempWorkbench({ name: 'Bo', delegation: 'Northmark' });
    try {
      const joined = await runCommand(other.client, parseCommandLine(['circle', 'join', invitation, ...s3]));
      expect(joined.lines[0]).toContain('Region');
    } finally {
      await other.dispose();
    }
    await server.stop();
    const failed = await run('sync');
    expect(failed.failed).toBe(true);
    expect(failed.errors![0]).toMatch(/cannot be reached.*changes wait and nothing is lost/);
    await server.start();
  });

  it('refuses two channels at once and a store without its bucket, as slips of the call', async () => {
    await run('circle', 'create', '--name', 'Region');
    await expect(run('circle', 'connect')).rejects.toThrow(/needs --folder/);
    await expect(run('circle', 'connect', '--folder', '/tmp', '--webdav', 'http://x/')).rejects.toThrow(/One channel/);
    await expect(run('circle', 'connect', '--s3', server.endpoint)).rejects.toThrow(/--bucket/);
  });

  it('connects a folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'workbench-cli-'));
    try {
      await chmod(folder, 0o700);
      await run('circle', 'create', '--name', 'Region');
      expect((await run('circle', 'connect', '--folder', folder)).lines[1]).toContain(`folder  ${folder}  (in-step`);
      expect(await readdir(folder)).toContain('circle');
      expect(JSON.parse(await readFile(join(folder, 'circle'), 'utf8'))).toMatchObject({ format: 1 });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
