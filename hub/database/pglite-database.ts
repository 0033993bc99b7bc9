/**
 * PostgreSQL in WebAssembly, in this process, with its files in one folder: nothing to install. One connection, so
 * statements queue; good for some hundred devices. PGlite runs with fsync off: what was acknowledged survives the end of
 * this process however it ends, while a power cut may cost the last seconds, which devices then put again (SY55).
 */
import { PGlite, type Transaction } from '@electric-sql/pglite';
import type { Database, Queryable, Value } from './database.ts';

/** `folder` is PGlite's own; made when it is not there, which takes some seconds once. */
export async function openPgliteDatabase(folder: string): Promise<Database> {
  const engine = await PGlite.create(folder);
  let closing: Promise<void> | null = null;
  return {
    shared: false,
    query: (sql, values) => rowsOf(engine, sql, values),
    transaction: (act) =>
      engine.transaction((transaction) => {
        const inside: Queryable = { query: (sql, values) => rowsOf(transaction, sql, values) };
        return act(inside);
      }),
    async listen(channel, onNotice) {
      await engine.listen(channel, onNotice);
    },
    close: () => (closing ??= engine.close()),
  };
}

async function rowsOf<Row>(
  engine: PGlite | Transaction,
  sql: string,
  values: readonly Value[] = [],
): Promise<readonly Row[]> {
  const { rows } = await engine.query<Row>(sql, [...values]);
  return rows;
}
