/** The `library` service: what the page and the command line ask of the shelf. */
import type { Services } from '../../../shared/contract/contract.ts';
import { toErrorMessage, WorkbenchError } from '../../../shared/contract/errors.ts';
import type { DocumentSummary } from '../../../shared/contract/library.ts';
import type { DocumentId } from '../../../shared/ids.ts';
import { matchesLabel, parseLabelQuery } from '../../../shared/text/labels.ts';
import type { Grants } from '../files/grants.ts';
import { containsWords, type SearchIndex } from '../search/search-index.ts';
import type { Library } from './library.ts';
import type { ShelfEntry } from './shelf.ts';

const noReport = { warnings: [], artefacts: [] };
/** Shown of a unit in lists. */
const headLength = 160;

/** `settled` waits until what was imported stands in the index. */
export function createLibraryService(options: {
  readonly library: Library;
  readonly grants: Grants;
  readonly index: SearchIndex;
  readonly settled: () => Promise<void>;
}): Services['library'] {
  const { library, grants, index, settled } = options;

  function entryOrFail(id: DocumentId): ShelfEntry {
    const entry = library.entry(id);
    const erased = entry && !entry.hidden ? undefined : library.erased().find(({ document }) => document === id);
    if (erased) {
      const message = 'This document was erased by whoever brought it in. The annotations on it are kept.';
      const { by, at, mine } = erased;
      throw new WorkbenchError('document-erased', message, {
        ...{ document: id, by, at: at ?? '', mine: mine ? 'mine' : 'other' },
      });
    }
    if (!entry || entry.hidden) throw new WorkbenchError('not-found', 'This document is not on the shelf.');
    return entry;
  }

  /** Documents of one work side by side: languages in the order of the alphabet, then by time of import. */
  function works(): { key: string; title: string; symbol: string; documents: DocumentSummary[] }[] {
    const groups = new Map<string, DocumentSummary[]>();
    for (const entry of library.entries()) {
      const key = entry.workKey || entry.id;
      groups.set(key, [...(groups.get(key) ?? []), library.summary(entry)]);
    }
    return [...groups].map(([key, documents]) => {
      documents.sort((a, b) => a.language.localeCompare(b.language) || a.importedAt.localeCompare(b.importedAt));
      const shown = documents.find((document) => document.language === 'en') ?? documents[0]!;
      return { key, title: shown.title || shown.fileName, symbol: shown.symbol, documents };
    });
  }

  return {
    list: async () => ({ works: works(), erased: library.erased().filter(({ annotations }) => annotations > 0) }),
    async importFiles({ grants: tokens }, context) {
      const controller = new AbortController();
      context.signal.addEventListener('abort', () => controller.abort());
      const results = [];
      for (const [done, token] of tokens.entries()) {
        if (context.signal.aborted) break;
        let fileName = '';
        try {
          const file = await grants.readFile(token);
          fileName = file.name;
          context.progress({ done, total: tokens.length, what: fileName });
          const { document, summary, known } = await library.importBytes(
            { fileName, bytes: file.bytes },
            { signal: controller.signal },
          );
          results.push({
            fileName,
            document: summary,
            known,
            error: null,
            report: { warnings: [...document.report.warnings], artefacts: [...document.report.artefacts] },
          });
        } catch (error) {
          const { code, message } = toErrorMessage(error);
          results.push({ fileName, document: null, known: false, error: { code, message }, report: noReport });
        }
      }
      await settled();
      return { results };
    },
    async open({ document: id }) {
      const entry = entryOrFail(id);
      const document = await library.getDocument(id);
      if (!document)
        throw new WorkbenchError(
          'original-missing',
          `${entry.title || entry.fileName} is known through a circle, but its file has not arrived yet. Exchange with the circle, or import the file.`,
          { title: entry.title || entry.fileName },
        );
      const siblings = library
        .entries()
        .filter((other) => other.id !== id && entry.workKey !== '' && other.workKey === entry.workKey)
        .map(({ id: sibling, language, title, fileName }) => ({ id: sibling, language, title, fileName }));
      return {
        summary: library.summary(entry),
        units: document.units.map((unit) => ({
          ...unit,
          styles: [...unit.styles],
          notes: [...unit.notes],
        })),
        report: { warnings: [...document.report.warnings], artefacts: [...document.report.artefacts] },
        siblings,
        readingPosition: library.catalogue.position(id),
      };
    },
    async places({ document }) {
      entryOrFail(document);
      return library.places(document);
    },
    async remove({ document }) {
      entryOrFail(document);
      await library.hide(document);
      return {};
    },
    async restore({ document }) {
      await library.show(document);
      return {};
    },
    async rememberPosition({ document, position }) {
      library.catalogue.keepPosition(document, position);
      return {};
    },
    async findLabel({ query, document, limit }) {
      await settled();
      const asked = parseLabelQuery(query);
      const entries = library
        .entries()
        .filter((entry) =>
          document
            ? entry.id === document
            : asked.document === '' ||
              containsWords(`${entry.title} ${entry.symbol} ${entry.fileName}`, asked.document),
        );
      const byId = new Map(entries.map((entry) => [entry.id, entry]));
      const hits = [];
      for (const row of index.labels(document)) {
        const entry = byId.get(row.document);
        if (!entry || asked.label === '' || !matchesLabel(asked.label, row.label)) continue;
        hits.push({
          document: row.document,
          title: entry.title || entry.fileName,
          language: row.language,
          unit: row.unit,
          label: row.label,
          text: row.text.slice(0, headLength),
        });
        if (hits.length >= limit) break;
      }
      return { hits };
    },
  };
}
