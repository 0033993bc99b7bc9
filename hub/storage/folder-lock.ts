/**
 * One process has a data folder. SQLite's exclusive lock belongs to the operating system and ends with the process,
 * however that ends; PGlite itself would let two processes ruin one database.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export class FolderInUse extends Error {}

/** SQLITE_BUSY, https://sqlite.org/rescode.html. */
const sqliteBusy = 5;

/** Returns what gives the folder back. Throws FolderInUse. */
export function lockFolder(folder: string): () => void {
  const lock = new DatabaseSync(join(folder, 'hub.lock'));
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    const isBusy = error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy;
    throw isBusy ? new FolderInUse(`A hub is running on ${folder} already.`, { cause: error }) : error;
  }
  return () => lock.close();
}
