/** A hub in a process of its own, started as a person would start it, without npm in between. */
import { spawn, type ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { newHubFolder } from './hub-data.ts';
import { freePort } from './postgresql.ts';

const program = fileURLToPath(new URL('../../hub/cli/hub.ts', import.meta.url));

export interface HubProcess {
  readonly url: string;
  readonly pid: () => number;
  /** Ends it and waits until it has ended. Returns its exit code, null after a signal that it could not handle. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** On the same port and data, after `stop`. */
  start(): Promise<void>;
  /** What it has printed. */
  said(): string;
  dispose(): Promise<void>;
}

/** `--open` unless told otherwise, so that tests need no founding codes. Without `database` it has a folder of its own. */
export async function startHubProcess(
  options: { readonly database?: string; readonly args?: readonly string[]; readonly port?: number } = {},
): Promise<HubProcess & { readonly folder: string | null }> {
  const folder = options.database === undefined ? await newHubFolder() : null;
  const place = folder === null ? ['--database', options.database!] : ['--data', folder];
  const port = options.port ?? (await freePort());
  const args = [...(options.args ?? ['--open']), '--port', String(port), ...place];
  let said = '';
  /** As it says itself. */
  let url = '';
  let child = await start();

  async function start(): Promise<ChildProcess> {
    const started = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    started.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await new Promise<void>((resolve, reject) => {
      const lines = createInterface({ input: started.stdout! });
      lines.on('line', (line) => {
        said += `${line}\n`;
        const own = /^Listening on (\S+)$/.exec(line)?.[1];
        if (own === undefined) return;
        url = own;
        resolve();
      });
      started.once('exit', () => reject(new Error(`the hub ended: ${said}`)));
    });
    return started;
  }

  async function stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    child.kill(signal);
    return ended;
  }

  return {
    url,
    folder,
    pid: () => child.pid!,
    stop,
    async start() {
      child = await start();
    },
    said: () => said,
    async dispose() {
      await stop('SIGKILL');
      if (folder !== null) await rm(folder, { recursive: true, force: true });
    },
  };
}
