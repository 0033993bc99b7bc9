/**
 * The test function of every spec: `open(name)` starts a workbench with its own profile in the shell of this project.
 * Profiles, shells and browsers are ended after each test; a page that logs an error fails it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, chromium, expect, type Browser } from '@playwright/test';
import { findBrowser, noBrowserMessage } from '../browser.mjs';
import { openElectron, openStandIn } from './shells/desktop.ts';
import { openLoopback } from './shells/loopback.ts';
import type { RunningShell, ShellOptions } from './shells/shell.ts';

export { expect };
export type { RunningShell };

interface Fixtures {
  /** A folder of this test's own, removed afterwards. */
  readonly folder: string;
  readonly open: (name?: string, options?: Omit<ShellOptions, 'profile'>) => Promise<RunningShell>;
  /** Errors that a page may log in this test (matched as parts of the message). */
  readonly allowedErrors: string[];
}

export const test = base.extend<Fixtures, { chromiumBrowser: Browser }>({
  chromiumBrowser: [
    async ({}, use) => {
      const found = await findBrowser();
      if (!found) throw new Error(noBrowserMessage);
      const browser = await chromium.launch({
        executablePath: found.executablePath,
        args: found.args,
        env: { ...process.env, ...found.env } as Record<string, string>,
      });
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'workbench-e2e-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  allowedErrors: async ({}, use) => use([]),
  open: async ({ folder, chromiumBrowser, allowedErrors }, use, info) => {
    const shells: RunningShell[] = [];
    const errors: string[] = [];
    const shell = (info.project.metadata as { shell: string }).shell;
    await use(async (name = 'one', options = {}) => {
      const all = { profile: join(folder, name), ...options };
      const opened =
        shell === 'electron'
          ? await openElectron(all)
          : shell === 'stand-in'
            ? await openStandIn(all)
            : await openLoopback(chromiumBrowser, all);
      // What a page was still loading when its program ends under it is no error of the page.
      let isClosing = false;
      const keep = (message: string): void => void (isClosing ? undefined : errors.push(message));
      opened.page.on('console', (message) => {
        if (message.type() === 'error') keep(message.text());
      });
      opened.page.on('pageerror', (error) => keep(String(error)));
      const close = async (): Promise<void> => {
        isClosing = true;
        await opened.close();
      };
      const kept = { ...opened, close };
      shells.push(kept);
      return kept;
    });
    if (info.status !== info.expectedStatus)
      for (const [index, { page }] of shells.entries())
        await page
          .screenshot({ path: info.outputPath(`page-${index}.png`) })
          .then(() =>
            info.attachments.push({
              name: `page-${index}`,
              path: info.outputPath(`page-${index}.png`),
              contentType: 'image/png',
            }),
          )
          .catch(() => undefined);
    for (const opened of shells) await opened.close();
    const unexpected = errors.filter((message) => !allowedErrors.some((allowed) => message.includes(allowed)));
    expect(unexpected, 'errors that a page logged').toEqual([]);
  },
});
