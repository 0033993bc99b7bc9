/**
 * The browser tests, written once and run against two shells: loopback always; the desktop shell through Playwright's
 * Electron where a binary is at hand, otherwise the built main and preload with a stand-in for the `electron` module that
 * opens real Chromium pages. `WORKBENCH_SHELL=loopback|desktop` runs one.
 *
 * A test tagged @page goes through nothing of its shell but the way the page is served. The stand-in would only show
 * again what loopback has shown, so it leaves these out, unless it is asked for by name; true Electron runs them all.
 */
import { defineConfig } from '@playwright/test';
import { fileURLToPath } from 'node:url';
import { desktopMode } from './shells/desktop-mode.ts';

const mode = desktopMode();
const wanted = process.env['WORKBENCH_SHELL'];

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: fileURLToPath(new URL('../../test-results', import.meta.url)),
  fullyParallel: true,
  workers: 2,
  retries: process.env['CI'] ? 1 : 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  globalSetup: fileURLToPath(new URL('./global-setup.ts', import.meta.url)),
  projects: [
    { name: 'loopback', metadata: { shell: 'loopback' } },
    mode === 'electron'
      ? { name: 'desktop (Electron)', metadata: { shell: mode } }
      : { name: 'desktop (stand-in)', metadata: { shell: mode }, ...(wanted ? {} : { grepInvert: /@page/ }) },
  ].filter((project) => !wanted || project.name.startsWith(wanted)),
});
