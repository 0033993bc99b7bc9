/** What a file is by its first bytes, whatever its name says, for the kinds that are no text. */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { ZipEntry } from './zip.ts';

/**
 * Refuses, with what to do instead, the kinds that people try most: PDF, RTF, the Word format before 2007 and
 * password-protected documents (both OLE files).
 *
 * @throws WorkbenchError `file-kind-unsupported`
 */
export function refuseOtherKinds(bytes: Uint8Array, fileName: string): void {
  const starts = (...head: readonly number[]): boolean => head.every((byte, index) => bytes[index] === byte);
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 1024));
  if (head.trimStart().startsWith('%PDF-')) {
    throw unsupported(
      fileName,
      'is a PDF, which does not hold its text in reading order',
      'open the Word or web version of the document, or copy its text into a text file,',
    );
  }
  if (head.startsWith('{\\rtf'))
    throw unsupported(fileName, 'is a rich text (RTF) file', 'open it in a word processor, save it as .docx');
  if (starts(0xd0, 0xcf, 0x11, 0xe0)) {
    // Word encrypts a .docx by putting it into an OLE file, under a name in UTF-16.
    if (holdsUtf16(bytes, 'EncryptedPackage'))
      throw unsupported(fileName, 'is protected with a password', 'open it in Word, save it without the password');
    throw unsupported(
      fileName,
      'is in the Word format of before 2007 (.doc)',
      'open it in a word processor, save it as .docx',
    );
  }
  if (starts(0x1f, 0x8b) || starts(0x37, 0x7a, 0xbc, 0xaf) || starts(0x52, 0x61, 0x72, 0x21))
    throw unsupported(fileName, 'is a compressed archive', 'unpack it');
  if (starts(0x89, 0x50, 0x4e, 0x47) || starts(0xff, 0xd8, 0xff))
    throw unsupported(fileName, 'is a picture', 'get the document as text');
}

/** Refuses packages that are no .docx, by their parts. Throws `file-kind-unsupported`. */
export function refuseOtherPackages(entries: readonly ZipEntry[], fileName: string): void {
  const has = (pattern: RegExp): boolean => entries.some((entry) => pattern.test(entry.name));
  if (has(/^word\/document\d*\.xml$/u)) return;
  if (has(/^xl\//u)) throw unsupported(fileName, 'is an Excel workbook', 'copy its text into a Word document');
  if (has(/^ppt\//u)) throw unsupported(fileName, 'is a PowerPoint presentation', 'copy its text into a Word document');
  if (has(/^content\.xml$/u))
    throw unsupported(fileName, 'is an OpenDocument file', 'open it in a word processor, save it as .docx');
  if (has(/^META-INF\/container\.xml$/u))
    throw unsupported(fileName, 'is an electronic book (EPUB)', 'get the document as .docx or HTML');
  throw unsupported(fileName, 'is a ZIP archive and no Word document', 'unpack it');
}

function unsupported(fileName: string, what: string, instead: string): WorkbenchError {
  return new WorkbenchError(
    'file-kind-unsupported',
    `${fileName} ${what}; ${instead} and import that.`.replace(',, ', ', '),
  );
}

function holdsUtf16(bytes: Uint8Array, text: string): boolean {
  const wanted = Buffer.from(text, 'utf16le');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(wanted);
}
