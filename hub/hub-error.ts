/**
 * What the hub answers when it does not do what was asked: a code of one closed union, a sentence, and the HTTP status
 * that goes with the code. `hub/` is the exchange server of a region: it keeps sealed objects and knows no plaintext.
 * database/ are the engines, storage/ what is kept, rules/ who may do what, server/ HTTP and news, cli/ the commands.
 */
export const hubErrorStatus = {
  'invalid-input': 400,
  'object-invalid': 400,
  'session-missing': 401,
  'session-over': 401,
  'challenge-unknown': 401,
  'challenge-used': 401,
  'signature-wrong': 401,
  'not-admitted': 403,
  'device-removed': 403,
  'not-administrator': 403,
  'not-owner': 403,
  'not-founder': 403,
  'code-needed': 403,
  'proof-wrong': 403,
  'not-found': 404,
  'circle-unknown': 404,
  'method-unknown': 405,
  'body-too-slow': 408,
  'last-administrator': 409,
  'circle-claimed': 409,
  'invitation-used': 410,
  'invitation-unknown': 410,
  'object-too-large': 413,
  'range-unsatisfiable': 416,
  'upgrade-needed': 426,
  'rate-limited': 429,
  internal: 500,
  ending: 503,
  busy: 503,
  'storage-away': 503,
  'circle-full': 507,
  'device-full': 507,
} as const;
export type HubErrorCode = keyof typeof hubErrorStatus;

export class HubError extends Error {
  readonly code: HubErrorCode;
  /** When to try again. */
  readonly retryAfterSeconds: number | null;

  constructor(
    code: HubErrorCode,
    message: string,
    options: { readonly retryAfterSeconds?: number; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'HubError';
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }

  get status(): number {
    return hubErrorStatus[this.code];
  }
}
