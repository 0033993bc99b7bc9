/**
 * The invitation: a short text that lets somebody join a circle, made to survive mail, messengers and dictation. Base 32
 * in groups of five after a mark; its length stands at the front and a checksum at the end, so that a cut-off or mistyped
 * text is told apart from something that is no invitation. It carries the circle's key: whoever has it, and the folder,
 * can read everything. Rules SY40 to SY43 of SPEC.md.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { WorkbenchError } from '../contract/errors.ts';
import type { CircleId, ReplicaId } from '../ids.ts';
import { base32, fromBase32 } from '../ids.ts';

export interface Invitation {
  readonly circle: CircleId;
  readonly epoch: number;
  /** 32 bytes. */
  readonly key: Uint8Array;
  readonly founder: ReplicaId;
  /** The circle's name, as its members call it. */
  readonly name: string;
  /** Who invites, for the person who reads it. */
  readonly by: string;
}

const mark = 'dw';
const format = 1;
const idBytes = 17;
const keyBytes = 32;
const checksumBytes = 5;
/** Names are cut here, so that an invitation stays short enough to paste anywhere. */
const longestNameBytes = 120;
/** Length and format, ids, epoch and key, two names with their lengths, checksum. */
const longestBytes = 3 + 2 * idBytes + 4 + keyBytes + 2 * (1 + longestNameBytes) + checksumBytes;
const typingError =
  'The invitation has a typing error: its checksum does not fit. Copy it again, or ask for a new one.';
const groupLength = 5;
const groupsPerLine = 8;

/** The text of an invitation: lines of at most 48 characters. */
export function writeInvitation(invitation: Invitation): string {
  const body: number[] = [format];
  body.push(...packId(invitation.circle), ...packId(invitation.founder));
  body.push(...[24, 16, 8, 0].map((shift) => (invitation.epoch >>> shift) & 255));
  body.push(...invitation.key);
  for (const name of [invitation.name, invitation.by]) {
    const bytes = cutName(name);
    body.push(bytes.length, ...bytes);
  }
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
 * `invitation-invalid` and a sentence that says what is wrong with it.
 */
export function readInvitation(text: string): Invitation {
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
  if (bytes[2]! > format && missing === 0 && hasChecksum(bytes, total)) {
    invalid('The invitation was made by a newer version of the program. Update this one and paste it again.');
  }
  // The length itself was mistyped: no invitation is so long.
  if (total > longestBytes) invalid(typingError);
  if (missing > 0) {
    invalid(`The invitation ends too early: ${missing} characters are missing. Copy it again, to its last line.`);
  }
  if (missing < 0) invalid(`The invitation has ${-missing} characters too many. Copy it again, and only once.`);
  if (!hasChecksum(bytes, total)) invalid(typingError);
  return readBody(bytes.subarray(2, total - checksumBytes));
}

function readBody(body: Uint8Array): Invitation {
  let at = 1;
  const take = (lengthBytes: number): Uint8Array => {
    const part = body.slice(at, at + lengthBytes);
    if (part.length < lengthBytes) invalid('The invitation is not well formed. Ask for a new one.');
    at += lengthBytes;
    return part;
  };
  const takeName = (): string => new TextDecoder('utf-8').decode(take(take(1)[0]!));
  const circle = base32(take(idBytes)).slice(0, 26) as CircleId;
  const founder = base32(take(idBytes)).slice(0, 26) as ReplicaId;
  const epoch = take(4).reduce((value, byte) => value * 256 + byte, 0);
  const key = take(keyBytes);
  const name = takeName();
  return { circle, founder, epoch, key, name, by: takeName() };
}

function hasChecksum(bytes: Uint8Array, total: number): boolean {
  if (total <= checksumBytes || bytes.length !== total) return false;
  const content = bytes.subarray(0, total - checksumBytes);
  const expected = sha256(content).subarray(0, checksumBytes);
  return expected.every((byte, index) => byte === bytes[total - checksumBytes + index]);
}

function packId(id: string): Uint8Array {
  return fromBase32(`${id}aa`).subarray(0, idBytes);
}

/** The name in UTF-8, cut between characters. */
function cutName(name: string): Uint8Array {
  const encoder = new TextEncoder();
  let cut = '';
  for (const char of name) {
    if (encoder.encode(cut + char).length > longestNameBytes) break;
    cut += char;
  }
  return encoder.encode(cut);
}

function invalid(message: string): never {
  throw new WorkbenchError('invitation-invalid', message);
}
