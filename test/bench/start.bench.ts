/** From the start of the built loopback server to a window that can be used, and what its process then takes. */
import { spawn, spawnSync } from 'node:child_process';
import { percentile, withSession } from './browser-session.ts';
import type { BenchRow } from './exchange.bench.ts';

const megabyte = 1024 * 1024;

/** Resident memory of a process in bytes; NaN where `ps` is not known. */
function residentBytes(pid: number): number {
  const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
  return Number(stdout ?? NaN) * 1024;
}

/** A Node process that does nothing: how long it takes to say so, and what it takes. */
async function bareNode(): Promise<{ readonly ms: number; readonly bytes: number }> {
  const started = performance.now();
  const child = spawn(process.execPath, ['-e', 'console.log(1); setTimeout(() => {}, 60000)']);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const ms = performance.now() - started;
  const bytes = residentBytes(child.pid!);
  child.kill();
  return { ms, bytes };
}

export async function run(): Promise<readonly BenchRow[]> {
  return withSession(
    async (client) => void (await client.profile.loadSample({})),
    async ({ openPage }) => {
      const bare = await bareNode();
      const starts: number[] = [];
      let memory = 0;
      for (let turn = 0; turn < 5; turn += 1) {
        const started = performance.now();
        const { page, pid, close } = await openPage();
        await page.locator('.shelf-work-title').first().waitFor();
        starts.push(performance.now() - started);
        if (turn === 4) {
          await page.locator('.shelf-work-title').first().click();
          await page.locator('.rd-page').waitFor();
          await page.waitForLoadState('networkidle');
          memory = residentBytes(pid);
        }
        await close();
      }
      return [
        {
          name: 'start to usable window on loopback (median of 5, ms)',
          figure: percentile(starts, 0.5),
          baseline: bare.ms,
          target: 1500,
        },
        {
          name: 'memory of the program with the sample open, beside the browser (MB)',
          figure: memory / megabyte,
          baseline: bare.bytes / megabyte,
          target: 400,
        },
      ];
    },
  );
}
