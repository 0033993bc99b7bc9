/**
 * The port to the SQL engine: PGlite inside this process, or a PostgreSQL server that several hub processes share. One
 * SQL for both; numbers of type bigint come back as numbers.
 */
export type Value = string | number | boolean | null | Uint8Array;

export interface Queryable {
  query<Row = Record<string, unknown>>(sql: string, values?: readonly Value[]): Promise<readonly Row[]>;
}

export interface Database extends Queryable {
  /** Several hub processes may share it. */
  readonly shared: boolean;
  /** Commits when `act` resolves, rolls back when it rejects. */
  transaction<T>(act: (transaction: Queryable) => Promise<T>): Promise<T>;
  /** `NOTIFY` of any process, this one included. `onGap` is called when some may have been missed. */
  listen(channel: string, onNotice: (payload: string) => void, onGap: () => void): Promise<void>;
  close(): Promise<void>;
}
