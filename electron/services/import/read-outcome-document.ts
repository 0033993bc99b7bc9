/**
 * `electron/services/import` turns the bytes of a picked file into an outcome document: what kind of file it is (by its
 * bytes, not its name), unpacking with limits, decoding, and the pure importers of `shared/document`. `importer.ts` runs
 * the same in a worker thread. Nothing here writes, and no name found inside a file is ever used as a path.
 */
import { createHash } from 'node:crypto';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { readAkn } from '../../../shared/document/akn.ts';
import { detectFileKind, type FileKind } from '../../../shared/document/detect.ts';
import { importDocx } from '../../../shared/document/docx.ts';
import { importHtml } from '../../../shared/document/html.ts';
import { importMarkdown } from '../../../shared/document/markdown.ts';
import type { ImportWarning, OutcomeDocument } from '../../../shared/document/outcome-document.ts';
import { importPlainText, type ImportedDocument } from '../../../shared/document/plain-text.ts';
import { parseXml } from '../../../shared/document/xml.ts';
import type { DocumentId } from '../../../shared/ids.ts';
import { readText, type FileText } from './decode-text.ts';
import { readDocxPackage } from './docx-package.ts';
import { refuseOtherKinds } from './package-kind.ts';
import { displayName, empty, maxPackageBytes, tooLarge, type ImportSource } from './read-file.ts';
import { isZip } from './zip.ts';

/** The id of a document: SHA-256 over the original bytes, in hexadecimal. */
export function documentIdOf(bytes: Uint8Array): DocumentId {
  return createHash('sha256').update(bytes).digest('hex') as DocumentId;
}

/**
 * Reads one file. Equal bytes give equal documents, but for the file's name.
 *
 * @throws WorkbenchError `file-empty`, `file-too-large`, `file-kind-unsupported`, `file-kind-mismatch`, `file-damaged`,
 * `zip-bomb`, `xml-entities`; the message is one sentence for the person: what happened, to which file, what to do.
 */
export function readOutcomeDocument(source: ImportSource): OutcomeDocument {
  const { bytes } = source;
  const fileName = displayName(source.fileName);
  if (bytes.length === 0) throw empty(fileName);
  const id = documentIdOf(bytes);
  if (isZip(bytes)) {
    if (bytes.length > maxPackageBytes) throw tooLarge(fileName, bytes.length, maxPackageBytes);
    const parts = readDocxPackage(bytes, fileName);
    refuseMisnamed('docx', fileName);
    return { id, ...importDocx(parts, fileName, source.reading) };
  }
  refuseOtherKinds(bytes, fileName);
  const decoded = readText(bytes, fileName);
  const kind = detectFileKind(bytes, fileName);
  if (kind === 'empty' || decoded.text.trim() === '') throw empty(fileName);
  refuseMisnamed(kind, fileName);
  if (kind === 'akn') return guessed(readAkn(decoded.text, { id, fileName }), decoded);
  return { id, ...importText(kind, decoded, fileName) };
}

function importText(kind: FileKind, decoded: FileText, fileName: string): ImportedDocument {
  const source = {
    text: decoded.text,
    fileName,
    encoding: decoded.encoding,
    isEncodingCertain: decoded.isCertain,
  };
  switch (kind) {
    case 'html':
      return importHtml(source);
    case 'markdown':
      return importMarkdown(source);
    case 'text':
      return importPlainText(source);
    case 'xml':
      // Damage and entities are the more useful thing to say about a file that is not AKN for their sake.
      parseXml(decoded.text, { fileName, prefixOf: () => '' });
      throw new WorkbenchError(
        'file-kind-unsupported',
        `${fileName} is XML, but not an AKN document; import the AKN, Word, HTML or text version instead.`,
      );
    default:
      throw new WorkbenchError(
        'file-kind-unsupported',
        `${fileName} is not a text, Word, HTML or AKN file; save its text in one of these forms and import that.`,
      );
  }
}

function guessed(document: OutcomeDocument, decoded: FileText): OutcomeDocument {
  if (decoded.isCertain) return document;
  return withWarning(document, {
    code: 'encoding-guessed',
    message: `The file does not say its encoding; ${decoded.encoding} was assumed.`,
  });
}

/** Which kinds may stand under an ending; endings that promise nothing are not listed. */
const promised: Readonly<Record<string, readonly FileKind[]>> = {
  docx: ['docx'],
  docm: ['docx'],
  xml: ['akn'],
  html: ['html'],
  htm: ['html'],
  md: ['markdown'],
  markdown: ['markdown'],
  txt: ['text'],
  pdf: [],
  doc: [],
  rtf: [],
};

/** What each kind is called, and the ending that would be true. */
const kindNames: Partial<Record<FileKind, readonly [name: string, ending: string]>> = {
  akn: ['an AKN document', 'xml'],
  docx: ['a Word document', 'docx'],
  html: ['an HTML page', 'html'],
  markdown: ['Markdown text', 'md'],
  text: ['plain text', 'txt'],
};

/**
 * A file that is not what its name says is not guessed about: often it is an error page saved in the place of the
 * document, or the wrong file. Kinds that are never imported have sentences of their own.
 */
function refuseMisnamed(kind: FileKind, fileName: string): void {
  const ending = /\.([a-z]{2,8})$/iu.exec(fileName)?.[1]?.toLowerCase() ?? '';
  const kinds = promised[ending];
  const found = kindNames[kind];
  if (kinds === undefined || kinds.includes(kind) || found === undefined) return;
  throw new WorkbenchError(
    'file-kind-mismatch',
    `${fileName} is ${found[0]}, not what its name says; get the file again, or, if that is what you want, rename it to end in .${found[1]} and import that.`,
    { file: fileName, ending: found[1] },
  );
}

function withWarning(document: OutcomeDocument, warning: ImportWarning): OutcomeDocument {
  return { ...document, report: { ...document.report, warnings: [...document.report.warnings, warning] } };
}
