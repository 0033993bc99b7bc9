/**
 * The invitation: a short text that lets somebody join a circle, made to survive mail, messengers and dictation. Base 32
 * in groups of five after a mark; its length stands at the front and a checksum at the end, so that a cut-off or mistyped
 * text is told apart from something that is no invitation. It carries the circle's key: whoever has it, and the folder,
 * can read everything, unless a passphrase that went another way wraps it. Rules SY40 to SY46 of SPEC.md; its bytes are
 * `invitation-body.ts`.
 */
import { WorkbenchError } from '../contract/errors.ts';
import { readCodedText, writeCodedText, type CodedKind } from './coded-text.ts';
import {
  newestFormat,
  nonceBytes,
  readBody,
  readWrappedContent,
  wrappedHead,
  writeBody,
  writeContent,
  type Invitation,
} from './invitation-body.ts';
import {
  normalPassphrase,
  requirePassphrase,
  saltBytes,
  usualPassphraseParameters,
  type DeriveKey,
  type PassphraseParameters,
} from './passphrase.ts';
import type { SealingCrypto } from './sealing-crypto.ts';

export type { Invitation, InvitedChannel } from './invitation-body.ts';

/** What wrapping by a passphrase needs from outside. */
export interface PassphraseTools {
  readonly crypto: Pick<SealingCrypto, 'seal' | 'open' | 'random'>;
  readonly deriveKey: DeriveKey;
  /** For what is wrapped from now on. */
  readonly parameters?: PassphraseParameters;
}

/** Its length stands in two bytes; no invitation is longer than this. */
const kind: CodedKind = { mark: 'dw', what: 'invitation', newestFormat, longestBytes: { 1: 324, 2: 8192 } };

/** The text of an invitation: lines of at most 48 characters. */
export function writeInvitation(invitation: Invitation): string {
  return writeCodedText(writeBody(invitation), kind);
}

/** As `writeInvitation`; nobody reads it without the passphrase, which goes another way. */
export async function wrapInvitation(
  invitation: Invitation,
  passphrase: string,
  { crypto, deriveKey, parameters = usualPassphraseParameters }: PassphraseTools,
): Promise<string> {
  const salt = crypto.random(saltBytes);
  const nonce = crypto.random(nonceBytes);
  const head = wrappedHead(newestFormat, parameters, salt, nonce);
  const key = await deriveKey(requirePassphrase(passphrase), salt, parameters);
  return writeCodedText(Uint8Array.from([...head, ...crypto.seal(writeContent(invitation), head, nonce, key)]), kind);
}

/**
 * Reads an invitation however it was copied: line breaks, spaces, quotation marks of a mail, capitals or not. Fails with
 * `invitation-invalid` and a sentence that says what is wrong with it, or with `passphrase-needed`.
 */
export function readInvitation(text: string): Invitation {
  const found = readBody(readCodedText(text, kind));
  if ('key' in found) return found;
  const message = 'This invitation is protected by a passphrase. Ask the person who invites for it, and write it too.';
  throw new WorkbenchError('passphrase-needed', message);
}

/** Reads an invitation that a passphrase may wrap. Fails besides with `passphrase-wrong`. */
export async function openInvitation(
  text: string,
  passphrase: string | null,
  { crypto, deriveKey }: PassphraseTools,
): Promise<Invitation> {
  const found = readBody(readCodedText(text, kind));
  if ('key' in found || passphrase === null || normalPassphrase(passphrase) === '') return readInvitation(text);
  const key = await deriveKey(normalPassphrase(passphrase), found.salt, found.parameters);
  const content = crypto.open(found.sealed, found.head, found.nonce, key);
  if (content === null) {
    const message = 'The passphrase is not the one of this invitation. Mind capitals and spaces, and try again.';
    throw new WorkbenchError('passphrase-wrong', message);
  }
  return readWrappedContent(content);
}
