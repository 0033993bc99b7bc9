/** The desktop shell: true Electron where a binary is at hand, otherwise its built code with the stand-in module. */
import { fork } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { _electron, chromium } from '@playwright/test';
import { findBrowser, noBrowserMessage } from '../../browser.mjs';
import { electronBinary, root } from './desktop-mode.ts';
import type { RunningShell, ShellOptions } from './shell.ts';

const mainEntry = join(root, 'dist/main/main.mjs');

export async function openElectron(options: ShellOptions): Promise<RunningShell> {
  const electron = await _electron.launch({
    executablePath: electronBinary()!,
    args: [
      mainEntry,
      '--profile',
      options.profile,
      ...(options.files ?? []),
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
  const page = await electron.firstWindow();
  if (options.viewport) await page.setViewportSize(options.viewport);
  const answerOpen = (paths: readonly string[]): Promise<void> =>
    electron.evaluate(({ dialog }, filePaths) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [...filePaths] });
    }, paths);
  return {
    page,
    profile: options.profile,
    hasNativeDialogs: true,
    servicesPid: null,
    answerFolderDialog: (path) => answerOpen([path]),
    answerFileDialog: answerOpen,
    async saveTo(path, trigger) {
      await electron.evaluate(({ dialog }, filePath) => {
        dialog.showSaveDialog = async () => ({ canceled: false, filePath });
      }, path);
      await trigger();
    },
    close: () => electron.close(),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What the stand-in reports of main: what it did, and what it answered when asked for what it must refuse. */
export interface StandInReport {
  readonly did: string;
  readonly [key: string]: unknown;
}

export async function openStandIn(
  options: ShellOptions,
): Promise<RunningShell & { readonly reports: StandInReport[]; openAgain(path: string): void }> {
  const found = await findBrowser();
  if (!found) throw new Error(noBrowserMessage);
  const port = await freePort();
  const browser = await chromium.launch({
    executablePath: found.executablePath,
    args: [...found.args, `--remote-debugging-port=${port}`],
    env: { ...process.env, ...found.env } as Record<string, string>,
  });
  const child = fork(mainEntry, ['--profile', options.profile, ...(options.files ?? [])], {
    execArgv: ['--no-warnings', '--import', pathToFileURL(join(root, 'test/e2e/stand-in/register.mjs')).href],
    env: {
      ...process.env,
      STAND_IN_CDP: `http://127.0.0.1:${port}`,
      STAND_IN_USER_DATA: join(options.profile, '..', 'user-data'),
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const reports: StandInReport[] = [];
  const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.on('message', (message) => {
      reports.push(message as StandInReport);
      if ((message as StandInReport).did === 'ready') resolve();
      if ((message as StandInReport).did === 'showErrorBox')
        reject(new Error(String((message as StandInReport)['content'])));
    });
    child.on('exit', (code) => reject(new Error(`the desktop's main process ended with ${code}`)));
  });
  const tests = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
  const page = tests
    .contexts()[0]!
    .pages()
    .find((candidate) => candidate.url().startsWith('https://workbench.stand-in'))!;
  if (options.viewport) await page.setViewportSize(options.viewport);
  return {
    page,
    profile: options.profile,
    hasNativeDialogs: true,
    // Main is one process with the services here, and writes nothing meanwhile.
    servicesPid: child.pid ?? null,
    reports,
    openAgain: (path) => void child.send({ open: path }),
    answerFolderDialog: async (path) => void child.send({ dialog: 'open', answer: [path] }),
    answerFileDialog: async (paths) => void child.send({ dialog: 'open', answer: paths }),
    async saveTo(path, trigger) {
      child.send({ dialog: 'save', answer: path });
      await trigger();
    },
    async close() {
      if (child.exitCode === null) child.send({ quit: true });
      await exited;
      await tests.close();
      await browser.close();
    },
  };
}
