/** Objects in SQL: small ones in their row, large ones through `LargeBytes`. Usage is counted in the same transaction. */
import type { ReplicaId } from '../../shared/ids.ts';
import type { Database, Queryable } from '../database/database.ts';
import { keptAt, type LargeBytes } from './large-bytes.ts';
import { noticeSql, writeNotice } from './notices.ts';
import type { NewObject, ObjectFacts, ObjectStorage, PutResult, Quota } from './storage.ts';

/** Larger ones are kept apart. */
export const inlineBytes = 64 * 1024;

/** Carries a result out of a transaction that must not be committed. */
class RolledBack extends Error {
  readonly result: PutResult;

  constructor(result: PutResult) {
    super(result);
    this.result = result;
  }
}

interface Row {
  readonly name: string;
  readonly size: number;
  readonly signer: string | null;
  readonly carrier: string;
}

const factsOf = ({ name, size, signer, carrier }: Row): ObjectFacts => ({
  name,
  sizeBytes: Number(size),
  signer: signer as ReplicaId | null,
  carrier: carrier as ReplicaId,
});

export function createSqlObjects(database: Database, large: LargeBytes): ObjectStorage {
  async function insert(transaction: Queryable, object: NewObject, largeId: string | null, quota: Quota) {
    const { circle, name, signer, carrier, bytes, at } = object;
    const size = bytes.length;
    const inserted = await transaction.query(
      `INSERT INTO objects (circle, name, size, signer, carrier, put_at, bytes, large)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING 1`,
      [circle, name, size, signer, carrier, at, largeId === null ? bytes : null, largeId],
    );
    if (inserted.length === 0) throw new RolledBack('present');
    // The row of the device is locked from here on: a removal is either seen, or waits and comes after.
    const [device] = await transaction.query<{ removed_at: number | null; bytes: number; objects: number }>(
      `UPDATE devices SET bytes = bytes + $3, objects = objects + 1 WHERE circle = $1 AND replica = $2
       RETURNING removed_at, bytes, objects`,
      [circle, carrier, size],
    );
    if (!device || device.removed_at !== null) throw new RolledBack('not-admitted');
    const isFull = Number(device.bytes) > quota.deviceBytes || Number(device.objects) > quota.deviceObjects;
    if (isFull) throw new RolledBack('device-full');
    const [account] = await transaction.query<{ bytes: number }>(
      `UPDATE circles SET bytes = bytes + $2, objects = objects + 1, used_at = $3 WHERE id = $1 RETURNING bytes`,
      [circle, size, at],
    );
    if (Number(account?.bytes ?? 0) > quota.circleBytes) throw new RolledBack('circle-full');
    if (name.startsWith('heads/')) {
      await transaction.query(noticeSql, [writeNotice({ kind: 'head', circle, name })]);
    }
  }

  return {
    async put(object, quota) {
      const isLarge = object.bytes.length > inlineBytes;
      const largeId = isLarge ? await large.keep(object.bytes, object.at) : null;
      try {
        await database.transaction((transaction) => insert(transaction, object, largeId, quota));
        return 'stored';
      } catch (error) {
        if (largeId !== null) await large.drop(largeId);
        if (error instanceof RolledBack) return error.result;
        throw error;
      }
    },

    async facts(circle, name) {
      const [row] = await database.query<Row>(
        'SELECT name, size, signer, carrier FROM objects WHERE circle = $1 AND name = $2',
        [circle, name],
      );
      return row ? factsOf(row) : null;
    },

    async read(circle, name, offset, lengthBytes) {
      const [row] = await database.query<{ size: number; bytes: Uint8Array | null; large: string | null }>(
        `SELECT size, substring(bytes FROM $3::int FOR $4::int) AS bytes, large FROM objects
         WHERE circle = $1 AND name = $2`,
        [circle, name, offset + 1, lengthBytes],
      );
      if (!row) return null;
      const bytes = row.large === null ? row.bytes : await large.read(row.large, offset, lengthBytes);
      return bytes && { sizeBytes: Number(row.size), bytes };
    },

    async list(circle, prefix, after, limit) {
      // The character after the last one of a prefix ends it: all names are ASCII, compared by byte.
      const end = prefix === '' ? '\x7f' : `${prefix.slice(0, -1)}0`;
      const rows = await database.query<Row>(
        `SELECT name, size, signer, carrier FROM objects
         WHERE circle = $1 AND name > $2 AND name >= $3 AND name < $4 ORDER BY name LIMIT $5`,
        [circle, after, prefix, end, limit],
      );
      return rows.map(factsOf);
    },

    async remove(circle, name) {
      const dropped = await database.transaction(async (transaction) => {
        const [row] = await transaction.query<{ size: number; carrier: string; large: string | null }>(
          'DELETE FROM objects WHERE circle = $1 AND name = $2 RETURNING size, carrier, large',
          [circle, name],
        );
        if (!row) return null;
        await transaction.query(
          'UPDATE devices SET bytes = bytes - $3, objects = objects - 1 WHERE circle = $1 AND replica = $2',
          [circle, row.carrier, row.size],
        );
        await transaction.query('UPDATE circles SET bytes = bytes - $2, objects = objects - 1 WHERE id = $1', [
          circle,
          row.size,
        ]);
        return row;
      });
      if (dropped !== null && dropped.large !== null) await large.drop(dropped.large);
      return dropped !== null;
    },

    async sweep(before) {
      const there = await large.ids();
      let swept = 0;
      for (const id of there) {
        if (keptAt(id) >= before) continue;
        const used = await database.query('SELECT 1 FROM objects WHERE large = $1', [id]);
        if (used.length > 0) continue;
        await large.drop(id);
        swept += 1;
      }
      return swept;
    },
  };
}
