/** `workbench erase`, as child processes: two profiles and a shared folder. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWorkbench, type CommandOutcome } from '../../test/fakes/command-line.ts';

let folder: string;
let document: string;
const at = (name: string): string => join(folder, name);
const run = (profile: string, ...args: readonly string[]): Promise<CommandOutcome> =>
  runWorkbench(at(profile), ...args);
async function must(profile: string, ...args: readonly string[]): Promise<CommandOutcome> {
  const outcome = await run(profile, ...args);
  expect({ code: outcome.code, stderr: outcome.stderr }).toEqual({ code: 0, stderr: '' });
  return outcome;
}
const shelf = async (profile: string): Promise<unknown[]> =>
  (await must(profile, 'list', '--json')).json<{ documents: unknown[] }>().documents;
async function originals(profile: string): Promise<string[]> {
  const entries = await readdir(join(at(profile), 'originals'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}
async function blobs(): Promise<string[]> {
  const names = await readdir(at('shared'), { recursive: true });
  return names.filter((name) => /blobs\/./.test(name));
}

describe('erasing from a terminal', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'workbench-cli-erasing-'));
    await mkdir(at('shared'));
    await must('amal', 'init', '--name', 'Amal', '--delegation', 'Jordan');
    await must('bo', 'init', '--name', 'Bo', '--delegation', 'Northmark');
    await writeFile(at('agenda.txt'), '1. We agree.\n\n2. We recall the Tunis Agenda.\n');
    document = (await must('amal', 'import', at('agenda.txt'), '--json')).json<{ id: string }[]>()[0]!.id;
    await must('amal', 'circle', 'create', '--name', 'Region', '--folder', at('shared'));
    const invitation = (await must('amal', 'circle', 'invite')).stdout.trim();
    await must('amal', 'annotate', document, '--label', '1', '--note', 'Noted by Amal', '--circle', 'Region');
    await must('amal', 'sync');
    await must('bo', 'circle', 'join', invitation, '--folder', at('shared'));
    await must('bo', 'annotate', document, '--label', '2', '--note', 'Seen by Bo', '--circle', 'Region');
    for (const profile of ['bo', 'amal']) await must(profile, 'sync');
    expect([await originals('amal'), await originals('bo')]).toEqual([[document], [document]]);
    expect(await blobs()).toHaveLength(1);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('says without --yes what goes, what stays and what nobody can promise, and erases nothing', async () => {
    const outcome = await run('amal', 'erase', document);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr.trim()).toBe('Nothing was erased. Give the command again with --yes to erase it.');
    expect(outcome.stdout).toContain('Its text and its original file go from every device');
    expect(outcome.stdout).toContain('Nobody can promise more than that');
    expect(outcome.stdout).toContain('from my own shelf');
    expect(outcome.stdout).toContain('from Region: 1 annotation by somebody else stays');
    expect(await originals('amal')).toEqual([document]);
  });

  it('is refused to whoever did not bring it in', async () => {
    const outcome = await run('bo', 'erase', document, '--yes');
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toContain('is not yours to erase: only who brought a document in may. Nothing was changed.');
    expect(await run('amal', 'erasures', '--yes')).toMatchObject({ code: 2, stdout: '' });
    expect(await originals('bo')).toEqual([document]);
  });

  it('[RC63] [SY93] takes it from everybody, leaves the annotations, and tells who has confirmed', async () => {
    const made = await must('amal', 'erase', document, '--yes', '--reason', 'Sent by mistake', '--json');
    expect(made.json()).toMatchObject({ erased: true, document, erasures: [{ documents: 1 }, { documents: 1 }] });
    expect([await shelf('amal'), await originals('amal')]).toEqual([[], []]);
    await must('amal', 'sync');
    expect(await blobs()).toEqual([]);
    const waiting = await must('amal', 'erasures', '--circle', 'Region');
    expect(waiting.stdout).toMatch(/^\d{4}-\S+ {2}Region {2}Amal: 1 document with the original \(Sent by mistake\)\n/);
    expect(waiting.stdout).toContain('1 of 2 devices confirmed; waiting for Bo');
    for (const profile of ['bo', 'amal']) await must(profile, 'sync');
    expect(await originals('bo')).toEqual([]);
    expect((await must('amal', 'erasures')).stdout).toContain('2 of 2 devices confirmed\n');
    const status = (await must('bo', 'erasures', '--json')).json<{ name: string; erasures: unknown[] }[]>();
    expect(status).toMatchObject([{ name: 'Region', erasures: [{ by: 'Amal', confirmed: 2 }] }]);
    expect((await must('bo', 'search', 'Noted')).stdout).toContain('1 found');
  });
});
