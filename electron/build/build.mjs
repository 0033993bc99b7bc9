/**
 * Builds everything that runs: the Node entries with esbuild, the page with vite. `build/` holds what turns the
 * sources into a program and starts it; it runs on the Node that the user has (20.19 or newer), before anything is built.
 *
 * Output in dist/: main/ preload/ services/ loopback/ cli/ workers/ renderer/. Node entries are bundled whole, so that the
 * package needs no node_modules.
 *
 * Usage: node electron/build/build.mjs [--if-stale] [--only node|page] [--quiet]
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const dist = join(root, 'dist');
const stampFile = join(dist, 'stamp.json');

const version = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;

/** Bundled CommonJS packages call `require` for Node's own modules; an ES module has none unless it makes one. */
const requireBanner =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

const nodeEntries = [
  { in: 'electron/main/main.ts', out: 'main/main', format: 'esm', external: ['electron'] },
  { in: 'electron/preload/preload.ts', out: 'preload/preload', format: 'cjs', external: ['electron'] },
  { in: 'electron/services/host.ts', out: 'services/host', format: 'esm', external: [] },
  { in: 'electron/services/import/import-worker.ts', out: 'workers/import-worker', format: 'esm', external: [] },
  { in: 'electron/services/merging/cluster-worker.ts', out: 'workers/cluster-worker', format: 'esm', external: [] },
  {
    in: 'electron/services/protection/derive-key-worker.ts',
    out: 'workers/derive-key-worker',
    format: 'esm',
    external: [],
  },
  { in: 'electron/loopback/start.ts', out: 'loopback/start', format: 'esm', external: [] },
  { in: 'electron/cli/workbench.ts', out: 'cli/workbench', format: 'esm', external: [] },
];

/** @param {string} folder @returns {string[]} */
function sourcesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : sourcesIn(path);
    return /\.test\.tsx?$/.test(entry.name) ? [] : [path];
  });
}

/** A fingerprint of every source that goes into dist/: names, sizes and contents. */
function fingerprint() {
  const hash = createHash('sha256');
  const files = ['shared', 'electron', 'renderer', 'resources'].flatMap((folder) => sourcesIn(join(root, folder)));
  for (const file of [...files, join(root, 'package-lock.json')].sort()) {
    if (!existsSync(file)) continue;
    hash.update(relative(root, file)).update('\0').update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** @param {string} out */
async function buildNode(out) {
  const { build } = await import('esbuild');
  await Promise.all(
    nodeEntries.map((entry) =>
      build({
        absWorkingDir: root,
        entryPoints: [entry.in],
        outfile: join(out, `${entry.out}.${entry.format === 'cjs' ? 'cjs' : 'mjs'}`),
        bundle: true,
        platform: 'node',
        target: 'node24',
        format: entry.format,
        external: entry.external,
        // The ESM builds of bundled packages are preferred, except where a package's ESM is a thin wrapper of its CJS.
        mainFields: ['module', 'main'],
        banner: entry.format === 'esm' ? { js: requireBanner } : {},
        define: { __WORKBENCH_VERSION__: JSON.stringify(version) },
        sourcemap: true,
        sourcesContent: false,
        legalComments: 'linked',
        logLevel: 'warning',
      }),
    ),
  );
}

/** @param {string} out */
async function buildPage(out) {
  const { build } = await import('vite');
  await build({
    configFile: join(root, 'renderer/vite.config.ts'),
    root: join(root, 'renderer'),
    logLevel: 'warn',
    build: { outDir: join(out, 'renderer'), emptyOutDir: true },
  });
}

/** @param {{ifStale?: boolean, only?: 'node'|'page', quiet?: boolean}} options @returns whether anything was built */
export async function buildAll({ ifStale = false, only, quiet = false } = {}) {
  const print = fingerprint();
  if (ifStale && existsSync(stampFile) && JSON.parse(readFileSync(stampFile, 'utf8')).fingerprint === print)
    return false;
  const started = Date.now();
  // Built beside the old one and put in its place whole: a build that fails leaves a program that runs.
  const next = only ? dist : join(root, `dist-${process.pid}`);
  try {
    await Promise.all([only === 'page' ? undefined : buildNode(next), only === 'node' ? undefined : buildPage(next)]);
    if (!only) {
      writeFileSync(join(next, 'stamp.json'), JSON.stringify({ fingerprint: print, version }));
      rmSync(dist, { recursive: true, force: true });
      renameSync(next, dist);
    }
  } finally {
    if (!only) rmSync(next, { recursive: true, force: true });
  }
  if (!quiet) console.log(`Built in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
  return true;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const only = process.argv[process.argv.indexOf('--only') + 1];
  await buildAll({
    ifStale: process.argv.includes('--if-stale'),
    quiet: process.argv.includes('--quiet'),
    ...(process.argv.includes('--only') ? { only } : {}),
  });
}
