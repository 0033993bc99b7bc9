/** Puts a storage together: embedded in a folder, or on a PostgreSQL server. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../database/database.ts';
import { openPgliteDatabase } from '../database/pglite-database.ts';
import { openPostgresDatabase } from '../database/postgres-database.ts';
import { prepareSchema } from '../database/schema.ts';
import { lockFolder } from './folder-lock.ts';
import { createFolderLargeBytes, createSqlLargeBytes, type LargeBytes } from './large-bytes.ts';
import { noticeChannel, readNotice } from './notices.ts';
import { createSqlCircles, createSqlDevices } from './sql-accounts.ts';
import { createSqlArchive } from './sql-archive.ts';
import { createSqlObjects } from './sql-objects.ts';
import { createSqlTokens } from './sql-tokens.ts';
import type { Storage } from './storage.ts';

export type StoragePlace = { readonly folder: string } | { readonly url: string };

/** Fails with `FolderInUse` when another hub has the folder. */
export async function openStorage(place: StoragePlace): Promise<Storage> {
  if ('url' in place) {
    const database = await openPostgresDatabase(place.url);
    return assemble(database, createSqlLargeBytes(database), () => undefined);
  }
  await mkdir(place.folder, { recursive: true, mode: 0o700 });
  const unlock = lockFolder(place.folder);
  try {
    const database = await openPgliteDatabase(join(place.folder, 'database'));
    return await assemble(database, createFolderLargeBytes(join(place.folder, 'objects')), unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

async function assemble(database: Database, large: LargeBytes, unlock: () => void): Promise<Storage> {
  try {
    await prepareSchema(database);
    const secret = await readSecret(database);
    return {
      objects: createSqlObjects(database, large),
      circles: createSqlCircles(database),
      devices: createSqlDevices(database),
      tokens: createSqlTokens(database),
      archive: createSqlArchive(database, large),
      secret,
      listen: (onNotice, onGap) =>
        database.listen(
          noticeChannel,
          (payload) => {
            const notice = readNotice(payload);
            if (notice) onNotice(notice);
          },
          onGap,
        ),
      async check() {
        await database.query('SELECT 1');
      },
      async close() {
        await database.close();
        unlock();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Made once, by whichever process is first. */
async function readSecret(database: Database): Promise<Uint8Array> {
  await database.query(`INSERT INTO settings VALUES ('secret', $1) ON CONFLICT DO NOTHING`, [
    randomBytes(32).toString('hex'),
  ]);
  const [row] = await database.query<{ value: string }>(`SELECT value FROM settings WHERE key = 'secret'`);
  return new Uint8Array(Buffer.from(row!.value, 'hex'));
}
