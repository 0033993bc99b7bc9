/**
 * The packaging configuration, tried on a Linux directory build over a dummy Electron distribution: what is in the package,
 * what is not, and which fuses are set. No binary of Electron is needed; whether the packaged program starts is not seen here.
 */
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { path7za } from '7zip-bin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

/** The marker that @electron/fuses looks for, followed by the wire: version, length, one state per fuse. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

async function makeDummyElectron(folder: string): Promise<void> {
  await mkdir(join(folder, 'resources'), { recursive: true });
  await mkdir(join(folder, 'locales'), { recursive: true });
  const version = (
    JSON.parse(await readFile(join(root, 'node_modules/electron/package.json'), 'utf8')) as { version: string }
  ).version;
  await writeFile(join(folder, 'version'), version);
  await writeFile(join(folder, 'LICENSE'), 'dummy');
  await writeFile(join(folder, 'LICENSES.chromium.html'), 'dummy');
  const wire = Buffer.concat([Buffer.from(sentinel), Buffer.from([1, 9]), Buffer.from('101100100')]);
  await writeFile(join(folder, 'electron'), Buffer.concat([Buffer.from('#!/bin/sh\n'), wire, Buffer.from('\n')]));
  await chmod(join(folder, 'electron'), 0o755);
}

/** The names in an asar archive: its header is JSON behind four 32-bit lengths. */
async function asarNames(file: string): Promise<string[]> {
  interface Entry {
    files?: Record<string, Entry>;
  }
  const bytes = await readFile(file);
  const header = JSON.parse(bytes.subarray(16, 16 + bytes.readUInt32LE(12)).toString('utf8')) as Entry;
  const walk = (entry: Entry, path: string): string[] =>
    entry.files ? Object.entries(entry.files).flatMap(([name, child]) => walk(child, `${path}/${name}`)) : [path];
  return walk(header, '');
}

describe.skipIf(process.platform !== 'linux')('the package for Linux', () => {
  let work: string;
  let unpacked: string;

  beforeAll(async () => {
    work = await mkdtemp(join(tmpdir(), 'workbench-package-'));
    const electron = join(work, 'electron');
    unpacked = join(work, 'release', 'linux-unpacked');
    await makeDummyElectron(electron);
    if (!existsSync(join(root, 'dist/stamp.json')))
      await run(process.execPath, ['electron/build/build.mjs'], { cwd: root });
    await chmod(path7za, 0o755);
    await run(
      process.execPath,
      [
        'node_modules/electron-builder/out/cli/cli.js',
        '--linux',
        'dir',
        '--config',
        'electron-builder.yml',
        `-c.electronDist=${electron}`,
        `-c.directories.output=${join(work, 'release')}`,
      ],
      { cwd: root, env: { ...process.env, ELECTRON_BUILDER_7ZIP_PATH: path7za, CSC_IDENTITY_AUTO_DISCOVERY: 'false' } },
    );
  }, 180_000);
  afterAll(() => rm(work, { recursive: true, force: true }));

  it('holds the built program and its resources, and nothing else', async () => {
    const names = await asarNames(join(unpacked, 'resources/app.asar'));
    for (const needed of [
      '/dist/main/main.mjs',
      '/dist/preload/preload.cjs',
      '/dist/services/host.mjs',
      '/dist/workers/import-worker.mjs',
      '/dist/renderer/index.html',
      '/resources/templates/eleven-questions.json',
      '/package.json',
    ])
      expect(names).toContain(needed);
    const strangers = names.filter((name) => !/^\/(dist|resources)\/|^\/package\.json$/.test(name));
    expect(strangers).toEqual([]);
    expect(names.filter((name) => name.endsWith('.map') || name.includes('.test.'))).toEqual([]);
  });

  it('has the fuses set that the design asks for', async () => {
    const binary = (await readdir(unpacked)).find((name) => name === 'delegate-workbench');
    expect(binary).toBeDefined();
    const wire = await getCurrentFuseWire(join(unpacked, binary!));
    expect({
      runAsNode: wire[FuseV1Options.RunAsNode],
      nodeOptions: wire[FuseV1Options.EnableNodeOptionsEnvironmentVariable],
      inspect: wire[FuseV1Options.EnableNodeCliInspectArguments],
      cookieEncryption: wire[FuseV1Options.EnableCookieEncryption],
      asarIntegrity: wire[FuseV1Options.EnableEmbeddedAsarIntegrityValidation],
      onlyAsar: wire[FuseV1Options.OnlyLoadAppFromAsar],
      fileProtocol: wire[FuseV1Options.GrantFileProtocolExtraPrivileges],
    }).toEqual({
      runAsNode: FuseState.DISABLE,
      nodeOptions: FuseState.DISABLE,
      inspect: FuseState.DISABLE,
      cookieEncryption: FuseState.ENABLE,
      asarIntegrity: FuseState.ENABLE,
      onlyAsar: FuseState.ENABLE,
      fileProtocol: FuseState.DISABLE,
    });
  });

  it('is configured for Windows, macOS and Linux', async () => {
    const configuration = await readFile(join(root, 'electron-builder.yml'), 'utf8');
    for (const target of ['nsis', 'portable', 'dmg', 'AppImage', 'deb'])
      expect(configuration).toMatch(new RegExp(`^\\s+- ${target}$`, 'm'));
  });
});
