/** The tables, by numbered steps: a database of any older release is brought up to date when a hub opens it. */
import type { Database } from './database.ts';
import { objectFunctions } from './object-functions.ts';

/** Two processes that open an empty database at once must not both make it. Any constant number does. */
const migrationLock = 7_240_113;

const steps: readonly (readonly string[])[] = [
  [
    `CREATE TABLE circles (
      id text PRIMARY KEY,
      root text NOT NULL,
      founded_at bigint NOT NULL,
      used_at bigint NOT NULL,
      bytes bigint NOT NULL DEFAULT 0,
      objects bigint NOT NULL DEFAULT 0
    )`,
    `CREATE TABLE devices (
      circle text NOT NULL REFERENCES circles ON DELETE CASCADE,
      replica text NOT NULL,
      role text NOT NULL,
      admitted_at bigint NOT NULL,
      admitted_by text NOT NULL,
      carries_on text,
      removed_at bigint,
      removed_by text,
      bytes bigint NOT NULL DEFAULT 0,
      objects bigint NOT NULL DEFAULT 0,
      PRIMARY KEY (circle, replica)
    )`,
    `CREATE TABLE invitations (
      hash text PRIMARY KEY,
      circle text REFERENCES circles ON DELETE CASCADE,
      role text NOT NULL,
      made_by text NOT NULL,
      expires_at bigint NOT NULL,
      used_by text,
      used_at bigint
    )`,
    `CREATE TABLE objects (
      circle text NOT NULL REFERENCES circles ON DELETE CASCADE,
      name text COLLATE "C" NOT NULL,
      size bigint NOT NULL,
      signer text,
      carrier text NOT NULL,
      put_at bigint NOT NULL,
      bytes bytea,
      large text,
      PRIMARY KEY (circle, name)
    )`,
    // Sealed bytes do not compress; trying costs more than anything else a put does.
    `ALTER TABLE objects ALTER bytes SET STORAGE EXTERNAL`,
    `CREATE TABLE large_parts (
      id text NOT NULL,
      part integer NOT NULL,
      bytes bytea NOT NULL,
      PRIMARY KEY (id, part)
    )`,
    `ALTER TABLE large_parts ALTER bytes SET STORAGE EXTERNAL`,
    `CREATE INDEX objects_large ON objects (large) WHERE large IS NOT NULL`,
    `CREATE TABLE used_challenges (challenge text PRIMARY KEY, expires_at bigint NOT NULL)`,
  ],
  objectFunctions,
];

export const schemaVersion = steps.length;

/** Fails when a newer release has been at this database. */
export async function prepareSchema(database: Database): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
    await transaction.query('CREATE TABLE IF NOT EXISTS settings (key text PRIMARY KEY, value text NOT NULL)');
    const [found] = await transaction.query<{ value: string }>(`SELECT value FROM settings WHERE key = 'schema'`);
    const version = Number(found?.value ?? 0);
    if (version > schemaVersion) {
      throw new Error(
        `The database was written by a newer version of the hub (${version}; this one knows ${schemaVersion}). ` +
          'Nothing was changed; update this one.',
      );
    }
    for (const step of steps.slice(version)) for (const sql of step) await transaction.query(sql);
    await transaction.query(
      `INSERT INTO settings VALUES ('schema', $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
      [String(schemaVersion)],
    );
  });
}
