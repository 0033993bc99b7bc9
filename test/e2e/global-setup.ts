/** Builds what is out of date, says plainly what these tests run on, and stops with a sentence when there is no browser. */
import { findBrowser, noBrowserMessage } from '../browser.mjs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { desktopMode, root } from './shells/desktop-mode.ts';

export default async function globalSetup(): Promise<void> {
  const build = spawnSync(process.execPath, [join(root, 'electron/build/build.mjs'), '--if-stale'], {
    stdio: 'inherit',
  });
  if (build.status !== 0) throw new Error('The build failed; its message stands above.');
  const browser = await findBrowser();
  if (!browser) throw new Error(noBrowserMessage);
  console.log(`Loopback shell: real Chromium, ${browser.from}.`);
  console.log(
    desktopMode() === 'electron'
      ? 'Desktop shell: true Electron.'
      : 'Desktop shell: no Electron binary here; its built main and preload run against a stand-in that opens real Chromium pages. No desktop window was seen.',
  );
}
