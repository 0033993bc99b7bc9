/** Single-use things in SQL: invitations and challenges. */
import type { ReplicaId } from '../../shared/ids.ts';
import type { Database } from '../database/database.ts';
import { admitSql, tellDevices } from './sql-accounts.ts';
import type { Role, TokenStorage } from './storage.ts';

/** Used and expired invitations are kept as long, so that a second use can be told from a wrong token. */
const keptAfterMs = 30 * 24 * 3600 * 1000;

export function createSqlTokens(database: Database): TokenStorage {
  return {
    async invite({ circle, hash, role, by, expiresAt }) {
      await database.query(
        'INSERT INTO invitations (hash, circle, role, made_by, expires_at) VALUES ($1, $2, $3, $4, $5)',
        [hash, circle, role, by, expiresAt],
      );
    },

    redeem: (circle, hash, replica, at) =>
      database.transaction(async (transaction) => {
        const [found] = await transaction.query<{
          role: string;
          made_by: string;
          used_by: ReplicaId | null;
          expires_at: number;
        }>(`SELECT role, made_by, used_by, expires_at FROM invitations WHERE hash = $1 AND circle = $2 FOR UPDATE`, [
          hash,
          circle,
        ]);
        if (!found) return 'unknown';
        const [device] = await transaction.query<{ removed_at: number | null }>(
          'SELECT removed_at FROM devices WHERE circle = $1 AND replica = $2',
          [circle, replica],
        );
        // An old invitation must not bring back whom an administrator has removed.
        if (device && device.removed_at !== null) return 'removed';
        if (found.used_by !== null) return found.used_by === replica ? 'already' : 'used';
        if (Number(found.expires_at) <= at) return 'unknown';
        // Whoever is in keeps the token for somebody else.
        if (device) return 'already';
        await transaction.query('UPDATE invitations SET used_by = $2, used_at = $3 WHERE hash = $1', [
          hash,
          replica,
          at,
        ]);
        await transaction.query(admitSql, [circle, replica, found.role as Role, at, found.made_by, null]);
        await tellDevices(transaction, circle, null);
        return 'admitted';
      }),

    async look(circle, hash, at) {
      const [found] = await database.query<{ used_by: string | null; expires_at: number }>(
        'SELECT used_by, expires_at FROM invitations WHERE hash = $1 AND circle = $2',
        [hash, circle],
      );
      if (!found) return 'unknown';
      if (found.used_by !== null) return 'used';
      return Number(found.expires_at) <= at ? 'unknown' : 'good';
    },

    async revokeInvitations(circle) {
      const rows = await database.query('DELETE FROM invitations WHERE circle = $1 AND used_by IS NULL RETURNING 1', [
        circle,
      ]);
      return rows.length;
    },

    async useChallenge(challenge, expiresAt) {
      const rows = await database.query(
        'INSERT INTO used_challenges VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1',
        [challenge, expiresAt],
      );
      return rows.length > 0;
    },

    async forgetExpired(at) {
      const challenges = await database.query('DELETE FROM used_challenges WHERE expires_at <= $1 RETURNING 1', [at]);
      const invitations = await database.query('DELETE FROM invitations WHERE expires_at <= $1 RETURNING 1', [
        at - keptAfterMs,
      ]);
      return challenges.length + invitations.length;
    },
  };
}
