/**
 * How a command talks to the hub that has the data folder: a local socket that only the folder's owner can open. One line
 * of JSON asks, one line answers.
 */
import { createHash } from 'node:crypto';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

export interface ControlRequest {
  readonly command: string;
  readonly text: Readonly<Record<string, string>>;
  readonly flags: readonly string[];
}

export type ControlAnswer = { readonly lines: readonly string[] } | { readonly error: string };

/** `sun_path` has 104 bytes on macOS and 108 on Linux, its closing zero included. */
const longestPathBytes = 103;

function controlPath(folder: string): string {
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 32);
  if (process.platform === 'win32') return `\\\\.\\pipe\\delegate-workbench-hub-${name}`;
  const inside = join(folder, 'control.sock');
  if (Buffer.byteLength(inside) <= longestPathBytes) return inside;
  return join(tmpdir(), `delegate-workbench-hub-${process.getuid?.() ?? 0}`, `${name}.sock`);
}

/** The caller holds the folder, so what stands there is left over. */
export async function serveControl(
  folder: string,
  act: (request: ControlRequest) => Promise<ControlAnswer>,
): Promise<{ close(): Promise<void> }> {
  const path = controlPath(folder);
  const isPipe = path.startsWith('\\\\');
  if (!isPipe) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await rm(path, { force: true });
  }
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    createInterface({ input: socket }).once('line', (line) => {
      act(JSON.parse(line) as ControlRequest)
        .catch((error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }))
        .then((answer) => socket.end(`${JSON.stringify(answer)}\n`));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  if (!isPipe) await chmod(path, 0o600);
  return { close: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** Rejects when nobody answers. */
export async function askControl(folder: string, request: ControlRequest): Promise<ControlAnswer> {
  const socket = connect(controlPath(folder));
  const line = await new Promise<string>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('The running hub gave no answer.')));
    createInterface({ input: socket }).once('line', resolve);
    socket.write(`${JSON.stringify(request)}\n`);
  });
  socket.destroy();
  return JSON.parse(line) as ControlAnswer;
}
