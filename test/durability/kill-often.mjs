// Kills the writing process 200 times (KILLS=n for another number): too long for every run of the tests.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
const { status } = spawnSync(
  process.execPath,
  [
    vitest,
    'run',
    '--config',
    'test/vitest.config.ts',
    'test/durability/kill.test.ts',
    'test/durability/room-kill.test.ts',
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, KILLS: process.env.KILLS ?? '200' } },
);
process.exit(status ?? 1);
