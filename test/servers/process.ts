/**
 * Real servers, started by tests without any right that a user has not: everything in a temporary folder, on a free port,
 * ended with the test. Where a server is not installed its tests are skipped, and the runner says so.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';

export interface RunningServer {
  /** With a slash at its end. */
  readonly url: string;
  /** What it keeps, on the disk. */
  readonly folder: string;
  readonly user: string;
  readonly password: string;
  stop(): Promise<void>;
  start(): Promise<void>;
  dispose(): Promise<void>;
}

export function firstThatExists(paths: readonly string[]): string | null {
  return paths.find((path) => existsSync(path)) ?? null;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

export interface Daemon {
  stop(): Promise<void>;
}

/** Starts a program that stays in the foreground, and waits until it answers. */
export async function startDaemon(command: string, args: readonly string[], url: string): Promise<Daemon> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${command} ended: ${errors}`);
    const answers = await fetch(url, { method: 'OPTIONS' }).then(
      () => true,
      () => false,
    );
    if (answers) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    async stop() {
      // Its workers too: they are one process group.
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
      await ended;
    },
  };
}
