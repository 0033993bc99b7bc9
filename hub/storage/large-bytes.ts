/**
 * Where the bytes of large objects lie: in files beside the embedded database, which takes seconds for what a file takes
 * in milliseconds; in rows of PostgreSQL otherwise, so that all processes find them.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../database/database.ts';

export interface LargeBytes {
  /** Durable before it resolves; belongs to nobody until an object names the id. */
  keep(bytes: Uint8Array, at: number): Promise<string>;
  /** Null when it is not there. */
  read(id: string, offset: number, lengthBytes: number): Promise<Uint8Array | null>;
  drop(id: string): Promise<void>;
  ids(): Promise<readonly string[]>;
}

/** The id begins with the time, so that what is just being kept by another process is told from what a crash left. */
function newId(at: number): string {
  return `${at.toString(36)}-${randomUUID()}`;
}

export function keptAt(id: string): number {
  return parseInt(id.replace(/^\./, ''), 36);
}

export function createFolderLargeBytes(folder: string): LargeBytes {
  return {
    async keep(bytes, at) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const id = newId(at);
      const temporary = join(folder, `.${id}`);
      const handle = await open(temporary, 'wx', 0o600);
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, join(folder, id));
      return id;
    },
    async read(id, offset, lengthBytes) {
      const handle = await open(join(folder, id), 'r').catch(nullWhenMissing);
      if (handle === null) return null;
      try {
        const buffer = new Uint8Array(lengthBytes);
        const { bytesRead } = await handle.read(buffer, 0, lengthBytes, offset);
        return buffer.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
    },
    drop: (id) => rm(join(folder, id), { force: true }),
    ids: async () => (await readdir(folder).catch(nullWhenMissing)) ?? [],
  };
}

const partBytes = 1 << 20;

export function createSqlLargeBytes(database: Database): LargeBytes {
  return {
    async keep(bytes, at) {
      const id = newId(at);
      for (let part = 0; part * partBytes < bytes.length; part += 1) {
        const content = bytes.subarray(part * partBytes, (part + 1) * partBytes);
        await database.query('INSERT INTO large_parts VALUES ($1, $2, $3)', [id, part, content]);
      }
      return id;
    },
    async read(id, offset, lengthBytes) {
      const first = Math.floor(offset / partBytes);
      const last = Math.floor((offset + Math.max(1, lengthBytes) - 1) / partBytes);
      const rows = await database.query<{ bytes: Uint8Array }>(
        'SELECT bytes FROM large_parts WHERE id = $1 AND part BETWEEN $2 AND $3 ORDER BY part',
        [id, first, last],
      );
      if (rows.length === 0) return null;
      const start = offset - first * partBytes;
      return Buffer.concat(rows.map(({ bytes }) => bytes)).subarray(start, start + lengthBytes);
    },
    async drop(id) {
      await database.query('DELETE FROM large_parts WHERE id = $1', [id]);
    },
    ids: async () => (await database.query<{ id: string }>('SELECT DISTINCT id FROM large_parts')).map(({ id }) => id),
  };
}

function nullWhenMissing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}
