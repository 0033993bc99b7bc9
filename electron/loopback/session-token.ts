/**
 * The one-time token of the loopback shell. The printed address carries it once; it is then exchanged for a cookie, so
 * that it stands neither in the browser's history nor in a referrer, and another program that reads the terminal later
 * gets nothing with it.
 */
import { timingSafeEqual } from 'node:crypto';

export interface SessionTokens {
  /** A fresh token for one more address. */
  issue(): string;
  /** Spends a token and gives the cookie's value, or null when the token is unknown or spent. */
  redeem(token: string): string | null;
  accepts(cookieHeader: string | undefined): boolean;
  /** The `Set-Cookie` value for a redeemed session. */
  cookie(session: string): string;
}

/** `randomText` gives at least 128 bits as URL-safe text. The cookie's name holds the port: cookies ignore ports. */
export function createSessionTokens(randomText: () => string, port: () => number): SessionTokens {
  const open = new Set<string>();
  const session = randomText();
  const name = (): string => `workbench-${port()}`;
  const same = (a: string, b: string): boolean =>
    a.length === b.length && timingSafeEqual(new TextEncoder().encode(a), new TextEncoder().encode(b));
  return {
    issue() {
      const token = randomText();
      open.add(token);
      return token;
    },
    redeem: (token) => (open.delete(token) ? session : null),
    accepts(header) {
      const values = (header ?? '').split(';').map((part) => part.trim().split('=', 2));
      return values.some(([key, value]) => key === name() && same(value ?? '', session));
    },
    cookie: (value) => `${name()}=${value}; HttpOnly; SameSite=Strict; Path=/`,
  };
}
