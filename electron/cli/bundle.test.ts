/** `workbench bundle`, as child processes: two profiles that share no folder, and every kind of bad file. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWorkbench, type CommandOutcome } from '../../test/fakes/command-line.ts';

let folder: string;
/** The document's id, the same in every profile; the name of its file stays with whoever imported it. */
let agenda: string;
const at = (name: string): string => join(folder, name);
async function must(profile: string, ...args: readonly string[]): Promise<CommandOutcome> {
  const outcome = await runWorkbench(at(profile), ...args);
  expect({ code: outcome.code, stderr: outcome.stderr }).toEqual({ code: 0, stderr: '' });
  return outcome;
}
async function refused(profile: string, args: readonly string[], names: RegExp, code = 1): Promise<void> {
  const outcome = await runWorkbench(at(profile), ...args);
  expect({ code: outcome.code, stdout: outcome.stdout }).toEqual({ code, stdout: '' });
  expect(outcome.stderr).toMatch(names);
  if (code === 1) expect(outcome.stderr.trim().split('\n'), 'one sentence').toHaveLength(1);
  expect(outcome.stderr).not.toMatch(/internal|undefined|Error:|ENO|EACC|\bat \/|\{"|Zod/);
}
async function notes(profile: string): Promise<string> {
  return (await must(profile, 'annotations', agenda)).stdout;
}

describe('bundles from a terminal', () => {
  let invitation: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'workbench-cli-bundle-'));
    await must('amal', 'init', '--name', 'Amal', '--delegation', 'Jordan');
    await must('bo', 'init', '--name', 'Bo', '--delegation', 'Northmark');
    await writeFile(at('agenda.txt'), '1. We agree.\n\n2. We recall the Tunis Agenda.\n');
    agenda = (await must('amal', 'import', at('agenda.txt'), '--json')).json<{ id: string }[]>()[0]!.id;
    const made = await must('amal', 'circle', 'create', '--name', 'Region');
    expect(made.stdout).toContain('Region  by bundles');
    invitation = (await must('amal', 'circle', 'invite')).stdout.trim();
    const note = ['--label', '1', '--quote', 'We agree', '--note', 'Noted by Amal', '--circle', 'Region'];
    await must('amal', 'annotate', agenda, ...note);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('carry a circle from profile to profile and back, with only what is lacking', async () => {
    const all = await must('amal', 'bundle', 'write', '--out', at('all.dwbundle'));
    expect(all.stdout).toMatch(/all\.dwbundle {2}\d+ bytes\n\d+ changes, 1 original: everything/);
    const joined = await must('bo', 'circle', 'join', invitation, '--bundle', at('all.dwbundle'));
    expect(joined.stdout).toContain('Region  by bundles');
    expect(await notes('bo')).toContain('Noted by Amal');
    const note = ['--label', '2', '--note', 'Seen by Bo', '--circle', 'Region'];
    await must('bo', 'annotate', agenda, ...note);
    await must('bo', 'bundle', 'write', '--for', 'amal', '--out', at('answer.dwbundle'));
    const taken = await must('amal', 'bundle', 'import', at('answer.dwbundle'));
    expect(taken.stdout).toMatch(/answer\.dwbundle {2}Region: \d+ changes, 1 annotation, 0 drafts/);
    expect(await notes('amal')).toContain('Seen by Bo');
    const again = await must('amal', 'bundle', 'import', at('answer.dwbundle'), '--json');
    expect(again.json<unknown[]>()).toMatchObject([{ changes: 0, annotations: 0, setAside: [] }]);
    await must('amal', 'annotate', agenda, '--label', '1', '--note', 'Thanks', '--circle', 'Region');
    const less = await must('amal', 'bundle', 'write', '--for', 'Bo', '--out', at('less.dwbundle'));
    expect(less.stdout).toContain('1 change, 0 originals: what Bo lacks by the last receipt');
    expect((await stat(at('less.dwbundle'))).size).toBeLessThan((await stat(at('all.dwbundle'))).size);
    await must('bo', 'bundle', 'import', at('less.dwbundle'));
    expect(await notes('bo')).toContain('Thanks');
  });

  it('are split to a size, and imported in any order', async () => {
    await must('chi', 'init', '--name', 'Chi', '--delegation', 'Eastland');
    await must('chi', 'circle', 'join', invitation);
    const split = ['--max-size', '0.003', '--out', at('part.dwbundle'), '--json'];
    const written = (await must('amal', 'bundle', 'write', ...split)).json<{ files: { path: string }[] }>();
    expect(written.files.length).toBeGreaterThan(1);
    const paths = written.files.map(({ path }) => path);
    expect(paths[0]).toMatch(/part-1-of-\d+\.dwbundle$/);
    await must('chi', 'bundle', 'import', ...paths.toReversed());
    expect(await notes('chi')).toContain('Noted by Amal');
  });

  it('that are bad give one sentence and exit code 1, and the good ones beside them are taken in', async () => {
    await must('amal', 'bundle', 'write', '--out', at('good.dwbundle'));
    const good = await readFile(at('good.dwbundle'));
    await writeFile(at('cut.dwbundle'), good.subarray(0, good.length - 10));
    const flipped = Buffer.from(good);
    flipped[flipped.length - 100]! ^= 1;
    await writeFile(at('flipped.dwbundle'), flipped);
    const newer = Buffer.from(good);
    newer.set([2, 253], 8);
    await writeFile(at('newer.dwbundle'), newer);
    await writeFile(at('empty.dwbundle'), '');
    const bundle = (name: string): string[] => ['bundle', 'import', at(name)];
    await refused('bo', bundle('cut.dwbundle'), /cut\.dwbundle is incomplete.*again/);
    await refused('bo', bundle('flipped.dwbundle'), /flipped\.dwbundle was damaged.*again/);
    await refused('bo', bundle('newer.dwbundle'), /newer\.dwbundle was written by a newer version.*update/);
    await refused('bo', bundle('empty.dwbundle'), /empty\.dwbundle is empty/);
    await refused('bo', bundle('agenda.txt'), /agenda\.txt is not a bundle/);
    await refused('bo', bundle('nowhere.dwbundle'), /nowhere\.dwbundle was not found/);
    await refused('bo', ['bundle', 'import', folder], /is a folder/);
    await must('dot', 'init', '--name', 'Dot', '--delegation', 'Westland');
    await refused('dot', bundle('good.dwbundle'), /good\.dwbundle belongs to a circle.*invitation/);
    await refused('dot', ['bundle', 'write', '--out', at('x')], /There is no shared circle yet/);
    await must('dot', 'circle', 'create', '--name', 'Other');
    await must('dot', 'bundle', 'write', '--out', at('other.dwbundle'));
    const wrong = ['circle', 'join', invitation, '--bundle', at('other.dwbundle')];
    await refused('dot', wrong, /other\.dwbundle belongs to another circle than the invitation to Region/);
    const out = ['bundle', 'write', '--out', at('x')];
    await refused('amal', [...out, '--for', 'Nobody'], /There is no member Nobody/);
    await refused('amal', [...out, '--circle', 'zzzzzz'], /There is no circle zzzzzz/);
    await refused('amal', ['bundle', 'write', '--out', join(folder, 'no', 'x')], /could not be written/);
    await refused('amal', [...out, '--max-size', 'ten'], /--max-size is a number of megabytes/, 2);
    const both = await runWorkbench(at('bo'), 'bundle', 'import', at('cut.dwbundle'), at('good.dwbundle'));
    expect(both.code).toBe(1);
    expect(both.stdout).toContain('good.dwbundle  Region');
    expect(both.stderr.trim().split('\n')).toHaveLength(1);
  });
});
