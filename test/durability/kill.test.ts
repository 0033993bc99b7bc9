/**
 * Every edit that was reported saved is there after the process was killed at a random moment. KILLS says how often
 * (20; `npm run kills` does 200).
 */
import { spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { ChangeHash } from '../../shared/ids.ts';
import { openProfile } from '../../electron/services/profile/profile.ts';
import { tellProgress } from './progress.ts';

const kills = Number(process.env['KILLS'] ?? 20);
const program = fileURLToPath(new URL('write-until-killed.ts', import.meta.url));

/** What the process reported before it was killed: by chance while opening, or some time after it began to write. */
async function runAndKill(folder: string, firstNumber: number): Promise<string[]> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', program, folder, String(firstNumber)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const kill = (): void => void child.kill('SIGKILL');
  const whileOpening = randomInt(5) === 0;
  if (whileOpening) setTimeout(kill, randomInt(500));
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line === 'ready' && !whileOpening) setTimeout(kill, randomInt(150));
  }
  expect(child.exitCode, 'it ended by itself').toBeNull();
  return lines;
}

function numberOf(edit: string): [key: string, number: number] {
  const [key, number] = edit.split(' ')[0]!.split(':');
  return [key!, Number(number)];
}

it(`loses no edit reported saved, killed ${kills} times`, { timeout: 10_000 * kills }, async () => {
  const root = await mkdtemp(join(tmpdir(), 'workbench-kill-'));
  const folder = join(root, 'profile');
  const saved = new Map<string, number>();
  const written = new Set<ChangeHash>();
  const stored = new Set<string>();
  let reports = 0;
  let tornTails = 0;
  try {
    for (let round = 0; round < kills; round += 1) {
      const lines = await runAndKill(folder, round * 1_000_000);
      reports += lines.length;
      for (const line of lines) {
        const [what, value] = line.split(' ');
        if (what === 'saved') saved.set(...numberOf(value!));
        if (what === 'written') written.add(value as ChangeHash);
        if (what === 'stored') stored.add(value!);
      }
      const profile = await openProfile({
        folder,
        random: (lengthBytes) => new Uint8Array(randomBytes(lengthBytes)),
        now: Date.now,
      });
      try {
        const torn = profile.notices().filter((notice) => notice.code === 'tail-torn').length;
        tornTails += torn;
        const others = profile.notices().filter((notice) => notice.code !== 'tail-torn');
        // A folder of a circle whose making was cut short in the first rounds is reported at every opening.
        expect(others.filter((notice) => !notice.message.includes('no circle.json'))).toEqual([]);
        const { findings } = await profile.verify();
        // A torn end, and that it was moved aside.
        expect(findings.filter(({ code }) => code !== 'tail-torn' && code !== 'moved-aside')).toEqual([]);
        if (profile.identity() === null) {
          expect(saved.size).toBe(0);
          continue;
        }
        const { fold, journal } = profile.circles.personal();
        expect(fold.forks()).toEqual([]);
        for (const hash of written) expect(fold.has(hash), `change ${hash}, round ${round}`).toBe(true);
        for (const hash of stored) expect(await profile.originals.get(hash)).not.toBeNull();
        const newest = new Map<string, number>();
        const note = ([key, number]: [string, number]): void => {
          newest.set(key, Math.max(number, newest.get(key) ?? 0));
        };
        for (const record of fold.recordsOfType('annotation')) note(numberOf(String(record.fields.get('body')?.value)));
        for (const [name, value] of journal.entries()) {
          const [key, half] = name.split(' ');
          expect(journal.entries().get(`${key} ${half === 'text' ? 'copy' : 'text'}`), 'a group is whole').toBe(value);
          note(numberOf(String(value)));
        }
        for (const [key, number] of saved) {
          expect(newest.get(key) ?? -1, `edit ${key}:${number}, round ${round}`).toBeGreaterThanOrEqual(number);
        }
      } finally {
        await profile.close();
      }
      tellProgress(round + 1, kills, `${reports} reports, all true`);
    }
  } finally {
    await rm(root, { recursive: true });
  }
  console.log(`${kills} kills, ${reports} reports, ${written.size} changes, ${tornTails} torn tails`);
  // The test must have reached what it is for.
  expect(saved.size).toBe(3);
  expect(written.size).toBeGreaterThan(kills);
  expect(stored.size).toBeGreaterThan(0);
});
