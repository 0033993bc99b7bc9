/** A document's annotations, kept in step with the services. */
import { useEffect, useMemo } from 'react';
import type { AnnotationView } from '../../shared/contract/annotations.ts';
import type { DocumentId, UnitId } from '../../shared/ids.ts';
import { useClient } from '../app/client.ts';
import { useLoaded } from '../app/use-loaded.ts';
import type { MarkSpan } from './segments.ts';

export interface Annotations {
  readonly all: readonly AnnotationView[];
  readonly error: unknown;
  /** Shows a result at once; the event that follows brings the same. */
  readonly put: (annotation: AnnotationView) => void;
}

/** Replaces what is newer; an annotation that was removed leaves. */
function merge(before: readonly AnnotationView[], changed: readonly AnnotationView[]): AnnotationView[] {
  const byId = new Map(changed.map((annotation) => [annotation.id, annotation]));
  const kept = before.flatMap((annotation) => {
    const next = byId.get(annotation.id);
    byId.delete(annotation.id);
    if (!next) return [annotation];
    return next.removed ? [] : [next];
  });
  return [...kept, ...[...byId.values()].filter((annotation) => !annotation.removed)];
}

export function useAnnotations(document: DocumentId): Annotations {
  const client = useClient();
  const { data, error, set } = useLoaded(
    async (service) => (await service.annotations.list({ document })).annotations,
    [document],
  );
  const all = useMemo(() => data ?? [], [data]);
  useEffect(
    () =>
      client.annotations.on('changed', (news) => {
        if (news.document === document && data !== null) set(merge(data, news.annotations));
      }),
    [client, document, data, set],
  );
  return { all, error, put: (annotation) => set(merge(all, [annotation])) };
}

/** The marks of each unit. Units without any are not in the map, so that their component is not drawn again. */
export function marksByUnit(annotations: readonly AnnotationView[]): Map<UnitId, MarkSpan[]> {
  const marks = new Map<UnitId, MarkSpan[]>();
  for (const { id, kind, placement, resolved } of annotations) {
    if (placement.whole) continue;
    for (const span of placement.spans) {
      const list = marks.get(span.unit) ?? [];
      list.push({ annotation: id, kind, start: span.start, end: span.end, resolved });
      marks.set(span.unit, list);
    }
  }
  return marks;
}

/** Annotations of each unit, by the first unit they touch; those that could not be placed under null. */
export function annotationsByUnit(annotations: readonly AnnotationView[]): Map<UnitId | null, AnnotationView[]> {
  const groups = new Map<UnitId | null, AnnotationView[]>();
  for (const annotation of annotations) {
    const unit = annotation.placement.unit;
    groups.set(unit, [...(groups.get(unit) ?? []), annotation]);
  }
  return groups;
}
