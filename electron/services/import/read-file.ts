/** Reading a file that somebody picked, safely: what it is and how long is looked at before anything is read. */
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { maxTextBytes } from './decode-text.ts';

export interface ImportSource {
  /** For display only; may hold anything a file system allows. */
  readonly fileName: string;
  readonly bytes: Uint8Array;
  /** Of a Word file with tracked changes: the text as it was before them. Default: as they propose. */
  readonly reading?: 'original';
}

/** Packages may be long because of their pictures, which are not unpacked. */
export const maxPackageBytes = 256 * 1024 * 1024;

/**
 * The bytes of one file; at most `limitBytes`, where that is given, else as many as a document of its kind may have.
 *
 * @throws WorkbenchError `file-not-found`, `is-a-folder`, `file-not-readable`, `file-empty`, `file-too-large`.
 */
export async function readImportFile(path: string, limitBytes?: number): Promise<ImportSource> {
  const fileName = displayName(path);
  try {
    const found = await stat(path);
    if (found.isDirectory()) {
      throw new WorkbenchError('is-a-folder', `${fileName} is a folder; choose the files inside it instead.`);
    }
    if (!found.isFile()) {
      throw new WorkbenchError(
        'file-not-readable',
        `${fileName} is not an ordinary file and was not opened; choose a file.`,
      );
    }
    const file = await open(path, 'r');
    try {
      const head = new Uint8Array(4);
      await file.read(head, 0, 4, 0);
      const limit = limitBytes ?? (head[0] === 0x50 && head[1] === 0x4b ? maxPackageBytes : maxTextBytes);
      if (found.size > limit) throw tooLarge(fileName, found.size, limit);
      if (found.size === 0) throw empty(fileName);
      return { fileName, bytes: new Uint8Array(await file.readFile()) };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw notRead(fileName, error);
  }
}

/** The sentence for a file that the system does not give. */
export function notRead(fileName: string, error: unknown): WorkbenchError {
  if (error instanceof WorkbenchError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const message = `${fileName} was not found; check its name and that its drive is connected.`;
    return new WorkbenchError('file-not-found', message, {}, { cause: error });
  }
  const message = `${fileName} could not be read (${code ?? 'unknown reason'}); check that you may open it and that no other program holds it.`;
  return new WorkbenchError('file-not-readable', message, {}, { cause: error });
}

/** The last part of a path without control and direction characters, which could make a name look like another. */
export function displayName(path: string): string {
  const name = basename(path.replaceAll('\\', '/')).replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '');
  return name === '' || name === '..' || name === '.' ? 'The file' : name;
}

export function tooLarge(fileName: string, sizeBytes: number, limitBytes: number): WorkbenchError {
  return new WorkbenchError(
    'file-too-large',
    `${fileName} is ${Math.ceil(sizeBytes / 1024 / 1024)} MB long; files of up to ${limitBytes / 1024 / 1024} MB can be imported, so split it and import the parts.`,
    { sizeBytes, limitBytes },
  );
}

export function empty(fileName: string): WorkbenchError {
  return new WorkbenchError('file-empty', `${fileName} is empty; check that it was saved or copied completely.`);
}
