/** From the record of an annotation to what the page shows of it. */
import { resolveAnchor } from '../../../shared/anchoring/resolve.ts';
import type { Anchor } from '../../../shared/anchoring/anchor.ts';
import type { AnchorText } from '../../../shared/anchoring/anchor-text.ts';
import type { AnnotationKind, AnnotationView, Placement } from '../../../shared/contract/annotations.ts';
import { annotationKinds } from '../../../shared/contract/annotations.ts';
import type { DocumentId, Json, RecordId, VersionId } from '../../../shared/ids.ts';
import type { FieldState, RecordState } from '../../../shared/records/fold.ts';
import { removalOver } from '../../../shared/records/writer.ts';
import type { Circle } from '../circles/circle.ts';

/** Fields whose several values a person must settle; `anchor` and `document` are written once. */
const settledFields = ['kind', 'body', 'tags', 'actionLines', 'sdgs', 'resolved'] as const;
const placeLength = 40;

const headsOf = (state: FieldState | undefined): VersionId[] => state?.heads.map(({ id }) => id) ?? [];
const valueOf = (record: RecordState, field: string): Json | undefined =>
  record.fields.get(field)?.values[0]?.value ?? undefined;
const listOf = (record: RecordState, field: string): string[] => {
  const value = valueOf(record, field);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
};

export function documentOf(record: RecordState): DocumentId | null {
  const value = valueOf(record, 'document');
  return typeof value === 'string' ? (value as DocumentId) : null;
}

export function annotationOf(record: RecordState): RecordId | null {
  const value = valueOf(record, 'annotation');
  return typeof value === 'string' ? (value as RecordId) : null;
}

export function anchorOf(record: RecordState): Anchor | null {
  return (valueOf(record, 'anchor') as Anchor | undefined) ?? null;
}

function createdAt(record: RecordState): string {
  const times = [...record.fields.values()].flatMap((field) =>
    field.values.flatMap((value) => value.versions.map(({ at }) => at)),
  );
  return new Date(Math.min(...times, Number.MAX_SAFE_INTEGER)).toISOString();
}

/** `text` null: the document is not on this machine (yet), so that nothing can be placed. */
function place(anchor: Anchor, text: AnchorText | null): Placement {
  if (!text) return { class: 'orphan', unit: null, whole: anchor.whole, spans: [], offered: [] };
  const found = resolveAnchor(text, anchor);
  return {
    class: found.class,
    unit: found.spans[0]?.unit ?? null,
    whole: anchor.whole,
    spans: [...found.spans],
    offered: found.offered.map(({ span, score }) => ({ ...span, score })),
  };
}

/** Null when the record lacks what makes it an annotation (its first change has not arrived). */
export function annotationView(circle: Circle, record: RecordState, text: AnchorText | null): AnnotationView | null {
  const anchor = anchorOf(record);
  const document = documentOf(record);
  if (!anchor || !document) return null;
  const { fold } = circle;
  const kind = valueOf(record, 'kind');
  const body = record.fields.get('body');
  const replies = fold
    .children('reply', record.id)
    .map((reply) => ({
      id: reply.id,
      author: circle.authorOf(reply.creator),
      at: createdAt(reply),
      body: String(valueOf(reply, 'body') ?? ''),
      heads: { body: headsOf(reply.fields.get('body')), removal: removalOver(fold, reply.id) },
      edited: fold.history(reply.id, 'body').length > 1,
      mayEdit: fold.mayWrite(circle.replica, reply.id, 'reply', 'body'),
    }))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : 1));
  const conflicts = settledFields.flatMap((field) => {
    const state = record.fields.get(field);
    if (!state?.conflict) return [];
    const versions = state.values.map(({ value, versions: same }) => ({
      value: Array.isArray(value) ? value.join(', ') : String(value),
      author: circle.authorOf(same[0]!.replica),
      at: new Date(same[0]!.at).toISOString(),
      heads: same.map(({ id }) => id),
    }));
    return [{ field, versions }];
  });
  const placement = place(anchor, text);
  return {
    id: record.id,
    circle: circle.id,
    circleName: circle.name(),
    document,
    author: circle.authorOf(record.creator),
    at: createdAt(record),
    edited: body !== undefined && fold.history(record.id, 'body').length > 1,
    kind: annotationKinds.includes(kind as AnnotationKind) ? (kind as AnnotationKind) : 'note',
    body: String(valueOf(record, 'body') ?? ''),
    tags: listOf(record, 'tags'),
    actionLines: listOf(record, 'actionLines'),
    sdgs: listOf(record, 'sdgs'),
    resolved: valueOf(record, 'resolved') === true,
    removed: record.removed,
    removalContested: record.removalContested,
    anchor,
    placement,
    place: anchor.label || anchor.quote.slice(0, placeLength),
    replies,
    conflicts,
    heads: Object.fromEntries([...record.fields].map(([name, state]) => [name, headsOf(state)])),
    allHeads: removalOver(fold, record.id),
    mayEdit: fold.mayWrite(circle.replica, record.id, 'annotation', 'body'),
  };
}
