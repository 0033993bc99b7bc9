/** `workbench merge`, as child processes: from collecting files to the common input. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWorkbench, type CommandOutcome } from '../../test/fakes/command-line.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
const run = (...args: readonly string[]): Promise<CommandOutcome> => runWorkbench(at('profile'), ...args);
async function must(...args: readonly string[]): Promise<CommandOutcome> {
  const outcome = await run(...args);
  expect({ code: outcome.code, stderr: outcome.stderr }).toEqual({ code: 0, stderr: '' });
  return outcome;
}
const asked = '1. What are the main achievements of the implementation of the WSIS process in the past 20 years?';

describe('merging from a terminal', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'workbench-cli-merge-'));
    await must('init', '--name', 'Amal', '--delegation', 'Jordan');
    await must('circle', 'create', '--name', 'Region');
    await must('merge', 'create', '--title', 'Common input', '--expected', 'Kenya,Fiji,Peru');
    await writeFile(at('kenya.txt'), `${asked}\n\nCables came ashore in five places of the coast.\n`);
    await writeFile(at('fiji.txt'), `${asked}\n\nCables came ashore in nine places of the islands.\n`);
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('collects, clusters, accounts and puts out', async () => {
    const collected = await must('merge', 'collect', 'Common input', at('kenya.txt'), '--delegation', 'Kenya');
    expect(collected.stdout).toContain('kenya.txt: Kenya, 1 passages');
    await must('merge', 'collect', 'Common input', at('fiji.txt'), '--delegation', 'Fiji');
    const again = await must('merge', 'collect', 'Common input', at('fiji.txt'));
    expect(again.stdout).toContain('there already');
    const clusters = await must('merge', 'cluster', 'Common input', '--question', '1', '--threshold', '0.2', '--json');
    expect(clusters.json<{ clusters: { delegations: string[] }[] }>().clusters[0]!.delegations).toEqual([
      'Fiji',
      'Kenya',
    ]);
    expect((await must('merge', 'ledger', 'Common input')).stdout).toMatch(
      /Kenya 1\.1 {2}untreated .*\n[^]*2 untreated\n$/,
    );
    expect((await must('merge', 'list')).stdout).toContain('2 texts, 2 passages, 2 untreated');
    await must('merge', 'export', 'Common input', '--kind', 'ledger', '--format', 'csv', '--out', at('ledger.csv'));
    expect(await readFile(at('ledger.csv'), 'utf8')).toContain('"Kenya","1.1","1","Cables came ashore');
    await must('merge', 'export', 'Common input', '--kind', 'common-input', '--format', 'txt', '--out', at('c.txt'));
    expect(await readFile(at('c.txt'), 'utf8')).toContain(asked);
  }, 60_000);

  it.each([
    [['merge', 'ledger', 'Nothing'], 1, /no merge Nothing/],
    [['merge', 'ledger', 'Common input', '--state', 'lost'], 2, /--state is one of/],
    [['merge', 'export', 'Common input', '--kind', 'report', '--format', 'docx', '--out', 'x'], 1, /which delegation/],
    [['merge', 'export', 'Common input', '--kind', 'common-input', '--format', 'csv', '--out', 'x'], 1, /\.csv/],
  ] as const)(
    'refuses %j in a sentence',
    async (args, code, sentence) => {
      const outcome = await run(...args);
      expect(outcome.code).toBe(code);
      expect(outcome.stderr).toMatch(sentence);
    },
    30_000,
  );
});
