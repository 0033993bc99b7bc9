/**
 * The shelf of outcome documents. `library/` keeps originals and their readings; what a file means is `import/` and
 * `shared/document`, what is said about it is `annotations/`.
 *
 * An original lies once, as a blob; each circle in which a document is annotated holds a `document` record that names it,
 * so that partners get the original with the annotations.
 */
import type { DocumentPlaces, DocumentSummary } from '../../../shared/contract/library.ts';
import type { EventSink } from '../../../shared/contract/contract.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { countNumberedParagraphs, type OutcomeDocument } from '../../../shared/document/outcome-document.ts';
import type { DocumentId, Json } from '../../../shared/ids.ts';
import { overHeads, removalOver } from '../../../shared/records/writer.ts';
import { countWords } from '../../../shared/drafting/count-words.ts';
import type { Circle, Circles, IntendedOp } from '../circles/circle.ts';
import type { Importer } from '../import/importer.ts';
import { createDocumentCache } from './document-cache.ts';
import { erasedDocuments, type ErasedDocument } from './erased-documents.ts';
import { placesOf } from './places.ts';
import { nameForOthers } from './shared-name.ts';
import { documentRecord, readShelf, type ShelfEntry } from './shelf.ts';

/** Facts about a reading that lists show; rebuildable, so they live in the catalogue and not in the log. */
export interface DocumentFacts {
  readonly importerVersion: number;
  readonly format: OutcomeDocument['format'];
  readonly direction: 'ltr' | 'rtl';
  readonly units: number;
  readonly numberedParagraphs: number;
  readonly footnotes: number;
  readonly words: number;
  readonly warnings: number;
}

/** The catalogue, as the library uses it. */
export interface LibraryCatalogue {
  facts(id: DocumentId): DocumentFacts | undefined;
  keepFacts(id: DocumentId, facts: DocumentFacts): void;
  position(id: DocumentId): string;
  keepPosition(id: DocumentId, position: string): void;
  isSample(id: DocumentId): boolean;
  markSample(id: DocumentId): void;
  /** Drops all that is known of a document. */
  forget(id: DocumentId): void;
}

export interface Library {
  /** The reading of a document that is on this machine, or null. */
  getDocument(id: DocumentId): Promise<OutcomeDocument | null>;
  entry(id: DocumentId): ShelfEntry | undefined;
  /** Not hidden, in the order in which they came. */
  entries(): ShelfEntry[];
  summary(entry: ShelfEntry): DocumentSummary;
  /** Reads and keeps a file. Fails with the importer's errors; nothing is kept then. */
  importBytes(
    source: { readonly fileName: string; readonly bytes: Uint8Array },
    options?: { readonly signal?: AbortSignal; readonly sample?: boolean },
  ): Promise<{ readonly document: OutcomeDocument; readonly summary: DocumentSummary; readonly known: boolean }>;
  hide(id: DocumentId): Promise<void>;
  show(id: DocumentId): Promise<void>;
  /** Makes sure that a circle knows the document and has its original, before something there refers to it. */
  ensureIn(circle: Circle, id: DocumentId): Promise<void>;
  /** Reads what came through circles and has no facts yet. Documents newly read are given to `onRead`. */
  catchUp(): Promise<void>;
  onRead(listener: (document: OutcomeDocument) => void): void;
  /** Documents that are nowhere any more: whoever keeps something of their texts lets go of it. */
  onGone(listener: (documents: readonly DocumentId[]) => void): void;
  /** Erased ones on which annotations are left. */
  erased(): ErasedDocument[];
  places(id: DocumentId): DocumentPlaces;
  /** Documents came, went, or can be read now. */
  onShelfChanged(listener: () => void): void;
  readonly catalogue: LibraryCatalogue;
}

export function createLibrary(options: {
  readonly circles: Circles;
  readonly importer: Importer;
  readonly catalogue: LibraryCatalogue;
  readonly events: EventSink;
}): Library {
  const { circles, importer, catalogue, events } = options;
  let shelf = readShelf(circles);
  const readListeners: ((document: OutcomeDocument) => void)[] = [];
  const shelfListeners: (() => void)[] = [];
  const goneListeners: ((documents: readonly DocumentId[]) => void)[] = [];
  function announceShelf(): void {
    events.emit('library', 'shelfChanged', {});
    for (const listener of shelfListeners) listener();
  }

  circles.onChanged(({ circle: id, records }) => {
    const { fold } = circles.get(id);
    if (!records.some((record) => fold.record(record)?.type === 'document')) return;
    const before = [...shelf.keys()];
    shelf = readShelf(circles);
    const gone = before.filter((document) => !shelf.has(document));
    if (gone.length > 0) announceGone(gone);
    announceShelf();
  });

  function announceGone(documents: readonly DocumentId[]): void {
    for (const document of documents) {
      cache.drop(document);
      catalogue.forget(document);
    }
    for (const listener of goneListeners) listener(documents);
    events.emit('library', 'documentsGone', { documents: [...documents] });
  }

  async function originalOf(entry: ShelfEntry): Promise<Uint8Array | null> {
    for (const circle of entry.circles) {
      const bytes = await circle.blobs.get(entry.blob);
      if (bytes) return bytes;
    }
    return null;
  }

  const cache = createDocumentCache(async (id) => {
    const entry = shelf.get(id);
    const bytes = entry ? await originalOf(entry) : null;
    if (!entry || !bytes) return null;
    const document = await importer.read({ fileName: entry.fileName, bytes });
    // Erased while it was read.
    if (!shelf.has(id)) return null;
    keepFacts(document);
    return document;
  });

  function keepFacts(document: OutcomeDocument): void {
    if (catalogue.facts(document.id)?.importerVersion === document.importer.version) return;
    catalogue.keepFacts(document.id, {
      importerVersion: document.importer.version,
      format: document.format,
      direction: document.direction,
      units: document.units.length,
      numberedParagraphs: countNumberedParagraphs(document.units),
      footnotes: document.units.filter((unit) => unit.kind === 'footnote').length,
      words: document.units.reduce((sum, unit) => sum + countWords(unit.text, document.language), 0),
      warnings: document.report.warnings.length,
    });
    for (const listener of readListeners) listener(document);
  }

  function summary(entry: ShelfEntry): DocumentSummary {
    const facts = catalogue.facts(entry.id);
    const annotations = circles
      .all()
      .reduce((sum, circle) => sum + circle.fold.children('annotation', entry.id).length, 0);
    return {
      id: entry.id,
      title: entry.title,
      symbol: entry.symbol,
      language: entry.language,
      fileName: entry.fileName,
      workKey: entry.workKey,
      format: facts?.format ?? 'text',
      direction: facts?.direction ?? (entry.language === 'ar' ? 'rtl' : 'ltr'),
      units: facts?.units ?? 0,
      numberedParagraphs: facts?.numberedParagraphs ?? 0,
      footnotes: facts?.footnotes ?? 0,
      words: facts?.words ?? 0,
      warnings: facts?.warnings ?? 0,
      annotations,
      importedAt: new Date(entry.importedAt).toISOString(),
      origin: catalogue.isSample(entry.id) ? 'sample' : entry.own ? 'own' : 'partner',
      missing: facts === undefined,
    };
  }

  /** The ops that make or complete a circle's record of a document. */
  async function record(circle: Circle, facts: Readonly<Record<string, Json>>, id: DocumentId): Promise<void> {
    const known = documentRecord(circle, id);
    const target = known ?? circle.newId();
    // Of somebody else's document there may be no more than the mark that it was taken off the shelf.
    const lacksBlob = known && facts['blob'] !== undefined && circle.fold.field(known, 'blob') === null;
    const ops: IntendedOp[] = known
      ? lacksBlob
        ? [{ record: known, type: 'document', field: 'blob', over: [], value: facts['blob']! }]
        : []
      : Object.entries(facts).map(([field, value]) => ({ record: target, type: 'document', field, over: [], value }));
    if (known && circle.fold.record(known)?.removed)
      ops.push({
        record: known,
        type: 'document',
        field: 'removed',
        over: overHeads(circle.fold, known, 'removed'),
        value: null,
      });
    if (ops.length > 0) await circle.write(ops);
  }

  const factsOf = (entry: ShelfEntry): Record<string, Json> => ({
    document: entry.id,
    title: entry.title,
    symbol: entry.symbol,
    language: entry.language,
    fileName: entry.fileName,
    workKey: entry.workKey,
    blob: entry.blob,
  });

  const isOnShelf = (id: DocumentId): boolean => shelf.get(id)?.hidden === false;

  /** Until the record stood, an erasure that came in that moment was right to remove it. */
  async function keepOriginal(circle: Circle, blob: string, bytes: Uint8Array): Promise<void> {
    if (!(await circle.blobs.has(blob))) await circle.blobs.put(bytes);
  }

  function entryOrFail(id: DocumentId): ShelfEntry {
    const entry = shelf.get(id);
    if (!entry) throw new WorkbenchError('not-found', 'This document is not on the shelf. Import its file again.');
    return entry;
  }

  return {
    catalogue,
    getDocument: (id) => cache.get(id),
    entry: (id) => shelf.get(id),
    entries: () => [...shelf.values()].filter((entry) => !entry.hidden),
    summary,
    async importBytes(source, { signal, sample = false } = {}) {
      const document = await importer.read(source, signal);
      const personal = circles.personal();
      const before = shelf.get(document.id);
      const known = before !== undefined && !before.hidden && (await originalOf(before)) !== null;
      // What a person imports is theirs, whoever else has brought it into a circle before and may erase it there.
      if (!known || !before.own) {
        const blob = await personal.blobs.put(source.bytes);
        cache.put(document);
        keepFacts(document);
        if (sample) catalogue.markSample(document.id);
        await record(
          personal,
          {
            document: document.id,
            title: document.title,
            symbol: document.symbol,
            language: document.language,
            fileName: document.fileName,
            workKey: document.workKey,
            blob,
          },
          document.id,
        );
        await keepOriginal(personal, blob, source.bytes);
      }
      return { document, summary: summary(entryOrFail(document.id)), known };
    },
    async hide(id) {
      const entry = entryOrFail(id);
      const personal = circles.personal();
      // A document that came through a circle gets a personal record, which can then be removed.
      // No reason to keep the original here when its owner erases it: so without `blob`.
      if (!documentRecord(personal, id)) await record(personal, withoutBlob(factsOf(entry)), id);
      const own = documentRecord(personal, id)!;
      await personal.write([
        { record: own, type: 'document', field: 'removed', over: removalOver(personal.fold, own), value: true },
      ]);
    },
    async show(id) {
      await record(circles.personal(), withoutBlob(factsOf(entryOrFail(id))), id);
    },
    async ensureIn(circle, id) {
      if (documentRecord(circle, id)) return;
      const entry = entryOrFail(id);
      const bytes = await originalOf(entry);
      if (bytes && !(await circle.blobs.has(entry.blob))) await circle.blobs.put(bytes);
      const names = circle.personal ? {} : nameForOthers(entry, await cache.get(id));
      await record(circle, { ...factsOf(entry), ...names }, id);
      if (bytes) await keepOriginal(circle, entry.blob, bytes);
    },
    erased: () => erasedDocuments(circles, isOnShelf),
    places: (id) => placesOf(circles, id),
    onGone: (listener) => void goneListeners.push(listener),
    async catchUp() {
      for (const entry of [...shelf.values()])
        if (!entry.hidden && catalogue.facts(entry.id) === undefined && (await cache.get(entry.id)) !== null)
          announceShelf();
    },
    onRead: (listener) => void readListeners.push(listener),
    onShelfChanged: (listener) => void shelfListeners.push(listener),
  };
}

function withoutBlob(facts: Readonly<Record<string, Json>>): Record<string, Json> {
  return Object.fromEntries(Object.entries(facts).filter(([field]) => field !== 'blob'));
}
