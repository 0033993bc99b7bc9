import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runWorkbench, runWorkbenchWith, type CommandOutcome } from '../../test/fakes/command-line.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'workbench-cli-lock-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const at = (name: string): string => join(root, name);
async function must(outcome: Promise<CommandOutcome>): Promise<CommandOutcome> {
  const done = await outcome;
  expect(done.stderr).toBe('');
  expect(done.code).toBe(0);
  return done;
}
const init = (profile: string): Promise<CommandOutcome> =>
  must(runWorkbench(at(profile), 'init', '--name', 'Amina', '--delegation', 'Kenya'));

describe('a locked profile from the terminal', () => {
  it('opens by the environment or standard input, refuses a wrong passphrase, and is recovered from paper', async () => {
    await init('a');
    await must(runWorkbenchWith({ env: { WORKBENCH_NEW_PASSPHRASE: 'the river' } }, at('a'), 'passphrase', 'set'));
    const shut = await runWorkbench(at('a'), 'list');
    expect(shut).toMatchObject({ code: 2, stdout: '' });
    expect(shut.stderr).toContain('WORKBENCH_PASSPHRASE');
    const wrong = await runWorkbenchWith({ env: { WORKBENCH_PASSPHRASE: 'the lake' } }, at('a'), 'list');
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr).toMatch(/^The passphrase is not the one of this profile/);
    await must(runWorkbenchWith({ input: 'the river\n' }, at('a'), '--passphrase-stdin', 'list'));
    const env = { WORKBENCH_PASSPHRASE: 'the river' };
    const { stdout } = await must(runWorkbenchWith({ env }, at('a'), 'recovery-key'));
    const [key] = stdout.split('\n');
    await must(
      runWorkbenchWith({ env: { WORKBENCH_NEW_PASSPHRASE: 'the hill' } }, at('a'), '--recovery-key', key!, 'list'),
    );
    await must(runWorkbenchWith({ input: 'the hill\nthe sea\n' }, at('a'), '--passphrase-stdin', 'passphrase', 'set'));
    await must(runWorkbenchWith({ env: { WORKBENCH_PASSPHRASE: 'the sea' } }, at('a'), 'passphrase', 'remove'));
    await must(runWorkbench(at('a'), 'list'));
  });

  it('is backed up, restored elsewhere, and joined by a second device', async () => {
    await init('a');
    await must(runWorkbench(at('a'), 'circle', 'create', '--name', 'Region'));
    const given = { env: { WORKBENCH_NEW_PASSPHRASE: 'kept apart' } };
    await must(runWorkbenchWith(given, at('a'), 'backup', '--out', at('mine.dwbackup')));
    expect((await readFile(at('mine.dwbackup'))).includes(Buffer.from('Amina'))).toBe(false);
    const wrong = await runWorkbenchWith(
      { env: { WORKBENCH_PASSPHRASE: 'x' } },
      at('b'),
      'restore',
      at('mine.dwbackup'),
    );
    expect(wrong.code).toBe(1);
    const restored = await must(
      runWorkbenchWith({ env: { WORKBENCH_PASSPHRASE: 'kept apart' } }, at('b'), 'restore', at('mine.dwbackup')),
    );
    expect(restored.stdout).toContain('The backup of Amina is restored');
    const { stdout: code } = await must(runWorkbench(at('a'), 'device', 'invite'));
    const joined = await must(
      runWorkbench(at('c'), 'device', 'join', ...code.split(/\s+/u).filter((each) => each !== '')),
    );
    expect(joined.stdout).toContain('a device of Amina');
    const elsewhere = await runWorkbench(at('a'), 'restore', at('mine.dwbackup'));
    expect(elsewhere.code).not.toBe(0);
  });
});
