/**
 * Data folders with an empty embedded database. Making one takes many seconds, copying one hardly any: the first that is
 * made on this machine is kept and copied.
 */
import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPgliteDatabase } from '../../hub/database/pglite-database.ts';

const packageFile = new URL('../../node_modules/@electric-sql/pglite/package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
const kept = join(tmpdir(), `workbench-pglite-${version}-${process.getuid?.() ?? 0}`);

/** A folder as `openStorage({ folder })` takes it; the caller removes it. */
export async function newHubFolder(): Promise<string> {
  if (!existsSync(kept)) {
    const making = await mkdtemp(`${kept}-`);
    await (await openPgliteDatabase(join(making, 'database'))).close();
    // Another test file may have been as quick; either one is good.
    await rename(making, kept).catch(() => rm(making, { recursive: true }));
  }
  const folder = await mkdtemp(join(tmpdir(), 'workbench-hub-'));
  await cp(kept, folder, { recursive: true });
  return folder;
}
