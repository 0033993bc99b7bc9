/**
 * Bytes as a text that people pass on: made to survive mail, messengers and dictation. Base 32 in groups of five after a
 * mark of two letters; the length stands at the front and a checksum at the end, so that a text that was cut off or
 * mistyped is told apart from something else altogether. Rules SY40 to SY42 and SY46 of SPEC.md.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { WorkbenchError } from '../contract/errors.ts';
import { base32, fromBase32 } from '../ids.ts';

export interface CodedKind {
  /** Two small letters. */
  readonly mark: string;
  /** What it is called in sentences. */
  readonly what: string;
  /** The first byte of the body is its format. */
  readonly newestFormat: number;
  /** By format: none is longer, so that a larger length is a slip in its first letters. */
  readonly longestBytes: Readonly<Record<number, number>>;
}

const checksumBytes = 5;
const groupLength = 5;
const groupsPerLine = 8;

/** What a QR code holds: its alphabet has capitals and digits, and no line ends. */
export function textForCode(text: string): string {
  return text.replaceAll(/\s/g, '');
}

/** Lines of at most 48 characters. */
export function writeCodedText(body: Uint8Array, { mark }: CodedKind): string {
  const total = body.length + 2 + checksumBytes;
  const bytes = Uint8Array.from([total >> 8, total & 255, ...body]);
  const text = mark + base32(Uint8Array.from([...bytes, ...sha256(bytes).subarray(0, checksumBytes)]));
  const groups: string[] = [];
  for (let at = 0; at < text.length; at += groupLength) groups.push(text.slice(at, at + groupLength));
  const lines: string[] = [];
  for (let at = 0; at < groups.length; at += groupsPerLine) lines.push(groups.slice(at, at + groupsPerLine).join(' '));
  return lines.join('\n').toUpperCase();
}

/** The body, once length and checksum fit. Fails with `invitation-invalid` and a sentence that says what is wrong. */
export function readCodedText(text: string, { mark, what, newestFormat, longestBytes }: CodedKind): Uint8Array {
  // What copying adds: white space, hyphens, the marks of quoted mail, invisible characters.
  const compact = text.toLowerCase().replace(/[\s\-‐-―>|"'“”«»*_.,:;\u00ad\u200b-\u200f\u2060\ufeff]+/gu, '');
  if (compact === '') invalid(`The ${what} is empty. Paste the whole text that you were sent.`);
  if (!compact.startsWith(mark)) {
    invalid(
      `This is no ${what}: it does not begin with ${mark.toUpperCase()}. Paste the ${what} from there to its last line, without the words around it.`,
    );
  }
  const digits = compact.slice(mark.length);
  const strange = /[^a-z2-7]/u.exec(digits);
  if (strange) {
    const shown = String.fromCodePoint(digits.codePointAt(strange.index)!);
    invalid(
      `The ${what} has the character "${shown}" at place ${strange.index + mark.length + 1}, which does not occur in any. Copy it again, without anything before or after it.`,
    );
  }
  const bytes = fromBase32(digits);
  if (bytes.length < 3) invalid(`The ${what} ends too early. Copy it again, to its last line.`);
  const total = bytes[0]! * 256 + bytes[1]!;
  const missing = Math.ceil((total * 8) / 5) - digits.length;
  if (bytes[2]! > newestFormat && missing === 0 && hasChecksum(bytes, total)) {
    invalid(`The ${what} was made by a newer version of the program. Update this one and paste it again.`);
  }
  // The length itself was mistyped: no invitation is so long.
  if (total > (longestBytes[bytes[2]!] ?? 0)) invalid(typingErrorOf(what));
  if (missing > 0) {
    invalid(`The ${what} ends too early: ${missing} characters are missing. Copy it again, to its last line.`);
  }
  if (missing < 0) invalid(`The ${what} has ${-missing} characters too many. Copy it again, and only once.`);
  if (!hasChecksum(bytes, total)) invalid(typingErrorOf(what));
  return bytes.subarray(2, total - checksumBytes);
}

function typingErrorOf(what: string): string {
  return `The ${what} has a typing error: its checksum does not fit. Copy it again, or ask for a new one.`;
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
