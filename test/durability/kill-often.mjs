// Kills writing processes far more often than every run of the tests does: `npm run kills -- [room|edits] [how many]`; by
// default both, 200 times each. Prints how far it is after every tenth kill, and exits 1 when anything was lost.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const words = process.argv.slice(2);
const kills = words.find((word) => /^\d+$/.test(word)) ?? process.env.KILLS ?? '200';
const tests = { edits: 'test/durability/kill.test.ts', room: 'test/durability/room-kill.test.ts' };
const chosen = Object.keys(tests).filter((name) => words.includes(name));
const files = (chosen.length > 0 ? chosen : Object.keys(tests)).map((name) => tests[name]);

const root = fileURLToPath(new URL('../..', import.meta.url));
// The Node that installs may be older than the one that runs TypeScript; the package `node` brings the latter.
const node = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url));
const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
const args = ['--config=test/vitest.config.ts', '--no-file-parallelism', '--disableConsoleIntercept'];
const { status } = spawnSync(node, [vitest, 'run', ...files, ...args], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, KILLS: kills, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
});
process.exit(status ?? 1);
