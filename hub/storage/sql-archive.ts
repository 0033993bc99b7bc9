/** Reads and writes rows as they are, for backups. */
import type { CircleId, ReplicaId } from '../../shared/ids.ts';
import type { Database } from '../database/database.ts';
import type { LargeBytes } from './large-bytes.ts';
import { inlineBytes } from './sql-objects.ts';
import type { ArchiveStorage, Role } from './storage.ts';

interface InvitationRow {
  readonly hash: string;
  readonly circle: string | null;
  readonly role: string;
  readonly made_by: string;
  readonly expires_at: number;
  readonly used_by: string | null;
  readonly used_at: number | null;
}

export function createSqlArchive(database: Database, large: LargeBytes): ArchiveStorage {
  return {
    async invitations() {
      const rows = await database.query<InvitationRow>('SELECT * FROM invitations ORDER BY hash');
      return rows.map((row) => ({
        hash: row.hash,
        circle: row.circle as CircleId | null,
        role: row.role as Role,
        by: row.made_by,
        expiresAt: Number(row.expires_at),
        usedBy: row.used_by as ReplicaId | null,
        usedAt: row.used_at === null ? null : Number(row.used_at),
      }));
    },

    async restoreCircle({ id, root, foundedAt, usedAt }) {
      await database.query('INSERT INTO circles (id, root, founded_at, used_at) VALUES ($1, $2, $3, $4)', [
        id,
        root,
        foundedAt,
        usedAt,
      ]);
    },

    async restoreDevice(circle, device) {
      const { replica, role, admittedAt, admittedBy, carriesOn, removedAt, removedBy } = device;
      await database.query(
        `INSERT INTO devices (circle, replica, role, admitted_at, admitted_by, carries_on, removed_at, removed_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [circle, replica, role, admittedAt, admittedBy, carriesOn, removedAt, removedBy],
      );
    },

    async restoreInvitation({ hash, circle, role, by, expiresAt, usedBy, usedAt }) {
      await database.query('INSERT INTO invitations VALUES ($1, $2, $3, $4, $5, $6, $7)', [
        hash,
        circle,
        role,
        by,
        expiresAt,
        usedBy,
        usedAt,
      ]);
    },

    async restoreObject({ circle, name, signer, carrier, bytes, at }) {
      const largeId = bytes.length > inlineBytes ? await large.keep(bytes, at) : null;
      await database.transaction(async (transaction) => {
        await transaction.query(
          `INSERT INTO objects (circle, name, size, signer, carrier, put_at, bytes, large)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
          [circle, name, bytes.length, signer, carrier, at, largeId === null ? bytes : null, largeId],
        );
        await transaction.query(
          'UPDATE devices SET bytes = bytes + $3, objects = objects + 1 WHERE circle = $1 AND replica = $2',
          [circle, carrier, bytes.length],
        );
        await transaction.query('UPDATE circles SET bytes = bytes + $2, objects = objects + 1 WHERE id = $1', [
          circle,
          bytes.length,
        ]);
      });
    },
  };
}
