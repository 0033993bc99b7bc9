/** The desktop shell’s wiring: what main asked of Electron, and what it refuses. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { _electron } from '@playwright/test';
import { begin, fixtures } from './steps.ts';
import type { StandInReport } from './shells/desktop.ts';
import { desktopMode } from './shells/desktop-mode.ts';
import { expect, test, type RunningShell } from './test.ts';

test.beforeEach(({}, info) => {
  test.skip((info.project.metadata as { shell: string }).shell === 'loopback', 'only of the desktop shell');
});

test('the window is sandboxed, isolated and without Node; navigation, windows and permissions are denied', async ({
  open,
}) => {
  test.skip(desktopMode() === 'electron', 'the stand-in reports; with Electron see the next test');
  const shell = (await open()) as Awaited<ReturnType<typeof open>> & { readonly reports: readonly StandInReport[] };
  await expect(shell.page.getByLabel('Your name')).toBeVisible();
  const { reports } = shell;
  const did = (what: string): StandInReport | undefined => reports.find((report) => report.did === what);
  expect(did('enableSandbox')).toBeTruthy();
  expect(did('openWindow')!['webPreferences']).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
  });
  expect(did('openWindow')!['webPreferences']).not.toHaveProperty('webSecurity', false);
  expect(did('registerSchemes')!['schemes']).toEqual([
    { scheme: 'app', privileges: expect.not.objectContaining({ bypassCSP: true }) },
  ]);
  expect(did('ready')!['answers']).toEqual({
    navigateAway: 'denied',
    navigateFile: 'denied',
    navigateHome: 'allowed',
    openWindow: 'deny',
    camera: 'denied',
    geolocation: 'denied',
    device: 'denied',
  });
  expect(did('setMenu')).toBeTruthy();
});

test('the page sees nothing of Node or Electron', async ({ open }) => {
  const { page } = await open();
  await expect(page.getByLabel('Your name')).toBeVisible();
  const seen = await page.evaluate(() =>
    ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer', '__dirname'].filter((name) => name in window),
  );
  expect(seen).toEqual([]);
});

test('keeps what was written when the window is closed and opened', async ({ open }) => {
  const first = await open();
  await begin(first.page, { sample: false });
  await first.close();
  const { page } = await open();
  await expect(page.getByText('Your shelf is empty')).toBeVisible();
});

test('opens files that are double-clicked, at the start and later', async ({ open, folder }) => {
  test.skip(desktopMode() === 'electron', 'the second start is given by the stand-in');
  const shell = (await open('one', { files: [join(fixtures, 'statement.zh.txt')] })) as RunningShell & {
    openAgain(path: string): void;
  };
  const { page } = shell;
  await page.getByLabel('Your name').fill('Amal Haddad');
  await page.getByRole('button', { name: 'Begin' }).click();
  await page.getByRole('button', { name: /Begin with an empty shelf/ }).click();
  await expect(page.getByRole('button', { name: 'Close the report' })).toBeVisible();
  await expect(page.locator('.app-work')).toContainText('statement.zh.txt');
  const path = join(folder, 'from-bo.dwbundle');
  await writeFile(path, 'not a bundle at all');
  shell.openAgain(path);
  await expect(page.getByText('The bundle was not imported')).toBeVisible();
  await expect(page.locator('.app-work')).toContainText('from-bo.dwbundle');
});

test('true Electron: the preferences of the running window', async ({ open }) => {
  test.skip(desktopMode() !== 'electron', 'no Electron binary here');
  const { page } = await open();
  await expect(page.getByLabel('Your name')).toBeVisible();
  expect(page.url()).toMatch(/^app:\/\//);
  expect(_electron).toBeTruthy();
});
