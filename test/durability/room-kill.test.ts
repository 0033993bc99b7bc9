/**
 * Every line of a session that was reported saved is there, whole and in its place, after the process was killed at a
 * random moment. KILLS says how often (20; `npm run kills` does 200).
 */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openWorkbench } from '../../electron/services/workbench.ts';
import type { RecordId } from '../../shared/ids.ts';
import { projectFolder } from '../fakes/temp-workbench.ts';
import { tellProgress } from './progress.ts';

const kills = Number(process.env['KILLS'] ?? 20);
const program = fileURLToPath(new URL('log-until-killed.ts', import.meta.url));

async function runAndKill(folder: string, firstNumber: number): Promise<string[]> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', program, folder, String(firstNumber)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line.startsWith('session ')) setTimeout(() => void child.kill('SIGKILL'), randomInt(200));
  }
  expect(child.exitCode, 'it ended by itself').toBeNull();
  return lines;
}

it(`loses no line reported saved, killed ${kills} times`, { timeout: 10_000 * kills }, async () => {
  const root = await mkdtemp(join(tmpdir(), 'workbench-room-kill-'));
  const folder = join(root, 'profile');
  const saved = new Set<string>();
  try {
    let session: RecordId | null = null;
    for (let round = 0; round < kills; round += 1) {
      for (const line of await runAndKill(folder, round * 1_000_000)) {
        if (line.startsWith('saved ')) saved.add(line.slice('saved '.length));
        if (line.startsWith('session ')) session = line.slice('session '.length) as RecordId;
      }
      const workbench = await openWorkbench({
        profileFolder: folder,
        programFolder: projectFolder,
        shell: 'memory',
        background: false,
      });
      try {
        const view = await workbench.client().room.open({ session: session! });
        const notes = new Set(view.entries.map(({ note }) => note));
        expect(
          [...saved].filter((note) => !notes.has(note)),
          `round ${round}`,
        ).toEqual([]);
        const places = view.entries.map(({ n }) => n);
        expect(new Set(places).size, 'no two lines in one place').toBe(places.length);
        // A line and its proposal are one change: both are there or neither.
        const proposed = new Set(view.proposals.map(({ entry }) => entry));
        for (const { id, position } of view.entries) expect(proposed.has(id)).toBe(position === 'amend');
      } finally {
        await workbench.close();
      }
      tellProgress(round + 1, kills, `${saved.size} lines reported saved, all there`);
    }
  } finally {
    await rm(root, { recursive: true });
  }
  console.log(`${kills} kills, ${saved.size} lines reported saved`);
  // The test must have reached what it is for.
  expect(saved.size).toBeGreaterThan(kills);
});
