// Runs a fuzz over many seeds: `npm run fuzz -- [folder|channels|keys] [first seed] [how many] [steps]`, or all properties of
// the unit tests (or of the files named): `npm run fuzz -- properties [first seed] [how many] [file ...]`. Prints each
// seed that fails with what happened; exits 1 when any did.
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { fileURLToPath } from 'node:url';

if (!process.features.typescript) {
  // The Node that installs may be older than the one that runs TypeScript; the package `node` brings the latter.
  const node = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
  const run = spawnSync(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exit(run.status ?? 1);
}

const words = process.argv.slice(2);
const ofKeys = words.includes('keys');
const overAll = ofKeys || words.includes('channels');
const ofProperties = words.includes('properties');
const numbers = words.filter((word) => /^\d+$/.test(word)).map(Number);
const [first = 1, howMany = 50, steps = ofKeys ? 700 : overAll ? 2000 : 120] = numbers;
const run = await (ofProperties ? propertiesFuzz() : overAll ? channelsFuzz() : folderFuzz());

async function folderFuzz() {
  const { runFuzz } = await import('./property/fuzz-folder-run.ts');
  return runFuzz;
}

async function channelsFuzz() {
  const { runChannelsFuzz } = await import('./property/fuzz-channels-run.ts');
  const { mixes } = await import('./property/fuzz-channels-mixes.ts');
  const { startFuzzHub } = await import('./property/fuzz-channels-places.ts');
  const hub = await startFuzzHub();
  return (seed, count) => runChannelsFuzz(seed, hub, count, ofKeys ? mixes.keys : mixes.usual);
}

/** Each seed in a run of the tests of its own, since properties take their seed where they are loaded. */
function propertiesFuzz() {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const named = words.filter((word) => word !== 'properties' && !/^\d+$/.test(word));
  const hasProperties = (file) => readFileSync(`${root}/${file}`, 'utf8').includes('fc.property');
  const every = globSync('{shared,electron,hub,renderer,test}/**/*.test.{ts,tsx}', { cwd: root });
  const files = named.length > 0 ? named : every.filter(hasProperties);
  const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
  const args = ['run', '--config', 'test/vitest.config.ts', '--reporter=dot', '--no-color', ...files];
  return (seed) => {
    const env = { ...process.env, PROPERTY_SEED: String(seed) };
    const { status, stdout, stderr } = spawnSync(process.execPath, [vitest, ...args], {
      ...{ cwd: root, env, encoding: 'utf8', maxBuffer: 1 << 28 },
    });
    return { failures: status === 0 ? [] : [stdout, stderr], counts: {} };
  };
}

const totals = new Map();
let failed = 0;
for (let seed = first; seed < first + howMany; seed += 1) {
  const startedAt = Date.now();
  let failures;
  try {
    const outcome = await run(seed, steps);
    failures = outcome.failures;
    for (const [shape, count] of Object.entries(outcome.counts)) totals.set(shape, (totals.get(shape) ?? 0) + count);
  } catch (error) {
    failures = [inspect(error)];
  }
  if (failures.length > 0) failed += 1;
  const verdict = failures.length === 0 ? 'ok' : `FAILED\n  ${failures.slice(0, 10).join('\n  ')}`;
  console.log(`seed ${seed} (${((Date.now() - startedAt) / 1000).toFixed(1)} s) ${verdict}`);
}
console.log([...totals].map(([shape, count]) => `${shape} ${count}`).join(', '));
console.log(`${howMany - failed} seeds passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
