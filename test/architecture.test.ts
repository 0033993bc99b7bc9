/**
 * A path says where code may run; this holds it. The tsconfig of each layer keeps out globals of other layers, this test
 * keeps out imports, and makes every npm dependency be listed with its layers and its reason.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { dependencies, type Layer } from './dependencies.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Import {
  readonly file: string;
  readonly layer: Layer;
  readonly specifier: string;
  /** Path from the root for relative imports, else null. */
  readonly target: string | null;
}

function walk(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : walk(path);
    return /\.(ts|tsx|mjs|css)$/.test(entry.name) ? [path] : [];
  });
}

function layerOf(file: string): Layer {
  if (/\.test\.tsx?$|\/testing\//.test(file) || file.startsWith('test/')) return 'test';
  if (file.startsWith('shared/')) return 'shared';
  if (file.startsWith('hub/')) return 'hub';
  const part = /^electron\/(\w+)\//.exec(file)?.[1];
  if (part) return part as Layer;
  if (file.startsWith('renderer/ui/')) return 'renderer/ui';
  if (file.startsWith('renderer/')) return 'renderer';
  throw new Error(`no layer for ${file}`);
}

function importsOf(path: string): Import[] {
  const file = relative(root, path).split(sep).join('/');
  const source = readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const pattern = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+|@import\s+(?:url\()?)['"]([^'"\n]+)['"]/g;
  return [...source.matchAll(pattern)].map(([, specifier = '']) => ({
    file,
    layer: layerOf(file),
    specifier,
    target: specifier.startsWith('.')
      ? relative(root, join(dirname(path), specifier))
          .split(sep)
          .join('/')
      : null,
  }));
}

const files = ['shared', 'electron', 'hub', 'renderer', 'test'].flatMap((folder) => walk(join(root, folder)));
const imports = files.flatMap(importsOf);
const product = imports.filter((entry) => entry.layer !== 'test');
const say = (entry: Import): string => `${entry.file} imports ${entry.specifier}`;
const isBuiltin = (specifier: string): boolean => specifier.startsWith('node:') || builtinModules.includes(specifier);
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** Which layers' files a layer's files may import. */
const mayImport: Readonly<Record<Exclude<Layer, 'test'>, readonly RegExp[]>> = {
  // Templates and catalogues are data; they carry nothing that could only run somewhere.
  shared: [/^shared\//, /^resources\/[^.]+\.json$/],
  services: [/^shared\//, /^electron\/services\//, /^resources\//],
  loopback: [/^shared\//, /^electron\/(services|loopback)\//],
  cli: [/^shared\//, /^electron\/(services|cli)\//],
  main: [/^shared\//, /^electron\/(main|services|loopback\/static-files)/],
  preload: [/^electron\/preload\//],
  build: [/^electron\/build\//],
  // Its version stands in package.json.
  hub: [/^shared\//, /^hub\//, /^package\.json$/],
  renderer: [/^shared\//, /^renderer\//, /^resources\//],
  'renderer/ui': [/^shared\/i18n\//, /^renderer\/ui\//],
};

describe('layers', () => {
  it('finds the sources', () => {
    expect(files.length).toBeGreaterThan(60);
    expect(product.length).toBeGreaterThan(200);
  });

  it('lets no file import from a layer it may not', () => {
    const wrong = product.filter(
      (entry) =>
        entry.target !== null &&
        !mayImport[entry.layer as Exclude<Layer, 'test'>].some((rule) => rule.test(entry.target!)),
    );
    expect(wrong.map(say)).toEqual([]);
  });

  it('keeps Node out of shared and the renderer', () => {
    const pure: Layer[] = ['shared', 'renderer', 'renderer/ui'];
    const wrong = product.filter((entry) => pure.includes(entry.layer) && isBuiltin(entry.specifier));
    expect(wrong.filter((entry) => entry.file !== 'renderer/vite.config.ts').map(say)).toEqual([]);
  });

  it('lets only main and preload import electron', () => {
    const wrong = product.filter(
      (entry) => entry.specifier === 'electron' && !['main', 'preload'].includes(entry.layer),
    );
    expect(wrong.map(say)).toEqual([]);
  });

  it('lets no feature of the page import another feature', () => {
    const feature = (path: string): string => path.split('/')[1] ?? '';
    const open = ['app', 'ui'];
    const wrong = product.filter(
      (entry) =>
        entry.layer === 'renderer' &&
        entry.target?.startsWith('renderer/') &&
        !['app', feature(entry.file)].includes(feature(entry.target)) &&
        !open.includes(feature(entry.target)) &&
        !open.includes(feature(entry.file)),
    );
    expect(wrong.map(say)).toEqual([]);
  });

  it('opens zod through one file', () => {
    const wrong = product.filter(
      (entry) => packageOf(entry.specifier) === 'zod' && entry.file !== 'shared/contract/schema.ts',
    );
    expect(wrong.map(say)).toEqual([]);
  });

  it('names every folder of the product in ARCHITECTURE.md', () => {
    const map = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
    const folders = new Set(
      product.map((entry) =>
        dirname(entry.file)
          .split('/')
          .slice(0, entry.file.startsWith('electron/services/') ? 3 : 2)
          .join('/'),
      ),
    );
    expect([...folders].filter((folder) => !map.includes(folder.split('/').at(-1)!))).toEqual([]);
  });
});

describe('dependencies', () => {
  const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
    string,
    Record<string, string>
  >;
  const installed = Object.keys({ ...packageJson['dependencies'], ...packageJson['devDependencies'] });

  it('are all listed with a reason, and nothing else is', () => {
    expect(Object.keys(dependencies).sort()).toEqual([...installed].sort());
  });

  it('are imported only where they are listed for', () => {
    const wrong = imports.filter((entry) => {
      if (entry.target !== null || isBuiltin(entry.specifier) || /^[@.]?\//.test(entry.specifier)) return false;
      const name = packageOf(entry.specifier);
      const listed = dependencies[name];
      if (!listed) return !name.startsWith('virtual:') && !name.startsWith('http');
      if (entry.layer === 'test') return false;
      return !listed.layers.some(
        (layer) => entry.layer === layer || (layer === 'renderer' && entry.layer === 'renderer/ui'),
      );
    });
    expect(wrong.map(say)).toEqual([]);
  });

  it('are used somewhere', () => {
    const used = new Set(imports.map((entry) => packageOf(entry.specifier)));
    const unused = Object.entries(dependencies)
      .filter(([name, { layers }]) => layers.length > 0 && !used.has(name))
      .map(([name]) => name);
    expect(unused).toEqual([]);
  });

  it('pins the versions that must not drift', () => {
    const all = { ...packageJson['dependencies'], ...packageJson['devDependencies'] };
    const exact = Object.entries(all).filter(([, version]) => /^\d/.test(version));
    expect(exact.length).toBe(Object.keys(all).length);
  });

  it('has no compiled addon in what ships', () => {
    const shipped = Object.keys(packageJson['dependencies'] ?? {});
    const compiled = shipped.filter((name) => existsSync(join(root, 'node_modules', name, 'binding.gyp')));
    expect(compiled).toEqual([]);
  });
});
