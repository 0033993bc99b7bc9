/** The loopback shell: the built server, and a page of a real Chromium at its address. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser } from '@playwright/test';
import { root } from './desktop-mode.ts';
import type { RunningShell, ShellOptions } from './shell.ts';

/** Starts the built loopback server; resolves with its one-time address. */
export async function startServer(
  profile: string,
  extra: readonly string[] = [],
): Promise<{ readonly address: string; readonly stop: () => Promise<void>; readonly pid: number }> {
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      join(root, 'dist/loopback/start.mjs'),
      '--no-open',
      '--profile',
      profile,
      ...extra,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let errors = '';
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const address = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /(http:\/\/127\.0\.0\.1:\d+\/\?token=\S+)/.exec(line);
      if (found) resolve(found[1]!);
    });
    child.on('exit', (code) => reject(new Error(`the server ended with ${code}: ${errors}`)));
  });
  return {
    address,
    pid: child.pid!,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

export async function openLoopback(browser: Browser, options: ShellOptions): Promise<RunningShell> {
  const server = await startServer(options.profile);
  const context = await browser.newContext({
    viewport: options.viewport ?? { width: 1360, height: 860 },
    acceptDownloads: true,
  });
  const page = await context.newPage();
  await page.goto(server.address);
  return {
    page,
    profile: options.profile,
    hasNativeDialogs: false,
    servicesPid: server.pid,
    answerFolderDialog: () => Promise.reject(new Error('The loopback page has its own picker.')),
    answerFileDialog: () => Promise.reject(new Error('The loopback page has its own picker.')),
    async saveTo(path, trigger) {
      const [download] = await Promise.all([page.waitForEvent('download'), trigger()]);
      await download.saveAs(path);
    },
    async close() {
      await context.close();
      await server.stop();
    },
  };
}
