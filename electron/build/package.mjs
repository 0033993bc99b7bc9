/**
 * `npm run package [-- electron-builder options]`: builds and packages. Needs Electron's binary, which electron-builder
 * fetches, or a folder with an unpacked one: ELECTRON_OVERRIDE_DIST_PATH.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled, projectNode } from './install.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
ensureInstalled();
const build = spawnSync(projectNode(), [join(root, 'electron/build/build.mjs')], { cwd: root, stdio: 'inherit' });
if (build.status !== 0) process.exit(1);
const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH;
const run = spawnSync(
  projectNode(),
  [
    join(root, 'node_modules/electron-builder/out/cli/cli.js'),
    '--config',
    'electron-builder.yml',
    ...(dist ? [`-c.electronDist=${dist}`] : []),
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit' },
);
if (run.status !== 0)
  console.error(
    'Packaging failed; the message stands above. Without a network, name a folder with Electron in ELECTRON_OVERRIDE_DIST_PATH.',
  );
process.exit(run.status ?? 1);
