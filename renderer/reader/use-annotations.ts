/** A document's annotations, kept in step with the services. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { AnnotationView } from '../../shared/contract/annotations.ts';
import type { DocumentId, RecordId, UnitId } from '../../shared/ids.ts';
import { useClient } from '../app/client.ts';
import { useLoaded } from '../app/use-loaded.ts';
import type { MarkSpan } from './segments.ts';

export interface Annotations {
  readonly all: readonly AnnotationView[];
  /** Whether they have come: before that there may be more. */
  readonly loaded: boolean;
  readonly error: unknown;
  /** Shows a result at once; the event that follows brings the same. */
  readonly put: (annotation: AnnotationView) => void;
  /**
   * Shows an annotation before the services have it, so that what is typed next goes into its card and not to the
   * commands. `made` replaces it; when that fails it is taken away again and the failure is thrown on.
   */
  readonly putEarly: (early: AnnotationView, made: Promise<AnnotationView>) => Promise<AnnotationView>;
}

/** Annotations shown before the services had them: by both ids, what they became. */
const early = new Map<RecordId, { readonly key: RecordId; readonly made: Promise<AnnotationView> }>();

/** The annotation as the services made it, once they have. One that has its real id is newer than that and stays. */
export function madeOf(annotation: AnnotationView): Promise<AnnotationView> {
  const entry = early.get(annotation.id);
  return entry && entry.key === annotation.id ? entry.made : Promise.resolve(annotation);
}

/** Whether two ids are one annotation, of which one may be from before it had its real id. */
export function isSameAnnotation(a: RecordId | null, b: RecordId): boolean {
  return a === b || (a !== null && early.has(a) && early.get(a) === early.get(b));
}

/** Stays the same when an early annotation gets its real id, so that its card keeps the keyboard. */
export function cardKey(annotation: AnnotationView): RecordId {
  return early.get(annotation.id)?.key ?? annotation.id;
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
  const [unmade, setUnmade] = useState<readonly AnnotationView[]>([]);
  // Read by events and results that arrive between two drawings.
  const latest = useRef(data);
  latest.current = data;
  const apply = useCallback(
    (changed: readonly AnnotationView[]) => {
      const next = merge(latest.current ?? [], changed);
      latest.current = next;
      set(next);
    },
    [set],
  );
  const pending = useRef(0);
  const waiting = useRef<AnnotationView[]>([]);
  useEffect(
    () =>
      client.annotations.on('changed', (news) => {
        if (news.document !== document || latest.current === null) return;
        // The event of one that is being made comes before its result; it would stand twice until then.
        if (pending.current > 0) waiting.current.push(...news.annotations);
        else apply(news.annotations);
      }),
    [client, document, apply],
  );
  const putEarly = useCallback(
    async (shown: AnnotationView, making: Promise<AnnotationView>) => {
      const entry = { key: shown.id, made: making };
      early.set(shown.id, entry);
      pending.current += 1;
      setUnmade((before) => [...before, shown]);
      try {
        const made = await making;
        early.set(made.id, entry);
        return made;
      } finally {
        pending.current -= 1;
        const made = await making.catch(() => null);
        setUnmade((before) => before.filter((one) => one !== shown));
        apply([...(made ? [made] : []), ...(pending.current === 0 ? waiting.current.splice(0) : [])]);
      }
    },
    [apply],
  );
  const all = useMemo(() => [...(data ?? []), ...unmade], [data, unmade]);
  return {
    all,
    loaded: data !== null,
    error,
    put: useCallback((annotation) => apply([annotation]), [apply]),
    putEarly,
  };
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
