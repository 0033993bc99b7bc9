/** Keeps the index in step with the shelf and the circles, and answers the `search` service. */
import type { Services } from '../../../shared/contract/contract.ts';
import type { OutcomeDocument } from '../../../shared/document/outcome-document.ts';
import { plainText, type InlineContent } from '../../../shared/drafting/inline.ts';
import type { DocumentId, Json, RecordId } from '../../../shared/ids.ts';
import type { RecordState } from '../../../shared/records/fold.ts';
import type { Circle, Circles } from '../circles/circle.ts';
import type { Library } from '../library/library.ts';
import type { IndexedText, SearchIndex } from './search-index.ts';

export interface Search {
  readonly service: Services['search'];
  /** Resolves when everything known is in the index. */
  settled(): Promise<void>;
  close(): void;
}

const text = (record: RecordState, field: string): string => {
  const value = record.fields.get(field)?.values[0]?.value;
  return typeof value === 'string' ? value : '';
};

/** All values of a field, so that an unsettled version is found too. */
function values(record: RecordState, field: string): Json[] {
  return record.fields.get(field)?.values.map(({ value }) => value) ?? [];
}

const contentOf = (value: Json): string => {
  const content = (value as { content?: InlineContent } | null)?.content ?? value;
  return Array.isArray(content) ? plainText(content as InlineContent) : '';
};

/** Under this name stands which erasures are gone from the file. */
const purgedOwner = 'erased';

/** `schedule` runs a task soon, off the current one (setImmediate in the program, at once in tests that wish it). */
export function createSearch(options: {
  readonly index: SearchIndex;
  readonly library: Library;
  readonly circles: Circles;
  readonly schedule: (task: () => void) => void;
  /** A document that could not be read again, an index that could not be written: search goes on without it. */
  readonly onTrouble: (error: unknown) => void;
}): Search {
  const { index, library, circles } = options;
  let work: Promise<void> = Promise.resolve();
  let closed = false;
  const waiting = new Map<RecordId, Circle>();

  function later(task: () => void | Promise<void>): void {
    work = work.then(
      () =>
        new Promise<void>((resolve) => {
          options.schedule(() => {
            Promise.resolve()
              .then(() => (closed ? undefined : task()))
              .catch((error: unknown) => options.onTrouble(error))
              .finally(resolve);
          });
        }),
    );
  }

  function indexDocument(document: OutcomeDocument): void {
    const version = `${document.importer.name} ${document.importer.version}`;
    if (index.version(document.id) === version) return;
    index.replace(
      [document.id],
      document.units.map((unit): IndexedText => ({
        kind: 'unit',
        owner: document.id,
        document: document.id,
        draft: null,
        unit: unit.id,
        record: null,
        language: document.language,
        label: unit.label,
        text: unit.text,
      })),
    );
    index.mark(document.id, version);
  }

  function textsOf(circle: Circle, record: RecordState): IndexedText[] {
    if (record.removed) return [];
    if (record.type === 'annotation' || record.type === 'reply') {
      const annotation = record.type === 'reply' ? circle.fold.record(text(record, 'annotation') as RecordId) : record;
      if (!annotation || annotation.removed) return [];
      const anchor = annotation.fields.get('anchor')?.values[0]?.value as { label?: string } | undefined;
      const tags = values(annotation, 'tags').flat().join(' ');
      return [
        {
          kind: 'annotation',
          owner: record.id,
          document: text(annotation, 'document') as DocumentId,
          draft: null,
          unit: null,
          record: annotation.id,
          language: 'und',
          label: anchor?.label ?? '',
          text: [...values(record, 'body'), ...(record.type === 'annotation' ? [tags] : [])].join('\n'),
        },
      ];
    }
    if (record.type !== 'block' && record.type !== 'footnote') return [];
    const draft = circle.fold.record(text(record, 'draft') as RecordId);
    if (!draft || draft.removed) return [];
    const contents = [...record.fields.values()]
      .filter((field) => field.name === 'text' || field.name.startsWith('cell:'))
      .flatMap((field) => field.values.map(({ value }) => contentOf(value)));
    return [
      {
        kind: 'block',
        owner: record.id,
        document: null,
        draft: draft.id,
        unit: null,
        record: record.id,
        language: text(draft, 'language') || 'und',
        label: '',
        text: contents.join('\n'),
      },
    ];
  }

  /** Records that went with a parent are indexed again with it. */
  function withChildren(circle: Circle, id: RecordId): RecordId[] {
    const type = circle.fold.record(id)?.type;
    if (type === 'draft')
      return [id, ...['block', 'footnote'].flatMap((kind) => circle.fold.children(kind, id).map((child) => child.id))];
    if (type === 'annotation') return [id, ...circle.fold.children('reply', id).map((child) => child.id)];
    return [id];
  }

  function indexWaiting(): void {
    if (waiting.size === 0) return;
    const owners = new Map<RecordId, Circle>();
    for (const [id, circle] of waiting) for (const owner of withChildren(circle, id)) owners.set(owner, circle);
    waiting.clear();
    const texts = [...owners].flatMap(([id, circle]) => {
      const record = circle.fold.record(id);
      return record ? textsOf(circle, record) : [];
    });
    index.replace([...owners.keys()], texts);
  }

  /** What owners had erased goes from the file too. Where that was cut, or the disk had no room, the next opening does it. */
  function purgeErased(documents: readonly DocumentId[] = []): void {
    const gone = documents.filter((document) => library.entry(document) === undefined);
    if (gone.length > 0) index.replace(gone, []);
    for (const document of gone) index.unmark(document);
    const taken = circles.all().map(({ id, fold }) => `${id} ${fold.erasures().flatMap((each) => each.taken).length}`);
    const state = taken.filter((each) => !each.endsWith(' 0')).join();
    if (gone.length === 0 && state === (index.version(purgedOwner) ?? '')) return;
    index.purge();
    index.mark(purgedOwner, state);
  }

  const stopListening = circles.onChanged(({ circle: id, records, origin, erased }) => {
    const circle = circles.get(id);
    for (const record of records) waiting.set(record, circle);
    later(indexWaiting);
    if (erased === true) later(() => purgeErased());
    if (origin === 'partner') later(() => library.catchUp());
  });
  library.onGone((documents) => later(() => purgeErased(documents)));
  library.onRead((document) => later(() => indexDocument(document)));

  later(() => {
    index.dropRecords();
    for (const circle of circles.all())
      for (const type of ['annotation', 'reply', 'block', 'footnote'])
        for (const record of circle.fold.recordsOfType(type)) waiting.set(record.id, circle);
    indexWaiting();
    purgeErased(index.documents());
  });
  later(async () => {
    for (const entry of library.entries()) {
      if (index.version(entry.id) !== undefined && library.catalogue.facts(entry.id) !== undefined) continue;
      const document = await library.getDocument(entry.id);
      if (document) indexDocument(document);
    }
  });

  return {
    settled: async () => {
      let before;
      do {
        before = work;
        await before;
      } while (before !== work);
    },
    close() {
      closed = true;
      stopListening();
      index.close();
    },
    service: {
      async query({ words, document, kinds, limit }) {
        await work;
        const { hits, total } = index.query({
          words,
          limit,
          ...(document ? { document } : {}),
          ...(kinds ? { kinds } : {}),
        });
        const shown = hits.flatMap((hit) => {
          if (hit.draft) {
            const circle = circles.holding(hit.draft);
            const draft = circle?.fold.record(hit.draft);
            return draft ? [{ ...hit, title: text(draft, 'title') }] : [];
          }
          const entry = hit.document ? library.entry(hit.document) : undefined;
          if (entry && !entry.hidden) return [{ ...hit, title: entry.title || entry.fileName }];
          // What somebody wrote on a document that its owner has erased; it has no title any more.
          const isLeft = hit.kind === 'annotation' && library.erased().some(({ document: id }) => id === hit.document);
          return isLeft ? [{ ...hit, title: '' }] : [];
        });
        return { hits: shown, total: total - (hits.length - shown.length) };
      },
    },
  };
}
