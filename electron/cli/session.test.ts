/** `workbench session` on the built command line: two note-takers with clocks 90 seconds apart. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runWorkbench, type CommandOutcome } from '../../test/fakes/command-line.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workbench-session-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function must(profile: string, ...args: readonly string[]): Promise<CommandOutcome> {
  const outcome = await runWorkbench(join(folder, profile), ...args);
  expect({ code: outcome.code, stderr: outcome.stderr }).toEqual({ code: 0, stderr: '' });
  return outcome;
}

const lines = ['Kenya 11 support as drafted', 'France 11 oppose “keep the year”', 'Brazil 12 question which formats'];
const began = Date.UTC(2026, 10, 25, 9, 30);

async function logAll(profile: string, session: string, offsetMs: number): Promise<void> {
  // Whoever logged most is the reference.
  const typed = profile === 'one' ? [...lines, 'secretariat 12 -> circulate the list @ Friday'] : lines;
  for (const [index, line] of typed.entries()) {
    const at = new Date(began + index * 120_000 + offsetMs).toISOString();
    await must(profile, 'session', 'log', session, line, '--at', at);
  }
}

it('logs, merges and puts out', { timeout: 240_000 }, async () => {
  for (const [profile, name] of [
    ['one', 'Nadia'],
    ['two', 'Omar'],
  ] as const) {
    await must(profile, 'init', '--name', name, '--delegation', 'Region AB');
    await must(profile, 'session', 'new', '--title', 'Morning', '--time-zone', 'Europe/Zurich');
    await logAll(profile, 'Morning', profile === 'one' ? 0 : -90_000);
  }
  const theirs = join(folder, 'two.dwsession');
  await must('two', 'session', 'export', 'Morning', '--format', 'log', '--out', theirs);
  const merged = (await must('one', 'session', 'merge', 'Morning', theirs, '--json')).json<{
    taken: { added: number }[];
    clocks: { offsetMs: number }[];
    joined: number;
    toDecide: number;
  }>();
  expect(merged).toMatchObject({ taken: [{ added: 3 }], clocks: [{ offsetMs: 90_000 }], joined: 3, toDecide: 0 });
  const again = (await must('one', 'session', 'merge', 'Morning', theirs, '--json')).json<{
    taken: unknown[];
    joined: number;
  }>();
  expect(again).toMatchObject({ taken: [{ added: 0, known: 3 }], joined: 0 });

  const out = join(folder, 'log.csv');
  await must('one', 'session', 'export', 'Morning', '--format', 'csv', '--output', 'verbatim', '--out', out);
  const rows = (await readFile(out, 'utf8')).trim().split('\r\n').slice(1);
  expect(rows.map((row) => row.split(',').slice(0, 2).join(' '))).toEqual([
    '10:30:00 Kenya',
    '10:32:00 France',
    '10:34:00 Brazil',
    '10:36:00 Secretariat',
  ]);
});

it.each([
  [['session', 'log', 'Nowhere', 'XA', 's'], 1, 'There is no session Nowhere'],
  [['session', 'log', 'Morning', 'XA', '--at', 'soon'], 2, '--at is a time'],
  [['session', 'export', 'Morning', '--format', 'pdf', '--out', 'x'], 2, '--format is one of'],
  [['session', 'new', '--title', 'T', '--time-zone', 'Mars/Olympus'], 1, 'does not know the time zone'],
])('answers %j with one sentence', async (args, code, words) => {
  const outcome = await runWorkbench(join(folder, 'one'), ...args);
  expect(outcome.code).toBe(code);
  expect(outcome.stderr).toContain(words);
});
