/**
 * Challenges and sessions need no memory: each carries when it ends and a code made with the hub's secret, so that every
 * process of a hub knows those of the others. Rules HB2 to HB5 of SPEC.md.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { base32, type CircleId, type ReplicaId } from '../../shared/ids.ts';
import { HubError } from '../hub-error.ts';

export const challengeSeconds = 120;
export const sessionSeconds = 3600;

export interface Tokens {
  newChallenge(): { readonly challenge: string; readonly expiresInSeconds: number };
  /** When it ends. Fails with `challenge-unknown`. */
  readChallenge(challenge: string): number;
  newSession(circle: CircleId, replica: ReplicaId): { readonly session: string; readonly expiresInSeconds: number };
  /** Fails with `session-missing` (not one of ours, or of another circle) or `session-over`. */
  readSession(session: string, circle: CircleId): { readonly replica: ReplicaId; readonly expiresAt: number };
}

export function createTokens(secret: Uint8Array, clock: () => number): Tokens {
  function codeOf(...parts: readonly string[]): string {
    return base32(createHmac('sha256', secret).update(parts.join('.')).digest());
  }

  function isCode(code: string, ...parts: readonly string[]): boolean {
    const [given, expected] = [Buffer.from(code), Buffer.from(codeOf(...parts))];
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  return {
    newChallenge() {
      const end = String(clock() + challengeSeconds * 1000);
      const nonce = base32(randomBytes(15));
      const challenge = [nonce, end, codeOf('challenge', nonce, end)].join('.');
      return { challenge, expiresInSeconds: challengeSeconds };
    },
    readChallenge(challenge) {
      const [nonce = '', end = '', code = ''] = challenge.split('.');
      if (!isCode(code, 'challenge', nonce, end) || Number(end) <= clock()) {
        throw new HubError(
          'challenge-unknown',
          'The challenge is not from this hub, or it has run out. Ask for another.',
        );
      }
      return Number(end);
    },
    newSession(circle, replica) {
      const end = String(clock() + sessionSeconds * 1000);
      const session = [replica, end, codeOf('session', circle, replica, end)].join('.');
      return { session, expiresInSeconds: sessionSeconds };
    },
    readSession(session, circle) {
      const [replica = '', end = '', code = ''] = session.split('.');
      if (!isCode(code, 'session', circle, replica, end)) {
        throw new HubError('session-missing', 'This needs a session of this circle. Open one with a signed challenge.');
      }
      if (Number(end) <= clock()) throw new HubError('session-over', 'The session is over. Open another one.');
      return { replica: replica as ReplicaId, expiresAt: Number(end) };
    },
  };
}

/** An invitation or founding code: 100 random bits. */
export function newInvitationToken(): string {
  return base32(randomBytes(13)).slice(0, 20);
}

/** What is kept of one: who reads the database can use none. */
export function invitationHash(token: string): string {
  return createHash('sha256').update(token.toLowerCase().replace(/[\s-]/g, '')).digest('hex');
}
