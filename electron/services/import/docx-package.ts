/** The parts of a .docx that are read, found by the names Word gives them. External targets are never opened. */
import type { DocxParts } from '../../../shared/document/docx.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { readText } from './decode-text.ts';
import { refuseOtherPackages } from './package-kind.ts';
import { listZip, readZipEntry } from './zip.ts';

/** @throws WorkbenchError `file-damaged`, `zip-bomb`, `file-too-large`, `file-kind-unsupported` */
export function readDocxPackage(bytes: Uint8Array, fileName: string): DocxParts {
  const entries = listZip(bytes, fileName);
  refuseOtherPackages(entries, fileName);
  const read = (pattern: RegExp): string[] =>
    entries
      .filter((entry) => pattern.test(entry.name))
      .map((entry) => readText(readZipEntry(bytes, entry, fileName), fileName).text);
  // Some programs number the main part (document2.xml); a package has only one.
  const document = read(/^word\/document\d*\.xml$/u)[0];
  if (document === undefined) {
    throw new WorkbenchError('file-damaged', `${fileName} holds no text part; get it again from its source.`);
  }
  return {
    document,
    numbering: read(/^word\/numbering\d*\.xml$/u)[0],
    styles: read(/^word\/styles\d*\.xml$/u)[0],
    footnotes: read(/^word\/footnotes\d*\.xml$/u)[0],
    endnotes: read(/^word\/endnotes\d*\.xml$/u)[0],
    comments: read(/^word\/comments\d*\.xml$/u)[0],
    runningHeads: read(/^word\/(?:header|footer)\d*\.xml$/u),
  };
}
