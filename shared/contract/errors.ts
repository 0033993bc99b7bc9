/**
 * Errors that cross a boundary (service to page, service to command line) are `{code, message, data}`. The page
 * translates the code; the message is a complete English sentence for the command line and for the record: what
 * happened, to which thing, what is safe, what to do.
 */
export const errorCodes = [
  // import and files
  'file-empty',
  'file-too-large',
  'file-not-readable',
  'file-not-found',
  'file-kind-unsupported',
  'file-kind-mismatch',
  'file-damaged',
  'zip-bomb',
  'xml-entities',
  'is-a-folder',
  'import-cancelled',
  'grant-expired',
  'destination-not-writable',
  // things asked for
  'not-found',
  'quote-not-found',
  'quote-ambiguous',
  'label-not-found',
  'name-ambiguous',
  'invalid-input',
  'invalid-state',
  // rights and profile
  'not-set-up',
  'already-set-up',
  'not-allowed',
  'profile-in-use',
  'profile-from-newer-version',
  'disk-full',
  'storage-unwritable',
  'storage-damaged',
  'passphrase-needed',
  'passphrase-wrong',
  'recovery-key-invalid',
  'profile-locked',
  'profile-not-empty',
  'not-a-backup',
  'backup-truncated',
  'backup-damaged',
  'backup-newer-format',
  // exchange
  'folder-unreachable',
  'folder-not-a-circle',
  'folder-other-circle',
  'folder-not-empty',
  'invitation-invalid',
  'circle-exists',
  'object-damaged',
  'object-newer-format',
  'object-forged',
  'key-missing',
  'device-removed',
  'not-a-bundle',
  'bundle-truncated',
  'bundle-damaged',
  'bundle-newer-format',
  'bundle-other-circle',
  // hub
  'hub-not-admitted',
  'hub-device-removed',
  'hub-circle-unknown',
  'hub-invitation-used',
  'hub-invitation-unknown',
  'hub-code-needed',
  'hub-full',
  /** A document is known through a circle, and its file has not come yet. */
  'original-missing',
  'document-erased',
  // channels over a network
  'network-unreachable',
  'network-captive',
  'channel-refused',
  'channel-unsuitable',
  // transport
  'connection-closed',
  'operation-unknown',
  'cancelled',
  'internal',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

export class WorkbenchError extends Error {
  readonly code: ErrorCode;
  readonly data: Readonly<Record<string, string | number | boolean>>;

  constructor(
    code: ErrorCode,
    message: string,
    data: Readonly<Record<string, string | number | boolean>> = {},
    options?: { cause?: unknown },
  ) {
    super(message, options as ErrorOptions);
    this.name = 'WorkbenchError';
    this.code = code;
    this.data = data;
  }
}

/** The form in which an error travels. */
export interface ErrorMessage {
  readonly code: ErrorCode;
  readonly message: string;
  readonly data: Readonly<Record<string, string | number | boolean>>;
}

/** Anything thrown, as it may cross a boundary: an unexpected error becomes `internal` with its message. */
export function toErrorMessage(error: unknown): ErrorMessage {
  if (error instanceof WorkbenchError) return { code: error.code, message: error.message, data: error.data };
  return { code: 'internal', message: error instanceof Error ? error.message : String(error), data: {} };
}
