/**
 * The browser tests, written once and run against two shells: loopback always; the desktop shell through Playwright's
 * Electron where a binary is at hand, otherwise the built main and preload with a stand-in for the `electron` module that
 * opens real Chromium pages. `WORKBENCH_SHELL=loopback|desktop` runs one.
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
    { name: mode === 'electron' ? 'desktop (Electron)' : 'desktop (stand-in)', metadata: { shell: mode } },
  ].filter((project) => !wanted || project.name.startsWith(wanted)),
});
