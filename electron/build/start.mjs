/**
 * `npm start`: installs, builds and opens the workbench. The Electron window where its binary is at hand (it is fetched
 * once, within a time limit), the loopback shell in the system's browser otherwise.
 *
 * Usage: npm start -- [--loopback] [--no-open] [--profile DIR] [--port N]
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled, nodeOptions, projectNode } from './install.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const fetchLimitMs = 60_000;

const usage = 'Usage: npm start -- [--loopback] [--no-open] [--profile DIR] [--port N]';
const flags = process.argv.slice(2);
if (flags.includes('--help')) {
  console.log(usage);
  process.exit(0);
}
const known = ['--loopback', '--no-open', '--profile', '--port'];
const takesValue = ['--profile', '--port'];
for (let i = 0; i < flags.length; i += 1) {
  if (!known.includes(flags[i])) {
    console.error(`Unknown option ${flags[i]}.\n${usage}`);
    process.exit(2);
  }
  if (takesValue.includes(flags[i]) && flags[(i += 1)] === undefined) {
    console.error(`${flags[i - 1]} needs a value.`);
    process.exit(2);
  }
}

ensureInstalled();
// The build runs in a process of its own, so that its memory is given back before the workbench starts.
const built = spawnSync(projectNode(), [join(root, 'electron/build/build.mjs'), '--if-stale'], {
  cwd: root,
  stdio: 'inherit',
});
if (built.status !== 0) process.exit(1);

/** Path of the Electron binary, or null. Tries to fetch it once per version; a refusal is remembered. */
function electronBinary() {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(root, 'node_modules/electron/dist');
  const names = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' };
  const binary = join(folder, names[process.platform] ?? 'electron');
  if (existsSync(binary)) return binary;
  const tried = join(root, 'node_modules/.cache/electron-fetch-tried');
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8'));
  if (existsSync(tried) && readFileSync(tried, 'utf8') === version) return null;
  console.log(`Fetching the Electron binary (once, ${fetchLimitMs / 1000} s at most) ...`);
  spawnSync(projectNode(), [join(root, 'node_modules/electron/install.js')], {
    stdio: 'ignore',
    timeout: fetchLimitMs,
  });
  if (existsSync(binary)) return binary;
  mkdirSync(dirname(tried), { recursive: true });
  writeFileSync(tried, version);
  return null;
}

const wantsLoopback = flags.includes('--loopback');
const binary = wantsLoopback ? null : electronBinary();
const passed = flags.filter((flag) => flag !== '--loopback');
let child;
if (binary) {
  child = spawn(binary, [join(root, 'dist/main/main.mjs'), ...passed.filter((flag) => flag !== '--no-open')], {
    stdio: 'inherit',
  });
} else {
  if (!wantsLoopback)
    console.log(
      'The Electron binary is not at hand (delete node_modules/.cache/electron-fetch-tried to try again): opening the workbench in the browser instead.',
    );
  child = spawn(projectNode(), [...nodeOptions, join(root, 'dist/loopback/start.mjs'), ...passed], {
    stdio: 'inherit',
  });
}
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 0 : (code ?? 1)));
