/**
 * Flips the fuses of the packaged binary (electron-builder's `afterPack`): no running as plain Node, no NODE_OPTIONS, no
 * debugger, only the signed archive. WORKBENCH_TEST_BUILD=1 leaves the debugger on, which Playwright needs to attach.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses';

export const fuses = {
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: process.env.WORKBENCH_TEST_BUILD === '1',
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
};

/** Path of the packaged program's binary. @param {import('electron-builder').AfterPackContext} context */
export function packagedBinary(context) {
  const name = context.packager.appInfo.productFilename;
  const executable = context.packager.executableName ?? name;
  const byPlatform = { darwin: `${name}.app/Contents/MacOS/${name}`, win32: `${name}.exe` };
  return join(context.appOutDir, byPlatform[context.electronPlatformName] ?? executable);
}

/** @param {import('electron-builder').AfterPackContext} context */
export default async function afterPack(context) {
  const binary = packagedBinary(context);
  if (!existsSync(binary)) throw new Error(`no binary at ${binary}`);
  await flipFuses(binary, { version: FuseVersion.V1, ...fuses });
}
