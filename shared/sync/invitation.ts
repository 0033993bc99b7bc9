/**
 * The invitation: a short text that lets somebody join a circle, made to survive mail, messengers and dictation. Base 32
 * in groups of five after a mark; its length stands at the front and a checksum at the end, so that a cut-off or mistyped
 * text is told apart from something that is no invitation. It carries the circle's key: whoever has it, and the folder,
 * can read everything, unless a passphrase that went another way wraps it. Rules SY40 to SY46 of SPEC.md; its bytes are
 * `invitation-body.ts`.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { WorkbenchError } from '../contract/errors.ts';
import { base32, fromBase32 } from '../ids.ts';
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

const mark = 'dw';
const checksumBytes = 5;
/** No invitation is so long: a larger length is a slip in its first letters. */
const longestBytes: Readonly<Record<number, number>> = { 1: 324, 2: 8192 };
const typingError =
  'The invitation has a typing error: its checksum does not fit. Copy it again, or ask for a new one.';
const groupLength = 5;
const groupsPerLine = 8;

/** The text of an invitation: lines of at most 48 characters. */
export function writeInvitation(invitation: Invitation): string {
  return writeText(writeBody(invitation));
}

/** As `writeInvitation`; nobody reads it without the passphrase, which goes another way. */
export async function wrapInvitation(
  invitation: Invitation,
  passphrase: string,
  { crypto, deriveKey, parameters = usualPassphraseParameters }: PassphraseTools,
): Promise<string> {
  const salt = crypto.random(saltBytes);
  const nonce = crypto.random(nonceBytes);
  const head = wrappedHead(parameters, salt, nonce);
  const key = await deriveKey(requirePassphrase(passphrase), salt, parameters);
  return writeText(Uint8Array.from([...head, ...crypto.seal(writeContent(invitation), head, nonce, key)]));
}

/** What a QR code holds: its alphabet has capitals and digits, and no line ends. */
export function invitationForCode(text: string): string {
  return text.replaceAll(/\s/g, '');
}

function writeText(body: Uint8Array): string {
  const total = body.length + 2 + checksumBytes;
  const bytes = Uint8Array.from([total >> 8, total & 255, ...body]);
  const text = mark + base32(Uint8Array.from([...bytes, ...sha256(bytes).subarray(0, checksumBytes)]));
  const groups: string[] = [];
  for (let at = 0; at < text.length; at += groupLength) groups.push(text.slice(at, at + groupLength));
  const lines: string[] = [];
  for (let at = 0; at < groups.length; at += groupsPerLine) lines.push(groups.slice(at, at + groupsPerLine).join(' '));
  return lines.join('\n').toUpperCase();
}

/**
 * Reads an invitation however it was copied: line breaks, spaces, quotation marks of a mail, capitals or not. Fails with
 * `invitation-invalid` and a sentence that says what is wrong with it, or with `passphrase-needed`.
 */
export function readInvitation(text: string): Invitation {
  const found = readBody(bodyOf(text));
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
  const found = readBody(bodyOf(text));
  if ('key' in found || passphrase === null || normalPassphrase(passphrase) === '') return readInvitation(text);
  const key = await deriveKey(normalPassphrase(passphrase), found.salt, found.parameters);
  const content = crypto.open(found.sealed, found.head, found.nonce, key);
  if (content === null) {
    const message = 'The passphrase is not the one of this invitation. Mind capitals and spaces, and try again.';
    throw new WorkbenchError('passphrase-wrong', message);
  }
  return readWrappedContent(content);
}

/** The body between length and checksum, once both fit. */
function bodyOf(text: string): Uint8Array {
  // What copying adds: white space, hyphens, the marks of quoted mail, invisible characters.
  const compact = text.toLowerCase().replace(/[\s\-‐-―>|"'“”«»*_.,:;\u00ad\u200b-\u200f\u2060\ufeff]+/gu, '');
  if (compact === '') invalid('The invitation is empty. Paste the whole text that you were sent.');
  if (!compact.startsWith(mark)) {
    invalid(
      'This is not an invitation to a circle: it does not begin with DW. Paste the invitation from its DW to its last ' +
        'line, without the words around it.',
    );
  }
  const digits = compact.slice(mark.length);
  const strange = /[^a-z2-7]/u.exec(digits);
  if (strange) {
    const shown = String.fromCodePoint(digits.codePointAt(strange.index)!);
    invalid(
      `The invitation has the character "${shown}" at place ${strange.index + mark.length + 1}, which no invitation ` +
        'contains. Copy it again, without anything before or after it.',
    );
  }
  const bytes = fromBase32(digits);
  if (bytes.length < 3) invalid('The invitation ends too early. Copy it again, to its last line.');
  const total = bytes[0]! * 256 + bytes[1]!;
  const missing = Math.ceil((total * 8) / 5) - digits.length;
  if (bytes[2]! > newestFormat && missing === 0 && hasChecksum(bytes, total)) {
    invalid('The invitation was made by a newer version of the program. Update this one and paste it again.');
  }
  // The length itself was mistyped: no invitation is so long.
  if (total > (longestBytes[bytes[2]!] ?? 0)) invalid(typingError);
  if (missing > 0) {
    invalid(`The invitation ends too early: ${missing} characters are missing. Copy it again, to its last line.`);
  }
  if (missing < 0) invalid(`The invitation has ${-missing} characters too many. Copy it again, and only once.`);
  if (!hasChecksum(bytes, total)) invalid(typingError);
  return bytes.subarray(2, total - checksumBytes);
}

function hasChecksum(bytes: Uint8Array, total: number): boolean {
  if (total <= checksumBytes || bytes.length !== total) return false;
  const content = bytes.subarray(0, total - checksumBytes);
  const expected = sha256(content).subarray(0, checksumBytes);
  return expected.every((byte, index) => byte === bytes[total - checksumBytes + index]);
}

function invalid(message: string): never {
  throw new WorkbenchError('invitation-invalid', message);
}
