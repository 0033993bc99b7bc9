/**
 * A PostgreSQL server. Several hub processes on one database behave as one: all state is in it, and news goes through
 * LISTEN and NOTIFY. The connection that listens is made again when it is lost, and then says that there was a gap.
 */
import { createHash } from 'node:crypto';
import pg from 'pg';
import { HubError } from '../hub-error.ts';
import type { Database, Queryable, Value } from './database.ts';

const connections = 10;
const reconnectAfterMs = 500;
const bigint = 20;

/** Numbers of objects and bytes stay far below 2^53. */
const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === bigint ? Number : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};

/** Classes of SQLSTATE, and Node's codes, that mean the server is away and not that the statement is wrong. */
const awayPattern = /^(08|57P)|^E(CONN|PIPE|HOST|NET|TIMEDOUT)|^EAI_/;

export async function openPostgresDatabase(url: string): Promise<Database> {
  const pool = new pg.Pool({ connectionString: url, max: connections, types, connectionTimeoutMillis: 10_000 });
  // A connection that breaks while idle: the next query takes another, and says so when there is none.
  pool.on('error', () => undefined);
  const stopped = new AbortController();
  let listener: pg.Client | null = null;

  async function connectListener(channel: string, onNotice: (payload: string) => void, onGap: () => void) {
    const client = new pg.Client({ connectionString: url, keepAlive: true });
    let lost = false;
    const onLost = (): void => {
      if (lost || stopped.signal.aborted) return;
      lost = true;
      void reconnect(channel, onNotice, onGap);
    };
    client.on('notification', ({ payload }) => onNotice(payload ?? ''));
    // Whoever connects hears of a failure to; only what was connected can be lost.
    client.on('error', () => undefined);
    await client.connect();
    client.on('error', onLost);
    client.on('end', onLost);
    await client.query(`LISTEN ${channel}`);
    listener = client;
  }

  async function reconnect(channel: string, onNotice: (payload: string) => void, onGap: () => void): Promise<void> {
    while (!stopped.signal.aborted) {
      try {
        await connectListener(channel, onNotice, onGap);
        onGap();
        return;
      } catch {
        // Still away; health says so meanwhile.
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, reconnectAfterMs);
          stopped.signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
        });
      }
    }
  }

  await rowsOf(pool, 'SELECT 1');
  return {
    shared: true,
    query: (sql, values) => rowsOf(pool, sql, values),
    async transaction(act) {
      const client = await pool.connect().catch(throwAway);
      const inside: Queryable = { query: (sql, values) => rowsOf(client, sql, values) };
      let broken: Error | undefined;
      try {
        await inside.query('BEGIN');
        const result = await act(inside);
        await inside.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch((failure: Error) => (broken = failure));
        throw error;
      } finally {
        // A connection that cannot even roll back is thrown away.
        client.release(broken);
      }
    },
    listen: connectListener,
    async close() {
      if (stopped.signal.aborted) return;
      stopped.abort();
      await listener?.end().catch(() => undefined);
      await pool.end();
    },
  };
}

/** Statements with values are few and come again: each connection has the server plan them once. */
const names = new Map<string, string>();
function nameOf(sql: string): string {
  let name = names.get(sql);
  if (name === undefined) names.set(sql, (name = createHash('sha256').update(sql).digest('hex').slice(0, 32)));
  return name;
}

async function rowsOf<Row>(
  engine: pg.Pool | pg.PoolClient,
  sql: string,
  values: readonly Value[] = [],
): Promise<readonly Row[]> {
  const { rows } = await (
    values.length === 0 ? engine.query(sql) : engine.query({ name: nameOf(sql), text: sql, values: [...values] })
  ).catch(throwAway);
  return rows as Row[];
}

function throwAway(error: unknown): never {
  const { code = '', message = '' } = error as { readonly code?: string; readonly message?: string };
  const isAway = awayPattern.test(code) || /terminated|timeout exceeded|ended/i.test(message);
  if (!isAway) throw error;
  const sentence = 'The database of the hub cannot be reached. Nothing was changed; try again in a moment.';
  throw new HubError('storage-away', sentence, { retryAfterSeconds: 2, cause: error });
}
