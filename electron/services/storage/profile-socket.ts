/**
 * How the command line and other shells talk to the process that has a profile: a local socket (a named pipe on
 * Windows) that carries the contract's messages, one per line. JSON has no raw line ends, so a line is a message.
 * Only the owner of the profile can connect: the socket lies in a folder that only they may enter.
 */
import { createHash } from 'node:crypto';
import { chmod, mkdir, stat, unlink } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { Port } from '../../../shared/contract/rpc.ts';
import { errnoOf } from './file-system.ts';

/** `sun_path` has 104 bytes on macOS and 108 on Linux, its closing zero included. */
const longestSocketPathBytes = 103;
/** No message is larger: originals do not travel here. */
const longestMessageBytes = 256 * 1024 * 1024;

/** Not `os.userInfo`, which throws for a user without an entry in the system's list, as in containers. */
const ownUser = (): number => process.getuid?.() ?? 0;

export interface ProfileSocket {
  /** Ends all connections and stops listening. */
  close(): Promise<void>;
}

/** Where the process that has the profile in `folder` listens. */
export function profileSocketPath(folder: string, platform: NodeJS.Platform = process.platform): string {
  const name = createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 32);
  if (platform === 'win32') return `\\\\.\\pipe\\delegate-workbench-${name}`;
  const inside = join(resolve(folder), 'workbench.sock');
  if (Buffer.byteLength(inside) <= longestSocketPathBytes) return inside;
  return join(tmpdir(), `delegate-workbench-${ownUser()}`, `${name}.sock`);
}

/** Listens at `path`; the caller holds the profile's lock, so that what stands there is left over. */
export async function serveProfileSocket(path: string, onPort: (port: Port) => void): Promise<ProfileSocket> {
  const isPipe = path.startsWith('\\\\');
  if (!isPipe) await prepare(path);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    onPort(portOf(socket));
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(path, () => {
      server.off('error', fail);
      done();
    });
  });
  if (!isPipe) await chmod(path, 0o600);
  return {
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function prepare(path: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = await stat(folder);
  // In the system's folder for temporary files somebody else may have made a folder of this name first.
  if (folder.startsWith(tmpdir()) && (uid !== ownUser() || (mode & 0o022) !== 0)) {
    throw new WorkbenchError('storage-unwritable', `${folder} belongs to somebody else, so no socket is made in it.`);
  }
  try {
    await unlink(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}

/** Connects to the process that listens at `path`. Fails with `connection-closed` when there is none. */
export async function connectProfileSocket(path: string): Promise<Port> {
  const socket = connect(path);
  try {
    await new Promise<void>((done, fail) => {
      socket.once('connect', done);
      socket.once('error', fail);
    });
  } catch (cause) {
    const message = `The process that has this profile open does not answer (${errnoOf(cause)}).`;
    throw new WorkbenchError('connection-closed', message, { path }, { cause });
  }
  return portOf(socket);
}

function portOf(socket: Socket): Port {
  const messageListeners: ((message: string) => void)[] = [];
  const closeListeners: (() => void)[] = [];
  let parts: Buffer[] = [];
  let partsBytes = 0;
  socket.on('data', (data: Buffer) => {
    let from = 0;
    for (let end = data.indexOf(0x0a); end !== -1; end = data.indexOf(0x0a, from)) {
      const message = Buffer.concat([...parts, data.subarray(from, end)]).toString('utf8');
      parts = [];
      partsBytes = 0;
      from = end + 1;
      for (const listener of messageListeners) listener(message);
    }
    if (from === data.length) return;
    parts.push(data.subarray(from));
    partsBytes += data.length - from;
    if (partsBytes > longestMessageBytes) socket.destroy();
  });
  // An error is always followed by `close`, which is all that a port can tell.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    for (const listener of closeListeners) listener();
  });
  return {
    send(message) {
      if (socket.writable) socket.write(`${message}\n`);
    },
    onMessage: (listener) => void messageListeners.push(listener),
    onClose: (listener) => void closeListeners.push(listener),
    close: () => void socket.end(),
  };
}
