/**
 * `npm run bench`: prints every figure with its baseline, their ratio and its target; `-- --check` exits with 1 when one is
 * at twice its target or more. Each `*.bench.ts` here exports `run()`, which gives rows. Never part of CI: times of a shared
 * machine say nothing.
 *
 * Usage: npm run bench -- [--check] [NAME ...]   (names of files: typing, reading, start, exchange, joining, ...)
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled, nodeOptions, projectNode } from '../../electron/build/install.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
ensureInstalled();
const node = projectNode();
const build = spawnSync(node, [join(root, 'electron/build/build.mjs'), '--if-stale'], { cwd: root, stdio: 'inherit' });
if (build.status !== 0) process.exit(1);
const main = join(root, 'test/bench/main.ts');
const run = spawnSync(node, [...nodeOptions, main, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
process.exit(run.status ?? 1);
