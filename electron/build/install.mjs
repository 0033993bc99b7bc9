/** Installs what package-lock.json names, when node_modules is absent or older than it, and finds the Node of the project. */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Exits with a sentence when the Node that runs this is too old to install the rest. */
function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Node 20.19 or newer is needed; this is ${process.versions.node}. Nothing was changed.`);
  process.exit(1);
}

/** Runs `npm ci` unless node_modules already matches the lock file. */
export function ensureInstalled() {
  requireNode();
  const done = join(root, 'node_modules', '.package-lock.json');
  if (existsSync(done) && statSync(done).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs - 1000) return;
  if (existsSync(done) && existsSync(projectNode())) {
    // A fresh clone gives package-lock.json a new date; only different contents need a new installation.
    const check = spawnSync('npm', ['ls', '--depth=0', '--silent'], { cwd: root, shell: process.platform === 'win32' });
    if (check.status === 0) return;
  }
  console.log('Installing dependencies (once) ...');
  const run = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (run.status !== 0) {
    console.error('npm ci failed; its message stands above. Nothing was started.');
    process.exit(1);
  }
}

/** Path of the Node 24 that npm installed for this project: the Node that Electron carries. */
export function projectNode() {
  return join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/** `node:sqlite` still announces itself as experimental at every start; the announcement is not for our users. */
export const nodeOptions = ['--disable-warning=ExperimentalWarning'];
