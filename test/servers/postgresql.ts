/**
 * A real PostgreSQL server for tests: a cluster of its own in a temporary folder, on a free port of 127.0.0.1. Where no
 * server is installed `findPostgresql` is null, and what needs it is skipped, visibly.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

export interface PostgresqlServer {
  /** A database of its own, empty. */
  createDatabase(): Promise<string>;
  /** Ends the server process at once, as a power cut would, and starts it again on the same port. */
  restart(): Promise<void>;
  dispose(): Promise<void>;
}

/** The folder with `initdb` and `postgres`, or null: Debian keeps them out of the PATH. */
export async function findPostgresql(): Promise<string | null> {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? (await readdir(debian)).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres'))) ?? null;
}

/** PostgreSQL refuses to run as root; `nobody` then runs it. */
async function unprivileged(): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null;
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'nobody'])).stdout)),
  );
  return { uid: uid!, gid: gid! };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function startPostgresql(binaries: string): Promise<PostgresqlServer> {
  const folder = await mkdtemp(join(tmpdir(), 'workbench-postgresql-'));
  const user = await unprivileged();
  if (user) await chown(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const as = user ?? {};
  await run(join(binaries, 'initdb'), ['-D', data, '-U', 'hub', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    ...as,
    cwd: folder,
  });
  const port = await freePort();
  const address = `postgres://hub@127.0.0.1:${port}`;
  let server = await start();
  let databases = 0;

  async function start(): Promise<ChildProcess> {
    const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`];
    const process = spawn(join(binaries, 'postgres'), ['-D', data, ...settings.flatMap((each) => ['-c', each])], {
      ...as,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    process.stderr!.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)));
    await waitUntilReady(address, () => {
      if (process.exitCode !== null) throw new Error(`PostgreSQL ended: ${said}`);
    });
    return process;
  }

  async function stop(signal: NodeJS.Signals): Promise<void> {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill(signal);
    await ended;
  }

  return {
    async createDatabase() {
      databases += 1;
      const name = `hub${databases}`;
      await withClient(`${address}/postgres`, (client) => client.query(`CREATE DATABASE ${name}`));
      return `${address}/${name}`;
    },
    async restart() {
      // Immediate shutdown: no checkpoint, recovery at the next start.
      await stop('SIGQUIT');
      server = await start();
    },
    async dispose() {
      await stop('SIGQUIT');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function waitUntilReady(address: string, assertAlive: () => void): Promise<void> {
  for (;;) {
    assertAlive();
    try {
      await withClient(`${address}/postgres`, (client) => client.query('SELECT 1'));
      return;
    } catch {
      // Not yet: the server says so by refusing.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function withClient<T>(url: string, act: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await act(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
