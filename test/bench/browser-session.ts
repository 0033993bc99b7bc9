/** A Chromium and the built loopback server for one benchmark, and the ways to measure in its pages. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { findBrowser, noBrowserMessage } from '../browser.mjs';
import { startServer } from '../e2e/shells/loopback.ts';
import { openWorkbench } from '../../electron/services/workbench.ts';
import type { WorkbenchClient } from '../../shared/contract/contract.ts';
import type { Grants } from '../../electron/services/files/grants.ts';
import { projectFolder } from '../fakes/temp-workbench.ts';

export interface Session {
  readonly browser: Browser;
  readonly profile: string;
  /** A page of the workbench, on a server of its own. */
  openPage(): Promise<{ readonly page: Page; readonly pid: number; close(): Promise<void> }>;
}

export async function launch(): Promise<Browser> {
  const found = await findBrowser();
  if (!found) throw new Error(noBrowserMessage);
  return chromium.launch({
    executablePath: found.executablePath,
    args: found.args,
    env: { ...process.env, ...found.env } as Record<string, string>,
  });
}

/** Fills a fresh profile with `prepare` in this process, then runs `measure` on it in a browser. */
export async function withSession<T>(
  prepare: (client: WorkbenchClient, grants: Grants) => Promise<void>,
  measure: (session: Session) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'workbench-bench-'));
  const profile = join(folder, 'profile');
  const workbench = await openWorkbench({
    profileFolder: profile,
    programFolder: projectFolder,
    shell: 'memory',
    background: false,
  });
  const client = workbench.client({ namesPaths: true });
  await client.profile.setUp({ name: 'Amal', delegation: 'Jordan', language: 'en' });
  await prepare(client, workbench.grants);
  await workbench.close();
  const browser = await launch();
  try {
    return await measure({
      browser,
      profile,
      async openPage() {
        const server = await startServer(profile);
        const page = await browser.newPage({ viewport: { width: 1360, height: 860 } });
        await page.goto(server.address);
        return {
          page,
          pid: server.pid,
          close: async () => {
            await page.close();
            await server.stop();
          },
        };
      },
    });
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The value below which `share` (0 to 1) of the values lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

/** Scrolls the element with the wheel for a while; milliseconds between frames. */
export async function scrollFrames(page: Page, selector: string): Promise<number[]> {
  const box = (await page.locator(selector).boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + Math.min(box.height, 800) / 2);
  await page.evaluate(() => {
    const frames: number[] = [];
    let last = performance.now();
    const step = (now: number): void => {
      frames.push(now - last);
      last = now;
      (globalThis as { benchFrame?: number }).benchFrame = requestAnimationFrame(step);
    };
    requestAnimationFrame((now) => {
      last = now;
      requestAnimationFrame(step);
    });
    (globalThis as { benchFrames?: number[] }).benchFrames = frames;
  });
  for (let turn = 0; turn < 60; turn += 1) {
    await page.mouse.wheel(0, 240);
    await page.waitForTimeout(25);
  }
  return page.evaluate(() => {
    cancelAnimationFrame((globalThis as { benchFrame?: number }).benchFrame ?? 0);
    return (globalThis as { benchFrames?: number[] }).benchFrames ?? [];
  });
}
