/** `npm run --silent workbench -- ...`: builds when the sources changed, then runs the command line. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled, nodeOptions, projectNode } from './install.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
ensureInstalled();
const build = spawnSync(projectNode(), [join(root, 'electron/build/build.mjs'), '--if-stale', '--quiet'], {
  cwd: root,
  // Only results go to standard output.
  stdio: ['ignore', 2, 2],
});
if (build.status !== 0) process.exit(1);
// npm sets INIT_CWD to where the person stood: file names are meant from there.
const run = spawnSync(projectNode(), [...nodeOptions, join(root, 'dist/cli/workbench.mjs'), ...process.argv.slice(2)], {
  cwd: process.env.INIT_CWD ?? process.cwd(),
  stdio: 'inherit',
});
process.exit(run.status ?? 1);
