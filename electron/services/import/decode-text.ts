/**
 * Bytes as text. UTF-8 unless the file says or shows otherwise; old texts of the process are in the Windows code pages of
 * their languages, which nothing in a plain text file names, so that they have to be guessed, and the guess reported.
 */
import { WorkbenchError } from '../../../shared/contract/errors.ts';

export interface DecodedText {
  readonly text: string;
  /** The name of the encoding, as `TextDecoder` knows it. */
  readonly encoding: string;
  readonly guessed: boolean;
}

/** Text files (and XML and HTML) beyond this are refused: the longest outcome documents stay below 2 MB. */
export const maxTextBytes = 64 * 1024 * 1024;

/** Throws `file-too-large`, or `file-kind-unsupported` when the bytes are no text. */
export function decodeText(bytes: Uint8Array, fileName: string): DecodedText {
  if (bytes.length > maxTextBytes) {
    throw new WorkbenchError(
      'file-too-large',
      `${fileName} is ${Math.ceil(bytes.length / 1024 / 1024)} MB long; text of up to ${maxTextBytes / 1024 / 1024} MB can be imported, so split it and import the parts.`,
      { sizeBytes: bytes.length, limitBytes: maxTextBytes },
    );
  }
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return decodeAs('utf-8', bytes.subarray(3), false);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodeAs('utf-16le', bytes.subarray(2), false);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodeAs('utf-16be', bytes.subarray(2), false);
  const wide = wideWithoutMark(bytes);
  if (wide !== undefined) return decodeAs(wide, bytes, true);
  if (isBinary(bytes)) {
    throw new WorkbenchError(
      'file-kind-unsupported',
      `${fileName} is not a text, Word, HTML or AKN file; save its text in one of these forms and import that.`,
    );
  }
  const utf8 = tryDecode('utf-8', bytes);
  if (utf8 !== undefined) return { text: utf8, encoding: 'utf-8', guessed: false };
  const declared = declaredEncoding(bytes);
  if (declared !== undefined && declared !== 'utf-8') {
    const text = tryDecode(declared, bytes);
    if (text !== undefined) return { text, encoding: declared, guessed: false };
  }
  return guess(bytes);
}

function decodeAs(encoding: string, bytes: Uint8Array, guessed: boolean): DecodedText {
  return { text: new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes), encoding, guessed };
}

function tryDecode(encoding: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // Either the bytes are not in this encoding or its name is unknown: the next one is tried.
    return undefined;
  }
}

/** What an XML declaration or an HTML `meta` says; both are ASCII in every encoding that reaches this. */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 2048));
  const match =
    /^\s*<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)["']/u.exec(head) ??
    /<meta[^>]*charset\s*=\s*["']?([\w.:-]+)/iu.exec(head);
  return match?.[1]?.toLowerCase();
}

/** UTF-16 without a byte order mark: Latin text has a zero in every other byte. */
function wideWithoutMark(bytes: Uint8Array): string | undefined {
  const sample = bytes.subarray(0, 4096);
  if (sample.length < 8) return undefined;
  let even = 0;
  let odd = 0;
  sample.forEach((byte, index) => {
    if (byte !== 0) return;
    if (index % 2 === 0) even += 1;
    else odd += 1;
  });
  const half = sample.length / 2;
  if (odd > half * 0.3 && even < half * 0.02) return 'utf-16le';
  if (even > half * 0.3 && odd < half * 0.02) return 'utf-16be';
  return undefined;
}

function isBinary(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, 65536);
  let control = 0;
  for (const byte of sample) {
    if (byte === 0) return true;
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12 && byte !== 27) control += 1;
  }
  return control > sample.length * 0.02;
}

const codePages = [
  { encoding: 'gb18030', letter: /[\u4e00-\u9fff]/gu },
  { encoding: 'windows-1251', letter: /[\u0430-\u044f]/gu },
  { encoding: 'windows-1256', letter: /[\u0621-\u064a]/gu },
  { encoding: 'windows-1252', letter: /[ßàáâäæçèéêëìíîïñòóôöùúûüœ’‘“”«»–—°\u00a0¿¡]/gu },
] as const;

/** The code page under which most of the bytes above ASCII are ordinary letters of its language. */
function guess(bytes: Uint8Array): DecodedText {
  const sample = bytes.subarray(0, 262144);
  const high = sample.reduce((count, byte) => (byte >= 0x80 ? count + 1 : count), 0);
  let best: { encoding: string; share: number } = { encoding: 'windows-1252', share: 0 };
  for (const page of codePages) {
    // A character may be cut where the sample ends.
    const text = new TextDecoder(page.encoding).decode(sample).replace(/\ufffd$/u, '');
    // Two bytes make one Chinese character.
    const weight = page.encoding === 'gb18030' ? 2 : 1;
    const share = text.includes('\ufffd') ? 0 : ((text.match(page.letter)?.length ?? 0) * weight) / Math.max(high, 1);
    if (share > best.share + 0.05) best = { encoding: page.encoding, share };
  }
  return decodeAs(best.encoding, bytes, true);
}
