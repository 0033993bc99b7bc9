/** Outcome documents on the shelf. */
import { circleId, direction, documentId, instant, nothing, recordId, unitId } from './common.ts';
import { grant } from './files.ts';
import { unitKinds } from '../document/outcome-document.ts';
import { z } from './schema.ts';

export const documentSummary = z.object({
  id: documentId,
  title: z.string(),
  symbol: z.string(),
  language: z.string(),
  direction,
  fileName: z.string(),
  format: z.enum(['akn', 'docx', 'html', 'text', 'markdown']),
  workKey: z.string(),
  units: z.number(),
  numberedParagraphs: z.number(),
  footnotes: z.number(),
  words: z.number(),
  annotations: z.number(),
  warnings: z.number(),
  importedAt: instant,
  /** `own` was imported here; `partner` came through a circle. */
  origin: z.enum(['own', 'partner', 'sample']),
  /** A partner refers to it but its bytes have not arrived yet. */
  missing: z.boolean(),
});
export type DocumentSummary = z.output<typeof documentSummary>;

/** Documents of one work: language versions and revisions side by side. */
export const workSummary = z.object({
  key: z.string(),
  title: z.string(),
  symbol: z.string(),
  documents: z.array(documentSummary),
});

export const unitView = z.object({
  id: unitId,
  kind: z.enum(unitKinds),
  label: z.string(),
  marker: z.string(),
  level: z.number(),
  text: z.string(),
  styles: z.array(z.object({ start: z.number(), end: z.number(), style: z.enum(['italic', 'bold', 'underline']) })),
  notes: z.array(z.object({ offset: z.number(), note: unitId })),
  direction,
});
export type UnitView = z.output<typeof unitView>;

export const importReport = z.object({
  warnings: z.array(z.object({ code: z.string(), message: z.string(), unit: unitId.optional() })),
  artefacts: z.array(z.object({ text: z.string(), reason: z.string() })),
});

export const documentView = z.object({
  summary: documentSummary,
  units: z.array(unitView),
  report: importReport,
  /** The other languages and revisions of the same work. */
  siblings: z.array(z.object({ id: documentId, language: z.string(), title: z.string(), fileName: z.string() })),
  readingPosition: z.string(),
});
export type DocumentView = z.output<typeof documentView>;

/** One file's result: a document, or why not. Other files of the same import go on. */
export const importResult = z.object({
  fileName: z.string(),
  document: documentSummary.nullable(),
  /** It was on the shelf already; nothing was changed. */
  known: z.boolean(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  report: importReport,
});

/** One that its owner erased: annotations on it are their writers' and stay, with the words that they quote. */
export const erasedDocument = z.object({
  document: documentId,
  by: z.string(),
  mine: z.boolean(),
  at: instant.nullable(),
  /** Empty for one's own shelf. */
  circleName: z.string(),
  annotations: z.number(),
});
export type ErasedDocumentView = z.output<typeof erasedDocument>;

export const documentPlaces = z.object({
  /** Where this profile's person has brought it in, and so may erase its `records` (`circles.erase`). */
  places: z.array(
    z.object({
      circle: circleId,
      name: z.string(),
      personal: z.boolean(),
      records: z.array(recordId),
      annotations: z.object({ mine: z.number(), others: z.number() }),
      /** Others who have brought the same file in there: for them it stays. */
      alsoBy: z.array(z.string()),
    }),
  ),
  /** Circles in which it is somebody else's: there it stays, and on this machine with it. */
  keptIn: z.array(z.string()),
});
export type DocumentPlaces = z.output<typeof documentPlaces>;

export const libraryContract = {
  operations: {
    /** `erased`: those on which annotations are left. */
    list: { input: nothing, output: z.object({ works: z.array(workSummary), erased: z.array(erasedDocument) }) },
    importFiles: {
      input: z.object({ grants: z.array(grant).min(1) }),
      output: z.object({ results: z.array(importResult) }),
    },
    /** Fails with `not-found`, `original-missing` and `document-erased`. */
    open: { input: z.object({ document: documentId }), output: documentView },
    /** Fails with `not-found`. */
    places: { input: z.object({ document: documentId }), output: documentPlaces },
    /** Takes a document off the shelf; its annotations stay in the log, and importing the file again shows them. */
    remove: { input: z.object({ document: documentId }), output: nothing },
    /** Undoes `remove`. */
    restore: { input: z.object({ document: documentId }), output: nothing },
    rememberPosition: { input: z.object({ document: documentId, position: z.string() }), output: nothing },
    /** Finds units by a typed label, in one document or over the shelf: `tunis 35a`, `11 bis`, `35(a)`. */
    findLabel: {
      input: z.object({
        query: z.string(),
        document: documentId.optional(),
        limit: z.number().int().positive().default(20),
      }),
      output: z.object({
        hits: z.array(
          z.object({
            document: documentId,
            title: z.string(),
            language: z.string(),
            unit: unitId,
            label: z.string(),
            text: z.string(),
          }),
        ),
      }),
    },
  },
  events: { shelfChanged: nothing, documentsGone: z.object({ documents: z.array(documentId) }) },
} as const;
