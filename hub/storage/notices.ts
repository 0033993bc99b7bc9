/** News between hub processes: PostgreSQL's NOTIFY, sent in the transaction that it tells of. */
import type { CircleId, ReplicaId } from '../../shared/ids.ts';
import type { Notice } from './storage.ts';

export const noticeChannel = 'hub_notices';
export const noticeSql = `SELECT pg_notify('${noticeChannel}', $1)`;

export function writeNotice(notice: Notice): string {
  return JSON.stringify(notice);
}

/** Null for what a newer release sends. */
export function readNotice(payload: string): Notice | null {
  const { kind, circle, name, removed = null } = JSON.parse(payload) as Record<string, unknown>;
  if (typeof circle !== 'string') return null;
  if (kind === 'head' && typeof name === 'string') return { kind, circle: circle as CircleId, name };
  if (kind === 'devices') return { kind, circle: circle as CircleId, removed: removed as ReplicaId | null };
  return null;
}
