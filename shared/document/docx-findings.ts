import type { XmlElement } from './xml.ts';

/** What reading found beside the paragraphs; shared by the body, the notes and the headers of one file. */
export interface DocxFindings {
  readonly deleted: string[];
  readonly ignoredFieldText: string[];
  insertions: number;
  readonly authors: Set<string>;
  hidden: string[];
  images: number;
  tables: number;
  unknownSymbols: number;
  embedded: number;
  deletedMarks: number;
  /** Note marks typed by hand in place of a number, by note key. */
  readonly customMarks: Map<string, string>;
  /** Notes whose reference was deleted. */
  readonly deletedNotes: Set<string>;
}

export function createFindings(): DocxFindings {
  return {
    deleted: [],
    ignoredFieldText: [],
    insertions: 0,
    authors: new Set(),
    hidden: [],
    images: 0,
    tables: 0,
    unknownSymbols: 0,
    embedded: 0,
    deletedMarks: 0,
    customMarks: new Map(),
    deletedNotes: new Set(),
  };
}

/** Who made a tracked change. */
export function noteAuthor(findings: DocxFindings, change: XmlElement | undefined): void {
  const author = change?.attributes.get('w:author');
  if (author !== undefined && author.trim() !== '') findings.authors.add(author.trim());
}
