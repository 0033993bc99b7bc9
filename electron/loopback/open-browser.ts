/** Opens an address in the system's browser, where there is one. */
import { spawn } from 'node:child_process';

/** Resolves to whether a browser was started. Never fails: the printed address is the way that always works. */
export function openBrowser(address: string): Promise<boolean> {
  const commands: Readonly<Record<string, readonly [string, ...string[]]>> = {
    win32: ['rundll32', 'url.dll,FileProtocolHandler', address],
    darwin: ['open', address],
  };
  const [command, ...args] = commands[process.platform] ?? ['xdg-open', address];
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'ignore', detached: true });
    child.on('error', () => resolve(false));
    child.on('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
