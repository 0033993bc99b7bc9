/** Objects in SQL: small ones in their row, large ones through `LargeBytes`. Usage is counted in the same transaction. */
import type { ReplicaId } from '../../shared/ids.ts';
import type { Database } from '../database/database.ts';
import { keptAt, type LargeBytes } from './large-bytes.ts';
import { noticeChannel, writeNotice } from './notices.ts';
import type { Caller, ObjectFacts, ObjectPart, ObjectStorage, PutResult, Role } from './storage.ts';

/** Larger ones are kept apart. */
export const inlineBytes = 64 * 1024;

/** What `hub_put` (database/object-functions.ts) raises when nothing is to be stored, by SQLSTATE. */
const refusals: Readonly<Record<string, PutResult>> = {
  HB001: 'present',
  HB002: 'not-admitted',
  HB003: 'device-full',
  HB004: 'circle-full',
};

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

/** The caller's row; empty where the device is not listed. */
interface CallerRow {
  readonly replica: string | null;
  readonly role: string;
  readonly carries_on: string | null;
  readonly removed_at: number | null;
  readonly used: number;
}
const callerColumns = 'd.replica, d.role, d.carries_on, d.removed_at, d.bytes AS used';
/** $1 is the circle and $2 the device in all that ask for a device. */
const fromCaller = `FROM (SELECT $1::text AS circle, $2::text AS replica) asked
  LEFT JOIN devices d ON d.circle = asked.circle AND d.replica = asked.replica`;

function callerOf({ replica, role, carries_on, removed_at, used }: CallerRow): Caller | null {
  if (replica === null) return null;
  return {
    replica: replica as ReplicaId,
    role: role as Role,
    carriesOn: carries_on as ReplicaId | null,
    removedAt: removed_at === null ? null : Number(removed_at),
    bytes: Number(used),
  };
}

interface PartRow {
  readonly size: number;
  readonly part: Uint8Array | null;
  readonly large: string | null;
}

/** The character after the last one of a prefix ends it: all names are ASCII, compared by byte. */
const endOf = (prefix: string): string => (prefix === '' ? '\x7f' : `${prefix.slice(0, -1)}0`);

export function createSqlObjects(database: Database, large: LargeBytes): ObjectStorage {
  async function partOf(row: PartRow, offset: number, lengthBytes: number): Promise<ObjectPart | null> {
    const bytes = row.large === null ? row.part : await large.read(row.large, offset, lengthBytes);
    return bytes && { sizeBytes: Number(row.size), bytes };
  }

  return {
    async put({ circle, name, signer, carrier, bytes, at }, quota) {
      const largeId = bytes.length > inlineBytes ? await large.keep(bytes, at) : null;
      const notice = name.startsWith('heads/') ? writeNotice({ kind: 'head', circle, name }) : null;
      const stored = largeId === null ? bytes : null;
      const { deviceBytes, deviceObjects, circleBytes } = quota;
      try {
        await database.query(
          `SELECT hub_put($1::text, $2::text, $3::bigint, $4::text, $5::text, $6::bigint, $7::bytea, $8::text,
             $9::bigint, $10::bigint, $11::bigint, $12::text, $13::text)`,
          [
            ...[circle, name, bytes.length, signer, carrier, at, stored, largeId],
            ...[deviceBytes, deviceObjects, circleBytes, noticeChannel, notice],
          ],
        );
        return 'stored';
      } catch (error) {
        if (largeId !== null) await large.drop(largeId);
        const refusal = refusals[(error as { readonly code?: string }).code ?? ''];
        if (refusal) return refusal;
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

    async factsFor(circle, replica, name) {
      const [row] = await database.query<CallerRow & { readonly [column in keyof Row]: Row[column] | null }>(
        `SELECT ${callerColumns}, o.name, o.size, o.signer, o.carrier ${fromCaller}
         LEFT JOIN objects o ON o.circle = asked.circle AND o.name = $3`,
        [circle, replica, name],
      );
      return { caller: callerOf(row!), found: row!.name === null ? null : factsOf(row as Row) };
    },

    async read(circle, name, offset, lengthBytes) {
      const [row] = await database.query<PartRow>(
        `SELECT size, substring(bytes FROM $3::int FOR $4::int) AS part, large FROM objects
         WHERE circle = $1 AND name = $2`,
        [circle, name, offset + 1, lengthBytes],
      );
      return row ? partOf(row, offset, lengthBytes) : null;
    },

    async readFor(circle, replica, name, { offset, lengthBytes }) {
      const [row] = await database.query<CallerRow & Omit<PartRow, 'size'> & { readonly size: number | null }>(
        `SELECT ${callerColumns}, o.size, substring(o.bytes FROM $4::int FOR $5::int) AS part, o.large ${fromCaller}
         LEFT JOIN objects o ON o.circle = asked.circle AND o.name = $3 AND d.removed_at IS NULL`,
        [circle, replica, name, offset + 1, lengthBytes],
      );
      const caller = callerOf(row!);
      const isTheirs = caller !== null && row!.size !== null;
      return { caller, found: isTheirs ? await partOf(row as PartRow, offset, lengthBytes) : null };
    },

    async list(circle, prefix, after, limit) {
      const rows = await database.query<Row>(
        `SELECT name, size, signer, carrier FROM objects
         WHERE circle = $1 AND name > $2 AND name >= $3 AND name < $4 ORDER BY name LIMIT $5`,
        [circle, after, prefix, endOf(prefix), limit],
      );
      return rows.map(factsOf);
    },

    async listFor(circle, replica, prefix, { after, limit }) {
      const rows = await database.query<CallerRow & Row>(
        `SELECT ${callerColumns}, o.name, o.size, o.signer, o.carrier ${fromCaller}
         LEFT JOIN LATERAL (
           SELECT name, size, signer, carrier FROM objects
           WHERE circle = asked.circle AND name > $3 AND name >= $4 AND name < $5 ORDER BY name LIMIT $6
         ) o ON d.removed_at IS NULL ORDER BY o.name`,
        [circle, replica, after, prefix, endOf(prefix), limit],
      );
      return { caller: callerOf(rows[0]!), found: rows.filter(({ name }) => name !== null).map(factsOf) };
    },

    async remove(circle, name) {
      const [row] = await database.query<{ was_there: boolean; large: string | null }>(
        'SELECT was_there, large FROM hub_remove($1::text, $2::text)',
        [circle, name],
      );
      if (row?.large) await large.drop(row.large);
      return row?.was_there === true;
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
