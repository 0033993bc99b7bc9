/**
 * The `annotations` service. `annotations/` turns what a person marks into records and back; where the words are is
 * `shared/anchoring`, who may write what is decided by the fold.
 */
import { createAnchorText, type AnchorText } from '../../../shared/anchoring/anchor-text.ts';
import { describeSelection } from '../../../shared/anchoring/describe.ts';
import type { AnnotationView } from '../../../shared/contract/annotations.ts';
import type { EventSink, Services } from '../../../shared/contract/contract.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { CircleId, DocumentId, Json, RecordId, VersionId } from '../../../shared/ids.ts';
import type { RecordState } from '../../../shared/records/fold.ts';
import { overHeads } from '../../../shared/records/writer.ts';
import type { Circle, Circles, IntendedOp } from '../circles/circle.ts';
import type { Grants } from '../files/grants.ts';
import type { Library } from '../library/library.ts';
import { annotationOf, annotationView, documentOf } from './annotation-view.ts';
import { webAnnotations } from './web-annotations.ts';

export interface AnnotationsOptions {
  readonly circles: Circles;
  readonly library: Library;
  readonly grants: Grants;
  readonly events: EventSink;
  /** Where a new annotation goes when none is named. */
  readonly defaultCircle: () => CircleId | null;
}

export function createAnnotationsService(options: AnnotationsOptions): Services['annotations'] & { close(): void } {
  const { circles, library, grants, events } = options;
  /** Kept for the documents last shown: resolving a thousand anchors needs their normal form once. */
  const texts = new Map<DocumentId, AnchorText>();

  library.onGone((documents) => documents.forEach((document) => texts.delete(document)));

  async function textOf(id: DocumentId): Promise<AnchorText | null> {
    const document = await library.getDocument(id);
    if (!document) return null;
    const known = texts.get(id);
    if (known && known.document.importer.version === document.importer.version) return known;
    const made = createAnchorText(document);
    texts.set(id, made);
    for (const oldest of texts.keys()) {
      if (texts.size <= 8) break;
      texts.delete(oldest);
    }
    return made;
  }

  function find(id: RecordId, type: 'annotation' | 'reply'): { circle: Circle; record: RecordState } {
    const circle = circles.holding(id);
    const record = circle?.fold.record(id);
    if (!circle || !record || record.type !== type)
      throw new WorkbenchError('not-found', `This ${type === 'reply' ? 'reply' : 'annotation'} is not here.`);
    return { circle, record };
  }

  async function view(id: RecordId): Promise<AnnotationView> {
    const { circle, record } = find(id, 'annotation');
    const document = documentOf(record);
    const made = annotationView(circle, record, document ? await textOf(document) : null);
    if (!made) throw new WorkbenchError('not-found', 'This annotation has not arrived whole yet. Exchange again.');
    return made;
  }

  async function list(document: DocumentId, includeRemoved: boolean): Promise<AnnotationView[]> {
    const text = await textOf(document);
    const order = new Map(text?.units.map(({ unit }, index) => [unit.id, index]));
    const views = circles
      .all()
      .flatMap((circle) =>
        circle.fold
          .children('annotation', document, { withRemoved: includeRemoved })
          .map((record) => annotationView(circle, record, text)),
      )
      .filter((made) => made !== null);
    const rank = (made: AnnotationView): number =>
      made.placement.unit ? (order.get(made.placement.unit) ?? Infinity) : Infinity;
    return views.sort(
      (a, b) =>
        rank(a) - rank(b) ||
        (a.placement.spans[0]?.start ?? 0) - (b.placement.spans[0]?.start ?? 0) ||
        (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : 1),
    );
  }

  const stopListening = circles.onChanged(({ circle: id, records }) => {
    const circle = circles.get(id);
    const touched = new Map<DocumentId, Set<RecordId>>();
    for (const changed of records) {
      let record = circle.fold.record(changed);
      if (record?.type === 'reply') record = circle.fold.record(annotationOf(record) ?? changed);
      if (record?.type !== 'annotation') continue;
      const document = documentOf(record);
      if (document) touched.set(document, (touched.get(document) ?? new Set()).add(record.id));
    }
    for (const [document, ids] of touched)
      void textOf(document).then((text) => {
        const annotations = [...ids].flatMap((annotation) => {
          const record = circle.fold.record(annotation);
          const made = record ? annotationView(circle, record, text) : null;
          return made ? [made] : [];
        });
        events.emit('annotations', 'changed', { document, annotations });
      });
  });

  async function setFields(
    id: RecordId,
    fields: Readonly<Record<string, Json>>,
    heads: Readonly<Record<string, readonly VersionId[]>>,
  ) {
    const { circle } = find(id, 'annotation');
    const ops = Object.entries(fields).map(([field, value]): IntendedOp => ({
      record: id,
      type: 'annotation',
      field,
      over: heads[field] ?? [],
      value,
    }));
    if (ops.length > 0) await circle.write(ops);
    return view(id);
  }

  async function setRemoved(
    id: RecordId,
    type: 'annotation' | 'reply',
    over: readonly VersionId[] | null,
  ): Promise<RecordState> {
    const { circle, record } = find(id, type);
    await circle.write([
      {
        record: id,
        type,
        field: 'removed',
        over: over ?? overHeads(circle.fold, id, 'removed'),
        value: over ? true : null,
      },
    ]);
    return record;
  }

  async function annotate(
    circle: Circle,
    document: DocumentId,
    fields: Readonly<Record<string, Json>>,
  ): Promise<RecordId> {
    await library.ensureIn(circle, document);
    const id = circle.newId();
    await circle.write(
      Object.entries({ document, ...fields }).map(([field, value]) => ({
        record: id,
        type: 'annotation',
        field,
        over: [],
        value,
      })),
    );
    return id;
  }

  return {
    close: stopListening,
    list: async ({ document, includeRemoved }) => ({ annotations: await list(document, includeRemoved) }),
    async create(input) {
      const text = await textOf(input.document);
      if (!text) throw new WorkbenchError('not-found', 'The file of this document is not on this machine yet.');
      const selection =
        input.from && input.to ? { from: input.from, to: input.to } : ({ unit: input.unit, whole: true } as const);
      const anchor = describeSelection(text, selection);
      if (!anchor)
        throw new WorkbenchError('invalid-input', 'No words are selected. Select some words, or a whole paragraph.');
      const id = input.circle ?? options.defaultCircle();
      const circle = id ? circles.get(id) : circles.personal();
      return view(
        await annotate(circle, input.document, {
          anchor: anchor as unknown as Json,
          kind: input.kind,
          body: input.body ?? '',
          tags: input.tags ?? [],
          actionLines: input.actionLines ?? [],
          sdgs: input.sdgs ?? [],
        }),
      );
    },
    edit: ({ annotation, fields, heads }) =>
      setFields(annotation, JSON.parse(JSON.stringify(fields)) as Record<string, Json>, heads),
    resolve: ({ annotation, resolved, heads }) => setFields(annotation, { resolved }, { resolved: heads }),
    async remove({ annotation, allHeads }) {
      await setRemoved(annotation, 'annotation', allHeads);
      return view(annotation);
    },
    async restore({ annotation }) {
      await setRemoved(annotation, 'annotation', null);
      return view(annotation);
    },
    async reply({ annotation, body }) {
      const { circle } = find(annotation, 'annotation');
      const reply = circle.newId();
      await circle.write([
        { record: reply, type: 'reply', field: 'annotation', over: [], value: annotation },
        { record: reply, type: 'reply', field: 'body', over: [], value: body },
      ]);
      return view(annotation);
    },
    async editReply({ reply, body, heads }) {
      const { circle, record } = find(reply, 'reply');
      await circle.write([{ record: reply, type: 'reply', field: 'body', over: heads, value: body }]);
      return view(annotationOf(record)!);
    },
    removeReply: async ({ reply, allHeads }) => view(annotationOf(await setRemoved(reply, 'reply', allHeads))!),
    restoreReply: async ({ reply }) => view(annotationOf(await setRemoved(reply, 'reply', null))!),
    async widen({ annotation, circle: to }) {
      const { circle, record } = find(annotation, 'annotation');
      const target = circles.get(to);
      if (target === circle)
        throw new WorkbenchError('invalid-state', `This annotation is in ${target.name()} already.`);
      const shown = await view(annotation);
      const copy = await annotate(target, shown.document, {
        anchor: shown.anchor as unknown as Json,
        kind: shown.kind,
        body: shown.body,
        tags: shown.tags,
        actionLines: shown.actionLines,
        sdgs: shown.sdgs,
      });
      // Only the narrower circle keeps the link; the wider one learns nothing of where the text came from.
      await circle.write([
        {
          record: annotation,
          type: 'annotation',
          field: 'source',
          over: overHeads(circle.fold, record.id, 'source'),
          value: copy,
        },
      ]);
      return view(copy);
    },
    async place({ annotation, unit, start, end, heads }) {
      const { record } = find(annotation, 'annotation');
      const document = documentOf(record);
      const text = document ? await textOf(document) : null;
      const anchor = text && describeSelection(text, { from: { unit, offset: start }, to: { unit, offset: end } });
      if (!anchor) throw new WorkbenchError('invalid-input', 'These words are not in the document.');
      return setFields(annotation, { anchor: anchor as unknown as Json }, { anchor: heads });
    },
    async export({ document, circle }) {
      const entry = library.entry(document);
      const isErased = !entry && library.erased().some((each) => each.document === document);
      if (!entry && !isErased) throw new WorkbenchError('not-found', 'This document is not on the shelf.');
      const all = await list(document, false);
      const included = all.filter((made) => circle === null || made.circle === circle);
      const left = new Map<string, number>();
      for (const made of all)
        if (!included.includes(made)) left.set(made.circleName, (left.get(made.circleName) ?? 0) + 1);
      const about = entry ? library.summary(entry) : { id: document, title: '', symbol: '' };
      const content = `${JSON.stringify(webAnnotations(about, included), null, 2)}\n`;
      const base = (about.symbol || about.title || entry?.fileName || document.slice(0, 8))
        .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
        .slice(0, 60);
      const name = `${base}-annotations.jsonld`;
      return {
        file: grants.forBytes(name, new TextEncoder().encode(content), 'application/ld+json'),
        name,
        included: included.length,
        leftOut: [...left].map(([from, count]) => `${from}: ${count}`),
      };
    },
    async tags() {
      const counts = new Map<string, number>();
      for (const circle of circles.all())
        for (const record of circle.fold.recordsOfType('annotation')) {
          const tags = record.fields.get('tags')?.values[0]?.value;
          if (Array.isArray(tags)) for (const tag of tags) counts.set(String(tag), (counts.get(String(tag)) ?? 0) + 1);
        }
      return {
        tags: [...counts]
          .map(([tag, count]) => ({ tag, count }))
          .sort((a, b) => b.count - a.count || a.tag.localeCompare(b.tag)),
      };
    },
  };
}
