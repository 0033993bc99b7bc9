/** Circles and their devices in SQL. */
import type { CircleId, RecordId, ReplicaId } from '../../shared/ids.ts';
import type { Database, Queryable } from '../database/database.ts';
import { noticeSql, writeNotice } from './notices.ts';
import type { CircleAccount, CircleStorage, DeviceAccount, DeviceStorage, Role } from './storage.ts';

type CircleRow = Record<'id' | 'root', string> & Record<'founded_at' | 'used_at' | 'bytes' | 'objects', number>;

const circleOf = (row: CircleRow): CircleAccount => ({
  id: row.id as CircleId,
  root: row.root as RecordId,
  foundedAt: Number(row.founded_at),
  usedAt: Number(row.used_at),
  bytes: Number(row.bytes),
  objects: Number(row.objects),
});

interface DeviceRow {
  readonly replica: string;
  readonly role: string;
  readonly admitted_at: number;
  readonly admitted_by: string;
  readonly carries_on: string | null;
  readonly removed_at: number | null;
  readonly removed_by: string | null;
  readonly bytes: number;
  readonly objects: number;
}

const deviceOf = (row: DeviceRow): DeviceAccount => ({
  replica: row.replica as ReplicaId,
  role: row.role as Role,
  admittedAt: Number(row.admitted_at),
  admittedBy: row.admitted_by,
  carriesOn: row.carries_on as ReplicaId | null,
  removedAt: row.removed_at === null ? null : Number(row.removed_at),
  removedBy: row.removed_by,
  bytes: Number(row.bytes),
  objects: Number(row.objects),
});

/** A new device, or one admitted again. */
export const admitSql = `INSERT INTO devices (circle, replica, role, admitted_at, admitted_by, carries_on)
  VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (circle, replica) DO UPDATE SET role = excluded.role, removed_at = NULL, removed_by = NULL,
    carries_on = COALESCE(devices.carries_on, excluded.carries_on)`;

export async function tellDevices(transaction: Queryable, circle: CircleId, removed: ReplicaId | null): Promise<void> {
  await transaction.query(noticeSql, [writeNotice({ kind: 'devices', circle, removed })]);
}

export function createSqlCircles(database: Database): CircleStorage {
  return {
    found: ({ id, root, founder, at }, codeHash) =>
      database.transaction(async (transaction) => {
        const [there] = await transaction.query('SELECT 1 FROM circles WHERE id = $1', [id]);
        if (there) return 'exists';
        if (codeHash !== null) {
          const [code] = await transaction.query<{ used_by: string | null; expires_at: number }>(
            'SELECT used_by, expires_at FROM invitations WHERE hash = $1 AND circle IS NULL FOR UPDATE',
            [codeHash],
          );
          if (!code || Number(code.expires_at) <= at) return 'unknown';
          if (code.used_by !== null) return 'used';
          await transaction.query('UPDATE invitations SET used_by = $2, used_at = $3 WHERE hash = $1', [
            codeHash,
            founder,
            at,
          ]);
        }
        const made = await transaction.query(
          'INSERT INTO circles (id, root, founded_at, used_at) VALUES ($1, $2, $3, $3) ON CONFLICT DO NOTHING RETURNING 1',
          [id, root, at],
        );
        // Another process made it in this very moment, on the same proof.
        if (made.length === 0) return 'exists';
        await transaction.query(admitSql, [id, founder, 'administrator', at, founder, null]);
        return 'founded';
      }),

    async circle(id) {
      const [row] = await database.query<CircleRow>('SELECT * FROM circles WHERE id = $1', [id]);
      return row ? circleOf(row) : null;
    },

    circles: async () => (await database.query<CircleRow>('SELECT * FROM circles ORDER BY id')).map(circleOf),

    async dropCircle(id) {
      return (await database.query('DELETE FROM circles WHERE id = $1 RETURNING 1', [id])).length > 0;
    },

    async totals() {
      const [row] = await database.query<Record<'circles' | 'devices' | 'objects' | 'bytes', number>>(
        `SELECT count(*)::int AS circles, COALESCE(sum(objects), 0)::float8 AS objects,
                COALESCE(sum(bytes), 0)::float8 AS bytes,
                (SELECT count(*)::int FROM devices WHERE removed_at IS NULL) AS devices FROM circles`,
      );
      return { circles: 0, devices: 0, objects: 0, bytes: 0, ...row };
    },
  };
}

export function createSqlDevices(database: Database): DeviceStorage {
  return {
    async device(circle, replica) {
      const [row] = await database.query<DeviceRow>('SELECT * FROM devices WHERE circle = $1 AND replica = $2', [
        circle,
        replica,
      ]);
      return row ? deviceOf(row) : null;
    },

    async devices(circle) {
      const rows = await database.query<DeviceRow>('SELECT * FROM devices WHERE circle = $1 ORDER BY replica', [
        circle,
      ]);
      return rows.map(deviceOf);
    },

    admit: (circle, { replica, role, admittedBy, carriesOn, at }) =>
      database.transaction(async (transaction) => {
        await transaction.query(admitSql, [circle, replica, role, at, admittedBy, carriesOn]);
        await tellDevices(transaction, circle, null);
      }),

    removeDevice: (circle, replica, by, at) =>
      database.transaction(async (transaction) => {
        // All administrators at once: two that remove each other in one moment must not leave none.
        const administrators = await transaction.query<{ replica: string }>(
          `SELECT replica FROM devices WHERE circle = $1 AND role = 'administrator' AND removed_at IS NULL
           ORDER BY replica FOR UPDATE`,
          [circle],
        );
        if (administrators.length === 1 && administrators[0]!.replica === replica) return 'last-administrator';
        const removed = await transaction.query(
          `UPDATE devices SET removed_at = $3, removed_by = $4
           WHERE circle = $1 AND replica = $2 AND removed_at IS NULL RETURNING 1`,
          [circle, replica, at, by],
        );
        if (removed.length === 0) return 'not-there';
        await tellDevices(transaction, circle, replica);
        return 'removed';
      }),
  };
}
