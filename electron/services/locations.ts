/** Where things lie: the built program, its resources, and the profile when none is named. */
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds `dist/` and `resources/`, for a module bundled into dist/<kind>/. */
export function programFolder(moduleUrl: string): string {
  return join(dirname(fileURLToPath(moduleUrl)), '..', '..');
}

/** The usual place for a program's data on this system; WORKBENCH_PROFILE overrides it. */
export function defaultProfileFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment['WORKBENCH_PROFILE']) return environment['WORKBENCH_PROFILE'];
  if (process.platform === 'win32')
    return join(environment['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Delegate Workbench');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Delegate Workbench');
  return join(environment['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'delegate-workbench');
}

/** Set by the build; `0.0.0` when run from source. */
declare const __WORKBENCH_VERSION__: string | undefined;
export function programVersion(): string {
  return typeof __WORKBENCH_VERSION__ === 'string' ? __WORKBENCH_VERSION__ : '0.0.0';
}
