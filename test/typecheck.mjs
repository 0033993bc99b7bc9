// Type-checks every layer against only the types that layer may see. Prints all errors; exits 1 on any. What was found
// out before is kept in .cache/types, so that a second check costs a fraction of the first.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const layers = [
  'shared',
  'electron/services',
  'electron/loopback',
  'electron/cli',
  'electron/main',
  'electron/preload',
  'hub',
  'renderer',
  'test',
].filter((layer) => process.argv.length < 3 || process.argv.includes(layer));
let failed = 0;
for (const layer of layers) {
  if (!existsSync(`${root}/${layer}/tsconfig.json`)) throw new Error(`no tsconfig.json in ${layer}`);
  const cache = `.cache/types/${layer.replaceAll('/', '-')}.tsbuildinfo`;
  const run = spawnSync(
    process.execPath,
    [`${root}/node_modules/typescript/bin/tsc`, '-p', layer, '--incremental', '--tsBuildInfoFile', cache],
    { cwd: root, stdio: 'inherit' },
  );
  if (run.status !== 0) failed += 1;
  console.log(`${run.status === 0 ? 'ok' : 'FAILED'}  ${layer}`);
}
process.exit(failed === 0 ? 0 : 1);
