/** Bytes that should be text: refused when they are too many or no text at all, else decoded. */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { decodeText, type DecodedText } from '../../../shared/document/encoding.ts';

/** Text files (and XML and HTML) beyond this are refused: the longest outcome documents stay below 2 MB. */
export const maxTextBytes = 64 * 1024 * 1024;

export interface FileText {
  readonly text: string;
  readonly encoding: string;
  /** False when the encoding was guessed. */
  readonly isCertain: boolean;
}

/** Throws `file-too-large`, or `file-kind-unsupported` when the bytes are no text. */
export function readText(bytes: Uint8Array, fileName: string): FileText {
  if (bytes.length > maxTextBytes) {
    throw new WorkbenchError(
      'file-too-large',
      `${fileName} is ${Math.ceil(bytes.length / 1024 / 1024)} MB long; text of up to ${maxTextBytes / 1024 / 1024} MB can be imported, so split it and import the parts.`,
      { sizeBytes: bytes.length, limitBytes: maxTextBytes },
    );
  }
  const decoded: DecodedText = decodeText(bytes);
  if (!decoded.encoding.startsWith('utf-16') && isBinary(bytes)) {
    throw new WorkbenchError(
      'file-kind-unsupported',
      `${fileName} is not a text, Word, HTML or AKN file; save its text in one of these forms and import that.`,
    );
  }
  if (decoded.isCertain) return decoded;
  const declared = declaredEncoding(bytes);
  if (declared === undefined) return decoded;
  try {
    return { text: new TextDecoder(declared, { fatal: true }).decode(bytes), encoding: declared, isCertain: true };
  } catch (error) {
    // The declared name is unknown (RangeError) or wrong for these bytes (TypeError): the guess stands.
    if (error instanceof RangeError || error instanceof TypeError) return decoded;
    throw error;
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

/** Text has no zero bytes and hardly any control characters. */
function isBinary(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, 65536);
  let control = 0;
  for (const byte of sample) {
    if (byte === 0) return true;
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12 && byte !== 27) control += 1;
  }
  return control > sample.length * 0.02;
}
